internal import Grids
import StandardProblems

/// Benchmark problems of the field, with their laws and answers checked; pairs and seconds of each run.
enum PFHub {
    static func measure(_ name: String, _ solve: (Device) throws -> ValidationResult) throws -> Measurement {
        let result = try solve(Device())
        for check in result.checks where !check.passed {
            throw WrongAnswer(description: "\(name): \(check.quantity) is \(check.got), not \(check.expected)")
        }
        var m = Measurement(name)
        if result.costs.count == 1 { m.add("pairs", result.costs[0].pairs) } else { m.add("runPairs", result.costs.map { ($0.run, $0.pairs) }) }
        m.add("seconds", result.costs.reduce(0) { $0 + $1.seconds })
        m.add("steps", result.costs.reduce(0) { $0 + $1.steps })
        return m
    }
}
