import Electrodeposition
import Glibc
import Grids
import Testing

/// The rate kernel against scalar arithmetic of its own.
@Suite("Reaction kernel", .serialized)
struct ReactionKernelTests {
    struct Point { var c = 1000.0, phi = 0.0, resistance = 0.0 }
    static let exchange = 20.0, alpha = 0.4

    static func scalar(_ p: Point, eta0: Double, reference: Bool) -> Double {
        let f = thermalFactor, a = alpha, ratio = p.c / 1000
        func current(_ eta: Double) -> Double {
            reference
                ? exchange * pow(ratio, 1 - a) * (exp(-a * f * eta) - exp((1 - a) * f * eta))
                : exchange * (ratio * exp(-a * f * eta) - exp((1 - a) * f * eta))
        }
        // i - current(E + i r) rises with i: bisection between bounds that hold any root.
        let e = eta0 - p.phi
        guard p.resistance > 0 else { return current(e) }
        let nernst = reference ? 0 : log(ratio) / f
        var low = min(0, (nernst - e) / p.resistance), high = max(0, (nernst - e) / p.resistance)
        for _ in 0..<200 {
            let i = 0.5 * (low + high)
            if i - current(e + i * p.resistance) > 0 { high = i } else { low = i }
        }
        return 0.5 * (low + high)
    }

    /// i_n and its derivatives from the kernel, A/m^2 (per mol/m^3, per V).
    static func kernel(_ points: [Point], phiS: Double, reference: Bool, film: Bool, set: InstructionSet) -> [(i: Double, byC: Double, byPhi: Double)]
    {
        let grid = Grid(nx: points.count, ny: 1, spacing: 1), perVolume = faraday / molarVolume, kernels = set.kernels
        func field(_ value: (Int) -> Double) -> Field<Double> {
            let u = Field<Double>(grid)
            u.setValues(points.indices.map(value))
            return u
        }
        let rate = field { _ in 0 }, byC = field { _ in 0 }, byPhi = field { _ in 0 }, maxima = RowSums(grid)
        let weight = field { _ in 1 }, xi = field { _ in 0.5 }, c = field { points[$0].c }, phi = field { points[$0].phi }
        let r = field { points[$0].resistance }
        let numbers = ReactionNumbers<Double>(
            exchangeRate: exchange / perVolume, inverseReference: 1e-3, cathodic: alpha * thermalFactor, anodic: (1 - alpha) * thermalFactor,
            metalPotential: phiS, curvatureFactor: 0, usesReferencePotential: reference, chargePerVolume: perVolume)
        kernels.reactionRates(rate: rate.cells, byConcentration: byC.cells, byPotential: byPhi.cells, weight: weight.cells, xi: xi.cells,
                              concentration: c.cells, potential: phi.cells, ReactionFields(resistance: film ? UnsafePointer(r.cells) : nil), numbers,
                              floor: 1e-6, rowMaxima: maxima.values, rate.layout, 0..<1)
        return points.indices.map { (rate[$0, 0] * perVolume, byC[$0, 0] * perVolume, byPhi[$0, 0] * perVolume) }
    }

    static let points = [1.0, 30, 1000, 2500].flatMap { c in
        [-0.2, -0.02, 0.0, 0.1].flatMap { phi in [1e-6, 1e-3, 0.02, 1, 50].map { Point(c: c, phi: phi, resistance: $0) } }
    }

    @Test(
        "with a film: Newton against bisection over ten orders of magnitude", arguments: [false, true], InstructionSet.allCases.filter(\.isAvailable))
    func film(_ reference: Bool, _ set: InstructionSet) {
        for volts in [-3.0, -0.5, -0.05, -1e-4, 0.02, 0.4, 3] {
            let got = Self.kernel(Self.points, phiS: volts, reference: reference, film: true, set: set)
            for (p, g) in zip(Self.points, got) {
                let expected = Self.scalar(p, eta0: volts, reference: reference)
                #expect(abs(g.i - expected) <= 1e-9 * abs(expected) + 1e-9, "\(p) at \(volts) V: \(g.i), expected \(expected)")
            }
        }
    }

    @Test("without a film the rate is Butler-Volmer's, and the derivatives are those of the rate", arguments: [false, true], [false, true])
    func derivatives(_ reference: Bool, _ film: Bool) {
        for volts in [-0.3, -0.02, 0.05] {
            let points = Self.points.map { film ? $0 : Point(c: $0.c, phi: $0.phi) }
            let got = Self.kernel(points, phiS: volts, reference: reference, film: film, set: .best)
            for (p, g) in zip(points, got) {
                func i(_ dc: Double, _ dphi: Double) -> Double {
                    Self.scalar(Point(c: p.c + dc, phi: p.phi + dphi, resistance: p.resistance), eta0: volts, reference: reference)
                }
                let dc = 1e-4 * p.c, scale = abs(i(0, 0)) + abs(g.byPhi) / thermalFactor
                #expect(abs(g.i - i(0, 0)) <= 1e-9 * scale)
                #expect(abs(g.byC * p.c - (i(dc, 0) - i(-dc, 0)) / 2e-4) <= 1e-5 * scale)
                #expect(abs(g.byPhi - (i(0, 1e-5) - i(0, -1e-5)) / 2e-5) <= 1e-5 * scale * thermalFactor)
                #expect(g.byPhi >= 0)
            }
        }
    }

    @Test("a thick film: the drop i r is the whole overpotential to 0.1 %")
    func ohmic() {
        let p = Point(resistance: 50), i = Self.kernel([p], phiS: -4, reference: false, film: true, set: .best)[0].i
        let f = thermalFactor, kinetic = 4 - i * p.resistance
        // What is left for the kinetics drives that same current.
        let driven = Self.exchange * (exp(Self.alpha * f * kinetic) - exp(-(1 - Self.alpha) * f * kinetic))
        #expect(abs(driven / i - 1) < 1e-3)
        #expect(i * 50 > 3.99)
    }
}
