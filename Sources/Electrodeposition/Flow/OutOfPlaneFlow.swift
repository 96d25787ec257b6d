import Elliptic
import Grids
import Spectral

/// Flow out of the plane of a 2D cell, driven by in-plane B: mu lap u_z - alpha u_z + f_z - dp/dz = 0, u_z = 0 on both walls.
///
/// u_z carries nothing, for nothing changes along z; it is part of the speed that a run reports. Closed ends: dp/dz takes out the net flow.
final class OutOfPlaneFlow {
    /// u_z at cell centres, m/s, and the flow that a unit force drives.
    let velocity: Field<Double>, response: Field<Double>
    private let unit: Field<Double>
    private let equation: EllipticOperator<Double>
    private let multigrid: Multigrid
    private let solver: ConjugateGradient<Double>
    private let sums: RowSums
    private let isClosed: Bool

    init(_ grid: Grid, isClosed: Bool, multigrid: Multigrid) {
        let unitGrid = Grid(nx: grid.nx, ny: grid.ny, spacing: 1, x: grid.x, y: grid.y)
        (velocity, response, unit) = (Field(unitGrid), Field(unitGrid), Field(unitGrid))
        equation = EllipticOperator(unitGrid)
        (self.multigrid, self.isClosed) = (multigrid, isClosed)
        solver = ConjugateGradient(unitGrid, multigrid: multigrid)
        sums = RowSums(unitGrid)
        unit.fill(1)
        equation.x.fill(1)
        for j in 1..<grid.ny { for i in 0..<grid.nx { equation.y[i, j] = 1 } }
        equation.closeFaces()
    }

    /// - Parameters:
    ///   - force: f_z dx^2/mu, m/s.
    ///   - drag: alpha dx^2/mu.
    func solve(force: Field<Double>, drag: Field<Double>, tolerance: Double) -> SolveReport {
        let grid = velocity.grid
        for row in 0..<grid.rows {
            // A wall lies half a spacing from the centres.
            let wall: Double = (row == 0 ? 2 : 0) + (row == grid.ny - 1 ? 2 : 0), s = equation.s.row(row), alpha = drag.row(row)
            for i in 0..<grid.nx { s[i] = alpha[i] + wall }
        }
        multigrid.setUp(equation)
        var report = solver.solve(equation, force, velocity, tolerance: tolerance)
        guard isClosed, report.converged else { return report }
        let other = solver.solve(equation, unit, response, tolerance: tolerance)
        report.iterations += other.iterations
        guard other.converged else { return other }
        let device = solver.device, net = device.sum(velocity, sums), channel = device.sum(response, sums)
        device.forRows(velocity.layout) { device.kernels.combine(velocity.cells, -net / channel, response.cells, 1, velocity.layout, $0) }
        velocity.fillGhosts()
        return report
    }
}
