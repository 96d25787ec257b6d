import KernelInterface

/// A uniform Cartesian grid of cubic cells.
///
/// y is the growth axis (electrode at y = 0), x and z are lateral; `nz == 1` is two-dimensional. Cell (i, j, k) has its centre at
/// ((i + 1/2) dx, (j + 1/2) dx, (k + 1/2) dx).
public struct Grid: Sendable, Hashable {
    /// What lies beyond the last cell of an axis: the first cell, or a wall.
    public enum Topology: String, Sendable, CaseIterable { case periodic, bounded }

    public let nx: Int, ny: Int, nz: Int
    /// Edge of a cell, m.
    public let spacing: Double
    public let x: Topology, y: Topology, z: Topology

    public init(nx: Int, ny: Int, nz: Int = 1, spacing: Double,
                x: Topology = .periodic, y: Topology = .bounded, z: Topology = .periodic) {
        precondition(nx > 0 && ny > 0 && nz > 0 && spacing > 0)
        (self.nx, self.ny, self.nz, self.spacing) = (nx, ny, nz, spacing)
        (self.x, self.y, self.z) = (x, y, z)
    }

    /// 2 or 3.
    public var dimensions: Int { nz == 1 ? 2 : 3 }
    public var cells: Int { nx * ny * nz }
    public var rows: Int { ny * nz }
    /// Cells of a plane of constant y.
    public var lateralCells: Int { nx * nz }
    /// The plane of the electrode: one row of cells per z.
    public var lateral: Grid { Grid(nx: nx, ny: 1, nz: nz, spacing: spacing, x: x, y: .bounded, z: z) }
    /// Volume of a cell, m^3 in 3D, m^2 in 2D (per metre of depth).
    public var cellVolume: Double { nz == 1 ? spacing * spacing : spacing * spacing * spacing }
    /// Area of a cell face, m^2 in 3D, m in 2D (per metre of depth).
    public var faceArea: Double { nz == 1 ? spacing : spacing * spacing }

    /// The memory layout of a field of T on this grid: rows padded by one 64-byte pack.
    public func layout<T: Real>(_: T.Type = T.self) -> Layout {
        Layout(nx: nx, ny: ny, nz: nz, pack: T.Pack.scalarCount, periodicY: y == .periodic, periodicZ: z == .periodic)
    }
}
