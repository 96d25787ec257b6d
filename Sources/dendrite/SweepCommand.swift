import Campaigns
import Glibc
import Parameters
import RunFiles

extension Command {
    static let sweep = Command(
        name: "sweep", operands: 2...2, operandName: "plan FILE | submit DIR | status DIR | collect DIR",
        summary: "Plan many runs from one file, submit them, see where they stand, collect one table",
        details: """
            plan     expands FILE, checks the input of every run and writes DIR: manifest.csv and job scripts for Slurm, GNU parallel and the shell
            submit   gives the runs that are missing to a scheduler; may be repeated at any time
            status   counts the runs by state
            collect  writes results.csv (every run, failed ones with their reason), designs.csv, effects.csv, sensitivity.csv and heat maps
            Exit codes of collect: 0 all runs are done, 1 one failed, 3 some are still to come. docs/sweeps.md is the manual.
            """,
        flags: [
            Flag(name: "--output", short: "-o", value: "DIR", meaning: "plan: folder of the sweep; Outputs/<name of FILE> when not given"),
            Flag(name: "--with", value: "SCHEDULER", meaning: "submit: slurm, parallel or shell; the first of them that is there when not given"),
            Flag(name: "--jobs", value: "N", meaning: "submit: runs at the same time"),
            Flag(name: "--dry-run", meaning: "plan: check only; submit: show the command only"),
            Flag(name: "--json", meaning: "status: every run, as JSON"),
        ]
    ) { arguments in
        guard let verb = Verb(rawValue: arguments.operands[0]) else {
            let near = nearest(arguments.operands[0], Verb.allCases.map(\.rawValue)).map { "; did you mean \($0)?" } ?? ""
            throw UsageError("dendrite sweep knows \(Verb.allCases.map(\.rawValue).joined(separator: ", ")), not \(arguments.operands[0])\(near)")
        }
        for (flag, verbs) in Verb.flags where arguments.has(flag) && !verbs.contains(verb) {
            throw UsageError("\(flag) does not belong to sweep \(verb.rawValue)")
        }
        return try verb.perform(arguments, arguments.operands[1])
    }

    private enum Verb: String, CaseIterable {
        case plan, submit, status, collect

        static let flags: [(String, [Verb])] = [
            ("--output", [.plan]), ("--with", [.submit]), ("--jobs", [.submit]), ("--dry-run", [.plan, .submit]), ("--json", [.status]),
        ]

        func perform(_ arguments: Arguments, _ path: String) throws -> Int32 {
            switch self {
            case .plan: try Command.plan(path, arguments)
            case .submit: try Command.submit(path, arguments)
            case .status: try Command.status(path, asJSON: arguments.has("--json"))
            case .collect: try Command.collect(path)
            }
        }
    }

    private static func plan(_ path: String, _ arguments: Arguments) throws -> Int32 {
        if arguments.value("--output") == "" { throw UsageError("--output needs the name of a folder") }
        let plan = try SweepPlan(path, folder: arguments.value("--output") ?? RunInput.folder(for: path))
        if !plan.warnings.isEmpty { Terminal.complain("\(plan.warnings)") }
        let folder = plan.manifest.folder, rows = plan.manifest.rows.count
        Terminal.print("""
            \(rows) runs, \(plan.manifest.parameters.count) parameters
              longest   \(plan.cells) cells, about \(plan.steps) steps: \(Readable.duration(plan.longest))
              together  about \(Readable.significant(plan.total * Double(plan.settings.jobs.threads) / 3600, 3)) core hours
            """)
        if arguments.has("--dry-run") { return 0 }
        for note in try plan.write(program: programPath) { Terminal.print("note: \(note)") }
        Terminal.print("  in        \(folder)\nnext: dendrite sweep submit \(folder)")
        return 0
    }

    private static func submit(_ folder: String, _ arguments: Arguments) throws -> Int32 {
        var scheduler: SweepSubmission.Scheduler?
        if let name = arguments.value("--with") {
            scheduler = SweepSubmission.Scheduler(rawValue: name)
            guard scheduler != nil else {
                throw UsageError("--with knows \(SweepSubmission.Scheduler.allCases.map(\.rawValue).joined(separator: ", ")), not \(name)")
            }
        }
        let manifest = try SweepManifest(reading: folder), settings = try SweepPlan.settings(of: manifest.folder)
        let submission = try SweepSubmission(manifest, settings, with: scheduler, atOnce: try arguments.integer("--jobs", atLeast: 1))
        if submission.command.isEmpty {
            Terminal.print("nothing to submit: every run is done or running")
            return 0
        }
        Terminal.print("\(submission.missing) of \(manifest.rows.count) runs are missing; in \(submission.folder): \(submission.text)")
        if arguments.has("--dry-run") { return 0 }
        try submission.execute()
        return 1
    }

    private static func status(_ folder: String, asJSON: Bool) throws -> Int32 {
        let status = SweepStatus(try SweepManifest(reading: folder))
        Terminal.print(asJSON ? status.json.text(.json) : status.text)
        return 0
    }

    private static func collect(_ folder: String) throws -> Int32 {
        let written = try SweepCollection.write(try SweepResults(folder)), analysis = written.analysis
        Terminal.print(written.results.status.text)
        for note in written.notes { Terminal.complain("dendrite: \(note)") }
        for objective in analysis.objectives {
            let found = analysis.sensitivities.filter { $0.metric == objective.metric }.sorted { $0.share > $1.share }
            guard !found.isEmpty else { continue }
            Terminal.print("\(objective.metric) depends on")
            let width = found.map(\.parameter.count).max() ?? 0
            for one in found {
                let correlation = one.rankCorrelation.map { ", rank correlation " + Readable.fixed($0, 2, width: 5) } ?? ""
                Terminal.print("  \(one.parameter)\(String(repeating: " ", count: width - one.parameter.count))  "
                    + "\(Readable.fixed(100 * one.share, 0, width: 3)) % of the variance\(correlation)")
            }
        }
        let best = analysis.designs.filter(\.isBest)
        if !best.isEmpty && analysis.designs.count > 1 {
            Terminal.print("\(best.count) of \(analysis.designs.count) designs are beaten by no other in every objective:")
            for design in best.prefix(10) {
                let cells = zip(analysis.factors, design.cells).map { "\($0.path) \($1)" }.joined(separator: ", ")
                let means = zip(analysis.objectives, design.means).map {
                    "\($0.metric) \($0.unit == "1" ? Readable.significant($1, 3) : Readable.quantity($1, $0.unit))"
                }.joined(separator: ", ")
                Terminal.print("  \(cells): \(means)")
            }
        }
        Terminal.print(written.files.count > 4 ? "\(written.files.prefix(4).joined(separator: " ")) and \(written.files.count - 4) heat maps in \(written.results.manifest.folder)/figures"
            : written.files.joined(separator: " "))
        return written.results.status.exitCode
    }

    /// This program, for scripts that call it from elsewhere.
    private static var programPath: String {
        guard let path = realpath("/proc/self/exe", nil) else { return "dendrite" }
        defer { free(path) }
        return String(cString: path)
    }
}
