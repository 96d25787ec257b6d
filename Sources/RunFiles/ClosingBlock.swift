/// What a run says when it ends.
public struct ClosingBlock: Equatable, Sendable {
    public var state: RunStatus.State
    public var reason: String
    public var steps: Int, rejected: Int
    /// Simulated, s.
    public var time: Double
    /// Wall time of stepping, planning apart, s.
    public var elapsed: Double
    /// Wall time of planning transforms, s.
    public var planning: Double
    /// Wall time by section, s, in the order to print; the rest of `elapsed` is printed as "other".
    public var sections: [(name: String, seconds: Double)]
    public var cells: Int
    /// Bytes.
    public var peakMemory: Int
    public var folder: String
    /// Sentences on what the run found, one line each.
    public var notes: [String]

    public init(state: RunStatus.State, reason: String, steps: Int, rejected: Int, time: Double, elapsed: Double, planning: Double,
                sections: [(name: String, seconds: Double)], cells: Int, peakMemory: Int = Machine.peakMemory, folder: String,
                notes: [String] = []) {
        (self.state, self.reason, self.steps, self.rejected, self.time) = (state, reason, steps, rejected, time)
        (self.elapsed, self.planning, self.sections, self.cells) = (elapsed, planning, sections, cells)
        (self.peakMemory, self.folder, self.notes) = (peakMemory, folder, notes)
    }

    public static func == (a: ClosingBlock, b: ClosingBlock) -> Bool { a.text == b.text }

    public var text: String {
        let steps = max(1, self.steps), perCell = 1e9 * elapsed / Double(steps) / Double(max(1, cells))
        var lines = [
            "\(state.rawValue): \(reason)",
            "  \(self.steps) steps to t \(Readable.quantity(time, "s")), \(rejected) rejected, in \(Readable.duration(elapsed)) "
                + "(\(Readable.significant(perCell, 3)) ns/cell/step), planning \(Readable.significant(planning, 3)) s apart",
        ]
        let other = elapsed - sections.reduce(0) { $0 + $1.seconds }
        let rows = (sections + [("other", max(0, other))]).filter { $0.seconds > 0 }
        let width = rows.map(\.name.count).max() ?? 0
        for (name, seconds) in rows {
            lines.append("  \(name)\(String(repeating: " ", count: width - name.count))  \(Readable.fixed(seconds, 2, width: 9)) s  "
                + "\(Readable.fixed(100 * seconds / max(elapsed, 1e-9), 1, width: 5)) %")
        }
        lines += notes.map { "  " + $0 }
        lines.append("  peak memory \(Readable.bytes(peakMemory))")
        lines.append("  results in \(folder)")
        return lines.joined(separator: "\n")
    }
}
