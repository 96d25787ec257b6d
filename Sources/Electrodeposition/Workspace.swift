import Elliptic
import Grids
import Spectral

/// What the terms of a simulation share: grid, device, scratch fields and the linear solver.
final class Workspace<T: FFTReal> {
    let grid: Grid
    let device: Device
    let layout: Layout
    let sums: RowSums
    private let lateralSums: RowSums
    let elliptic: EllipticOperator<T>
    let multigrid: Multigrid
    let solver: ConjugateGradient<T>
    let rightSide: Field<T>
    let scratch: Field<T>
    /// The rows that the surface crosses: in all others its weight, R and the slopes of R are zero.
    let surface: RowSubset
    /// Whether the operator's faces, and the multigrid's copy of them, are those of eps alone: with a constant D and kappa salt and charge share them.
    private var hasPlainFaces = false, multigridHasPlainFaces = false
    /// Solver iterations since the start, by equation.
    var iterations = (salt: 0, charge: 0)

    init(_ grid: Grid, _ device: Device) {
        (self.grid, self.device) = (grid, device)
        (sums, lateralSums) = (RowSums(grid), RowSums(grid.lateral))
        elliptic = EllipticOperator(grid)
        multigrid = Multigrid(grid, on: device)
        solver = ConjugateGradient(grid, multigrid: multigrid)
        rightSide = Field(grid)
        scratch = Field(grid)
        surface = RowSubset(grid)
        layout = scratch.layout
    }

    var kernels: any KernelSet.Type { device.kernels }

    /// The phase has moved on: the next equation assembles its faces anew.
    func forgetFaces() { hasPlainFaces = false }

    /// Lower faces mean(eps) [mean(property)]/dx^2 of the elliptic operator.
    func assembleFaces(_ xi: Field<T>, property: UnsafePointer<T>?, floor: T) {
        guard property != nil || !hasPlainFaces else { return }
        let kernels = kernels, layout = layout
        forRows {
            kernels.electrolyteFaces(x: elliptic.x.cells, y: elliptic.y.cells, z: elliptic.z?.cells, xi: xi.cells, property: property, floor: floor,
                                     scale: T(1 / (grid.spacing * grid.spacing)), boundedX: grid.x == .bounded, boundedY: grid.y == .bounded,
                                     boundedZ: grid.z == .bounded, layout, $0)
        }
        elliptic.closeFaces()
        hasPlainFaces = property == nil
        multigridHasPlainFaces = false
    }

    func setUpMultigrid() {
        multigrid.setUp(elliptic, reusesFaces: hasPlainFaces && multigridHasPlainFaces)
        multigridHasPlainFaces = hasPlainFaces
    }

    func forRows(_ body: (Range<Int>) -> Void) { device.forRows(layout, body) }
    func forSurfaceRows(_ body: (Range<Int>) -> Void) { device.forRows(surface, layout, body) }
    /// Runs `body` over all rows, those of the surface apart.
    func forParts(_ body: (_ rows: Range<Int>, _ isSurface: Bool) -> Void) { forRows { surface.forParts(of: $0, body) } }

    /// A field over the electrode plane: one row of cells per z.
    func lateralField() -> Field<T> { Field(grid.lateral) }

    func dot(_ x: Field<T>, _ y: Field<T>) -> Double { device.dot(x, y, sums) }
    func sum(_ x: Field<T>) -> Double { device.sum(x, sums) }

    func surfaceDot(_ x: Field<T>, _ y: Field<T>) -> Double { device.dot(x, y, on: surface, sums) }
    func surfaceSum(_ x: Field<T>) -> Double { device.sum(x, on: surface, sums) }
    /// Sum of x y over the cells where y > 0.
    func surfaceDotPositive(_ x: Field<T>, _ y: Field<T>) -> Double {
        forSurfaceRows { kernels.dotPositive(x.cells, y.cells, sums.values, layout, $0) }
        return sums.total(of: surface)
    }

    /// Keeps what a field holds in the rows of the surface.
    func keepSurface(of x: Field<T>, in kept: Field<T>) {
        forSurfaceRows { rows in for row in rows { kept.row(row).update(from: x.row(row), count: layout.nx) } }
    }

    /// Sum over the cells at y = L of x, given for them alone, times y; y nil counts as 1.
    func sumAtWall(_ x: Field<T>, _ y: Field<T>? = nil) -> Double {
        guard let y else { return device.sum(x, lateralSums) }
        for k in 0..<grid.nz { kernels.dot(x.row(k), y.row(grid.ny - 1 + grid.ny * k), lateralSums.values + k, layout, 0..<1) }
        return lateralSums.total()
    }

    /// Fails a step whose linear solve did not converge.
    func check(_ report: SolveReport, _ equation: String) throws(StepFailure) {
        guard report.converged else { throw .notConverged(equation: equation, residual: report.residual) }
    }
}

/// Why a trial step was not accepted; the caller tries again with a shorter one.
public enum StepFailure: Error, Sendable, Equatable, CustomStringConvertible {
    case noSurface
    case notConverged(equation: String, residual: Double)
    case passes(change: Double)
    case notFinite(field: String)
    case errorTooLarge(Double)
    case frontTooFast(Double)
    case pastVoltageLimit(Double)

    public var description: String {
        switch self {
        case .noSurface: "a current is asked for but no metal surface reacts"
        case .notConverged(let equation, let residual): "the \(equation) equation did not converge (relative residual \(residual))"
        case .passes(let change): "the coupled passes did not settle (reaction rate still changing by \(change))"
        case .notFinite(let field): "\(field) is no longer finite"
        case .errorTooLarge(let error): "the time error was \(error) times the tolerance"
        case .frontTooFast(let travel): "the front moved \(travel) half-widths in one step"
        case .pastVoltageLimit(let volts): "the potential went on to \(volts) V, past the limit of the protocol's step"
        }
    }
}
