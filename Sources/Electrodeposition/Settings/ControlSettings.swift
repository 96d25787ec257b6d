public import Parameters

/// What the cycler holds: a potential, a current, or a list of steps.
public struct ControlSettings: ParameterGroup {
    public enum Mode: String, CaseIterable, Sendable { case potentiostatic, galvanostatic, `protocol` }

    public var mode = Mode.galvanostatic
    public var currentDensity = 10.0
    public var potential = -0.1
    public var steps: [ProtocolStep] = []
    public var repeats = 1

    public init() {}

    public static let summary = "What the cycler holds; plating is positive current and negative potential of the metal"
    public static let parameters: [Parameter<Self>] = [
        .choice("mode", \.mode, "potentiostatic, galvanostatic, or protocol (a list of steps)"),
        .quantity("currentDensity", \.currentDensity, "mA/cm^2", .any, "Mean current density over the electrode, galvanostatic"),
        .quantity("potential", \.potential, "V", .between(-5, 5), "phi_s of the metal against the counter electrode, potentiostatic"),
        .list("steps", \.steps, "Steps of a protocol, in order"),
        .integer("repeats", \.repeats, .between(1, 100_000), "How often the steps of a protocol are gone through"),
    ]

    public func validate(_ report: inout Report) {
        if mode == .protocol && steps.isEmpty {
            report.error(
                "is empty; a protocol needs at least one step such as { kind: \"plate\", currentDensity: \"1 mA/cm^2\", duration: \"1 h\" }",
                at: "steps")
        }
        if mode != .protocol && !steps.isEmpty {
            report.error("is given but the mode is \(mode.rawValue); set mode to \"protocol\" or remove the steps", at: "steps")
        }
    }
}

extension ControlSettings {
    /// Whether the current grows from cycle to cycle.
    public var rises: Bool { mode == .protocol && steps.contains { $0.increment > 0 } }
    /// Whether a protocol plates and strips, so that its cycles have an efficiency.
    public var hasCycles: Bool { mode == .protocol && steps.contains { $0.direction > 0 } && steps.contains { $0.direction < 0 } }
}

/// One step of a protocol; the first of its limits that is reached ends it.
public struct ProtocolStep: ParameterGroup {
    public enum Kind: String, CaseIterable, Sendable { case plate, strip, rest, ramp, hold }

    public var kind = Kind.rest
    public var currentDensity = 10.0
    public var increment = 0.0
    public var finalCurrentDensity: Double?
    public var potential = -0.1
    public var duration: Double?
    public var capacity: Double?
    public var voltageLimit: Double?

    public init() {}

    /// 1 for plating, -1 for stripping, 0 for neither.
    var direction: Int {
        switch kind {
        case .plate: 1
        case .strip: -1
        case .rest: 0
        case .hold: potential < 0 ? 1 : -1
        case .ramp: currentDensity + (finalCurrentDensity ?? 0) >= 0 ? 1 : -1
        }
    }

    public static let summary = "A step of the protocol: plate, strip, rest, ramp (current rising linearly) or hold (a potential)"
    public static let parameters: [Parameter<Self>] = [
        Parameter.choice("kind", \.kind, "plate and strip take the size of currentDensity, ramp goes to finalCurrentDensity, hold keeps potential")
            .required,
        .quantity("currentDensity", \.currentDensity, "mA/cm^2", .atLeast(0), "Size of the mean current density"),
        .quantity("increment", \.increment, "mA/cm^2", .atLeast(0), "Added to currentDensity with each repeat of the protocol"),
        .optionalQuantity("finalCurrentDensity", \.finalCurrentDensity, "mA/cm^2", .any, "Current density at the end of a ramp"),
        .quantity("potential", \.potential, "V", .between(-5, 5), "phi_s of a hold"),
        .optionalQuantity("duration", \.duration, "s", .above(0), "Longest time"),
        .optionalQuantity("capacity", \.capacity, "mAh/cm^2", .above(0), "Areal capacity passed in the step, in size"),
        .optionalQuantity("voltageLimit", \.voltageLimit, "V", .above(0), "Size of phi_s at which the step ends"),
    ]

    public func validate(_ report: inout Report) {
        if kind == .ramp && (duration == nil || finalCurrentDensity == nil) {
            report.error("is a ramp, which needs duration and finalCurrentDensity")
        } else if duration == nil && capacity == nil && voltageLimit == nil {
            report.error("never ends: give duration, capacity or voltageLimit")
        } else if increment > 0 && kind != .plate && kind != .strip {
            report.error("is for plate and strip steps; this one is a \(kind.rawValue)", at: "increment")
        } else if kind == .rest && duration == nil {
            report.error("is a rest, which needs a duration")
        }
    }
}

/// What stands at y = L.
public struct CounterElectrode: ParameterGroup {
    public enum Kind: String, CaseIterable, Sendable { case reservoir, lithium }

    public var kind = Kind.reservoir

    public init() {}

    public static let summary = "The far side y = L"
    public static let parameters: [Parameter<Self>] = [
        .choice("kind", \.kind, "reservoir (c = c0, phi_l = 0), or lithium (a reversible electrode of the metal: salt is conserved)"),
    ]
}

/// When a run ends; the first condition that is met.
public struct EndSettings: ParameterGroup {
    public var time: Double?
    public var capacity: Double?
    public var gap = 0.0
    public var voltage: Double?

    public init() {}

    public static let summary = "When the run ends: the first condition that is met"
    public static let parameters: [Parameter<Self>] = [
        .optionalQuantity("time", \.time, "s", .above(0), "Simulated time"),
        .optionalQuantity("capacity", \.capacity, "mAh/cm^2", .above(0), "Net areal capacity plated"),
        .quantity("gap", \.gap, "um", .atLeast(0), "Distance of the highest tip from y = L that counts as a short circuit; 4 half-widths at least"),
        .optionalQuantity("voltage", \.voltage, "V", .above(0), "Size of phi_s"),
    ]
}
