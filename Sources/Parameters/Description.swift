extension Array where Element == ParameterEntry {
    /// The parameter at a path and those inside it.
    public func under(_ path: String) -> [ParameterEntry] { filter { $0.path == path || $0.path.hasPrefix(path + ".") } }

    /// Aligned columns: path, value, allowed range, meaning and source; a blank line before each group.
    public var table: String {
        let head = ["parameter", "value", "range", "meaning [source]"]
        let rows = map { entry in
            [entry.path, entry.display, entry.isGroup ? "" : entry.kind.range,
             entry.meaning + (entry.origin.isEmpty ? "" : " [\(entry.origin)]")]
        }
        let widest = [48, 28, 36]
        let widths = (0..<3).map { column in Swift.min(widest[column], (rows + [head]).map { $0[column].count }.max() ?? 0) }
        func line(_ cells: [String]) -> String {
            var line = ""
            var end = 0
            for (cell, width) in zip(cells, widths) {
                // A cell wider than its column borrows from the next one.
                end += width + 2
                line += cell + "  "
                line += String(repeating: " ", count: Swift.max(0, end - line.count))
            }
            return line + cells[3] + "\n"
        }
        return line(head) + zip(self, rows).map { ($0.isGroup ? "\n" : "") + line($1) }.joined()
    }

    /// A list of objects with path, kind, unit, value (SI), display, range, choices, meaning, source, basis and
    /// required.
    public var json: JSON5 {
        JSON5(.list(map { entry in
            var members: [JSON5.Member] = [.init("path", JSON5(entry.path)), .init("kind", JSON5(entry.kind.name))]
            if let unit = entry.kind.unit { members += [.init("unit", JSON5(unit.description)), .init("unitSI", JSON5(unit.si))] }
            if !entry.isGroup { members += [.init("value", entry.value), .init("display", JSON5(entry.display))] }
            if !entry.kind.range.isEmpty { members.append(.init("range", JSON5(entry.kind.range))) }
            if !entry.kind.choices.isEmpty { members.append(.init("choices", JSON5(.list(entry.kind.choices.map { JSON5($0) })))) }
            members.append(.init("meaning", JSON5(entry.meaning)))
            if !entry.source.isEmpty { members.append(.init("source", JSON5(entry.source))) }
            if let basis = entry.basis { members.append(.init("basis", JSON5(basis.rawValue))) }
            if entry.isRequired { members.append(.init("required", true)) }
            return JSON5(.object(members))
        }))
    }
}
