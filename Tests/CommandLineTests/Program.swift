import Foundation

/// The executable, driven as a user drives it.
struct Program {
    /// The folder that it works in, removed at the end.
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Next to the test bundle.
    static let path: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("dendrite").path
    }()

    struct Result {
        let code: Int32
        /// Ended by a signal instead of an exit code.
        let wasKilled: Bool
        let output: String, errors: String
    }

    /// Runs it to its end.
    func callAsFunction(_ arguments: String...) throws -> Result { try start(arguments).finish() }
    func run(_ arguments: [String]) throws -> Result { try start(arguments).finish() }

    func start(_ arguments: [String]) throws -> Running { try Running(arguments, in: scratch.path) }

    /// Writes an input file and returns its name.
    func input(_ text: String, name: String = "input.json5") throws -> String {
        try text.write(toFile: scratch.path + "/" + name, atomically: true, encoding: .utf8)
        return name
    }

    func path(_ name: String) -> String { scratch.path + "/" + name }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
    func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
}

/// A process that runs.
final class Running {
    private let process = Process()
    private let output: String, errors: String

    init(_ arguments: [String], in folder: String) throws {
        let name = UUID().uuidString
        (output, errors) = (NSTemporaryDirectory() + name + ".out", NSTemporaryDirectory() + name + ".err")
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        for (path, isError) in [(output, false), (errors, true)] {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            let file = FileHandle(forWritingAtPath: path)
            if isError { process.standardError = file } else { process.standardOutput = file }
        }
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }
    var isRunning: Bool { process.isRunning }

    func finish() throws -> Program.Result {
        process.waitUntilExit()
        defer { for path in [output, errors] { unlink(path) } }
        func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
        return Program.Result(code: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
                              output: text(output), errors: text(errors))
    }
}

/// A folder of its own for one test.
final class Scratch {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "dendrite-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
