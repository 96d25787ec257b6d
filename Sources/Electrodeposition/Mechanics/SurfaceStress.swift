import Glibc
import Grids
import Spectral

/// The hydrostatic stress that the kinetics see at the cells of the diffuse surface.
///
/// In a diffuse surface sigma_h runs from the metal's to the electrolyte's value, which differ however thin it is. What enters the chemical
/// potential is the metal's: each cell takes it from the point `depth` below the surface on its normal, by linear interpolation, so that it is
/// constant along normals and leaves the profile alone. The error is first order in depth over the length on which the stress varies.
enum SurfaceStress {
    /// Metal is pure to h = 0.996 there: half-widths.
    static let depth = 2.5

    /// out = factor sigma_h where 0.0025 < xi < 0.9975, 0 elsewhere; returns the extremes of it per row, where 0.1 < xi < 0.9.
    /// Ghosts of `distance` and `stress` filled. `samplesMetal` false: the cell's own value.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func overpotential<T: Real>(_ out: UnsafeMutablePointer<T>, stress: UnsafePointer<T>, distance: UnsafePointer<T>, xi: UnsafePointer<T>,
                                       factor: Double, depth: Double, spacing: Double, samplesMetal: Bool, low: UnsafeMutablePointer<Double>,
                                       high: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>) {
        let nx = layout.nx, ny = layout.ny, nz = layout.nz
        for row in rows {
            let j = row % ny, plane = row / ny, o = layout.offset(row: row)
            let below = layout.offset(row: row - (j > 0 ? 1 : 0)), above = layout.offset(row: row + (j < ny - 1 ? 1 : 0))
            let back = layout.offset(row: j + ny * ((plane + nz - 1) % nz)), front = layout.offset(row: j + ny * ((plane + 1) % nz))
            var least = Double.infinity, most = -Double.infinity
            for i in 0..<nx {
                let x = Double(xi[o + i])
                guard x > 0.0025 && x < 0.9975 else { out[o + i] = 0; continue }
                var value = Double(stress[o + i])
                if samplesMetal {
                    func d(_ a: Int, _ b: Int) -> Double { Double(distance[b + i]) - Double(distance[a + i]) }
                    var n = SIMD3(d(o - 1, o + 1), d(below, above), nz > 1 ? d(back, front) : 0)
                    n /= max((n * n).sum(), 1e-30).squareRoot()
                    let shift = n * (-(Double(distance[o + i]) + depth) / spacing)
                    let at = SIMD3(Double(i), Double(j), Double(plane)) + shift
                    value = interpolate(stress, at, layout)
                }
                value *= factor
                out[o + i] = T(value)
                if x > 0.1 && x < 0.9 {
                    least = min(least, value)
                    most = max(most, value)
                }
            }
            (low[row], high[row]) = (least, most)
        }
    }

    /// old = new - old where both are on the surface (not 0), 0 elsewhere.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func difference<T: Real>(_ old: UnsafeMutablePointer<T>, _ new: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let o = layout.offset(row: row)
            for i in o..<o + layout.nx { old[i] = old[i] == 0 || new[i] == 0 ? 0 : new[i] - old[i] }
        }
    }

    /// Linear in each axis between cell centres; `at` in cells. Periodic along x and z, constant beyond the ends of y.
    @inline(__always)
    static func interpolate<T: Real>(_ u: UnsafePointer<T>, _ at: SIMD3<Double>, _ layout: Layout) -> Double {
        let nx = layout.nx, ny = layout.ny, nz = layout.nz
        func wrap(_ n: Int, _ count: Int) -> Int { let r = n % count; return r < 0 ? r + count : r }
        let y = min(max(at.y, 0), Double(ny - 1)), j = min(Int(y), max(ny - 2, 0)), ty = y - Double(j)
        let fx = at.x.rounded(.down), tx = at.x - fx, i0 = wrap(Int(fx), nx), i1 = wrap(i0 + 1, nx)
        func plane(_ k: Int) -> Double {
            let a = layout.offset(row: j + ny * k), b = layout.offset(row: min(j + 1, ny - 1) + ny * k)
            let lower = Double(u[a + i0]) * (1 - tx) + Double(u[a + i1]) * tx, upper = Double(u[b + i0]) * (1 - tx) + Double(u[b + i1]) * tx
            return lower * (1 - ty) + upper * ty
        }
        guard nz > 1 else { return plane(0) }
        let fz = at.z.rounded(.down), tz = at.z - fz, k0 = wrap(Int(fz), nz)
        return plane(k0) * (1 - tz) + plane(wrap(k0 + 1, nz)) * tz
    }
}
