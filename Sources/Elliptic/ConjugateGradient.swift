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
    ///
    /// Without a diagonal (s = 0 everywhere: insulating or wrapping ends alone) only a right-hand side without mean has a solution and a constant
    /// is free: the mean of b - A x is left out, the answer has mean zero. A zero b gives x = 0. A NaN anywhere ends the solve as not converged.
    public func solve(_ a: EllipticOperator<T>, _ b: Field<T>, _ x: Field<T>, tolerance: Double, floor: Double = 0,
                      maximumIterations: Int = 200) -> SolveReport {
        let layout = x.layout, kernels = device.kernels, f = multigrid.rightHandSide, z = multigrid.solution
        let size = device.dot(b, b, sums).squareRoot(), target = max(tolerance * size, floor)
        if size == 0 {
            x.fill(0)
            return SolveReport(iterations: 0, residual: 0, converged: true)
        }
        let isSingular = device.sum(a.s, sums) == 0
        x.fillGhosts()
        device.forRows(layout) {
            kernels.residual(r.cells, b.cells, x.cells, a.coefficients, a.s.cells, sums.values, layout, $0)
        }
        var norm = sums.total().squareRoot()
        if isSingular {
            removeMean(r)
            norm = device.dot(r, r, sums).squareRoot()
        }
        // One scale for the whole solve: conjugate gradients do not see it, Float does.
        let scale = T(1 / norm)
        device.forRows(layout) { kernels.toSingle(f.cells, r.cells, scale, f.layout, layout, $0) }
        var rz = 0.0, iterations = 0
        while !(norm <= target) {
            guard iterations < maximumIterations else { return finish(x, isSingular, iterations, norm / size, converged: false) }
            iterations += 1
            multigrid.cycle()
            device.forRows(layout) { kernels.dotSingle(r.cells, z.cells, sums.values, z.layout, layout, $0) }
            let next = sums.total(), beta = iterations == 1 ? 0 : next / rz
            rz = next
            device.forRows(layout) { kernels.updateDirection(p.cells, z.cells, T(beta), z.layout, layout, $0) }
            let pq = a.apply(q, p, on: device, sums)
            guard pq > 0, rz > 0, pq.isFinite else { return finish(x, isSingular, iterations, norm / size, converged: false) }
            device.forRows(layout) {
                kernels.updateSolution(x.cells, r.cells, f.cells, T(rz / pq), p.cells, q.cells, scale, sums.values, f.layout, layout, $0)
            }
            norm = sums.total().squareRoot()
        }
        return finish(x, isSingular, iterations, norm / size, converged: true)
    }

    private func finish(_ x: Field<T>, _ isSingular: Bool, _ iterations: Int, _ residual: Double, converged: Bool) -> SolveReport {
        if isSingular { removeMean(x) }
        x.fillGhosts()
        // A NaN left in the direction would survive the zero it is multiplied with at the next start.
        if !converged { p.fill(0) }
        return SolveReport(iterations: iterations, residual: residual, converged: converged)
    }

    private func removeMean(_ u: Field<T>) {
        let mean = device.sum(u, sums) / Double(u.grid.cells)
        device.forRows(u.layout) { device.kernels.shift(u.cells, T(-mean), u.layout, $0) }
    }
}
