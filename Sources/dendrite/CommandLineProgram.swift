import Campaigns
import Parameters
import RunFiles

/// From the arguments to the exit code: 0 done, 1 failed while running, 2 bad usage or input, 3 stopped early and resumable.
enum CommandLineProgram {
    static let commands: [Command] = [.run, .check, .describe, .analyze, .report, .coating, .compare, .sweep, .validate, .bench]

    static func run(_ line: [String]) -> Int32 {
        let words = Array(line.dropFirst())
        guard let name = words.first else {
            Terminal.complain(overview)
            return 2
        }
        if ["help", "--help", "-h"].contains(name) { return help(words.dropFirst().first) }
        if ["version", "--version"].contains(name) {
            Terminal.print("dendrite \(Program.version)")
            return 0
        }
        guard let command = commands.first(where: { $0.name == name }) else { return unknown(name) }
        if words.contains("--help") || words.contains("-h") { return help(name) }
        do {
            return try command.body(try Arguments(Array(words.dropFirst()), of: command, line: line))
        } catch {
            Terminal.complain(error is Diagnostics ? "\(error)" : prefixed("\(error)"))
            return exitCode(of: error)
        }
    }

    private static func exitCode(of error: any Error) -> Int32 {
        switch error {
        case is UsageError, is Diagnostics, is RunRefusal: return 2
        case let error as RunFileError: return [.notEmpty, .locked, .mismatch, .otherFormat, .misuse, .notWritable].contains(error.kind) ? 2 : 1
        default: return 1
        }
    }

    private static func prefixed(_ text: String) -> String { text.split(separator: "\n").map { "dendrite: error: \($0)" }.joined(separator: "\n") }

    private static func unknown(_ name: String) -> Int32 {
        let near = nearest(name, commands.map(\.name)).map { "; did you mean \($0)?" } ?? ""
        Terminal.complain("dendrite: \(name) is not a command\(near) Commands: \(commands.map(\.name).joined(separator: ", "))")
        return 2
    }

    private static func help(_ name: String?) -> Int32 {
        guard let name else {
            Terminal.print(overview)
            return 0
        }
        guard let command = commands.first(where: { $0.name == name }) else { return unknown(name) }
        Terminal.print(command.help)
        return 0
    }

    private static var overview: String {
        let width = commands.map(\.name.count).max() ?? 0
        return (["usage: dendrite COMMAND ...", ""] + commands.map { command in
            "  \(command.name)\(String(repeating: " ", count: width - command.name.count))  \(command.summary)"
        } + ["", "dendrite help COMMAND shows its flags. First run: dendrite run Inputs/quickstart.json5"]).joined(separator: "\n")
    }
}
