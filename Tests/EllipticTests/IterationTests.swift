import Elliptic
import Glibc
import Grids
import Testing
import Validation

/// The charge equation of a plated electrode: a wavy metal layer with a column, diffuse over a few cells, badly conducting metal, reaction on the
/// surface, a potential given at the top.
func electrode<T: Real>(_ grid: Grid, contrast: Double, _: T.Type = T.self) -> Conduction<T> {
    let height = Double(grid.ny) * grid.spacing, l = grid.spacing
    func metal(_ x: Double, _ y: Double, _ z: Double) -> Double {
        let wave = 0.25 + 0.04 * cos(2 * .pi * 3 * x / height) + (grid.nz > 1 ? 0.03 * cos(2 * .pi * 2 * z / height) : 0)
        let column = grid.nz > 1 ? hypot(x - 0.5 * height, z - 0.5 * height) : abs(x - 0.5 * height)
        let distance = min(y - wave * height, max(column - 0.06 * height, y - 0.6 * height))
        return 0.5 * (1 - tanh(distance / (2 * l)))
    }
    let problem = Conduction<T>(grid, reaction: { x, y, z in
        let xi = metal(x, y, z)
        return 4 * xi * (1 - xi) / l
    }, walls: [.init(axis: .y, upper: true) { _, _, _ in 0 }]) { x, y, z in max(1 - metal(x, y, z), 1 / contrast) }
    problem.each { i, j, k in problem.right[i, j, k] += problem.equation.s[i, j, k] * (j < grid.ny - 1 ? 1 : 0) }
    return problem
}

@Suite("Iterations of the preconditioned solve")
struct IterationTests {
    /// (n, dimensions, contrast, bound), cold start to a residual of 1e-8, formed anew.
    static let table: [(Int, Int, Double, Int)] = [
        (128, 2, 1e2, 17), (128, 2, 1e4, 17), (128, 2, 1e7, 17),
        (512, 2, 1e2, 20), (512, 2, 1e4, 20), (512, 2, 1e7, 20),
        (64, 3, 1e2, 22), (64, 3, 1e4, 22), (64, 3, 1e7, 22),
    ]

    @Test("bounded in the grid and the contrast", arguments: table)
    func bounded(n: Int, dimensions: Int, contrast: Double, bound: Int) {
        let problem = electrode(Grid(nx: n, ny: n, nz: dimensions == 3 ? n : 1, spacing: 1 / Double(n)), contrast: contrast, Double.self)
        let report = problem.solve(tolerance: 1e-8)
        #expect(report.converged)
        #expect(report.iterations <= bound)
        #expect(problem.trueResidual() < 1e-6)
    }

    /// Odd, prime and thin grids, all kinds of ends.
    @Test("any size and any ends", arguments: [(1, 64, 1), (2, 97, 1), (3, 50, 1), (64, 1, 1), (61, 2, 1), (37, 41, 1), (127, 131, 1), (101, 64, 1),
                                               (1, 33, 17), (2, 19, 23), (3, 31, 5), (17, 13, 19), (29, 2, 31), (15, 1, 15), (5, 3, 2), (1, 1, 7)])
    func sizes(nx: Int, ny: Int, nz: Int) {
        for ends in 0..<8 {
            func kind(_ bit: Int) -> Grid.Topology { ends & bit == 0 ? .periodic : .bounded }
            let grid = Grid(nx: nx, ny: ny, nz: nz, spacing: 1, x: kind(1), y: kind(2), z: kind(4))
            let stream = RandomStream(seed: 3, purpose: "sizes")
            let problem = Conduction<Double>(grid, reaction: { x, y, z in x + y + z < 6 ? 0.1 : 0 }) { x, y, z in
                exp(stream.normalPair(UInt64(x), UInt64(y + 1000 * z)).0)
            }
            problem.right.set { x, y, z in stream.normalPair(UInt64(x), UInt64(y + 1000 * z)).1 }
            let report = problem.solve()
            #expect(report.converged && report.iterations <= 30)
            #expect(problem.trueResidual() < 1e-8)
        }
    }
}
