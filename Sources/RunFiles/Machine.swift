import CPlatform
import Glibc

/// What a run wants to know of the machine it runs on.
public enum Machine {
    public static var host: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { name in
            gethostname(name.baseAddress!, 255) == 0 ? String(cString: name.baseAddress!) : "unknown"
        }
    }

    /// Name of the processor, as the kernel gives it.
    public static var processor: String { value(of: "model name", in: "/proc/cpuinfo") ?? "unknown" }

    /// Cores this process may use.
    public static var cores: Int { Int(pf_cores()) }

    /// Bytes of memory of the machine.
    public static var memory: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

    /// Bytes that this process has asked for and not given back.
    public static var allocatedMemory: Int { Int(pf_allocated()) }

    /// Largest resident memory of this process so far, bytes.
    public static var peakMemory: Int {
        let kilobytes = value(of: "VmHWM", in: "/proc/self/status").flatMap { $0.split(separator: " ").first }.flatMap { Int($0) }
        return 1024 * (kilobytes ?? 0)
    }

    /// Seconds on a clock that neither jumps nor turns back.
    public static var clock: Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + 1e-9 * Double(now.tv_nsec)
    }

    /// Date and time, as in 2026-11-21T08:16:04Z.
    public static var utc: String {
        var now = time(nil), parts = tm()
        gmtime_r(&now, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { text in
            strftime(text.baseAddress!, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
            return String(cString: text.baseAddress!)
        }
    }

    private static func value(of key: String, in path: String) -> String? {
        guard let text = try? DiskFile.text(path), let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }),
              let colon = line.firstIndex(of: ":") else { return nil }
        return String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
    }
}
