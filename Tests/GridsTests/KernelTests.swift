import Grids
import Kernels
import Testing

@Test("exp and log on packs agree with the C library", arguments: InstructionSet.allCases.filter(\.isAvailable))
func elementaryFunctions(_: InstructionSet) {
    for x in stride(from: -30.0, through: 30.0, by: 0.37) {
        let e = Double.exp(.init(repeating: x))[0]
        #expect(abs(Double.log(.init(repeating: e))[0] - x) <= 4e-15 * max(1, abs(x)))
    }
}

@Test("the largest and smallest value are found on rows of any length, and a NaN is never lost", arguments: InstructionSet.allCases.filter(\.isAvailable))
func extremes(_ set: InstructionSet) {
    let device = Device(instructionSet: set)
    for nx in [1, 7, 16, 45] {
        let grid = Grid(nx: nx, ny: 3, spacing: 1), x = Field<Double>(grid), zero = Field<Double>(grid), sums = RowSums(grid)
        x.fill(.nan)
        x.set { x, y, _ in -5 + x / 100 + y }
        #expect(device.extremes(x).map { $0 == -5 + 0.005 + 0.5 && $1 == -5 + (Double(nx) - 0.5) / 100 + 2.5 } == true)
        #expect(device.maximumDifference(x, zero, sums) == 4.495)
        for i in [0, nx / 2, nx - 1] {
            let kept = x[i, 1]
            x[i, 1] = .nan
            #expect(device.extremes(x) == nil)
            #expect(device.maximumDifference(x, zero, sums).isNaN)
            device.kernels.rowMaximum(x.cells, rowMaxima: sums.values, x.layout, 0..<3)
            #expect(sums.values[1].isNaN && sums.values[0] < 0)
            x[i, 1] = kept
        }
    }
}
