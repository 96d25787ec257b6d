public import Grids

/// How snapshots of a run are stored.
public struct SnapshotWriter: Sendable {
    public enum Precision: String, Sendable, CaseIterable {
        case single, double

        var element: StateItem.Element { self == .single ? .float : .double }
    }

    public var precision: Precision
    /// gzip level after a byte shuffle, 0 ... 9; 0 stores uncompressed. Level 1 is the useful one: higher ones cost more than they save.
    public var compression: Int

    public init(precision: Precision = .single, compression: Int = 1) {
        self.precision = precision
        self.compression = min(max(compression, 0), 9)
    }

    /// Writes one snapshot; a reader sees all of it or none.
    /// - Parameters:
    ///   - fields: distinct names other than x, y, z.
    ///   - time: simulated, s.
    ///   - attributes: further numbers and texts, provenance included.
    ///   - pool: threads that share the work of the checksum.
    public func write(_ fields: [OutputField], grid: Grid, time: Double, step: Int, attributes: [String: AttributeValue] = [:],
                      to path: String, pool: ThreadPool? = nil) throws(RunFileError) {
        let names = fields.map(\.name), axes = ["z", "y", "x"]
        for (position, name) in names.enumerated()
        where name.isEmpty || name.contains("/") || axes.contains(name) || names[..<position].contains(name) {
            throw RunFileError(.misuse, "cannot write \(path): \"\(name)\" cannot name an output field; "
                + "it is empty, an axis, used twice, or has a slash")
        }
        let own: [String: AttributeValue] = [
            "time": .number(time), "step": .integer(step), "spacing": .number(grid.spacing), "time_units": "s", "spacing_units": "m",
            "topology_x": .text(grid.x.rawValue), "topology_y": .text(grid.y.rawValue), "topology_z": .text(grid.z.rawValue),
        ]
        let temporary = try SealedFile.write(path, .snapshot, pool: pool) { file throws(RunFileError) in
            for (name, value) in own.merging(attributes, uniquingKeysWith: { own, _ in own }).sorted(by: { $0.key < $1.key }) {
                try file.setAttribute(name, value)
            }
            for axis in axes {
                try file.write(axis, (0..<grid.count(axis)).map { (Double($0) + 0.5) * grid.spacing })
                try file.makeScale(axis)
                try file.setAttribute("units", "m", of: axis)
                try file.setAttribute("long_name", .text("\(axis) of the cell centre"), of: axis)
            }
            for field in fields {
                try file.writeRows(field.name, element: field.element ?? precision.element, shape: (grid.nz, grid.ny, grid.nx),
                                   level: compression, rows: field.rows)
                try file.setAttribute("units", .text(field.unit), of: field.name)
                try file.setAttribute("long_name", .text(field.longName), of: field.name)
                for (number, axis) in axes.enumerated() { try file.attachScale(axis, to: field.name, axis: number) }
            }
        }
        try DiskFile.commit(temporary, as: path)
    }
}
