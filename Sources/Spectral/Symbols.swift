import Glibc
public import Grids
import Kernels

/// Which -d^2/dx^2 a mode of wavenumber k stands for.
public enum Laplacian: String, Sendable, CaseIterable {
    /// k^2
    case spectral
    /// (2 - 2 cos k h) / h^2: the compact three-point difference; exact for a cell-centred finite-volume Laplacian, walls included.
    case finiteDifference

    func symbol(_ k: Double, _ h: Double) -> Double {
        switch self {
        case .spectral: return k * k
        case .finiteDifference:
            let s = 2 / h * sin(k * h / 2)
            return s * s
        }
    }
}

/// The symbol of -lap per scalar of a spectrum, s = x[i] + rows[r], both >= 0 (1/m^2): one number per scalar of a row and one per row.
public final class Symbols<T: FFTReal>: @unchecked Sendable {
    /// By scalar of a row, padded to whole packs.
    public let x: UnsafePointer<T>
    /// By row j + ny k.
    public let rows: UnsafePointer<T>
    /// Parseval weights: the sum of u^2 over the cells is `normalisation` times the sum of weightsX[i] weightsRows[r] c^2 over the
    /// scalars c of the unnormalised spectrum.
    public let weightsX: UnsafePointer<T>, weightsRows: UnsafePointer<T>
    public let modes: Grid

    public init(_ transform: Transform<T>, _ laplacian: Laplacian) {
        let grid = transform.grid, b = transform.boundaries, h = grid.spacing
        let modes = transform.modes
        self.modes = modes
        func axis(_ kind: Boundary, _ n: Int, _ q: Int) -> Double {
            laplacian.symbol(.pi / (Double(n) * h) * kind.modeNumber(q, of: n), h)
        }
        let packed = (modes.nx + T.Pack.scalarCount - 1) / T.Pack.scalarCount * T.Pack.scalarCount
        // Half of a periodic x axis is kept, complex: all but its ends stand for two modes.
        func weightX(_ i: Int) -> Double {
            b.x == .periodic ? (i / 2 == 0 || 2 * (i / 2) == grid.nx ? 1 : 2) : b.x.weight(i, of: grid.nx)
        }
        // Other periodic axes hold all modes where x is complex, and half-complex pairs where it is not.
        func weight(_ kind: Boundary, _ n: Int, _ q: Int) -> Double { kind == .periodic && b.x == .periodic ? 1 : kind.weight(q, of: n) }
        let columns = (0..<packed).map { $0 < modes.nx }.enumerated()
        x = constant(columns.map { i, used in used ? axis(b.x, grid.nx, b.x == .periodic ? i / 2 : i) : 0 })
        weightsX = constant(columns.map { i, used in used ? weightX(i) : 0 })
        let rowIndices = (0..<modes.rows).map { (j: $0 % grid.ny, k: $0 / grid.ny) }
        rows = constant(rowIndices.map { axis(b.y, grid.ny, $0.j) + (grid.nz > 1 ? axis(b.z, grid.nz, $0.k) : 0) })
        weightsRows = constant(rowIndices.map { weight(b.y, grid.ny, $0.j) * (grid.nz > 1 ? weight(b.z, grid.nz, $0.k) : 1) })
    }

    deinit {
        for p in [x, rows, weightsX, weightsRows] { p.deallocate() }
    }

    /// A field of f(s) per scalar of the spectrum, for multipliers that are not ratios of quadratics.
    public func map(_ f: (Double) -> Double) -> Field<T> {
        let result = Field<T>(modes)
        for r in 0..<modes.rows {
            let row = result.row(r)
            for i in 0..<modes.nx { row[i] = T(f(Double(x[i] + rows[r]))) }
        }
        return result
    }
}

extension Device {
    /// u = u p(s) / q(s) on a spectrum; 0 where q(s) = 0.
    public func filter<T>(_ u: Field<T>, _ p: Quadratic<T>, over q: Quadratic<T>, _ s: Symbols<T>) {
        precondition(u.grid == s.modes, "symbols of another transform")
        forRows(u.layout) { kernels.filter(u.cells, p, q, s.x, s.rows, u.layout, $0) }
    }

    /// w = (u p(s) + v r(s)) / q(s) on spectra; 0 where q(s) = 0. w may be u or v.
    public func filter<T>(_ w: Field<T>, _ u: Field<T>, _ p: Quadratic<T>, _ v: Field<T>, _ r: Quadratic<T>, over q: Quadratic<T>,
                          _ s: Symbols<T>) {
        precondition(w.grid == s.modes && u.grid == s.modes && v.grid == s.modes, "symbols of another transform")
        forRows(w.layout) { kernels.filter(w.cells, u.cells, p, v.cells, r, q, s.x, s.rows, w.layout, $0) }
    }

    /// The sum over the cells of u (p(-lap) u), from u's unnormalised modes: a Dirichlet energy, a norm. `scratch` is on `modes`.
    public func sumOfSquares<T>(_ u: Field<T>, _ p: Quadratic<T>, _ s: Symbols<T>, normalisation: Double, _ scratch: RowSums) -> Double {
        precondition(u.grid == s.modes, "symbols of another transform")
        forRows(u.layout) {
            kernels.sumOfSquares(u.cells, p, s.x, s.rows, s.weightsX, s.weightsRows, scratch.values, u.layout, $0)
        }
        return normalisation * scratch.total()
    }

    /// u = u v, scalar by scalar (a spectrum and a multiplier, or two fields).
    public func multiply<T: Real>(_ u: Field<T>, _ v: Field<T>) {
        precondition(u.layout == v.layout, "fields of different grids")
        forRows(u.layout) { kernels.multiply(u.cells, v.cells, u.layout, $0) }
    }

    /// w = a u + b v, scalar by scalar. w may be u or v.
    public func combine<T: Real>(_ w: Field<T>, _ a: Field<T>, _ u: Field<T>, _ b: Field<T>, _ v: Field<T>) {
        precondition(a.layout == w.layout && u.layout == w.layout && b.layout == w.layout && v.layout == w.layout,
                     "fields of different grids")
        forRows(w.layout) { kernels.combine(w.cells, a.cells, u.cells, b.cells, v.cells, w.layout, $0) }
    }
}

/// The numbers in memory of their own, for kernels.
func constant<T: Real>(_ values: [Double]) -> UnsafePointer<T> {
    let memory = UnsafeMutablePointer<T>.allocate(capacity: values.count)
    for (i, value) in values.enumerated() { (memory + i).initialize(to: T(value)) }
    return UnsafePointer(memory)
}
