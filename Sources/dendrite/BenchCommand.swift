import Glibc
import RunFiles

extension Command {
    static let bench = Command(
        name: "bench", operands: 0...Int.max, operandName: "CASE", summary: "Build the benchmarks and run all or the named ones",
        details: "Every case checks that the right thing is computed before it is timed; Benchmarks/README.md says what the figures mean.",
        flags: [
            Flag(name: "--list", meaning: "show the cases"),
            Flag(name: "--json", meaning: "one JSON line per case instead of a table"),
        ]
    ) { arguments in
        guard let package = BenchmarkPackage.folder else {
            throw UsageError("the benchmarks are built from their sources, which are not beside this program: "
                + "use ./dendrite in the source tree")
        }
        let build = ["swift", "build", "-c", "release", "--package-path", package, "--scratch-path", package + "/.build"]
        let status = try BenchmarkPackage.call(build, quiet: true)
        guard status == 0 else { throw BenchmarkFailure("the benchmarks could not be built; the messages of swift build are above") }
        let flags = ["--list", "--json"].filter(arguments.has)
        return try BenchmarkPackage.call([package + "/.build/release/Benchmarks"] + flags + arguments.operands, quiet: false)
    }
}

private struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String
    init(_ sentence: String) { description = sentence }
}

private enum BenchmarkPackage {
    /// Benchmarks/ in one of the folders above this program.
    static var folder: String? {
        guard let program = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(program) }
        var path = String(cString: program)
        while let slash = path.lastIndex(of: "/") {
            path = String(path[..<slash])
            if DiskFile.exists(path + "/Benchmarks/Package.swift") { return path + "/Benchmarks" }
        }
        return nil
    }

    /// Runs a command to its end and returns its exit code; with `quiet` what it prints goes to the standard error.
    static func call(_ words: [String], quiet: Bool) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if quiet { posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO) }
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var child = pid_t(), status: Int32 = 0
        let error = posix_spawnp(&child, words[0], &actions, nil, &pointers, environ)
        guard error == 0 else { throw BenchmarkFailure("\(words[0]) could not be started: \(String(cString: strerror(error)))") }
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        // As a shell does: 128 and the signal's number when a signal ended it.
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }
}
