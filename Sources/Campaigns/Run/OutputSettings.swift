public import Parameters
public import RunFiles

/// What a run keeps, and when.
public struct OutputSettings: ParameterGroup {
    public enum FieldName: String, CaseIterable, Sendable {
        case xi, c, phi, current, live, filmResistance, filmThickness, pressure, vonMises, magneticField, velocity

        var needsReaction: Bool { [.c, .phi, .current, .live].contains(self) }

        /// The group of settings without which the field does not exist.
        var group: String? {
            switch self {
            case .xi, .c, .phi, .current, .live, .filmResistance, .filmThickness: nil
            case .pressure, .vonMises: "mechanics"
            case .magneticField: "magnetics"
            case .velocity: "flow"
            }
        }
    }

    public var interval: Double?
    public var times: [Double] = []
    public var capacityInterval: Double?
    public var steps: Int?
    public var parts: Int?
    public var logarithmicStart: Double?
    public var perDecade = 4
    public var stages = true
    public var fields: [FieldName] = [.xi, .c, .phi]
    public var precision = SnapshotWriter.Precision.single
    public var compression = 1
    public var keepLast: Int?
    public var checkpointInterval = 600.0
    public var checkpointSteps: Int?

    public init() {}

    public static let summary =
        "When the fields and a row of series.csv are saved, besides the start and the end; 20 equal parts of the run when nothing is given"
    public static let parameters: [Parameter<Self>] = [
        .optionalQuantity("interval", \.interval, "s", .above(0), "Simulated time between saves"),
        .quantities("times", \.times, "s", .above(0), "Simulated times of saves"),
        .optionalQuantity("capacityInterval", \.capacityInterval, "mAh/cm^2", .above(0), "Net areal capacity between saves"),
        .optionalInteger("steps", \.steps, .atLeast(1), "Time steps between saves"),
        .optionalInteger("parts", \.parts, .between(1, 1_000_000), "Number of equal parts of end.capacity or, without one, end.time between saves"),
        .optionalQuantity(
            "logarithmicStart", \.logarithmicStart, "s", .above(0), "First of a series of saves at times that grow by a constant factor"),
        .integer("perDecade", \.perDecade, .between(1, 1000), "Saves per factor of ten in time; used with logarithmicStart"),
        .flag("stages", \.stages, "Save at the end of each step of a protocol"),
        .value(
            "fields", \.fields, .list(.choice, initial: .xi),
            "Fields of the snapshots: xi, c (mol/m^3), phi (phi_l, V), current (i_x, i_y and i_z of the electrolyte, A/m^2), live (1 where metal may react), filmResistance (ohm m^2) and filmThickness of the coating (m) at the surface; with mechanics pressure (-tr sigma/3, Pa) and vonMises (Pa), with magnetics magneticField (B_x, B_y, B_z, T), with flow velocity (u_x, u_y, u_z, m/s)"
        ),
        .choice("precision", \.precision, "Floating-point type in the snapshots"),
        .integer("compression", \.compression, .between(0, 9), "gzip level of the snapshots, 0 for none"),
        .optionalInteger("keepLast", \.keepLast, .atLeast(1), "Number of snapshots that stay; older ones are removed"),
        .quantity("checkpointInterval", \.checkpointInterval, "s", .above(0), "Wall time between checkpoints"),
        .optionalInteger("checkpointSteps", \.checkpointSteps, .atLeast(1), "Time steps between checkpoints"),
    ]

    public func validate(_ report: inout Report) {
        if zip(times, times.dropFirst()).contains(where: { $0 >= $1 }) { report.error("must rise from each time to the next", at: "times") }
        for name in FieldName.allCases where fields.filter({ $0 == name }).count > 1 {
            report.error("names \(name.rawValue) twice", at: "fields")
        }
        if fields.isEmpty { report.error("is empty; a snapshot needs at least one field", at: "fields") }
    }

    public var writer: SnapshotWriter { SnapshotWriter(precision: precision, compression: compression) }
}
