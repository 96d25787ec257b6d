import Glibc
internal import Grids
import Spectral

/// The implicit part of the phase equation: (1 - b lap) u = f, periodic along x, walls along y.
enum PhaseSolve {
    static func measure() throws -> Measurement {
        let n = 512, grid = Grid(nx: n, ny: n, spacing: 1), device = Device(), b = 0.7
        let solver = HelmholtzSolver(try Transform<Double>(grid, Boundaries(grid), device: device), .spectral), u = Field<Double>(grid)
        // An eigenfunction is divided by 1 + b k^2, a constant is kept.
        let kx = 2 * Double.pi * 5 / Double(n), ky = Double.pi * 7 / Double(n), factor = 1 / (1 + b * (kx * kx + ky * ky))
        u.set { x, y, _ in 1 + cos(kx * x) * cos(ky * y) }
        solver.solve(u, a: 1, b: b)
        var worst = 0.0
        for j in 0..<n {
            for i in 0..<n { worst = max(worst, abs(u[i, j] - 1 - factor * cos(kx * (Double(i) + 0.5)) * cos(ky * (Double(j) + 0.5)))) }
        }
        try WrongAnswer.unless(worst, is: 0, within: 1e-12, "error of the solution")

        let pair = try TransformPair<Double>(grid, on: device), own = try TransformPair<Double>(grid, on: device, ownKind: true)
        let solve = { solver.solve(u, a: 1, b: b) }
        let result = Comparison.repeated(solve, against: pair.run), ownResult = Comparison.repeated(solve, against: own.run)
        var m = Measurement("phase-2d-512")
        m.add("pairs", result.ratio)
        m.add("ownPairs", ownResult.ratio)
        m.add("nsPerCell", 1e9 * result.subject / Double(grid.cells))
        m.add("pairNsPerCell", 1e9 * result.reference / Double(grid.cells))
        return m
    }
}
