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

    func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Running {
        try Running(arguments, in: scratch.path, environment: environment)
    }

    /// Runs another program of the PATH to its end.
    func tool(_ words: [String], environment: [String: String] = [:]) throws -> Result {
        try Running(Array(words.dropFirst()), in: scratch.path, executable: words[0], environment: environment).finish()
    }

    static func isInstalled(_ name: String) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").components(separatedBy: ":") + ["/usr/sbin"]
        return folders.contains { FileManager.default.isExecutableFile(atPath: $0 + "/" + name) }
    }

    static let isFull = ProcessInfo.processInfo.environment["DENDRITE_FULL"] != nil

    /// Writes an input file and returns its name.
    func input(_ text: String, name: String = "input.json5") throws -> String {
        try text.write(toFile: scratch.path + "/" + name, atomically: true, encoding: .utf8)
        return name
    }

    func path(_ name: String) -> String { scratch.path + "/" + name }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
    func text(_ name: String) throws -> String { String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(name))), as: UTF8.self) }
}

/// A process that runs.
///
/// Not Foundation's: that one hands its block of signals on to the process, and waits for everything that the process leaves behind.
final class Running {
    private var process = pid_t()
    private var status: Int32?
    private let output: String, errors: String

    struct Failure: Error { let message: String }

    /// - Parameter executable: of the PATH, or with slashes.
    init(_ arguments: [String], in folder: String, executable: String = Program.path, environment: [String: String] = [:]) throws {
        let name = UUID().uuidString
        (output, errors) = (NSTemporaryDirectory() + name + ".out", NSTemporaryDirectory() + name + ".err")
        var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        // The signals as a login shell gives them.
        var none = sigset_t(), all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let variables = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }.map { "\($0)=\($1)" }
        // env enters the folder and becomes the program.
        var words = (["env", "-C", folder, executable] + arguments).map { strdup($0) } + [nil], settings = variables.map { strdup($0) } + [nil]
        defer { for pointer in words + settings { free(pointer) } }
        let result = posix_spawnp(&process, "env", &actions, &attributes, &words, &settings)
        guard result == 0 else { throw Failure(message: "\(executable): \(String(cString: strerror(result)))") }
    }

    deinit { if isRunning { send(SIGKILL); wait(0) } }

    var processIdentifier: pid_t { process }
    func send(_ signal: Int32) { if status == nil { kill(process, signal) } }

    var isRunning: Bool {
        wait(WNOHANG)
        return status == nil
    }

    private func wait(_ options: Int32) {
        guard status == nil else { return }
        var found: Int32 = 0, result = waitpid(process, &found, options)
        while result < 0 && errno == EINTR { result = waitpid(process, &found, options) }
        if result == process { status = found } else if result < 0 { status = -1 }
    }

    func finish() throws -> Program.Result {
        wait(0)
        defer { for path in [output, errors] { unlink(path) } }
        func text(_ path: String) -> String { (try? String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)) ?? "" }
        let status = self.status ?? -1, signal = status & 0x7f
        return Program.Result(code: signal == 0 ? (status >> 8) & 0xff : signal, wasKilled: signal != 0, output: text(output), errors: text(errors))
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
