import RunFiles
import StandardProblems

/// The rows of a validation table: name, quantity, expected, got, error, tolerance, pass.
public enum ValidationTable {
    public static let head = ["case", "quantity", "expected", "got", "error", "tolerance", "pass"]

    /// Rounded for people.
    public static func rows(_ outcome: ValidationOutcome) -> [[String]] {
        if let failure = outcome.failure { return [[outcome.name, failure, "", "", "", "", "FAIL"]] }
        return outcome.result.checks.map { c in
            [outcome.name, c.quantity, c.expected.map { Readable.significant($0, 6) } ?? "", Readable.significant(c.got, 6),
             Readable.significant(c.error, 3), Readable.significant(c.tolerance, 3), c.passed ? "yes" : "FAIL"]
        }
    }

    public static func csv(_ outcomes: [ValidationOutcome]) -> String {
        let rows = outcomes.flatMap { outcome -> [[String]] in
            if let failure = outcome.failure { return [[outcome.name, quoted(failure), "", "", "", "", "false"]] }
            return outcome.result.checks.map { c in
                [outcome.name, quoted(c.quantity), c.expected.map { "\($0)" } ?? "", "\(c.got)", "\(c.error)", "\(c.tolerance)",
                 "\(c.passed)"]
            }
        }
        return ([head] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
    }

    public static func markdown(_ outcomes: [ValidationOutcome]) -> String {
        let rows = [head, head.map { _ in "---" }] + outcomes.flatMap(rows)
        return rows.map { "| " + $0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n" }.joined()
    }

    static let costHead = ["run", "cells", "steps", "rejected", "threads", "seconds", "FFT pairs", "peak MB"]

    static func costRows(_ costs: [Cost]) -> [[String]] {
        costs.map { c in
            [c.run, "\(c.cells)", "\(c.steps)", "\(c.rejected)", "\(c.threads)", Readable.significant(c.seconds, 3),
             Readable.significant(c.pairs, 4), Readable.significant(c.peakMegabytes, 3)]
        }
    }

    static func costCSV(_ costs: [Cost]) -> String {
        (["run,cells,steps,rejected,threads,seconds,fft_pairs,planning_seconds,peak_megabytes"] + costs.map { c in
            ([quoted(c.run)] + [c.cells, c.steps, c.rejected, c.threads].map { "\($0)" }
                + [c.seconds, c.pairs, c.planningSeconds, c.peakMegabytes].map { "\($0)" }).joined(separator: ",")
        }).joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
}
