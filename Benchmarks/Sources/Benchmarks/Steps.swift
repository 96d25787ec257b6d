import AllocationCount
import Electrodeposition
internal import Grids
import Spectral

/// The full coupled step of the two-potential model, as a run makes it.
enum Steps {
    /// The first step is a hundredth of what the front allows and each may be 1.5 times longer than the one before: 1.5^12 = 130. Some more, until guesses
    /// by three times are those of equal steps.
    static let warmUp = 18

    /// Lithium at 1 mA/cm^2 on a surface whose exchange current varies by 30 %, in a square or cube with cells of 0.2 um.
    static func settings(cells: Int, dimensions: Int) -> SimulationSettings {
        var s = SimulationSettings()
        s.grid.spacing = 0.2e-6
        s.grid.size = Array(repeating: Double(cells) * s.grid.spacing, count: dimensions)
        s.heterogeneity.variation = 0.3
        s.control.mode = .galvanostatic
        s.control.currentDensity = 10
        return s
    }

    /// Median over accepted steps, each beside pairs of the same grid and precision; one thread.
    /// - Parameter warmUp: steps before; on wide grids the start needs second passes until the 22nd.
    static func measure<T: FFTReal>(_ name: String, cells: Int, dimensions: Int, steps: Int, warmUp: Int = warmUp, _: T.Type) throws -> Measurement {
        let device = Device(), simulation = try Simulation<T>(settings(cells: cells, dimensions: dimensions), on: device)
        let pair = try TransformPair<T>(simulation.grid, on: device), clock = Clock.thread
        for _ in 0..<warmUp { try simulation.step(until: 1e9) }
        try verify(simulation)

        let n = max(2, clock.repeats(pair.run)), before = simulation.solverIterations
        let passes = simulation.passes, rejected = simulation.rejected, sections = simulation.sections.list
        var rounds: [(Double, Double)] = [], allocations = 0
        for _ in 0..<steps {
            pair.run()
            let reference = clock.time(repeats: n, pair.run)
            allocation_count_reset()
            allocation_count_watch(true)
            let step = try clock.time { try simulation.step(until: 1e9) }
            allocation_count_watch(false)
            allocations += allocation_count()
            rounds.append((step, reference))
        }
        try verify(simulation)

        let result = Comparison(rounds), after = simulation.solverIterations, count = Double(steps)
        var m = Measurement(name, precision: T.self == Float.self ? "float" : "double")
        m.add("pairs", result.ratio)
        m.add("nsPerCell", 1e9 * result.subject / Double(simulation.grid.cells))
        m.add("pairNsPerCell", 1e9 * result.reference / Double(simulation.grid.cells))
        m.add("iterations", [
            ("passes", Double(simulation.passes - passes) / count), ("salt", Double(after.salt - before.salt) / count),
            ("charge", Double(after.charge - before.charge) / count),
        ])
        m.add("steps", steps)
        m.add("rejected", simulation.rejected - rejected)
        m.add("allocations", allocations)
        m.add("share", shares(simulation.sections.list, since: sections))
        return m
    }

    /// Faraday's law, and the same current through the surface and through the counter electrode as the cycler holds.
    static func verify<T>(_ simulation: Simulation<T>) throws {
        let isFloat = T.self == Float.self, wanted = simulation.settings.control.currentDensity
        let deposited = (simulation.metalThickness - simulation.initialThickness) * simulation.settings.metal.chargePerVolume
        try WrongAnswer.unless(deposited / simulation.control.charge, is: 1, within: isFloat ? 1e-3 : 1e-8,
                               "charge in the metal over charge passed")
        try WrongAnswer.unless(simulation.currentDensity / wanted, is: 1, within: 1e-3,
                               "current through the surface over the one asked for")
        try WrongAnswer.unless(simulation.counterCurrentDensity / wanted, is: 1, within: 2e-3,
                               "current through the counter electrode over the one asked for")
    }

    /// Shares of the wall time between two lists of sections.
    static func shares(_ now: [(name: String, seconds: Double)], since before: [(name: String, seconds: Double)]) -> [(String, Double)] {
        let spent = zip(now, before).map { ($0.name, $0.seconds - $1.seconds) }, total = spent.reduce(0) { $0 + $1.1 }
        return spent.map { ($0.0, ($0.1 / total * 1000).rounded() / 1000) }
    }
}
