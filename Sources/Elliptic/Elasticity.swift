public import Grids
public import Spectral

/// Small-strain elasticity in a cell: div (C e(u) - s*) + f = 0.
///
/// Staggered grid: displacements on faces, normal strains e_a = d_a u_a at centres, shear on edges. Lateral axes are periodic, both ends of y are
/// rollers (u_y = 0, no shear); 2D is plane strain. A mean strain per axis is either given or found such that a mean stress is met: a rigid
/// platen on y = L that presses with p is `.stress(-p)` along y. Displacements are in units of the spacing, so strains are plain differences.
///
/// Conjugate gradients in T with reductions in Double, preconditioned in Float; nothing is allocated in `solve`.
public final class Elasticity<T: FFTReal>: @unchecked Sendable {
    /// What is prescribed along an axis: the mean strain, or the mean normal stress (Pa, tension positive).
    public enum Control: Sendable, Hashable { case strain(Double), stress(Double) }

    public struct Loading: Sendable, Hashable {
        public var x: Control, y: Control, z: Control

        public init(x: Control = .strain(0), y: Control = .strain(0), z: Control = .strain(0)) { (self.x, self.y, self.z) = (x, y, z) }

        fileprivate subscript(axis: Int) -> Control { axis == 0 ? x : axis == 1 ? y : z }
    }

    public let grid: Grid
    public let device: Device
    /// C: write lambda and mu, then call `stiffnessChanged`.
    public let stiffness: Stiffness<T>
    /// s* (Pa): C e* for an eigenstrain e*; for a mixture h C1 e*, never C(h) e*, which is 20 to 200 % wrong inside stiff inclusions.
    public let eigenstress: TensorField<T>
    /// f dx (Pa) on faces, nil when there is none.
    public var force: VectorField<T>?
    /// u / dx: the start of the next solve and its result.
    public let displacement: VectorField<T>
    /// The mean strain of the last solve: with `displacement` the start of the next one.
    public var meanStrain = SIMD3<Double>()
    /// C e - s* of the last solve (Pa).
    public let stress: TensorField<T>

    private let r: VectorField<T>, p: VectorField<T>, q: VectorField<T>
    private let sums: RowSums, highest: RowSums
    private let unit: Grid
    private let green: ElasticGreen
    private var multigrid: ElasticMultigrid?
    private var canHalve = true
    private var preconditioner: any ElasticPreconditioner { method == .green ? green : multigrid! }

    /// - Throws: `SpectralError.noPlan`.
    public init(_ grid: Grid, device: Device, effort: PlannerEffort = .measure) throws {
        (self.grid, self.device) = (grid, device)
        unit = Grid(nx: grid.nx, ny: grid.ny, nz: grid.nz, spacing: 1, x: grid.x, y: grid.y, z: grid.z)
        stiffness = Stiffness(grid)
        eigenstress = TensorField(grid)
        stress = TensorField(grid)
        displacement = VectorField(grid)
        r = VectorField(grid)
        p = VectorField(grid)
        q = VectorField(grid)
        sums = RowSums(grid)
        highest = RowSums(grid)
        green = try ElasticGreen(unit, device: device, effort: effort)
    }

    /// What preconditions the solve: the exact inverse for a uniform stiffness (5 to 6 sqrt(contrast) iterations) or multigrid.
    public enum Method: String, Sendable, CaseIterable { case green, multigrid }
    public private(set) var method = Method.green
    /// Largest ratio of a modulus in the body.
    public private(set) var contrast = 1.0

    /// To be called after lambda and mu have been written. Above a contrast of 4 the solve is preconditioned by multigrid, where the grid can be
    /// halved (even sizes), unless a method is asked for: an iteration costs about the same with either, 3 transform pairs in 2D.
    public func stiffnessChanged(_ wanted: Method? = nil) {
        stiffness.close(on: device)
        guard let lambda = device.extremes(stiffness.lambda, sums, highest), let mu = device.extremes(stiffness.mu, sums, highest) else { return }
        contrast = max(lambda.1 / lambda.0, mu.1 / mu.0)
        method = .green
        let wantsMultigrid = wanted ?? (contrast > 4 ? .multigrid : .green) == .multigrid
        if wantsMultigrid && multigrid == nil && canHalve {
            multigrid = ElasticMultigrid(unit, device: device)
            canHalve = multigrid != nil
        }
        if wantsMultigrid, let multigrid {
            method = .multigrid
            multigrid.setUp(stiffness, reference: (lambda.1, mu.1))
        } else {
            green.reference = ((lambda.0 * lambda.1).squareRoot(), (mu.0 * mu.1).squareRoot())
        }
    }

    /// Solves until |r| <= tolerance |b|, b being the residual at zero displacement.
    public func solve(_ loading: Loading = Loading(), tolerance: Double, maximumIterations: Int = 600) -> SolveReport {
        let preconditioner = preconditioner, layout = r.layout, kernels = device.kernels, f = preconditioner.right, z = preconditioner.solution
        let volume = Double(grid.cells), components = r.components.count
        var free = SIMD3<Double>(), target = SIMD3<Double>()
        for axis in 0..<3 {
            switch loading[axis] {
            case .strain(let e): meanStrain[axis] = e
            case .stress(let s): (free[axis], target[axis]) = (1, s)
            }
        }
        let start = meanStrain
        displacement.fillGhosts()
        p.fill(0)
        meanStrain *= SIMD3(repeating: 1) - free
        let size = residual(p, target, free).norm
        if size == 0 {
            displacement.fill(0)
            return finish(0, 0, converged: true)
        }
        meanStrain = start
        var (rE, current) = residual(displacement, target, free)
        let scale = 1 / current, reference = preconditioner.reference
        copyResidual(T(scale))
        var rz = 0.0, alpha = 0.0, iterations = 0, pE = SIMD3<Double>()
        /// The displacement follows a direction when the next one is formed, or here.
        func move() {
            guard iterations > 0 else { return }
            for a in 0..<components { device.combine(displacement.components[a], T(alpha), p.components[a], 1, displacement.components[a]) }
        }
        while !(current <= tolerance * size) {
            guard iterations < maximumIterations else {
                move()
                return finish(iterations, current / size, converged: false)
            }
            iterations += 1
            preconditioner.apply()
            let zE = uniform(rE * scale, reference, free, volume)
            var next = (rE * zE).sum()
            for a in 0..<components {
                let r = r.components[a], z = z.components[a]
                device.forRows(layout) { kernels.dotSingle(r.cells, z.cells, sums.values, z.layout, layout, $0) }
                next += sums.total()
            }
            let beta = iterations == 1 ? 0 : next / rz
            rz = next
            pE = zE + beta * pE
            for a in 0..<components {
                let p = p.components[a], z = z.components[a], x = iterations == 1 ? nil : displacement.components[a].cells
                device.forRows(layout) { kernels.updateDirection(p.cells, z.cells, T(beta), x, T(alpha), adds: true, z.layout, layout, $0) }
            }
            let strain = MeanStrain(T(pE.x), T(pE.y), T(pE.z))
            device.forRows(layout) { kernels.applyElasticity(q.cells, p.cells, strain, stiffness.cells, sums.values, layout, $0) }
            var pq = sums.total(), qE = SIMD3<Double>()
            if free.sum() > 0 {
                for axis in 0..<3 where free[axis] > 0 {
                    device.forRows(layout) {
                        kernels.normalStressSum(p.cells, strain, stiffness.cells, axis: axis, sums.values, layout, $0)
                    }
                    qE[axis] = sums.total()
                }
                pq += (pE * qE).sum()
            }
            guard pq > 0, rz > 0, pq.isFinite else { return finish(iterations, current / size, converged: false) }
            alpha = rz / pq
            var square = 0.0
            for a in 0..<components {
                let r = r.components[a], q = q.components[a], f = f.components[a]
                device.forRows(layout) { kernels.updateResidual(r.cells, f.cells, T(alpha), q.cells, T(scale), sums.values, f.layout, layout, $0) }
                square += sums.total()
            }
            meanStrain += alpha * pE
            rE -= alpha * qE
            current = norm(square, rE, volume)
        }
        move()
        return finish(iterations, current / size, converged: true)
    }

    // MARK: - Parts of the solve

    /// r = div (C e - s*) + f; returns the residual of the mean stresses (times the number of cells) and the norm of both.
    private func residual(_ u: VectorField<T>, _ target: SIMD3<Double>, _ free: SIMD3<Double>) -> (mean: SIMD3<Double>, norm: Double) {
        evaluateStress(u)
        device.forRows(r.layout) { device.kernels.tensorDivergence(r.cells, stress.cells, sums.values, r.layout, $0) }
        if let force {
            for a in 0..<r.components.count {
                let r = r.components[a], f = force.components[a]
                device.forRows(r.layout) { device.kernels.combine(r.cells, 1, f.cells, 1, r.layout, $0) }
            }
            r.clearWall()
        }
        let volume = Double(grid.cells), mean = (target - meanStress) * free * volume
        return (mean, norm(device.dot(r, r, sums), mean, volume))
    }

    private func evaluateStress(_ u: VectorField<T>) {
        let strain = MeanStrain(T(meanStrain.x), T(meanStrain.y), T(meanStrain.z))
        device.forRows(r.layout) {
            device.kernels.elasticStress(stress.cells, u.cells, strain, stiffness.cells, eigenstress.cells, r.layout, $0)
        }
    }

    /// Mean normal stress along each axis (Pa).
    public var meanStress: SIMD3<Double> {
        SIMD3(device.sum(stress.xx, sums), device.sum(stress.yy, sums), device.sum(stress.zz, sums)) / Double(grid.cells)
    }

    /// Stress residuals per cell and per unit volume add up in one norm.
    private func norm(_ square: Double, _ mean: SIMD3<Double>, _ volume: Double) -> Double {
        (square + (mean * mean).sum() / volume).squareRoot()
    }

    private func copyResidual(_ scale: T) {
        let right = preconditioner.right
        for a in 0..<r.components.count {
            let r = r.components[a], f = right.components[a]
            device.forRows(r.layout) { device.kernels.toSingle(f.cells, r.cells, scale, f.layout, r.layout, $0) }
        }
    }

    /// The mean strains that the mean stresses m/V of the free axes cause in the uniform reference, times its mu like the preconditioner's
    /// displacements: [lambda 1 1^T + 2 mu I]^-1 on the n free axes.
    private func uniform(_ m: SIMD3<Double>, _ reference: (lambda: Double, mu: Double), _ free: SIMD3<Double>, _ volume: Double) -> SIMD3<Double> {
        let (lambda, mu) = reference, m = m * free / volume, n = free.sum()
        return 0.5 * (m - free * (m.sum() * lambda / (2 * mu + n * lambda)))
    }

    private func finish(_ iterations: Int, _ residual: Double, converged: Bool) -> SolveReport {
        displacement.fillGhosts()
        evaluateStress(displacement)
        return SolveReport(iterations: iterations, residual: residual, converged: converged)
    }

    // MARK: - Results

    /// Hydrostatic stress tr s / 3 and von Mises stress sqrt(3/2 dev s : dev s) of the last solve, Pa, at cell centres.
    public func invariants(hydrostatic: Field<T>, mises: Field<T>) {
        device.forRows(r.layout) { device.kernels.stressInvariants(hydrostatic.cells, mises.cells, stress.cells, r.layout, $0) }
        hydrostatic.fillGhosts()
        mises.fillGhosts()
    }
}
