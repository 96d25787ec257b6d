import Glibc
import RunFiles

/// The command that gives the missing runs of a sweep to a scheduler.
public struct SweepSubmission: Sendable {
    public enum Scheduler: String, CaseIterable, Sendable { case slurm, parallel, shell }

    public let scheduler: Scheduler
    /// To be run in the folder of the sweep; empty when nothing is missing.
    public let command: [String]
    public let folder: String
    /// Number of runs that are not done and not running.
    public let missing: Int

    /// - Parameters:
    ///   - scheduler: nil: Slurm where sbatch is in the PATH, otherwise GNU parallel where it is, otherwise the shell.
    ///   - atOnce: runs at the same time, instead of what the sweep says.
    /// - Throws: `RunRefusal` when the scheduler is not there.
    public init(_ manifest: SweepManifest, _ settings: SweepSettings, with scheduler: Scheduler? = nil, atOnce: Int? = nil) throws {
        let chosen = scheduler ?? (SweepSubmission.isInPath("sbatch") ? .slurm : SweepSubmission.isInPath("parallel") ? .parallel : .shell)
        let missing = SweepStatus(manifest).missing
        (self.scheduler, self.missing, folder) = (chosen, missing.count, manifest.folder)
        guard !missing.isEmpty else { command = []; return }
        switch chosen {
        case .slurm:
            let group = SweepScripts.runsPerTask(settings.jobs, rows: manifest.rows.count)
            let limit = (atOnce ?? settings.jobs.atOnce).map { "%\($0)" } ?? ""
            command = ["sbatch", "--array=" + SweepSubmission.ranges(missing.map { $0.index / group }) + limit, SweepScripts.slurm]
        case .parallel:
            command = ["sh", SweepScripts.parallel] + (atOnce.map { ["\($0)"] } ?? [])
            try SweepSubmission.forgetWrongEntries(manifest, missing)
        case .shell:
            command = ["sh", SweepScripts.shell] + (atOnce.map { ["\($0)"] } ?? [])
        }
        let needed = chosen == .slurm ? "sbatch" : chosen == .parallel ? "parallel" : "sh"
        guard SweepSubmission.isInPath(needed) else {
            throw RunRefusal("\(needed) is not in the PATH; where it is, run in \(folder): \(text)")
        }
    }

    public var text: String { command.joined(separator: " ") }

    /// Turns this process into the command; returns only when that fails.
    public func execute() throws {
        guard chdir(folder) == 0 else { throw RunRefusal("cannot enter \(folder): \(String(cString: strerror(errno)))") }
        // The command begins with the signals as a login shell gives them: this program ignores SIGPIPE.
        var none = sigset_t()
        sigemptyset(&none)
        sigprocmask(SIG_SETMASK, &none, nil)
        signal(SIGPIPE, SIG_DFL)
        var pointers = command.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        execvp(command[0], &pointers)
        throw RunRefusal("cannot run \(command[0]): \(String(cString: strerror(errno)))")
    }

    /// Sorted numbers as Slurm writes them: 0-3,7.
    static func ranges(_ numbers: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for number in Set(numbers).sorted() {
            if let last = ranges.last, last.upperBound == number - 1 {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }

    /// parallel skips what its log calls done; when the folder of such a run is gone, the log goes too and every run is offered again.
    private static func forgetWrongEntries(_ manifest: SweepManifest, _ missing: [SweepStatus.Row]) throws(RunFileError) {
        let path = "\(manifest.folder)/\(SweepScripts.jobLog)"
        guard let text = try? DiskFile.text(path) else { return }
        // Seq Host Starttime JobRuntime Send Receive Exitval Signal Command; the job number counts from 1.
        let done = text.split(separator: "\n").dropFirst().compactMap { line -> Int? in
            let words = line.split(separator: "\t")
            return words.count > 7 && words[6] == "0" && words[7] == "0" ? Int(words[0]) : nil
        }
        if !Set(done).isDisjoint(with: missing.map { $0.index + 1 }) { try DiskFile.remove(path) }
    }

    private static func isInPath(_ name: String) -> Bool {
        guard let path = getenv("PATH") else { return false }
        return String(cString: path).split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
    }
}
