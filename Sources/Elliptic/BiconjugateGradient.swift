public import Grids

/// Stabilised biconjugate gradients for A x + s div(u x) = b, preconditioned with a multigrid cycle on A alone.
///
/// van der Vorst, SIAM J. Sci. Stat. Comput. 13, 631 (1992). The antisymmetric part grows with the Peclet number of the whole cell; iterations with it, slowly.
/// Nothing is allocated in `solve`.
public final class BiconjugateGradient<T: Real>: @unchecked Sendable {
    private let device: Device
    private let multigrid: Multigrid
    private let r: Field<T>, shadow: Field<T>, p: Field<T>, v: Field<T>, t: Field<T>, z: Field<T>, y: Field<T>
    private let sums: RowSums

    public init(_ grid: Grid, multigrid: Multigrid) {
        (device, self.multigrid) = (multigrid.device, multigrid)
        (r, shadow, p, v, t, z, y) = (Field(grid), Field(grid), Field(grid), Field(grid), Field(grid), Field(grid), Field(grid))
        sums = RowSums(grid)
    }

    /// Solves from the guess in x until |r| <= tolerance |b|; the multigrid must have been set up with A. On return the ghosts of x are filled.
    public func solve(_ a: EllipticOperator<T>, _ advection: Advection<T>, scale: Double, _ b: Field<T>, _ x: Field<T>, tolerance: Double,
                      maximumIterations: Int = 200) -> SolveReport {
        let size = device.dot(b, b, sums).squareRoot(), target = tolerance * size
        x.fillGhosts()
        if size == 0 {
            x.fill(0)
            return SolveReport(iterations: 0, residual: 0, converged: true)
        }
        apply(a, advection, scale, r, x)
        device.combine(r, 1, b, -1, r)
        let start = device.dot(r, r, sums).squareRoot()
        var norm = start, iterations = 0
        if norm <= target { return SolveReport(iterations: 0, residual: norm / size, converged: true) }
        // Everything in units of the first residual: the cycle is in Float.
        let unit = T(1 / start)
        device.combine(r, unit, r, 0, r)
        shadow.copy(from: r)
        p.copy(from: r)
        norm = 1
        let end = target / start
        var rho = device.dot(shadow, r, sums)
        func report(_ converged: Bool) -> SolveReport {
            x.fillGhosts()
            return SolveReport(iterations: iterations, residual: norm * start / size, converged: converged)
        }
        while iterations < maximumIterations {
            iterations += 1
            multigrid.cycle(z, from: p)
            apply(a, advection, scale, v, z)
            let alpha = rho / device.dot(shadow, v, sums)
            device.combine(r, T(-alpha), v, 1, r)
            device.combine(x, T(alpha * start), z, 1, x)
            norm = device.dot(r, r, sums).squareRoot()
            guard norm.isFinite else { return report(false) }
            if norm <= end { return report(true) }
            multigrid.cycle(y, from: r)
            apply(a, advection, scale, t, y)
            let omega = device.dot(t, r, sums) / device.dot(t, t, sums)
            device.combine(x, T(omega * start), y, 1, x)
            device.combine(r, T(-omega), t, 1, r)
            norm = device.dot(r, r, sums).squareRoot()
            guard norm.isFinite else { return report(false) }
            if norm <= end { return report(true) }
            let next = device.dot(shadow, r, sums), beta = next / rho * (alpha / omega)
            rho = next
            device.combine(p, T(-omega), v, 1, p)
            device.combine(p, 1, r, T(beta), p)
        }
        return report(false)
    }

    private func apply(_ a: EllipticOperator<T>, _ advection: Advection<T>, _ scale: Double, _ y: Field<T>, _ x: Field<T>) {
        x.fillGhosts()
        a.apply(y, x, on: device, sums)
        advection.add(to: y, x, factor: scale)
    }
}
