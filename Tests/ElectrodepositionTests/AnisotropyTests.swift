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
        let xi = Field<Double>(grid), psi = Field<Double>(grid), weight = Field<Double>(grid), drift = Field<Double>(grid),
            curvature = Field<Double>(grid)
        func distance(_ x: Double, _ y: Double, _ z: Double) -> Double { hypot(hypot(x - half, y - half), solid ? z - half : 0) }
        xi.set { 0.5 * (1 - tanh((distance($0, $1, $2) - radius) / 2)) }
        let shape = InterfaceGeometry<Double>(spacing: 1, halfWidth: 1, ramp: 0.01, discretelyExact: scheme == .sharp, compensatesCurvature: true,
                                              anisotropy: strength, folds: folds, cosine: cos(Double(folds) * angle), sine: sin(Double(folds) * angle))
        let rows = 0..<grid.rows, rowWeights = RowSums(grid)
        device.kernels.signedDistance(psi.cells, xi.cells, halfWidth: 1, xi.layout, rows)
        device.kernels.geometry(
            weight: weight.cells, drift: drift.cells, curvature: curvature.cells, smoothed: nil, rowWeights: rowWeights.values, xi.cells, psi.cells, shape, xi.layout, rows)
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

    @Test(
        "a circle: 1 - delta (m^2 - 1) cos m (theta - theta0)", arguments: InterfaceSettings.Scheme.allCases,
        [(4, 0.0), (4, 0.3), (6, 0.2), (2, 1.0), (3, 0.5)])
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

    @Test(
        "Allen-Cahn capillarity turns a circle towards its equilibrium shape at the rate of v = -M l a (a + a'') K",
        arguments: InterfaceSettings.Scheme.allCases)
    func variational(_ scheme: InterfaceSettings.Scheme) throws {
        // r = R + rho cos 4 theta: to first order d rho/dt = M l (14 delta/R - 15 rho/R^2), so rho = (14 delta R/15) (1 - e^(-15 M l t/R^2)).
        let delta = 0.03, middle = 28 * l
        var s = FreeInterface.still(56, 28, dx: 0.5, scheme, .allenCahn)
        s.interface.anisotropy.strength = delta
        let sim = try start(s)
        sim.place(metal: { x, y, _ in 0.5 * (1 - tanh((hypot(x - middle, y) - 20 * l) / (2 * l))) })
        let time = 16 * l / FreeInterface.mobility, square = 400 - 0.5 * 2 * 16
        try sim.run(until: time)
        /// Radius along a direction: xi = 1/2 by bilinear interpolation and bisection.
        func radius(_ nx: Double, _ ny: Double) -> Double {
            func xi(_ r: Double) -> Double {
                let h = sim.grid.spacing, x = (middle + r * nx) / h - 0.5, y = r * ny / h - 0.5
                let i = Int(x.rounded(.down)), j = Int(y.rounded(.down)), p = x - Double(i), q = y - Double(j)
                return (1 - p) * ((1 - q) * sim.phase[i, j] + q * sim.phase[i, j + 1]) + p
                    * ((1 - q) * sim.phase[i + 1, j] + q * sim.phase[i + 1, j + 1])
            }
            var low = 15 * l, high = 25 * l
            for _ in 0..<60 {
                let r = 0.5 * (low + high)
                if xi(r) > 0.5 { low = r } else { high = r }
            }
            return low
        }
        let diagonal = 0.5.squareRoot(), difference = (radius(0, 1) - radius(diagonal, diagonal)) / (2 * l)
        let expected = 14 * delta * square.squareRoot() / 15 * (1 - exp(-15 * 16 / square))
        #expect(abs(difference / expected - 1) < 0.08, "\(difference), expected \(expected)")
    }
}
