import Electrodeposition
import Glibc
import Grids
import Testing

/// What sites do to the rate: the factor on the exchange current and the nucleation overpotential.
@Suite("Sites, kinetics")
struct SiteKineticsTests {
    /// Two stripes to the box, the site one from x = 0; a slow surface in a good electrolyte.
    static func striped(_ depth: Double? = nil, _ change: (inout SimulationSettings) -> Void) -> SimulationSettings {
        box(48, 32, depth) {
            var stripes = SiteStripes()
            (stripes.period, stripes.share) = (24 * l, 0.5)
            $0.sites.stripes = stripes
            $0.kinetics.exchangeCurrentDensity = 1
            $0.control.currentDensity = 3
            change(&$0)
        }
    }

    /// Growth in the middle of the site and of the other stripe, m.
    static func growth(_ s: SimulationSettings, capacity: Double) throws -> (site: Double, other: Double) {
        let sim = try start(s), before = sim.heights
        while sim.control.charge < capacity * (1 - 1e-9) { try sim.step(until: sim.time(ofCharge: capacity)) }
        let grown = zip(sim.heights, before).map { $0 - $1 }
        func mean(_ cells: ClosedRange<Int>) -> Double { cells.reduce(0) { $0 + grown[$1] } / Double(cells.count) }
        return (mean(4...7), mean(16...19))
    }

    @Test("early currents are in the ratio of the factors to 1 %", arguments: [0.2, 1.824, 10])
    func ratio(_ factor: Double) throws {
        var s = Self.striped { _ in }
        s.sites.exchange = SiteExchange()
        s.sites.exchange?.factor = factor
        let g = try Self.growth(s, capacity: 0.02 * l * s.metal.chargePerVolume)
        #expect(abs(g.site / g.other / factor - 1) < 0.01, "\(g.site / g.other) for \(factor)")
    }

    @Test("the same in space and together with the heterogeneity of the electrode")
    func others() throws {
        var s = Self.striped(8) { $0.time.frontStep = 0.05 }
        s.sites.exchange = SiteExchange()
        s.sites.exchange?.factor = 3
        let g = try Self.growth(s, capacity: 0.02 * l * s.metal.chargePerVolume)
        #expect(abs(g.site / g.other / 3 - 1) < 0.01, "\(g)")
        // Both maps multiply: the ratio to a run without sites is the factor, up to one constant for the whole electrode.
        var h = Self.striped { $0.heterogeneity.variation = 0.3; $0.heterogeneity.correlationLength = 4 * l }
        let plain = try Self.growth(h, capacity: 0.02 * l * h.metal.chargePerVolume)
        h.sites.exchange = SiteExchange()
        h.sites.exchange?.factor = 3
        let both = try Self.growth(h, capacity: 0.02 * l * h.metal.chargePerVolume)
        #expect(abs((both.site / plain.site) / (both.other / plain.other) / 3 - 1) < 0.015, "\(both) \(plain)")
    }

    /// A uniform surface that has to overcome U.
    static func blocked(_ volts: Double, _ change: (inout SimulationSettings) -> Void = { _ in }) -> SimulationSettings {
        box(4, 40) {
            $0.control.currentDensity = 10
            $0.sites.overpotential = SiteOverpotential()
            $0.sites.overpotential?.onSites = volts
            change(&$0)
        }
    }

    @Test("the overpotential adds U, fades linearly over 2 l of deposit, and does not come back while there is deposit")
    func fading() throws {
        let u = 0.04
        func potential(_ s: SimulationSettings, _ deposits: [Double]) throws -> [Double] {
            let sim = try start(s)
            return try deposits.map { deposit in
                let charge = deposit * l * s.metal.chargePerVolume
                while abs(sim.control.charge - charge) > 1e-6 * abs(charge) + 1e-12 {
                    let limit = sim.time(ofCharge: charge)
                    try sim.step(until: limit.isFinite ? limit : sim.time + 1)
                }
                return sim.metalPotential
            }
        }
        let deposits = [0.01, 0.5, 1, 1.5, 2.2]
        let plain = try potential(Self.blocked(0), deposits), with = try potential(Self.blocked(u), deposits)
        for (deposit, (a, b)) in zip(deposits, zip(plain, with)) {
            let expected = u * max(0, 1 - deposit / 2)
            #expect(abs((a - b) - expected) < 0.01 * u, "\(deposit) l: \(a - b), expected \(expected)")
        }
        // Plate 2.5 l, strip 2 l, plate again: no barrier with half a half-width of deposit left; strip to the start and 0.1 l more:
        // there again.
        func cycle(_ back: Double) throws -> Double {
            var s = Self.blocked(u)
            let perWidth = l * s.metal.chargePerVolume
            s.control.mode = .protocol
            s.control.steps = [ControlTests.step(.plate, current: 10, capacity: 2.5 * perWidth), ControlTests.step(.strip, current: 10, capacity: back * perWidth),
                               ControlTests.step(.plate, current: 10, capacity: 0.01 * perWidth)]
            let sim = try start(s)
            while !sim.control.isFinished { try sim.step(until: .greatestFiniteMagnitude) }
            return plain[0] - sim.metalPotential
        }
        #expect(abs(try cycle(2)) < 0.001)
        #expect(abs(try cycle(2.6) - u) < 0.002)
    }

    @Test("a barrier stops plating and nothing else: no stripping behind it, no effect on stripping")
    func never() throws {
        var s = Self.striped { $0.control.mode = .potentiostatic; $0.control.potential = -0.03; $0.interface.scheme = .sharp }
        s.sites.overpotential = SiteOverpotential()
        s.sites.overpotential?.elsewhere = 0.05
        let sim = try start(s), before = sim.heights
        while sim.heights[5] - before[5] < 0.02 * l { try sim.step(until: 1e9) }
        #expect(abs(sim.heights[17] - before[17]) < 1e-4 * (sim.heights[5] - before[5]), "\(sim.heights[17] - before[17])")
        // 20 mV behind a barrier of 50 and 30 mV of drive past a barrier of 20 mV: what is left is 10 mV.
        func current(_ u: Double, _ volts: Double) throws -> Double {
            var s = Self.blocked(u) { $0.control.mode = .potentiostatic; $0.control.potential = volts; $0.kinetics.exchangeCurrentDensity = 1 }
            s.time.fixedStep = 0.01
            let sim = try start(s)
            try sim.step(until: 1e9)
            return sim.currentDensity
        }
        #expect(abs(try current(0.02, -0.03) / current(0, -0.01) - 1) < 1e-3)
        #expect(abs(try current(0.05, -0.03)) < 1e-4)
        #expect(abs(try current(0.05, 0.01) / current(0, 0.01) - 1) < 1e-9)
    }
}
