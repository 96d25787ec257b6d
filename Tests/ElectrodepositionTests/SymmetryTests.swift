import Electrodeposition
import Glibc
import Grids
import Testing

/// One code path for the plane and for space; no axis is special among the lateral ones.
@Suite("Dimensions and symmetry")
struct SymmetryTests {
    static func tight(_ x: Double, _ z: Double?, _ scheme: InterfaceSettings.Scheme, _ change: (inout SimulationSettings) -> Void = { _ in })
        -> SimulationSettings
    {
        box(x, 30, z) {
            $0.interface.scheme = scheme
            $0.counterElectrode.kind = .lithium
            $0.control.currentDensity = 400
            $0.time.fixedStep = 0.4
            $0.time.solverTolerance = 1e-12
            $0.time.passTolerance = 1e-11
            $0.time.largestPasses = 40
            change(&$0)
        }
    }

    /// A bumpy surface.
    static func bumps(_ x: Double, _ y: Double, _ aside: Double) -> Double {
        let h = 10 * l + 1.5 * l * cos(2 * Double.pi * x / (16 * l)) + 0.7 * l * sin(4 * Double.pi * x / (16 * l)) + aside
        return 0.5 * (1 - tanh((y - h) / (2 * l)))
    }

    // The curvature term of the sharp scheme is split over the axes in another way in space than in the plane.
    @Test("a plane run drawn out into space is the plane run")
    func extruded() throws {
        let plane = try start(Self.tight(16, nil, .standard)), space = try start(Self.tight(16, 6, .standard))
        plane.place(metal: { x, y, _ in Self.bumps(x, y, 0) })
        space.place(metal: { x, y, _ in Self.bumps(x, y, 0) })
        for _ in 0..<8 {
            try plane.step(until: 100)
            try space.step(until: 100)
        }
        #expect(abs(space.metalPotential / plane.metalPotential - 1) < 1e-9)
        for (a, b, scale) in [
            (plane.phase, space.phase, 1.0), (plane.concentration, space.concentration, 1000), (plane.potential, space.potential, 0.1),
        ] {
            let flat = a.values(), solid = b.values()
            for k in 0..<space.grid.nz {
                for n in flat.indices where abs(solid[n + k * flat.count] - flat[n]) > 1e-9 * scale {
                    Issue.record("cell \(n), plane \(k): \(solid[n + k * flat.count]) instead of \(flat[n])")
                    return
                }
            }
        }
    }

    @Test("x and z can be swapped", arguments: InterfaceSettings.Scheme.allCases)
    func swapped(_ scheme: InterfaceSettings.Scheme) throws {
        let anisotropic: (inout SimulationSettings) -> Void = { $0.interface.anisotropy.strength = 0.1; $0.interface.surfaceEnergy = 2 }
        let a = try start(Self.tight(16, 10, scheme, anisotropic)), b = try start(Self.tight(10, 16, scheme, anisotropic))
        a.place(metal: { x, y, z in Self.bumps(x, y, 0.8 * l * cos(2 * Double.pi * z / (10 * l) + 0.3)) })
        b.place(metal: { x, y, z in Self.bumps(z, y, 0.8 * l * cos(2 * Double.pi * x / (10 * l) + 0.3)) })
        for _ in 0..<5 {
            try a.step(until: 100)
            try b.step(until: 100)
        }
        #expect(abs(a.metalPotential / b.metalPotential - 1) < 1e-9)
        for (p, q, scale) in [(a.phase, b.phase, 1.0), (a.concentration, b.concentration, 1000), (a.potential, b.potential, 0.1)] {
            var largest = 0.0
            for k in 0..<a.grid.nz { for j in 0..<a.grid.ny { for i in 0..<a.grid.nx { largest = max(largest, abs(p[i, j, k] - q[k, j, i])) } } }
            #expect(largest < 1e-9 * scale, "differs by \(largest)")
        }
    }

    @Test("a plane run mirrored in x is the mirror of the run", arguments: InterfaceSettings.Scheme.allCases)
    func mirrored(_ scheme: InterfaceSettings.Scheme) throws {
        let a = try start(Self.tight(16, nil, scheme)), b = try start(Self.tight(16, nil, scheme))
        a.place(metal: { x, y, _ in Self.bumps(x, y, 0) })
        b.place(metal: { x, y, _ in Self.bumps(16 * l - x, y, 0) })
        for _ in 0..<8 {
            try a.step(until: 100)
            try b.step(until: 100)
        }
        var largest = 0.0
        for j in 0..<a.grid.ny { for i in 0..<16 { largest = max(largest, abs(a.phase[i, j] - b.phase[15 - i, j])) } }
        #expect(largest < 1e-9)
    }

    @Test("the answer does not depend on the threads, to the last bit")
    func threads() throws {
        var s = Balances.busy(.lithium, .galvanostatic, nx: 160, ny: 120)
        s.noise.amplitude = 0.1
        let one = try start(s, threads: 1), two = try start(s, threads: 2)
        for _ in 0..<6 {
            try one.step(until: 100)
            try two.step(until: 100)
        }
        #expect(one.phase.values() == two.phase.values())
        #expect(one.concentration.values() == two.concentration.values())
        #expect(one.metalPotential == two.metalPotential)
    }

    @Test("the potential against a reference electrode gives the same run in the ideal case", arguments: [CounterElectrode.Kind.reservoir, .lithium])
    func referencePotential(_ counter: CounterElectrode.Kind) throws {
        func run(_ potential: Electrolyte.Potential) throws -> Simulation<Double> {
            let sim = try start(Self.tight(16, nil, .standard) {
                $0.counterElectrode.kind = counter
                $0.electrolyte.potential = potential
                $0.control.currentDensity = 2000
                $0.time.fixedStep = 0.1
                $0.initial.amplitude = l
            })
            for _ in 0..<10 { try sim.step(until: 100) }
            return sim
        }
        let a = try run(.electrostatic), b = try run(.reference), f = thermalFactor
        #expect(abs(a.metalPotential / b.metalPotential - 1) < 1e-6)
        #expect(largestDifference(a.phase, b.phase) < 1e-7)
        #expect(largestDifference(a.concentration, b.concentration) < 1e-2)
        // phi_reference = phi + (1/f) ln(c/c_ref)
        let shifted = zip(a.potential.values(), a.concentration.values()).map { $0 + log($1 / 1000) / f }
        #expect(zip(shifted, b.potential.values()).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(abs(a.concentration.values().min()! / 1000 - 1) > 0.02)
    }
}
