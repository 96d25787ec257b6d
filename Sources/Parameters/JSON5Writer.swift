extension JSON5 {
    public enum Style: Sendable {
        /// Indented, unquoted keys, comments kept.
        case json5
        /// Indented plain JSON: no comments, null for NaN and infinities.
        case json
        /// Plain JSON in one line.
        case line
    }

    /// The tree as text. Every finite number reads back exactly.
    public func text(_ style: Style) -> String {
        var text = ""
        write(to: &text, style, indent: "")
        return style == .line ? text : text + "\n"
    }

    private func write(to text: inout String, _ style: Style, indent: String) {
        switch content {
        case .null: text += "null"
        case .boolean(let boolean): text += "\(boolean)"
        case .integer(let integer): text += "\(integer)"
        case .number(let number) where number.isFinite: text += decimal(number)
        case .number(let number):
            text += style != .json5 ? "null" : number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
        case .text(let string): text += JSON5.escaped(string)
        case .list(let elements):
            let inline = style == .line || elements.allSatisfy { $0.isScalar && (style == .json || $0.comment == nil) }
            write(elements, to: &text, style, indent, inline: inline, brackets: "[]") { element, text, inner in
                element.write(to: &text, style, indent: inner)
                return element.comment
            }
        case .object(let members):
            write(members, to: &text, style, indent, inline: style == .line, brackets: "{}") { member, text, inner in
                let bare = style == .json5 && JSON5.isName(member.key)
                text += (bare ? member.key : JSON5.escaped(member.key)) + (style == .line ? ":" : ": ")
                member.value.write(to: &text, style, indent: inner)
                return member.value.comment
            }
        }
    }

    private func write<Item>(
        _ items: [Item], to text: inout String, _ style: Style, _ indent: String, inline: Bool, brackets: String,
        _ body: (Item, inout String, String) -> String?
    ) {
        text.append(brackets.first!)
        for (index, item) in items.enumerated() {
            let isLast = index == items.count - 1
            if !inline { text += "\n" + indent + "  " }
            let comment = body(item, &text, indent + "  ")
            if !isLast || (style == .json5 && !inline) { text += style == .line || !inline ? "," : ", " }
            if style == .json5, let comment { text += "  // " + comment.map { $0.isNewline ? " " : String($0) }.joined() }
        }
        if !inline && !items.isEmpty { text += "\n" + indent }
        text.append(brackets.last!)
    }

    private var isScalar: Bool {
        switch content {
        case .list, .object: false
        default: true
        }
    }

    private static func isName(_ key: String) -> Bool {
        key.utf8.first.map { !(48...57).contains($0) } == true
            && key.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95 }
    }

    static func escaped(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x2028...0x2029).contains(scalar.value):
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
