import Parameters
public import RunFiles

/// Where every run of a sweep stands.
public struct SweepStatus: Sendable {
    public struct Row: Sendable {
        public let index: Int, directory: String
        public let state: RunStatus.State
        public let reason: String
        /// Of the run, 0 ... 1.
        public let fraction: Double
    }

    public let folder: String
    public let rows: [Row]

    /// - Throws: when there is no manifest to go by.
    public init(_ manifest: SweepManifest) {
        folder = manifest.folder
        rows = manifest.rows.map { row in
            func entry(_ state: RunStatus.State, _ reason: String, _ fraction: Double) -> Row {
                Row(index: row.index, directory: row.directory, state: state, reason: reason, fraction: fraction)
            }
            do throws(RunFileError) {
                let status = try RunFolder.status(of: try manifest.folder(of: row))
                return entry(status.state, status.reason, status.fraction)
            } catch {
                return error.kind == .missing ? entry(.pending, "", 0) : entry(.failed, error.message, 0)
            }
        }
    }

    public func count(_ state: RunStatus.State) -> Int { rows.count { $0.state == state } }
    /// Rows that a submission has something to do for.
    public var missing: [Row] { rows.filter { $0.state != .done && $0.state != .running } }

    /// 0 when all runs are done, 1 when one failed, 3 when some are still to come.
    public var exitCode: Int32 { count(.failed) > 0 ? 1 : count(.done) == rows.count ? 0 : 3 }

    public var text: String {
        var lines = ["\(folder): \(rows.count) runs"]
        for state in [RunStatus.State.done, .running, .stopped, .pending, .failed] where count(state) > 0 {
            lines.append("  \(state.rawValue)\(String(repeating: " ", count: 9 - state.rawValue.count))\(count(state))")
        }
        let share = rows.reduce(0) { $0 + ($1.state == .done ? 1 : min(max($1.fraction, 0), 1)) } / Double(max(1, rows.count))
        lines.append("  \(Readable.fixed(100 * share, 1)) % of the simulated time")
        let failed = rows.filter { $0.state == .failed }
        lines += failed.prefix(10).map { "  failed: \($0.index) \($0.directory): \($0.reason)" }
        if failed.count > 10 { lines.append("  ... and \(failed.count - 10) more") }
        return lines.joined(separator: "\n")
    }

    /// Counts, and every row with its state.
    public var json: JSON5 {
        let counts = RunStatus.State.allCases.map { JSON5.Member($0.rawValue, JSON5(count($0))) }
        return JSON5(.object([
            .init("folder", JSON5(folder)), .init("count", JSON5(rows.count)), .init("states", JSON5(.object(counts))),
            .init("runs", JSON5(.list(rows.map { row in
                JSON5(.object([
                    .init("index", JSON5(row.index)), .init("directory", JSON5(row.directory)), .init("state", JSON5(row.state.rawValue)),
                    .init("reason", JSON5(row.reason)), .init("fraction", JSON5(row.fraction)),
                ]))
            }))),
        ]))
    }
}
