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
}
