import Glibc
import Grids
import Spectral

/// Time since it was made.
package struct Stopwatch {
    private let start = ContinuousClock.now
    private let threadStart = Stopwatch.threadTime()

    package init() {}

    /// On the wall clock.
    package var seconds: Double {
        let d = (ContinuousClock.now - start).components
        return Double(d.seconds) + Double(d.attoseconds) * 1e-18
    }

    /// In which the calling thread worked: what counts in ratios, for it does not see other programs.
    package var threadSeconds: Double { Stopwatch.threadTime() - threadStart }

    private static func threadTime() -> Double {
        var t = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t)
        return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
    }
}

extension Cost {
    /// The cost of a run that just finished; measures the transform pair, which takes some milliseconds.
    /// - Parameter planningInside: whether the watch ran while FFTW planned, which its seconds then leave out.
    init(_ run: String, grid: Grid, steps: Int, rejected: Int, threads: Int, watch: Stopwatch, planningSeconds: Double,
         planningInside: Bool = false) throws {
        let seconds = watch.seconds - (planningInside ? planningSeconds : 0), work = watch.threadSeconds
        self.init(run: run, cells: grid.cells, steps: steps, rejected: rejected, threads: threads, seconds: seconds,
                  pairs: work / (try Cost.pairSeconds(nx: grid.nx, ny: grid.ny)), planningSeconds: planningSeconds,
                  peakMegabytes: Cost.peakMegabytes)
    }

    /// Largest resident size since the last `resetPeak`, or since the start where the system cannot forget it.
    private static var peakMegabytes: Double {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, 256, file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("VmHWM:"), let kilobytes = Double(text.filter(\.isNumber)) { return kilobytes / 1024 }
        }
        return 0
    }

    /// Starts the measurement of the peak afresh, so that one case does not show the memory of another.
    public static func resetPeak() {
        guard let file = fopen("/proc/self/clear_refs", "w") else { return }
        fputs("5", file)
        fclose(file)
    }

    /// Seconds of one r2c + c2r pair, all axes periodic, one thread: the shortest mean of five batches.
    static func pairSeconds(nx: Int, ny: Int) throws -> Double {
        let grid = Grid(nx: nx, ny: ny, spacing: 1, y: .periodic), u = Field<Double>(grid)
        let transform = try Transform<Double>(grid, Boundaries(grid), device: Device())
        let count = max(3, 4_000_000 / grid.cells)
        var best = Double.infinity
        for _ in 0..<5 {
            let watch = Stopwatch()
            for _ in 0..<count {
                transform.forward(u)
                transform.inverse(into: u)
            }
            best = min(best, watch.threadSeconds / Double(count))
        }
        return best
    }
}
