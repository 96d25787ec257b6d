/// A flag of a command.
struct Flag: Sendable {
    let name: String
    var short: String?
    /// What stands for its value in the help; nil when it takes none.
    var value: String?
    var repeats = false
    let meaning: String

    var heading: String { [short, name].compactMap(\.self).joined(separator: ", ") + (value.map { " " + $0 } ?? "") }
}

/// A command: what it takes, what it says about itself, what it does.
struct Command: Sendable {
    let name: String
    /// How many arguments besides flags, and their name in the help.
    let operands: ClosedRange<Int>
    let operandName: String
    let summary: String
    var details = ""
    let flags: [Flag]
    /// Returns the exit code.
    let body: @Sendable (Arguments) throws -> Int32

    var synopsis: String {
        let operand =
            operands.upperBound == 0
            ? "" : " " + (operands.lowerBound == 0 ? "[\(operandName)]" : operandName) + (operands.upperBound > 1 ? "..." : "")
        return "dendrite \(name)\(operand)" + (flags.isEmpty ? "" : " [flags]")
    }

    var help: String {
        let width = flags.map { $0.heading.count }.max() ?? 0
        let lines = flags.map { flag in
            "  \(flag.heading)\(String(repeating: " ", count: width - flag.heading.count))  \(flag.meaning)\(flag.repeats ? "; may be given several times" : "")"
        }
        return (["usage: \(synopsis)", "", summary] + (details.isEmpty ? [] : ["", details]) + (lines.isEmpty ? [] : ["", "flags:"] + lines)).joined(
            separator: "\n")
    }
}

/// A command line that does not say what to do, with every complaint.
struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ complaints: String...) { description = complaints.joined(separator: "\n") }
    init(_ complaints: [String]) { description = complaints.joined(separator: "\n") }
}
