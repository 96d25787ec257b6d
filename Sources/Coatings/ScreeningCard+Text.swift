public import Parameters
import RunFiles

extension ScreeningCard {
    /// Aligned lines: what is known, what is missing, and what every value rests on.
    public var text: String {
        let shown = rows.filter { !$0.label.isEmpty }
        func column(_ cells: [String]) -> Int { cells.map(\.count).max() ?? 0 }
        func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
        let width = column(shown.map(\.label) + missing.map(\.what))
        var lines = [file.isEmpty || file == name ? name : "\(name)  (\(file))"]
        lines += shown.map { "  \(padded($0.label, width))  \($0.text)" }
        if !missing.isEmpty {
            lines.append("  missing")
            lines += missing.map { "    \(padded($0.what, width))  needs \($0.needs.joined(separator: ", "))" }
        }
        if !notes.isEmpty { lines += ["  notes"] + notes.map { "    \($0)" } }
        let (names, texts) = (column(values.map(\.path)), column(values.map(\.display).filter { $0.count < 40 }))
        lines.append("  values")
        lines += values.map {
            "    \(padded($0.path, names))  \(padded($0.display, texts))  \($0.basis.map(\.rawValue) ?? "not said")\($0.source.isEmpty ? "" : ": " + $0.source)"
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Every number under a key of its own; null where it is missing.
    public var json: JSON5 {
        var members: [JSON5.Member] = [
            .init("name", JSON5(name)), .init("file", JSON5(file)),
            .init("conditions", ["currentDensity_mA_cm2": JSON5(conditions.currentDensity / 10),
                                 "temperature_K": JSON5(conditions.temperature)]),
        ]
        for member in rows.flatMap(\.members) where !members.contains(where: { $0.key == member.key }) { members.append(member) }
        members.append(.init("missing", JSON5(.list(missing.map { ["what": JSON5($0.what), "needs": JSON5(.list($0.needs.map { JSON5($0) }))] }))))
        members.append(.init("notes", JSON5(.list(notes.map { JSON5($0) }))))
        members.append(.init("values", values.json))
        return JSON5(.object(members))
    }
}
