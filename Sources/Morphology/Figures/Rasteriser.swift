import Glibc

/// Fills shaded triangles behind and before each other (z-buffer), with four samples per pixel.
struct Rasteriser {
    private static let samples = 2
    private let width: Int, height: Int
    private var nearness: [Float]
    private var colours: [SIMD4<Float>]

    init(width: Int, height: Int) {
        (self.width, self.height) = (width * Rasteriser.samples, height * Rasteriser.samples)
        nearness = [Float](repeating: -.infinity, count: self.width * self.height)
        colours = [SIMD4<Float>](repeating: .zero, count: self.width * self.height)
    }

    struct Corner { var at: Point, nearness: Double, colour: SIMD3<Float> }

    mutating func fill(_ a: Corner, _ b: Corner, _ c: Corner) {
        let s = Double(Rasteriser.samples), p = a.at * s, q = b.at * s, r = c.at * s
        let low = pointwiseMin(p, pointwiseMin(q, r)), high = pointwiseMax(p, pointwiseMax(q, r))
        let x0 = max(0, Int(low.x)), x1 = min(width - 1, Int(high.x)), y0 = max(0, Int(low.y)), y1 = min(height - 1, Int(high.y))
        let area = (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)
        guard area != 0, x0 <= x1, y0 <= y1 else { return }
        for y in y0...y1 {
            for x in x0...x1 {
                let t = Point(Double(x) + 0.5, Double(y) + 0.5)
                let u = ((q.x - t.x) * (r.y - t.y) - (q.y - t.y) * (r.x - t.x)) / area
                let v = ((r.x - t.x) * (p.y - t.y) - (r.y - t.y) * (p.x - t.x)) / area
                let w = 1 - u - v
                guard u >= 0 && v >= 0 && w >= 0 else { continue }
                let near = Float(u * a.nearness + v * b.nearness + w * c.nearness), n = y * width + x
                guard near > nearness[n] else { continue }
                nearness[n] = near
                colours[n] = SIMD4(a.colour * Float(u) + b.colour * Float(v) + c.colour * Float(w), 1)
            }
        }
    }

    /// Means of the samples; alpha is the share of them that were hit.
    var raster: Raster {
        let s = Rasteriser.samples
        var out = Raster(width: width / s, height: height / s)
        for y in 0..<out.height {
            for x in 0..<out.width {
                var sum = SIMD4<Float>.zero
                for j in 0..<s { for i in 0..<s { sum += colours[(y * s + j) * width + x * s + i] } }
                guard sum.w > 0 else { continue }
                let p = 4 * (y * out.width + x)
                for c in 0..<3 { out.bytes[p + c] = UInt8(min(max(sum[c] / sum.w * 255, 0), 255)) }
                out.bytes[p + 3] = UInt8(sum.w / Float(s * s) * 255)
            }
        }
        return out
    }
}
