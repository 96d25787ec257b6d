import Foundation
import Morphology
import Testing

/// Upper bounds that a slow, busy machine keeps; the figures themselves are measured by the benchmarks.
@Suite(.serialized) struct SpeedTests {
    @Test func metricsOfAPlaneOf512() throws {
        let coarse = Surfaces.fingers
        let xi = Samples(nx: 512, ny: 512, dx: coarse.dx) { x, y, _ in
            Double(coarse[Int(x / coarse.dx) % coarse.nx, min(Int(y / coarse.dx), coarse.ny - 1), 0])
        }
        let start = ContinuousClock.now
        let metrics = try SurfaceMetrics(xi)
        let elapsed = ContinuousClock.now - start
        #expect(metrics.values.count > 30)
        #expect(elapsed < .seconds(2))
    }

    @Test func metricsOfABoxOf256() throws {
        let coarse = Surfaces.forest
        var values = [Float](repeating: 0, count: 256 * 256 * 256)
        for k in 0..<256 { for j in 0..<120 { for i in 0..<256 { values[i + 256 * (j + 256 * k)] = coarse[i % 112, j, k % 112] } } }
        let xi = Samples(nx: 256, ny: 256, nz: 256, dx: coarse.dx, values: values)
        let start = ContinuousClock.now
        let metrics = try SurfaceMetrics(xi)
        let elapsed = ContinuousClock.now - start
        #expect((metrics["area ratio"] ?? 0) > 1.5)
        #expect(elapsed < .seconds(30))
    }
}
