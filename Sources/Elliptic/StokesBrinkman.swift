public import Grids
public import Spectral

/// Slow flow with drag: -lap u + drag u + grad p = f, div u = 0, between walls at both ends of y, periodic along x and z.
///
/// Staggered grid, spacing 1: velocities u (m/s) on faces, drag = alpha dx^2/mu, f = force density dx^2/mu. Conjugate gradients in the space of
/// discretely divergence-free fields, preconditioned by the exact solution without drag: lateral Fourier modes, one pentadiagonal solve
/// along y per mode. The flow is divergence-free to round-off at any tolerance. Only the solenoidal part of the force drives flow: its gradient
/// part is projected out first, so a pure gradient gives exactly 0. About 0.35 sqrt(drag_max N^2) iterations to 1e-6.
public final class StokesBrinkman<T: FFTReal>: @unchecked Sendable {
    /// Lateral ends: `closed` has no net lateral flow (a mean pressure gradient opposes it), `open` lets a uniform force drive one.
    public enum Ends: String, Sendable, CaseIterable { case closed, open }
    /// No slip, or a plane of symmetry.
    public enum Walls: String, Sendable, CaseIterable { case noSlip, slip }

    public let grid: Grid
    public let device: Device
    public let ends: Ends, walls: Walls
    /// alpha dx^2/mu on faces; see `setDrag`.
    public let drag: VectorField<T>
    /// u (m/s): the start of the next solve (divergence-free) and its result.
    public let velocity: VectorField<T>

    private let transform: LateralTransform<T>
    private let projection: StaggeredTransform<T>
    private let spectra: [Field<T>], factors: [Field<T>]
    private let f: VectorField<T>, r: VectorField<T>, z: VectorField<T>, p: VectorField<T>, q: VectorField<T>
    private let sums: RowSums
    private let unit: Grid
    /// The flow that a unit lateral force drives, by y, and its sum.
    private var channel: [Double] = [], channelSum = 0.0

    /// - Throws: `SpectralError.noPlan`.
    public init(_ grid: Grid, ends: Ends = .closed, walls: Walls = .noSlip, device: Device, effort: PlannerEffort = .measure) throws {
        (self.grid, self.ends, self.walls, self.device) = (grid, ends, walls, device)
        unit = Grid(nx: grid.nx, ny: grid.ny, nz: grid.nz, spacing: 1, x: grid.x, y: grid.y, z: grid.z)
        transform = try LateralTransform(unit, device: device, effort: effort)
        projection = try StaggeredTransform(unit, device: device, effort: effort)
        spectra = (0..<grid.dimensions).map { [modes = transform.modes] _ in Field<T>(modes) }
        factors = (0..<4).map { [modes = transform.modes] _ in Field<T>(modes) }
        (drag, velocity) = (VectorField(unit), VectorField(unit))
        (f, r, z, p, q) = (VectorField(unit), VectorField(unit), VectorField(unit), VectorField(unit), VectorField(unit))
        sums = RowSums(unit)
        factor()
    }

    private var wallRow: T { walls == .noSlip ? 3 : 1 }
    private var factorCells: StokesFactors<T> {
        StokesFactors(inverse: factors[0].cells, first: factors[1].cells, second: factors[2].cells, transverse: factors[3].cells)
    }

    private func factor() {
        // Between slip walls drag alone holds a uniform flow.
        let floor = walls == .slip ? max(1e-3 / Double(grid.ny * grid.ny), meanDrag) : 0
        transform.forModes { columns, planes in
            device.kernels.factorStokes(factorCells, transform.symbols, wall: wallRow, floor: T(floor), transform.modes.layout(T.self),
                                        columns: columns, planes: planes)
        }
        // The uniform mode's tridiagonal system for a unit force, as the kernel solves it.
        let pivots = (0..<grid.ny).map { Double(factors[3][0, $0]) }
        channel = [Double](repeating: 1, count: grid.ny)
        for j in 1..<max(1, grid.ny) { channel[j] += pivots[j - 1] * channel[j - 1] }
        for j in stride(from: grid.ny - 1, through: 0, by: -1) { channel[j] = pivots[j] * (channel[j] + (j + 1 < grid.ny ? channel[j + 1] : 0)) }
        channelSum = channel.reduce(0, +)
    }

    private var meanDrag: Double { device.sum(drag.x, sums) / Double(grid.cells) }

    /// Takes alpha dx^2/mu from cell centres (ghosts filled); faces get the mean of two cells.
    public func setDrag(_ alpha: Field<T>) {
        device.forRows(alpha.layout) { device.kernels.faceMeans(drag.cells, alpha.cells, alpha.layout, $0) }
        drag.fillGhosts()
        if walls == .slip { factor() }
    }

    /// Solves for the flow that a force density (times dx^2/mu, on faces, m/s) drives, until the error of the dissipation's norm falls by `tolerance`.
    public func solve(_ force: VectorField<T>, tolerance: Double, maximumIterations: Int = 2000) -> SolveReport {
        let size = device.dot(force, force, sums).squareRoot()
        f.copyCells(from: force)
        project(f)
        let driving = device.dot(f, f, sums).squareRoot()
        // What round-off leaves of a gradient is no force.
        if !(driving > 64 * Double(T.ulpOfOne) * size) && !size.isNaN {
            velocity.fill(0)
            return SolveReport(iterations: 0, residual: 0, converged: true)
        }
        velocity.fillGhosts()
        // r = f - A u; the reference is the residual's norm at rest.
        precondition(z, f)
        let reference = device.dot(f, z, sums)
        apply(q, velocity)
        for (r, (f, q)) in zip(r.components, zip(f.components, q.components)) { combine(r, 1, f, -1, q) }
        precondition(z, r)
        var rz = device.dot(r, z, sums), iterations = 0
        func report(_ converged: Bool) -> SolveReport {
            velocity.fillGhosts()
            return SolveReport(iterations: iterations, residual: (abs(rz) / reference).squareRoot(), converged: converged)
        }
        for (p, z) in zip(p.components, z.components) { p.copy(from: z) }
        // Round-off in r (which tends to grad p) keeps r . z from falling further.
        func floor() -> Double { 4 * Double(T.ulpOfOne) * device.dot(r, r, sums) }
        while !(abs(rz) <= max(tolerance * tolerance * reference, floor())) {
            guard iterations < maximumIterations else { return report(false) }
            iterations += 1
            let pq = apply(q, p)
            guard pq > 0, rz > 0, pq.isFinite else { return report(false) }
            let alpha = rz / pq
            for (((u, r), p), q) in zip(zip(zip(velocity.components, r.components), p.components), q.components) {
                combine(u, 1, u, alpha, p)
                combine(r, 1, r, -alpha, q)
            }
            precondition(z, r)
            let next = device.dot(r, z, sums)
            for (p, z) in zip(p.components, z.components) { combine(p, next / rz, p, 1, z) }
            p.wrap()
            rz = next
        }
        return report(true)
    }

    /// The solenoidal part of a force in place, without its lateral mean when the ends are closed.
    private func project(_ v: VectorField<T>) {
        v.clearWall()
        projection.project(v)
        guard ends == .closed else { return }
        for c in [v.x] + (v.z.map { [$0] } ?? []) {
            let mean = device.sum(c, sums) / Double(grid.cells)
            device.forRows(c.layout) { device.kernels.shift(c.cells, T(-mean), c.layout, $0) }
        }
    }

    private func combine(_ z: Field<T>, _ a: Double, _ x: Field<T>, _ b: Double, _ y: Field<T>) {
        device.forRows(z.layout) { device.kernels.combine(z.cells, T(a), x.cells, T(b), y.cells, z.layout, $0) }
    }

    @discardableResult
    private func apply(_ f: VectorField<T>, _ u: VectorField<T>) -> Double {
        device.forRows(u.layout) { device.kernels.applyBrinkman(f.cells, u.cells, drag.cells, wall: wallRow, sums.values, u.layout, $0) }
        return sums.total()
    }

    /// z = the flow that r would drive without drag; ghosts filled.
    private func precondition(_ z: VectorField<T>, _ r: VectorField<T>) {
        for (r, s) in zip(r.components, spectra) { transform.forward(r, into: s) }
        let cells = VectorCells(x: spectra[0].cells, y: spectra[1].cells, z: spectra.count > 2 ? spectra[2].cells : nil)
        transform.forModes { columns, planes in
            device.kernels.solveStokes(cells, factorCells, transform.symbols, scale: T(transform.normalisation), spectra[0].layout,
                                       columns: columns, planes: planes)
        }
        if ends == .closed { for (a, s) in spectra.enumerated() where a != 1 { closeFlow(s) } }
        for (z, s) in zip(z.components, spectra) { transform.inverse(into: z, from: s) }
        z.clearWall()
    }

    /// Takes out the net lateral flow of the uniform mode by a mean pressure gradient.
    private func closeFlow(_ s: Field<T>) {
        var net = 0.0
        for j in 0..<grid.ny { net += Double(s[0, j]) }
        for j in 0..<grid.ny { s[0, j] -= T(net / channelSum * channel[j]) }
    }
}
