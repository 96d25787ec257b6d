import Electrodeposition
import Glibc
import Testing

/// Zero current: the metal's potential against a reservoir at c0 and phi_l = 0.
@Suite("Nernst")
struct NernstTests {
    /// phi_s without current when the salt near the metal is at `share` of c0; salt hardly moves.
    static func restPotential(_ share: Double, transference t: Double, _ change: (inout SimulationSettings) -> Void = { _ in }) throws -> Double {
        let s = box(4, 32) {
            $0.electrolyte.transferenceNumber = t
            $0.electrolyte.diffusivity = 1e-18
            $0.control.currentDensity = 0
            $0.time.fixedStep = 1e-3
            $0.time.passTolerance = 1e-8
            change(&$0)
        }
        let sim = try start(s), c0 = s.electrolyte.concentration
        sim.place(concentration: { _, y, _ in
            let rise = min(max((y - 16 * l) / (14 * l), 0), 1)
            return c0 * (share + (1 - share) * rise * rise * (3 - 2 * rise))
        })
        for _ in 0..<3 { try sim.step(until: 1) }
        #expect(abs(sim.frontSpeed) < 1e-15)
        return sim.metalPotential
    }

    @Test("59.16 mV per decade of c, phi_l fixed", arguments: InterfaceSettings.Scheme.allCases)
    func nernst(_ scheme: InterfaceSettings.Scheme) throws {
        #expect(abs(decade - 0.05916) < 1e-5)
        // At t+ = 1/2 a difference of c makes no potential in the electrolyte: phi_l = 0 everywhere.
        for share in [0.1, 0.5, 10] {
            let volts = try Self.restPotential(share, transference: 0.5) { $0.interface.scheme = scheme }
            #expect(abs(volts - decade * log10(share)) < 0.2e-3)
        }
        let zinc = try Self.restPotential(0.1, transference: 0.5) { $0.metal.preset = .zinc }
        #expect(abs(zinc + decade / 2) < 0.2e-3)
    }

    @Test("the surface stands still at the Nernst potential and moves either way beside it")
    func zeroVelocity() throws {
        for (offset, sign) in [(-0.2e-3, 1.0), (0.2e-3, -1.0)] {
            let s = box(4, 32) {
                $0.electrolyte.transferenceNumber = 0.5
                $0.electrolyte.diffusivity = 1e-18
                $0.control.mode = .potentiostatic
                $0.control.potential = -decade + offset
                $0.time.fixedStep = 1e-3
            }
            let sim = try start(s)
            sim.place(concentration: { _, y, _ in y > 30 * l ? 1000 : 100 })
            for _ in 0..<3 { try sim.step(until: 1) }
            #expect(sim.currentDensity * sign > 0)
        }
    }

    @Test("concentration cell: 2 (1 - t+) 59.16 mV per decade, in both potentials", arguments: [0.5, 0.4, 0.2], Electrolyte.Potential.allCases)
    func concentrationCell(_ t: Double, _ potential: Electrolyte.Potential) throws {
        for law in [Electrolyte.PropertyLaw.constant, .nernstEinstein] {
            let volts = try Self.restPotential(0.1, transference: t) {
                $0.electrolyte.potential = potential
                $0.electrolyte.conductivityLaw = law
            }
            #expect(abs(volts + 2 * (1 - t) * decade) < 0.3e-3, "\(volts) V")
        }
    }
}
