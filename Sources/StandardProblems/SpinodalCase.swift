import Glibc
public import Grids
import Kernels
import Spectral

/// Benchmarks 1a, 1b and 6a: spinodal decomposition, periodic, with walls, and with an electric potential.
///
/// The full run repeats the problem with half the step and on a finer grid and asks for the same free energy within 0.3 %.
public struct SpinodalCase: ValidationCase {
    public let name: String, title: String
    public let source = "PFHub benchmarks 1 and 6 (pages.nist.gov/pfhub); Jokisaari et al., Comput. Mater. Sci. 126, 139 (2017)"
    /// Cells per edge, error per step and end of the run that answers the problem; of the fast one.
    let cells: Int, tolerance: Double, end: Double, fastEnd: Double
    let edge: Double, topology: Grid.Topology, charged: Bool
    /// Cells of the refined run; most pairs allowed for the run that answers.
    let refinedCells: Int, pairLimit: Double?

    public static let periodic = SpinodalCase(
        name: "pfhub-1a", title: "Spinodal decomposition, periodic, to t = 10 000", cells: 256, tolerance: 5e-6, end: 10_000, fastEnd: 20,
        edge: 200, topology: .periodic, charged: false, refinedCells: 384, pairLimit: 120_000)
    public static let walled = SpinodalCase(
        name: "pfhub-1b", title: "Spinodal decomposition, no flux, to t = 20 000", cells: 200, tolerance: 2e-5, end: 20_000, fastEnd: 20,
        edge: 200, topology: .bounded, charged: false, refinedCells: 256, pairLimit: nil)
    public static let charged = SpinodalCase(
        name: "pfhub-6a", title: "Spinodal decomposition of a charged species with an electric potential, to t = 400", cells: 128,
        tolerance: 1e-4, end: 400, fastEnd: 400, edge: 100, topology: .bounded, charged: true, refinedCells: 192, pairLimit: 40_000)

    public func run(_ extent: ValidationExtent, device: Device) throws -> ValidationResult {
        let end = end(extent)
        var result = try answer(extent, device: device)
        let finalEnergy = result.curves[0].rows[result.curves[0].rows.count - 1][1]
        // The error per step goes as the step to the power 1.5 to 2 here, so a third of the tolerance halves the step.
        let finer = try solve(cells: cells, tolerance: tolerance / 3, to: end, device: device)
        result.costs.append(finer.cost)
        result.checks.append(.relative("free energy at t = \(Int(end)), against half the step", expected: finer.finalEnergy,
                                       got: finalEnergy, tolerance: 3e-3))
        if extent == .full {
            let refined = try solve(cells: refinedCells, tolerance: tolerance, to: end, device: device)
            result.costs.append(refined.cost)
            result.checks.append(.relative("free energy at t = \(Int(end)), against \(refinedCells) x \(refinedCells) cells",
                                           expected: refined.finalEnergy, got: finalEnergy, tolerance: 3e-3))
        }
        return result
    }

    /// The run that answers the problem, with its laws.
    public func answer(_ extent: ValidationExtent, device: Device) throws -> ValidationResult {
        let answer = try solve(cells: cells, tolerance: tolerance, to: end(extent), device: device)
        var result = ValidationResult()
        result.costs.append(answer.cost)
        result.curves.append(Curve("free_energy", columns: ["time", "free_energy"], rows: answer.energies))
        result.checks.append(.atMost("largest relative rise of the energy that may only fall", 1e-12, got: answer.largestRise))
        result.checks.append(.atMost("relative mass drift", 1e-12, got: answer.massDrift))
        result.curves += answer.cuts
        if let residual = answer.poissonResidual { result.checks.append(.atMost("Poisson residual over its source", 1e-3, got: residual)) }
        if extent == .full, device.pool.count == 1, let pairLimit {
            result.checks.append(.atMost("cost in FFTW pairs, one thread", pairLimit, got: answer.cost.pairs))
        }
        return result
    }

    private func end(_ extent: ValidationExtent) -> Double { extent == .full ? end : fastEnd }

    struct Answer {
        var energies: [[Double]]
        var largestRise: Double, massDrift: Double
        var cost: Cost
        var cuts: [Curve] = []
        var poissonResidual: Double?
        var finalEnergy: Double { energies[energies.count - 1][1] }
    }

    func solve(cells n: Int, tolerance: Double, to end: Double, device: Device) throws -> Answer {
        let model = try CahnHilliard(n: n, edge: edge, topology: topology, withWallPotential: charged, device: device)
        let integrator = AdaptiveIntegrator(model, tolerance: tolerance, firstStep: 0.01)
        try setInitialState(model, integrator, device)
        let mass = integrator.state[0, 0], watch = Stopwatch()
        try integrator.advance(to: end)
        let cost = try Cost("\(n) x \(n), error per step \(tolerance), to t = \(Int(end))", grid: model.transform.grid,
                            steps: integrator.steps, rejected: integrator.rejected, threads: device.pool.count, watch: watch,
                            planningSeconds: model.transform.planningTime)
        model.evaluate(integrator.state, time: integrator.time, stage: 0, into: Field(model.transform.modes))
        // The mean of the cells, not the mode that cannot change.
        let u = Field<Double>(model.transform.grid)
        integrator.cells(into: u)
        let drift = abs(device.sum(u, RowSums(u.grid)) / Double(u.grid.cells) / mass - 1)
        var rise = 0.0
        for (a, b) in zip(model.energies, model.energies.dropFirst()) { rise = max(rise, (b.falling - a.falling) / abs(a.falling)) }
        var answer = Answer(energies: model.energies.map { [$0.time, $0.free] }, largestRise: rise, massDrift: drift, cost: cost)
        if let potential = model.wallPotential {
            answer.cuts = cuts(integrator.state, potential)
            answer.poissonResidual = poissonResidual(integrator.state, potential)
        }
        return answer
    }

    /// Benchmark 1a samples the corners x = i dx of 256 x 256 cells (the function is not periodic: finer grids take the Fourier interpolant
    /// of that sample); the others sample cell centres.
    private func setInitialState(_ model: CahnHilliard, _ integrator: AdaptiveIntegrator, _ device: Device) throws {
        let function = CahnHilliard.initialConcentration(amplitude: charged ? 0.04 : 0.01, k: charged ? 0.2 : 0.105)
        guard topology == .periodic else {
            let u = Field<Double>(model.transform.grid)
            u.set { x, y, _ in function(x, y) }
            return integrator.start(from: u)
        }
        let n = 256, h = edge / Double(n), grid = Grid(nx: n, ny: n, spacing: h, x: .periodic, y: .periodic), u = Field<Double>(grid)
        for j in 0..<n { for i in 0..<n { u[i, j] = function(Double(i) * h, Double(j) * h) } }
        let sample = try Transform<Double>(grid, Boundaries(grid), device: device, effort: .estimate)
        sample.forward(u)
        integrator.start(fromModes: Self.interpolated(sample.spectrum, from: n, normalisation: sample.normalisation,
                                                      to: model.transform.modes))
    }

    /// The modes of the same trigonometric polynomial on a grid of at least as many cells.
    private static func interpolated(_ from: Field<Double>, from n: Int, normalisation: Double, to modes: Grid) -> Field<Double> {
        let to = Field<Double>(modes), half = n / 2
        precondition(modes.ny >= n)
        for q in -half...half {
            for m in 0...half {
                // A mode at the sample's Nyquist wavenumber stands for both signs.
                var weight = normalisation
                if modes.ny > n {
                    if abs(q) == half { weight /= 2 }
                    if m == half { weight /= 2 }
                } else if q == half { continue }
                let source = (q + n) % n, row = (q + modes.ny) % modes.ny
                for part in 0..<2 { to[2 * m + part, row] += weight * from[2 * m + part, source] }
            }
        }
        return to
    }

    /// c and Phi on the planes x = 50 and y = 50.
    private func cuts(_ modes: Field<Double>, _ potential: WallPotential) -> [Curve] {
        let points = (0...100).map { Double($0) * edge / 100 }, middle = edge / 2
        return [Curve("x_cut", columns: ["y", "concentration", "potential"],
                      rows: points.map { [$0, concentration(modes, middle, $0), potential.value(x: middle, y: $0, concentration: modes)] }),
                Curve("y_cut", columns: ["x", "concentration", "potential"],
                      rows: points.map { [$0, concentration(modes, $0, middle), potential.value(x: $0, y: middle, concentration: modes)] })]
    }

    /// The cosine series of c at a point.
    private func concentration(_ modes: Field<Double>, _ x: Double, _ y: Double) -> Double {
        var sum = 0.0
        for q in 0..<modes.grid.ny {
            var row = 0.0
            for p in 0..<modes.grid.nx { row += (p == 0 ? 1 : 2) * modes[p, q] * cos(.pi * Double(p) * x / edge) }
            sum += (q == 0 ? 1 : 2) * row * cos(.pi * Double(q) * y / edge)
        }
        return sum
    }

    /// |lap Phi + k c / eps| by differences over 0.1 at some points, relative to the mean source.
    private func poissonResidual(_ modes: Field<Double>, _ potential: WallPotential) -> Double {
        let d = 0.1, ratio = WallPotential.k / WallPotential.permittivity
        var worst = 0.0
        for (x, y) in [(20.0, 30.0), (50, 50), (77, 12), (90, 85)] {
            func phi(_ dx: Double, _ dy: Double) -> Double { potential.value(x: x + dx, y: y + dy, concentration: modes) }
            let laplacian = (phi(d, 0) + phi(-d, 0) + phi(0, d) + phi(0, -d) - 4 * phi(0, 0)) / (d * d)
            worst = max(worst, abs(laplacian + ratio * concentration(modes, x, y)) / (ratio * 0.5))
        }
        return worst
    }
}
