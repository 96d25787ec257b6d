import Glibc
import Grids
import Spectral

/// Seconds on the wall clock since it was made.
struct Stopwatch {
    private let start = ContinuousClock.now

    var seconds: Double {
        let d = (ContinuousClock.now - start).components
        return Double(d.seconds) + Double(d.attoseconds) * 1e-18
    }
}

extension Cost {
    /// The cost of a finished run; measures the transform pair, which takes some milliseconds.
    init(_ run: String, grid: Grid, steps: Int, rejected: Int, threads: Int, seconds: Double, planningSeconds: Double) throws {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        self.init(run: run, cells: grid.cells, steps: steps, rejected: rejected, threads: threads, seconds: seconds,
                  pairs: seconds / (try Cost.pairSeconds(nx: grid.nx, ny: grid.ny)), planningSeconds: planningSeconds,
                  peakMegabytes: Double(usage.ru_maxrss) / 1024)
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
            best = min(best, watch.seconds / Double(count))
        }
        return best
    }
}
