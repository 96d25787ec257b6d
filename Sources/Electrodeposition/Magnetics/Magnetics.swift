import Elliptic
import Glibc
import Grids
import Spectral

/// The magnetic field B = B_applied + mu0 (H + M) at cell centres, T.
///
/// The film is thinner than a cell: M d |grad xi| spreads its moment per area over the diffuse surface. H is the field of that in free space; a film that is
/// uniform and flat has none outside.
final class Magnetics<T: FFTReal> {
    /// mu0, T m/A (CODATA 2018).
    static var permeability: Double { 1.25663706212e-6 }

    let settings: MagneticsSettings
    /// B along x, y and z, also in 2D.
    let field: [Field<T>]
    private let stray: StrayField<T>?
    /// The sign of the stripes over the electrode plane; nil when the film is uniform.
    private let pattern: Field<T>?
    private let work: Workspace<T>
    private var travel = 0.0
    /// Largest |B|, T.
    private(set) var largest = 0.0

    init(_ m: MagneticsSettings, _ work: Workspace<T>, effort: PlannerEffort) throws {
        (settings, self.work) = (m, work)
        field = (0..<3).map { _ in Field(work.grid) }
        stray = try m.film.map { _ in try StrayField(work.grid, device: work.device, effort: effort) }
        pattern = m.film.flatMap { $0.pattern == .stripes ? Magnetics.stripes($0, work) : nil }
        inPlane = Array(field.prefix(work.grid.dimensions))
    }

    private let inPlane: [Field<T>]

    private static func stripes(_ film: MagneticFilm, _ work: Workspace<T>) -> Field<T> {
        let grid = work.grid, field = work.lateralField(), h = grid.spacing
        let x = Double(grid.nx) * h, z = grid.nz > 1 ? Double(grid.nz) * h : nil, waves = film.waves(x, z)
        let phase = 2 * Double.pi * RandomStream(seed: UInt64(film.seed), purpose: "magnetic domains").uniform(0)
        for k in 0..<grid.nz {
            for i in 0..<grid.nx {
                let angle = Double(waves.x) * (Double(i) + 0.5) / Double(grid.nx) + Double(waves.z) * (Double(k) + 0.5) / Double(grid.nz)
                field.row(k)[i] = cos(2 * .pi * angle + phase) >= 0 ? 1 : -1
            }
        }
        return field
    }

    /// Books travel of the surface (m); whether the field is due.
    func isDue(after step: Double) -> Bool {
        travel += step
        // A uniform field alone is found once.
        return travel == .infinity || stray != nil && travel >= settings.interval * work.grid.spacing
    }

    /// The field of a surface as it is.
    func update(_ xi: Field<T>) {
        travel = 0
        let b0 = settings.appliedField, layout = work.layout
        for a in 0..<3 { field[a].fill(T(b0[a])) }
        if let stray, let film = settings.film {
            xi.fillGhosts()
            let moment = film.magnetisation * (film.thickness ?? 0), dimensions = work.grid.dimensions
            func place(_ b: Field<T>, _ m: Double) {
                work.forRows {
                    FieldLoops.magnetisation(b.cells, xi.cells, pattern.map { UnsafePointer($0.cells) }, patternStride: pattern?.layout.planeStride ?? 0,
                                       moment: m, spacing: work.grid.spacing, layout, $0)
                }
            }
            for a in 0..<dimensions { place(field[a], moment[a]) }
            // H takes the place of M; then mu0 (H + M) + B0.
            stray.evaluate(inPlane, from: inPlane, sampling: .cell)
            let magnetisation = work.scratch
            for a in 0..<3 {
                place(magnetisation, moment[a])
                let mu0 = T(Magnetics.permeability), h = a < dimensions ? mu0 : 0
                work.forRows { work.kernels.combine(field[a].cells, mu0, magnetisation.cells, h, layout, $0) }
                work.forRows { work.kernels.shift(field[a].cells, T(b0[a]), layout, $0) }
            }
        }
        for a in 0..<3 { field[a].fillGhosts() }
        work.forRows { FieldLoops.magnitude(field[0].cells, field[1].cells, field[2].cells, rowMaxima: work.sums.values, layout, $0) }
        largest = work.sums.maximum()
    }

    var state: [StateItem] {
        field.enumerated().map { .field("magnetics.field.\($0)", $1) } + [
            .number(name: "magnetics.travel", get: { self.travel }, set: { self.travel = $0 }),
            .number(name: "magnetics.largest", get: { self.largest }, set: { self.largest = $0 }),
        ]
    }
}

private enum FieldLoops {
    /// m = moment pattern |grad xi|: central differences, mirrored at the ends of y.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func magnetisation<T: Real>(_ m: UnsafeMutablePointer<T>, _ xi: UnsafePointer<T>, _ pattern: UnsafePointer<T>?, patternStride: Int,
                                               moment: Double, spacing: Double, _ layout: Layout, _ rows: Range<Int>) {
        let ny = layout.ny, nz = layout.nz
        for row in rows {
            let j = row % ny, k = row / ny, o = layout.offset(row: row)
            let below = layout.offset(row: row - (j > 0 ? 1 : 0)), above = layout.offset(row: row + (j < ny - 1 ? 1 : 0))
            let back = layout.offset(row: j + ny * ((k + nz - 1) % nz)), front = layout.offset(row: j + ny * ((k + 1) % nz))
            let factor = 0.5 * moment / spacing
            for i in 0..<layout.nx {
                let x = Double(xi[o + i + 1]) - Double(xi[o + i - 1]), y = Double(xi[above + i]) - Double(xi[below + i])
                let z = nz > 1 ? Double(xi[front + i]) - Double(xi[back + i]) : 0
                let sign = pattern.map { Double($0[k * patternStride + i]) } ?? 1
                m[o + i] = T(factor * sign * (x * x + y * y + z * z).squareRoot())
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    static func magnitude<T: Real>(_ x: UnsafePointer<T>, _ y: UnsafePointer<T>, _ z: UnsafePointer<T>, rowMaxima: UnsafeMutablePointer<Double>,
                                           _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let o = layout.offset(row: row)
            var most = 0.0
            for i in o..<o + layout.nx {
                let square = Double(x[i]) * Double(x[i]) + Double(y[i]) * Double(y[i]) + Double(z[i]) * Double(z[i])
                most = max(most, square)
            }
            rowMaxima[row] = most.squareRoot()
        }
    }
}
