public import Grids

/// A vector on a staggered grid: each component has the shape of the cells and stands on the lower face of its cell in its own direction.
/// `z` is nil in 2D.
public final class VectorField<T: Real>: @unchecked Sendable {
    public let grid: Grid
    public let x: Field<T>, y: Field<T>, z: Field<T>?
    /// x, y and, in 3D, z; and those along the walls.
    public let components: [Field<T>], lateral: [Field<T>]

    public init(_ grid: Grid) {
        self.grid = grid
        x = Field(grid)
        y = Field(grid)
        z = grid.dimensions == 3 ? Field(grid) : nil
        components = [x, y] + [z].compactMap(\.self)
        lateral = [x] + [z].compactMap(\.self)
    }

    /// A vector made of fields that exist already.
    init(x: Field<T>, y: Field<T>, z: Field<T>?) {
        grid = x.grid
        (self.x, self.y, self.z) = (x, y, z)
        components = [x, y] + [z].compactMap(\.self)
        lateral = [x] + [z].compactMap(\.self)
    }

    public var layout: Layout { x.layout }
    public var cells: VectorCells<T> { VectorCells(x: x.cells, y: y.cells, z: z?.cells) }

    public func fill(_ value: T) { for c in components { c.fill(value) } }
    public func copy(from other: VectorField) { for a in 0..<components.count { components[a].copy(from: other.components[a]) } }

    /// The cells of a field whose grid may differ in its spacing.
    func copyCells(from other: VectorField) {
        for n in 0..<components.count {
            let a = components[n], b = other.components[n]
            precondition(a.layout == b.layout, "fields of different grids")
            for row in 0..<layout.rows { a.row(row).update(from: b.row(row), count: layout.nx) }
        }
    }

    func fillGhosts() { for c in components { c.fillGhosts() } }
    func wrap() { for c in components { c.wrapGhosts() } }

    /// y = 0 on the faces of the lower wall.
    func clearWall() {
        for k in 0..<grid.nz { y.row(grid.ny * k).update(repeating: 0, count: grid.nx) }
    }
}

/// A symmetric tensor on a staggered grid: xx, yy, zz at cell centres, xy on the lower (x, y) edge of its cell, yz and xz likewise (nil in 2D,
/// where zz is the out-of-plane stress).
public final class TensorField<T: Real>: @unchecked Sendable {
    public let grid: Grid
    public let xx: Field<T>, yy: Field<T>, zz: Field<T>
    public let xy: Field<T>, yz: Field<T>?, xz: Field<T>?
    public let components: [Field<T>]

    public init(_ grid: Grid) {
        self.grid = grid
        xx = Field(grid)
        yy = Field(grid)
        zz = Field(grid)
        xy = Field(grid)
        yz = grid.dimensions == 3 ? Field(grid) : nil
        xz = grid.dimensions == 3 ? Field(grid) : nil
        components = [xx, yy, zz, xy] + [yz, xz].compactMap(\.self)
    }

    public var cells: TensorCells<T> {
        TensorCells(xx: xx.cells, yy: yy.cells, zz: zz.cells, xy: xy.cells, yz: yz?.cells, xz: xz?.cells)
    }

    public func fill(_ value: T) { for c in components { c.fill(value) } }
    public func copy(from other: TensorField) { for a in 0..<components.count { components[a].copy(from: other.components[a]) } }
}

extension Device {
    /// Sum over all cells and components of x y, in Double.
    func dot<T: Real>(_ x: VectorField<T>, _ y: VectorField<T>, _ scratch: RowSums) -> Double {
        // By number: pairs of a zip are allocated where T is not known.
        var total = 0.0
        for a in 0..<x.components.count { total += dot(x.components[a], y.components[a], scratch) }
        return total
    }
}
