import Electrodeposition
import Elliptic
import Glibc
import Grids
import Spectral
import Testing

@Suite("Magnetic field and flow in the cell")
struct FlowTests {
    static func cell(_ x: Double = 24, _ y: Double = 40, _ z: Double? = nil, field: SIMD3<Double> = SIMD3(0, 0, 1), ends: FlowSettings.Ends = .open,
                     film: MagneticFilm? = nil, _ change: (inout SimulationSettings) -> Void = { _ in }) -> SimulationSettings {
        box(x, y, z) {
            $0.control.currentDensity = 100
            var m = MagneticsSettings()
            m.appliedField = field
            m.film = film
            $0.magnetics = m
            var f = FlowSettings()
            f.ends = ends
            f.tolerance = 1e-6
            $0.flow = f
            change(&$0)
        }
    }

    static func film(_ pattern: MagneticFilm.Pattern, _ m: SIMD3<Double>) -> MagneticFilm {
        var film = MagneticFilm()
        film.magnetisation = m
        film.thickness = 28e-9
        film.pattern = pattern
        film.period = 24 * l
        return film
    }

    static func speed(_ u: VectorField<Double>) -> Double { u.components.flatMap { $0.values() }.map(abs).max()! }

    @Test(
        "a uniform film on a flat surface leaves no field outside, none at all across its plane", arguments: [nil, 8.0],
        [SIMD3(1e5, 0, 0), SIMD3(0, 1e5, 0)])
    func uniformFilm(depth: Double?, m: SIMD3<Double>) throws {
        let sim = try start(Self.cell(depth == nil ? 24 : 12, 40, depth, field: SIMD3(), film: Self.film(.uniform, m)))
        let size = 4e-7 * Double.pi * 1e5
        for b in sim.magneticField { for j in 0..<sim.grid.ny { for i in 0..<sim.grid.nx {
            // H_y = -M_y inside: B_y = 0 everywhere. A film magnetised along itself keeps B = mu0 M, in itself only.
            if m.y != 0 || sim.phase[i, j] < 1e-14 || sim.phase[i, j] > 1 - 1e-14 { #expect(abs(b[i, j]) < 1e-12 * size) }
        } } }
    }

    /// |B| of stripes above the film: M d spread over the surface has the Fourier amplitude (4/pi) M d, and decays as exp(-k y) above it.
    @Test("stripes of magnetisation across the film: the first harmonic of B decays as exp(-k y) from mu0 (4/pi) M d k/2")
    func stripes() throws {
        let sim = try start(Self.cell(24, 60, field: SIMD3(), film: Self.film(.stripes, SIMD3(0, 1e5, 0)))), grid = sim.grid,
            k = 2 * Double.pi / (24 * l)
        func harmonic(_ b: Field<Double>, _ j: Int) -> Double {
            var c = 0.0, s = 0.0
            for i in 0..<grid.nx {
                let angle = 2 * Double.pi * (Double(i) + 0.5) / Double(grid.nx)
                c += b[i, j] * cos(angle)
                s += b[i, j] * sin(angle)
            }
            return 2 * hypot(c, s) / Double(grid.nx)
        }
        let b = sim.magneticField, low = harmonic(b[1], 30), high = harmonic(b[1], 40)
        #expect(abs(log(low / high) / (k * 10 * l) - 1) < 1e-6)
        // The moment lies in layers about the surface at 10 l: sum of M_j h e^{k y_j} over its layers; here to first order in the width.
        let y = (30.5 - 10) * l, square = 4 / Double.pi * 1e5 * 28e-9, width = Double.pi * k * l / sin(Double.pi * k * l)
        let expected = 4e-7 * Double.pi * square * k / 2 * exp(-k * y) * width
        #expect(abs(low / expected - 1) < 0.03, "\(low) \(expected)")
    }

    /// Complex harmonic (m, n) along x and z of a layer, over half the cells: a cos has its amplitude.
    static func harmonic(_ f: Field<Double>, _ j: Int, _ m: Int, _ n: Int = 0) -> (Double, Double) {
        let g = f.grid
        var c = 0.0, s = 0.0
        for k in 0..<g.nz { for i in 0..<g.nx {
            let angle = 2 * Double.pi * (Double(m) * (Double(i) + 0.5) / Double(g.nx) + Double(n) * (Double(k) + 0.5) / Double(g.nz))
            c += f[i, j, k] * cos(angle)
            s -= f[i, j, k] * sin(angle)
        } }
        return (2 * c / Double(g.lateralCells), 2 * s / Double(g.lateralCells))
    }

    /// Stripes at an angle: only the harmonic along it is left above the film, it decays as exp(-k y) with the oblique k, and B_x : B_z = k_x : k_z.
    @Test("stripe domains at an angle in space", arguments: [(90.0, 0, 1), (45, 1, 1), (-45, 1, -1)])
    func obliqueStripes(degrees: Double, m: Int, n: Int) throws {
        var film = Self.film(.stripes, SIMD3(0, 1e5, 0))
        film.angle = degrees * .pi / 180
        film.period = 24 * l / hypot(Double(m), Double(n))
        let sim = try start(Self.cell(24, 50, 24, field: SIMD3(), film: film)), b = sim.magneticField, grid = sim.grid
        let kx = 2 * Double.pi * Double(m) / (24 * l), kz = 2 * Double.pi * Double(n) / (24 * l), k = hypot(kx, kz)
        func size(_ v: (Double, Double)) -> Double { hypot(v.0, v.1) }
        let low = size(Self.harmonic(b[1], 30, m, n)), high = size(Self.harmonic(b[1], 36, m, n))
        #expect(abs(log(low / high) / (k * 6 * l) - 1) < 1e-6)
        // Stripes of one sign on cells are not exactly a square wave at an angle; nothing else has as long a wave.
        for (p, q) in [(1, 0), (0, 1), (1, 1), (1, -1), (2, 1)] where abs(p * n - q * m) > 0 {
            #expect(size(Self.harmonic(b[1], 36, p, q)) < 1e-3 * high, "\(p) \(q)")
        }
        let x = size(Self.harmonic(b[0], 36, m, n)), z = size(Self.harmonic(b[2], 36, m, n))
        #expect(abs(x / high - abs(kx) / k) < 1e-6 && abs(z / high - abs(kz) / k) < 1e-6)
        // Along z as along x in the plane.
        if degrees == 90 {
            film.angle = 0
            let along = try start(Self.cell(24, 50, 24, field: SIMD3(), film: film)).magneticField
            for j in 0..<grid.ny { for k in 0..<24 { for i in 0..<24 {
                #expect(abs(b[1][i, j, k] - along[1][k, j, i]) < 1e-16 && abs(b[2][i, j, k] - along[0][k, j, i]) < 1e-16)
            } } }
        }
    }

    /// In B0 along y the harmonic b e^{-k y} of the stray field makes (chi_m c/mu0)(B0 d/dy) b: central differences make sinh(k h)/h of k. What b does to itself,
    /// (b . grad) b = grad b^2/2, has no harmonic of k.
    @Test("Kelvin force: (chi_m c/mu0)(B . grad) B of a stray field in an applied one", arguments: [nil, 12.0])
    func kelvin(depth: Double?) throws {
        var s = Self.cell(24, 60, depth, field: SIMD3(0, 2, 0), ends: .closed, film: Self.film(.stripes, SIMD3(0, 1e5, 0)))
        (s.magnetics!.kelvinForce, s.magnetics!.molarSusceptibility) = (true, 1.7e-8)
        let sim = try start(s), k = 2 * Double.pi / 24, concentration = s.electrolyte.concentration
        for j in [32, 40] {
            for axis in [0, 1] {
                let b = Self.harmonic(sim.magneticField[axis], j, 1), f = Self.harmonic(sim.magneticForce[axis], j, 1)
                let factor = -1.7e-8 * concentration / (4e-7 * Double.pi) * 2 * sinh(k) / l, size = abs(factor) * hypot(b.0, b.1)
                #expect(
                    size > 0 && abs(f.0 - factor * b.0) < 1e-5 * size && abs(f.1 - factor * b.1) < 1e-5 * size, "\(f) \(factor * b.0) \(factor * b.1)"
                )
            }
        }
    }

    /// The current per area of electrolyte does not fade within the diffuse surface, so the force is all but uniform; what is left, of the floor of eps and
    /// the ramp of the reaction deep in the surface, drives 1.3e-3 of the flow of an open channel of 30 l, f H^2/(8 mu), falling as H^-1.5.
    @Test("a uniform current and a uniform field: nothing flows between closed ends", arguments: [SIMD3(0, 0, 1), SIMD3(1, 0, 0), SIMD3(0, 1, 0)])
    func closed(field: SIMD3<Double>) throws {
        for depth in [nil, 8.0] {
            let shares = try [30.0, 60].map { gap -> Double in
                var s = Self.cell(12, 10 + gap, depth, field: field, ends: .closed)
                // With the field along the current all flow comes from what the solver leaves of currents across.
                s.time.solverTolerance = 1e-10
                let sim = try start(s)
                for _ in 0..<4 { try sim.step(until: 1e9) }
                #expect(sim.currentDensity > 50)
                return sim.couplings.speed! / (100 * pow(gap * l, 2) / (8 * 3e-3))
            }
            #expect(shares[0] < 1.5e-3 && shares[1] < max(0.36 * shares[0], 1e-9), "\(shares)")
        }
    }

    /// u = i B H^2/(8 mu) in the middle of a gap H between the metal and the counter electrode.
    @Test("an open channel: largest speed i B H^2/(8 mu)", arguments: [SIMD3(0, 0, 1), SIMD3(-1, 0, 0)])
    func channel(field: SIMD3<Double>) throws {
        let sim = try start(Self.cell(8, 90, field: field))
        for _ in 0..<4 { try sim.step(until: 1e9) }
        let gap = 90 * l - sim.metalThickness, expected = 100 * gap * gap / (8 * 3e-3), n = sim.couplings
        #expect(abs(n.speed! / expected - 1) < 0.02, "\(n.speed!) \(expected)")
        #expect(abs(n.peclet! / (n.speed! * gap / 3.2e-10) - 1) < 1e-12)
        #expect(abs(n.hartmann! / (gap * (1 / 3e-3).squareRoot()) - 1) < 1e-12)
    }

    @Test("reversing B reverses the flow; salt and charge balance as without it", arguments: [nil, 10.0])
    func reversal(depth: Double?) throws {
        func settings(_ sign: Double) -> SimulationSettings {
            var s = Self.cell(16, 40, depth, field: SIMD3(0.3, 0.2, 1) * sign)
            s.initial.amplitude = 2 * l
            s.heterogeneity.variation = 0.3
            return s
        }
        let forward = try start(settings(1)), back = try start(settings(-1))
        try forward.step(until: 1e9)
        try back.step(until: 1e9)
        let size = Self.speed(forward.flowVelocity!)
        #expect(size > 1e-8)
        for (a, b) in zip(forward.flowVelocity!.components, back.flowVelocity!.components) {
            #expect(zip(a.values(), b.values()).allSatisfy { abs($0 + $1) < 1e-6 * size })
        }
        let e = try Balances.errors(settings(1), steps: 30, Double.self)
        #expect(e.faraday < 1e-8 && e.charge < 1e-8 && e.salt < 1e-10, "\(e)")
    }

    @Test("salt is carried downstream: the phase of a wave moves by u t; explicitly and, in longer steps, implicitly", arguments: [0.0002, 0.005])
    func advection(_ step: Double) throws {
        // A channel between walls is no plug, but a wave that is long against the gap moves with the mean speed, 2/3 of the largest.
        let s = Self.cell(256, 24, field: SIMD3(0, 0, 2e4)) {
            $0.grid.spacing = l
            $0.initial.thickness = 8 * l
            $0.control.currentDensity = 10
            $0.time.largestStep = step
            $0.kinetics.exchangeCurrentDensity = 1
            $0.counterElectrode.kind = .lithium
            // Currents along the electrodes, which even the salt out, carry none of it; what they drive is of second order in so small a wave.
            $0.time.solverTolerance = 1e-11
            $0.electrolyte.transferenceNumber = 0.999
        }
        let sim = try start(s)
        sim.place(concentration: { x, _, _ in 1000 + 0.01 * cos(2 * .pi * x / (256 * l)) })
        func phase() -> Double {
            var c = 0.0, q = 0.0
            for j in 12..<24 { for i in 0..<256 {
                let angle = 2 * Double.pi * (Double(i) + 0.5) / 256
                c += sim.concentration[i, j] * cos(angle)
                q += sim.concentration[i, j] * sin(angle)
            } }
            return atan2(q, c)
        }
        for _ in 0..<10 { try sim.step(until: 1e9) }
        let before = (time: sim.time, phase: phase())
        var moved = 0.0
        for _ in 0..<40 {
            let time = sim.time
            try sim.step(until: 1e9)
            // Mean speed over the electrolyte.
            let u = sim.flowVelocity!.x
            var flow = 0.0, share = 0.0
            for j in 0..<24 { flow += u[5, j]; share += 1 - sim.phase[5, j] }
            moved += (sim.time - time) * flow / share
        }
        let shift = (phase() - before.phase) * 256 * l / (2 * Double.pi)
        #expect(abs(shift / moved - 1) < 0.03, "\(shift) \(moved) peclet \(sim.couplings.peclet!)")
        // What was solved for is what the fluxes left: eps c of both.
        let layout = sim.grid.layout(Double.self)
        func row(_ name: String) -> UnsafeMutablePointer<Double>? {
            for case .array(name, _, _, let memory, _) in sim.state {
                return memory.assumingMemoryBound(to: Double.self) + layout.lead + layout.offset(row: 20)
            }
            return nil
        }
        let c = try #require(row("c")), content = try #require(row("content"))
        let apart = (0..<256).map { abs((1 - sim.phase[$0, 20]) * c[$0] - content[$0]) }.max()!
        #expect(apart < 5e-6, "eps c of the solve and of the fluxes are \(apart) mol/m^3 apart")
        // The flow is solved for with the salt when it crosses a tenth of a cell in 2/3 of a step.
        let courant = sim.couplings.speed! * step / sim.grid.spacing
        #expect(step > 0.001 ? courant > 0.15 : courant < 0.15, "Courant number \(courant)")
    }

    @Test("a strong flow does not keep a step from its length: Peclet 100")
    func strong() throws {
        let s = Self.cell(16, 60, field: SIMD3(0, 0, 1e4)) { $0.initial.amplitude = 2 * l }
        let sim = try start(s)
        for _ in 0..<25 { try sim.step(until: 1e9) }
        #expect(sim.couplings.peclet! > 30 && sim.rejected <= 3, "\(sim.couplings.peclet!) \(sim.rejected)")
        #expect(sim.concentration.values().allSatisfy { $0 > 0 && $0 < 3000 })
        #expect(sim.couplingNotes.joined().contains("Peclet"))
    }

    @Test("weak effects are said to be below the discretisation error")
    func words() throws {
        var s = Self.cell(16, 40, field: SIMD3(0, 0, 1e-3), ends: .closed)
        s.mechanics = MechanicsSettings()
        s.mechanics!.growthStrain = SIMD3(0, 1e-6, 0)
        let sim = try start(s)
        for _ in 0..<3 { try sim.step(until: 1e9) }
        #expect(sim.couplingNotes.count == 2 && sim.couplingNotes.allSatisfy { $0.contains("discretisation error") }, "\(sim.couplingNotes)")
    }
}
