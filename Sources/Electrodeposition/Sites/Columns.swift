import Grids
import Kernels
import Spectral

/// Metal above each cell of the electrode plane, m: the integral of xi over y.
final class Columns<T: FFTReal> {
    let heights: UnsafeMutablePointer<Double>
    let count: Int

    init(_ grid: Grid) {
        count = grid.lateralCells
        heights = .allocate(capacity: count)
        heights.initialize(repeating: 0, count: count)
    }

    deinit { heights.deallocate() }

    func measure(_ xi: Field<T>) {
        let grid = xi.grid
        for k in 0..<grid.nz {
            let plane = heights + k * grid.nx
            for i in 0..<grid.nx { plane[i] = 0 }
            for j in 0..<grid.ny { Columns.add(UnsafePointer(xi.row(j + grid.ny * k)), to: plane, grid.nx, grid.spacing) }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    private static func add(_ row: UnsafePointer<T>, to sums: UnsafeMutablePointer<Double>, _ count: Int, _ spacing: Double) {
        for i in 0..<count { sums[i] += Double(row[i]) * spacing }
    }
}
