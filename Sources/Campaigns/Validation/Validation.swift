public import Grids
public import StandardProblems
import Glibc
import Parameters
import RunFiles
import Validation

/// Solves problems with known answers and writes what came out: tables, curves, one page per case.
public enum Validator {
    /// Every case in the order of the table.
    public static let all: [any ValidationCase] = ExactCases.all + StandardProblems.all + LiteratureCases.all

    /// The named cases, or all of an extent.
    /// - Throws: `RunRefusal` for a name that is none.
    public static func cases(_ names: [String], _ extent: ValidationExtent) throws -> [any ValidationCase] {
        guard !names.isEmpty else { return extent == .full ? all : all.filter(\.isFast) }
        return try names.map { name in
            if let found = all.first(where: { $0.name == name }) { return found }
            let near = nearest(name, all.map(\.name)).map { "; did you mean \($0)?" } ?? "; dendrite validate --list shows them all"
            throw RunRefusal("\(name) is not a validation case\(near)")
        }
    }

    /// Runs cases into `folder`/<case>, and writes the table of all of them into `folder`.
    /// - Parameter tell: called before (nil) and after each case.
    public static func run(_ cases: [any ValidationCase], _ extent: ValidationExtent, folder: String, device: Device,
                           tell: (any ValidationCase, ValidationOutcome?) -> Void) throws -> [ValidationOutcome] {
        var outcomes: [ValidationOutcome] = []
        for problem in cases {
            tell(problem, nil)
            Cost.resetPeak()
            let start = Machine.clock, work = processorTime
            var outcome = ValidationOutcome(name: problem.name, title: problem.title, source: problem.source)
            do { outcome.result = try problem.run(extent, device: device) } catch { outcome.failure = "\(error)" }
            (outcome.seconds, outcome.processorSeconds) = (Machine.clock - start, processorTime - work)
            try ValidationPage.write(outcome, extent, cores: device.pool.count, folder: folder + "/" + problem.name)
            outcomes.append(outcome)
            tell(problem, outcome)
        }
        try ValidationPage.writeSummary(outcomes, extent, cores: device.pool.count, folder: folder)
        return outcomes
    }

    /// Of all threads of this process, s.
    private static var processorTime: Double {
        var t = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
        return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
    }
}

/// How a case ended.
public struct ValidationOutcome: Sendable {
    public let name: String, title: String, source: String
    public var result = ValidationResult()
    /// Why there is no result.
    public var failure: String?
    /// Wall time, and processor time of all threads, s.
    public var seconds = 0.0, processorSeconds = 0.0

    public var passed: Bool { failure == nil && result.passed && !result.checks.isEmpty }
}
