public import Grids

/// How a linear solve ended.
public struct SolveReport: Sendable {
    public var iterations: Int
    /// |b - A x| / |b|, as carried by the recurrence.
    public var residual: Double
    public var converged: Bool
}

/// Conjugate gradients with a multigrid preconditioner.
///
/// The solve is in T with reductions in Double, the preconditioner in Float. Nothing is allocated in `solve`.
public final class ConjugateGradient<T: Real>: @unchecked Sendable {
    public let device: Device
    private let multigrid: Multigrid
    private let r: Field<T>, p: Field<T>, q: Field<T>
    private let sums: RowSums

    public init(_ grid: Grid, multigrid: Multigrid) {
        device = multigrid.device
        self.multigrid = multigrid
        r = Field(grid); p = Field(grid); q = Field(grid)
        sums = RowSums(grid)
    }

    /// Solves A x = b from the guess in x until |r| <= tolerance |b| (or <= `floor`, for a right-hand side that may vanish).
    /// The multigrid must have been set up with A (or with something close to it). On return the ghosts of x are filled.
    public func solve(_ a: EllipticOperator<T>, _ b: Field<T>, _ x: Field<T>, tolerance: Double, floor: Double = 0,
                      maximumIterations: Int = 200) -> SolveReport {
        let layout = x.layout, kernels = device.kernels, f = multigrid.rightHandSide, z = multigrid.solution
        let target = max(tolerance * device.dot(b, b, sums).squareRoot(), floor)
        x.fillGhosts()
        device.forRows(layout) {
            kernels.residual(r.cells, b.cells, x.cells, a.coefficients, a.s.cells, sums.values, layout, $0)
        }
        var norm = sums.total().squareRoot()
        if norm <= target || norm == 0 { return SolveReport(iterations: 0, residual: relative(norm, target, tolerance), converged: true) }
        // One scale for the whole solve: conjugate gradients do not see it, Float does.
        let scale = T(1 / norm)
        device.forRows(layout) { kernels.toSingle(f.cells, r.cells, scale, f.layout, layout, $0) }
        var rz = 0.0
        for iteration in 1...maximumIterations {
            multigrid.cycle()
            device.forRows(layout) { kernels.dotSingle(r.cells, z.cells, sums.values, z.layout, layout, $0) }
            let next = sums.total(), beta = iteration == 1 ? 0 : next / rz
            rz = next
            device.forRows(layout) { kernels.updateDirection(p.cells, z.cells, T(beta), z.layout, layout, $0) }
            let pq = a.apply(q, p, on: device, sums)
            guard pq > 0, rz > 0, pq.isFinite else { return SolveReport(iterations: iteration, residual: relative(norm, target, tolerance), converged: false) }
            device.forRows(layout) {
                kernels.updateSolution(x.cells, r.cells, f.cells, T(rz / pq), p.cells, q.cells, scale, sums.values, f.layout, layout, $0)
            }
            norm = sums.total().squareRoot()
            if norm <= target {
                x.fillGhosts()
                return SolveReport(iterations: iteration, residual: relative(norm, target, tolerance), converged: true)
            }
        }
        x.fillGhosts()
        return SolveReport(iterations: maximumIterations, residual: relative(norm, target, tolerance), converged: false)
    }

    private func relative(_ norm: Double, _ target: Double, _ tolerance: Double) -> Double {
        target > 0 ? norm / target * tolerance : norm
    }
}
