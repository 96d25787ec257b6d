import Campaigns
import Kernels
import Parameters
import RunFiles

extension Command {
    static let run = Command(
        name: "run", operands: 0...1, operandName: "INPUT", summary: "Run a simulation from its input file into its run folder",
        details: """
            INPUT is a JSON5 file, or a run folder to go on with. Exit codes: 0 done, 1 failed while running, 2 bad usage or input, 3 stopped early; go on with --resume.
            SIGTERM, SIGINT and SIGUSR1 write a checkpoint and stop at the end of the step, SIGUSR2 writes one and goes on.
            """,
        flags: [
            Flag(name: "--output", short: "-o", value: "DIR", meaning: "run folder; Outputs/<input name> when not given"),
            Flag(name: "--resume", meaning: "go on from the newest checkpoint; start when there is none"),
            Flag(name: "--overwrite", meaning: "remove the run that the folder holds and start again"),
            Flag(
                name: "--set", value: "PATH=VALUE", repeats: true, meaning: "override a parameter, as in --set control.currentDensity=\"2 mA/cm^2\""),
            Flag(name: "--max-hours", value: "H", meaning: "stop with a checkpoint at 0.99 of this wall time"),
            Flag(name: "--threads", value: "N", meaning: "threads; all cores when not given"),
            Flag(name: "--cpu", value: "SET", meaning: "instruction set: base, avx2 or avx512; the best one when not given"),
            Flag(name: "--allow-different-bits", meaning: "go on with other threads, instruction set or plans than the run began with"),
            Flag(name: "--manifest", value: "M.csv", meaning: "run a row of a sweep instead of an INPUT (see dendrite help sweep)"),
            Flag(name: "--index", value: "I", meaning: "which row, by its index"),
            Flag(name: "--quiet", short: "-q", meaning: "print nothing but errors"),
        ]
    ) { arguments in
        let row = try arguments.manifestRow()
        var request = RunRequest(input: arguments.operands.first ?? row?.manifest.path ?? "")
        request.command = arguments.line
        request.overrides = arguments.values("--set")
        request.folder = arguments.value("--output")
        if arguments.has("--resume") && arguments.has("--overwrite") {
            throw UsageError("--resume goes on with a run and --overwrite removes it; give one of them")
        }
        if request.folder == "" { throw UsageError("--output needs the name of a folder") }
        request.opening = arguments.has("--resume") ? .resume : arguments.has("--overwrite") ? .overwrite : .fresh
        request.wallLimit = try arguments.number("--max-hours", above: 0).map { $0 * 3600 }
        request.threads = try arguments.integer("--threads", atLeast: 1)
        request.instructionSet = try arguments.instructionSet()
        request.allowsDifferentBits = arguments.has("--allow-different-bits")

        let input: RunInput
        if let row {
            input = try row.manifest.input(of: row.row)
            request.folder = try row.manifest.folder(of: row.row)
            // A run that a scheduler has moved to another machine waits until the lock of the dead one is old.
            if request.opening == .resume { request.patience = FolderLock.staleAfter + FolderLock.beat }
        } else {
            input = try RunInput(request.input, overrides: request.overrides)
        }
        if !input.warnings.isEmpty { Terminal.complain("\(input.warnings)") }
        let isQuiet = arguments.has("--quiet")
        let outcome = try Run.perform(input, request) { event in
            if isQuiet { return }
            switch event {
            case .note(let text): Terminal.print("note: \(text)")
            case .progress(let progress): ProgressLine.show(progress)
            }
        }
        if !isQuiet { ProgressLine.end() }
        let summary = outcome.closing?.text ?? "\(outcome.state.rawValue): \(outcome.reason)"
        if outcome.state == .failed { Terminal.complain("dendrite: \(outcome.reason)") }
        if !isQuiet { Terminal.print(summary) }
        return outcome.exitCode
    }
}

extension Arguments {
    /// The row of a sweep that is to be run, nil when an input is.
    fileprivate func manifestRow() throws -> (manifest: SweepManifest, row: SweepManifest.Row)? {
        guard let path = value("--manifest") else {
            if has("--index") { throw UsageError("--index is a row of a --manifest") }
            if operands.isEmpty { throw UsageError("dendrite run needs INPUT: dendrite run INPUT [flags]") }
            return nil
        }
        guard let index = try integer("--index", atLeast: 0) else { throw UsageError("--manifest needs the --index of one of its rows") }
        guard operands.isEmpty, !has("--output"), !has("--set") else {
            throw UsageError("a row of a manifest says what is run and where; INPUT, --output and --set do not go with --manifest")
        }
        let manifest = try SweepManifest(reading: path)
        return (manifest, try manifest.row(index))
    }

    func instructionSet() throws -> InstructionSet? {
        guard let text = value("--cpu") else { return nil }
        guard let set = InstructionSet(rawValue: text) else {
            throw UsageError("--cpu knows \(InstructionSet.allCases.map(\.rawValue).joined(separator: ", ")), not \(text)")
        }
        guard set.isAvailable else { throw UsageError("this processor does not run \(text); the best it runs is \(InstructionSet.best.rawValue)") }
        return set
    }
}

/// The line that says how far a run is: in place on a terminal, now and then in a log.
enum ProgressLine {
    nonisolated(unsafe) private static var lastLine = 0.0

    static func show(_ progress: RunProgress) {
        if Terminal.isInteractive { return Terminal.show(progress.line) }
        guard Machine.clock - lastLine >= 20 else { return }
        lastLine = Machine.clock
        Terminal.print(progress.line)
    }

    static func end() { if Terminal.isInteractive { Terminal.clearLine() } }
}
