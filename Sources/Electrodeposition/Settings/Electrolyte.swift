public import Parameters

/// The electrolyte: a binary z:z salt in a liquid, or a single-ion conductor.
public struct Electrolyte: ParameterGroup {
    public enum Kind: String, CaseIterable, Sendable { case liquid, singleIon }
    /// Which potential phi_l is: the electrostatic one, or the one a lithium reference electrode in the electrolyte measures.
    public enum Potential: String, CaseIterable, Sendable { case electrostatic, reference }
    public enum PropertyLaw: String, CaseIterable, Sendable { case constant, nernstEinstein, table }

    public var kind = Kind.liquid
    public var concentration = 1000.0
    public var diffusivity = 3.2e-10
    public var conductivity = 1.0
    public var transferenceNumber = 0.38
    public var potential = Potential.electrostatic
    public var thermodynamicFactor = 1.0
    public var conductivityLaw = PropertyLaw.constant
    public var diffusivityLaw = PropertyLaw.constant
    public var tableConcentrations: [Double] = []
    public var tableConductivities: [Double] = []
    public var tableDiffusivities: [Double] = []
    public var fractionFloor = 1e-3

    public init() {}

    public static let summary = "The electrolyte: a binary salt in a liquid, or a single-ion conductor"
    public static let parameters: [Parameter<Self>] = [
        .choice("kind", \.kind, "liquid, or singleIon (t+ = 1 and a fixed concentration: only the charge equation is solved)"),
        .quantity("concentration", \.concentration, "mol/m^3", .above(0), "c0, initial concentration and that of a reservoir; c_ref of the kinetics"),
        .quantity("diffusivity", \.diffusivity, "m^2/s", .above(0), "D of the salt", source: "LiPF6-type liquid"),
        .quantity("conductivity", \.conductivity, "S/m", .above(0), "kappa at c0", source: "LiPF6-type liquid: 1.0 to 1.19 S/m"),
        .quantity(
            "transferenceNumber", \.transferenceNumber, "1", .atLeast(0, below: 1), "t+ of the cation", source: "assumed; usual range 0.2 to 0.4"),
        .choice(
            "potential", \.potential, "phi_l is the electrostatic potential, or that measured by a reference electrode of the metal (non-ideal data)"),
        .quantity("thermodynamicFactor", \.thermodynamicFactor, "1", .above(0), "1 + d ln f/d ln c; used with potential reference"),
        .choice("conductivityLaw", \.conductivityLaw, "constant, nernstEinstein (zF f D c/(2 t+ (1-t+))), or table"),
        .choice("diffusivityLaw", \.diffusivityLaw, "constant, or table"),
        .quantities("tableConcentrations", \.tableConcentrations, "mol/m^3", .above(0), "Concentrations of the tables, rising"),
        .quantities("tableConductivities", \.tableConductivities, "S/m", .above(0), "kappa at those concentrations"),
        .quantities("tableDiffusivities", \.tableDiffusivities, "m^2/s", .above(0), "D at those concentrations"),
        .quantity("fractionFloor", \.fractionFloor, "1", .above(0, atMost: 0.1), "Smallest electrolyte fraction eps used inside the metal"),
    ]

    public func validate(_ report: inout Report) {
        for (law, values, name) in [(conductivityLaw, tableConductivities, "tableConductivities"),
                                    (diffusivityLaw, tableDiffusivities, "tableDiffusivities")] where law == .table {
            if tableConcentrations.count < 2 || values.count != tableConcentrations.count {
                report.error(
                    "has \(values.count) values for \(tableConcentrations.count) tableConcentrations; a table needs as many of both, at least 2",
                    at: name)
            }
        }
        if zip(tableConcentrations, tableConcentrations.dropFirst()).contains(where: { $0 >= $1 }) {
            report.error("must rise from each value to the next", at: "tableConcentrations")
        }
        if diffusivityLaw == .nernstEinstein {
            report.error("knows constant and table; nernstEinstein ties the conductivity to the diffusivity", at: "diffusivityLaw")
        }
        if conductivityLaw == .nernstEinstein && transferenceNumber == 0 {
            report.error(
                "is 0, which gives no finite nernstEinstein conductivity; give a t+ above 0 or another conductivityLaw", at: "transferenceNumber")
        }
    }

    public var isSingleIon: Bool { kind == .singleIon }
    /// t+, 1 for a single-ion conductor.
    public var effectiveTransference: Double { isSingleIon ? 1 : transferenceNumber }

    /// kappa of the Nernst-Einstein relation at concentration c, S/m.
    public func nernstEinstein(_ c: Double, metal: Metal, temperature: Double) -> Double {
        let f = metal.thermalFactor(temperature: temperature)
        return metal.valence * Constants.faraday * f * diffusivity * c / (2 * transferenceNumber * (1 - transferenceNumber))
    }
}
