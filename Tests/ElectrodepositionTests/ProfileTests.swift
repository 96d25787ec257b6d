import Electrodeposition
import Glibc
import Grids
import Testing

/// Motion of the interface without reaction: d xi/dt = M l [lap xi + C - w].
@Suite("Profile and curvature")
struct ProfileTests {
    @Test("a wrong profile relaxes to the tanh, with the surface energy sqrt(2 kappa W)/6", arguments: InterfaceSettings.Scheme.allCases)
    func staticProfile(_ scheme: InterfaceSettings.Scheme) throws {
        let (distance, energy) = try FreeInterface.settledProfile(scheme)
        #expect(distance < 1e-3)
        #expect(abs(energy) < 1e-3)
    }

    @Test("R^2 of a circle falls at 2 M l", arguments: InterfaceSettings.Scheme.allCases)
    func circleShrinks(_ scheme: InterfaceSettings.Scheme) throws {
        let rate = try FreeInterface.rate(scheme, .allenCahn, dx: 0.5, from: 17, to: 11, solid: false)
        #expect(abs(rate + 1) < 0.01, "rate \(rate)")
    }

    @Test("a circle keeps its radius when the curvature is compensated", arguments: InterfaceSettings.Scheme.allCases)
    func circleStays(_ scheme: InterfaceSettings.Scheme) throws {
        let rate = try FreeInterface.rate(scheme, .physical, dx: 0.5, from: 14, to: 10, solid: false)
        #expect(abs(rate) < 0.01, "rate \(rate)")
    }

    @Test("R^2 of a sphere falls at 4 M l", arguments: InterfaceSettings.Scheme.allCases)
    func sphereShrinks(_ scheme: InterfaceSettings.Scheme) throws {
        let rate = try FreeInterface.rate(scheme, .allenCahn, dx: runsFull ? 0.5 : 0.625, from: 13, to: 10, solid: true)
        #expect(abs(rate + 2) < 0.02, "rate \(rate)")
    }

    @Test("a sphere keeps its radius when the curvature is compensated", arguments: InterfaceSettings.Scheme.allCases)
    func sphereStays(_ scheme: InterfaceSettings.Scheme) throws {
        let rate = try FreeInterface.rate(scheme, .physical, dx: runsFull ? 0.5 : 0.625, from: 12, to: 10, solid: true)
        #expect(abs(rate) < 0.02, "rate \(rate)")
    }

    @Test("a sphere at rest stays round at a spacing of two half-widths")
    func coarseSphereStaysRound() throws {
        let departure = try FreeInterface.departureOfRestingSphere(.sharp, dx: 2, radius: 12, time: 240)
        // 2.8 l without the smoothed curvature; what is left is the slow fourfold drift of the lattice.
        #expect(departure < 0.25, "departure \(departure) l")
    }

    /// The neighbours of a pore of one cell belong to other fronts; their curvature is none of its own (it held pores open at -0.45 V).
    @Test("a pore of one cell gets no curvature term from the fronts beside it")
    func pore() {
        let grid = Grid(nx: 16, ny: 16, spacing: 1), device = Device()
        let xi = Field<Double>(grid), psi = Field<Double>(grid), weight = Field<Double>(grid), drift = Field<Double>(grid)
        // Round-off and noise of the rows of a pore between two fronts.
        xi.set { x, y, _ in Int(x) == 8 ? (Int(y) % 3 == 0 ? 2e-4 : 2e-6) : 0.5 + 0.1 * (x < 8 ? 1 : -1) }
        let shape = InterfaceGeometry<Double>(spacing: 1, halfWidth: 1, ramp: 0.01, discretelyExact: true, compensatesCurvature: true)
        let rows = 0..<grid.rows, rowWeights = RowSums(grid)
        device.kernels.signedDistance(psi.cells, xi.cells, halfWidth: 1, xi.layout, rows)
        xi.fillGhosts()
        device.kernels.geometry(weight: weight.cells, drift: drift.cells, curvature: nil, smoothed: nil, rowWeights: rowWeights.values, xi.cells, psi.cells, shape, xi.layout, rows)
        let largest = (1..<15).map { abs(drift[8, $0]) }.max()!
        #expect(largest < 0.02, "\(largest)")
    }
}
