package import Elliptic
import Glibc
package import Grids

/// Young's modulus and Poisson's ratio of lithium and of a ceramic.
package let soft = Stiffness<Double>.lame(young: 5e9, poisson: 0.36)

package func staggeredGrid(_ nx: Int, _ ny: Int, _ nz: Int = 1, spacing: Double = 1e-6) -> Grid {
    Grid(nx: nx, ny: ny, nz: nz, spacing: spacing)
}

/// Solid mechanics with a stiffness and an eigenstress from the fraction h of material 1: C = h C1 + (1 - h) C0, s* = h C1 e*.
package func elasticity<T>(_ grid: Grid, _ one: (lambda: Double, mu: Double), _ zero: (lambda: Double, mu: Double),
                           strain e: SIMD3<Double> = .zero,
                           threads: Int = 1, _: T.Type = Double.self,
                           fraction: (Double, Double, Double) -> Double) throws -> Elasticity<T> {
    let solver = try Elasticity<T>(grid, device: Device(threads: threads), effort: .estimate)
    solver.stiffness.lambda.set { x, y, z in let h = fraction(x, y, z); return h * one.lambda + (1 - h) * zero.lambda }
    solver.stiffness.mu.set { x, y, z in let h = fraction(x, y, z); return h * one.mu + (1 - h) * zero.mu }
    for (field, axis) in [(solver.eigenstress.xx, 0), (solver.eigenstress.yy, 1), (solver.eigenstress.zz, 2)] {
        field.set { x, y, z in fraction(x, y, z) * (one.lambda * e.sum() + 2 * one.mu * e[axis]) }
    }
    solver.stiffnessChanged()
    return solver
}

package enum ElasticProblems {
    /// In-plane eigenstrain e in a circle of area fraction f, plane strain, no mean strain: composite cylinder.
    package static func inclusionError(_ n: Int, contrast: Double) throws -> Double {
        let one = Stiffness<Double>.lame(young: 5e9 * contrast, poisson: 0.36), e = 0.01, f = 0.1, h = 1 / Double(n)
        let radius = (f / Double.pi).squareRoot()
        let solver = try elasticity(staggeredGrid(n, n, spacing: h), one, soft, strain: SIMD3(e, e, 0)) { x, y, _ in
            let xi = 0.5 * (1 - tanh((hypot(x - 0.5, y - 0.5) - radius) / (2 * h)))
            return xi * xi * xi * (6 * xi * xi - 15 * xi + 10)
        }
        guard solver.solve(tolerance: 1e-7).converged else { throw ValidationFailure("the elastic inclusion did not converge") }
        let plane = one.lambda + one.mu
        let a = plane * e / (plane + ((soft.lambda + soft.mu) * f + soft.mu) / (1 - f))
        let pressure = Field<Double>(solver.grid), mises = Field<Double>(solver.grid)
        solver.invariants(hydrostatic: pressure, mises: mises)
        return pressure[n / 2, n / 2] / ((4 * plane + 2 * one.lambda) * (a - e) / 3) - 1
    }

    /// Layers under a platen: relative errors of the mean strain (series compliance) and of the stress (uniform).
    package static func series(contrast: Double, nz: Int = 1) throws -> (strain: Double, stress: Double) {
        let stiff = Stiffness<Double>.lame(young: 5e9 * contrast, poisson: 0.3), pressure = 3e6
        let solver = try elasticity(staggeredGrid(16, 32, nz), stiff, soft) { _, y, _ in Int(y / 1e-6) / 8 % 2 == 0 ? 1 : 0 }
        guard solver.solve(.init(y: .stress(-pressure)), tolerance: 1e-12).converged else {
            throw ValidationFailure("the elastic layers did not converge")
        }
        let compliance = 0.5 / (stiff.lambda + 2 * stiff.mu) + 0.5 / (soft.lambda + 2 * soft.mu)
        return (solver.meanStrain.y / (-pressure * compliance) - 1,
                solver.stress.yy.values().reduce(0) { max($0, abs($1 / -pressure - 1)) })
    }

    /// Layers along the load, strain given: relative error of the stress across them, which is uniform.
    package static func parallel(contrast: Double, nz: Int = 1) throws -> Double {
        let stiff = Stiffness<Double>.lame(young: 5e9 * contrast, poisson: 0.3), strain = 1e-3
        let solver = try elasticity(staggeredGrid(32, 16, nz), stiff, soft) { x, _, _ in Int(x / 1e-6) / 8 % 2 == 0 ? 1 : 0 }
        guard solver.solve(.init(y: .strain(strain)), tolerance: 1e-12).converged else {
            throw ValidationFailure("the elastic layers did not converge")
        }
        let pa = stiff.lambda + 2 * stiff.mu, pb = soft.lambda + 2 * soft.mu
        let xx = strain * (stiff.lambda / pa + soft.lambda / pb) / (1 / pa + 1 / pb)
        return solver.stress.xx.values().reduce(0) { max($0, abs($1 / xx - 1)) }
    }

    /// Overpotential per pressure of lithium under a hydrostatic load, V/Pa: -V_m sigma_h/(zF).
    package static func stressVoltage() throws -> Double {
        let solver = try elasticity(staggeredGrid(7, 9), soft, soft) { _, _, _ in 1 }
        guard solver.solve(.init(x: .stress(-1e6), y: .stress(-1e6), z: .stress(-1e6)), tolerance: 1e-12).converged else {
            throw ValidationFailure("the homogeneous body did not converge")
        }
        let pressure = Field<Double>(solver.grid), mises = Field<Double>(solver.grid)
        solver.invariants(hydrostatic: pressure, mises: mises)
        return -molarVolume * pressure[0, 0] / faraday / 1e6
    }
}
