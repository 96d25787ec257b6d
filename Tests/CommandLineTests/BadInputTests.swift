import Foundation
import Testing

/// Broken inputs: each is refused with its message and exit code 2, none crashes, none starts a run.
struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String, text: String, arguments: [String], messages: [String]
        var testDescription: String { name }
    }

    /// The corpus in bad-inputs.txt; its format stands in its first line.
    static let corpus: [Case] = {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("bad-inputs.txt").path
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.components(separatedBy: "\n=== ").dropFirst().map { block in
            var lines = block.components(separatedBy: "\n")
            if lines.last == "" { lines.removeLast() }
            let name = lines.removeFirst()
            func marked(_ mark: String) -> [String] { lines.filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) } }
            return Case(name: name, text: lines.filter { !$0.hasPrefix("+++ ") && !$0.hasPrefix("--- ") }.joined(separator: "\n"),
                        arguments: marked("+++ ").flatMap { $0.components(separatedBy: " ") }, messages: marked("--- "))
        }
    }()

    @Test func corpusIsComplete() {
        #expect(Self.corpus.count >= 90)
        #expect(Self.corpus.allSatisfy { !$0.messages.isEmpty })
    }

    @Test(arguments: corpus)
    func isRefused(_ bad: Case) throws {
        let program = try Program()
        let input = try program.input(bad.text)
        for command in ["run", "check"] {
            let result = try program.run([command, input] + bad.arguments)
            #expect(result.code == 2 && !result.wasKilled, "\(command): \(result.code)\n\(result.errors)")
            for message in bad.messages { #expect(result.errors.contains(message), "\(result.errors)") }
            #expect(result.errors.contains("error"))
        }
        #expect(!program.exists("Outputs"))
    }

    @Test(arguments: ["nowhere.json5", ".", "Inputs/"])
    func noInput(_ path: String) throws {
        let program = try Program()
        let result = try program("run", path)
        #expect(result.code == 2 && result.errors.contains("cannot read \"\(path)\""), "\(result.errors)")
    }

    @Test func bytesThatAreNoText() throws {
        let program = try Program()
        try Data((0..<4096).map { _ in UInt8.random(in: 0...255) }).write(to: URL(fileURLWithPath: program.path("noise.json5")))
        let result = try program("run", "noise.json5")
        #expect(result.code == 2 && result.errors.contains("noise.json5:"), "\(result.errors)")
    }

    @Test(arguments: [
        ([], "usage: dendrite COMMAND"), (["rum"], "did you mean run?"), (["run"], "needs INPUT"), (["run", "a", "b"], "b is too much"),
        (["run", "a", "--overwritte"], "did you mean --overwrite?"), (["run", "a", "--threads"], "--threads needs a value"),
            (["run", "a", "--threads", "0"], "at least 1"), (["run", "a", "--cpu", "mmx"], "base, avx2, avx512"),
            (["run", "a", "--max-hours", "x"], "expects a number"),
        (["run", "a", "--resume", "--overwrite"], "give one of them"), (["run", "a", "--quiet=1"], "takes no value"),
        (["run", "a", "--threads", "1", "--threads", "2"], "given twice"), (["describe", "electrolite"], "did you mean electrolyte?"),
        (["check"], "needs INPUT"), (["run", "a", "--bad", "--worse", "1"], "--worse is not a flag"),
    ] as [([String], String)])
    func badUsage(_ words: [String], _ message: String) throws {
        let result = try Program().run(words)
        #expect(result.code == 2 && result.errors.contains(message), "\(result.errors)")
    }
}
