package import Electrodeposition
import Glibc
internal import StandardProblems

/// Whether stress makes a wave of the surface grow, against the exact stress of two layers, or three with a coating (`LayerStability`).
///
/// A strain along the electrode, which growing crests get rid of, drives the wave; what pushes against the electrolyte calms it. The ratio
/// of the shear moduli at which they balance is about 2 for a lateral strain, as Monroe and Newman found for their displacements, 1 for an
/// isotropic one.
package enum MonroeNewman {
    package static let strains = [SIMD3(0.002, 0, 0.002), SIMD3(0.002, 0.002, 0.002)]

    package static func layers(_ s: SimulationSettings, ratio: Double) -> LayerStability {
        let m = s.mechanics!, height = s.grid.size[1], slab = s.slabThickness, coating = s.elasticCoating
        return LayerStability(metal: .init(young: m.metal.youngModulus, poisson: m.metal.poissonRatio, height: slab),
                              coating: coating.map { .init(young: $0.youngModulus, poisson: $0.poissonRatio, height: $0.thickness) },
                              electrolyte: .init(young: 2 * (1 + m.electrolyte.poissonRatio) * ratio * shear(m),
                                                 poisson: m.electrolyte.poissonRatio, height: height - slab - (coating?.thickness ?? 0)),
                              growthStrain: m.growthStrain, stackPressure: m.ends == .platen ? m.stackPressure : nil)
    }

    private static func shear(_ m: MechanicsSettings) -> Double { m.metal.youngModulus / (2 * (1 + m.metal.poissonRatio)) }

    package static func settings(wavelength: Double, _ strain: SIMD3<Double>, ratio: Double) -> SimulationSettings {
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
    private static func growth(_ s: SimulationSettings) throws -> Double {
        let sim = try start(s), first = sim.firstMode
        _ = try sim.times(at: [l])
        return log(sim.firstMode / first)
    }

    /// The exact ratio of shear moduli at which the mechanical part of the growth vanishes, that part in the engine 15 % below and above
    /// it, and the ratio at which the straight line through both vanishes.
    package static func signChange(_ strain: SIMD3<Double>) throws -> (exact: Double, parts: [Double], crossing: Double) {
        let wavelength = 32.0, base = settings(wavelength: wavelength, strain, ratio: 1)
        guard let exact = layers(base, ratio: 1).criticalShearRatio(wavenumber: 2 * Double.pi / (wavelength * l)) else {
            throw ValidationFailure("the layers have no balance at this strain")
        }
        var off = base
        off.mechanics = nil
        let without = try growth(off), ratios = [0.85 * exact, 1.15 * exact]
        let parts = try ratios.map { try growth(settings(wavelength: wavelength, strain, ratio: $0)) - without }
        return (exact, parts, ratios[0] + (ratios[1] - ratios[0]) * parts[0] / (parts[0] - parts[1]))
    }

    static let asCase = ExactCase(
        "monroe-newman", "Shear modulus of a solid electrolyte at which stress neither drives nor calms a wave of the surface",
        source: "Monroe and Newman, J. Electrochem. Soc. 152, A396 (2005); two elastic layers, solved apart"
    ) { _, device in
        ValidationResult(try device.pool.map(strains.count) { n -> Check in
            let found = try signChange(strains[n])
            return .relative("ratio of shear moduli, growth strain (\(strains[n].x), \(strains[n].y), \(strains[n].z))",
                             expected: found.exact, got: found.crossing, tolerance: 0.15)
        })
    }
}
