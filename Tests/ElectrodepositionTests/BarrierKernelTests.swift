import Electrodeposition
import Glibc
import Grids
import Testing

/// The rate kernel with a barrier against scalar arithmetic of its own.
@Suite("Reaction kernel, barrier")
struct BarrierKernelTests {
    struct Point { var c, phi, barrier: Double }
    static let exchange = 20.0, alpha = 0.4, resistance = 0.01
    static let points = [30.0, 1000, 2500].flatMap { c in
        [-0.03, 0.0, 0.02].flatMap { phi in [0, 0.005, 0.04, 0.3].map { Point(c: c, phi: phi, barrier: $0) } }
    }

    /// A/m^2.
    static func scalar(_ p: Point, volts: Double, film: Bool) -> Double {
        let f = thermalFactor, ratio = p.c / 1000, nernst = log(ratio) / f, drive = nernst - (volts - p.phi)
        let eta = nernst - (drive > 0 ? max(drive - p.barrier, 1e-6 * drive) : drive)
        func current(_ eta: Double) -> Double { exchange * (ratio * exp(-alpha * f * eta) - exp((1 - alpha) * f * eta)) }
        guard film else { return current(eta) }
        var low = min(0, (nernst - eta) / resistance), high = max(0, (nernst - eta) / resistance)
        for _ in 0..<200 {
            let i = 0.5 * (low + high)
            if i - current(eta + i * resistance) > 0 { high = i } else { low = i }
        }
        return 0.5 * (low + high)
    }

    static func kernel(_ points: [Point], volts: Double, film: Bool) -> [(i: Double, byC: Double, byPhi: Double)] {
        let grid = Grid(nx: points.count, ny: 1, spacing: 1), perVolume = faraday / molarVolume
        func field(_ value: (Point) -> Double) -> Field<Double> {
            let u = Field<Double>(grid)
            u.setValues(points.map(value))
            return u
        }
        let rate = field { _ in 0 }, byC = field { _ in 0 }, byPhi = field { _ in 0 }, maxima = RowSums(grid), weight = field { _ in 1 },
            xi = field { _ in 0.5 }
        let c = field(\.c), phi = field(\.phi), barrier = field(\.barrier), r = field { _ in resistance }
        let numbers = ReactionNumbers<Double>(
            exchangeRate: exchange / perVolume, inverseReference: 1e-3, cathodic: alpha * thermalFactor, anodic: (1 - alpha) * thermalFactor,
            metalPotential: volts, curvatureFactor: 0, usesReferencePotential: false, chargePerVolume: perVolume)
        let fields = ReactionFields(resistance: film ? UnsafePointer(r.cells) : nil, barrier: UnsafePointer(barrier.cells))
        InstructionSet.best.kernels.reactionRates(rate: rate.cells, byConcentration: byC.cells, byPotential: byPhi.cells, weight: weight.cells, xi: xi.cells,
                                                  concentration: c.cells, potential: phi.cells, fields, numbers, floor: 1e-6, rowMaxima: maxima.values, rate.layout, 0..<1)
        return points.indices.map { (rate[$0, 0] * perVolume, byC[$0, 0] * perVolume, byPhi[$0, 0] * perVolume) }
    }

    @Test("current and slopes, with and without a film", arguments: [false, true])
    func rates(_ film: Bool) {
        for volts in [-0.2, -0.06, -0.013, 0.05] {
            for (p, g) in zip(Self.points, Self.kernel(Self.points, volts: volts, film: film)) {
                let expected = Self.scalar(p, volts: volts, film: film), scale = abs(expected) + 1e-3
                #expect(abs(g.i - expected) <= 1e-9 * scale, "\(p) at \(volts) V: \(g.i), expected \(expected)")
                func slope(_ h: Double, _ change: (inout Point, Double) -> Void) -> Double {
                    var a = p, b = p
                    change(&a, h)
                    change(&b, -h)
                    return (Self.scalar(a, volts: volts, film: film) - Self.scalar(b, volts: volts, film: film)) / (2 * h)
                }
                let byPhi = slope(1e-7) { $0.phi += $1 }, byC = slope(1e-4 * p.c) { $0.c += $1 }
                #expect(abs(g.byPhi - byPhi) <= 1e-5 * abs(byPhi) + 0.02, "\(p) at \(volts) V: \(g.byPhi), expected \(byPhi)")
                #expect(abs(g.byC - byC) <= 1e-4 * abs(byC) + 1e-5, "\(p) at \(volts) V: \(g.byC), expected \(byC)")
            }
        }
    }
}
