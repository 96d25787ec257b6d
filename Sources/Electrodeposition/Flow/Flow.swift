import Elliptic
import Glibc
import Grids
import Spectral

/// Slow flow of the electrolyte through and around the deposit, driven by magnetic forces.
///
/// The drag alpha = C mu h(xi)/l^2 puts the no-slip surface at xi = 1/2 (C calibrated by l/dx). The flow is solved anew when the surface has travelled
/// `interval` cells or the current has changed by `refresh`, and lags in between; it starts from the flow before it, extrapolated in travel.
final class Flow<T: FFTReal> {
    let settings: FlowSettings
    private let stokes: StokesBrinkman
    private let outOfPlane: OutOfPlaneFlow?
    let advection: Advection<T>?
    private let force: MagneticForce<T>
    private let faces: VectorField<Double>, previous: VectorField<Double>
    private let drag: Field<Double>, scaledForce: Field<Double>
    private let work: Workspace<T>
    private let halfWidth: Double
    private var travel = 0.0, lastTravel = 0.0, current = 0.0, solves = 0
    /// Solver iterations since the start.
    private(set) var iterations = 0
    /// Largest speed, m/s.
    private(set) var fastest = 0.0

    init(_ f: FlowSettings, _ magnetics: MagneticsSettings, _ settings: SimulationSettings, _ work: Workspace<T>, effort: PlannerEffort) throws {
        (self.settings, self.work) = (f, work)
        let grid = work.grid
        stokes = try StokesBrinkman(grid, ends: f.ends == .open ? .open : .closed, device: work.device, effort: effort)
        outOfPlane = grid.dimensions == 2 ? OutOfPlaneFlow(grid, isClosed: f.ends == .closed, multigrid: work.multigrid) : nil
        advection = f.advection ? Advection(grid, device: work.device) : nil
        force = MagneticForce(magnetics, isClosed: f.ends == .closed, work)
        (faces, previous) = (VectorField(grid), VectorField(stokes.velocity.grid))
        drag = Field(grid)
        scaledForce = Field(grid)
        halfWidth = settings.interface.halfWidth
    }

    var solver: String { stokes.method.rawValue }
    /// u on faces, m/s.
    var velocity: VectorField<Double> { stokes.velocity }
    /// u_z of a 2D cell at centres, m/s.
    var outOfPlaneVelocity: Field<Double>? { outOfPlane?.velocity }

    /// Of the last solve at centres along x, y and z, N/m^3.
    var forceDensity: [Field<Double>] { force.density }

    /// Books travel of the surface (m); whether a solve is due at this current density (A/m^2).
    func isDue(after step: Double, current now: Double) -> Bool {
        travel += step
        return travel >= settings.interval * work.grid.spacing || abs(now - current) > settings.refresh * max(abs(now), abs(current))
    }

    /// C of alpha = C mu h/l^2, linear in log2(l/dx) between the values found for 1/2, 1, 2 and 4.
    static func dragFactor(_ ratio: Double) -> Double {
        let values = [2.27, 1.98, 1.93, 1.91], x = min(max(log2(ratio) + 1, 0), 3), n = min(Int(x), 2), t = x - Double(n)
        return values[n] * (1 - t) + values[n + 1] * t
    }

    /// Solves for the flow of a surface, potential and concentration as they are.
    /// - Throws: when the solve does not converge; the flow before it stays in use.
    func update(_ xi: Field<T>, _ charge: Charge<T>, concentration c: Field<T>, wall: Field<T>, _ magnetics: Magnetics<T>, current now: Double)
        throws(StepFailure)
    {
        let grid = work.grid, scale = grid.spacing * grid.spacing / settings.viscosity, ratio = halfWidth / grid.spacing
        force.evaluate(xi, charge, concentration: c, wall: wall, magnetics)
        work.forRows { FlowLoops.drag(drag.cells, drag.layout, xi.cells, factor: Flow.dragFactor(ratio) / (ratio * ratio), work.layout, $0) }
        drag.fillGhosts()
        stokes.setDrag(drag)
        force.place(on: faces, factor: scale)
        extrapolate()
        let report = stokes.solve(faces, tolerance: settings.tolerance)
        iterations += report.iterations
        // A force that is all but a gradient leaves a flow at the level of round-off, where no tolerance below 1e-6 is met.
        guard report.converged || report.residual < 1e-6 else { throw .notConverged(equation: "flow", residual: report.residual) }
        if let outOfPlane {
            work.forRows { work.kernels.combine(scaledForce.cells, scale, force.density[2].cells, 0, scaledForce.layout, $0) }
            let report = outOfPlane.solve(force: scaledForce, drag: drag, tolerance: settings.tolerance)
            iterations += report.iterations
            guard report.converged else { throw .notConverged(equation: "flow out of the plane", residual: report.residual) }
        }
        (lastTravel, travel, current) = (travel, 0, now)
        solves += 1
        let u = velocity.cells
        work.forRows {
            FlowLoops.speed(u, outOfPlane.map { UnsafePointer($0.velocity.cells) }, rowMaxima: work.sums.values, velocity.layout, $0)
        }
        fastest = work.sums.maximum()
    }

    /// Hands the velocity to the salt; before a step.
    func prepare() { advection?.set(velocity, fastest: fastest) }

    /// A start without divergence, linear in the travel of the surface; the flow before is kept for the next time.
    private func extrapolate() {
        let e = extrapolationRatio(travel, lastTravel, solves: solves), kernels = work.kernels
        for a in 0..<previous.components.count {
            let u = velocity.components[a], old = previous.components[a]
            work.forRows { kernels.combine(old.cells, 1, u.cells, -1, u.layout, $0) }
            work.forRows { kernels.combine(u.cells, e, old.cells, 1, u.layout, $0) }
            work.forRows { kernels.combine(old.cells, 1, u.cells, -e, u.layout, $0) }
        }
    }

    var state: [StateItem] {
        let fields = velocity.components.enumerated().map { ("velocity.\($0)", $1) } + previous.components.enumerated().map { ("previous.\($0)", $1) }
            + (outOfPlane.map { [("outOfPlane", $0.velocity), ("response", $0.response)] } ?? [])
        let numbers: [(String, ReferenceWritableKeyPath<Flow, Double>)] = [
            ("travel", \.travel), ("lastTravel", \.lastTravel), ("current", \.current), ("fastest", \.fastest),
        ]
        return fields.map { .field("flow." + $0, $1) }
            + numbers.map { name, path in .number(name: "flow." + name, get: { self[keyPath: path] }, set: { self[keyPath: path] = $0 }) } + [
                .number(name: "flow.solves", get: { Double(self.solves) }, set: { self.solves = Int($0) }),
                .number(name: "flow.iterations", get: { Double(self.iterations) }, set: { self.iterations = Int($0) }),
            ]
    }
}

private enum FlowLoops {
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func drag<T: Real>(_ alpha: UnsafeMutablePointer<Double>, _ to: Layout, _ xi: UnsafePointer<T>, factor: Double, _ layout: Layout,
                              _ rows: Range<Int>) {
        for row in rows {
            let o = layout.offset(row: row), t = to.offset(row: row)
            for i in 0..<layout.nx { alpha[t + i] = factor * ElasticMixture.share(Double(xi[o + i])) }
        }
    }

    /// Speed at the centre of the cells.
    static func speed(_ u: VectorCells<Double>, _ outOfPlane: UnsafePointer<Double>?, rowMaxima: UnsafeMutablePointer<Double>, _ layout: Layout,
                      _ rows: Range<Int>) {
        let ny = layout.ny, nz = layout.nz
        for row in rows {
            let j = row % ny, o = layout.offset(row: row), above = layout.offset(row: j < ny - 1 ? row + 1 : row), open: Double = j < ny - 1 ? 1 : 0
            let front = layout.offset(row: j + ny * ((row / ny + 1) % nz))
            var most = 0.0
            for i in 0..<layout.nx {
                let x = 0.5 * (u.x[o + i] + u.x[o + i + 1]), y = 0.5 * (u.y[o + i] + open * u.y[above + i])
                let z = u.z.map { 0.5 * ($0[o + i] + $0[front + i]) } ?? outOfPlane.map { $0[o + i] } ?? 0
                most = max(most, x * x + y * y + z * z)
            }
            rowMaxima[row] = most.squareRoot()
        }
    }
}
