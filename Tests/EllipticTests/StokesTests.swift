import Elliptic
import Glibc
import Grids
import Testing
import Validation

@Suite("Stokes-Brinkman flow")
struct StokesTests {
    /// The calibrated drag 1.98 h(xi)/l^2, l = dx, of a branched metal.
    static func metal(_ n: Int, _ solid: Bool) -> (Double, Double, Double) -> Double {
        { x, y, z in
            let xi = branched(x, y, z, 1 / Double(n), solid)
            return 1.98 * xi * xi * xi * (6 * xi * xi - 15 * xi + 10)
        }
    }

    static func random(_ grid: Grid) -> VectorField<Double> {
        let stream = RandomStream(seed: 9, purpose: "force")
        return FlowProblems.force(grid) { a, i, j, k in a == 1 && j == 0 ? 0 : stream.normalPair(UInt64(i + 1000 * a), UInt64(j + 1000 * k)).0 }
    }

    /// Gradient of a random potential, 0 across the walls.
    static func gradient(_ grid: Grid, _ factor: Double) -> VectorField<Double> {
        let stream = RandomStream(seed: 4, purpose: "potential")
        func p(_ i: Int, _ j: Int, _ k: Int) -> Double {
            stream.normalPair(UInt64((i + grid.nx) % grid.nx), UInt64(j + 1000 * ((k + grid.nz) % grid.nz))).0
        }
        return FlowProblems.force(grid) { a, i, j, k in
            a == 0
                ? factor * (p(i, j, k) - p(i - 1, j, k))
                : a == 1 ? (j == 0 ? 0 : factor * (p(i, j, k) - p(i, j - 1, k))) : factor * (p(i, j, k) - p(i, j, k - 1))
        }
    }

    static func largest(_ v: VectorField<Double>) -> Double { v.components.flatMap { $0.values() }.map(abs).max()! }

    static func largestDivergence(_ u: VectorField<Double>) -> Double {
        let g = u.grid
        var worst = 0.0
        for k in 0..<g.nz { for j in 0..<g.ny { for i in 0..<g.nx {
            var d = u.x[(i + 1) % g.nx, j, k] - u.x[i, j, k] + (j + 1 < g.ny ? u.y[i, j + 1, k] : 0) - u.y[i, j, k]
            if let z = u.z { d += z[i, j, (k + 1) % g.nz] - z[i, j, k] }
            worst = max(worst, abs(d))
        } } }
        return worst
    }

    @Test("open channel: f H^2/8 mu at the middle, order 2, one iteration", arguments: [0, 2])
    func poiseuille(axis: Int) throws {
        let (errors, middle) = try FlowProblems.poiseuille(axis: axis)
        #expect(abs(log2(errors[0] / errors[1]) - 2) < 0.05 && abs(log2(errors[1] / errors[2]) - 2) < 0.05)
        #expect(abs(middle - 0.125) < 0.5 / (64 * 64))
    }

    @Test("a force that drives nothing gives exactly zero", arguments: [(32, 24, 1), (12, 16, 10), (15, 13, 1)], [false, true])
    func null(size: (Int, Int, Int), withDrag: Bool) throws {
        let grid = Grid(nx: size.0, ny: size.1, nz: size.2, spacing: 1)
        let drag: ((Double, Double, Double) -> Double)? = withDrag ? { x, y, _ in y < 6 + 2 * cos(x) ? 2 : 0 } : nil
        for ends in StokesBrinkman.Ends.allCases {
            let solver: StokesBrinkman = try FlowProblems.flow(grid, ends: ends, drag: drag)
            let report = solver.solve(Self.gradient(grid, 1), tolerance: 1e-6)
            #expect(report.converged && report.iterations == 0 && Self.largest(solver.velocity) == 0)
        }
        let closed: StokesBrinkman = try FlowProblems.flow(grid, drag: drag)
        let report = closed.solve(FlowProblems.force(grid) { a, _, _, _ in [3, 0, -2][a] }, tolerance: 1e-6)
        #expect(report.iterations == 0 && Self.largest(closed.velocity) == 0)
    }

    @Test("without drag the preconditioner is the answer; the flow has no divergence, whatever the tolerance",
          arguments: [(32, 24, 1), (12, 16, 10), (15, 13, 7), (9, 2, 1), (8, 1, 1), (1, 16, 1)], StokesBrinkman.Ends.allCases)
    func exact(size: (Int, Int, Int), ends: StokesBrinkman.Ends) throws {
        let grid = Grid(nx: size.0, ny: size.1, nz: size.2, spacing: 1), f = Self.random(grid)
        let solver: StokesBrinkman = try FlowProblems.flow(grid, ends: ends)
        let report = solver.solve(f, tolerance: 1e-9)
        #expect(report.converged && report.iterations <= 2)
        let u = solver.velocity
        #expect(Self.largestDivergence(u) <= 1e-13 * Self.largest(u))
        if ends == .closed { #expect(abs(u.x.values().reduce(0, +)) <= 1e-11 * max(1e-3, Self.largest(u))) }
    }

    @Test("adding a gradient changes nothing, reversing the force reverses the flow", arguments: [(64, 64, 1), (24, 20, 32)])
    func gauge(size: (Int, Int, Int)) throws {
        let grid = Grid(nx: size.0, ny: size.1, nz: size.2, spacing: 1 / Double(size.0))
        let solver: StokesBrinkman = try FlowProblems.flow(grid, drag: Self.metal(size.0, size.2 > 1))
        let f = Self.random(grid), g = Self.gradient(grid, 1e4)
        #expect(solver.solve(f, tolerance: 1e-8).converged)
        let reference = solver.velocity.x.values(), size = Self.largest(solver.velocity)
        #expect(Self.largestDivergence(solver.velocity) < 1e-12 * size)
        for (a, b) in zip(f.components, g.components) { for row in 0..<grid.rows { for i in 0..<grid.nx { b.row(row)[i] += a.row(row)[i] } } }
        solver.velocity.fill(0)
        #expect(solver.solve(g, tolerance: 1e-8).converged)
        #expect(zip(solver.velocity.x.values(), reference).allSatisfy { abs($0 - $1) < 1e-6 * size })
        for c in f.components { for row in 0..<grid.rows { for i in 0..<grid.nx { c.row(row)[i] = -c.row(row)[i] } } }
        solver.velocity.fill(0)
        #expect(solver.solve(f, tolerance: 1e-8).converged)
        #expect(zip(solver.velocity.x.values(), reference).allSatisfy { abs($0 + $1) < 1e-6 * size })
        // At rest at the answer.
        #expect(solver.solve(f, tolerance: 1e-6).iterations == 0)
    }

    @Test("cylinder array: drag of 51.53 mu U", arguments: [(64, 0.03), (128, 0.006)])
    func cylinders(n: Int, tolerance: Double) throws {
        #expect(abs(try FlowProblems.cylinders(n: n)) < tolerance)
    }

    @Test("iterations with the calibrated drag", arguments: [(64, 2, 1e-6, 41), (128, 2, 1e-6, 80), (32, 3, 1e-6, 30), (64, 2, 1e-4, 29)])
    func iterations(n: Int, dimensions: Int, tolerance: Double, bound: Int) throws {
        let grid = Grid(nx: n, ny: n, nz: dimensions == 3 ? n : 1, spacing: 1 / Double(n))
        let solver = try FlowProblems.flow(grid, method: .fourier, drag: Self.metal(n, dimensions == 3))
        let f = FlowProblems.force(grid) { a, i, j, k in
            let x = Double(i) / Double(n), y = (Double(j) + 0.5) / Double(n)
            return (a == 0 ? sin(2 * .pi * y) : a == 1 ? cos(2 * .pi * x) : 0.5)
                * (1 - branched(x, y, Double(k) / Double(n), 1 / Double(n), dimensions == 3))
        }
        let report = solver.solve(f, tolerance: tolerance)
        let iterations = report.iterations
        #expect(report.converged)
        #expect(iterations <= bound)
        #expect(Self.largestDivergence(solver.velocity) < 1e-12 * Self.largest(solver.velocity))
    }

    @Test("threads keep the bits, NaN is reported and forgotten")
    func robustness() throws {
        let grid = Grid(nx: 160, ny: 120, spacing: 1 / 160.0), f = Self.random(grid)
        let answers = try [1, 2, 3].map { threads -> [Double] in
            let solver: StokesBrinkman = try FlowProblems.flow(grid, threads: threads, drag: Self.metal(160, false))
            #expect(solver.solve(f, tolerance: 1e-5).converged)
            return solver.velocity.y.values()
        }
        #expect(answers[0] == answers[1] && answers[0] == answers[2])
        let small = Grid(nx: 48, ny: 32, spacing: 1 / 48.0), g = Self.random(small)
        for method in StokesBrinkman.Method.allCases {
            let solver = try FlowProblems.flow(small, method: method, drag: Self.metal(48, false))
            #expect(solver.solve(g, tolerance: 1e-6).converged)
            let good = g.x[3, 4]
            g.x[3, 4] = .nan
            let report = solver.solve(g, tolerance: 1e-6)
            #expect(!report.converged && report.iterations <= 1)
            g.x[3, 4] = good
            solver.velocity.fill(0)
            #expect(solver.solve(g, tolerance: 1e-6).converged)
        }
    }

    @Test("both preconditioners find the same flow; multigrid hardly sees drag or grid",
          arguments: [(64, 2, 1.0, 20), (64, 2, 50, 25), (128, 2, 1, 24), (24, 3, 1, 24), (45, 2, 1, 18)], StokesBrinkman.Ends.allCases)
    func multigrid(problem: (Int, Int, Double, Int), ends: StokesBrinkman.Ends) throws {
        let (n, dimensions, factor, bound) = problem
        let grid = Grid(nx: n, ny: n, nz: dimensions == 3 ? n : 1, spacing: 1 / Double(n)), f = Self.random(grid),
            metal = Self.metal(n, dimensions == 3)
        let solver = try FlowProblems.flow(grid, ends: ends, method: .multigrid) { factor * metal($0, $1, $2) }
        let report = solver.solve(f, tolerance: 1e-6)
        let iterations = report.iterations
        #expect(report.converged)
        #expect(iterations <= bound)
        #expect(Self.largestDivergence(solver.velocity) < 1e-12 * Self.largest(solver.velocity))
        guard n <= 64 else { return }
        let other = try FlowProblems.flow(grid, ends: ends, method: .fourier) { factor * metal($0, $1, $2) }
        #expect(other.solve(f, tolerance: 1e-6).converged)
        let size = Self.largest(other.velocity)
        #expect(zip(solver.velocity.x.values(), other.velocity.x.values()).allSatisfy { abs($0 - $1) < 1e-4 * size })
    }
}
