package import Electrodeposition
import Glibc
internal import Grids
internal import StandardProblems

/// The film that the surface carries, in the whole engine.
package enum FilmOnMetal {
    /// A box without any other resistance, whose current is set by film and kinetics alone.
    package static func bare(_ x: Double, _ y: Double, dx: Double = 1, current: Double = 10,
                             _ change: (inout SimulationSettings) -> Void = { _ in }) -> SimulationSettings {
        box(x, y, dx: dx) {
            $0.electrolyte.kind = .singleIon
            $0.electrolyte.conductivity = 1e3
            $0.interface.surfaceEnergy = 0
            $0.control.currentDensity = current
            change(&$0)
        }
    }

    package static func native(_ resistance: Double, variation: Double = 0, length: Double = 1e-6) -> NativeFilm {
        var native = NativeFilm()
        native.resistance = resistance
        native.variation = variation
        native.correlationLength = length
        return native
    }

    /// w = r/(r + dE/di) at current density i for alpha = 1/2, c = c_ref.
    package static func share(_ r: Double, current: Double, exchange: Double) -> Double {
        // i = 2 i0 sinh(f e/2): di/de = i0 f cosh.
        let slope = exchange * thermalFactor * (1 + pow(current / (2 * exchange), 2)).squareRoot()
        return r / (r + 1 / slope)
    }

    /// Thickness of the coating of a half disc plated to twice its radius, over that of a film whose volume stays: r0/r point by point, its
    /// mean and largest distance from 1; and the share of the film that lies inside the metal.
    package static func disc() throws -> (mean: Double, worst: Double, buried: Double) {
        let thickness = 28e-9
        let sim = try start(bare(96, 48, current: 10) {
            // The film takes most of the voltage: the current is the same everywhere.
            $0.coating = CoatingSettings()
            $0.coating!.thickness = thickness
            $0.coating!.resistance = 49e-4
        })
        let centre = 48 * l, r0 = 20 * l
        sim.place(metal: { x, y, _ in 0.5 * (1 - tanh((hypot(x - centre, y) - r0) / (2 * l))) })
        let area = sim.metalThickness
        // The area grows by a factor of four.
        while sim.metalThickness < 4 * area * 0.98 { try sim.step(until: .greatestFiniteMagnitude) }
        guard let d = sim.filmThickness() else { throw ValidationFailure("the run carries no film") }
        var sum = 0.0, count = 0.0, worst = 0.0
        for j in 0..<sim.grid.ny {
            for i in 0..<sim.grid.nx where sim.phase[i, j] > 0.3 && sim.phase[i, j] < 0.7 {
                let r = hypot((Double(i) + 0.5) * l - centre, (Double(j) + 0.5) * l), ratio = d[i, j] / thickness * r / r0
                sum += ratio
                count += 1
                worst = max(worst, abs(ratio - 1))
            }
        }
        return (sum / count, worst, sim.buriedFilm)
    }

    /// Growth of a wave under a film that thins where the surface stretches, and may grow back in a time (s), over its theory:
    /// a'' + a'/tau = w v^2 k^2 a, which is cosh(v k sqrt(w) t) without growing back; the Gaussian that smooths the film multiplies w by
    /// exp(-k^2 s^2/4).
    package static func feedback(_ relaxation: Double?) throws -> (ratio: Double, theory: Double) {
        let r = 49e-4, wavelength = 64.0, current = 10.0, smoothing = 4.0
        let s = bare(wavelength, 44, current: current) {
            $0.interphase.native = native(r)
            var feedback = ThicknessFeedbackSettings()
            feedback.smoothingLength = smoothing * l
            feedback.relaxationTime = relaxation
            $0.interphase.feedback = feedback
            $0.initial.amplitude = 0.1 * l
            $0.time.frontStep = 0.05
        }
        let sim = try start(s), a0 = sim.firstMode
        let k = 2 * Double.pi / (wavelength * l), v = current * molarVolume / faraday
        let w = share(r, current: current, exchange: s.kinetics.exchangeCurrentDensity)
        let strength = w * v * v * k * k * exp(-k * k * smoothing * smoothing * l * l / 4)
        let end = 20 * l / v
        try sim.run(until: end)
        let half = relaxation.map { 0.5 / $0 } ?? 0, root = (half * half + strength).squareRoot()
        return (sim.firstMode / a0, exp(-half * end) * (cosh(root * end) + half / root * sinh(root * end)))
    }

    static let asCase = ExactCase(
        "film", "Film carried by the surface: a disc plated to twice its radius, a wave under a film that thins by stretch",
        source: "conservation of the film's volume; linear theory cosh(v k sqrt(w) t)"
    ) { _, _ in
        let disc = try disc(), wave = try feedback(nil), slow = try feedback(600)
        return ValidationResult([
            .relative("thickness on the disc over r0/r, mean", expected: 1, got: disc.mean, tolerance: 0.02),
            .atMost("share of the film inside the metal", 0.01, got: abs(disc.buried)),
            .relative("growth of a wave of 64 half-widths", expected: wave.theory, got: wave.ratio, tolerance: 0.01),
            .relative("the same with a film that grows back in 600 s", expected: slow.theory, got: slow.ratio, tolerance: 0.01),
        ])
    }
}
