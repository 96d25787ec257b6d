import Glibc
import Grids
import Kernels
import Spectral

/// The electric potential of benchmark 6: lap Phi = -k c / eps, Phi = 0 at x = 0 and sin(y/7) at x = 100, no flux in y.
///
/// c is a cosine series, so Phi is known in closed form, mode by mode in y: a particular series k c / (eps s) and the two
/// hyperbolic functions sinh(kq (L - x)) / sinh(kq L), sinh(kq x) / sinh(kq L) that carry the wall values; all are added as cosine series.
/// No transform is needed.
final class WallPotential {
    static let k = 0.09, permittivity = 90.0

    private let normalisation: Double, area: Double, length: Double
    /// k / (eps s); 0 for the mean.
    private let green: Field<Double>
    /// Cosine coefficients in x of sinh(kq (L - x)) / sinh(kq L), row by row (q); of its mirror image with the sign (-1)^p.
    private let wall: Field<Double>
    /// Cosine coefficients in x of k x (L - x) / (2 eps): the potential of a mean concentration of 1.
    private let mean: [Double]
    /// Cosine coefficients in y of sin(y / 7).
    private let boundary: [Double]

    init(_ transform: Transform<Double>, _ symbols: Symbols<Double>) {
        let grid = transform.grid, ratio = WallPotential.k / WallPotential.permittivity
        length = Double(grid.nx) * grid.spacing
        normalisation = transform.normalisation
        area = Double(grid.cells) * grid.cellVolume
        green = symbols.map { $0 == 0 ? 0 : ratio / $0 }
        wall = Field(transform.modes)
        for q in 0..<grid.ny {
            let kq = .pi * Double(q) / length
            for p in 0..<grid.nx {
                let kp = .pi * Double(p) / length, sign = p % 2 == 0 ? 1.0 : -1.0
                if q == 0 {
                    // (L - x) / L
                    wall[p, 0] = p == 0 ? 0.5 : (1 - sign) / (kp * length * kp * length)
                } else {
                    let inverse = kq * length > 700 ? 0 : 1 / sinh(kq * length)
                    wall[p, q] = kq / (length * (kq * kq + kp * kp)) * (1 / tanh(kq * length) - sign * inverse)
                }
            }
        }
        mean = (0..<grid.nx).map { [length] p in
            let kp = .pi * Double(p) / length
            return ratio / 2 * (p == 0 ? length * length / 6 : p % 2 == 0 ? -2 / (kp * kp) : 0)
        }
        // int sin(b y) cos(k y) dy over [0, L], divided by L.
        boundary = (0..<grid.ny).map { [length] q in
            let b = 1.0 / 7, k = .pi * Double(q) / length
            return 0.5 / length * ((1 - cos((b + k) * length)) / (b + k) + (1 - cos((b - k) * length)) / (b - k))
        }
    }

    /// f += k Phi (unnormalised modes) for the concentration c (normalised modes).
    /// - Returns: int k c Phi / 2, and int k c Phi_b / 2 with Phi_b the part of the wall values alone.
    func add(to f: Field<Double>, concentration c: Field<Double>) -> (Double, Double) {
        let nx = c.grid.nx, k = WallPotential.k, scale = k / normalisation
        var energy = 0.0, boundaryEnergy = 0.0
        for q in 0..<c.grid.ny {
            let (low, high) = amplitudes(c, q), weightY = q == 0 ? 1.0 : 2.0
            let c = c.row(q), green = green.row(q), wall = wall.row(q), f = f.row(q)
            for p in 0..<nx {
                let sign = p % 2 == 0 ? 1.0 : -1.0, weight = (p == 0 ? 1 : 2) * weightY
                var phi = green[p] * c[p] + (low + sign * high) * wall[p]
                if q == 0 { phi += c[0] * mean[p] }
                f[p] += scale * phi
                energy += weight * c[p] * phi
                boundaryEnergy += weight * c[p] * boundary[q] * sign * wall[p]
            }
        }
        return (k / 2 * area * energy, k / 2 * area * boundaryEnergy)
    }

    /// The factors of the two hyperbolic functions of row q: what the particular series lacks at x = 0 and x = L.
    private func amplitudes(_ c: Field<Double>, _ q: Int) -> (low: Double, high: Double) {
        let c = c.row(q), green = green.row(q), nx = wall.grid.nx
        var even = green[0] * c[0], odd = 0.0, p = 1
        while p < nx {
            if p % 2 == 0 { even += 2 * green[p] * c[p] } else { odd += 2 * green[p] * c[p] }
            p += 1
        }
        return (-(even + odd), boundary[q] - (even - odd))
    }

    /// Phi at a point, with the hyperbolic functions in closed form.
    func value(x: Double, y: Double, concentration c: Field<Double>) -> Double {
        var sum = 0.0
        for q in 0..<c.grid.ny {
            let (low, high) = amplitudes(c, q), kq = .pi * Double(q) / length
            var row = low * share(kq, length - x) + high * share(kq, x)
            if q == 0 { row += WallPotential.k / WallPotential.permittivity / 2 * c[0, 0] * x * (length - x) }
            for p in 0..<c.grid.nx { row += (p == 0 ? 1 : 2) * green[p, q] * c[p, q] * cos(.pi * Double(p) * x / length) }
            sum += (q == 0 ? 1 : 2) * row * cos(kq * y)
        }
        return sum
    }

    /// sinh(k x) / sinh(k L)
    private func share(_ k: Double, _ x: Double) -> Double {
        k == 0 ? x / length : exp(-k * (length - x)) * expm1(-2 * k * x) / expm1(-2 * k * length)
    }
}
