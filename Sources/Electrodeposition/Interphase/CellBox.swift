import Grids
import Kernels

/// One axis of a grid as seen from a cell: how many cells, how far apart in memory, and what lies beyond the last one.
struct CellAxis: Sendable {
    let count: Int, stride: Int, isPeriodic: Bool

    /// Offset of cell n, also beyond the ends: round a periodic axis, the mirror image at a wall. The sign is -1 for an image: a vector's
    /// component along the axis is reversed there.
    @inline(__always)
    func locate(_ n: Int) -> (offset: Int, sign: Double) {
        if n >= 0 && n < count { return (n &* stride, 1) }
        if isPeriodic {
            let m = n % count
            return ((m < 0 ? m &+ count : m) &* stride, 1)
        }
        let image = n < 0 ? -1 &- n : 2 &* count &- 1 &- n
        return (min(max(image, 0), count &- 1) &* stride, -1)
    }

    /// Whether there is a cell n of its own.
    @inline(__always)
    func holds(_ n: Int) -> Bool { isPeriodic || (n >= 0 && n < count) }
}

/// Cells of a grid by offset from cell (0, 0, 0) of a field. Positions are counted in cells: cell (i, j, k) has its centre at (i, j, k).
struct CellBox: Sendable {
    let x: CellAxis, y: CellAxis, z: CellAxis
    /// Three axes, not two.
    let isSolid: Bool

    init(_ grid: Grid, _ layout: Layout) {
        x = CellAxis(count: grid.nx, stride: 1, isPeriodic: grid.x == .periodic)
        y = CellAxis(count: grid.ny, stride: layout.rowStride, isPeriodic: grid.y == .periodic)
        z = CellAxis(count: grid.nz, stride: layout.planeStride, isPeriodic: grid.z == .periodic)
        isSolid = grid.nz > 1
    }

    @inline(__always)
    func cell(at offset: Int) -> SIMD3<Int> {
        let k = isSolid ? offset / z.stride : 0, rest = offset &- k &* z.stride, j = rest / y.stride
        return SIMD3(rest &- j &* y.stride, j, k)
    }

    /// Calls `body` with the offset of every cell that shares a face with one, and the step towards it.
    @inline(__always)
    func eachNeighbour(_ cell: SIMD3<Int>, _ offset: Int, _ body: (_ offset: Int, _ step: SIMD3<Double>) -> Void) {
        @inline(__always) func along(_ axis: CellAxis, _ n: Int, _ step: SIMD3<Double>) {
            let here = offset &- n &* axis.stride
            if axis.holds(n &- 1) { body(here &+ axis.locate(n &- 1).offset, -step) }
            if axis.holds(n &+ 1) { body(here &+ axis.locate(n &+ 1).offset, step) }
        }
        along(x, cell.x, SIMD3(1, 0, 0))
        along(y, cell.y, SIMD3(0, 1, 0))
        if isSolid { along(z, cell.z, SIMD3(0, 0, 1)) }
    }
}
