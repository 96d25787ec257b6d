/// How evenly the current enters the surface: the ionic current density along the normal, a few cells outside, weighted by surface.
public struct CurrentDistribution: Sendable {
    /// Mean along the inward normal, A/m2 (positive while plating), and the largest value.
    public let mean: Double, largest: Double
    /// Standard deviation over the size of the mean.
    public let variation: Double
    /// Part of the surface with more than `hotSpot` times the mean.
    public let hotSpots: Double

    /// - Parameters:
    ///   - current: components of the ionic current density (A/m2); z may be left out in two dimensions.
    ///   - distance: from the surface at which it is read, in cells: outside the diffuse interface.
    ///   - hotSpot: multiple of the mean from which a place is a hot spot.
    public init?(
        _ xi: Samples, current: (x: Samples, y: Samples, z: Samples?), surface: TriangleSurface? = nil, distance: Double = 4, hotSpot: Double = 2
    ) {
        var values: [(density: Double, size: Double)] = []
        func add(_ p: SIMD3<Double>, _ n: SIMD3<Double>, _ size: Double) {
            let q = p + n * (distance * xi.dx)
            let i = SIMD3(current.x.interpolated(q), current.y.interpolated(q), current.z?.interpolated(q) ?? 0)
            values.append((-(i * n).sum(), size))
        }
        if xi.isFlat {
            for line in Contour(xi).lines {
                for (a, b) in zip(line, line.dropFirst()) {
                    let d = b - a, length = Contour.distance(a, b)
                    guard length > 0 else { continue }
                    // Metal on the left of the line: the outward normal is on its right.
                    add(SIMD3((a.x + b.x) / 2, (a.y + b.y) / 2, 0), SIMD3(d.y / length, -d.x / length, 0), length)
                }
            }
        } else {
            let surface = surface ?? TriangleSurface(xi)
            let normals = surface.vertexNormals(), areas = surface.vertexAreas()
            for n in normals.indices { add(surface.vertices[n], normals[n], areas[n]) }
        }
        let whole = values.reduce(0) { $0 + $1.size }
        guard whole > 0 else { return nil }
        let mean = values.reduce(0) { $0 + $1.density * $1.size } / whole
        let square = values.reduce(0) { $0 + ($1.density - mean) * ($1.density - mean) * $1.size } / whole
        self.mean = mean
        largest = values.reduce(-.infinity) { max($0, $1.density) }
        variation = mean != 0 ? square.squareRoot() / abs(mean) : .nan
        hotSpots = values.reduce(0) { $0 + ($1.density / mean > hotSpot ? $1.size : 0) } / whole
    }
}

extension Samples {
    /// Linear interpolation between cell centres at a point (m); periodic in x and z, held at the walls in y.
    public func interpolated(_ p: SIMD3<Double>) -> Double {
        func wrapped(_ n: Int, _ count: Int) -> Int { let m = n % count; return m < 0 ? m + count : m }
        let u = p.x / dx - 0.5, v = min(max(p.y / dx - 0.5, 0), Double(ny - 1)), w = isFlat ? 0 : p.z / dx - 0.5
        let i = Int(u.rounded(.down)), j = Int(v.rounded(.down)), k = Int(w.rounded(.down))
        let fx = u - Double(i), fy = v - Double(j), fz = w - Double(k)
        func plane(_ k: Int) -> Double {
            func row(_ j: Int) -> Double {
                Double(self[wrapped(i, nx), j, wrapped(k, nz)]) * (1 - fx) + Double(self[wrapped(i + 1, nx), j, wrapped(k, nz)]) * fx
            }
            return row(j) * (1 - fy) + row(min(j + 1, ny - 1)) * fy
        }
        return fz == 0 ? plane(k) : plane(k) * (1 - fz) + plane(k + 1) * fz
    }
}
