import Electrodeposition
import Parameters
import RunFiles

/// The lines of a screening card: each takes what it needs from the coating, or says what is missing.
enum Screens {
    typealias Card = ScreeningCard
    typealias Conditions = ScreeningCard.Conditions

    static func entropy(_ coating: CoatingSettings, _: Conditions, _ card: inout Card) {
        let nominal = coating.composition.isEmpty ? nil : ConfigurationalEntropy(coating.composition, coating.anionComposition)
        let measured = coating.measuredAtomicPercent.isEmpty ? nil : ConfigurationalEntropy(coating.measuredComposition)
        guard let entropy = nominal ?? measured else {
            return card.lacks("configurational entropy", ["configurationalEntropyOverR", "entropyClass", "compositionRule"],
                              [("composition or measuredAtomicPercent", false)])
        }
        let rule = CompositionRule(nominal == nil ? coating.measuredComposition : coating.composition)
        var text = "\(Readable.significant(entropy.overR, 4)) R, \(entropy.entropyClass.rawValue) entropy"
        var members: [JSON5.Member] = [
            .init("configurationalEntropyOverR", JSON5(entropy.overR)), .init("entropyClass", JSON5(entropy.entropyClass.rawValue)),
            .init("compositionRule", ["met": JSON5(rule.isMet), "principalElements": JSON5(.list(rule.principal.map { JSON5($0) }))]),
        ]
        if let measured {
            let sum = coating.measuredAtomicPercent.values.sorted().reduce(0, +)
            card.note("measuredAtomicPercent sums to \(Readable.significant(sum, 4)) and was normalised to 1")
            members += [.init("configurationalEntropyOverRMeasured", JSON5(measured.overR)),
                        .init("entropyClassMeasured", JSON5(measured.entropyClass.rawValue))]
            if nominal != nil {
                text += "; \(Readable.significant(measured.overR, 4)) R, \(measured.entropyClass.rawValue), from the measured composition"
            }
        }
        card.add("configurational entropy", text, members)
        let outside = rule.outside.isEmpty ? "" : "; outside: " + rule.outside.joined(separator: ", ")
        card.add("five elements of 5 to 35 %", (rule.isMet ? "yes: " : "no: ") + "\(rule.principal.count) such elements" + outside, [])
    }

    static func coverage(_ coating: CoatingSettings, _: Conditions, _ card: inout Card) {
        guard let thickness = coating.thickness, let length = coating.coverageThickness else {
            let needs = [("thickness", coating.thickness != nil), ("coverageThickness", coating.coverageThickness != nil)]
            return card.lacks("coverage", ["coverage"], needs)
        }
        card.add("covered share", "\(percent(coating.coverage)) at \(nanometres(thickness)), d_c \(nanometres(length))",
                 [.init("coverage", JSON5(coating.coverage))])
    }

    static func resistance(_ coating: CoatingSettings, _ conditions: Conditions, _ card: inout Card) {
        guard let r = coating.arealResistance else {
            return card.lacks("resistance", ["arealResistance_ohm_cm2"], [("resistance or ionicConductivity with thickness", false)])
        }
        card.add("resistance", "\(Readable.significant(r * 1e4, 4)) ohm cm2: \(Readable.quantity(r * conditions.currentDensity, "V")) at \(current(conditions.currentDensity))",
                 [.init("arealResistance_ohm_cm2", JSON5(r * 1e4))])
    }

    static func siteFactor(_ coating: CoatingSettings, _ conditions: Conditions, _ card: inout Card) {
        guard let factor = coating.siteFactor(temperature: conditions.temperature) else {
            return card.lacks("site factor", ["siteFactor"], [("siteFactor, or activationEnergy and referenceActivationEnergy", false)])
        }
        let how = coating.siteFactor != nil ? "as given" : "exp((E_ref - E)/RT) at \(Readable.significant(conditions.temperature, 5)) K"
        card.add("factor on the exchange current", "\(Readable.significant(factor, 4)), \(how)", [.init("siteFactor", JSON5(factor))])
    }

    static func transport(_ coating: CoatingSettings, _ conditions: Conditions, _ card: inout Card) {
        let keys = ["maximumCurrentDensity_mA_cm2", "maximumThickness_nm"]
        guard !coating.diffusivity.isEmpty, let most = coating.maximumConcentration, let d = coating.slabThickness else {
            return card.lacks("current up to which metal plates underneath", keys, [
                ("diffusivity", !coating.diffusivity.isEmpty), ("maximumConcentration", coating.maximumConcentration != nil),
                ("thickness", coating.slabThickness != nil),
            ])
        }
        let limits = coating.diffusivity.map { TransportLimit(diffusivity: $0, maximumConcentration: most, valence: conditions.valence) }
        func range(_ value: (TransportLimit) -> Double) -> [Double] { limits.map { value($0) } }
        let here = range { $0.currentDensity(thickness: d) / 10 },
            thickest = range { $0.thickness(currentDensity: conditions.currentDensity) * 1e9 }
        card.add("plates underneath", "up to \(span(here)) mA/cm2 at \(nanometres(d)); at \(current(conditions.currentDensity)) up to \(span(thickest)) nm",
                 [.init(keys[0], json(here)), .init(keys[1], json(thickest))])
        let sweep = conditions.thicknesses.isEmpty ? [0.25, 0.5, 1, 2, 4].map { $0 * d } : conditions.thicknesses
        let rows = sweep.map { thickness in (thickness, range { $0.currentDensity(thickness: thickness) / 10 }) }
        card.add("  thickness sweep", rows.map { "\(nanometres($0.0)): \(span($0.1))" }.joined(separator: ", ") + " mA/cm2", [
                .init(
                    "maximumCurrentDensitySweep",
                    JSON5(.list(rows.map { ["thickness_nm": JSON5($0.0 * 1e9), "maximumCurrentDensity_mA_cm2": json($0.1)] })))
        ])
    }

    static func alloy(_ coating: CoatingSettings, _ conditions: Conditions, _ card: inout Card) {
        let keys = ["utilisation", "saturationTime_s"]
        guard !coating.diffusivity.isEmpty, let most = coating.maximumConcentration, let d = coating.slabThickness else {
            return card.lacks("use of an alloy layer", keys, [
                ("diffusivity", !coating.diffusivity.isEmpty), ("maximumConcentration", coating.maximumConcentration != nil),
                ("thickness", coating.slabThickness != nil),
            ])
        }
        let slabs = coating.diffusivity.map {
            SlabSaturation(currentDensity: conditions.currentDensity, thickness: d, diffusivity: $0, maximumConcentration: most,
                           initialConcentration: coating.initialConcentration ?? 0, valence: conditions.valence)
        }
        card.add("alloy layer", "\(current(conditions.currentDensity)) saturates its surface after \(span(slabs.map(\.time))) s, with \(span(slabs.map(\.utilisation))) of it used",
                 [.init(keys[0], json(slabs.map(\.utilisation))), .init(keys[1], json(slabs.map(\.time)))])
    }

    static func wetting(_ coating: CoatingSettings, _: Conditions, _ card: inout Card) {
        guard let ab = coating.metalCoatingEnergy, let bg = coating.coatingElectrolyteEnergy, let ag = coating.metalElectrolyteEnergy else {
            return card.lacks("wetting", ["wetting", "equilibriumThickness_nm"], [
                ("metalCoatingEnergy", coating.metalCoatingEnergy != nil),
                ("coatingElectrolyteEnergy", coating.coatingElectrolyteEnergy != nil),
                ("metalElectrolyteEnergy", coating.metalElectrolyteEnergy != nil),
            ])
        }
        let wetting = Wetting(metalCoating: ab, coatingElectrolyte: bg, metalElectrolyte: ag, decayLength: coating.decayLength,
                              bulkFreeEnergy: coating.bulkFreeEnergy)
        let gain = "dgamma \(Readable.quantity(wetting.gain, "J/m2"))", thickness = wetting.equilibriumThickness
        guard let verdict = wetting.verdict else {
            card.add("wetting", "wets (\(gain)); how thick a film is stable is not known",
                     [.init("wets", true), .init("wettingGain_J_m2", JSON5(wetting.gain))])
            return card.lacks("stable thickness", ["wetting", "equilibriumThickness_nm"],
                              [("decayLength", coating.decayLength != nil), ("bulkFreeEnergy", coating.bulkFreeEnergy != nil)])
        }
        let text = switch verdict {
        case .wetting: "wets (\(gain)); stable at any thickness"
        case .prewetting: "prewetting film (\(gain)), stable at \(nanometres(thickness ?? .nan))"
        case .tooCostly: "wets (\(gain)) but the volume costs more: no film"
        case .dewetting: "does not wet (\(gain))"
        }
        card.add("wetting", text, [
            .init("wetting", JSON5(verdict.rawValue)), .init("wets", JSON5(wetting.wets)), .init("wettingGain_J_m2", JSON5(wetting.gain)),
            .init("equilibriumThickness_nm", thickness.map { JSON5($0 * 1e9) } ?? .null),
        ])
    }

    static func corrosion(_ coating: CoatingSettings, _ conditions: Conditions, _ card: inout Card) {
        guard let i = coating.corrosionCurrentDensity else {
            return card.lacks("corrosion", ["corrosionLoss"], [("corrosionCurrentDensity", false)])
        }
        let penalty = CorrosionPenalty(corrosionCurrentDensity: i, currentDensity: conditions.currentDensity,
                                       factor: conditions.corrosionFactor)
        card.add("corrosion", "takes \(percent(penalty.loss)) of a cycle at \(current(conditions.currentDensity)) (\(Readable.significant(conditions.corrosionFactor, 2)) of the Tafel current, fitted)",
                 [.init("corrosionLoss", JSON5(penalty.loss)), .init("corrosionFactor", JSON5(conditions.corrosionFactor))])
    }

    static func stability(_ coating: CoatingSettings, _: Conditions, _ card: inout Card) {
        guard let young = coating.youngModulus, let poisson = coating.poissonRatio else {
            return card.lacks("stability number", ["stabilityNumber", "stabilityVerdict"],
                              [("youngModulus", coating.youngModulus != nil), ("poissonRatio", coating.poissonRatio != nil)])
        }
        let number = StabilityNumber(youngModulus: young, poissonRatio: poisson)
        card.add("shear modulus over lithium's", "\(span([number.low, number.high])); \(number.verdict.rawValue) (stable from \(Readable.significant(StabilityNumber.threshold, 2)), Monroe and Newman)",
                 [.init("stabilityNumber", json([number.low, number.high])), .init("stabilityVerdict", JSON5(number.verdict.rawValue))])
    }

    static func strayField(_ coating: CoatingSettings, _: Conditions, _ card: inout Card) {
        guard let m = coating.magnetisation else { return card.lacks("magnetic field", ["saturationField_T"], [("magnetisation", false)]) }
        let field = StrayField(magnetisation: m)
        card.add("magnetic field", "mu0 M \(Readable.quantity(field.saturation, "T")); none outside of a uniform film, domains of period p reach p/2 pi",
                 [.init("saturationField_T", JSON5(field.saturation)), .init("uniformStrayField_T", JSON5(0.0))])
    }

    // MARK: - Words

    private static func percent(_ share: Double) -> String { "\(Readable.significant(100 * share, 3)) %" }
    private static func current(_ density: Double) -> String { "\(Readable.significant(density / 10, 3)) mA/cm2" }
    private static func nanometres(_ length: Double) -> String {
        let text = Readable.significant(length * 1e9, 4)
        return (text.contains(".") ? String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()) : text) + " nm"
    }

    /// One value, or the lowest and highest of a range.
    private static func span(_ values: [Double]) -> String {
        let texts = [values.min() ?? .nan, values.max() ?? .nan].map { Readable.significant($0, 4) }
        return texts[0] == texts[1] ? texts[0] : texts.joined(separator: " to ")
    }

    private static func json(_ values: [Double]) -> JSON5 {
        values.count == 1 ? JSON5(values[0]) : JSON5(.list(values.sorted().map { JSON5($0) }))
    }
}
