import Grids
import Spectral

/// Pressure of a thin film on the metal, p = sigma d K - E d^3/(12 (1 - nu^2)) lap_s K (> 0 compresses), and the overpotential V_m p/(zF) it adds.
///
/// K is the sum of principal curvatures, lap_s the surface Laplacian on the level set through the cell: lap K - n.H.n - K n.grad K with H the second
/// derivatives of K and n the outward normal.
struct FilmPressure<T: FFTReal> {
    /// sigma d, N/m.
    let tension: Double
    /// E d^3/(12 (1 - nu^2)), J.
    let stiffness: Double
    private let voltsPerPascal: Double

    init(_ film: ElasticLayer, strain: Double, dimensions: Int, voltsPerPascal: Double) {
        let e = film.youngModulus, nu = film.poissonRatio, d = film.thickness
        tension = d * strain * (dimensions == 2 ? e / (1 - nu * nu) : e / (1 - nu))
        stiffness = e * d * d * d / (12 * (1 - nu * nu))
        self.voltsPerPascal = voltsPerPascal
    }

    /// eta += V_m p/(zF). The curvature's ghosts are filled here.
    func add(to overpotential: Field<T>, curvature: Field<T>, distance: Field<T>, xi: Field<T>, _ work: Workspace<T>) {
        curvature.fillGhosts()
        let h = work.grid.spacing
        work.forRows {
            FilmLoops.add(overpotential.cells, curvature.cells, distance.cells, xi.cells, tension: tension * voltsPerPascal,
                     stiffness: stiffness * voltsPerPascal, spacing: h, xi.layout, $0)
        }
    }
}

private enum FilmLoops {
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func add<T: Real>(_ eta: UnsafeMutablePointer<T>, _ k: UnsafePointer<T>, _ psi: UnsafePointer<T>, _ xi: UnsafePointer<T>, tension: Double,
                             stiffness: Double, spacing: Double, _ layout: Layout, _ rows: Range<Int>) {
        let nx = layout.nx, ny = layout.ny, nz = layout.nz, isSolid = nz > 1, inverse = 1 / (spacing * spacing)
        for row in rows {
            let j = row % ny, plane = row / ny, o = layout.offset(row: row)
            let below = layout.offset(row: row - (j > 0 ? 1 : 0)), above = layout.offset(row: row + (j < ny - 1 ? 1 : 0))
            let back = layout.offset(row: j + ny * ((plane + nz - 1) % nz)), front = layout.offset(row: j + ny * ((plane + 1) % nz))
            let up = above - o, down = below - o
            for i in 0..<nx where xi[o + i] > 0.005 && xi[o + i] < 0.995 {
                /// Half the difference of a field between two rows.
                func d(_ f: UnsafePointer<T>, _ a: Int, _ b: Int) -> Double { 0.5 * (Double(f[b + i]) - Double(f[a + i])) }
                var n = SIMD3<Double>(d(psi, o - 1, o + 1), d(psi, below, above), isSolid ? d(psi, back, front) : 0)
                n /= max((n * n).sum(), 1e-30).squareRoot()
                let here = Double(k[o + i])
                let slope = SIMD3<Double>(d(k, o - 1, o + 1), d(k, below, above), isSolid ? d(k, back, front) : 0)
                func second(_ a: Int, _ b: Int) -> Double { Double(k[a + i]) + Double(k[b + i]) - 2 * here }
                let curved = SIMD3<Double>(second(o - 1, o + 1), second(below, above), isSolid ? second(back, front) : 0)
                /// Mixed derivative along two axes, from a row before and a row after along the second.
                func mixed(_ before: Int, _ after: Int, _ left: Int, _ right: Int) -> Double {
                    0.5 * (d(k, after + left, after + right) - d(k, before + left, before + right))
                }
                var along = (n * n * curved).sum() + 2 * n.x * n.y * mixed(below, above, -1, 1)
                if isSolid { along += 2 * n.x * n.z * mixed(back, front, -1, 1) + 2 * n.y * n.z * mixed(back, front, down, up) }
                let surface = (curved.sum() - along) * inverse - here * (n * slope).sum() / spacing
                eta[o + i] += T(tension * here - stiffness * surface)
            }
        }
    }
}
