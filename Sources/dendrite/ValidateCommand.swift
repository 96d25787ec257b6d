import Campaigns
import Grids
import Kernels
import RunFiles
import StandardProblems

extension Command {
    static let validate = Command(
        name: "validate", operands: 0...Int.max, operandName: "NAME", summary: "Solve problems with known answers and show what came out",
        details: "Writes tables, curves and a page per case into Outputs/validation. Exit code 1 when a case fails.",
        flags: [
            Flag(name: "--list", meaning: "show the cases"),
            Flag(name: "--fast", meaning: "short versions, three minutes in all; the default"),
            Flag(name: "--full", meaning: "the problems as published, with their convergence studies; about two hours"),
            Flag(name: "--output", short: "-o", value: "DIR", meaning: "folder of the results; Outputs/validation when not given"),
            Flag(name: "--threads", value: "N", meaning: "threads; all cores when not given"),
            Flag(name: "--cpu", value: "SET", meaning: "instruction set: base, avx2 or avx512; the best one when not given"),
        ]
    ) { arguments in
        if arguments.has("--fast") && arguments.has("--full") { throw UsageError("--fast and --full contradict each other; give one of them") }
        let extent: ValidationExtent = arguments.has("--full") ? .full : .fast
        if arguments.has("--list") {
            let width = Validator.all.map(\.name.count).max() ?? 0
            for problem in Validator.all {
                Terminal.print("\(padded(problem.name, width))  \(problem.title)\(problem.isFast ? "" : " (full only)")")
            }
            return 0
        }
        let cases = try Validator.cases(arguments.operands, extent)
        let device = Device(
            instructionSet: try arguments.instructionSet() ?? .best, threads: try arguments.integer("--threads", atLeast: 1) ?? Machine.cores)
        let folder = arguments.value("--output") ?? "Outputs/validation"
        let outcomes = try Validator.run(cases, extent, folder: folder, device: device) { problem, outcome in
            guard let outcome else {
                if Terminal.isInteractive { Terminal.show("\(problem.name) ...") }
                return
            }
            if Terminal.isInteractive { Terminal.clearLine() }
            Terminal.print("\(outcome.passed ? "pass" : "FAIL")  \(outcome.name)  \(Readable.significant(outcome.seconds, 3)) s")
            for row in ValidationTable.rows(outcome) {
                let expected = row[2].isEmpty ? "at most \(row[5])" : "expected \(row[2]), error \(row[4]) of \(row[5])"
                Terminal.print("      \(row[6] == "FAIL" ? "FAIL " : "")\(row[1])\(row[3].isEmpty ? "" : ": \(row[3]) (\(expected))")")
            }
        }
        let failed = outcomes.filter { !$0.passed }.map(\.name)
        Terminal.print("\(outcomes.count - failed.count) of \(outcomes.count) cases passed; \(folder)/index.html has all of it")
        if !failed.isEmpty { Terminal.complain("dendrite: failed: \(failed.joined(separator: ", "))") }
        return failed.isEmpty ? 0 : 1
    }

    private static func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: width - text.count) }
}
