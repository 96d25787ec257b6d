package import Electrodeposition
internal import StandardProblems

/// An alloy slab of 5 um that fills by diffusion at a uniform current until its surface is saturated and metal plates on top: c_t = D c_yy,
/// D c_y = i/(zF), closed at the back (Carslaw and Jaeger, Conduction of Heat in Solids, section 3.8).
package enum AlloyFilling {
    package static let thickness = 5e-6, maximum = 69_600.0

    /// Diffusivity (m^2/s), current density (A/m^2), share of the slab in use and time (s) at saturation: the series, worked out apart.
    package static let theory: [(diffusivity: Double, current: Double, utilisation: Double, time: Double)] = [
        (6e-15, 10, 0.5887, 1976.6), (6e-15, 5, 0.7932, 5326.4), (6e-15, 1, 0.9586, 32_185),
        (1e-15, 10, 0.1055, 354.2), (1e-14, 10, 0.7518, 2524.2), (1e-13, 10, 0.9752, 3274.2),
    ]

    /// A flat surface at a uniform current, A/m^2.
    package static func settings(current: Double = 10, diffusivity: Double = 6e-15, step: Double = 4,
                                 _ change: (inout SimulationSettings) -> Void = { _ in }) -> SimulationSettings {
        box(4, 60) { s in
            s.electrolyte.kind = .singleIon
            var coating = CoatingSettings()
            (coating.thickness, coating.diffusivity, coating.maximumConcentration) = (thickness, [diffusivity], maximum)
            s.coating = coating
            s.alloyLayer.enabled = true
            s.control.currentDensity = current
            s.end.time = 1
            s.time.fixedStep = step
            change(&s)
        }
    }

    /// A run until metal plates on top: time of the onset and the utilisation then, taken to lie in the middle of the last of 1500 steps.
    package static func fill(current: Double, diffusivity: Double,
                             time: Double) throws -> (run: Simulation<Double>, onset: Double, used: Double) {
        let run = try start(settings(current: current, diffusivity: diffusivity, step: time / 1500))
        while run.alloy?.saturatedShare == 0 { try run.step(until: 1e9) }
        let onset = run.time - 0.5 * time / 1500
        return (run, onset, (run.alloy?.utilisation ?? 0) * onset / run.time)
    }

    static let asCase = ExactCase("alloy-slab", "Share of an alloy layer in use when metal begins to plate on top of it",
                                  source: "Carslaw and Jaeger, Conduction of Heat in Solids, 2nd ed., section 3.8 (1959)") { _, device in
        ValidationResult(try device.pool.map(theory.count) { n -> [Check] in
            let t = theory[n], filled = try fill(current: t.current, diffusivity: t.diffusivity, time: t.time)
            let name = "D = \(t.diffusivity) m^2/s, \(t.current) A/m^2"
            return [.relative("utilisation, " + name, expected: t.utilisation, got: filled.used, tolerance: 1e-3),
                    .relative("time in s, " + name, expected: t.time, got: filled.onset, tolerance: 1e-3)]
        }.flatMap { $0 })
    }
}
