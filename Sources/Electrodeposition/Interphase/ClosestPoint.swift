import Grids
import Kernels

/// Where the normal through a cell meets the surface of a signed distance.
struct ClosestPoint<T: Real> {
    let box: CellBox
    /// Signed distance, m, and cells per metre.
    let distance: UnsafePointer<T>
    let perSpacing: Double
    /// Farthest accepted foot, cells.
    let reach: Double

    /// p <- p - phi grad phi/|grad phi|^2 from the centre of the cell, by two cells at most each time; nil where the distance has no slope
    /// to follow or the surface is not met (medial axes, merging fronts).
    @inline(__always)
    func callAsFunction(_ cell: SIMD3<Int>) -> SIMD3<Double>? {
        let centre = SIMD3<Double>(Double(cell.x), Double(cell.y), Double(cell.z))
        var p = centre, level = level(p), left = 3 + Int(reach / 2)
        while abs(level) > 1e-4 && left > 0 {
            let gradient = gradient(p), square = (gradient * gradient).sum()
            guard square > 0.09 else { return nil }
            var step = gradient * (-level / square)
            let length = (step * step).sum().squareRoot()
            if length > 2 { step *= 2 / length }
            p += step
            level = self.level(p)
            left -= 1
        }
        let way = p - centre
        guard abs(level) <= 0.25, (way * way).sum() <= reach * reach else { return nil }
        return p
    }

    /// Linear between cell centres, in cells.
    @inline(__always)
    func level(_ p: SIMD3<Double>) -> Double {
        let i = floorIndex(p.x), j = floorIndex(p.y), s = p.x - Double(i), t = p.y - Double(j)
        // Beside the ends of an axis the neighbour lies elsewhere.
        let w = box.x.locate(i).offset, e = i >= 0 && i &+ 1 < box.x.count ? w &+ 1 : box.x.locate(i &+ 1).offset
        let south = box.y.locate(j).offset, north = j >= 0 && j &+ 1 < box.y.count ? south &+ box.y.stride : box.y.locate(j &+ 1).offset
        @inline(__always) func plane(_ o: Int) -> Double {
            let a = distance + (o &+ south), b = distance + (o &+ north)
            let low = Double(a[w]) * (1 - s) + Double(a[e]) * s, high = Double(b[w]) * (1 - s) + Double(b[e]) * s
            return low * (1 - t) + high * t
        }
        guard box.isSolid else { return plane(0) * perSpacing }
        let k = floorIndex(p.z), u = p.z - Double(k)
        return (plane(box.z.locate(k).offset) * (1 - u) + plane(box.z.locate(k &+ 1).offset) * u) * perSpacing
    }

    @inline(__always)
    func gradient(_ p: SIMD3<Double>) -> SIMD3<Double> {
        let a = 0.75, x = SIMD3(a, 0, 0), y = SIMD3(0, a, 0), z = SIMD3(0, 0, a)
        var g = SIMD3(level(p + x) - level(p - x), level(p + y) - level(p - y), 0)
        if box.isSolid { g.z = level(p + z) - level(p - z) }
        return g / (2 * a)
    }
}

/// Largest whole number at or below.
@inline(__always)
func floorIndex(_ x: Double) -> Int {
    let n = Int(x)
    return Double(n) > x ? n &- 1 : n
}
