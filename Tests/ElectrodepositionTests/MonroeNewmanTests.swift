import Electrodeposition
import Glibc
import Testing

/// Whether stress makes a wave of the surface grow, against the exact stress of two layers (`LayerStability`).
@Suite("Modulus of a solid electrolyte against growth of a wave")
struct MonroeNewmanTests {
    static func layers(_ s: SimulationSettings, ratio: Double) -> LayerStability {
        let m = s.mechanics!, height = s.grid.size[1], slab = s.slabThickness
        return LayerStability(metal: .init(young: m.metal.youngModulus, poisson: m.metal.poissonRatio, height: slab),
                              electrolyte: .init(young: 2 * (1 + m.electrolyte.poissonRatio) * ratio * shear(m), poisson: m.electrolyte.poissonRatio,
                                                 height: height - slab),
                              growthStrain: m.growthStrain, stackPressure: m.ends == .platen ? m.stackPressure : nil)
    }

    static func shear(_ m: MechanicsSettings) -> Double { m.metal.youngModulus / (2 * (1 + m.metal.poissonRatio)) }

    static func settings(wavelength: Double, _ strain: SIMD3<Double>, ratio: Double) -> SimulationSettings {
        box(wavelength, 80) {
            var m = MechanicsSettings()
            m.growthStrain = strain
            m.ends = .platen
            m.electrolyte.state = .solid
            m.electrolyte.youngModulus = 2 * (1 + m.electrolyte.poissonRatio) * ratio * shear(m)
            m.tolerance = 1e-6
            $0.mechanics = m
            $0.initial.thickness = 40 * l
            $0.initial.amplitude = 0.3 * l
            $0.control.currentDensity = 30
            $0.time.passTolerance = 1e-7
            $0.time.frontStep = 0.1
        }
    }

    /// Growth of ln amplitude over one half-width of plating, with the stress and without.
    static func growth(_ s: SimulationSettings) throws -> Double {
        let sim = try start(s), first = sim.firstMode
        _ = try sim.times(at: [l])
        return log(sim.firstMode / first)
    }

    /// A strain along the electrode, which growing crests get rid of, drives the wave; what pushes against the electrolyte calms it. The ratio at which
    /// they balance is about 2 for a lateral strain, as Monroe and Newman found for their displacements, 1 for an isotropic one.
    @Test("the mechanical part of the growth rate changes sign within 15 % of the exact shear modulus",
          arguments: [SIMD3(0.002, 0, 0.002), SIMD3(0.002, 0.002, 0.002)])
    func signChange(_ strain: SIMD3<Double>) throws {
        let wavelength = 32.0, k = 2 * Double.pi / (wavelength * l)
        let base = Self.settings(wavelength: wavelength, strain, ratio: 1)
        let exact = try #require(Self.layers(base, ratio: 1).criticalShearRatio(wavenumber: k))
        #expect(exact > 0.8 && exact < 2.5)
        var off = base
        off.mechanics = nil
        let without = try Self.growth(off)
        let ratios = [0.85 * exact, 1.15 * exact]
        let parts = try ratios.map { try Self.growth(Self.settings(wavelength: wavelength, strain, ratio: $0)) - without }
        #expect(parts[0] > 0 && parts[1] < 0, "exact \(exact): \(parts) against \(without) without stress")
    }

    @Test("the stress at a crest is that of the layers, to first order in the interface's width over the wavelength")
    func amplitude() throws {
        let strain = SIMD3(0.002, 0, 0.002)
        for ratio in [0.1, 0.5, 5] {
            let errors = try [32.0, 64].map { wavelength -> Double in
                let s = Self.settings(wavelength: wavelength, strain, ratio: ratio), sim = try start(s), k = 2 * Double.pi / (wavelength * l)
                let range = sim.couplings.mechanicalOverpotential!
                // On the normal 2.5 half-widths below, where sigma_h is down by cosh(k (H1 - 2.5 l))/cosh(k H1).
                let depth = cosh(k * 37.5 * l) / cosh(k * 40 * l)
                let expected = Self.layers(s, ratio: ratio).hydrostaticStress(wavenumber: k) * 0.3 * l * depth * voltsPerPascal
                return (range.high - range.low) / 2 / abs(expected) - 1
            }
            #expect(abs(errors[1]) < 0.15)
        }
    }
}
