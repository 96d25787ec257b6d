import Electrodeposition
import Glibc
import Grids
import Testing

/// Weighted (Cahn-Hoffman) curvature on circles and spheres, where it is known: (a + a'')/R in the plane, (2 a + lap_sphere a)/R in space.
@Suite("Anisotropy")
struct AnisotropyTests {
    /// Largest relative error of the curvature over cells near the surface of a body of radius R (in cells).
    static func error(_ scheme: InterfaceSettings.Scheme, radius: Double, solid: Bool, strength: Double, folds: Int = 4, angle: Double = 0,
                      _ expected: (_ nx: Double, _ ny: Double, _ nz: Double) -> Double) -> Double {
        let n = Int(2 * radius) + 20, grid = Grid(nx: n, ny: n, nz: solid ? n : 1, spacing: 1), half = Double(n) / 2, device = Device()
        let xi = Field<Double>(grid), psi = Field<Double>(grid), weight = Field<Double>(grid), drift = Field<Double>(grid), curvature = Field<Double>(grid)
        func distance(_ x: Double, _ y: Double, _ z: Double) -> Double { hypot(hypot(x - half, y - half), solid ? z - half : 0) }
        xi.set { 0.5 * (1 - tanh((distance($0, $1, $2) - radius) / 2)) }
        let shape = InterfaceGeometry<Double>(spacing: 1, halfWidth: 1, ramp: 0.01, discretelyExact: scheme == .sharp, compensatesCurvature: true,
                                              anisotropy: strength, folds: folds, cosine: cos(Double(folds) * angle), sine: sin(Double(folds) * angle))
        let rows = 0..<grid.rows
        device.kernels.signedDistance(psi.cells, xi.cells, halfWidth: 1, xi.layout, rows)
        device.kernels.geometry(weight: weight.cells, drift: drift.cells, curvature: curvature.cells, xi.cells, psi.cells, shape, xi.layout, rows)
        var largest = 0.0
        for k in 0..<grid.nz {
            for j in 0..<n {
                for i in 0..<n where abs(xi[i, j, k] - 0.5) < 0.25 {
                    let x = Double(i) + 0.5 - half, y = Double(j) + 0.5 - half, z = solid ? Double(k) + 0.5 - half : 0, r = hypot(hypot(x, y), z)
                    largest = max(largest, abs(curvature[i, j, k] * r - expected(x / r, y / r, z / r)))
                }
            }
        }
        return largest
    }

    @Test("a circle: 1 - delta (m^2 - 1) cos m (theta - theta0)", arguments: InterfaceSettings.Scheme.allCases, [(4, 0.0), (4, 0.3), (6, 0.2), (2, 1.0), (3, 0.5)])
    func circle(_ scheme: InterfaceSettings.Scheme, _ shape: (folds: Int, angle: Double)) {
        let delta = 0.05, m = Double(shape.folds)
        func error(_ radius: Double) -> Double {
            Self.error(scheme, radius: radius, solid: false, strength: delta, folds: shape.folds, angle: shape.angle) { x, y, _ in
                1 - delta * (m * m - 1) * cos(m * (atan2(y, x) - shape.angle))
            }
        }
        let coarse = error(15), fine = error(45)
        #expect(fine < 0.02, "error \(fine)")
        #expect(fine < coarse / 4)
    }

    @Test("a sphere: 2 a - 80 delta (sum n^4 - 3/5)", arguments: InterfaceSettings.Scheme.allCases)
    func sphere(_ scheme: InterfaceSettings.Scheme) {
        let delta = 0.05
        let error = Self.error(scheme, radius: 22, solid: true, strength: delta) { x, y, z in
            let quartic = x * x * x * x + y * y * y * y + z * z * z * z
            return 2 * (1 + delta * (4 * quartic - 3)) - 80 * delta * (quartic - 0.6)
        }
        #expect(error < 0.04, "error \(error)")
    }

    @Test("without anisotropy: 1/R and 2/R", arguments: InterfaceSettings.Scheme.allCases)
    func isotropic(_ scheme: InterfaceSettings.Scheme) {
        #expect(Self.error(scheme, radius: 20, solid: false, strength: 0) { _, _, _ in 1 } < 0.005)
        #expect(Self.error(scheme, radius: 16, solid: true, strength: 0) { _, _, _ in 2 } < 0.01)
    }

    @Test("Allen-Cahn capillarity shrinks a circle at (a + a'') a by direction", arguments: InterfaceSettings.Scheme.allCases)
    func variational(_ scheme: InterfaceSettings.Scheme) throws {
        // div(a xi-vector |grad|) of a^2 |grad xi|^2/2: v = -M l a (a + a'') K where the profile has widened to a l.
        let delta = 0.03, r1 = 20.0
        var s = ProfileTests.still(56, 28, dx: 0.5, scheme, .allenCahn)
        s.interface.anisotropy.strength = delta
        let sim = try start(s)
        sim.place(metal: { x, y, _ in
            let a = 1 + delta * cos(4 * atan2(y, x - 28 * l))
            return 0.5 * (1 - tanh((hypot(x - 28 * l, y) - r1 * l) / (2 * a * l)))
        })
        func radius(_ nx: Double, _ ny: Double) -> Double {
            // xi = 1/2 along a ray, by bilinear interpolation and bisection.
            func xi(_ r: Double) -> Double {
                let h = sim.grid.spacing, x = (28 * l + r * nx) / h - 0.5, y = max(r * ny / h - 0.5, -0.5)
                let i = Int(x.rounded(.down)), j = Int(y.rounded(.down)), p = x - Double(i), q = y - Double(j)
                func at(_ i: Int, _ j: Int) -> Double { sim.phase[i, max(j, 0)] }
                return (1 - p) * ((1 - q) * at(i, j) + q * at(i, j + 1)) + p * ((1 - q) * at(i + 1, j) + q * at(i + 1, j + 1))
            }
            var low = 10 * l, high = 25 * l
            for _ in 0..<60 { let r = 0.5 * (low + high); if xi(r) > 0.5 { low = r } else { high = r } }
            return low
        }
        try sim.run(until: 4 * l / ProfileTests.mobility)
        let time = sim.time, axis = radius(0, 1), diagonal = radius(0.5.squareRoot(), 0.5.squareRoot())
        try sim.run(until: time + 12 * l / ProfileTests.mobility)
        let span = (sim.time - time) * ProfileTests.mobility * l
        for (before, after, a, second) in [(axis, radius(0, 1), 1 + delta, 1 - 15 * delta),
                                           (diagonal, radius(0.5.squareRoot(), 0.5.squareRoot()), 1 - delta, 1 + 15 * delta)] {
            let rate = (after - before) / span * (r1 * l - 0.4 * l)
            #expect(abs(rate + a * second) < 0.08, "rate \(rate), expected \(-a * second)")
        }
    }
}
