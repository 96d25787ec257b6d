import Electrodeposition
import Glibc
import Testing

/// Salt between flat fronts that sweep it up as they move: c_t = D c_yy + v c_y in the frame of the front, D c_y = v ((1-t+)/V_m - c) at it.
/// Conservative finite volumes on a moving, equally divided gap, backward differences of second order.
struct SharpGap {
    let diffusivity: Double, source: Double
    var gap: Double
    private(set) var c: [Double]
    private var old: [Double]
    private var oldGap: Double
    private var isFirst = true

    init(diffusivity: Double, transference: Double, gap: Double, concentration: Double, cells: Int) {
        (self.diffusivity, self.gap, oldGap) = (diffusivity, gap, gap)
        source = (1 - transference) / molarVolume
        c = [Double](repeating: concentration, count: cells)
        old = c
    }

    /// One step at the front speed v; salt enters at the far end at the rate `source` v (lithium), or the end is closed (far away).
    mutating func step(_ dt: Double, speed v: Double, feeds: Bool) {
        let n = c.count, newGap = gap - v * dt, h = newGap / Double(n)
        let (a0, a1, a2) = isFirst ? (1 / dt, 1 / dt, 0) : (1.5 / dt, 2 / dt, -0.5 / dt)
        // Nodes move with s = y/gap: the lower face stays with the front, the face at s moves at -v (1 - s) against the laboratory.
        var lower = [Double](repeating: 0, count: n), main = lower, upper = lower, b = lower
        for i in 0..<n {
            main[i] = a0 * h
            b[i] = a1 * c[i] * gap / Double(n) + a2 * old[i] * oldGap / Double(n)
        }
        for face in 1..<n {
            // Flux in +y across the moving face: -D dc/dy - w c with w the speed of the face, v (1 - s).
            let w = v * (1 - Double(face) / Double(n)), d = diffusivity / h
            main[face - 1] += d - w / 2
            upper[face - 1] -= d + w / 2
            main[face] += d + w / 2
            lower[face] -= d - w / 2
        }
        b[0] -= v * source
        if feeds { b[n - 1] += v * source }
        var new = b
        for i in 1..<n {
            let m = lower[i] / main[i - 1]
            main[i] -= m * upper[i - 1]
            new[i] -= m * new[i - 1]
        }
        new[n - 1] /= main[n - 1]
        for i in stride(from: n - 2, through: 0, by: -1) { new[i] = (new[i] - upper[i] * new[i + 1]) / main[i] }
        (old, oldGap, c, gap, isFirst) = (c, gap, new, newGap, false)
    }

    /// c at the front: from the first two cells and the slope there.
    func surface(speed v: Double) -> Double {
        // c = a + b y + e y^2 with cell means c0, c1 and D b = v (source - a).
        let h = gap / Double(c.count), k = v / diffusivity
        // c0 = a + b h/2 + e h^2/3, c1 = a + 3 b h/2 + 7 e h^2/3, b = k (source - a).
        let r = (7 * c[0] - c[1]) / 6
        return (r - k * source * h / 3) / (1 - k * h / 3)
    }
}

@Suite("Transport limits", .serialized)
struct TransportLimitTests {
    /// Time at which a constant current has used up the salt at the surface.
    static func transitionTime(_ s: SimulationSettings) throws -> Double {
        let sim = try start(s)
        while abs(sim.metalPotential) < 0.5 {
            do { try sim.step(until: .greatestFiniteMagnitude) } catch { break }
        }
        return sim.time
    }

    static func column(_ height: Double, half: Double, _ change: (inout SimulationSettings) -> Void) -> SimulationSettings {
        var s = box(4, height) { _ in }
        s.interface.halfWidth = half
        s.grid.spacing = half
        s.grid.size = [4 * half, height * half]
        s.time.concentrationTolerance = 1e-4
        change(&s)
        return s
    }

    @Test("Sand's time at small c0 V_m: pi D (zF c0/(2 i (1-t+)))^2", .enabled(if: runsFull))
    func sand() throws {
        let i = 4.4, diffusivity = 3.2e-10, t = 0.38, c0 = 10.0
        let s = Self.column(1650, half: l) {
            $0.electrolyte.concentration = c0
            $0.electrolyte.diffusivity = diffusivity
            $0.electrolyte.transferenceNumber = t
            $0.kinetics.exchangeCurrentDensity = 100
            $0.control.currentDensity = i
        }
        let expected = Double.pi * diffusivity * pow(faraday * c0 / (2 * i * (1 - t)), 2)
        let got = try Self.transitionTime(s)
        #expect(abs(got / expected - 1) < 0.01, "\(got) s, expected \(expected) s")
    }

    @Test("Sand's time at 1 mol/L, where the moving front sweeps up salt: 236.2 s", .enabled(if: runsFull))
    func sandMolar() throws {
        let i = 100.0, diffusivity = 3.18e-10, half = 0.55e-6
        let s = Self.column(1650, half: half) {
            $0.electrolyte.diffusivity = diffusivity
            $0.electrolyte.transferenceNumber = 0
            $0.kinetics.exchangeCurrentDensity = 100
            $0.electrolyte.conductivity = 100
            $0.control.currentDensity = i
        }
        let v = i * molarVolume / faraday, dt = 0.2
        var sharp = SharpGap(diffusivity: diffusivity, transference: 0, gap: 900e-6, concentration: 1000, cells: 1600), time = 0.0, last = 1000.0
        while true {
            sharp.step(dt, speed: v, feeds: false)
            time += dt
            let surface = sharp.surface(speed: v)
            if surface <= 0 {
                time -= dt * surface / (surface - last)
                break
            }
            last = surface
        }
        #expect(abs(time / 236.2 - 1) < 1e-3, "the sharp problem: \(time) s")
        let got = try Self.transitionTime(s)
        #expect(abs(got / time - 1) < 0.01, "\(got) s, expected \(time) s")
    }

    @Test("limiting current between lithium electrodes, c0 = 10 mol/m^3", arguments: InterfaceSettings.Scheme.allCases)
    func limitingCurrent(_ scheme: InterfaceSettings.Scheme) throws {
        let c0 = 10.0, diffusivity = 3.18e-10
        let s = Self.column(310, half: l) {
            $0.counterElectrode.kind = .lithium
            $0.interface.scheme = scheme
            $0.electrolyte.concentration = c0
            $0.electrolyte.diffusivity = diffusivity
            $0.electrolyte.transferenceNumber = 0
            $0.electrolyte.conductivity = 0.02
            $0.control.mode = .potentiostatic
            $0.control.potential = -0.2
            $0.kinetics.exchangeCurrentDensity = 100
        }
        let sim = try start(s)
        try sim.run(until: 12)
        let gap = s.grid.size[1] - sim.metalThickness, surface = sim.concentration(at: sim.metalThickness) / c0
        let expected = 2 * faraday * diffusivity * c0 / gap * (1 - surface)
        #expect(surface < 0.2)
        #expect(abs(sim.currentDensity / expected - 1) < 0.005, "\(sim.currentDensity), expected \(expected), c_s \(surface)")
    }

    @Test("current at 1 mol/L near the limit against the sharp problem with the surface concentration of the run")
    func limitingCurrentMolar() throws {
        let diffusivity = 3.18e-10, s = Self.column(110, half: l) {
            $0.counterElectrode.kind = .lithium
            $0.electrolyte.diffusivity = diffusivity
            $0.electrolyte.transferenceNumber = 0
            $0.control.currentDensity = 2800
        }
        let sim = try start(s), v = 2800 * molarVolume / faraday, end = 1.2, steps = 600
        var sharp = SharpGap(diffusivity: diffusivity, transference: 0, gap: s.grid.size[1] - sim.metalThickness, concentration: 1000, cells: 400)
        for _ in 0..<steps { sharp.step(end / Double(steps), speed: v, feeds: true) }
        try sim.run(until: end)
        let surface = sim.concentration(at: sim.metalThickness), expected = sharp.surface(speed: v)
        // Per depletion c0 - c_s, which is what carries the current.
        #expect(abs((1000 - surface) / (1000 - expected) - 1) < 0.005, "c_s \(surface), expected \(expected)")
        #expect(expected > 0 && expected < 500)
    }
}
