import Electrodeposition
import Grids
import Testing

@Suite("One-potential model")
struct SinglePotentialTests {
    @Test("planar speed 6 l L_e (e^{-a f phi} - e^{(1-a) f phi}): 1 % at dx = l/2, 4 % at dx = l", arguments: [(0.5, 0.01), (1.0, 0.04)])
    func planarSpeed(dx: Double, tolerance: Double) throws {
        let speed = try OnePotentialFront(dx: dx).speed()
        #expect(abs(speed / 0.07181e-6 - 1) < tolerance, "\(speed) m/s")
    }

    @Test("a front on the published grid of four half-widths does not move", arguments: SinglePotentialSettings.Quadrature.allCases)
    func pinning(_ quadrature: SinglePotentialSettings.Quadrature) throws {
        let speed = try OnePotentialFront(dx: 4, quadrature: quadrature).speed()
        #expect(abs(speed) < 1e-6 * 0.07181e-6, "\(speed) m/s")
    }

    static func simulation(_ change: (inout SimulationSettings, inout SinglePotentialSettings) -> Void = { _, _ in }) throws
        -> SinglePotentialSimulation
    {
        var (s, own) = PublishedDendrite.settings(radius: 5e-6, seed: 3, box: [40e-6, 60e-6])
        s.time.solverTolerance = 1e-10
        s.time.passTolerance = 1e-6
        s.time.largestPasses = 60
        change(&s, &own)
        return try SinglePotentialSimulation(s, own, on: Device())
    }

    @Test("the charge that leaves is the charge that enters plus the metal that grows")
    func charge() throws {
        let sim = try Self.simulation()
        for _ in 0..<20 { try sim.step(until: .greatestFiniteMagnitude) }
        // What enters at y = L leaves at y = 0 or becomes metal: the current crosses whether or not it reacts.
        #expect(sim.depositionCurrent > 0)
        #expect(abs((sim.upperCurrent - sim.lowerCurrent) / sim.depositionCurrent - 1) < 1e-4)
    }

    /// No flux at the metal: D c_l (grad w + f grad phi) = 0 in the electrolyte, whose upper end has w = 0 and phi = 0.
    @Test("salt that does not react comes to rest at w = -f phi", arguments: SinglePotentialSettings.Quadrature.allCases)
    func boltzmann(_ quadrature: SinglePotentialSettings.Quadrature) throws {
        let sim = try Self.simulation {
            $0.grid.size = [8e-6, 20e-6]
            $0.initial.seedRadius = 0
            $0.initial.thickness = 5e-6
            $0.control.potential = -0.02
            $1.reactionRate = 1e-30
            $1.noise = 0
            $1.quadrature = quadrature
        }
        while sim.time < 10 { try sim.step(until: 10) }
        let f = sim.settings.metal.thermalFactor(temperature: sim.settings.kinetics.temperature)
        // The metal's conductivity reaches some cells beyond xi = 1/2.
        #expect(sim.potential[3, 8] < -0.015 && sim.potential[3, 8] > -0.02)
        for j in 8..<20 {
            let w = sim.chemicalPotential[3, j], expected = -f * sim.potential[3, j]
            #expect(abs(w - expected) < 1e-4 * f * 0.02, "\(w) \(expected)")
        }
    }

    @Test("a restored state goes on with the same bits, noise included")
    func restart() throws {
        let a = try Self.simulation(), b = try Self.simulation()
        for _ in 0..<5 { try a.step(until: .greatestFiniteMagnitude) }
        for (x, y) in zip(a.state, b.state) {
            switch (x, y) {
            case (.array(_, let element, let count, let source, _), .array(_, _, _, let target, _)):
                target.copyMemory(from: source, byteCount: count * element.size)
            case (.number(_, let get, _), .number(_, _, let set)): set(get())
            default: Issue.record("the states differ in kind")
            }
        }
        for _ in 0..<5 {
            try a.step(until: .greatestFiniteMagnitude)
            try b.step(until: .greatestFiniteMagnitude)
        }
        #expect(a.phase.values() == b.phase.values() && a.chemicalPotential.values() == b.chemicalPotential.values())
    }
}
