import Elliptic
import Glibc
import Grids
import Testing

/// A periodic checkerboard of conductivities s1 and s2 conducts sqrt(s1 s2) in two dimensions (J. B. Keller, J. Math. Phys. 5, 548, 1964).
/// The corners make the energy converge as h^(2 lambda), lambda = (4/pi) atan(1/sqrt(contrast)).
@Test("checkerboard: Keller's geometric mean, extrapolated in the spacing")
func checkerboard() {
    let contrast = 10.0, exact = contrast.squareRoot()
    let order = 8 / Double.pi * atan(1 / contrast.squareRoot())
    let effective = [64, 128].map { n -> Double in
        let problem = Conduction<Double>(Grid(nx: n, ny: n, spacing: 1 / Double(n), y: .periodic)) { x, y, _ in
            (x < 0.5) == (y < 0.5) ? contrast : 1
        }
        // u = x + v: -div(a grad v) = div(a e_x), all walls periodic, so v is known up to a constant.
        let h = 1 / Double(n), a = problem.equation
        problem.each { i, j, _ in problem.right[i, j] = h * (a.x[(i + 1) % n, j] - a.x[i, j]) }
        let report = problem.solve(tolerance: 1e-9)
        #expect(report.converged)
        #expect(problem.trueResidual() < 1e-7)
        var flux = 0.0, mean = 0.0
        problem.each { i, j, _ in
            flux += a.x[i, j] * h * (h + problem.solution[i, j] - problem.solution[(i + n - 1) % n, j]) * h * h
            mean += problem.solution[i, j] * h * h
        }
        #expect(abs(mean) < 1e-12)
        return flux
    }
    let ratio = pow(2, order), extrapolated = (ratio * effective[1] - effective[0]) / (ratio - 1)
    #expect(abs(extrapolated / exact - 1) < 0.01)
    #expect(abs(effective[1] / exact - 1) < abs(effective[0] / exact - 1))
}
