import Glibc
import Grids
import Kernels
import Spectral

/// The contact angle theta of the metal on the substrate: d xi/dy = -cos(theta) xi (1 - xi)/l at y = 0, an explicit source in the first
/// row, whose transform keeps its zero slope.
///
/// Beside the Laplacian the source is -(d xi/dy)/dx with xi at the wall by the tanh profile. In the `sharp` scheme the mirrored cell below the
/// wall is exchanged for that of a tanh front at the angle, xi' = xi e/(1 - xi + xi e) with e = exp(dx cos(theta)/l): (xi' - xi)/dx^2, exact for
/// its well. Measured on the travelling front in a channel of 30 l: at dx = l off by 2.2, 0.3, 0.3 degrees at 30, 60, 120 (`sharp`: 0.8, 0.2,
/// 0.2), a third of that at l/2.
///
/// With `physical` capillarity the compensation of the curvature cancels the mirrored slope, and a wall at any angle is at rest; there the source is
/// the difference to the front's own slope n_y, and the Gibbs-Thomson curvature of the first row takes the wall's: K - cos(theta)/dx.
final class Wetting<T: FFTReal> {
    private let cosine: Field<T>
    private let grid: Grid
    private let halfWidth: Double
    private let compensates: Bool, isExact: Bool

    init(_ cosines: [Double], _ settings: InterfaceSettings, _ work: Workspace<T>) {
        grid = work.grid
        halfWidth = settings.halfWidth
        isExact = settings.scheme == .sharp
        compensates = settings.capillarity == .physical
        cosine = work.lateralField()
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
            let target = drift.row(first), angle = cosine.row(k), extra = curvature?.row(first)
            for i in 0..<grid.nx {
                let v = Double(x[i]), g = v * (1 - v)
                guard g > band else { continue }
                let wanted = Double(angle[i])
                var source = step(v, wanted)
                if compensates {
                    let slopeX = Double(p[i + 1] - p[i - 1]) / 2, slopeY = Double(up[i] - p[i])
                    let slopeZ = grid.nz > 1 ? Double(psi.row(above)[i] - psi.row(below)[i]) / 2 : 0
                    let size = (slopeX * slopeX + slopeY * slopeY + slopeZ * slopeZ).squareRoot()
                    source -= step(v, size > 0 ? slopeY / size : 0)
                }
                target[i] += T(source / (h * h))
                if let extra { extra[i] -= T(wanted / h) }
            }
        }
    }

    /// -dx d xi/dy at the wall, of a front with xi in the first cell: to the mirrored cell (exact for the discrete well) or by the slope at the wall itself.
    private func step(_ x: Double, _ cosine: Double) -> Double {
        func lower(_ distance: Double) -> Double {
            let e = exp(distance * cosine / halfWidth)
            return x * e / (1 - x + x * e)
        }
        if isExact { return lower(grid.spacing) - x }
        let wall = lower(0.5 * grid.spacing)
        return grid.spacing * cosine * wall * (1 - wall) / halfWidth
    }
}
