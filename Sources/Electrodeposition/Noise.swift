import Grids
import Spectral

/// Fluctuations of the reaction rate, R (1 + amplitude (g - mean)), with the mean weighted by R, so that the total is kept.
///
/// g is a standard normal number per cube of space and interval of time, drawn from counters: it depends neither on the grid nor on the step.
final class Noise<T: FFTReal> {
    private let settings: NoiseSettings
    private let work: Workspace<T>
    private let stream: RandomStream
    private let g: Field<T>
    private var interval = -1

    init(_ settings: NoiseSettings, _ work: Workspace<T>) {
        (self.settings, self.work) = (settings, work)
        stream = RandomStream(seed: UInt64(settings.seed), purpose: "reaction noise")
        g = Field(work.grid)
    }

    func prepare(time: Double) {
        let now = Int((time / settings.interval).rounded(.down))
        guard now != interval else { return }
        interval = now
        let grid = work.grid, cell = grid.spacing / settings.length
        func cube(_ index: Int) -> Int { Int((Double(index) + 0.5) * cell) }
        var drawn = (key: UInt64.max, value: 0.0)
        for k in 0..<grid.nz {
            for j in 0..<grid.ny {
                let row = g.row(j + grid.ny * k)
                for i in 0..<grid.nx {
                    let key = UInt64(cube(i)) | UInt64(cube(j)) << 21 | UInt64(cube(k)) << 42
                    if key != drawn.key { drawn = (key, stream.normalPair(key, UInt64(now)).0) }
                    row[i] = T(drawn.value)
                }
            }
        }
    }

    func apply(to rate: Field<T>) {
        let kernels = work.kernels, layout = work.layout
        let total = work.sum(rate)
        let mean = total != 0 ? work.dot(rate, g) / total : 0
        work.forRows { kernels.modulate(rate.cells, g.cells, mean: T(mean), amplitude: T(settings.amplitude), layout, $0) }
    }
}
