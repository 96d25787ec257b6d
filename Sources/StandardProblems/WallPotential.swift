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

    private let normalisation: Double, area: Double
    /// k / (eps s); 0 for the mean.
    private let green: Field<Double>
    /// Cosine coefficients in x of sinh(kq (L - x)) / sinh(kq L), row by row (q); of its mirror image with the sign (-1)^p.
    private let wall: Field<Double>
    /// Cosine coefficients in x of k x (L - x) / (2 eps): the potential of a mean concentration of 1.
    private let mean: [Double]
    /// Cosine coefficients in y of sin(y / 7).
    private let boundary: [Double]

    init(_ transform: Transform<Double>, _ symbols: Symbols<Double>) {
        let grid = transform.grid, length = Double(grid.nx) * grid.spacing, ratio = WallPotential.k / WallPotential.permittivity
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
        mean = (0..<grid.nx).map { p in
            let kp = .pi * Double(p) / length
            return ratio / 2 * (p == 0 ? length * length / 6 : p % 2 == 0 ? -2 / (kp * kp) : 0)
        }
        // int sin(b y) cos(k y) dy over [0, L], divided by L.
        boundary = (0..<grid.ny).map { q in
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
            let c = c.row(q), green = green.row(q), wall = wall.row(q), f = f.row(q)
            // The particular series at x = 0 and x = L, even and odd modes apart: cos(p pi) = (-1)^p.
            var even = 0.0, odd = 0.0, p = 0
            while p + 1 < nx {
                even += (p == 0 ? 1 : 2) * green[p] * c[p]
                odd += 2 * green[p + 1] * c[p + 1]
                p += 2
            }
            if p < nx { even += (p == 0 ? 1 : 2) * green[p] * c[p] }
            let low = -(even + odd), high = boundary[q] - (even - odd), weightY = q == 0 ? 1.0 : 2.0
            p = 0
            while p < nx {
                let sign = p % 2 == 0 ? 1.0 : -1.0, weight = (p == 0 ? 1 : 2) * weightY
                var phi = green[p] * c[p] + (low + sign * high) * wall[p]
                if q == 0 { phi += c[0] * mean[p] }
                f[p] += scale * phi
                energy += weight * c[p] * phi
                boundaryEnergy += weight * c[p] * boundary[q] * sign * wall[p]
                p += 1
            }
        }
        return (k / 2 * area * energy, k / 2 * area * boundaryEnergy)
    }
}
