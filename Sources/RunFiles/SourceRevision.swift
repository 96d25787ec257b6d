import Glibc

/// The commit that the running program was built from, when it lies in a checkout of its sources.
enum SourceRevision {
    static func ofProgram() -> (commit: String, modified: Bool)? {
        guard let program = resolved("/proc/self/exe") else { return nil }
        // Up from .build/x86_64-unknown-linux-gnu/release/dendrite.
        var folder = DiskFile.folder(of: program)
        while !DiskFile.exists(folder + "/.git") || !DiskFile.exists(folder + "/Sources/RunFiles") {
            guard folder != "/", folder != "." else { return nil }
            folder = DiskFile.folder(of: folder)
        }
        let command = ["git", "-C", folder, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
        guard let text = output(of: command) else { return nil }
        let words = text.split(separator: "-", maxSplits: 1)
        guard let commit = words.first, commit.count == 40, commit.allSatisfy(\.isHexDigit) else { return nil }
        return (String(commit), words.count > 1)
    }

    private static func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// Standard output of a program, nil when it cannot be run or fails.
    private static func output(of command: [String]) -> String? {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let result = posix_spawnp(&process, command[0], &actions, nil, &arguments, environ)
        close(ends[1])
        defer { close(ends[0]) }
        guard result == 0 else { return nil }
        var text: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 256)
        while true {
            let n = read(ends[0], &buffer, buffer.count)
            if n < 0 && errno == EINTR { continue }
            guard n > 0 else { break }
            text += buffer[..<n]
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        guard status == 0 else { return nil }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }
}
