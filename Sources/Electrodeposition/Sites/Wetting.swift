import Glibc
import Grids
import Kernels
import Spectral

/// The contact angle theta of the metal on the substrate: d xi/dy = -cos(theta) xi (1 - xi)/l at y = 0, an explicit source beside the
/// transform, which keeps its zero slope.
///
/// The transform takes xi without its slope at the wall for smooth; what it misses is that slope times g'' - L g, with g any function of
/// slope 1 at the wall and 0 on the far side and L the Laplacian of the transform: a source in every row, which alternates and fades from
/// the wall. In the `sharp` scheme the mirrored cell below the wall is exchanged for that of a tanh front at the angle, xi' = xi e/(1 - xi
/// + xi e) with e = exp(dx cos(theta)/l): (xi' - xi)/dx^2 in the first row, exact for its well. Measured on the travelling front in a
/// channel of 30 l: at dx = l off by 0.9, 0.1, 0.1 degrees at 30, 60, 120 (`sharp`: 0.8, 0.2, 0.2), a third of that at l/2.
///
/// With `physical` capillarity the compensation of the curvature cancels the mirrored slope, and a wall at any angle is at rest; there the
/// source is the difference to the front's own slope n_y, and the Gibbs-Thomson curvature of the first row takes the wall's: K -
/// cos(theta)/dx.
final class Wetting<T: FFTReal> {
    private let cosine: Field<T>
    /// Slope d xi/dy at the wall that the angle asks for.
    private let slope: Field<T>
    /// What one unit of slope at the wall adds to the transform's Laplacian in each row, 1/m.
    private let response: [Double]
    private let grid: Grid
    private let halfWidth: Double
    private let compensates: Bool, isExact: Bool

    init(_ cosines: [Double], _ settings: InterfaceSettings, _ work: Workspace<T>) {
        grid = work.grid
        halfWidth = settings.halfWidth
        isExact = settings.scheme == .sharp
        compensates = settings.capillarity == .physical
        (cosine, slope) = (work.lateralField(), work.lateralField())
        response = isExact ? [] : Wetting.spectralResponse(rows: grid.ny, spacing: grid.spacing)
        cosine.setValues(cosines.map { T($0) })
    }

    /// - Parameters:
    ///   - psi: signed distance, ghosts included.
    ///   - drift: gets the source.
    ///   - curvature: gets the wall's part.
    func apply(_ xi: Field<T>, _ psi: Field<T>, drift: Field<T>, curvature: Field<T>?) {
        let layout = xi.layout, h = grid.spacing, band = 1e-4
        for k in 0..<grid.nz {
            let first = grid.ny * k, x = xi.row(first)
            let below = layout.neighbourZ(k, -1) * grid.ny, above = layout.neighbourZ(k, 1) * grid.ny
            let p = psi.row(first), up = psi.row(first + min(1, grid.ny - 1))
            let target = drift.row(first), angle = cosine.row(k), extra = curvature?.row(first), slope = slope.row(k)
            for i in 0..<grid.nx {
                let v = Double(x[i]), wanted = Double(angle[i])
                slope[i] = 0
                guard v * (1 - v) > band else { continue }
                if isExact { target[i] += T((lower(v, h, wanted) - v) / (h * h)) } else { slope[i] = T(wallSlope(v, wanted)) }
                if compensates {
                    let slopeX = Double(p[i + 1] - p[i - 1]) / 2, slopeY = Double(up[i] - p[i])
                    let slopeZ = grid.nz > 1 ? Double(psi.row(above)[i] - psi.row(below)[i]) / 2 : 0
                    let size = (slopeX * slopeX + slopeY * slopeY + slopeZ * slopeZ).squareRoot(), own = size > 0 ? slopeY / size : 0
                    target[i] -= T(isExact ? (lower(v, h, own) - v) / (h * h) : -wallSlope(v, own) / h)
                }
                if let extra { extra[i] -= T(wanted / h) }
            }
            for (j, perSlope) in response.enumerated() {
                let to = drift.row(first + j), factor = T(perSlope)
                for i in 0..<grid.nx { to[i] += slope[i] * factor }
            }
        }
    }

    /// xi a distance further towards the metal of a tanh front at the angle, from xi in the first cell.
    private func lower(_ x: Double, _ distance: Double, _ cosine: Double) -> Double {
        let e = exp(distance * cosine / halfWidth)
        return x * e / (1 - x + x * e)
    }

    /// d xi/dy at the wall.
    private func wallSlope(_ x: Double, _ cosine: Double) -> Double {
        let wall = lower(x, 0.5 * grid.spacing, cosine)
        return -cosine * wall * (1 - wall) / halfWidth
    }

    /// g'' - L g in each row for g = y - y^2/2H, which has the slope 1 at y = 0 and 0 at y = H; L is the second derivative of the cosine
    /// transform.
    private static func spectralResponse(rows: Int, spacing: Double) -> [Double] {
        let height = Double(rows) * spacing
        func mode(_ m: Int, _ j: Int) -> Double { cos(Double.pi * Double(m * (2 * j + 1) % (4 * rows)) / Double(2 * rows)) }
        let g = (0..<rows).map { j in
            let y = (Double(j) + 0.5) * spacing
            return y - y * y / (2 * height)
        }
        var response = [Double](repeating: -1 / height, count: rows)
        for m in 1..<max(rows, 1) {
            let part = 2 / Double(rows) * (0..<rows).reduce(0) { $0 + g[$1] * mode(m, $1) }, k = Double.pi * Double(m) / height
            for j in 0..<rows { response[j] += k * k * part * mode(m, j) }
        }
        return response
    }
}
