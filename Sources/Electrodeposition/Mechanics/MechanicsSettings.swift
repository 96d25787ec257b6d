public import Parameters

/// Stress that growth causes, and what it does to the kinetics.
public struct MechanicsSettings: ParameterGroup {
    public enum Ends: String, CaseIterable, Sendable { case rollers, platen }
    public enum Sampling: String, CaseIterable, Sendable { case metal, local }
    public enum Solver: String, CaseIterable, Sendable { case automatic, green, multigrid }

    public var metal = MetalElasticity()
    public var electrolyte = ElectrolyteElasticity()
    public var coating: ResolvedCoating?
    public var film: FilmElasticity?
    public var growthStrain = SIMD3(0, 0.01, 0)
    public var ends = Ends.rollers
    public var stackPressure = 0.0
    public var kinetic = true
    public var variational = false
    public var sampling = Sampling.metal
    public var interval = 0.5
    public var tolerance = 1e-4
    public var solver = Solver.automatic

    public init() {}

    public static let summary = "Stress in the cell, div (C e - h C_metal e*) = 0, laterally periodic; {} switches it on"
    public static let parameters: [Parameter<Self>] = [
        .group("metal", \.metal),
        .group("electrolyte", \.electrolyte),
        .optionalGroup("coating", \.coating),
        .optionalGroup("film", \.film),
        .vector(
            "growthStrain", \.growthStrain, "1", .between(-0.2, 0.2), "e*: eigenstrain of the metal along x, y (growth) and z", source: "assumed"),
        .choice(
            "ends", \.ends,
            "Ends of y: rollers (fixed, without friction), or a rigid platen without friction on y = L that presses with stackPressure"),
        .quantity("stackPressure", \.stackPressure, "MPa", .any, "Pressure of the platen; used with ends platen"),
        .flag("kinetic", \.kinetic, "Add eta_mech = -V_m sigma_h/(zF) to the overpotential: 0.135 mV per MPa of lithium, compression slows plating"),
        .flag(
            "variational", \.variational,
            "Drive the interface by -(M/l) d f_el/d xi over 6 gamma/l instead of the kinetics; never together with kinetic. The profile bears energies up to about 0.5 gamma/l"
        ),
        .choice(
            "sampling", \.sampling,
            "sigma_h of eta_mech: metal (2.5 half-widths under the surface, where the metal is pure) or local (in each cell of the diffuse surface)"),
        .quantity(
            "interval", \.interval, "1", .between(0, 10),
            "Travel of the surface, in cells, after which the stress is solved anew: what stress adds to the growth of a wave changed by 0.5 % at 0.5, 0.7 % at 1 (eta_mech is extrapolated in between)"
        ),
        .quantity("tolerance", \.tolerance, "1", .above(0, atMost: 1e-2), "Relative residual of the solve"),
        .choice("solver", \.solver, "Preconditioner: automatic (green at a contrast of moduli up to 4, else multigrid), green or multigrid"),
    ]

    public func validate(_ report: inout Report) {
        if kinetic && variational {
            report.error("is on together with kinetic, which counts the work of the stress twice; switch one of them off", at: "variational")
        }
        if stackPressure != 0 && ends == .rollers {
            report.error("needs ends platen; between rollers the height is given and the pressure follows", at: "stackPressure")
        }
    }
}

private func checkPoisson(_ nu: Double, _ report: inout Report) {
    if nu >= 0.5 {
        report.error(
            "is \(nu): at 1/2 and above a solid resists any change of volume without limit, lambda = E nu/((1 + nu)(1 - 2 nu)) is not finite and positive; give less than 0.5, 0.49 for a nearly incompressible one",
            at: "poissonRatio")
    } else if nu <= -1 {
        report.error("is \(nu): at -1 and below the shear modulus E/(2 (1 + nu)) is not finite and positive; give more than -1", at: "poissonRatio")
    }
}

/// Elasticity and strength of the metal.
public struct MetalElasticity: ParameterGroup {
    public var youngModulus = 7.8e9
    public var poissonRatio = 0.36
    public var yieldStress: Double?

    public init() {}

    public static let summary = "Elasticity and strength of the metal"
    public static let parameters: [Parameter<Self>] = [
        .quantity(
            "youngModulus", \.youngModulus, "GPa", .above(0), "E of the metal", source: "lithium, 4.9 to 7.8 GPa (Xu et al., PNAS 114, 57, 2017)"),
        .quantity("poissonRatio", \.poissonRatio, "1", .any, "nu of the metal, below 0.5", source: "assumed, lithium 0.36 to 0.38"),
        .optionalQuantity("yieldStress", \.yieldStress, "MPa", .above(0), "J2 yield stress of the metal, without hardening; elastic when not given (micron-scale lithium: 105 MPa)",
                          source: "Xu et al., PNAS 114, 57 (2017)"),
    ]

    public func validate(_ report: inout Report) { checkPoisson(poissonRatio, &report) }
}

/// Elasticity of the electrolyte.
public struct ElectrolyteElasticity: ParameterGroup {
    public enum State: String, CaseIterable, Sendable { case liquid, solid }

    public var state = State.liquid
    public var youngModulus = 10e9
    public var poissonRatio = 0.3
    public var bulkModulus = 1e9
    public var shearRatio = 0.01

    public init() {}

    public static let summary = "Elasticity of the electrolyte"
    public static let parameters: [Parameter<Self>] = [
        .choice("state", \.state, "liquid (bulkModulus, and a shear modulus that is negligible), or solid (youngModulus, poissonRatio)"),
        .quantity(
            "youngModulus", \.youngModulus, "GPa", .above(0), "E of a solid electrolyte",
            source: "sulphides 10 to 22 GPa, treated argyrodite 10.03 GPa"),
        .quantity("poissonRatio", \.poissonRatio, "1", .any, "nu of a solid electrolyte, below 0.5", source: "assumed"),
        .quantity("bulkModulus", \.bulkModulus, "GPa", .above(0), "K of a liquid electrolyte", source: "organic carbonates, about 1 GPa"),
        .quantity(
            "shearRatio", \.shearRatio, "1", .between(1e-4, 1),
            "Shear modulus that stands for a liquid's, over that of the metal; the solver slows down below 0.01"),
    ]

    public func validate(_ report: inout Report) { checkPoisson(poissonRatio, &report) }
}

/// A coating that the grid resolves.
public struct ResolvedCoating: ParameterGroup {
    public var thickness: Double?
    public var youngModulus: Double?
    public var poissonRatio: Double?

    public init() {}

    public static let summary =
        "A coating on the metal that the grid resolves and that moves with the surface; thinner ones are a film. {} takes thickness and elasticity of the run's coating"
    public static let parameters: [Parameter<Self>] = [
        .optionalQuantity(
            "thickness", \.thickness, "um", .above(0),
            "Thickness, up to 4 interface half-widths: as far as the distance to the surface is known; coating.thickness when not given"),
        .optionalQuantity("youngModulus", \.youngModulus, "GPa", .above(0), "E; coating.youngModulus when not given"),
        .optionalQuantity(
            "poissonRatio", \.poissonRatio, "1", .any, "nu, below 0.5; when not given coating.poissonRatio, and 0.3 where that is not known",
            source: "assumed"),
    ]

    public func validate(_ report: inout Report) { poissonRatio.map { checkPoisson($0, &report) } }
}

/// A film of nanometres that the grid does not resolve.
public struct FilmElasticity: ParameterGroup {
    public var thickness: Double?
    public var youngModulus: Double?
    public var poissonRatio: Double?
    public var strain = 0.0

    public init() {}

    public static let summary =
        "A film of nanometres on the metal: pressure sigma d K - E d^3/(12 (1 - nu^2)) lap K of membrane and bending, which adds V_m p/(zF) to the overpotential. {} takes thickness and elasticity of the run's coating"
    public static let parameters: [Parameter<Self>] = [
        .optionalQuantity("thickness", \.thickness, "nm", .above(0), "d; coating.thickness when not given"),
        .optionalQuantity("youngModulus", \.youngModulus, "GPa", .above(0), "E; coating.youngModulus when not given"),
        .optionalQuantity(
            "poissonRatio", \.poissonRatio, "1", .any, "nu, below 0.5; when not given coating.poissonRatio, and 0.3 where that is not known",
            source: "assumed"),
        .quantity(
            "strain", \.strain, "1", .between(-0.2, 0.2),
            "Membrane strain e, tension positive: sigma = E e/(1 - nu^2) in the plane, E e/(1 - nu) in space"),
    ]

    public func validate(_ report: inout Report) { poissonRatio.map { checkPoisson($0, &report) } }
}
