public import Grids
public import Spectral

/// J2 (von Mises) plasticity without hardening: the stress deviator is returned radially to the yield surface, step by step.
///
/// The plastic strain is carried as the eigenstress 2 mu e_p (Pa) at centres (deviatoric) and on edges, where the shear is scaled back by the mean factor of
/// the four cells around. A step is a fixed point: elastic solve, return from the plastic strain at the beginning of the step, until
/// it stands still. It has no answer beyond the limit load of a body under prescribed stress.
public final class Plasticity<T: FFTReal>: @unchecked Sendable {
    /// Yield stress (Pa) at cell centres; infinite where the body stays elastic.
    public let yieldStress: Field<T>
    /// 2 mu e_p at the end of the last step (Pa).
    public let plasticStress: TensorField<T>
    private let beginning: TensorField<T>, growth: TensorField<T>
    private let excess: Field<T>
    private let sums: RowSums

    /// How a plastic step ended.
    public struct Report: Sendable {
        /// Elastic solves, and the iterations of all of them.
        public var passes: Int, iterations: Int
        /// Last change of the plastic stress over the stress, both root mean squares.
        public var change: Double
        public var converged: Bool
    }

    public init(_ grid: Grid) {
        yieldStress = Field(grid)
        yieldStress.fill(.infinity)
        plasticStress = TensorField(grid)
        beginning = TensorField(grid)
        growth = TensorField(grid)
        excess = Field(grid)
        sums = RowSums(grid)
    }

    /// One step of the body's load and growth (its `eigenstress`, which is left as it was). The stress is that of `body.stress`.
    public func step(_ body: Elasticity<T>, _ loading: Elasticity<T>.Loading = .init(), tolerance: Double, maximumPasses: Int = 100) -> Report {
        let device = body.device, kernels = device.kernels, layout = excess.layout
        beginning.copy(from: plasticStress)
        growth.copy(from: body.eigenstress)
        defer { body.eigenstress.copy(from: growth) }
        var report = Report(passes: 0, iterations: 0, change: .infinity, converged: false)
        while report.passes < maximumPasses {
            for a in 0..<growth.components.count {
                let s = body.eigenstress.components[a], g = growth.components[a], p = plasticStress.components[a]
                device.forRows(layout) { kernels.combine(s.cells, 1, g.cells, 1, p.cells, layout, $0) }
            }
            // A solve that is too loose to move would leave the plastic stress where it is, which is not convergence.
            let inner = max(0.1 * tolerance, min(1e-2, 0.01 * report.change))
            let solve = body.solve(loading, tolerance: inner)
            report.passes += 1
            report.iterations += solve.iterations
            guard solve.converged else { return report }
            var size = 0.0
            for a in 0..<growth.components.count { size += device.dot(body.stress.components[a], body.stress.components[a], sums) }
            device.forRows(layout) { kernels.trialStress(body.stress.cells, plasticStress.cells, beginning.cells, layout, $0) }
            device.forRows(layout) { kernels.yieldExcess(excess.cells, body.stress.cells, yieldStress.cells, layout, $0) }
            device.forRows(layout) {
                kernels.radialReturn(plasticStress.cells, beginning.cells, body.stress.cells, excess.cells, sums.values, layout, $0)
            }
            report.change = size > 0 ? (sums.total() / size).squareRoot() : 0
            // The stress that belongs to the returned strain: trial minus what was returned.
            device.forRows(layout) { kernels.trialStress(body.stress.cells, beginning.cells, plasticStress.cells, layout, $0) }
            if report.change <= tolerance && inner <= tolerance {
                report.converged = true
                return report
            }
        }
        return report
    }
}
