import Foundation
import RunFiles
import Testing

/// A disk that is full from some moment of a run on: what was written before stays, the message says what to do, and the run goes on to the
/// same bits when there is space again.
@Suite(.serialized)
struct DiskFullRunTests {
    private static let input = """
        { grid: { size: ["6.4 um", "9.6 um"] }, heterogeneity: { variation: 0.5 }, noise: { amplitude: 0.2, interval: "0.5 s" },
          control: { currentDensity: "30 mA/cm^2" }, end: { time: "4 s" }, output: { parts: 4, checkpointSteps: 9, precision: "double" } }
        """

    /// Injected at the N-th call of write, pwrite, fsync, mkdir and open that makes a file; every call in a full test.
    @Test(.enabled(if: FaultLibrary.path != nil)) func atEveryWritingCall() throws {
        let program = try Program(), input = try program.input(Self.input), library = try #require(FaultLibrary.path)
        func environment(_ folder: String, at call: Int? = nil) -> [String: String] {
            var values = ["LD_PRELOAD": library, "FAULT_ROOT": program.path(folder), "FAULT_REPORT": program.path("calls")]
            if let call { values["FAULT_AT"] = "\(call)" }
            return values
        }
        let arguments = ["run", input, "--threads", "1", "--quiet", "--set", "planning=estimate"]
        let straight = try program.start(arguments + ["-o", "straight"], environment: environment("straight")).finish()
        #expect(straight.code == 0, "\(straight.errors)")
        let calls = try #require(Int(program.text("calls").dropLast()))
        #expect(calls > 150)
        let whole = try SeriesTable(program.path("straight/series.csv")).rows
        let chosen = Program.isFull ? Array(1...calls) : (0..<8).map { 1 + ($0 * calls + Int.random(in: 0..<calls)) / 8 }.map { min($0, calls) }
        var failures = 0
        for call in chosen {
            let folder = "run\(call)"
            let broken = try program.start(arguments + ["-o", folder], environment: environment(folder, at: call)).finish()
            #expect(!broken.wasKilled && [0, 1].contains(broken.code), "call \(call): \(broken.code) \(broken.errors)")
            if broken.code == 0 { #expect(call > calls - 12, "call \(call): a run whose disk is full says it is done") }
            if broken.code == 1 {
                failures += 1
                #expect(broken.errors.contains("disk is full") && broken.errors.contains("--resume"), "call \(call): \(broken.errors)")
            }
            // Everything there is whole.
            let path = program.path(folder)
            if program.exists(folder) {
                #expect(try Checkpoint.newestValid(in: path)?.passedOver == nil, "call \(call)")
                for snapshot in try RunFolder.snapshots(of: path) { #expect(throws: Never.self, "call \(call)") { try Snapshot(snapshot) } }
                if program.exists(folder + "/series.csv") {
                    let rows = try SeriesTable(path + "/series.csv").rows
                    #expect(rows.map(bits) == Array(whole.prefix(rows.count)).map(bits), "call \(call)")
                }
                #expect(try DiskFile.names(in: path).allSatisfy { $0 != "run.json" || (try? RunFolder.provenance(of: path)) != nil })
            }
            let again = try program.run(arguments + ["-o", folder, "--resume"])
            #expect(again.code == 0, "call \(call): \(again.errors)")
            try ResumeTests().expectEqual(program.path("straight"), path)
            try FileManager.default.removeItem(atPath: path)
        }
        #expect(failures > chosen.count * 7 / 10)
    }

    /// A small file system of its own that the run fills by itself; then one that turns read-only.
    @Test(.enabled(if: SmallDisk.isPossible)) func smallDisk() throws {
        let program = try Program(), input = try program.input(Self.input), disk = try SmallDisk(kilobytes: 640)
        let arguments = ["run", input, "--threads", "1", "--quiet", "--set", "planning=estimate"]
        #expect(try program.run(arguments + ["-o", "straight"]).code == 0)
        let folder = disk.path + "/run"
        let broken = try program.run(arguments + ["-o", folder])
        #expect(broken.code == 1 && broken.errors.contains("disk is full"), "\(broken.code) \(broken.errors)")
        let state = try RunFolder.status(of: folder)
        #expect(state.state != .done)
        let first = try #require(try Checkpoint.newestValid(in: folder)).checkpoint.metadata["step"]?.integer ?? 0
        #expect(first > 0)
        try disk.remount("size=4096k")
        try disk.remount("ro")
        let readOnly = try program.run(arguments + ["-o", folder, "--resume"])
        #expect(readOnly.code == 2 && readOnly.errors.contains("read-only"), "\(readOnly.code) \(readOnly.errors)")
        try disk.remount("rw")
        let again = try program.run(arguments + ["-o", folder, "--resume"])
        #expect(again.code == 0, "\(again.errors)")
        try ResumeTests().expectEqual(program.path("straight"), folder)
    }

    private func bits(_ row: [Double]) -> [UInt64] { row.map(\.bitPattern) }
}

/// A tmpfs of its own; only root may mount one.
private final class SmallDisk {
    let path: String

    static let isPossible: Bool = (try? SmallDisk(kilobytes: 64)) != nil

    init(kilobytes: Int) throws {
        var template = Array("/tmp/dendrite-disk-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else { rmdir(path); throw Running.Failure(message: "mount") }
    }

    func remount(_ option: String) throws {
        let flags = UInt(32 /* MS_REMOUNT */) | (option == "ro" ? 1 /* MS_RDONLY */ : 0)
        try #require(mount("tmpfs", path, "tmpfs", flags, option.hasPrefix("size") ? option : nil) == 0)
    }

    deinit { umount2(path, 2 /* MNT_DETACH */); rmdir(path) }
}
