import Foundation
import RunFiles
import Testing

/// What a run does with its folder, how it ends, and its exit codes.
struct RunFolderRuleTests {
    static let settings = """
        grid: { size: ["6.4 um", "9.6 um"] }, heterogeneity: { variation: 0.5 }, control: { currentDensity: "30 mA/cm^2" }, planning: "estimate"
        """
    static let short = "{ \(settings), end: { time: \"4 s\" }, output: { parts: 4 } }"
    /// Some minutes if nobody stops it.
    static let long =
        "{ \(settings), end: { time: \"30 s\" }, time: { largestStep: \"0.2 ms\" }, output: { interval: \"1 s\", checkpointSteps: 50 } }"

    private func status(_ program: Program, _ folder: String = "run") throws -> RunStatus { try RunFolder.status(of: program.path(folder)) }
    private func modified(_ path: String) throws -> Date {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date)
    }

    @Test func folderThatHoldsARun() throws {
        let program = try Program(), input = try program.input(Self.short)
        let first = try program("run", input)
        #expect(first.code == 0 && first.output.contains("done: end.time reached: 4.00 s"), "\(first.errors)")
        let folder = "Outputs/input", series = program.path(folder + "/series.csv"), before = try modified(series)
        for name in [
            "input.json5", "resolved.json5", "run.json", "run.xdmf", "series.csv", "progress.jsonl", "status.json", "checkpoint.h5",
            "snapshots/000004.h5",
        ] {
            #expect(program.exists(folder + "/" + name), "\(name)")
        }
        #expect(!program.exists(folder + "/snapshots/000005.h5"))

        let again = try program("run", input)
        #expect(again.code == 2 && again.errors.contains("--resume") && again.errors.contains("--overwrite"), "\(again.errors)")
        let done = try program("run", input, "--resume")
        #expect(done.code == 0 && done.output.contains("already done"), "\(done.errors)")
        #expect(try modified(series) == before)

        let changed = try program("run", input, "--resume", "--set", "control.currentDensity=20 mA/cm^2")
        #expect(changed.code == 2 && changed.errors.contains("control.currentDensity"), "\(changed.errors)")
        let longer = try program("run", input, "--resume", "--set", "end.time=6 s")
        #expect(longer.code == 0 && longer.output.contains("end.time reached: 6.00 s"), "\(longer.errors)")
        #expect(try SeriesTable(series)["time"]?.last.map { abs($0 - 6) < 1e-9 } == true)

        let over = try program("run", input, "--overwrite")
        #expect(over.code == 0)
        #expect(try SeriesTable(series)["time"]?.count == 5)
    }

    @Test func folderOfSomebodyElse() throws {
        let program = try Program(), input = try program.input(Self.short)
        try FileManager.default.createDirectory(atPath: program.path("mine"), withIntermediateDirectories: false)
        try "thesis".write(toFile: program.path("mine/thesis.txt"), atomically: true, encoding: .utf8)
        for flag in ["--overwrite", "--resume"] {
            let result = try program("run", input, "-o", "mine", flag)
            #expect(result.code == 2 && result.errors.contains("thesis.txt"), "\(result.errors)")
        }
        #expect(try program.text("mine/thesis.txt") == "thesis")
        let file = try program("run", input, "-o", "mine/thesis.txt")
        #expect(file.code == 2 && file.errors.contains("a file of that name is in the way"), "\(file.errors)")
    }

    @Test func resumeStartsWhereThereIsNothing() throws {
        let program = try Program(), input = try program.input(Self.short)
        #expect(try program("run", input, "-o", "run", "--resume", "-q").code == 0)
        #expect(try status(program).state == .done)
    }

    @Test func twoWriters() throws {
        let program = try Program(), input = try program.input(Self.long)
        let first = try program.start(["run", input, "-o", "run", "-q"])
        try wait { program.exists("run/checkpoint.h5") }
        let second = try program("run", input, "-o", "run", "--resume")
        #expect(second.code == 2 && second.errors.contains("run"), "\(second.errors)")
        first.send(SIGINT)
        let result = try first.finish()
        #expect(result.code == 3, "\(result.errors)")
        let state = try status(program)
        #expect(state.state == .stopped && state.reason.contains("SIGINT") && state.reason.contains("--resume"))
        // The pair of checkpoints survives damage to the newest.
        let checkpoint = program.path("run/checkpoint.h5")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: checkpoint))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: checkpoint))
        let resumed = try program("run", input, "-o", "run", "--resume", "--set", "end.time=\(state.time)")
        #expect(resumed.code == 0 && resumed.output.contains("damaged"), "\(resumed.errors)\(resumed.output)")
    }

    @Test func otherThreadsNeedPermission() throws {
        let program = try Program(), input = try program.input(Self.short)
        #expect(try program("run", input, "-o", "run", "--threads", "1", "-q").code == 0)
        let longer = ["run", input, "-o", "run", "--resume", "--set", "end.time=5 s", "--threads", "2"]
        let refused = try program.run(longer)
        #expect(
            refused.code == 2 && refused.errors.contains("1 threads, not 2") && refused.errors.contains("--allow-different-bits"), "\(refused.errors)"
        )
        #expect(try program.run(longer + ["--allow-different-bits"]).code == 0)
    }

    @Test func wallLimit() throws {
        let program = try Program(), input = try program.input(Self.long), began = Date()
        let result = try program("run", input, "-o", "run", "--max-hours", "0.0003", "-q")
        #expect(result.code == 3 && Date().timeIntervalSince(began) < 20, "\(result.errors)")
        let state = try status(program)
        #expect(state.state == .stopped && state.reason.contains("--max-hours") && state.step > 0)
        #expect(program.exists("run/checkpoint.h5"))
    }

    @Test func checkpointOnRequest() throws {
        let program = try Program(), input = try program.input(Self.long)
        let running = try program.start(["run", input, "-o", "run", "-q", "--set", "output.checkpointSteps=null"])
        try wait { program.exists("run/series.csv") && program.exists("run/snapshots/000000.h5") }
        #expect(!program.exists("run/checkpoint.h5"))
        Thread.sleep(forTimeInterval: 0.2)
        running.send(SIGUSR2)
        try wait { program.exists("run/checkpoint.h5") }
        #expect(running.isRunning)
        running.send(SIGUSR1)
        #expect(try running.finish().code == 3)
    }

    @Test func failureIsSaid() throws {
        let program = try Program()
        let input = try program.input(
            "{ \(Self.settings), end: { time: \"400 s\" }, time: { fixedStep: \"40 s\", largestPasses: 2, passTolerance: 1e-12 } }")
        let result = try program("run", input, "-o", "run")
        #expect(result.code == 1 && result.errors.contains("stopped at t ="), "\(result.errors)")
        let state = try status(program)
        #expect(state.state == .failed && !state.reason.isEmpty)
    }

    private func wait(_ condition: () throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation) throws {
        for _ in 0..<600 {
            if try condition() { return }
            Thread.sleep(forTimeInterval: 0.05)
        }
        Issue.record("waited in vain", sourceLocation: sourceLocation)
    }
}
