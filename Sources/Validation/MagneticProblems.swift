internal import Elliptic
import Glibc
package import Grids

package enum MagneticProblems {
    package static func fields(_ grid: Grid, _ m: (Double, Double, Double) -> SIMD3<Double>) -> [Field<Double>] {
        (0..<grid.dimensions).map { axis in
            let f = Field<Double>(grid)
            f.set { x, y, z in m(x, y, z)[axis] }
            return f
        }
    }

    /// A uniform film: largest distance from no field outside and H = -M_y inside.
    package static func uniform(_ grid: Grid, axis: Int) throws -> Double {
        let m = fields(grid) { _, y, _ in
            var v = SIMD3<Double>()
            v[axis] = y > 5 && y < 9 ? 3 : 0
            return v
        }
        let h = fields(grid) { _, _, _ in .zero }
        try StrayField<Double>(grid, device: Device(), effort: .estimate).evaluate(h, from: m)
        var worst = 0.0
        for k in 0..<grid.nz { for j in 0..<grid.ny { for i in 0..<grid.nx { for a in 0..<grid.dimensions {
            worst = max(worst, abs(h[a][i, j, k] - (a == 1 && axis == 1 ? -m[1][i, j, k] : 0)))
        } } } }
        return worst
    }

    /// A film with M_y = +-M in stripes of period L, from y = a to b: each odd harmonic q = 2 pi n/L of the square wave, amplitude 4M/(pi
    /// n), makes H_y = q/2 int sgn(y-y') ... = (A/2)(e^{-q(y-b)} - e^{-q(y-a)}) above, here with the mean over the layer.
    ///
    /// Returns the largest error over the harmonics 1, 3, 5 and both components, per amplitude.
    package static func stripes(n: Int, nz: Int) throws -> Double {
        let grid = Grid(nx: n, ny: 20, nz: nz, spacing: 1), saturation = 2.0
        let m = fields(grid) { x, y, _ in SIMD3(0, y > 4 && y < 8 ? (x < Double(n) / 2 ? saturation : -saturation) : 0, 0) }
        let h = fields(grid) { _, _, _ in .zero }
        try StrayField<Double>(grid, device: Device(), effort: .estimate).evaluate(h, from: m)
        var worst = 0.0
        for harmonic in [1, 3, 5] {
            let q = 2 * Double.pi * Double(harmonic) / Double(n), amplitude = 4 * saturation / (Double.pi * Double(harmonic))
            for j in 9..<20 {
                var across = 0.0, along = 0.0
                for i in 0..<n {
                    let x = Double(i) + 0.5
                    across += 2 / Double(n) * sin(q * x) * h[1][i, j, nz - 1]
                    along += 2 / Double(n) * cos(q * x) * h[0][i, j, 0]
                }
                // Surface charges M_y at y = 8, -M_y at y = 4; mean over the layer j ... j + 1.
                let y = Double(j) + 0.5, layer = sinh(q / 2) / (q / 2)
                let exact = amplitude / 2 * (exp(-q * (y - 8)) - exp(-q * (y - 4))) * layer
                worst = max(worst, abs(across - exact) / amplitude, abs(along + exact) / amplitude)
            }
        }
        return worst
    }
}
