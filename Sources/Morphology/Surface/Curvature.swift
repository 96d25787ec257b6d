import Glibc

/// Curvature of the surface from the phase field: K = -div(grad psi / |grad psi|), psi = log(xi / (1 - xi)), which is minus the distance
/// from the surface in units of the half width, so K is smooth across the interface. K is the sum of the principal curvatures (1/m), positive
/// on convex metal: 1/R on a circle, 2/R on a sphere. Central differences, second order.
public struct Curvature: Sendable {
    private let xi: Samples

    public init(_ xi: Samples) { self.xi = xi }

    /// K at a point of the surface, linearly interpolated between the cell centres around it.
    public func callAsFunction(x: Double, y: Double, z: Double = 0) -> Double {
        let u = x / xi.dx - 0.5, v = min(max(y / xi.dx - 0.5, 0), Double(xi.ny - 1)), w = xi.isFlat ? 0 : z / xi.dx - 0.5
        let i = Int(u.rounded(.down)), j = Int(v.rounded(.down)), k = Int(w.rounded(.down))
        var sum = 0.0
        for c in 0..<(xi.isFlat ? 4 : 8) {
            let fx = u - Double(i), fy = v - Double(j), fz = w - Double(k)
            let weight = (c & 1 == 0 ? 1 - fx : fx) * (c & 2 == 0 ? 1 - fy : fy) * (xi.isFlat ? 1 : (c & 4 == 0 ? 1 - fz : fz))
            if weight > 1e-12 { sum += weight * node(i + (c & 1), j + (c >> 1 & 1), k + (c >> 2)) }
        }
        return sum
    }

    /// Mean and root mean square of the mean curvature K/2 (of K in two dimensions), 1/m, weighted by surface; nil without a surface.
    public func overSurface(_ mesh: TriangleSurface? = nil) -> (mean: Double, rootMeanSquare: Double)? {
        var whole = 0.0, sum = 0.0, squares = 0.0
        func add(_ k: Double, _ size: Double) { whole += size; sum += k * size; squares += k * k * size }
        if xi.isFlat {
            for line in Contour(xi).lines {
                for (a, b) in zip(line, line.dropFirst()) { add(self(x: a.x, y: a.y), Contour.distance(a, b)) }
            }
        } else {
            let mesh = mesh ?? TriangleSurface(xi)
            for (p, size) in zip(mesh.vertices, mesh.vertexAreas()) { add(self(x: p.x, y: p.y, z: p.z) / 2, size) }
        }
        return whole > 0 ? (sum / whole, (squares / whole).squareRoot()) : nil
    }

    private func psi(_ i: Int, _ j: Int, _ k: Int) -> Double {
        func wrapped(_ n: Int, _ count: Int) -> Int { let m = n % count; return m < 0 ? m + count : m }
        return Level.logit(xi[wrapped(i, xi.nx), min(max(j, 0), xi.ny - 1), wrapped(k, xi.nz)])
    }

    private func node(_ i: Int, _ j: Int, _ k: Int) -> Double {
        let m = psi(i, j, k)
        let e = psi(i + 1, j, k), w = psi(i - 1, j, k), n = psi(i, j + 1, k), s = psi(i, j - 1, k)
        let x = (e - w) / 2, y = (n - s) / 2, xx = e - 2 * m + w, yy = n - 2 * m + s
        let xy = (psi(i + 1, j + 1, k) - psi(i - 1, j + 1, k) - psi(i + 1, j - 1, k) + psi(i - 1, j - 1, k)) / 4
        if xi.isFlat {
            let g = x * x + y * y
            return g > 0 ? -(xx * y * y - 2 * xy * x * y + yy * x * x) / (g * g.squareRoot() * xi.dx) : 0
        }
        let b = psi(i, j, k + 1), f = psi(i, j, k - 1), z = (b - f) / 2, zz = b - 2 * m + f
        let xz = (psi(i + 1, j, k + 1) - psi(i - 1, j, k + 1) - psi(i + 1, j, k - 1) + psi(i - 1, j, k - 1)) / 4
        let yz = (psi(i, j + 1, k + 1) - psi(i, j - 1, k + 1) - psi(i, j + 1, k - 1) + psi(i, j - 1, k - 1)) / 4
        let g = x * x + y * y + z * z
        guard g > 0 else { return 0 }
        let bending = xx * (y * y + z * z) + yy * (x * x + z * z) + zz * (x * x + y * y) - 2 * (xy * x * y + xz * x * z + yz * y * z)
        return -bending / (g * g.squareRoot() * xi.dx)
    }
}
