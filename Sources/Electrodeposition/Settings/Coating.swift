import Glibc
public import Parameters

/// A coating on the electrode: what is known about it. A value that is not known is nil, never a default.
public struct CoatingSettings: ParameterGroup {
    public var name = ""
    public var substrate: String?
    public var composition: [String: Double] = [:]
    public var anionComposition: [String: Double] = [:]
    public var measuredAtomicPercent: [String: Double] = [:]
    public var layers: [CoatingLayer] = []
    public var thickness: Double?
    public var coverageThickness: Double?

    public var resistance: Double?
    public var ionicConductivity: Double?
    public var resistanceVariation: Double?
    public var correlationLength: Double?
    public var activationEnergy: Double?
    public var referenceActivationEnergy: Double?
    public var siteFactor: Double?
    public var diffusivity: [Double] = []
    public var alloyThickness: Double?
    public var maximumConcentration: Double?
    public var initialConcentration: Double?
    public var openCircuitFractions: [Double] = []
    public var openCircuitPotentials: [Double] = []
    public var corrosionCurrentDensity: Double?

    public var failureStrain: Double?
    public var youngModulus: Double?
    public var poissonRatio: Double?
    public var yieldStress: Double?
    public var density: Double?
    public var magnetisation: Double?

    public var metalCoatingEnergy: Double?
    public var coatingElectrolyteEnergy: Double?
    public var metalElectrolyteEnergy: Double?
    public var decayLength: Double?
    public var bulkFreeEnergy: Double?

    public var measured = MeasuredBehaviour()
    public var evidence: [String: Evidence] = [:]

    public init() {}

    public static let summary = "A coating on the electrode; what is not known is left out"
    public static let parameters: [Parameter<Self>] = [
        .text("name", \.name, "Name in tables and figures"),
        .optionalText("substrate", \.substrate, "What the coating lies on"),
        .quantityMap("composition", \.composition, "1", .between(0, 1),
                     "Mole fraction of each element (of the cations of a compound); sums to 1"),
        .quantityMap("anionComposition", \.anionComposition, "1", .between(0, 1), "Mole fraction of each anion of a compound; sums to 1"),
        .quantityMap("measuredAtomicPercent", \.measuredAtomicPercent, "1", .atLeast(0),
                     "Atomic percent as a measurement prints them, of any sum; shares of the sum are used"),
        .list("layers", \.layers, "Layers from the electrolyte to the substrate"),
        .optionalQuantity("thickness", \.thickness, "nm", .above(0), "Thickness"),
        .optionalQuantity("coverageThickness", \.coverageThickness, "nm", .above(0),
                          "d_c: a film of thickness d covers 1 - exp(-d/d_c) of the electrode"),
        .optionalQuantity("resistance", \.resistance, "ohm cm^2", .atLeast(0), "Areal resistance to the ion's passage at this thickness"),
        .optionalQuantity("ionicConductivity", \.ionicConductivity, "mS/cm", .above(0), "Ionic conductivity, instead of resistance"),
        .optionalQuantity("resistanceVariation", \.resistanceVariation, "1", .between(0, 3),
                          "Coefficient of variation of the resistance along the surface"),
        .optionalQuantity("correlationLength", \.correlationLength, "um", .above(0), "Correlation length of that variation"),
        .optionalQuantity("activationEnergy", \.activationEnergy, "kJ/mol", .atLeast(0),
                          "Activation energy of the ion's passage; gives a site factor"),
        .optionalQuantity("referenceActivationEnergy", \.referenceActivationEnergy, "kJ/mol", .atLeast(0),
                          "The same of the bare metal in the same cell"),
        .optionalQuantity("siteFactor", \.siteFactor, "1", .above(0),
                          "Factor on the exchange current density, instead of activation energies"),
        .quantities("diffusivity", \.diffusivity, "cm^2/s", .above(0), count: 0...2,
                    "Diffusivity of the metal in the coating: one value, or the lowest and highest reported"),
        .optionalQuantity("alloyThickness", \.alloyThickness, "nm", .above(0),
                          "Thickness of the part that takes up the metal; the whole thickness when not given"),
        .optionalQuantity("maximumConcentration", \.maximumConcentration, "mol/L", .above(0),
                          "Concentration of the metal at which the coating is saturated"),
        .optionalQuantity("initialConcentration", \.initialConcentration, "mol/L", .atLeast(0),
                          "The same at the start; none when not given"),
        .quantities("openCircuitFractions", \.openCircuitFractions, "1", .between(0, 1),
                    "Concentration of the metal over maximumConcentration at which openCircuitPotentials are given, rising to 1"),
        .quantities("openCircuitPotentials", \.openCircuitPotentials, "mV", .atLeast(0),
                    "Equilibrium potential of the metal in the coating against the metal itself, falling to 0 at saturation"),
        .optionalQuantity("corrosionCurrentDensity", \.corrosionCurrentDensity, "mA/cm^2", .atLeast(0),
                          "Corrosion current density of a Tafel plot"),
        .optionalQuantity("failureStrain", \.failureStrain, "%", .above(0), "Area stretch at which the film breaks"),
        .optionalQuantity("youngModulus", \.youngModulus, "GPa", .above(0), "Young's modulus"),
        .optionalQuantity("poissonRatio", \.poissonRatio, "1", .above(-1, below: 0.5), "Poisson's ratio"),
        .optionalQuantity("yieldStress", \.yieldStress, "MPa", .above(0), "Yield stress"),
        .optionalQuantity("density", \.density, "g/cm^3", .above(0), "Mass density"),
        .optionalQuantity("magnetisation", \.magnetisation, "kA/m", .atLeast(0), "Saturation magnetisation"),
        .optionalQuantity("metalCoatingEnergy", \.metalCoatingEnergy, "J/m^2", .any, "gamma_ab: interface energy of metal and coating"),
        .optionalQuantity("coatingElectrolyteEnergy", \.coatingElectrolyteEnergy, "J/m^2", .any,
                          "gamma_bg: interface energy of coating and electrolyte"),
        .optionalQuantity("metalElectrolyteEnergy", \.metalElectrolyteEnergy, "J/m^2", .any,
                          "gamma_ag(0): interface energy of metal and electrolyte without coating"),
        .optionalQuantity("decayLength", \.decayLength, "nm", .above(0),
                          "xi: length over which the interfaces of a film cease to feel each other"),
        .optionalQuantity("bulkFreeEnergy", \.bulkFreeEnergy, "J/m^3", .any, "dG_vol: free energy of forming the coating, per volume"),
        .group("measured", \.measured),
    ]

    public func validate(_ report: inout Report) {
        for (fractions, name) in [(composition, "composition"), (anionComposition, "anionComposition")] where !fractions.isEmpty {
            let sum = fractions.values.sorted().reduce(0, +)
            if abs(sum - 1) > 1e-6 {
                report.error("sums to \(rounded(sum)), not to 1; measuredAtomicPercent takes values of any sum", at: name)
            }
        }
        if !measuredAtomicPercent.isEmpty && measuredAtomicPercent.values.allSatisfy({ $0 == 0 }) {
            report.error("is zero for every element", at: "measuredAtomicPercent")
        }
        if diffusivity.count == 2 && diffusivity[0] > diffusivity[1] {
            report.error("must be the lowest and then the highest value", at: "diffusivity")
        }
        if resistance != nil && ionicConductivity != nil {
            report.error("is given beside resistance; give one of them", at: "ionicConductivity")
        }
        if ionicConductivity != nil && thickness == nil { report.error("needs thickness to make a resistance", at: "ionicConductivity") }
        if siteFactor != nil && activationEnergy != nil {
            report.error("is given beside activationEnergy; give one of them", at: "siteFactor")
        }
        if (activationEnergy == nil) != (referenceActivationEnergy == nil) {
            report.error("and referenceActivationEnergy belong together; one of them is missing", at: "activationEnergy")
        }
        if let initial = initialConcentration, let most = maximumConcentration, initial >= most {
            report.error("must be below maximumConcentration", at: "initialConcentration")
        }
        validateOpenCircuit(&report)
        if let alloyThickness, let thickness, alloyThickness > thickness * (1 + 1e-9) {
            report.error("is more than thickness", at: "alloyThickness")
        }
        let total = layers.map(\.thickness).reduce(0, +)
        if let thickness, !layers.isEmpty, abs(total / thickness - 1) > 1e-6 {
            report.error("is \(rounded(thickness * 1e9)) nm; the layers sum to \(rounded(total * 1e9)) nm", at: "thickness")
        }
    }

    private func validateOpenCircuit(_ report: inout Report) {
        let fractions = openCircuitFractions, potentials = openCircuitPotentials
        guard !(fractions.isEmpty && potentials.isEmpty) else { return }
        if fractions.count < 2 || potentials.count != fractions.count {
            return report.error("has \(potentials.count) values for \(fractions.count) openCircuitFractions; a curve needs as many of both, at least 2",
                                at: "openCircuitPotentials")
        }
        if zip(fractions, fractions.dropFirst()).contains(where: { $0 >= $1 }) || fractions.last != 1 {
            report.error("must rise from each value to the next, to 1", at: "openCircuitFractions")
        }
        if zip(potentials, potentials.dropFirst()).contains(where: { $0 < $1 }) || potentials.last != 0 {
            report.error("must fall from each value to the next, to 0: saturated, the coating is in equilibrium with the metal",
                         at: "openCircuitPotentials")
        }
    }

    // MARK: - What follows from the values

    /// Equilibrium potential of the metal in the coating against the metal itself, V, at a concentration over the one of saturation: linear
    /// between the given values, constant below the first; nil when none are given.
    public func openCircuitPotential(at fraction: Double) -> Double? {
        guard let last = openCircuitFractions.indices.last else { return nil }
        guard let n = openCircuitFractions.firstIndex(where: { $0 > fraction }) else { return openCircuitPotentials[last] }
        guard n > 0 else { return openCircuitPotentials[0] }
        let (x0, x1) = (openCircuitFractions[n - 1], openCircuitFractions[n]), share = (fraction - x0) / (x1 - x0)
        return openCircuitPotentials[n - 1] + share * (openCircuitPotentials[n] - openCircuitPotentials[n - 1])
    }

    /// Areal resistance, ohm m^2: as given, or thickness over conductivity.
    public var arealResistance: Double? {
        if let resistance { return resistance }
        if let thickness, let ionicConductivity { return thickness / ionicConductivity }
        return nil
    }

    /// Whether a film lies on the metal and resists the ion; a coating without it may still be an alloy layer under the metal, or a name.
    public var hasFilm: Bool { arealResistance != nil }

    /// Thickness in which the metal dissolves, m.
    public var slabThickness: Double? { alloyThickness ?? thickness }

    /// Factor on the exchange current density: as given, or exp((E_a,ref - E_a)/RT).
    public func siteFactor(temperature: Double) -> Double? {
        if let siteFactor { return siteFactor }
        guard let activationEnergy, let referenceActivationEnergy else { return nil }
        return exp((referenceActivationEnergy - activationEnergy) / (Constants.gas * temperature))
    }

    /// Share of the electrode that a film of this thickness covers, 1 - exp(-d/d_c); 1 without a coverageThickness.
    public var coverage: Double {
        guard let thickness, let coverageThickness else { return 1 }
        return 1 - exp(-thickness / coverageThickness)
    }

    /// The measured composition as shares that sum to 1.
    public var measuredComposition: [String: Double] {
        let sum = measuredAtomicPercent.values.sorted().reduce(0, +)
        return measuredAtomicPercent.mapValues { $0 / sum }
    }
}

/// A layer of a coating.
public struct CoatingLayer: ParameterGroup {
    public var material = ""
    public var thickness = 0.0

    public init() {}

    public static let summary = "A layer of a coating"
    public static let parameters: [Parameter<Self>] = [
        Parameter.text("material", \.material, "What it is made of").required,
        Parameter.quantity("thickness", \.thickness, "nm", .above(0), "Thickness").required,
    ]
}

/// What was measured on cells with a coating: compared with results, never used to make them.
public struct MeasuredBehaviour: ParameterGroup {
    public var nucleationOverpotential: Double?
    public var secondNucleationOverpotential: Double?
    public var platingOverpotential: Double?
    public var strippingOverpotential: Double?
    public var polarisation: Double?
    public var criticalCurrentDensity: Double?
    public var coulombicEfficiency: Double?
    public var cyclesToFailure: Double?
    public var life: Double?
    public var timeToDendrites: Double?
    public var cellResistance: Double?
    public var laterCellResistance: Double?
    public var adhesionEnergy: Double?
    public var note: String?

    public init() {}

    public static let summary = "What was measured on cells with the coating: for comparison, without effect on a run"
    public static let parameters: [Parameter<Self>] = [
        .optionalQuantity("nucleationOverpotential", \.nucleationOverpotential, "mV", .atLeast(0), "Nucleation overpotential, first cycle"),
        .optionalQuantity("secondNucleationOverpotential", \.secondNucleationOverpotential, "mV", .atLeast(0), "The same, second cycle"),
        .optionalQuantity("platingOverpotential", \.platingOverpotential, "mV", .atLeast(0), "Plating overpotential, first cycle"),
        .optionalQuantity("strippingOverpotential", \.strippingOverpotential, "mV", .atLeast(0), "Stripping overpotential, first cycle"),
        .optionalQuantity("polarisation", \.polarisation, "mV", .atLeast(0), "Polarisation after cycling"),
        .optionalQuantity("criticalCurrentDensity", \.criticalCurrentDensity, "mA/cm^2", .above(0), "Critical current density"),
        .optionalQuantity("coulombicEfficiency", \.coulombicEfficiency, "%", .between(0, 100), "Coulombic efficiency"),
        .optionalQuantity("cyclesToFailure", \.cyclesToFailure, "1", .atLeast(0), "Cycles until failure, or at least survived"),
        .optionalQuantity("life", \.life, "h", .above(0), "Life of a symmetric cell, or time survived"),
        .optionalQuantity("timeToDendrites", \.timeToDendrites, "min", .above(0), "Time until dendrites are seen"),
        .optionalQuantity("cellResistance", \.cellResistance, "ohm", .atLeast(0),
                          "Interphase and charge-transfer resistance of the cell, first cycle"),
        .optionalQuantity("laterCellResistance", \.laterCellResistance, "ohm", .atLeast(0), "The same after cycling"),
        .optionalQuantity("adhesionEnergy", \.adhesionEnergy, "J/m^2", .any, "Energy of adhesion to the metal, positive when it sticks"),
        .optionalText("note", \.note, "Conditions of the measurement, and what has no parameter"),
    ]
}

/// Six decimals at most, for a sentence.
private func rounded(_ x: Double) -> String { JSON5(.number((x * 1e6).rounded() / 1e6)).text(.line) }
