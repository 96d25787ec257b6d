public import Grids
public import KernelInterface

/// The fields of a run at one time, read one at a time from an HDF5 file.
///
/// The file carries a checksum over every byte (`SealedFile`). Datasets are cell-centred, in (z, y, x) order, with the coordinates
/// x, y, z (m) as dimension scales; a two-dimensional run has one layer in z. Values of a field come converted to the type asked for.
public final class Snapshot {
    /// A field as it lies in the file.
    public struct FieldInfo: Equatable, Sendable {
        public let name: String, unit: String, longName: String
        public let element: StateItem.Element
    }

    public let path: String
    /// Simulated time, s.
    public let time: Double
    public let step: Int
    public let grid: Grid
    /// By name.
    public let fields: [FieldInfo]
    /// All attributes of the file, time, step, spacing and provenance included.
    public let attributes: [String: AttributeValue]
    private let file: HDF5File

    /// Checks every byte of the file and reads everything but the fields.
    /// - Parameter pool: threads that share the work of the check.
    public init(_ path: String, pool: ThreadPool? = nil) throws(RunFileError) {
        let file = try SealedFile.read(path, .snapshot, pool: pool)
        let attributes = try file.attributes()
        let damaged = RunFileError(.damaged, "\(path) is damaged or not a snapshot of this program")
        guard let time = attributes["time"]?.number, let step = attributes["step"]?.integer, let spacing = attributes["spacing"]?.number,
              spacing > 0, spacing.isFinite else { throw damaged }
        var extents: [Int] = [], topology: [Grid.Topology] = []
        for axis in ["x", "y", "z"] {
            let shape = try file.describe(axis).shape
            guard shape.count == 1, shape[0] > 0, let kind = attributes["topology_\(axis)"]?.text.flatMap(Grid.Topology.init) else {
                throw damaged
            }
            extents.append(shape[0])
            topology.append(kind)
        }
        var fields: [FieldInfo] = []
        for name in try file.datasets() where !["x", "y", "z"].contains(name) {
            let dataset = try file.describe(name), labels = try file.attributes(of: name)
            guard dataset.shape == extents.reversed(), let element = dataset.element else { throw damaged }
            let unit = labels["units"]?.text ?? "", longName = labels["long_name"]?.text ?? ""
            fields.append(FieldInfo(name: name, unit: unit, longName: longName, element: element))
        }
        (self.path, self.time, self.step, self.fields, self.attributes, self.file) = (path, time, step, fields, attributes, file)
        grid = Grid(nx: extents[0], ny: extents[1], nz: extents[2], spacing: spacing, x: topology[0], y: topology[1], z: topology[2])
    }

    /// Coordinates of the cell centres along "x", "y" or "z", m.
    public func coordinates(_ axis: String) throws(RunFileError) -> [Double] { try file.read(axis) }

    /// All values of a field in (z, y, x) order.
    public func values(_ name: String) throws(RunFileError) -> [Double] {
        try require(name)
        return try file.read(name)
    }

    /// One plane of constant z, in (y, x) order: a way through fields larger than memory.
    public func plane(_ k: Int, of name: String) throws(RunFileError) -> [Double] {
        try require(name)
        let block = [1, grid.ny, grid.nx]
        var values = [Double](repeating: 0, count: grid.nx * grid.ny)
        try file.read(name, as: .double, start: [k, 0, 0], count: block, into: &values, memoryShape: block)
        return values
    }

    /// Fills a field of the same extents, ghosts included.
    public func read<T: Real>(_ name: String, into field: Field<T>) throws(RunFileError) {
        try require(name)
        let layout = field.layout
        guard (layout.nx, layout.ny, layout.nz) == (grid.nx, grid.ny, grid.nz) else {
            throw RunFileError(.mismatch, "\(path) is a snapshot of \(grid.extents) cells, not of \(field.grid.extents)")
        }
        try file.read(name, as: T.self == Double.self ? .double : .float, start: [0, 0, 0], count: [layout.nz, layout.ny, layout.nx],
                      into: field.cells, memoryShape: [layout.nz, layout.ny, layout.rowStride])
        field.fillGhosts()
    }

    private func require(_ name: String) throws(RunFileError) {
        guard fields.contains(where: { $0.name == name }) else {
            let known = fields.map(\.name).joined(separator: ", ")
            throw RunFileError(.missing, "\(path) has no field \(name); it has \(known.isEmpty ? "none" : known)")
        }
    }
}

extension Grid {
    /// "128 x 128 x 64".
    var extents: String { "\(nx) x \(ny) x \(nz)" }

    func topology(_ axis: String) -> Topology { axis == "x" ? x : axis == "y" ? y : z }
    func count(_ axis: String) -> Int { axis == "x" ? nx : axis == "y" ? ny : nz }
}
