import Elliptic
import Glibc
import Grids
import Testing
import Validation

func spread(_ values: [Double]) -> Double { (values.max()! - values.min()!) / abs(values.max()!) }

/// A wavy metal layer with two columns and a side branch, as a fraction; unit box.
func branched(_ x: Double, _ y: Double, _ z: Double, _ l: Double, _ solid: Bool) -> Double {
    let wave = 0.25 + 0.04 * cos(2 * .pi * 2 * x) + (solid ? 0.03 * cos(2 * .pi * z) : 0)
    let c1 = solid ? hypot(x - 0.3, z - 0.5) : abs(x - 0.3), c2 = solid ? hypot(x - 0.7, z - 0.5) : abs(x - 0.7)
    let columns = min(max(c1 - 0.06, y - 0.7), max(c2 - 0.05, y - 0.55))
    let branch = max(max(abs(y - 0.5) - 0.04, abs(x - 0.42) - 0.1), solid ? abs(z - 0.5) - 0.06 : -1)
    return 0.5 * (1 - tanh(min(min(y - wave, columns), branch) / (2 * l)))
}

@Suite("Elasticity against exact solutions")
struct ElasticityTests {
    static func pair(_ contrast: Double) -> ((lambda: Double, mu: Double), (lambda: Double, mu: Double)) {
        (Stiffness<Double>.lame(young: 5e9 * contrast, poisson: 0.3), soft)
    }

    @Test("layers under a platen: series compliance", arguments: [10, 1e4], [1, 16])
    func series(contrast: Double, nz: Int) throws {
        let (a, b) = Self.pair(contrast), grid = staggeredGrid(16, 32, nz)
        let solver = try elasticity(grid, a, b) { _, y, _ in Int(y / 1e-6) / 8 % 2 == 0 ? 1 : 0 }
        let pressure = 3e6
        let report = solver.solve(.init(y: .stress(-pressure)), tolerance: 1e-12)
        #expect(report.converged)
        let compliance = 0.5 / (a.lambda + 2 * a.mu) + 0.5 / (b.lambda + 2 * b.mu)
        #expect(abs(solver.meanStrain.y / (-pressure * compliance) - 1) < 1e-8)
        #expect(solver.stress.yy.values().allSatisfy { abs($0 / -pressure - 1) < 1e-8 })
        // Lateral stress of a clamped layer: lambda/(lambda + 2 mu) of the pressure.
        #expect(abs(solver.stress.xx[3, 2] / (-pressure * a.lambda / (a.lambda + 2 * a.mu)) - 1) < 1e-8)
        #expect(abs(solver.stress.zz[3, 10] / (-pressure * b.lambda / (b.lambda + 2 * b.mu)) - 1) < 1e-8)
    }

    @Test("layers along the load: equal strain along y, equal stress along x", arguments: [10, 1e4], [1, 8])
    func parallel(contrast: Double, nz: Int) throws {
        let (a, b) = Self.pair(contrast), grid = staggeredGrid(32, 16, nz), strain = 1e-3
        let solver = try elasticity(grid, a, b) { x, _, _ in Int(x / 1e-6) / 8 % 2 == 0 ? 1 : 0 }
        #expect(solver.solve(.init(y: .strain(strain)), tolerance: 1e-12).converged)
        let pa = a.lambda + 2 * a.mu, pb = b.lambda + 2 * b.mu
        let xx = strain * (a.lambda / pa + b.lambda / pb) / (1 / pa + 1 / pb)
        #expect(solver.stress.xx.values().allSatisfy { abs($0 / xx - 1) < 1e-8 })
        let ex = (xx - b.lambda * strain) / pb
        #expect(abs(solver.stress.yy[10, 5] / (b.lambda * ex + pb * strain) - 1) < 1e-8)
    }

    @Test("lateral growth of a layer: equibiaxial stress, none elsewhere")
    func growth() throws {
        let (a, b) = Self.pair(3), e = 2e-3
        let solver = try elasticity(staggeredGrid(8, 24), a, b, strain: SIMD3(e, 0, e)) { _, y, _ in y < 12e-6 ? 1 : 0 }
        #expect(solver.solve(.init(y: .stress(0)), tolerance: 1e-12).converged)
        // s_yy = 0: e_y follows, s_xx = -E e/(1 - nu).
        let expected = -5e9 * 3 * e / (1 - 0.3)
        #expect(abs(solver.stress.xx[0, 3] / expected - 1) < 1e-8)
        #expect(abs(solver.stress.zz[0, 3] / expected - 1) < 1e-8)
        #expect(abs(solver.stress.xx[0, 20]) < 1e-8 * abs(expected))
    }

    @Test("hydrostatic load of a homogeneous body: the stress is the load on every axis", arguments: [1, 6])
    func hydrostatic(nz: Int) throws {
        let solver = try elasticity(staggeredGrid(7, 9, nz), soft, soft) { _, _, _ in 1 }
        #expect(solver.solve(.init(x: .stress(-1e6), y: .stress(-1e6), z: .stress(-1e6)), tolerance: 1e-12).converged)
        let grid = solver.grid, pressure = Field<Double>(grid), mises = Field<Double>(grid)
        solver.invariants(hydrostatic: pressure, mises: mises)
        #expect(pressure.values().allSatisfy { abs($0 / -1e6 - 1) < 1e-10 })
        #expect(mises.values().allSatisfy { abs($0) < 1e-3 })
        let bulk = soft.lambda + 2 * soft.mu / 3
        #expect(abs(solver.meanStrain.sum() / (-1e6 / bulk) - 1) < 1e-10)
        // 1.30e-5 m^3/mol of lithium per 96485 C/mol: 0.1347 mV per MPa.
        #expect(abs(-1.30e-5 * pressure[0, 0] / 96485.33212 - 0.1347e-3) < 1e-7)
    }

    /// In a homogeneous medium the dilatation of any inclusion is (lambda + 2 mu) tr e = C e* minus its mean, cell by cell.
    @Test("a swelling inclusion of any shape in a homogeneous medium: exact dilatation", arguments: [1, 20])
    func dilatation(nz: Int) throws {
        let grid = staggeredGrid(30, 24, nz), e = 0.01
        let solver = try elasticity(grid, soft, soft, strain: SIMD3(e, e, nz > 1 ? e : 0)) { x, y, z in
            hypot(x - 12e-6, y - 9e-6) < 5e-6 || (abs(x - 20e-6) < 3e-6 && y < 17e-6 && z < 9e-6) ? 1 : 0
        }
        #expect(solver.solve(tolerance: 1e-11).converged)
        let inside = solver.eigenstress.xx.values(), mean = inside.reduce(0, +) / Double(grid.cells), u = solver.displacement
        var worst = 0.0
        for k in 0..<nz { for j in 0..<24 { for i in 0..<30 {
            var trace = u.x[(i + 1) % 30, j, k] - u.x[i, j, k] + (j < 23 ? u.y[i, j + 1, k] : 0) - u.y[i, j, k]
            if let z = u.z { trace += z[i, j, (k + 1) % nz] - z[i, j, k] }
            worst = max(worst, abs(trace * (soft.lambda + 2 * soft.mu) - (inside[i + 30 * (j + 24 * k)] - mean)))
        } } }
        #expect(worst < 1e-8 * inside.max()!)
    }

    @Test("circular inclusion no stiffer than its matrix: within 1 percent", arguments: [0.01, 0.1, 1])
    func softInclusion(contrast: Double) throws {
        let coarse = try ElasticProblems.inclusionError(64, contrast: contrast), fine = try ElasticProblems.inclusionError(128, contrast: contrast)
        #expect(abs(2 * fine - coarse) < 0.01)
        #expect(abs(coarse) < 0.05 && abs(fine) < 0.03)
    }

    @Test("stiff circular inclusion: first order in the width, extrapolated within 1 percent")
    func stiffInclusion() throws {
        let coarse = try ElasticProblems.inclusionError(64, contrast: 10), fine = try ElasticProblems.inclusionError(128, contrast: 10)
        #expect(abs(2 * fine - coarse) < 0.01)
        #expect(abs(coarse / fine - 2) < 0.25)
    }

    @Test("rigid translation, extrusion, threads and start change nothing")
    func invariance() throws {
        let (a, b) = Self.pair(10)
        func disc(_ x: Double, _ y: Double) -> Double { 0.5 * (1 - tanh((hypot(x - 14e-6, y - 10e-6) - 6e-6) / 2e-6)) }
        let loading = Elasticity<Double>.Loading(y: .stress(-2e6))
        let plane = try elasticity(staggeredGrid(160, 120), a, b, strain: SIMD3(0.01, 0.002, 0.01)) { x, y, _ in disc(x / 4, y / 4) }
        #expect(plane.solve(loading, tolerance: 1e-10).converged)
        let reference = plane.stress.xx.values(), size = reference.map(abs).max()!
        for threads in [2, 3] {
            let again = try elasticity(staggeredGrid(160, 120), a, b, strain: SIMD3(0.01, 0.002, 0.01), threads: threads) { x, y, _ in
                disc(x / 4, y / 4)
            }
            #expect(again.solve(loading, tolerance: 1e-10).converged)
            #expect(again.stress.xx.values() == reference)
        }
        let moved = try elasticity(staggeredGrid(160, 120), a, b, strain: SIMD3(0.01, 0.002, 0.01)) { x, y, _ in disc(x / 4, y / 4) }
        moved.displacement.x.fill(3)
        #expect(moved.solve(loading, tolerance: 1e-10).converged)
        #expect(zip(moved.stress.xx.values(), reference).allSatisfy { abs($0 - $1) < 1e-8 * size })
        #expect(moved.solve(loading, tolerance: 1e-9).iterations == 0)

        let flat = try elasticity(staggeredGrid(28, 20), a, b, strain: SIMD3(0.01, 0.002, 0.01)) { x, y, _ in disc(x, y) }
        let solid = try elasticity(staggeredGrid(28, 20, 6), a, b, strain: SIMD3(0.01, 0.002, 0.01)) { x, y, _ in disc(x, y) }
        #expect(flat.solve(loading, tolerance: 1e-11).converged && solid.solve(loading, tolerance: 1e-11).converged)
        for j in 0..<20 { for i in 0..<28 { #expect(abs(solid.stress.zz[i, j, 4] - flat.stress.zz[i, j]) < 1e-8 * size) } }
    }

    /// (n, dimensions, contrast, bound): measured plus 2.
    @Test("iterations to 1e-6, branched metal on a wavy layer, l = dx", arguments: [
        (64, 2, 1e1, 15), (64, 2, 1e2, 20), (64, 2, 1e4, 22), (128, 2, 1e1, 17), (128, 2, 1e3, 28), (256, 2, 1e2, 28), (256, 2, 1e4, 37),
        (512, 2, 1e2, 31), (32, 3, 1e3, 18), (64, 3, 1e2, 21), (48, 3, 1e4, 20), (96, 3, 1e1, 16), (60, 2, 1e4, 14)])
    func iterations(n: Int, dimensions: Int, contrast: Double, bound: Int) throws {
        let grid = staggeredGrid(n, n, dimensions == 3 ? n : 1, spacing: 1 / Double(n))
        let one = Stiffness<Double>.lame(young: 5e9 * contrast, poisson: 0.36)
        let solver = try elasticity(grid, one, soft, strain: SIMD3(0.01, 0.02, 0.01)) { branched($0, $1, $2, grid.spacing, dimensions == 3) }
        #expect(solver.method == .multigrid)
        let report = solver.solve(tolerance: 1e-6)
        #expect(report.converged && report.iterations <= bound)
    }

    /// The table of docs/couplings.md: iterations to 1e-6 by the preconditioner that is chosen, cold, l = dx, nu 0.36.
    @Test("iterations over contrast and grid: at most 45, bounded in the grid", .enabled(if: getenv("DENDRITE_FULL") != nil))
    func iterationTable() throws {
        var table = "| grid | 1 | 10 | 100 | 1e3 | 1e4 |\n|---|---|---|---|---|---|\n"
        for (n, dimensions) in [(64, 2), (128, 2), (256, 2), (512, 2), (32, 3), (64, 3), (96, 3)] {
            let grid = staggeredGrid(n, n, dimensions == 3 ? n : 1, spacing: 1 / Double(n))
            table += "| \(n)^\(dimensions) |"
            for contrast in [1.0, 10, 100, 1e3, 1e4] {
                let one = Stiffness<Double>.lame(young: 5e9 * contrast, poisson: 0.36)
                let solver = try elasticity(grid, one, soft, strain: SIMD3(0.01, 0.02, 0.01)) { branched($0, $1, $2, grid.spacing, dimensions == 3) }
                let report = solver.solve(tolerance: 1e-6)
                #expect(report.converged && report.iterations <= 45)
                table += " \(report.iterations)\(solver.method == .green ? " (Green)" : "") |"
            }
            table += "\n"
        }
        print(table)
    }

    @Test("both preconditioners find the same stress; low contrast chooses transforms, an odd grid too")
    func methods() throws {
        let (a, b) = Self.pair(20), grid = staggeredGrid(64, 48, spacing: 1.0 / 64)
        let solver = try elasticity(grid, a, b, strain: SIMD3(0.01, 0, 0.01)) { x, y, z in branched(x, y, z, 1.0 / 64, false) }
        let loading = Elasticity<Double>.Loading(x: .stress(1e6), y: .stress(-2e6))
        #expect(solver.method == .multigrid)
        #expect(solver.solve(loading, tolerance: 1e-10).converged)
        let reference = solver.stress.yy.values(), size = reference.map(abs).max()!
        #expect(abs(solver.meanStress.y / -2e6 - 1) < 1e-6 && abs(solver.meanStress.x / 1e6 - 1) < 1e-6)
        solver.stiffnessChanged(.green)
        #expect(solver.method == .green)
        solver.displacement.fill(0)
        #expect(solver.solve(loading, tolerance: 1e-10).converged)
        #expect(zip(solver.stress.yy.values(), reference).allSatisfy { abs($0 - $1) < 1e-7 * size })
        #expect(try elasticity(staggeredGrid(63, 61), a, b) { x, _, _ in x < 2e-5 ? 1 : 0 }.method == .green)
        #expect(try elasticity(grid, b, soft) { x, _, _ in x < 0.5 ? 1 : 0 }.method == .green)
    }

    @Test("a NaN in the stiffness ends the solve as not converged")
    func notANumber() throws {
        let solver = try elasticity(staggeredGrid(16, 16), soft, soft, strain: SIMD3(0.01, 0, 0)) { x, _, _ in x < 8e-6 ? 1 : 0 }
        solver.stiffness.mu[3, 3] = .nan
        solver.stiffnessChanged()
        let report = solver.solve(tolerance: 1e-6)
        #expect(!report.converged && report.iterations <= 2)
    }
}

/// u = A (sin, cos) with the wall conditions, smooth moduli: second order.
@Suite("Elasticity: manufactured displacement")
struct ElasticOrderTests {
    /// Largest error of u_x and u_y, 2D or 3D, force from central differences of the exact stress (step 1e-4).
    static func error(_ n: Int, dimensions: Int) throws -> Double {
        let h = 1 / Double(n), w = 2 * Double.pi, solid = dimensions == 3
        let grid = Grid(nx: n, ny: n, nz: solid ? n : 1, spacing: h)
        func lambda(_ p: SIMD3<Double>) -> Double { 2 + 0.5 * cos(w * p.x) * cos(.pi * p.y) + (solid ? 0.3 * sin(w * p.z) : 0) }
        func mu(_ p: SIMD3<Double>) -> Double { 1 + 0.3 * sin(w * p.x) * cos(w * p.y) + (solid ? 0.2 * cos(w * p.z) : 0) }
        // u_x even and u_y odd about both walls.
        func u(_ p: SIMD3<Double>) -> SIMD3<Double> {
            let c = solid ? 1 + 0.5 * sin(w * p.z) : 1
            return SIMD3(
                sin(w * p.x) * cos(.pi * p.y) * c, cos(w * p.x) * sin(2 * .pi * p.y) * c, solid ? cos(w * p.z) * cos(.pi * p.y) * sin(w * p.x) : 0)
        }
        let d = 1e-3
        func unit(_ a: Int) -> SIMD3<Double> { var v = SIMD3<Double>(); v[a] = 1; return v }
        func stress(_ p: SIMD3<Double>) -> [SIMD3<Double>] {
            var g = [SIMD3<Double>](repeating: .zero, count: 3)
            for a in 0..<dimensions {
                g[a] = (8 * (u(p + d * unit(a)) - u(p - d * unit(a))) - (u(p + 2 * d * unit(a)) - u(p - 2 * d * unit(a)))) / (12 * d)
            }
            let trace = g[0].x + g[1].y + g[2].z
            return (0..<3).map { a in
                var row = SIMD3<Double>()
                for b in 0..<3 { row[b] = mu(p) * (g[a][b] + g[b][a]) }
                row[a] += lambda(p) * trace
                return row
            }
        }
        func force(_ p: SIMD3<Double>, _ a: Int) -> Double {
            (0..<dimensions).reduce(0) { f, b in
                let e = d * unit(b)
                return f - (8 * (stress(p + e)[a][b] - stress(p - e)[a][b]) - (stress(p + 2 * e)[a][b] - stress(p - 2 * e)[a][b])) / (12 * d)
            }
        }
        let solver = try Elasticity<Double>(grid, device: Device(), effort: .estimate)
        solver.stiffness.lambda.set { lambda(SIMD3($0, $1, $2)) }
        solver.stiffness.mu.set { mu(SIMD3($0, $1, $2)) }
        solver.stiffnessChanged()
        let f = VectorField<Double>(grid), half = h / 2
        f.x.set { x, y, z in h * force(SIMD3(x - half, y, z), 0) }
        f.y.set { x, y, z in h * force(SIMD3(x, y - half, z), 1) }
        f.z?.set { x, y, z in h * force(SIMD3(x, y, z - half), 2) }
        solver.force = f
        #expect(solver.solve(tolerance: 1e-9).converged)
        var worst = 0.0, mean = 0.0
        for k in 0..<grid.nz { for j in 0..<n { for i in 0..<n {
            let p = SIMD3((Double(i) + 0.5) * h, (Double(j) + 0.5) * h, (Double(k) + 0.5) * h)
            mean += (solver.displacement.x[i, j, k] * h - u(p - SIMD3(half, 0, 0)).x) / Double(grid.cells)
        } } }
        for k in 0..<grid.nz { for j in 0..<n { for i in 0..<n {
            let p = SIMD3((Double(i) + 0.5) * h, (Double(j) + 0.5) * h, (Double(k) + 0.5) * h)
            worst = max(worst, abs(solver.displacement.x[i, j, k] * h - u(p - SIMD3(half, 0, 0)).x - mean))
            worst = max(worst, abs(solver.displacement.y[i, j, k] * h - u(p - SIMD3(0, half, 0)).y))
        } } }
        return worst
    }

    @Test("order 2", arguments: [(32, 2), (12, 3)])
    func order(n: Int, dimensions: Int) throws {
        let coarse = try Self.error(n, dimensions: dimensions), fine = try Self.error(2 * n, dimensions: dimensions)
        #expect(abs(log2(coarse / fine) - 2) < 0.15)
    }
}
