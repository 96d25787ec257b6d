import Electrodeposition
internal import Grids
import Synchronization

/// The same steps with one and with two threads, by turns; wall time, so the machine should be idle. Two processors of a machine may share one core: what
/// two simulations of one thread reach beside each other, `ceiling`, is what two threads can at best.
enum Threads {
    static func measure() throws -> Measurement {
        let settings = Steps.settings(cells: 1024, dimensions: 2)
        let one = try Simulation<Double>(settings, on: Device(threads: 1)), two = try Simulation<Double>(settings, on: Device(threads: 2))
        for simulation in [one, two] { for _ in 0..<3 { try simulation.step(until: 1e9) } }
        var rounds: [(Double, Double)] = []
        for _ in 0..<7 {
            let slow = try Clock.wall.time { try one.step(until: 1e9) }
            rounds.append((slow, try Clock.wall.time { try two.step(until: 1e9) }))
        }
        try Steps.verify(two)
        let worst = zip(one.phase.values(), two.phase.values()).reduce(0) { max($0, abs($1.0 - $1.1)) }
        // FFTW plans differ in the last bit; iterations in Float carry that to within what the solver promises.
        try WrongAnswer.unless(worst, is: 0, within: one.settings.time.solverTolerance, "largest difference of the phase between one and two threads")

        let result = Comparison(rounds)
        var m = Measurement("threads", threads: 2)
        m.add("nsPerCell", 1e9 * result.reference / Double(one.grid.cells))
        m.add("oneThreadNsPerCell", 1e9 * result.subject / Double(one.grid.cells))
        m.add("speedup", result.ratio)
        let other = try Simulation<Double>(settings, on: Device(threads: 1))
        for _ in 0..<3 { try other.step(until: 1e9) }
        let beside = try Comparison((0..<7).map { _ in
            let alone = try Clock.wall.time { try one.step(until: 1e9) }
            return (2 * alone, Clock.wall.time { sideBySide({ try? one.step(until: 1e9) }, { try? other.step(until: 1e9) }) })
        })
        m.add("ceiling", beside.ratio)
        // Others on the machine only ever add time.
        m.add("speedupOfFastest", rounds.map(\.0).min()! / rounds.map(\.1).min()!)
        return m
    }

    /// Both at the same time: whoever comes first waits for the other.
    private static func sideBySide(_ first: () -> Void, _ second: () -> Void) {
        let started = Atomic<Int>(0)
        ThreadPool(count: 2).run { part, _ in
            guard part < 2 else { return }
            started.wrappingAdd(1, ordering: .relaxed)
            while started.load(ordering: .relaxed) < 2 {}
            part == 0 ? first() : second()
        }
    }
}
