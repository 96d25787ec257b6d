import Glibc

public typealias Point = SIMD2<Double>

/// An anti-aliased drawing surface in pixels, origin at the top left.
struct Canvas {
    let width: Int, height: Int
    private var pixels: [SIMD4<Float>]

    init(width: Int, height: Int, paper: Colour) {
        (self.width, self.height) = (width, height)
        pixels = [SIMD4<Float>](repeating: Canvas.vector(paper), count: width * height)
    }

    private static func vector(_ c: Colour) -> SIMD4<Float> { SIMD4(Float(c.red), Float(c.green), Float(c.blue), 255) }

    var raster: Raster {
        var out = Raster(width: width, height: height)
        for (n, p) in pixels.enumerated() {
            for c in 0..<4 { out.bytes[4 * n + c] = UInt8(min(max(p[c].rounded(), 0), 255)) }
        }
        return out
    }

    /// Round-capped strokes of all lines as one shape: where they cross, paint is laid once.
    mutating func stroke(_ lines: [[Point]], width thickness: Double, _ colour: Colour, opacity: Double = 1) {
        let radius = max(thickness, 1) / 2, strength = min(thickness, 1)
        guard let box = bounds(lines, margin: radius + 1) else { return }
        let columns = box.x1 - box.x0, rows = box.y1 - box.y0
        var mask = [Float](repeating: 0, count: columns * rows)
        for line in lines {
            let segments = line.count == 1 ? [(line[0], line[0])] : Array(zip(line, line.dropFirst()))
            for (a, b) in segments {
                let d = b - a, length2 = (d * d).sum(), reach = radius + 1
                let top = max(box.y0, Int((min(a.y, b.y) - reach).rounded(.down)))
                let bottom = min(box.y1, Int((max(a.y, b.y) + reach).rounded(.up)))
                let left = max(box.x0, Int((min(a.x, b.x) - reach).rounded(.down)))
                let right = min(box.x1, Int((max(a.x, b.x) + reach).rounded(.up)))
                guard top < bottom && left < right else { continue }
                for y in top..<bottom {
                    for x in left..<right {
                        let p = Point(Double(x) + 0.5, Double(y) + 0.5) - a
                        let t = length2 > 0 ? min(max((p * d).sum() / length2, 0), 1) : 0
                        let away = p - d * t
                        let cover = Float(min(max(radius + 0.5 - sqrt((away * away).sum()), 0), 1) * strength)
                        let n = (y - box.y0) * columns + x - box.x0
                        if cover > mask[n] { mask[n] = cover }
                    }
                }
            }
        }
        blend(mask, box, colour, opacity)
    }

    /// Fills closed polygons (nonzero winding, exact area coverage of every pixel).
    mutating func fill(_ polygons: [[Point]], _ colour: Colour, opacity: Double = 1) {
        guard let box = bounds(polygons, margin: 1) else { return }
        let columns = box.x1 - box.x0 + 1, rows = box.y1 - box.y0
        // Signed area to the right of every edge, differentiated along x; a running sum gives coverage.
        var change = [Float](repeating: 0, count: columns * rows)
        let origin = Point(Double(box.x0), Double(box.y0))
        for polygon in polygons where polygon.count > 2 {
            for n in polygon.indices {
                addEdge(polygon[n] - origin, polygon[(n + 1) % polygon.count] - origin, columns, rows, &change)
            }
        }
        var mask = [Float](repeating: 0, count: (columns - 1) * rows)
        for y in 0..<rows {
            var sum: Float = 0
            for x in 0..<(columns - 1) {
                sum += change[y * columns + x]
                mask[y * (columns - 1) + x] = min(abs(sum), 1)
            }
        }
        blend(mask, box, colour, opacity)
    }

    private func addEdge(_ from: Point, _ to: Point, _ columns: Int, _ rows: Int, _ change: inout [Float]) {
        guard from.y != to.y else { return }
        let sign = from.y < to.y ? 1.0 : -1.0
        let (a, b) = from.y < to.y ? (from, to) : (to, from)
        let slope = (b.x - a.x) / (b.y - a.y), limit = Double(columns - 1)
        for y in max(0, Int(a.y))..<max(max(0, Int(a.y)), min(rows, Int(b.y.rounded(.up)))) {
            let y0 = max(a.y, Double(y)), y1 = min(b.y, Double(y + 1))
            guard y1 > y0 else { continue }
            var x0 = min(max(a.x + slope * (y0 - a.y), 0), limit), x1 = min(max(a.x + slope * (y1 - a.y), 0), limit)
            if x0 > x1 { swap(&x0, &x1) }
            let height = sign * (y1 - y0), first = Int(x0), last = Int(x1.rounded(.up)), row = y * columns
            if last <= first + 1 {
                let covered = 1 - ((x0 + x1) / 2 - Double(first))
                change[row + first] += Float(height * covered)
                if first + 1 < columns { change[row + first + 1] += Float(height * (1 - covered)) }
            } else {
                // The edge crosses several pixels: area to its right in each, minus that of the pixel before.
                let perPixel = 1 / (x1 - x0)
                var before = 0.0
                for x in first...last where x < columns {
                    let l = max(x0, Double(x)), r = min(x1, Double(x + 1))
                    let share = r > l ? (r - l) * perPixel : 0
                    let passed = max(0, min(1, (l - x0) * perPixel))
                    let area = r > l ? passed + share * (Double(x + 1) - (l + r) / 2) : 1
                    change[row + x] += Float(height * (area - before))
                    before = area
                }
            }
        }
    }

    /// Lays a picture with its top left corner at a pixel.
    mutating func place(_ image: Raster, x left: Int, y top: Int) {
        for y in max(0, -top)..<max(max(0, -top), min(image.height, height - top)) {
            for x in max(0, -left)..<max(max(0, -left), min(image.width, width - left)) {
                let p = 4 * (y * image.width + x), n = (y + top) * width + x + left
                let source = SIMD4<Float>(Float(image.bytes[p]), Float(image.bytes[p + 1]), Float(image.bytes[p + 2]), 255)
                pixels[n] += (source - pixels[n]) * (Float(image.bytes[p + 3]) / 255)
            }
        }
    }

    private struct Box { var x0: Int, y0: Int, x1: Int, y1: Int }

    private func bounds(_ lines: [[Point]], margin: Double) -> Box? {
        var low = Point(repeating: .infinity), high = Point(repeating: -.infinity)
        for line in lines {
            for p in line where p.x.isFinite && p.y.isFinite { low = pointwiseMin(low, p); high = pointwiseMax(high, p) }
        }
        guard low.x <= high.x else { return nil }
        func inside(_ v: Double, _ limit: Int) -> Int { Int(min(max(v, 0), Double(limit))) }
        let box = Box(
            x0: inside((low.x - margin).rounded(.down), width), y0: inside((low.y - margin).rounded(.down), height),
            x1: inside((high.x + margin).rounded(.up), width), y1: inside((high.y + margin).rounded(.up), height))
        return box.x0 < box.x1 && box.y0 < box.y1 ? box : nil
    }

    private mutating func blend(_ mask: [Float], _ box: Box, _ colour: Colour, _ opacity: Double) {
        let source = Canvas.vector(colour), columns = box.x1 - box.x0
        for y in box.y0..<box.y1 {
            for x in box.x0..<box.x1 {
                let cover = mask[(y - box.y0) * columns + x - box.x0] * Float(opacity)
                if cover > 0 { pixels[y * width + x] += (source - pixels[y * width + x]) * cover }
            }
        }
    }
}
