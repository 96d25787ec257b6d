import Glibc
import KernelInterface

/// One real value per cell of a grid, in storage aligned for SIMD and FFTW; see `Layout` for the order and the padding.
///
/// A reference type on purpose: solvers exchange fields by name and never copy one by accident. Access is not synchronised: one
/// writer per cell is the caller's duty (the thread pool hands out disjoint rows).
public final class Field<T: Real>: @unchecked Sendable {
    public let grid: Grid
    public let layout: Layout
    /// Cell (0, 0, 0).
    public let cells: UnsafeMutablePointer<T>
    private let storage: UnsafeMutableRawPointer

    /// A field of zeros, padding included.
    /// - Parameter layout: rows as many and as long as the grid's, with a padding of their own.
    public init(_ grid: Grid, layout: Layout? = nil) {
        let layout = layout ?? grid.layout(T.self)
        precondition(layout.nx == grid.nx && layout.ny == grid.ny && layout.nz == grid.nz, "a layout of another grid")
        (self.grid, self.layout) = (grid, layout)
        let bytes = layout.storage * MemoryLayout<T>.stride
        guard let block = Memory.allocate(bytes) else {
            fatalError("out of memory: a field of \(grid.nx) x \(grid.ny) x \(grid.nz) cells needs \(bytes >> 20) MiB")
        }
        storage = block.storage
        cells = block.start.assumingMemoryBound(to: T.self) + layout.lead
    }

    deinit { free(storage) }

    /// For set-up, output and tests; kernels take pointers.
    public subscript(i: Int, j: Int, k: Int = 0) -> T {
        get { cells[i + layout.rowStride * j + layout.planeStride * k] }
        set { cells[i + layout.rowStride * j + layout.planeStride * k] = newValue }
    }

    /// First cell of a row (row = j + ny k).
    public func row(_ row: Int) -> UnsafeMutablePointer<T> { cells + layout.offset(row: row) }

    /// Sets every cell from its centre (x, y, z) in m, then the ghosts.
    public func set(_ value: (_ x: Double, _ y: Double, _ z: Double) -> Double) {
        let h = grid.spacing
        for k in 0..<grid.nz {
            for j in 0..<grid.ny {
                let row = row(j + grid.ny * k)
                for i in 0..<grid.nx { row[i] = T(value((Double(i) + 0.5) * h, (Double(j) + 0.5) * h, (Double(k) + 0.5) * h)) }
            }
        }
        fillGhosts()
    }

    public func fill(_ value: T) {
        // Zero is by far the most frequent; the loop is not specialised, 20 times as slow.
        if value == 0 {
            memset(cells - layout.lead, 0, layout.storage * MemoryLayout<T>.stride)
        } else {
            (cells - layout.lead).update(repeating: value, count: layout.storage)
        }
    }

    public func copy(from other: Field) {
        precondition(layout == other.layout, "fields of different grids")
        memcpy(cells - layout.lead, other.cells - layout.lead, layout.storage * MemoryLayout<T>.stride)
    }

    /// Two ghost cells on either side of each row: the cells around a periodic axis, mirror images at walls.
    public func fillGhosts(rows: Range<Int>? = nil) {
        GhostLoops.fill(cells, layout, rows ?? 0..<layout.rows, periodic: grid.x == .periodic)
    }

    /// The cells without padding, in (z, y, x) order.
    public func values() -> [T] {
        [T](unsafeUninitializedCapacity: grid.cells) { buffer, count in
            for r in 0..<layout.rows { (buffer.baseAddress! + r * layout.nx).initialize(from: row(r), count: layout.nx) }
            count = grid.cells
        }
    }

    /// Sets the cells from values in (z, y, x) order, then the ghosts.
    public func setValues(_ values: [T]) {
        precondition(values.count == grid.cells, "\(values.count) values for \(grid.cells) cells")
        values.withUnsafeBufferPointer { buffer in
            for r in 0..<layout.rows { row(r).update(from: buffer.baseAddress! + r * layout.nx, count: layout.nx) }
        }
        fillGhosts()
    }
}

private enum GhostLoops {
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func fill<T: Real>(_ cells: UnsafeMutablePointer<T>, _ layout: Layout, _ rows: Range<Int>, periodic: Bool) {
        // Below two cells the second ghost is the first once more.
        let nx = layout.nx, second = nx > 1 ? 1 : 0
        for r in rows {
            let row = cells + layout.offset(row: r)
            if periodic {
                row[-1] = row[nx - 1]; row[-2] = row[nx - 1 - second]
                row[nx] = row[0]; row[nx + 1] = row[second]
            } else {
                row[-1] = row[0]; row[-2] = row[second]
                row[nx] = row[nx - 1]; row[nx + 1] = row[nx - 1 - second]
            }
        }
    }
}
