import Glibc
import Morphology

/// Every metric of a snapshot, as `analyze` computes them: a surface of four waves along each axis of the electrode.
enum Metrics {
    static func measure(_ name: String, cells: Int, dimensions: Int) throws -> Measurement {
        let n = Double(cells), l = 1.0, amplitude = 0.1 * n, k = 2 * Double.pi * 4 / n, isSolid = dimensions == 3
        let xi = Samples(nx: cells, ny: cells, nz: isSolid ? cells : 1, dx: 1) { x, y, z in
            let height = 0.5 * n + amplitude * cos(k * x) * (isSolid ? cos(k * z) : 1)
            return 0.5 * (1 - tanh((y - height) / (2 * l)))
        }
        let metrics = try SurfaceMetrics(xi), expected = amplitude / (isSolid ? 2 : 2.0.squareRoot())
        let roughness = isSolid ? "Sq" : "Rq"
        try WrongAnswer.unless((metrics[roughness] ?? .nan) / expected, is: 1, within: 0.005, "\(roughness) over that of the waves")
        let seconds = try (0..<3).map { _ in try Clock.process.time { _ = try SurfaceMetrics(xi) } }
        var m = Measurement(name)
        m.add("nsPerCell", 1e9 * median(seconds) / Double(isSolid ? cells * cells * cells : cells * cells))
        m.add("seconds", median(seconds))
        return m
    }
}
