import Elliptic
import Grids
import Spectral

/// The variational driving force of the stress, d f_el/d xi at given strain, Pa:
/// h'(xi) [1/2 e:(C1 - C2):e - e:C1:e* + 1/2 e*:C1:e*], C2 the moduli of what is not metal. A flat front feels the jump of f_el - s_yy e_yy.
enum ElasticDrive {
    /// drive = factor d f_el/d xi from displacements (in units of the spacing) and the mean strain.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func evaluate<T: Real>(_ drive: UnsafeMutablePointer<T>, _ u: VectorCells<T>, meanStrain: SIMD3<Double>, xi: UnsafePointer<T>,
                                  _ m: ElasticMixture, factor: Double, _ layout: Layout, _ rows: Range<Int>) {
        let nx = layout.nx, ny = layout.ny, nz = layout.nz, grown = m.growthStrain
        for row in rows {
            let j = row % ny, plane = row / ny, o = layout.offset(row: row)
            let up = j < ny - 1 ? layout.offset(row: row + 1) : -1, down = j > 0 ? layout.offset(row: row - 1) : -1
            let front = layout.offset(row: j + ny * ((plane + 1) % nz)), back = layout.offset(row: j + ny * ((plane + nz - 1) % nz))
            for i in 0..<nx {
                let x = Double(xi[o + i]), slope = ElasticMixture.slope(x)
                guard slope > 1e-6 else { drive[o + i] = 0; continue }
                func at(_ f: UnsafeMutablePointer<T>, _ offset: Int, _ i: Int) -> Double { offset < 0 ? 0 : Double(f[offset + i]) }
                var e = meanStrain
                e.x += at(u.x, o, i + 1) - at(u.x, o, i)
                e.y += at(u.y, up, i) - at(u.y, o, i)
                // Twice the shear strain at an edge of the cell; none on the rollers.
                func shear(_ i: Int, _ lower: Int, _ upper: Int) -> Double {
                    lower < 0 || upper < 0 ? 0 : at(u.x, upper, i) - at(u.x, lower, i) + at(u.y, upper, i) - at(u.y, upper, i - 1)
                }
                var gamma = SIMD3<Double>()
                gamma.x = 0.25 * (shear(i, down, o) + shear(i + 1, down, o) + shear(i, o, up) + shear(i + 1, o, up))
                if let z = u.z {
                    e.z += at(z, front, i) - at(z, o, i)
                    func along(_ i: Int, _ lower: Int, _ upper: Int) -> Double {
                        at(u.x, upper, i) - at(u.x, lower, i) + at(z, upper, i) - at(z, upper, i - 1)
                    }
                    gamma.y = 0.25 * (along(i, back, o) + along(i + 1, back, o) + along(i, o, front) + along(i + 1, o, front))
                    func across(_ low: Int, _ high: Int, _ behind: Int, _ here: Int) -> Double {
                        low < 0 || high < 0 ? 0 : at(z, high, i) - at(z, low, i) + at(u.y, here, i) - at(u.y, behind, i)
                    }
                    let shiftUp = up < 0 ? -1 : up - o, shiftDown = down < 0 ? 0 : down - o
                    // Edges (y, z) below and above the cell, behind and before it.
                    gamma.z = down < 0 ? 0 : across(o + shiftDown, o, back, o) + across(front + shiftDown, front, o, front)
                    gamma.z +=
                        up < 0
                        ? 0 : across(o, o + shiftUp, back + shiftUp, o + shiftUp) + across(front, front + shiftUp, o + shiftUp, front + shiftUp)
                    gamma.z *= 0.25
                }
                let rest = m.rest(x), dLambda = m.metal.lambda - rest.lambda, dMu = m.metal.mu - rest.mu, trace = e.sum(), grownTrace = grown.sum()
                let squares = (e * e).sum() + 0.5 * (gamma * gamma).sum()
                let energy = 0.5 * dLambda * trace * trace + dMu * squares - m.metal.lambda * trace * grownTrace - 2 * m.metal.mu * (e * grown).sum()
                    + 0.5 * m.metal.lambda * grownTrace * grownTrace + m.metal.mu * (grown * grown).sum()
                drive[o + i] = T(factor * slope * energy)
            }
        }
    }
}
