public import Parameters

/// Butler-Volmer kinetics.
public struct KineticsSettings: ParameterGroup {
    public enum Model: String, CaseIterable, Sendable { case butlerVolmer, none }

    public var model = Model.butlerVolmer
    public var exchangeCurrentDensity = 30.0
    public var transferCoefficient = 0.5
    public var temperature = 298.15

    public init() {}

    public static let summary = "Butler-Volmer kinetics of the metal surface"
    public static let parameters: [Parameter<Self>] = [
        .choice("model", \.model, "butlerVolmer, or none (interface motion alone: salt and charge are off)"),
        .quantity(
            "exchangeCurrentDensity", \.exchangeCurrentDensity, "mA/cm^2", .above(0), "i0 at the reference concentration",
            source: "assumed; fit it per cell"),
        .quantity("transferCoefficient", \.transferCoefficient, "1", .above(0, below: 1), "alpha of the cathodic branch"),
        .quantity("temperature", \.temperature, "K", .above(0), "Temperature of the cell"),
    ]
}

/// Lateral variation of the exchange current over the electrode.
public struct Heterogeneity: ParameterGroup {
    public var variation = 0.0
    public var correlationLength = 1e-6
    public var seed = 1

    public init() {}

    public static let summary =
        "Log-normal map of the exchange current over the electrode plane, drawn mode by mode: one seed is one map on every grid"
    public static let parameters: [Parameter<Self>] = [
        .quantity("variation", \.variation, "1", .between(0, 3), "Coefficient of variation of i0; 0 is uniform"),
        .quantity("correlationLength", \.correlationLength, "um", .above(0), "lc of the covariance exp(-(r/lc)^2) of ln i0"),
        .integer("seed", \.seed, .atLeast(0), "Seed of the map"),
    ]
}

/// Fluctuations of the reaction rate.
public struct NoiseSettings: ParameterGroup {
    public var amplitude = 0.0
    public var length = 0.4e-6
    public var interval = 1.0
    public var seed = 1

    public init() {}

    public static let summary =
        "Fluctuations of the local reaction rate, mean-free over the surface: R (1 + amplitude g), g straight in time between unit normal numbers"
    public static let parameters: [Parameter<Self>] = [
        .quantity("amplitude", \.amplitude, "1", .between(0, 1),
                  "Standard deviation of the relative rate where an interval begins; halfway 0.71 times that"),
        .quantity("length", \.length, "um", .above(0), "Edge of the cubes of space that share a number; the grid does not enter"),
        .quantity("interval", \.interval, "s", .above(0), "Time after which new numbers are drawn; the step does not enter"),
        .integer("seed", \.seed, .atLeast(0), "Seed of the fluctuations"),
    ]
}
