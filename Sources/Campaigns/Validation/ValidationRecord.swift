import RunFiles
import StandardProblems

/// What a folder of results keeps of the last run of a case.
struct ValidationRecord: Codable, Sendable {
    let name: String, title: String, extent: String, version: String, processor: String
    let threads: Int, passed: Bool
    /// Wall time, and processor time of all threads, s.
    let seconds: Double, processorSeconds: Double
    let checks: Int
    /// The check that is nearest to its tolerance, or furthest beyond it.
    let worst: String, error: Double, tolerance: Double
    /// FFTW pairs, cells and memory of the run that answers the problem, where the case counts them.
    let pairs: Double?, cells: Int?, peakMegabytes: Double?

    static let fileName = "record.json"

    init(_ outcome: ValidationOutcome, _ extent: ValidationExtent, threads: Int) {
        (name, title, passed) = (outcome.name, outcome.title, outcome.passed)
        (seconds, processorSeconds) = (outcome.seconds, outcome.processorSeconds)
        (self.extent, self.threads, version, processor) = (extent.rawValue, threads, Program.version, Machine.processor)
        let result = outcome.result, worst = result.checks.max { $0.error / $0.tolerance < $1.error / $1.tolerance }
        checks = result.checks.count
        self.worst = outcome.failure ?? worst?.quantity ?? "nothing was checked"
        (error, tolerance) = (worst?.error ?? 0, worst?.tolerance ?? 0)
        (pairs, cells, peakMegabytes) = (result.costs.first?.pairs, result.costs.first?.cells, result.costs.first?.peakMegabytes)
    }

    /// The records of a folder in the order of the table.
    static func all(in folder: String) -> [ValidationRecord] {
        Validator.all.compactMap { problem in
            (try? DiskFile.read("\(folder)/\(problem.name)/\(fileName)")).flatMap { JSONText.decode(ValidationRecord.self, $0) }
        }
    }

    /// One row per case, with the check that is nearest to its tolerance.
    static func markdown(_ records: [ValidationRecord]) -> String {
        let head = ["case", "problem", "checks", "nearest to its tolerance", "error", "tolerance", "passed",
                    "wall, s", "processor, s", "cost"]
        func short(_ number: Double) -> String { Readable.significant(number, 2) }
        let rows = records.map { r -> [String] in
            let cost = r.pairs.map { "\(short($0)) pairs, \(r.cells ?? 0) cells, \(short(r.peakMegabytes ?? 0)) MB" }
            return [r.name, r.title, "\(r.checks)", r.worst, short(r.error), short(r.tolerance), r.passed ? "yes" : "**no**",
                    short(r.seconds) + (r.extent == "fast" ? " (fast)" : ""), short(r.processorSeconds), cost ?? ""]
        }
        let wall = records.reduce(0) { $0 + $1.seconds }, work = records.reduce(0) { $0 + $1.processorSeconds }
        let missing = Validator.all.map(\.name).filter { name in !records.contains { $0.name == name } }
        let machines = Set(records.map { "\($0.threads) of \($0.processor)" }).sorted(), failed = records.filter { !$0.passed }.map(\.name)
        let lines = [
            "# Validation", "",
            "Problems with known answers, as `dendrite validate --full` last solved them here. A row names the check that came nearest to",
            "its tolerance, or went furthest beyond it; all are in `Outputs/validation/<case>/table.md` after a run. A pair is one FFTW",
            "r2c + c2r transform of the same grid, timed in the same process on one thread; cost and memory are those of the run that",
            "answers the problem, without its convergence study. Running a case again renews its row in",
            "`Outputs/validation/validation.md`, which is this page.", "",
            "\(records.count) cases, \(Readable.duration(wall)) of wall time and \(Readable.duration(work)) of processor time; threads: "
                + machines.joined(separator: ", ") + ". "
                + (failed.isEmpty ? "All passed." : "Failed: \(failed.joined(separator: ", "))."), "",
        ] + (missing.isEmpty ? [] : ["Not run: \(missing.joined(separator: ", ")).", ""])
        let table = ([head, head.map { _ in "---" }] + rows).map { row in
            "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        return (lines + table).joined(separator: "\n") + "\n"
    }
}
