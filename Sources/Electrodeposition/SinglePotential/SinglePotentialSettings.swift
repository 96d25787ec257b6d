public import Parameters

/// The phase-field model of the literature with one potential for metal and electrolyte, in its grand-potential form.
public struct SinglePotentialSettings: ParameterGroup {
    /// Whether potential and salt are solved for, or uniform.
    public enum Transport: String, CaseIterable, Sendable { case coupled, uniform }
    /// Where the integrals over bilinear elements are evaluated: at the nodes, which makes five-point operators and local rates, or at Gauss points.
    public enum Quadrature: String, CaseIterable, Sendable { case nodes, elements }

    public var mobility = 2.5e-6
    public var reactionRate = 1e-3
    public var barrier = 6e6
    public var gradientEnergy = 7.5e-7
    public var diffusivity = 317.9e-12
    public var metalConductivity = 1e6
    public var electrolyteConductivity = 1.19
    public var metalSiteDensity = 7.64e4
    public var siteRatio = 5.5
    public var electrolyteEnergy = 2.631
    public var metalEnergy = -13.8
    public var diffusionPower = 2
    public var noise = 0.04
    public var transport = Transport.coupled
    public var quadrature = Quadrature.elements

    public init() {}

    private static let publication = "Hong and Viswanathan, ACS Energy Lett. 3, 1737 (2018)"

    public static let summary = "The one-potential model of the literature (model singlePotential), for comparison; it also uses "
        + "grid, initial, control.potential, kinetics.transferCoefficient and temperature, noise.seed and interval, end and time"
    public static let parameters: [Parameter<Self>] = [
        .quantity("mobility", \.mobility, "m^3/(J s)", .above(0), "L_s of the interface energy", source: publication),
        .quantity("reactionRate", \.reactionRate, "1/s", .above(0), "L_e of the Butler-Volmer term; i0 = 6 l L_e nF C_s",
                  source: publication),
        .quantity("barrier", \.barrier, "J/m^3", .above(0), "W of the double well W xi^2 (1-xi)^2", source: publication),
        .quantity("gradientEnergy", \.gradientEnergy, "J/m", .above(0), "kappa; the half-width of the interface is l = sqrt(kappa/2W)",
                  source: publication),
        .quantity("diffusivity", \.diffusivity, "m^2/s", .above(0), "D of the cation in the electrolyte", source: publication),
        .quantity("metalConductivity", \.metalConductivity, "S/m", .above(0), "sigma_s", source: publication),
        .quantity("electrolyteConductivity", \.electrolyteConductivity, "S/m", .above(0), "sigma_l", source: publication),
        .quantity("metalSiteDensity", \.metalSiteDensity, "mol/m^3", .above(0), "C_s", source: publication),
        .quantity("siteRatio", \.siteRatio, "1", .above(0), "C_s/C_l", source: publication),
        .quantity("electrolyteEnergy", \.electrolyteEnergy, "1", .any, "eps_l of the cation in units of RT; c0/C_l = 1/(1 + e^eps_l)",
                  source: publication),
        .quantity("metalEnergy", \.metalEnergy, "1", .any, "eps_s in units of RT", source: publication),
        .integer("diffusionPower", \.diffusionPower, .between(1, 2),
                 "Power of 1 - h in the diffusional flux; that in the migrational flux is 2"),
        .quantity("noise", \.noise, "1/s", .atLeast(0), 
                  "Amplitude of the uniform noise in d xi/dt, one number per Gauss point, shape function and noise.interval",
                  source: publication),
        .choice("transport", \.transport, "coupled, or uniform (phi = control.potential and c = c0 everywhere: the kinetics alone)"),
        .choice("quadrature", \.quadrature,
                "Integrals over bilinear elements at the nodes (five-point operators, local rates), or at Gauss points (elements), "
                    + "as in the published runs"),
    ]

    /// l of the profile 1/2 (1 - tanh(n/2l)), m.
    public var halfWidth: Double { (gradientEnergy / (2 * barrier)).squareRoot() }
    /// sqrt(2 kappa W)/6, J/m^2
    public var surfaceEnergy: Double { (2 * gradientEnergy * barrier).squareRoot() / 6 }

    /// What is wrong with an input of this model.
    public static func validate(_ s: SimulationSettings, _ own: SinglePotentialSettings, _ report: inout Report) {
        if s.grid.size.count != 2 { report.error("is three-dimensional; model singlePotential is solved in 2D", at: "grid.size") }
        if s.precision != .double { report.error("must be double with model singlePotential", at: "precision") }
        if s.control.mode != .potentiostatic { report.error("must be potentiostatic with model singlePotential", at: "control.mode") }
        if s.end.time == nil { report.error("is needed with model singlePotential", at: "end.time") }
        if s.end.capacity != nil || s.end.voltage != nil { report.error("knows time and gap with model singlePotential", at: "end") }
        if s.grid.spacing > 1.001 * own.halfWidth {
            let cell = (10 * s.grid.spacing / own.halfWidth).rounded() / 10
            report.warning("is \(cell) half-widths of the interface of model singlePotential, whose front pins to the grid above 1",
                           at: "grid.spacing")
        }
    }
}
