package import Elliptic
package import Grids

/// s u - div(a grad u) = f from a cell-wise conductivity, with insulating (or wrapping) ends and Dirichlet walls where asked for.
package final class Conduction<T: Real> {
    package enum Axis: Int, CaseIterable { case x, y, z }
    package struct Wall {
        let axis: Axis, upper: Bool, value: (Double, Double, Double) -> Double

        package init(axis: Axis, upper: Bool, value: @escaping (Double, Double, Double) -> Double) {
            (self.axis, self.upper, self.value) = (axis, upper, value)
        }
    }

    package let grid: Grid
    package let equation: EllipticOperator<T>
    package let right: Field<T>, solution: Field<T>
    package let conductivity: Field<Double>

    package init(_ grid: Grid, harmonic: Bool = true, reaction: (Double, Double, Double) -> Double = { _, _, _ in 0 }, walls: [Wall] = [],
         conductivity a: (Double, Double, Double) -> Double) {
        self.grid = grid
        equation = EllipticOperator(grid)
        right = Field(grid)
        solution = Field(grid)
        conductivity = Field(grid)
        conductivity.set(a)
        equation.s.set(reaction)
        let h2 = grid.spacing * grid.spacing
        let counts = [grid.nx, grid.ny, grid.nz], kinds = [grid.x, grid.y, grid.z]
        let faces: [Field<T>?] = [equation.x, equation.y, equation.z]
        each { i, j, k in
            for axis in 0..<3 {
                guard let field = faces[axis] else { continue }
                var lower = [i, j, k]
                if lower[axis] == 0 && kinds[axis] == .bounded { continue }
                lower[axis] = (lower[axis] + counts[axis] - 1) % counts[axis]
                let p = conductivity[i, j, k], q = conductivity[lower[0], lower[1], lower[2]]
                field[i, j, k] = T((harmonic ? 2 * p * q / (p + q) : (p + q) / 2) / h2)
            }
        }
        equation.closeFaces()
        for wall in walls {
            each { i, j, k in
                let n = wall.axis.rawValue
                guard [i, j, k][n] == (wall.upper ? counts[n] - 1 : 0) else { return }
                var position = [i, j, k].map { (Double($0) + 0.5) * grid.spacing }
                position[n] = wall.upper ? Double(counts[n]) * grid.spacing : 0
                let g = 2 * conductivity[i, j, k] / h2
                equation.s[i, j, k] += T(g)
                right[i, j, k] += T(g * wall.value(position[0], position[1], position[2]))
            }
        }
    }

    package func each(_ body: (Int, Int, Int) -> Void) {
        for k in 0..<grid.nz { for j in 0..<grid.ny { for i in 0..<grid.nx { body(i, j, k) } } }
    }

    package func solve(tolerance: Double = 1e-10, threads: Int = 1, maximumIterations: Int = 200) -> SolveReport {
        let multigrid = Multigrid(grid, on: Device(threads: threads))
        multigrid.setUp(equation)
        return ConjugateGradient<T>(grid, multigrid: multigrid)
            .solve(equation, right, solution, tolerance: tolerance, maximumIterations: maximumIterations)
    }

    /// Largest |b - A x| over largest |b|, computed here cell by cell.
    package func trueResidual() -> Double {
        var worst = 0.0, scale = 0.0
        let a = equation
        func next(_ i: Int, _ n: Int) -> Int { (i + 1) % n }
        func previous(_ i: Int, _ n: Int) -> Int { (i + n - 1) % n }
        each { i, j, k in
            let u = solution[i, j, k]
            var v = a.s[i, j, k] * u
            v += a.x[i, j, k] * (u - solution[previous(i, grid.nx), j, k])
            v += a.x[next(i, grid.nx), j, k] * (u - solution[next(i, grid.nx), j, k])
            v += a.y[i, j, k] * (u - solution[i, previous(j, grid.ny), k])
            v += a.y[i, next(j, grid.ny), k] * (u - solution[i, next(j, grid.ny), k])
            if let z = a.z {
                v += z[i, j, k] * (u - solution[i, j, previous(k, grid.nz)])
                v += z[i, j, next(k, grid.nz)] * (u - solution[i, j, next(k, grid.nz)])
            }
            worst = max(worst, abs(Double(right[i, j, k] - v)))
            scale = max(scale, abs(Double(right[i, j, k])))
        }
        return worst / scale
    }
}
