import Glibc
import RunFiles

/// Runs command lines as processes, so many at a time. A signal that asks this program to stop is passed on to them.
struct ProcessPool {
    struct Job {
        let words: [String]
        /// Where its output goes.
        let log: String
    }

    let width: Int

    /// - Parameter ended: called with the number of a job and its exit code, 128 and the signal's number when a signal ended it.
    /// - Returns: the signal that stopped the work; nil when every job has ended.
    /// - Throws: when a process cannot be started.
    func run(_ jobs: [Job], ended: (Int, Int32) -> Void) throws -> String? {
        var running: [pid_t: Int] = [:], next = 0, wasTold = false
        func tell(_ signal: Int32) { for process in running.keys { kill(process, signal) } }
        defer { if !running.isEmpty { tell(SIGTERM) } }
        while next < jobs.count || !running.isEmpty {
            let stop = SignalFlags.stop
            if stop != nil {
                if !wasTold { tell(SIGTERM) }
                wasTold = true
                if running.isEmpty { return stop }
            }
            while stop == nil, next < jobs.count, running.count < width {
                running[try ProcessPool.start(jobs[next])] = next
                next += 1
            }
            var status: Int32 = 0
            for (process, job) in running where waitpid(process, &status, WNOHANG) == process {
                running[process] = nil
                ended(job, status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f))
            }
            usleep(20_000)
        }
        return nil
    }

    private static func start(_ job: Job) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, job.log, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        var pointers = job.words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process = pid_t()
        let error = posix_spawn(&process, job.words[0], &actions, nil, &pointers, environ)
        guard error == 0 else { throw RunFileError(.system, "\(job.words[0]) could not be started: \(String(cString: strerror(error)))") }
        return process
    }
}
