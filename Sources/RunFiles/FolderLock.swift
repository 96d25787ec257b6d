import FoundationEssentials
import Glibc

/// The right to write into a folder: one process at a time.
///
/// A file `run.lock` names the holder (host, process, its start time). It is locked with flock where the file system can, and its
/// time is renewed every few seconds by a thread of its own, which is how processes on other machines see that the holder lives. The lock
/// of a dead process is taken over: at once on the same machine, after `staleAfter` seconds without a sign of life from another.
public final class FolderLock: @unchecked Sendable {
    public static let fileName = "run.lock"

    /// Who holds a lock.
    public struct Holder: Codable, Equatable, Sendable {
        public let host: String
        public let process: Int32
        /// Of the process, in clock ticks since the machine started: tells it from a later one of the same number.
        public let startTime: String

        static func current() -> Holder { Holder(host: Machine.host, process: getpid(), startTime: startTime(of: getpid()) ?? "") }

        /// Whether this process runs now; only meaningful on its own host.
        var isRunning: Bool { Holder.startTime(of: process) == startTime }

        private static func startTime(of process: Int32) -> String? {
            // Field 22 of /proc/PID/stat, counted after the command in parentheses, which may hold blanks.
            guard let text = try? DiskFile.text("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
            let fields = text[text.index(after: end)...].split(separator: " ")
            return fields.count > 19 && fields[0] != "Z" ? String(fields[19]) : nil
        }
    }

    public static let beat = 5.0, staleAfter = 60.0

    public let path: String
    private let file: Int32
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let wake: UnsafeMutablePointer<pthread_cond_t>
    private var thread = pthread_t()
    private var released = false

    /// - Parameter patience: seconds to wait for a holder on another machine, which may be dead, to show it; `staleAfter` is enough.
    public init(_ folder: String, patience: Double = 0) throws(RunFileError) {
        path = folder + "/" + FolderLock.fileName
        file = try FolderLock.acquire(path, folder, patience: patience)
        mutex = .allocate(capacity: 1)
        wake = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        // Not the clock on the wall, which may be set back.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(wake, &attributes)
        // The thread does not keep the lock alive: release() ends it before anything goes away.
        let result = pthread_create(&thread, nil, { raw in
            Unmanaged<FolderLock>.fromOpaque(raw!).takeUnretainedValue().keepAlive()
            return nil
        }, Unmanaged.passUnretained(self).toOpaque())
        guard result == 0 else {
            released = true
            close(file)
            throw .system(result, "start the heartbeat of", path)
        }
    }

    deinit {
        release()
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(wake)
        mutex.deallocate()
        wake.deallocate()
    }

    /// Gives the folder up.
    public func release() {
        pthread_mutex_lock(mutex)
        let first = !released
        released = true
        pthread_cond_signal(wake)
        pthread_mutex_unlock(mutex)
        guard first else { return }
        pthread_join(thread, nil)
        unlink(path) // while it is still locked: whoever locks the orphaned file sees that its name is gone
        close(file)
    }

    /// Who writes to a folder now, nil when nobody does.
    public static func holder(of folder: String) -> Holder? {
        let path = folder + "/" + fileName
        guard let holder = named(in: path) else { return nil }
        if holder.host == Machine.host { return holder.isRunning ? holder : nil }
        return (try? age(of: path, in: folder)).map { $0 < staleAfter ? holder : nil } ?? holder
    }

    // MARK: - Parts

    private static func named(in path: String) -> Holder? {
        guard let bytes = try? DiskFile.read(path) else { return nil }
        return try? JSONDecoder().decode(Holder.self, from: Data(bytes))
    }

    private static func acquire(_ path: String, _ folder: String, patience: Double) throws(RunFileError) -> Int32 {
        let deadline = Machine.clock + patience
        while true {
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard file >= 0 else { throw .system(errno, "write", path) }
            var keep = false
            defer { if !keep { close(file) } }
            let refused = flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
            let holder = named(in: path)
            var opened = stat(), named = stat()
            // The last holder may have removed the file between our open and our lock.
            if !refused, fstat(file, &opened) != 0 || stat(path, &named) != 0 || opened.st_ino != named.st_ino { continue }
            let who = holder.map { "process \($0.process) on \($0.host)" } ?? "another process"
            if let holder, holder.host != Machine.host {
                let age = try age(of: path, in: folder)
                if age < staleAfter, Machine.clock < deadline { usleep(500_000); continue }
                guard age >= staleAfter else {
                    throw RunFileError(.locked, "\(folder) is in use by \(who), last sign of life \(Int(max(0, age))) s ago; "
                        + "if it is dead, try again in a minute")
                }
            } else if let holder, holder != .current(), holder.isRunning {
                throw RunFileError(.locked, "\(folder) is in use by \(who); wait for it or stop it first")
            }
            if refused { throw RunFileError(.locked, "\(folder) is in use by \(who); wait for it or stop it first") }
            let text: Data
            do { text = try JSONEncoder().encode(Holder.current()) } catch { throw RunFileError(.system, "cannot write \(path): \(error)") }
            guard ftruncate(file, 0) == 0, lseek(file, 0, SEEK_SET) == 0 else { throw .system(errno, "write", path) }
            try DiskFile.write(text, to: file, path: path)
            keep = true
            return file
        }
    }

    /// Seconds since the lock was renewed, by the clock of the file system: that of a file made now.
    private static func age(of path: String, in folder: String) throws(RunFileError) -> Double {
        let probe = "\(folder)/.clock-\(Machine.host)-\(getpid())\(DiskFile.temporarySuffix)"
        let file = open(probe, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw .system(errno, "write to", folder) }
        defer { close(file); unlink(probe) }
        var now = stat(), then = stat()
        guard fstat(file, &now) == 0, stat(path, &then) == 0 else { throw .system(errno, "read", path) }
        return Double(now.st_mtim.tv_sec - then.st_mtim.tv_sec)
    }

    private func keepAlive() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !released {
            var until = timespec()
            clock_gettime(CLOCK_MONOTONIC, &until)
            until.tv_sec += Int(FolderLock.beat)
            pthread_cond_timedwait(wake, mutex, &until)
            if !released { futimens(file, nil) }
        }
    }
}
