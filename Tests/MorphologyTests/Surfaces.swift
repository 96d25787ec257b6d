import Foundation
import Morphology
import Validation

/// Surfaces whose measures are known in closed form.
enum Surfaces {
    static func profile(_ distance: Double, _ l: Double) -> Double { 0.5 * (1 - tanh(distance / (2 * l))) }

    /// Mushroom-shaped fingers of different height on a film.
    static let fingers: Samples = {
        let dx = 0.2e-6, nx = 200, ny = 240, width = Double(nx) * dx
        return Samples(nx: nx, ny: ny, dx: dx) { x, y, _ in
            var d = y - 6e-6 - 1e-6 * sin(2 * .pi * 3 * x / width)
            for (cx, top, r) in [(8e-6, 30e-6, 2.4e-6), (19e-6, 20e-6, 2e-6), (31e-6, 37e-6, 3e-6)] {
                let away = abs(x - cx)
                let stem = max(away - 0.6 * r, y - top)
                let cap = ((away * away) + (y - top) * (y - top)).squareRoot() - 1.5 * r
                d = min(d, stem, cap)
            }
            return profile(d, dx)
        }
    }()

    /// A mossy floor with leaning, capped needles.
    static let forest: Samples = {
        let dx = 0.2e-6, n = 112, w = Double(n) * dx
        var random = SelfAffineSurface.Generator(state: 5)
        let needles = (0..<9).map { _ in
            (x: random.uniform() * w, z: random.uniform() * w, top: (5 + 11 * random.uniform()) * 1e-6, r: (0.8 + 0.8 * random.uniform()) * 1e-6,
             lean: SIMD2(random.uniform() - 0.5, random.uniform() - 0.5))
        }
        return Samples(nx: n, ny: 120, nz: n, dx: dx) { x, y, z in
            let a = 2 * Double.pi / w
            var d = y - 2.6e-6 - 0.5e-6 * sin(3 * a * x + sin(2 * a * z)) * cos(4 * a * z + sin(a * x)) - 0.25e-6 * sin(9 * a * x) * sin(8 * a * z)
            for s in needles {
                func near(_ u: Double) -> Double { u - (u / w).rounded() * w }
                let px = near(x - s.x - s.lean.x * y * 0.6), pz = near(z - s.z - s.lean.y * y * 0.6), r = hypot(px, pz)
                let stem = max(r - s.r * (1 - 0.3 * y / s.top), y - s.top)
                let cap = (px * px + pz * pz + (y - s.top) * (y - s.top)).squareRoot() - 1.5 * s.r
                d = min(d, stem, cap)
            }
            return profile(d, dx)
        }
    }()

    /// A ball of `across` cells diameter in a box of twice its size, off the lattice; l = dx.
    static func ball(across: Int) -> (Samples, radius: Double) {
        let n = 2 * across, dx = 1.0 / Double(n), r = 0.25
        return (Samples(nx: n, ny: n, nz: n, dx: dx) { x, y, z in
            let (a, b, c) = (x - 0.503, y - 0.507, z - 0.511)
            return profile((a * a + b * b + c * c).squareRoot() - r, dx)
        }, r)
    }

    /// Cells as given by a picture: rows from the top, `#` is metal. Layers make the third dimension.
    static func cells(_ layers: [[String]]) -> Samples {
        let ny = layers[0].count, nx = layers[0][0].count
        var values = [Float]()
        for layer in layers { for row in layer.reversed() { for c in row { values.append(c == "#" ? 1 : 0) } } }
        return Samples(nx: nx, ny: ny, nz: layers.count, dx: 1, values: values)
    }

    /// A periodic profile with C(q) ~ q^-(1+2H) and random phases, by direct summation.
    static func spectralProfile(hurst: Double, count: Int, seed: UInt64) -> HeightMap {
        var random = SelfAffineSurface.Generator(state: seed), h = [Double](repeating: 0, count: count)
        for m in 1...(count / 2 - 1) {
            let amplitude = pow(Double(m), -0.5 - hurst) * random.rayleigh(), phase = 2 * .pi * random.uniform()
            for i in 0..<count { h[i] += amplitude * cos(2 * .pi * Double(m * i % count) / Double(count) + phase) }
        }
        return HeightMap(nx: count, dx: 1e-7, heights: h)
    }

    /// A periodic map with C(q) ~ q^-(2+2H), by sums along z and then x.
    static func spectralMap(hurst: Double, count n: Int, seed: UInt64) -> HeightMap {
        var random = SelfAffineSurface.Generator(state: seed)
        let half = n / 2
        // Amplitudes of cos and sin for wavenumbers (m, p), m = 0...half, p = -half+1 ..< half.
        var re = [Double](repeating: 0, count: (half + 1) * n), im = re
        for m in 0...half {
            for p in 0..<n {
                let q = Double(p < half ? p : p - n), size = (Double(m * m) + q * q).squareRoot()
                guard size > 0, size < Double(half) else { continue }
                let a = pow(size, -1 - hurst)
                re[m * n + p] = a * random.gaussian()
                im[m * n + p] = a * random.gaussian()
            }
        }
        var lines = [Double](repeating: 0, count: (half + 1) * n), linesI = lines
        let c = (0..<n).map { cos(2 * .pi * Double($0) / Double(n)) }, s = (0..<n).map { sin(2 * .pi * Double($0) / Double(n)) }
        for m in 0...half {
            for k in 0..<n {
                var x = 0.0, y = 0.0
                for p in 0..<n {
                    let t = p * k % n
                    x += re[m * n + p] * c[t] - im[m * n + p] * s[t]
                    y += re[m * n + p] * s[t] + im[m * n + p] * c[t]
                }
                lines[m * n + k] = x
                linesI[m * n + k] = y
            }
        }
        var h = [Double](repeating: 0, count: n * n)
        for k in 0..<n {
            for i in 0..<n {
                var sum = 0.0
                for m in 0...half { let t = m * i % n; sum += lines[m * n + k] * c[t] - linesI[m * n + k] * s[t] }
                h[i + n * k] = sum
            }
        }
        return HeightMap(nx: n, nz: n, dx: 1e-7, heights: h)
    }
}
