import Grids
import Spectral

/// The part of a staggered vector without divergence, v - G (G^T G)^-1 G^T v, by one scalar transform pair; the lateral mean is kept, or taken out
/// where no net flow is allowed. Spacing 1.
final class SolenoidalProjection: @unchecked Sendable {
    private let device: Device
    private let solver: HelmholtzSolver<Double>
    private let p: Field<Double>
    private let sums: RowSums
    private let isClosed: Bool

    init(_ grid: Grid, isClosed: Bool, device: Device, effort: PlannerEffort) throws {
        (self.device, self.isClosed) = (device, isClosed)
        solver = HelmholtzSolver(try Transform<Double>(grid, Boundaries(grid), device: device, effort: effort), .finiteDifference)
        p = Field(grid)
        sums = RowSums(grid)
    }

    /// Replaces v, whose ghosts and wall faces are set on the way.
    func project(_ v: VectorField<Double>) {
        v.clearWall()
        v.wrap()
        device.forRows(p.layout) { device.kernels.staggeredSources(p.cells, v.cells, nil, p.layout, $0) }
        solver.solve(p, a: 0, b: 1)
        device.forRows(p.layout) { device.kernels.subtractGradient(v.cells, p.cells, nil, p.layout, $0) }
        guard isClosed else { return }
        for c in v.lateral {
            let mean = device.sum(c, sums) / Double(c.grid.cells)
            device.forRows(c.layout) { device.kernels.shift(c.cells, -mean, c.layout, $0) }
            c.wrapGhosts()
        }
    }
}
