internal import Elliptic
import Glibc
internal import Grids

/// Layers of two materials between walls at 0 and 1 (8 cells of conductivity 1, 8 of 1/contrast, and so on), and the checkerboard.
package enum ConductionProblems {
    static func grid(_ axis: Int) -> Grid {
        var n = [16, 16, 8]
        n[axis] = 32
        return Grid(nx: n[0], ny: n[1], nz: n[2], spacing: 1.0 / 32, x: axis == 0 ? .bounded : .periodic,
                    y: axis == 1 ? .bounded : .periodic,
                    z: axis == 2 ? .bounded : .periodic)
    }

    /// Layers across the current: largest relative error of the current, whose mean conductivity is the series average.
    package static func series(axis: Int, contrast: Double) throws -> Double {
        let walls = [Conduction<Double>.Wall(axis: .init(rawValue: axis)!, upper: false, value: { _, _, _ in 0 }),
                     Conduction<Double>.Wall(axis: .init(rawValue: axis)!, upper: true, value: { _, _, _ in 1 })]
        let problem = Conduction<Double>(grid(axis), walls: walls) { x, y, z in
            Int([x, y, z][axis] * 32) / 8 % 2 == 0 ? 1 : 1 / contrast
        }
        guard problem.solve(tolerance: 1e-13).converged else { throw ValidationFailure("the conduction problem did not converge") }
        // Half of the unit length conducts 1, half 1/contrast.
        let effective = 2 / (1 + contrast)
        var worst = 0.0
        problem.each { i, j, k in
            guard [i, j, k][axis] == 0 else { return }
            worst = max(worst, abs(2 * 32 * problem.solution[i, j, k] / effective - 1))
        }
        return worst
    }

    /// Layers along the current: relative error of the current (plain average), largest error of the potential (linear).
    package static func parallel(axis: Int, contrast: Double) throws -> (current: Double, potential: Double) {
        let walls = [Conduction<Double>.Wall(axis: .init(rawValue: axis)!, upper: false, value: { _, _, _ in 0 }),
                     Conduction<Double>.Wall(axis: .init(rawValue: axis)!, upper: true, value: { _, _, _ in 1 })]
        let across = axis == 0 ? 1 : 0
        let problem = Conduction<Double>(grid(axis), walls: walls) { x, y, z in
            Int([x, y, z][across] * 32) / 8 % 2 == 0 ? 1 : 1 / contrast
        }
        guard problem.solve(tolerance: 1e-13).converged else { throw ValidationFailure("the conduction problem did not converge") }
        var current = 0.0, linear = 0.0, cells = 0.0
        problem.each { i, j, k in
            let n = [i, j, k][axis]
            linear = max(linear, abs(problem.solution[i, j, k] - (Double(n) + 0.5) / 32))
            if n == 0 { current += 64 * problem.conductivity[i, j, k] * problem.solution[i, j, k]; cells += 1 }
        }
        return (current / cells / ((1 + 1 / contrast) / 2) - 1, linear)
    }

    /// A periodic checkerboard of contrast 10 conducts the geometric mean sqrt(s1 s2) (J. B. Keller, J. Math. Phys. 5, 548, 1964):
    /// relative errors on 64^2 and 128^2 cells and extrapolated. The corners make the energy converge as h^(2 lambda), lambda = (4/pi)
    /// atan(1/sqrt(contrast)).
    package static func checkerboard() throws -> (coarse: Double, fine: Double, extrapolated: Double) {
        let contrast = 10.0, exact = contrast.squareRoot()
        let order = 8 / Double.pi * atan(1 / contrast.squareRoot())
        let effective = try [64, 128].map { n -> Double in
            let problem = Conduction<Double>(Grid(nx: n, ny: n, spacing: 1 / Double(n), y: .periodic)) { x, y, _ in
                (x < 0.5) == (y < 0.5) ? contrast : 1
            }
            // u = x + v: -div(a grad v) = div(a e_x), all walls periodic, so v is known up to a constant.
            let h = 1 / Double(n), a = problem.equation
            problem.each { i, j, _ in problem.right[i, j] = h * (a.x[(i + 1) % n, j] - a.x[i, j]) }
            guard problem.solve(tolerance: 1e-9).converged, problem.trueResidual() < 1e-7 else {
                throw ValidationFailure("the checkerboard did not converge")
            }
            var flux = 0.0, mean = 0.0
            problem.each { i, j, _ in
                flux += a.x[i, j] * h * (h + problem.solution[i, j] - problem.solution[(i + n - 1) % n, j]) * h * h
                mean += problem.solution[i, j] * h * h
            }
            guard abs(mean) < 1e-12 else { throw ValidationFailure("the potential of the checkerboard has a mean of \(mean)") }
            return flux
        }
        let ratio = pow(2, order), extrapolated = (ratio * effective[1] - effective[0]) / (ratio - 1)
        return (effective[0] / exact - 1, effective[1] / exact - 1, extrapolated / exact - 1)
    }
}
