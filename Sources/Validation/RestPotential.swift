package import Electrodeposition
import Glibc

/// Zero current: the metal's potential against a reservoir at c0 and phi_l = 0.
package enum RestPotential {
    /// phi_s without current when the salt near the metal is at `share` of c0; salt hardly moves.
    package static func volts(_ share: Double, transference t: Double,
                              _ change: (inout SimulationSettings) -> Void = { _ in }) throws -> Double {
        let s = box(4, 32) {
            $0.electrolyte.transferenceNumber = t
            $0.electrolyte.diffusivity = 1e-18
            $0.control.currentDensity = 0
            $0.time.fixedStep = 1e-3
            $0.time.passTolerance = 1e-8
            // With so little diffusion the charge on its way through the electrolyte is 1e8 times that at the surface.
            $0.time.solverTolerance = 1e-12
            change(&$0)
        }
        let sim = try start(s), c0 = s.electrolyte.concentration
        sim.place(concentration: { _, y, _ in
            let rise = min(max((y - 16 * l) / (14 * l), 0), 1)
            return c0 * (share + (1 - share) * rise * rise * (3 - 2 * rise))
        })
        for _ in 0..<3 { try sim.step(until: 1) }
        guard abs(sim.frontSpeed) < 1e-15 else { throw ValidationFailure("the surface moves at \(sim.frontSpeed) m/s without a current") }
        return sim.metalPotential
    }
}
