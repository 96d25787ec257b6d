public import Grids

/// A u = s u - div(a grad u) on a cell-centred grid, 5 or 7 points, symmetric.
///
/// `x`, `y`, `z` hold a/dx^2 on the lower face of each cell in their direction (`z` nil in 2D); the lowest face of a bounded axis is 0.
/// A Dirichlet wall adds 2 a_wall/dx^2 to `s` of its cells and 2 a_wall/dx^2 u_wall to the right-hand side.
public final class EllipticOperator<T: Real>: @unchecked Sendable {
    public let grid: Grid
    public let x: Field<T>, y: Field<T>, z: Field<T>?
    public let s: Field<T>
    /// The part of `s` in the last row along y that is the wall's: one row of cells per z. Only a solve with a common node asks for it.
    public let wall: Field<T>

    public init(_ grid: Grid) {
        self.grid = grid
        x = Field(grid)
        y = Field(grid)
        z = grid.dimensions == 3 ? Field(grid) : nil
        s = Field(grid)
        wall = Field(grid.lateral)
    }

    public var coefficients: FaceCoefficients<T> {
        FaceCoefficients(x: x.cells, y: y.cells, z: z.map { UnsafePointer($0.cells) })
    }

    /// To be called after the faces have been written: the ghost beyond the last x face (the first face, on a bounded axis too), and no
    /// coefficient across an axis of one cell, which only joins the cell to itself.
    public func closeFaces() {
        if grid.nx == 1 { x.fill(0) }
        if grid.ny == 1 { y.fill(0) }
        x.wrapGhosts()
    }

    /// Runs `body`, which adds to the diagonal what belongs to the wall at the end of y, and takes note of it.
    public func withWall(on device: Device, _ body: () -> Void) {
        func add(_ sign: T) {
            for k in 0..<grid.nz {
                device.kernels.combine(wall.row(k), sign, s.row(grid.ny - 1 + grid.ny * k), 1, wall.row(k), s.layout, 0..<1)
            }
        }
        wall.fill(0)
        add(-1)
        body()
        add(1)
    }

    /// y = A x; returns x . y. x must have its ghosts filled.
    @discardableResult
    public func apply(_ y: Field<T>, _ x: Field<T>, on device: Device, _ sums: RowSums) -> Double {
        device.forRows(x.layout) {
            device.kernels.applyOperator(y.cells, x.cells, coefficients, s.cells, node: 0, wall: wall.cells, sums.values, x.layout, $0)
        }
        return sums.total()
    }
}

extension Field {
    /// One ghost on either side of each row, wrapped whatever the ends: how face coefficients lie.
    func wrapGhosts() { FaceLoops.wrapGhosts(cells, layout) }
}

private enum FaceLoops {
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func wrapGhosts<T: Real>(_ cells: UnsafeMutablePointer<T>, _ layout: Layout) {
        for r in 0..<layout.rows {
            let row = cells + layout.offset(row: r)
            row[-1] = row[layout.nx - 1]
            row[layout.nx] = row[0]
        }
    }
}
