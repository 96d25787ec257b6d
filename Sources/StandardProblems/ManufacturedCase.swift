import Glibc
public import Grids
import Kernels
import Spectral

/// Benchmarks 7a, 7b and 7c: an Allen-Cahn front with a manufactured solution, by finite volumes and in Fourier and sine modes.
public struct ManufacturedCase: ValidationCase {
    public let name: String, title: String
    public let source = "PFHub benchmark 7 (pages.nist.gov/pfhub)"
    let front: ManufacturedAllenCahn.Front
    /// Cells along x of the finite-volume runs, with the published L2 error where there is one.
    let runs: [(n: Int, published: Double?)]
    /// Cells along x of the spectral run, its error per step, and how much smaller than the finite-volume error on this grid its error is.
    let spectralCells: Int, spectralTolerance: Double, spectralGain: Double
    public var isFast: Bool { runs[0].published != nil }

    public static let a = ManufacturedCase(
        name: "pfhub-7a", title: "Allen-Cahn front with a manufactured solution, kappa = 4e-4", front: .init(),
        runs: [(100, 6.75e-3), (200, 1.39e-3), (400, 3.37e-4)], spectralCells: 400, spectralTolerance: 1e-7, spectralGain: 100)
    public static let b = ManufacturedCase(
        name: "pfhub-7b", title: "The same with a front 16 times thinner, kappa = 1.5625e-6", front: .init(kappa: 1.5625e-6),
        runs: [(2000, nil), (3000, nil), (4000, nil)], spectralCells: 2000, spectralTolerance: 1e-7, spectralGain: 10)
    public static let c = ManufacturedCase(
        name: "pfhub-7c", title: "The thin front, moving faster: C2 = 0.5", front: .init(kappa: 1.5625e-6, c2: 0.5),
        runs: [(2000, nil), (3000, nil), (4000, nil)], spectralCells: 2000, spectralTolerance: 1e-7, spectralGain: 10)

    public func run(_ extent: ValidationExtent, device: Device) throws -> ValidationResult {
        var result = ValidationResult()
        var curve = Curve("l2_error", columns: ["mesh_size", "L2_error"]), last = 0.0, sameGrid = Double.nan
        for (i, run) in runs.enumerated() {
            let answer = try solve(n: run.n, .finiteDifference, device)
            result.costs.append(answer.cost)
            curve.rows.append([1 / Double(run.n), answer.error])
            if let published = run.published {
                result.checks.append(.relative("L2 error at h = \(1 / Double(run.n)), finite volumes", expected: published,
                                               got: answer.error, tolerance: 0.01))
            }
            if i == runs.count - 1 {
                let ratio = Double(run.n) / Double(runs[i - 1].n)
                result.checks.append(.absolute("order in h of the finite volumes, the two finest grids", expected: 2,
                                               got: log(last / answer.error) / log(ratio),
                                               tolerance: runs[0].published == nil ? 0.2 : 0.1))
            }
            last = answer.error
            if run.n == spectralCells { sameGrid = last }
        }
        result.curves.append(curve)
        let spectral = try solve(n: spectralCells, .spectral, device)
        result.costs.append(spectral.cost)
        result.checks.append(.atMost("L2 error at h = \(1 / Double(spectralCells)), spectral, over that of finite volumes on this grid",
                                     1 / spectralGain, got: spectral.error / sameGrid))
        if runs[0].published != nil {
            result.checks.append(.absolute("order in the time step", expected: 3, got: try orderInTime(device), tolerance: 0.3))
        }
        return result
    }

    private func solve(n: Int, _ laplacian: Laplacian, _ device: Device) throws -> (error: Double, cost: Cost) {
        let model = try ManufacturedAllenCahn(n: n, front, laplacian, device: device)
        let watch = Stopwatch()
        let (error, integrator) = try model.solve(to: 8, tolerance: laplacian == .spectral ? spectralTolerance : 1e-6, firstStep: 0.01)
        let cost = try Cost("h = \(1 / Double(n)), \(laplacian)", grid: model.grid, steps: integrator.steps, rejected: integrator.rejected,
                            threads: device.pool.count, watch: watch, planningSeconds: model.transform.planningTime)
        return (error, cost)
    }

    /// From three runs with the steps 1/25, 1/50, 1/100 to t = 4 on one grid.
    private func orderInTime(_ device: Device) throws -> Double {
        let model = try ManufacturedAllenCahn(n: 100, front, .spectral, device: device)
        let states = try [0.04, 0.02, 0.01].map { dt in
            let integrator = AdaptiveIntegrator(model, tolerance: nil, firstStep: dt), u = Field<Double>(model.grid)
            model.setExact(u, time: 0)
            integrator.start(from: u)
            try integrator.advance(to: 4)
            integrator.cells(into: u)
            return u
        }
        func distance(_ a: Field<Double>, _ b: Field<Double>) -> Double {
            zip(a.values(), b.values()).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        }
        return log2(distance(states[0], states[1]) / distance(states[1], states[2]))
    }
}
