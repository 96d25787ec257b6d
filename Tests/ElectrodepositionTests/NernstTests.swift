import Electrodeposition
import Glibc
import Testing

/// Zero current: the metal's potential against a reservoir at c0 and phi_l = 0.
@Suite("Nernst")
struct NernstTests {
    @Test("59.16 mV per decade of c, phi_l fixed", arguments: InterfaceSettings.Scheme.allCases)
    func nernst(_ scheme: InterfaceSettings.Scheme) throws {
        #expect(abs(decade - 0.05916) < 1e-5)
        // At t+ = 1/2 a difference of c makes no potential in the electrolyte: phi_l = 0 everywhere.
        for share in [0.1, 0.5, 10] {
            let volts = try RestPotential.volts(share, transference: 0.5) { $0.interface.scheme = scheme }
            #expect(abs(volts - decade * log10(share)) < 0.2e-3)
        }
        let zinc = try RestPotential.volts(0.1, transference: 0.5) { $0.metal.preset = .zinc }
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
            let volts = try RestPotential.volts(0.1, transference: t) {
                $0.electrolyte.potential = potential
                $0.electrolyte.conductivityLaw = law
            }
            #expect(abs(volts + 2 * (1 - t) * decade) < 0.3e-3, "\(volts) V")
        }
    }
}
