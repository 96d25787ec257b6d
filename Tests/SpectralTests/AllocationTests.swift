import AllocationCount
import Grids
import Kernels
import Spectral
import Testing

/// Periodic axes and one with walls: FFTW's own sine and cosine transforms take work space at each call.
@Test("transforms, filters and sums allocate nothing", arguments: [Grid.Topology.periodic, .bounded])
func allocations(_ y: Grid.Topology) throws {
    let grid = Grid(nx: 128, ny: 128, spacing: 1, y: y), device = Device(threads: 2), u = Field<Double>(grid)
    let transform = try Transform<Double>(grid, Boundaries(grid), device: device, effort: .estimate)
    let solver = HelmholtzSolver(transform, .finiteDifference), sums = RowSums(transform.modes), other = Field<Double>(transform.modes)
    func work() {
        for _ in 0..<20 {
            solver.solve(u, a: 1, b: 1)
            transform.forward(u, into: other)
            device.multiply(other, transform.spectrum)
            device.combine(other, other, other, other, other)
            _ = device.sumOfSquares(other, Quadratic(0, 1), solver.symbols, normalisation: 1, sums)
        }
    }
    work()
    allocation_count_reset()
    allocation_count_watch(true)
    work()
    allocation_count_watch(false)
    #expect(allocation_count() == 0)
}
