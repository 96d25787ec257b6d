package import Elliptic
import Glibc
package import Grids

package enum FlowProblems {
    package static func flow(_ grid: Grid, ends: StokesBrinkman.Ends = .closed, walls: StokesBrinkman.Walls = .noSlip, threads: Int = 1,
                     method: StokesBrinkman.Method? = nil, drag: ((Double, Double, Double) -> Double)? = nil) throws -> StokesBrinkman {
        let solver = try StokesBrinkman(grid, ends: ends, walls: walls, device: Device(threads: threads), effort: .estimate)
        if let drag {
            let alpha = Field<Double>(grid)
            alpha.set(drag)
            solver.setDrag(alpha, method)
        }
        return solver
    }

    package static func force(_ grid: Grid, _ value: (Int, Int, Int, Int) -> Double) -> VectorField<Double> {
        let f = VectorField<Double>(grid)
        for (a, c) in f.components.enumerated() {
            for k in 0..<grid.nz { for j in 0..<grid.ny { for i in 0..<grid.nx { c[i, j, k] = value(a, i, j, k) } } }
        }
        return f
    }

    /// Open channel under a force f = 1 with mu = 1 along x (0) or z (2): largest errors on 16, 32 and 64 cells, and the velocity in the
    /// middle of the last.
    package static func poiseuille(axis: Int) throws -> (errors: [Double], middle: Double) {
        var middle = 0.0
        let errors = try [16, 32, 64].map { n -> Double in
            let grid = Grid(nx: 8, ny: n, nz: axis == 2 ? 6 : 1, spacing: 1 / Double(n)), h = grid.spacing
            let solver: StokesBrinkman = try flow(grid, ends: .open)
            // f = 1, mu = 1: times h^2.
            let report = solver.solve(force(grid) { a, _, _, _ in a == axis ? h * h : 0 }, tolerance: 1e-10)
            guard report.converged && report.iterations <= 2 else {
                throw ValidationFailure("the open channel took \(report.iterations) iterations")
            }
            var worst = 0.0
            for j in 0..<n {
                let y = (Double(j) + 0.5) * h
                worst = max(worst, abs((axis == 0 ? solver.velocity.x : solver.velocity.z!)[3, j] - y * (1 - y) / 2))
            }
            middle = (axis == 0 ? solver.velocity.x : solver.velocity.z!)[0, n / 2]
            return worst
        }
        return (errors, middle)
    }

    /// Square array of cylinders of area fraction 0.2: f L^2 = 51.53 mu U (Sangani and Acrivos, Int. J. Multiphase Flow 8, 193, 1982),
    /// minus 1. The cell's walls are planes of symmetry; drag 1.98 mu h(xi)/l^2 with l = dx puts the no-slip surface at xi = 1/2.
    package static func cylinders(n: Int) throws -> Double {
        let h = 1 / Double(n), grid = Grid(nx: n, ny: n, spacing: h), radius = (0.2 / Double.pi).squareRoot()
        func solid(_ x: Double, _ y: Double) -> Double {
            let xi = 0.5 * (1 - tanh((hypot(x - 0.5, y - 0.5) - radius) / (2 * h)))
            return xi * xi * xi * (6 * xi * xi - 15 * xi + 10)
        }
        let solver: StokesBrinkman = try flow(grid, ends: .open, walls: .slip) { x, y, _ in 1.98 * solid(x, y) }
        let f = force(grid) { a, i, j, _ in a == 0 ? h * h * (1 - solid(Double(i) * h, (Double(j) + 0.5) * h)) : 0 }
        let report = solver.solve(f, tolerance: 1e-6)
        guard report.converged else { throw ValidationFailure("the flow through the cylinders did not converge") }
        let mean = solver.velocity.x.values().reduce(0, +) * h * h
        return 1 / mean / 51.53 - 1
    }

    /// Largest velocity that a uniform force makes where the net flow is closed.
    package static func uniformForce() throws -> Double {
        let solver: StokesBrinkman = try flow(Grid(nx: 32, ny: 24, spacing: 1)) { x, y, _ in y < 6 + 2 * cos(x) ? 2 : 0 }
        _ = solver.solve(force(solver.velocity.grid) { a, _, _, _ in [3, 0, -2][a] }, tolerance: 1e-6)
        return solver.velocity.components.flatMap { $0.values() }.reduce(0) { max($0, abs($1)) }
    }
}
