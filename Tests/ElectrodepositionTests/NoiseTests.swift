import Electrodeposition
import Glibc
import Testing

@Suite("Noise")
struct NoiseTests {
    static func noisy(dx: Double, step: Double, amplitude: Double = 0.3, seed: Int = 1, mode: ControlSettings.Mode = .potentiostatic)
        -> SimulationSettings
    {
        box(32, 24, dx: dx) {
            $0.electrolyte.kind = .singleIon
            $0.electrolyte.conductivity = 1e6
            $0.interface.surfaceEnergy = 0
            $0.control.mode = mode
            $0.control.potential = -0.05
            $0.noise.amplitude = amplitude
            $0.noise.seed = seed
            $0.noise.length = 2 * l
            $0.noise.interval = 5
            $0.time.fixedStep = step
        }
    }

    static func deviations(_ s: SimulationSettings, until time: Double) throws -> [Double] {
        let sim = try start(s)
        try sim.run(until: time)
        let h = sim.heights, mean = h.reduce(0, +) / Double(h.count)
        // Per two half-widths of electrode, the cubes of the noise.
        let group = h.count / 16
        return (0..<16).map { n in h[n * group..<(n + 1) * group].reduce(0, +) / Double(group) - mean }
    }

    static func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    @Test("fluctuations leave the total current as it is")
    func meanFree() throws {
        let quiet = try start(Self.noisy(dx: 1, step: 0.5, amplitude: 0)), loud = try start(Self.noisy(dx: 1, step: 0.5))
        try quiet.step(until: 1)
        try loud.step(until: 1)
        #expect(abs(loud.currentDensity / quiet.currentDensity - 1) < 1e-9)
        #expect(largestDifference(loud.phase, quiet.phase) > 1e-4)
    }

    @Test("the surface does not depend on the grid or on the step")
    func independence() throws {
        let base = try Self.deviations(Self.noisy(dx: 1, step: 0.25), until: 15)
        let fine = try Self.deviations(Self.noisy(dx: 0.5, step: 0.25), until: 15)
        let quick = try Self.deviations(Self.noisy(dx: 1, step: 0.125), until: 15)
        let other = try Self.deviations(Self.noisy(dx: 1, step: 0.25, seed: 2), until: 15)
        func distance(_ a: [Double], _ b: [Double]) -> Double { Self.norm(zip(a, b).map { $0 - $1 }) / Self.norm(a) }
        #expect(distance(base, fine) < 0.05, "grid \(distance(base, fine))")
        #expect(distance(base, quick) < 0.05, "step \(distance(base, quick))")
        #expect(distance(base, other) > 0.7)
    }

    @Test("fluctuations run on without jumps where new numbers are drawn")
    func continuity() throws {
        let sim = try start(Self.noisy(dx: 1, step: 0.05))
        func growth(until time: Double) throws -> [Double] {
            let before = sim.heights
            try sim.run(until: time)
            return zip(sim.heights, before).map { $0 - $1 }
        }
        try sim.run(until: 4.9)
        let first = try growth(until: 4.95), last = try growth(until: 5), next = try growth(until: 5.05)
        // 0.05 of an interval of 5: the rate goes on by a hundredth of the difference of two numbers, which a jump would be whole.
        let change = Self.norm(zip(next, last).map { $0 - $1 }) / Self.norm(last)
        #expect(change > 1e-4 && change < 0.02, "\(change)")
        let within = Self.norm(zip(last, first).map { $0 - $1 }) / Self.norm(last)
        #expect(within > 1e-4 && within < 0.02, "\(within)")
    }

    @Test("the slopes know of the fluctuations: one pass is enough from the first step on")
    func slopes() throws {
        var s = Self.noisy(dx: 1, step: 0.5, amplitude: 1)
        s.electrolyte.kind = .liquid
        s.electrolyte.conductivity = 1
        let sim = try start(s)
        try sim.run(until: 10)
        #expect(sim.steps == 20 && sim.passes == 20, "\(sim.passes) passes, \(sim.steps) steps")
    }

    @Test("amplitude is the standard deviation of the relative rate")
    func amplitude() throws {
        // One interval: every column of cubes grows at its own rate while the front stays within the cubes of one layer (10 to 12 half-widths).
        var squares = 0.0, count = 0.0
        for seed in 1...12 {
            var s = Self.noisy(dx: 1, step: 0.05, amplitude: 0.2, seed: seed)
            s.noise.length = 16 * l
            s.noise.interval = 1000
            let sim = try start(s), thickness = sim.metalThickness
            try sim.run(until: 10)
            let h = sim.heights, mean = h.reduce(0, +) / 32, travel = mean - thickness
            // The two cubes along x share their mean; away from their edges each has its own rate.
            let contrast = (h[6...9].reduce(0, +) - h[22...25].reduce(0, +)) / 4 / travel
            squares += contrast * contrast
            count += 1
        }
        // The contrast of two independent rates has the variance 2 (0.2)^2; 12 draws: within a factor 2 of the standard deviation (1 in 10^4 fails by chance).
        let deviation = (squares / count / 2).squareRoot()
        #expect(deviation > 0.1 && deviation < 0.4, "standard deviation \(deviation)")
    }
}
