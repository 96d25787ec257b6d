import Parameters

/// The arguments of one command, sorted into operands and flags.
struct Arguments: Sendable {
    private(set) var operands: [String] = []
    private var flags: [String: [String]] = [:]
    /// The whole command line.
    let line: [String]

    /// - Parameter words: what follows the name of the command.
    /// - Throws: `UsageError` with every complaint.
    init(_ words: [String], of command: Command, line: [String]) throws {
        self.line = line
        var rest = words[...], complaints: [String] = [], onlyOperands = false
        while let word = rest.popFirst() {
            if onlyOperands || !word.hasPrefix("-") || word == "-" {
                operands.append(word)
                continue
            }
            if word == "--" {
                onlyOperands = true
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let flag = command.flags.first(where: { $0.name == parts[0] || $0.short == parts[0] }) else {
                let near = nearest(parts[0], command.flags.map(\.name)).map { "; did you mean \($0)?" } ?? "; see dendrite help \(command.name)"
                complaints.append("\(parts[0]) is not a flag of dendrite \(command.name)\(near)")
                continue
            }
            var value = parts.count > 1 ? parts[1] : nil
            if flag.value == nil {
                if value != nil { complaints.append("\(flag.name) takes no value") }
                value = ""
            } else if value == nil {
                value = rest.popFirst()
            }
            guard let value else {
                complaints.append("\(flag.name) needs a value: \(flag.heading)")
                continue
            }
            if flags[flag.name] != nil && !flag.repeats { complaints.append("\(flag.name) is given twice") }
            flags[flag.name, default: []].append(value)
        }
        if !command.operands.contains(operands.count) {
            let least = command.operands.lowerBound
            complaints.append(operands.count < least ? "dendrite \(command.name) needs \(command.operandName): \(command.synopsis)"
                : "dendrite \(command.name) takes \(command.operands.upperBound == 0 ? "no" : "one") \(command.operandName); "
                    + "\(operands.dropFirst(command.operands.upperBound).joined(separator: " ")) is too much")
        }
        if !complaints.isEmpty { throw UsageError(complaints) }
    }

    func has(_ flag: String) -> Bool { flags[flag] != nil }
    func value(_ flag: String) -> String? { flags[flag]?.last }
    func values(_ flag: String) -> [String] { flags[flag] ?? [] }

    func integer(_ flag: String, atLeast least: Int) throws -> Int? {
        guard let text = value(flag) else { return nil }
        guard let number = Int(text), number >= least else { throw UsageError("\(flag) expects a whole number of at least \(least), not \(text)") }
        return number
    }

    func number(_ flag: String, above least: Double) throws -> Double? {
        guard let text = value(flag) else { return nil }
        guard let number = Double(text), number > least, number.isFinite else {
            throw UsageError("\(flag) expects a number above \(least), not \(text)")
        }
        return number
    }
}
