import Elliptic
import Grids
import Spectral

/// The force density on the electrolyte, (1 - h)[i x B + (chi_m c/mu0)(B . grad) B], N/m^3.
///
/// i is the ionic current per area of electrolyte, -kappa (grad phi_l - (w/f) grad ln c): unlike i_l = eps i it does not fade within the diffuse surface, so
/// that a uniform current gives a uniform force. At cell centres, the mean of the faces of each axis; the Kelvin force takes central differences. 2D currents
/// stay in the plane; B does not have to.
final class MagneticForce<T: FFTReal> {
    /// At cell centres along x, y and z (in 2D too).
    let density: [Field<Double>]
    /// Ionic current density at cell centres, A/m^2.
    private let current: [Field<Double>]
    private let work: Workspace<T>
    /// chi_m/mu0; 0 without a Kelvin force.
    private let kelvin: Double
    private let isClosed: Bool
    private let product: Field<Double>

    init(_ m: MagneticsSettings, isClosed: Bool, _ work: Workspace<T>) {
        (self.work, self.isClosed) = (work, isClosed)
        product = Field(work.grid)
        density = (0..<3).map { _ in Field(work.grid) }
        current = (0..<work.grid.dimensions).map { _ in Field(work.grid) }
        kelvin = m.kelvinForce ? m.molarSusceptibility / Magnetics<T>.permeability : 0
    }

    func evaluate(_ xi: Field<T>, _ charge: Charge<T>, concentration c: Field<T>, wall: Field<T>, _ magnetics: Magnetics<T>) {
        let grid = work.grid, b = magnetics.field, layout = work.layout
        let property = charge.law.field(charge.property, concentration: c, floor: charge.concentrationFloor, work), phi = charge.potential.past[0]
        phi.fillGhosts()
        c.fillGhosts()
        let logarithm = charge.logarithm(of: c, in: work.scratch)
        for a in 0..<grid.dimensions {
            work.forRows {
                ForceLoops.current(current[a].cells, current[a].layout, axis: a, property: property, potential: phi.cells,
                                   logarithm: logarithm.map { UnsafePointer($0.cells) }, junction: charge.junction,
                                   scale: charge.law.constant / grid.spacing, wall: wall.cells, wallStride: wall.layout.planeStride, layout, $0)
            }
        }
        work.forRows {
            ForceLoops.lorentz(density[0].cells, density[1].cells, density[2].cells, current[0].cells, current[1].cells,
                               current.count > 2 ? UnsafePointer(current[2].cells) : nil, density[0].layout, b[0].cells, b[1].cells, b[2].cells, layout, $0)
        }
        if kelvin != 0 {
            for a in 0..<3 {
                work.forRows {
                    ForceLoops.kelvin(density[a].cells, density[0].layout, b[0].cells, b[1].cells, b[2].cells, b[a].cells, c.cells,
                                      factor: kelvin / grid.spacing, layout, $0)
                }
            }
        }
        var electrolyte = 0.0
        for a in 0..<3 {
            let f = density[a]
            if a == 0 { electrolyte = share(of: nil, xi) }
            // A uniform force across the walls, or along closed ends, only makes a pressure: its mean over the electrolyte does no work.
            let mean = a == 1 || isClosed ? share(of: f, xi) / electrolyte : 0
            work.forRows { ForceLoops.leaveMetal(f.cells, f.cells, f.layout, xi.cells, mean: mean, layout, $0) }
            f.fillGhosts()
        }
    }

    /// Sum of (1 - h) f over the cells; of 1 - h without f.
    private func share(of f: Field<Double>?, _ xi: Field<T>) -> Double {
        if f == nil { product.fill(1) }
        work.forRows { ForceLoops.leaveMetal(product.cells, f?.cells ?? product.cells, product.layout, xi.cells, mean: 0, work.layout, $0) }
        return work.device.sum(product, work.sums)
    }

    /// The force on faces, times `factor`; y = 0 gets none.
    func place(on faces: VectorField<Double>, factor: Double) {
        for a in 0..<faces.components.count {
            let f = faces.components[a]
            work.forRows { ForceLoops.toFaces(f.cells, density[a].cells, axis: a, factor, f.layout, $0) }
        }
    }
}

private enum ForceLoops {
    /// Offsets of the rows before and after along an axis; the row itself at a wall.
    @inline(__always)
    static func neighbours(_ axis: Int, _ row: Int, _ layout: Layout) -> (before: Int, after: Int) {
        let ny = layout.ny, nz = layout.nz, j = row % ny, k = row / ny
        switch axis {
        case 0: return (layout.offset(row: row) - 1, layout.offset(row: row) + 1)
        case 1: return (layout.offset(row: j > 0 ? row - 1 : row), layout.offset(row: j < ny - 1 ? row + 1 : row))
        default: return (layout.offset(row: j + ny * ((k + nz - 1) % nz)), layout.offset(row: j + ny * ((k + 1) % nz)))
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    static func current<T: Real>(_ out: UnsafeMutablePointer<Double>, _ to: Layout, axis: Int, property: UnsafePointer<T>?, potential phi: UnsafePointer<T>,
                                 logarithm: UnsafePointer<T>?, junction: Double, scale: Double, wall: UnsafePointer<T>, wallStride: Int, _ layout: Layout,
                                 _ rows: Range<Int>) {
        for row in rows {
            let o = layout.offset(row: row), (before, after) = neighbours(axis, row, layout), out = out + to.offset(row: row)
            let isTop = axis == 1 && row % layout.ny == layout.ny - 1, wall = wall + row / layout.ny * wallStride
            for i in 0..<layout.nx {
                var lower = Double(phi[o + i]) - Double(phi[before + i]), upper = Double(phi[after + i]) - Double(phi[o + i])
                if let l = logarithm {
                    lower -= junction * (Double(l[o + i]) - Double(l[before + i]))
                    upper -= junction * (Double(l[after + i]) - Double(l[o + i]))
                }
                /// kappa of the face to a neighbour.
                func conductivity(_ neighbour: Int) -> Double {
                    property.map { 0.5 * scale * (Double($0[o + i]) + Double($0[neighbour + i])) } ?? scale
                }
                lower *= -conductivity(before)
                // What passes the wall counts as into the box.
                upper = isTop ? -Double(wall[i]) : -conductivity(after) * upper
                out[i] = 0.5 * (lower + upper)
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    static func lorentz<T: Real>(_ fx: UnsafeMutablePointer<Double>, _ fy: UnsafeMutablePointer<Double>, _ fz: UnsafeMutablePointer<Double>,
                                 _ ix: UnsafePointer<Double>, _ iy: UnsafePointer<Double>, _ iz: UnsafePointer<Double>?, _ to: Layout,
                                 _ bx: UnsafePointer<T>, _ by: UnsafePointer<T>, _ bz: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let o = layout.offset(row: row), t = to.offset(row: row)
            for i in 0..<layout.nx {
                let b = SIMD3(Double(bx[o + i]), Double(by[o + i]), Double(bz[o + i]))
                let x = ix[t + i], y = iy[t + i], z = iz.map { $0[t + i] } ?? 0
                fx[t + i] = y * b.z - z * b.y
                fy[t + i] = z * b.x - x * b.z
                fz[t + i] = x * b.y - y * b.x
            }
        }
    }

    /// f += factor c (B . grad) b, b one component of B.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func kelvin<T: Real>(_ f: UnsafeMutablePointer<Double>, _ to: Layout, _ bx: UnsafePointer<T>, _ by: UnsafePointer<T>, _ bz: UnsafePointer<T>,
                                _ b: UnsafePointer<T>, _ c: UnsafePointer<T>, factor: Double, _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let o = layout.offset(row: row), t = to.offset(row: row)
            let (left, right) = neighbours(0, row, layout), (below, above) = neighbours(1, row, layout), (back, front) = neighbours(2, row, layout)
            let j = row % layout.ny, span = j > 0 && j < layout.ny - 1 ? 0.5 : 1.0
            for i in 0..<layout.nx {
                var slope = 0.5 * Double(bx[o + i]) * (Double(b[right + i]) - Double(b[left + i]))
                slope += span * Double(by[o + i]) * (Double(b[above + i]) - Double(b[below + i]))
                if layout.nz > 1 { slope += 0.5 * Double(bz[o + i]) * (Double(b[front + i]) - Double(b[back + i])) }
                f[t + i] += factor * Double(c[o + i]) * slope
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    /// out = (1 - h)(f - mean)
    static func leaveMetal<T: Real>(_ out: UnsafeMutablePointer<Double>, _ f: UnsafePointer<Double>, _ to: Layout, _ xi: UnsafePointer<T>, mean: Double,
                                    _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let o = layout.offset(row: row), t = to.offset(row: row)
            for i in 0..<layout.nx { out[t + i] = (1 - ElasticMixture.share(Double(xi[o + i]))) * (f[t + i] - mean) }
        }
    }

    static func toFaces(
        _ f: UnsafeMutablePointer<Double>, _ c: UnsafePointer<Double>, axis: Int, _ factor: Double, _ layout: Layout, _ rows: Range<Int>
    ) {
        for row in rows {
            let o = layout.offset(row: row), before = neighbours(axis, row, layout).before
            let scale = axis == 1 && row % layout.ny == 0 ? 0 : 0.5 * factor
            for i in 0..<layout.nx { f[o + i] = scale * (c[o + i] + c[before + i]) }
        }
    }
}
