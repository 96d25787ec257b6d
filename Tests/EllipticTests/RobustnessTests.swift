import Elliptic
import Glibc
import Grids
import Testing
import Validation

@Suite("What a solve promises")
struct RobustnessTests {
    @Test("the same bits for any number of threads")
    func threads() {
        for grid in [Grid(nx: 150, ny: 161, spacing: 1.0 / 160), Grid(nx: 33, ny: 31, nz: 29, spacing: 1.0 / 32, y: .periodic)] {
            let answers = [1, 2, 3].map { threads -> [Double] in
                let problem = electrode(grid, contrast: 1e4, Double.self)
                #expect(problem.solve(tolerance: 1e-8, threads: threads).converged)
                return problem.solution.values()
            }
            #expect(answers[0] == answers[1])
            #expect(answers[0] == answers[2])
        }
    }

    @Test("the preconditioner is positive in any medium and on odd sizes", arguments: [(128, 128, 1), (101, 77, 1), (37, 32, 29)], 0..<5)
    func media(size: (Int, Int, Int), kind: Int) {
        let stream = RandomStream(seed: 5, purpose: "media"), insulating = exp(-8.0)
        func normal(_ x: Double, _ y: Double, _ z: Double) -> (Double, Double) { stream.normalPair(UInt64(x), UInt64(y + 1000 * z)) }
        let grid = Grid(nx: size.0, ny: size.1, nz: size.2, spacing: 1)
        let problem = Conduction<Double>(grid, reaction: { _, _, _ in 0.001 }) { x, y, z in
            let i = Int(x), j = Int(y), k = Int(z), n = normal(x, y, z).0
            return switch kind {
            case 0: exp(2 * n)
            case 1: n > 0 ? 1 : insulating
            case 2: (i + j + k) % 2 == 0 ? 1 : insulating
            case 3: i % 4 == 1 || j % 5 == 1 ? 1 : insulating
            default: i % 2 == 1 ? 1 : insulating
            }
        }
        problem.right.set { x, y, z in normal(x, y, z).1 }
        // A negative one ends the iterations at once.
        #expect(problem.solve(tolerance: 1e-8, threads: 1).converged)
    }

    @Test("odd sizes cost no more iterations than even ones")
    func oddSizes() {
        func iterations(_ nx: Int, _ ny: Int, _ nz: Int = 1) -> Int {
            electrode(Grid(nx: nx, ny: ny, nz: nz, spacing: 1.0 / 32), contrast: 1e4, Double.self).solve(tolerance: 1e-8, threads: 1).iterations
        }
        #expect(iterations(129, 129) <= iterations(128, 128))
        #expect(iterations(33, 31, 29) <= iterations(32, 32, 32))
    }

    @Test(
        "the cycle is a symmetric positive operator", arguments: [(64, 64, 1), (61, 67, 1), (17, 24, 19), (3, 50, 1)],
        [Grid.Topology.periodic, .bounded])
    func symmetry(size: (Int, Int, Int), ends: Grid.Topology) {
        let grid = Grid(nx: size.0, ny: size.1, nz: size.2, spacing: 1, x: ends, y: ends, z: ends)
        let stream = RandomStream(seed: 5, purpose: "symmetry")
        let problem = Conduction<Double>(grid, reaction: { _, _, _ in 0.01 }) { x, y, z in exp(stream.normalPair(UInt64(x), UInt64(y + 1000 * z)).0) }
        let multigrid = Multigrid(grid, on: Device())
        multigrid.setUp(problem.equation)
        func cycle(_ lane: Double) -> (right: [Float], result: [Float]) {
            let right = Field<Float>(grid), result = Field<Float>(grid)
            right.set { x, y, z in stream.normalPair(UInt64(x + lane * 5000), UInt64(y + 1000 * z)).1 }
            multigrid.cycle(result, from: right)
            return (right.values(), result.values())
        }
        func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        let one = cycle(1), two = cycle(2)
        let scale = (dot(one.right, one.result) * dot(two.right, two.result)).squareRoot()
        #expect(scale > 0)
        #expect(abs(dot(one.right, two.result) - dot(two.right, one.result)) < 2e-6 * scale)
    }

    @Test("pure Neumann: the mean of the right-hand side is left out, the answer has none", arguments: [(48, 37, 1), (20, 14, 11)])
    func neumann(size: (Int, Int, Int)) {
        for ends in Grid.Topology.allCases {
            let grid = Grid(nx: size.0, ny: size.1, nz: size.2, spacing: 0.1, x: ends, y: ends, z: ends)
            let make = { (offset: Double) -> Conduction<Double> in
                let problem = Conduction<Double>(grid) { x, y, z in 1 + 10 * x + y + z }
                problem.right.set { x, y, z in sin(3 * x + y) - z + offset }
                return problem
            }
            let reference = make(0), shifted = make(5)
            reference.solution.fill(7)
            #expect(reference.solve().converged && shifted.solve().converged)
            let a = reference.solution.values(), b = shifted.solution.values()
            let size = a.map(abs).max()!
            #expect(abs(a.reduce(0, +)) < 1e-10 * size * Double(a.count))
            #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-7 * size })
            // What is left of the equation is the mean alone.
            let mean = reference.right.values().reduce(0, +) / Double(grid.cells)
            reference.each { i, j, k in reference.right[i, j, k] -= mean }
            #expect(reference.trueResidual() < 1e-8)
        }
    }

    @Test("a zero right-hand side gives zero, a constant one between insulating walls too")
    func zero() {
        let grid = Grid(nx: 32, ny: 32, spacing: 1)
        let reacting = Conduction<Double>(grid, reaction: { _, _, _ in 1 }) { _, _, _ in 1 }
        reacting.solution.fill(3)
        #expect(reacting.solve().converged)
        #expect(reacting.solution.values().allSatisfy { $0 == 0 })
        let insulated = Conduction<Double>(grid) { _, _, _ in 1 }
        insulated.right.fill(3)
        let report = insulated.solve()
        #expect(report.converged)
        #expect(insulated.solution.values().allSatisfy { abs($0) < 1e-12 })
    }

    @Test("a NaN anywhere ends the solve as not converged", arguments: 0..<4)
    func notANumber(place: Int) {
        let problem = electrode(Grid(nx: 64, ny: 64, spacing: 1.0 / 64), contrast: 100, Double.self)
        switch place {
        case 0: problem.right[10, 20] = .nan
        case 1: problem.equation.x[10, 20] = .nan
        case 2: problem.equation.s[0, 0] = .nan
        default: problem.solution[10, 20] = .nan
        }
        let report = problem.solve()
        #expect(!report.converged)
        #expect(report.iterations <= 2)
    }

    @Test("a solver that met a NaN solves the next problem")
    func recovery() {
        let problem = electrode(Grid(nx: 64, ny: 64, spacing: 1.0 / 64), contrast: 100, Double.self)
        let multigrid = Multigrid(problem.grid, on: Device())
        multigrid.setUp(problem.equation)
        let solver = ConjugateGradient<Double>(problem.grid, multigrid: multigrid)
        let good = problem.right[10, 20]
        problem.right[10, 20] = .nan
        #expect(!solver.solve(problem.equation, problem.right, problem.solution, tolerance: 1e-8).converged)
        problem.right[10, 20] = good
        #expect(solver.solve(problem.equation, problem.right, problem.solution, tolerance: 1e-8).converged)
        #expect(problem.trueResidual() < 1e-6)
    }

    /// Salt is solved so in a step, where a guess is a few times too rough.
    @Test("a small gain that is believed has been made", arguments: [100, 1e6])
    func believedGain(contrast: Double) {
        let problem = electrode(Grid(nx: 96, ny: 128, spacing: 1.0 / 64), contrast: contrast, Double.self)
        let multigrid = Multigrid(problem.grid, on: Device())
        multigrid.setUp(problem.equation)
        let solver = ConjugateGradient<Double>(problem.grid, multigrid: multigrid)
        let first = solver.solve(problem.equation, problem.right, problem.solution, tolerance: 1e-6)
        let tolerance = first.residual / 5
        let second = solver.solve(problem.equation, problem.right, problem.solution, tolerance: tolerance, believedGain: 10)
        #expect(second.converged && second.iterations > 0)
        // Without an iteration a solve tells the residual formed anew.
        let residual = solver.solve(problem.equation, problem.right, problem.solution, tolerance: 1e-30, maximumIterations: 0).residual
        #expect(residual <= tolerance && abs(residual / second.residual - 1) < 0.01, "\(second.residual), formed anew \(residual)")
    }

    @Test("too few iterations are reported, not hidden", arguments: [0, 3])
    func tooFew(limit: Int) {
        let problem = electrode(Grid(nx: 64, ny: 64, spacing: 1.0 / 64), contrast: 100, Double.self)
        let report = problem.solve(tolerance: 1e-10, maximumIterations: limit)
        #expect(!report.converged && report.iterations == limit && report.residual > 1e-10)
    }

    @Test("a warm start at the answer takes no iteration")
    func warm() {
        let problem = electrode(Grid(nx: 64, ny: 64, spacing: 1.0 / 64), contrast: 100, Double.self)
        #expect(problem.solve(tolerance: 1e-10).converged)
        #expect(problem.solve(tolerance: 1e-9).iterations == 0)
    }
}
