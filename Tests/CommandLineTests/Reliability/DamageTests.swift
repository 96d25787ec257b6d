import Foundation
import RunFiles
import Testing

/// Files of a run in which a byte has changed.
@Suite(.serialized)
struct DamageTests {
    private static let input = """
        { grid: { size: ["6.4 um", "9.6 um"] }, heterogeneity: { variation: 0.5 }, control: { currentDensity: "30 mA/cm^2" }, end: { time: "4 s" },
          output: { interval: "1 s", checkpointSteps: 9, precision: "double" } }
        """

    private func flip(_ path: String, random: inout SystemRandomNumberGenerator) throws -> (offset: Int, mask: UInt8) {
        var bytes = try DiskFile.read(path)
        let offset = Int.random(in: 0..<bytes.count, using: &random), mask = UInt8.random(in: 1...255, using: &random)
        bytes[offset] ^= mask
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return (offset, mask)
    }

    /// 1,000 random changes of one byte over both checkpoints of a real run: each is seen, and the other checkpoint is the one to use.
    @Test func everyFlippedByteIsSeen() throws {
        let program = try Program(), input = try program.input(Self.input)
        #expect(try program("run", input, "-o", "run", "--threads", "1", "-q").code == 0)
        let folder = program.path("run"), names = [Checkpoint.fileName, Checkpoint.previousFileName]
        let steps = try names.map { try Checkpoint(folder + "/" + $0).metadata["step"]?.integer }
        #expect(steps[0] != steps[1] && steps.allSatisfy { $0 != nil })
        let sizes = names.map { DiskFile.size(folder + "/" + $0) ?? 0 }
        for round in 0..<1000 {
            // Over all bytes of both files alike; one in ten where the structure is dense.
            let at = round % 10 == 0 ? Int.random(in: 0..<4096) + (Bool.random() ? 0 : sizes[0]) : Int.random(in: 0..<sizes.reduce(0, +))
            let file = at < sizes[0] ? 0 : 1, path = folder + "/" + names[file], offset = off_t(at - (file == 0 ? 0 : sizes[0]))
            let descriptor = open(path, O_RDWR)
            defer { close(descriptor) }
            var byte: UInt8 = 0
            pread(descriptor, &byte, 1, offset)
            var damaged = byte ^ UInt8.random(in: 1...255)
            pwrite(descriptor, &damaged, 1, offset)
            #expect(throws: RunFileError.self, "byte \(offset) of \(names[file])") { try Checkpoint(path) }
            let found = try #require(try Checkpoint.newestValid(in: folder))
            #expect(found.checkpoint.metadata["step"]?.integer == steps[1 - file] && (found.passedOver != nil) == (file == 0))
            pwrite(descriptor, &byte, 1, offset)
        }
        #expect(try Checkpoint.newestValid(in: folder)?.passedOver == nil)
    }

    /// A byte of any file of a stopped run is changed: the resumed run reaches the same bits or says what is wrong.
    @Test func resumeNeverGoesWrongInSilence() throws {
        let program = try Program(), input = try program.input("""
            { grid: { size: ["6.4 um", "9.6 um"] }, heterogeneity: { variation: 0.5 }, end: { time: "4 s" },
              control: { mode: "protocol", repeats: 9, steps: [
                { kind: "plate", currentDensity: "30 mA/cm^2", duration: "0.5 s" }, { kind: "strip", currentDensity: "30 mA/cm^2", duration: "0.4 s" } ] },
              output: { interval: "1 s", checkpointSteps: 9, precision: "double" } }
            """)
        var random = SystemRandomNumberGenerator()
        #expect(try program("run", input, "-o", "straight", "--threads", "1", "-q").code == 0)
        // The first half, with the plans of the whole: they are what stays when a run is overwritten.
        try FileManager.default.copyItem(atPath: program.path("straight"), toPath: program.path("half"))
        #expect(try program("run", input, "-o", "half", "--overwrite", "--threads", "1", "-q", "--set", "end.time=2 s").code == 0)
        let files =
            try DiskFile.names(in: program.path("half")).filter { $0.contains(".") }
            + DiskFile.names(in: program.path("half/snapshots")).map { "snapshots/" + $0 }
        #expect(["fftw.wisdom", "checkpoint.previous.h5", "cycles.csv"].allSatisfy(files.contains))
        var same = 0, refused = 0
        for round in 0..<(Program.isFull ? 400 : files.count) {
            try FileManager.default.copyItem(atPath: program.path("half"), toPath: program.path("run"))
            defer { try? FileManager.default.removeItem(atPath: program.path("run")) }
            let file = files[round % files.count], change = try flip(program.path("run/" + file), random: &random)
            let result = try program("run", input, "-o", "run", "--threads", "1", "--resume")
            let place = "byte \(change.offset) of \(file) by \(change.mask): \(result.output)\(result.errors)"
            #expect(!result.wasKilled && [0, 1, 2].contains(result.code), "\(place)")
            guard result.code == 0 else {
                refused += 1
                #expect(result.errors.contains(file), "\(place)")
                continue
            }
            same += 1
            let last = try [program.path("straight"), program.path("run")].map { try Snapshot(#require(try RunFolder.snapshots(of: $0).last)) }
            #expect(last[0].time == last[1].time, "\(place)")
            for field in last[0].fields { #expect(try last[0].values(field.name) == last[1].values(field.name), "\(field.name), \(place)") }
            for table in ["series.csv", "cycles.csv"] where try program.text("straight/" + table) != program.text("run/" + table) {
                #expect(file == table && result.output.contains("\(table) was changed"), "\(place)")
            }
        }
        #expect(same > refused)
    }

    @Test func otherProgramAndOtherGrid() throws {
        let program = try Program(), input = try program.input(Self.input)
        #expect(try program("run", input, "-o", "run", "--threads", "1", "-q", "--set", "end.time=2 s").code == 0)
        let json = try program.text("run/run.json")
        _ = try program.input(json.replacingOccurrences(of: "\"version\" : \"", with: "\"version\" : \"9."), name: "run/run.json")
        let arguments = ["run", input, "-o", "run", "--threads", "1", "--resume"]
        let refused = try program.run(arguments)
        #expect(
            refused.code == 2 && refused.errors.contains("began with version 9.") && refused.errors.contains("--allow-different-bits"),
            "\(refused.errors)")
        _ = try program.input(json, name: "run/run.json")

        #expect(
            try program("run", input, "-o", "other", "--threads", "1", "-q", "--set", "grid.size=[\"6.4 um\", \"8 um\"]", "--set", "end.time=1 s")
                .code == 0)
        for name in [Checkpoint.fileName, Checkpoint.previousFileName] {
            try? FileManager.default.removeItem(atPath: program.path("run/" + name))
            try FileManager.default.copyItem(atPath: program.path("other/" + name), toPath: program.path("run/" + name))
        }
        let before = try program.text("run/series.csv"), grid = try program.run(arguments + ["--allow-different-bits"])
        #expect(grid.code == 2 && grid.errors.contains("its grid is 32 x 40 x 1, the run's 32 x 48 x 1"), "\(grid.errors)")
        #expect(try program.text("run/series.csv") == before)
    }

    /// The clock on the wall may jump as it likes: no step, no limit and no lock depends on it.
    @Test(.enabled(if: FaultLibrary.path != nil)) func clockJumps() throws {
        let program = try Program(), input = try program.input(Self.input)
        let environment = ["LD_PRELOAD": try #require(FaultLibrary.path), "FAULT_CLOCK": "1"]
        let arguments = ["run", input, "--threads", "1", "--quiet", "--set", "planning=estimate", "--set", "time.largestStep=0.02"]
        #expect(try program.run(arguments + ["-o", "straight"]).code == 0)
        for _ in 0..<3 {
            let running = try program.start(arguments + ["-o", "run", "--resume", "--max-hours", "1"], environment: environment)
            usleep(150_000)
            running.send(SIGKILL)
            _ = try running.finish()
        }
        let last = try program.start(arguments + ["-o", "run", "--resume", "--max-hours", "1"], environment: environment).finish()
        #expect(last.code == 0, "\(last.errors)")
        try ResumeTests().expectEqual(program.path("straight"), program.path("run"))
    }
}
