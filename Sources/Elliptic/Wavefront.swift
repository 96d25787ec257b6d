import Grids

/// Passes over a grid in one sweep, each a few rows behind the one before, so that the rows they share are still in the cache.
///
/// A pass may read, of the row it is at, the neighbours in y and z as the pass before has left them, and writes this row only. What lies at the edges of a
/// thread's share waits until all threads have come that far, so the answer is that of one pass after the other, bit for bit. A
/// multigrid cycle of 512^2 or 128^3 cells reads half as much memory this way.
struct Wavefront {
    private let layout: Layout
    private let passes: Int
    /// Rows from a row to its farthest neighbour.
    private let reach: Int
    /// Rows of one stride; what six fields hold of them fits the second-level cache.
    private let band: Int
    /// Reaches that each pass leaves for the end at the start of a share.
    private let starts: SIMD4<Int>

    /// - Parameter starts: reaches from the start of a share to the first row that a pass does in the sweep: p for pass p when each row needs its
    ///   neighbours alone, more for a pass that stands for several rows at once.
    init(_ layout: Layout, passes: Int, starts: SIMD4<Int> = SIMD4(0, 1, 2, 3)) {
        (self.layout, self.passes, self.starts) = (layout, passes, starts)
        reach = layout.nz > 1 ? layout.ny : 1
        band = max(4, 10_000 / layout.rowStride)
    }

    func run(on device: Device, _ pass: (Int, Range<Int>) -> Void) {
        // A grid that fits the cache gains nothing; a share needs rows beside its edges.
        let shares = device.pool.count > 1 ? 2 * device.pool.count : 1
        guard layout.cells >= 16_384, layout.rows / shares >= 8 * reach else {
            for p in 0..<passes { device.forRows(layout) { pass(p, $0) } }
            return
        }
        device.forRows(layout) { share in
            var next = SIMD4(repeating: share.lowerBound) &+ starts &* reach
            var front = share.lowerBound
            while front < share.upperBound {
                front = min(front + band, share.upperBound)
                for p in 0..<passes {
                    let end = p == 0 ? front : next[p - 1] - reach
                    guard end > next[p] else { break }
                    pass(p, next[p]..<end)
                    next[p] = end
                }
            }
        }
        for p in 1..<passes {
            device.forRows(layout) { share in
                pass(p, share.lowerBound ..< share.lowerBound + starts[p] * reach)
                pass(p, share.upperBound - p * reach ..< share.upperBound)
            }
        }
    }
}
