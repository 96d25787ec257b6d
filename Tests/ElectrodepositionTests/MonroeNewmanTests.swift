import Electrodeposition
import Glibc
import Testing

/// Whether stress makes a wave of the surface grow, against the exact stress of two layers (`LayerStability`).
@Suite("Modulus of a solid electrolyte against growth of a wave")
struct MonroeNewmanTests {
    @Test("the mechanical part of the growth rate changes sign within 15 % of the exact shear modulus",
          arguments: MonroeNewman.strains)
    func signChange(_ strain: SIMD3<Double>) throws {
        let (exact, parts, _) = try MonroeNewman.signChange(strain)
        #expect(exact > 0.8 && exact < 2.5)
        #expect(parts[0] > 0 && parts[1] < 0, "exact \(exact): \(parts)")
    }

    @Test("the stress at a crest is that of the layers, to first order in the interface's width over the wavelength")
    func amplitude() throws {
        let strain = SIMD3(0.002, 0, 0.002)
        for ratio in [0.1, 0.5, 5] {
            let errors = try [32.0, 64].map { wavelength -> Double in
                let s = MonroeNewman.settings(wavelength: wavelength, strain, ratio: ratio), sim = try start(s), k = 2 * Double.pi / (wavelength * l)
                let range = sim.couplings.mechanicalOverpotential!
                // On the normal 2.5 half-widths below, where sigma_h is down by cosh(k (H1 - 2.5 l))/cosh(k H1).
                let depth = cosh(k * 37.5 * l) / cosh(k * 40 * l)
                let expected = MonroeNewman.layers(s, ratio: ratio).hydrostaticStress(wavenumber: k) * 0.3 * l * depth * voltsPerPascal
                return (range.high - range.low) / 2 / abs(expected) - 1
            }
            #expect(abs(errors[1]) < 0.15)
        }
    }

    /// A coating of the electrolyte's stuff changes nothing; one as thick as the wave is long stands for the electrolyte, a thin one for nothing.
    @Test("three layers have two as their limits", arguments: [nil, 5e6])
    func coatingLimits(pressure: Double?) throws {
        func layer(_ young: Double, _ height: Double) -> LayerStability.Layer { .init(young: young, poisson: 0.3, height: height) }
        func stress(coating: LayerStability.Layer?, electrolyte: LayerStability.Layer) -> Double {
            LayerStability(metal: .init(young: 7.8e9, poisson: 0.36, height: 1), coating: coating, electrolyte: electrolyte, growthStrain: SIMD3(0.01, 0.003, 0.01),
                           stackPressure: pressure).hydrostaticStress(wavenumber: 3)
        }
        let two = stress(coating: nil, electrolyte: layer(20e9, 2))
        #expect(abs(stress(coating: layer(20e9, 0.4), electrolyte: layer(20e9, 1.6)) / two - 1) < 1e-12)
        #expect(abs(stress(coating: layer(80e9, 1e-9), electrolyte: layer(20e9, 2)) / two - 1) < 1e-7)
        // Under a fixed height what is far away still bears the mean stress.
        if pressure != nil {
            #expect(abs(stress(coating: layer(20e9, 6), electrolyte: layer(80e9, 6)) / stress(coating: nil, electrolyte: layer(20e9, 12)) - 1) < 1e-6)
        }
    }

    @Test(
        "the slope of eta_mech over the surface is that of three layers; it changes sign within 15 % of their modulus",
        arguments: zip([64.0, 128], [2.0, 4]))
    func coatedSlope(wavelength: Double, thickness: Double) throws {
        let k = 2 * Double.pi / (wavelength * l)
        func settings(_ young: Double) -> SimulationSettings {
            var s = MonroeNewman.settings(wavelength: wavelength, SIMD3(0.002, 0, 0.002), ratio: 0.3)
            s.mechanics!.coating = MechanicsTests.coating(thickness * l, young)
            return s
        }
        func layers(_ young: Double) -> Double { -voltsPerPascal * MonroeNewman.layers(settings(young), ratio: 0.3).hydrostaticStress(wavenumber: k) }
        var low = 1e9, high = 1e13
        for _ in 0..<60 {
            let middle = (low * high).squareRoot()
            if layers(middle) < 0 { low = middle } else { high = middle }
        }
        func slopes(_ young: Double) throws -> (engine: Double, layers: Double) {
            let n = try start(settings(young)).couplings
            #expect(abs(n.layerStressSlope! - layers(young)) < 0.02 * abs(layers(1e9)))
            return (try #require(n.stressSlope), n.layerStressSlope!)
        }
        let below = try slopes(0.85 * low), above = try slopes(1.15 * low)
        #expect(below.layers < 0 && above.layers > 0)
        #expect(below.engine < 0 && above.engine > 0, "\(low): \(below) \(above)")
    }
}
