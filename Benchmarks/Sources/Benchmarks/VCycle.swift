internal import Elliptic
import Glibc
internal import Grids

/// One V-cycle on the charge equation of a plated electrode whose metal conducts 10^7 times worse than its electrolyte.
enum VCycle {
    static func measure(_ name: String, cells n: Int, dimensions: Int) throws -> Measurement {
        let grid = Grid(nx: n, ny: n, nz: dimensions == 3 ? n : 1, spacing: 1 / Double(n)), device = Device()
        let problem = electrode(grid, contrast: 1e7)
        let multigrid = Multigrid(grid, on: device), solver = ConjugateGradient<Double>(grid, multigrid: multigrid)
        multigrid.setUp(problem.equation)
        let report = solver.solve(problem.equation, problem.right, problem.solution, tolerance: 1e-8, maximumIterations: 30)
        try WrongAnswer.unless(report.converged ? report.residual : .infinity, is: 0, within: 1e-8,
                               "residual after \(report.iterations) iterations")
        try WrongAnswer.unless(problem.trueResidual(), is: 0, within: 1e-6, "|b - A x| over |b|")

        let right = Field<Float>(grid)
        right.set { x, y, z in cos(40 * x) * sin(30 * y + z) }
        multigrid.cycle(Field<Float>(grid), from: right)
        let pair = try TransformPair<Double>(grid, on: device)
        let cycle = Comparison.repeated({ multigrid.cycle() }, against: pair.run)
        let setUp = Comparison.repeated(rounds: 5, { multigrid.setUp(problem.equation) }, against: pair.run)
        var m = Measurement(name)
        m.add("pairs", cycle.ratio)
        m.add("nsPerCell", 1e9 * cycle.subject / Double(grid.cells))
        m.add("pairNsPerCell", 1e9 * cycle.reference / Double(grid.cells))
        m.add("setUpPairs", setUp.ratio)
        m.add("iterations", [("solve", Double(report.iterations))])
        return m
    }

    /// A wavy layer of metal with a column on it, diffuse over a few cells; reaction on the surface, the potential given at the top.
    private static func electrode(_ grid: Grid, contrast: Double) -> Conduction<Double> {
        let l = grid.spacing
        func metal(_ x: Double, _ y: Double, _ z: Double) -> Double {
            let wave = 0.25 + 0.04 * cos(6 * .pi * x) + (grid.nz > 1 ? 0.03 * cos(4 * .pi * z) : 0)
            let column = grid.nz > 1 ? hypot(x - 0.5, z - 0.5) : abs(x - 0.5)
            return 0.5 * (1 - tanh(min(y - wave, max(column - 0.06, y - 0.6)) / (2 * l)))
        }
        let problem = Conduction<Double>(grid, reaction: { x, y, z in
            let xi = metal(x, y, z)
            return 4 * xi * (1 - xi) / l
        }, walls: [.init(axis: .y, upper: true) { _, _, _ in 0 }]) { x, y, z in max(1 - metal(x, y, z), 1 / contrast) }
        problem.each { i, j, k in problem.right[i, j, k] += j < grid.ny - 1 ? problem.equation.s[i, j, k] : 0 }
        return problem
    }
}
