/// How the cells of a field lie in memory: x fastest, then y, then z; every row is followed by padding.
///
/// A pointer to a field points at cell (0, 0, 0). Cell (i, j, k) is at `i + rowStride j + planeStride k`. The padding before
/// and after each row holds two ghost cells on either side (i = -2, -1 and nx, nx + 1), so that a kernel may read
/// across the x boundary and may store whole packs past the end of a row. Apart from ghosts, padding holds garbage that no result may
/// depend on. Rows are numbered j + ny k.
public struct Layout: Sendable, Hashable {
    public let nx: Int, ny: Int, nz: Int
    public let rowStride: Int, planeStride: Int
    /// Whether the neighbour of the last row (plane) is the first, or its own mirror image.
    public let periodicY: Bool, periodicZ: Bool

    /// Scalars in front of the first cell of the first row.
    public let lead: Int
    public var rows: Int { ny * nz }
    public var cells: Int { nx * ny * nz }
    /// Scalars to allocate: every row, and a lead after the last one for its right ghosts.
    public var storage: Int { planeStride * nz + lead }

    /// - Parameters:
    ///   - pack: scalars of one pack (64 bytes), of which a row holds a whole number.
    ///   - lead: the padding in front of each row; a pack by default.
    public init(nx: Int, ny: Int, nz: Int, pack: Int, lead: Int? = nil, periodicY: Bool, periodicZ: Bool) {
        let lead = lead ?? pack
        precondition(nx > 0 && ny > 0 && nz > 0 && lead >= 4)
        (self.nx, self.ny, self.nz, self.lead) = (nx, ny, nz, lead)
        (self.periodicY, self.periodicZ) = (periodicY, periodicZ)
        rowStride = lead + (nx + pack - 1) / pack * pack
        planeStride = rowStride * ny
    }

    /// Offset of the first cell of a row.
    @_alwaysEmitIntoClient @inline(__always)
    public func offset(row: Int) -> Int { row &* rowStride }

    /// The row `step` (at most 2 in size) further in y from row j of a column of rows: wrapped, or mirrored at the walls.
    @_alwaysEmitIntoClient @inline(__always)
    public func neighbourY(_ j: Int, _ step: Int) -> Int { Layout.neighbour(j &+ step, ny, periodicY) }

    @_alwaysEmitIntoClient @inline(__always)
    public func neighbourZ(_ k: Int, _ step: Int) -> Int { Layout.neighbour(k &+ step, nz, periodicZ) }

    @_alwaysEmitIntoClient @inline(__always)
    static func neighbour(_ index: Int, _ count: Int, _ periodic: Bool) -> Int {
        if index >= 0 && index < count { return index }
        if periodic { return ((index % count) + count) % count }
        let mirrored = index < 0 ? -1 &- index : 2 &* count &- 1 &- index
        return min(max(mirrored, 0), count &- 1)
    }
}
