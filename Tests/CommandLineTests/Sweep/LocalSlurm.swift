import Foundation
import RunFiles
import Testing

/// A Slurm of one node with four places, started by Tests/Slurm/local-slurm.sh and stopped at the end.
final class LocalSlurm {
    /// How a run is interrupted.
    enum Way { case cancel, kill, drain, down, limit }

    /// Root only, since slurmd starts jobs of others; with the packages there, or in a full test, which installs them.
    static let isPossible = getuid() == 0 && (Program.isFull || (Program.isInstalled("slurmctld") && Program.isInstalled("munged")))

    private let scratch: Scratch
    private let environment: [String: String]
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Slurm/local-slurm.sh").path

    init() throws {
        scratch = try Scratch()
        let started = try Running([LocalSlurm.script, "start", scratch.path], in: scratch.path, executable: "sh",
                                  environment: ["SLURM_TEST_CPUS": "4"]).finish()
        try #require(started.code == 0, "\(started.errors)")
        environment = ["SLURM_CONF": scratch.path + "/slurm.conf"]
    }

    deinit { _ = try? Running([LocalSlurm.script, "stop", scratch.path], in: "/tmp", executable: "sh").finish() }

    @discardableResult
    private func call(_ words: String...) -> String {
        (try? Running(Array(words.dropFirst()), in: scratch.path, executable: words[0], environment: environment).finish().output) ?? ""
    }

    private var node: String { call("sinfo", "-h", "-o", "%n").trimmingCharacters(in: .whitespacesAndNewlines) }

    /// Submits what is missing and returns the number of the job.
    func submit(_ program: Program, _ folder: String) throws -> String {
        let result = try program.start(["sweep", "submit", folder, "--with", "slurm"], environment: environment).finish()
        let words = result.output.split { $0 == " " || $0 == "\n" }.map(String.init)
        let at = try #require(words.lastIndex(of: "job"), "\(result.output)\(result.errors)")
        return words[at + 1]
    }

    /// Interrupts a run that goes on, one that was not interrupted before where there is a choice; nil when none does before the job ends.
    func disturb(_ program: Program, _ folder: String, _ job: String, _ way: Way, sparing: Set<String> = []) throws -> Set<String>? {
        var running: [(name: String, process: Int32)] = []
        while running.isEmpty {
            running = program.running(folder)
            if running.isEmpty, call("squeue", "-h", "-j", job).isEmpty { return nil }
            usleep(20_000)
        }
        usleep(useconds_t.random(in: 0...100_000))
        let victim = running.first { !sparing.contains($0.name) } ?? running[0]
        switch way {
        case .kill:
            // After a checkpoint, so that the run goes on from there.
            while kill(victim.process, 0) == 0 && !program.exists("\(folder)/runs/\(victim.name)/checkpoint.h5") { usleep(2000) }
            return kill(victim.process, SIGKILL) == 0 ? [victim.name] : []
        case .cancel:
            guard let task = call("squeue", "-h", "-r", "-j", job, "-t", "RUNNING", "-o", "%i").split(separator: "\n").randomElement() else {
                return []
            }
            let before = Set(program.running(folder).map(\.name))
            call("scancel", String(task))
            try program.wait { Set(program.running(folder).map(\.name)) != before || call("squeue", "-h", "-j", job).isEmpty }
            return before.subtracting(program.running(folder).map(\.name)).prefix(1).reduce(into: []) { $0.insert($1) }
        case .drain, .down:
            let before = Set(program.running(folder).map(\.name))
            // A drained node takes no more tasks; one that is down loses those that it has, and Slurm queues them again.
            call("scontrol", "update", "nodename=\(node)", "state=drain", "reason=test")
            if way == .down { call("scontrol", "update", "nodename=\(node)", "state=down", "reason=test") } else { call("scancel", "--full", job) }
            try program.wait { program.running(folder).isEmpty }
            call("scontrol", "update", "nodename=\(node)", "state=resume")
            return before
        case .limit:
            // A run that hangs until its task is out of time, a minute; Slurm wakes it to tell it.
            kill(victim.process, SIGSTOP)
            for task in call("squeue", "-h", "-r", "-j", job, "-t", "RUNNING", "-o", "%i").split(separator: "\n") {
                call("scontrol", "update", "JobId=\(task)", "TimeLimit=1")
            }
            try program.wait(seconds: 200) { !program.running(folder).contains { $0.process == victim.process } }
            return [victim.name]
        }
    }

    /// Removes what is still queued or runs.
    func clear() {
        call("scancel", "--full", "--user=root")
        for _ in 0..<200 where !call("squeue", "-h").isEmpty { usleep(100_000) }
    }

    func wait(_ job: String) throws {
        let began = Date()
        while !call("squeue", "-h", "-j", job).isEmpty {
            try #require(Date().timeIntervalSince(began) < 600)
            usleep(200_000)
        }
    }
}
