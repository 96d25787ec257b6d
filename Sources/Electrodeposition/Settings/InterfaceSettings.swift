public import Parameters

/// How the diffuse interface is treated.
public struct InterfaceSettings: ParameterGroup {
    public enum Scheme: String, CaseIterable, Sendable { case standard, sharp }
    public enum Capillarity: String, CaseIterable, Sendable { case physical, allenCahn }

    public var halfWidth = 0.2e-6
    public var scheme = Scheme.standard
    public var capillarity = Capillarity.physical
    public var mobilityRatio = 1.0
    public var mobility: Double?
    public var surfaceEnergy = 0.5
    public var ramp = 0.01
    public var anisotropy = Anisotropy()
    public var samplesSurface = false
    public var allowCoarse = false

    public init() {}

    public static let summary = "The diffuse interface between metal and electrolyte"
    public static let parameters: [Parameter<Self>] = [
        .quantity("halfWidth", \.halfWidth, "um", .above(0), "l of the profile 1/2 (1 - tanh(n/2l)); its 10-90 width is 4.39 l"),
        .choice(
            "scheme", \.scheme, "standard, or sharp (weight, well and curvature exact on the grid)", source: "Finel et al., PRL 121, 025501 (2018)"),
        .choice("capillarity", \.capillarity, "physical (curvature-compensated profile, Gibbs-Thomson overpotential) or allenCahn (v = -M l K on top of the kinetics)",
                source: "Sun and Beckermann, J. Comput. Phys. 220, 626 (2007)"),
        .quantity("mobilityRatio", \.mobilityRatio, "1", .between(0.1, 10), "Profile-keeping speed M over the largest local front speed"),
        .optionalQuantity("mobility", \.mobility, "m/s", .above(0), "Fixed profile-keeping speed M instead of mobilityRatio"),
        .quantity(
            "surfaceEnergy", \.surfaceEnergy, "J/m^2", .atLeast(0), "gamma of the metal surface; used with capillarity physical",
            source: "assumed, lithium"),
        .quantity(
            "ramp", \.ramp, "1", .between(0, 0.1),
            "delta: the reaction fades linearly to 0 between xi = 2 delta and delta, and likewise at the metal side"),
        .group("anisotropy", \.anisotropy),
        .flag(
            "samplesSurface", \.samplesSurface,
            "Take c and phi_l of the kinetics at the surface xi = 1/2, extrapolated along the gradients that the rate makes, instead of at each cell"),
        .flag("allowCoarse", \.allowCoarse, "Accept a spacing beyond the limit of the scheme"),
    ]

    /// Spacings (in halfWidth) above which the scheme is warned about and refused.
    public var coarseLimits: (warn: Double, refuse: Double) { scheme == .standard ? (1, 2) : (2, 2.5) }
}

/// Anisotropy of the surface energy.
public struct Anisotropy: ParameterGroup {
    public var strength = 0.0
    public var folds = 4
    public var angle = 0.0

    public init() {}

    public static let summary =
        "Anisotropy of the surface energy: 1 + strength cos(folds (theta - angle)) in 2D, 1 + strength (4 sum n_i^4 - 3) in 3D"
    public static let parameters: [Parameter<Self>] = [
        .quantity(
            "strength", \.strength, "1", .between(0, 0.3), "delta; beyond 1/(folds^2 - 1) some directions are missing from the equilibrium shape"),
        .integer("folds", \.folds, .between(2, 12), "Number of maxima round the circle, 2D"),
        .quantity("angle", \.angle, "deg", .any, "Direction of a maximum to the x axis, 2D"),
    ]
}
