import Grids
import Spectral

/// Fluctuations of the reaction rate, R (1 + amplitude (g - mean)), with the mean weighted by R, so that the total is kept.
///
/// g runs straight from one standard normal number to the next, one per cube of space and end of an interval of time, drawn from counters: it
/// depends neither on the grid nor on the step. Its integral over many intervals varies as that of numbers that hold for an interval each, without
/// their jumps, which no extrapolation in time can follow (they cost 1.5 times as many coupled passes).
final class Noise<T: FFTReal> {
    private let settings: NoiseSettings
    private let work: Workspace<T>
    private let stream: RandomStream
    /// g of the step, and the numbers at the two ends of its interval.
    private let g: Field<T>
    private var start: Field<T>, end: Field<T>
    private var interval: Int?

    init(_ settings: NoiseSettings, _ work: Workspace<T>) {
        (self.settings, self.work) = (settings, work)
        stream = RandomStream(seed: UInt64(settings.seed), purpose: "reaction noise")
        (g, start, end) = (Field(work.grid), Field(work.grid), Field(work.grid))
    }

    /// g at `time`.
    func prepare(time: Double) {
        let now = Int((time / settings.interval).rounded(.down))
        if now != interval {
            if let interval, now == interval + 1 { swap(&start, &end) } else { draw(now, into: start) }
            draw(now + 1, into: end)
            interval = now
        }
        let share = T(time / settings.interval - Double(now))
        work.device.combine(g, 1 - share, start, share, end)
    }

    /// The numbers at the beginning of an interval.
    private func draw(_ interval: Int, into g: Field<T>) {
        let grid = work.grid, cell = grid.spacing / settings.length
        func cube(_ index: Int) -> Int { Int((Double(index) + 0.5) * cell) }
        for k in 0..<grid.nz {
            for j in 0..<grid.ny {
                let row = g.row(j + grid.ny * k)
                // Rows of the same cubes are copies.
                if j > 0 && cube(j) == cube(j - 1) {
                    row.update(from: row - g.layout.rowStride, count: grid.nx)
                } else if k > 0 && cube(k) == cube(k - 1) {
                    row.update(from: row - g.layout.planeStride, count: grid.nx)
                } else {
                    var drawn = (cube: -1, value: T(0))
                    for i in 0..<grid.nx {
                        if cube(i) != drawn.cube {
                            let key = UInt64(cube(i)) | UInt64(cube(j)) << 21 | UInt64(cube(k)) << 42
                            drawn = (cube(i), T(stream.normalPair(key, UInt64(interval)).0))
                        }
                        row[i] = drawn.value
                    }
                }
            }
        }
    }

    /// R and its slopes with the fluctuations.
    func apply(to rate: Field<T>, slopes first: Field<T>, _ second: Field<T>) {
        let kernels = work.kernels, layout = work.layout
        let total = work.surfaceSum(rate)
        let mean = total != 0 ? work.surfaceDot(rate, g) / total : 0
        func modulate(_ field: Field<T>) {
            work.forSurfaceRows { kernels.modulate(field.cells, g.cells, mean: T(mean), amplitude: T(settings.amplitude), layout, $0) }
        }
        modulate(rate)
        modulate(first)
        modulate(second)
    }
}
