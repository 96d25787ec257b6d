public import Grids
public import Spectral

/// Slow flow with drag: -lap u + drag u + grad p = f, div u = 0, between walls at both ends of y, periodic along x and z.
///
/// Staggered grid, spacing 1: velocities u (m/s) on faces, drag = alpha dx^2/mu, f = force density dx^2/mu. Conjugate gradients in the space of
/// discretely divergence-free fields, so the flow has no divergence at any tolerance. Only the solenoidal part of the force drives flow:
/// its gradient part is projected out first, so a pure gradient gives exactly 0. Always in Double.
public final class StokesBrinkman: @unchecked Sendable {
    /// Lateral ends: `closed` has no net lateral flow (a mean pressure gradient opposes it), `open` lets a uniform force drive one.
    public enum Ends: String, Sendable, CaseIterable { case closed, open }
    /// No slip, or a plane of symmetry.
    public enum Walls: String, Sendable, CaseIterable { case noSlip, slip }
    /// What preconditions the solve: the exact flow for the least drag of each layer (at most about 0.35 sqrt(drag_max N^2) iterations to 1e-6, half of
    /// that around a column, fewer on a surface that is nearly flat) or multigrid between projections (about 20 to 30, each as long as two or three).
    public enum Method: String, Sendable, CaseIterable { case fourier, multigrid }

    public let grid: Grid
    public let device: Device
    public let ends: Ends, walls: Walls
    public private(set) var method = Method.fourier
    /// alpha dx^2/mu on faces; see `setDrag`.
    public let drag: VectorField<Double>
    /// u (m/s): the start of the next solve (divergence-free) and its result.
    public let velocity: VectorField<Double>

    private let projection: SolenoidalProjection
    private let fourier: StokesFourier
    private var multigrid: StokesMultigrid?
    private var preconditioner: any StokesPreconditioner { method == .fourier ? fourier : multigrid! }
    private let f: VectorField<Double>, r: VectorField<Double>, z: VectorField<Double>, p: VectorField<Double>, q: VectorField<Double>
    private let sums: RowSums, highest: RowSums
    private let unit: Grid

    /// - Throws: `SpectralError.noPlan`.
    public init(_ grid: Grid, ends: Ends = .closed, walls: Walls = .noSlip, device: Device, effort: PlannerEffort = .measure) throws {
        (self.grid, self.ends, self.walls, self.device) = (grid, ends, walls, device)
        unit = Grid(nx: grid.nx, ny: grid.ny, nz: grid.nz, spacing: 1, x: grid.x, y: grid.y, z: grid.z)
        let transform = try LateralTransform<Double>(unit, device: device, effort: effort)
        projection = SolenoidalProjection(transform, isClosed: ends == .closed)
        fourier = StokesFourier(transform, isClosed: ends == .closed)
        (drag, velocity) = (VectorField(unit), VectorField(unit))
        (f, r, z, p, q) = (VectorField(unit), VectorField(unit), VectorField(unit), VectorField(unit), VectorField(unit))
        sums = RowSums(unit)
        highest = RowSums(unit)
        fourier.factor(wall: wallRow, floor: slipFloor)
    }

    private var wallRow: Double { walls == .noSlip ? 3 : 1 }
    /// Between slip walls drag alone holds a uniform flow.
    private var slipFloor: Double {
        walls == .slip ? max(1e-3 / Double(grid.ny * grid.ny), device.sum(drag.x, sums) / Double(grid.cells)) : 0
    }

    /// Takes alpha dx^2/mu from cell centres (ghosts filled); faces get the mean of two cells. Chooses the method by the number of layers in which drag
    /// varies, unless one is asked for.
    public func setDrag(_ alpha: Field<Double>, _ wanted: Method? = nil) {
        device.forRows(alpha.layout) { device.kernels.faceMeans(drag.cells, alpha.cells, alpha.layout, $0) }
        drag.fillGhosts()
        device.forRows(alpha.layout) { device.kernels.extremes(alpha.cells, sums.values, highest.values, alpha.layout, $0) }
        let largest = (0..<grid.rows).reduce(0) { max($0, highest.values[$1]) }
        var varying = 0.0
        for j in 0..<grid.ny {
            var low = Double.infinity, high = 0.0
            for k in 0..<grid.nz {
                low = min(low, sums.values[j + grid.ny * k])
                high = max(high, highest.values[j + grid.ny * k])
            }
            fourier.layers[j] = low
            if high - low > 0.5 * largest { varying += 1 }
        }
        method = wanted ?? (0.35 * largest.squareRoot() * varying > 20 ? .multigrid : .fourier)
        if method == .multigrid {
            let multigrid = multigrid ?? StokesMultigrid(unit, projection: projection, device: device)
            self.multigrid = multigrid
            multigrid.setUp(drag: drag, isSlip: walls == .slip)
        } else {
            fourier.factor(wall: wallRow, floor: slipFloor)
        }
    }

    /// Solves for the flow that a force density (times dx^2/mu, on faces, m/s) drives, until the error is `tolerance` of the answer in
    /// the norm of the dissipation.
    public func solve(_ force: VectorField<Double>, tolerance: Double, maximumIterations: Int = 2000) -> SolveReport {
        let size = device.dot(force, force, sums).squareRoot()
        f.copyCells(from: force)
        projection.project(f)
        let driving = device.dot(f, f, sums).squareRoot()
        // What round-off leaves of a gradient is no force.
        if !(driving > 64 * Double.ulpOfOne * size) && !size.isNaN {
            velocity.fill(0)
            return SolveReport(iterations: 0, residual: 0, converged: true)
        }
        let preconditioner = preconditioner
        velocity.fillGhosts()
        // u . A u of the answer, from that of the start: |u|^2 + 2 u . r + what each step adds.
        let work = apply(q, velocity)
        var reference = 2 * device.dot(f, velocity, sums) - work
        for (r, (f, q)) in zip(r.components, zip(f.components, q.components)) { device.combine(r, 1, f, -1, q) }
        preconditioner.apply(z, r)
        var rz = device.dot(r, z, sums), iterations = 0
        func report(_ converged: Bool) -> SolveReport {
            velocity.fillGhosts()
            return SolveReport(iterations: iterations, residual: (abs(rz) / max(reference, .leastNormalMagnitude)).squareRoot(), converged: converged)
        }
        for (p, z) in zip(p.components, z.components) { p.copy(from: z) }
        // Round-off in r (which tends to grad p) keeps r . z from falling further.
        func isRoundOff() -> Bool { abs(rz) <= 1e-10 * reference && abs(rz) <= 4 * Double.ulpOfOne * device.dot(r, r, sums) }
        while !(abs(rz) <= tolerance * tolerance * reference || isRoundOff()) {
            guard iterations < maximumIterations else { return report(false) }
            iterations += 1
            let pq = apply(q, p)
            guard pq > 0, rz > 0, pq.isFinite else { return report(false) }
            let alpha = rz / pq
            reference += alpha * rz
            for (((u, r), p), q) in zip(zip(zip(velocity.components, r.components), p.components), q.components) {
                device.combine(u, 1, u, alpha, p)
                device.combine(r, 1, r, -alpha, q)
            }
            preconditioner.apply(z, r)
            let next = device.dot(r, z, sums)
            for (p, z) in zip(p.components, z.components) { device.combine(p, next / rz, p, 1, z) }
            p.wrap()
            rz = next
        }
        return report(true)
    }

    @discardableResult
    private func apply(_ f: VectorField<Double>, _ u: VectorField<Double>) -> Double {
        device.forRows(u.layout) { device.kernels.applyBrinkman(f.cells, u.cells, drag.cells, wall: wallRow, sums.values, u.layout, $0) }
        return sums.total()
    }
}
