import Electrodeposition
import Glibc
import Grids
import Testing

/// Nuclei on a bare substrate.
@Suite("Nucleation")
struct NucleationTests {
    /// A bare substrate at -0.1 V that hardly grows metal; nuclei of 2 l.
    static func bare(
        _ width: Double, _ height: Double, _ depth: Double? = nil, rate: Double, seed: Int = 1,
        _ change: (inout SimulationSettings) -> Void = { _ in }
    )
        -> SimulationSettings {
        box(width, height, depth) {
            $0.initial.thickness = 0
            $0.control.mode = .potentiostatic
            $0.control.potential = -0.1
            $0.kinetics.exchangeCurrentDensity = 1e-3
            $0.sites.nucleation = SiteNucleation()
            $0.sites.nucleation?.rate = rate
            $0.sites.nucleation?.radius = 2 * l
            $0.sites.nucleation?.seed = seed
            change(&$0)
        }
    }

    /// The electrode as nucleation sees it in two dimensions, m^2.
    static func area(_ width: Double) -> Double { width * l * 4 * l }

    @Test("counts follow the Poisson law: chi-square over 200 seeds")
    func poisson() throws {
        let mean = 3.0, width = 1200.0, time = 10.0, barrier = 0.02
        // exp(-B/eta^2) at -0.1 V.
        let rate = mean / (Self.area(width) * time) / exp(-barrier / 0.01)
        var counts = [Int](repeating: 0, count: 8), total = 0, deviation = 0.0
        for seed in 1...200 {
            let sim = try start(Self.bare(width, 12, rate: rate, seed: seed) {
                $0.grid.spacing = 2 * l
                $0.interface.scheme = .sharp
                $0.sites.nucleation?.barrier = barrier
            })
            try sim.run(until: time)
            counts[min(sim.nuclei, 7)] += 1
            total += sim.nuclei
            deviation = max(deviation, abs(sim.expectedNuclei / mean - 1))
        }
        var probabilities = (0..<7).map { exp(-mean) * pow(mean, Double($0)) / tgamma(Double($0) + 1) }
        probabilities.append(1 - probabilities.reduce(0, +))
        let chiSquare = zip(counts, probabilities).reduce(0) { $0 + pow(Double($1.0) - 200 * $1.1, 2) / (200 * $1.1) }
        // 7 degrees of freedom: above 18.48 with 1 %, below 1.24 with 1 %.
        #expect(chiSquare < 18.48 && chiSquare > 1.24, "\(chiSquare): \(counts)")
        #expect(abs(Double(total) / 200 - mean) < 3 * (mean / 200).squareRoot())
        // What nuclei cover takes part of the area only.
        #expect(deviation < 0.06)
    }

    @Test("places are uniform, on the sites only where nothing nucleates elsewhere")
    func places() throws {
        var bins = [Int](repeating: 0, count: 8), onSites = 0, count = 0
        for seed in 1...24 {
            var s = Self.bare(800, 12, rate: 10 / (Self.area(800) * 10), seed: seed) {
                $0.grid.spacing = 2 * l
                $0.interface.scheme = .sharp
            }
            let sim = try start(s)
            try sim.run(until: 10)
            func centres(_ sim: Simulation<Double>) -> [Int] {
                let n = sim.grid.nx, row = (0..<n).map { sim.phase[$0, 0] }
                return (0..<n).filter { row[$0] > 0.5 && row[$0] >= row[($0 + 1) % n] && row[$0] > row[($0 + n - 1) % n] }
            }
            for i in centres(sim) { bins[i / 50] += 1; count += 1 }
            s.sites.stripes = SiteStripes()
            (s.sites.stripes!.period, s.sites.stripes!.share) = (200 * l, 0.25)
            let striped = try start(s)
            try striped.run(until: 10)
            for i in centres(striped) {
                #expect(i % 100 <= 27 || i % 100 >= 98)
                onSites += 1
            }
        }
        let expected = Double(count) / 8, chiSquare = bins.reduce(0) { $0 + pow(Double($1) - expected, 2) / expected }
        #expect(count > 180 && onSites > 30)
        #expect(chiSquare < 18.48, "\(chiSquare): \(bins)")
    }

    @Test("neither step nor grid enters")
    func invariance() throws {
        func run(_ change: (inout SimulationSettings) -> Void) throws -> (times: [Double], places: [Double]) {
            let sim = try start(Self.bare(400, 16, rate: 6 / (Self.area(400) * 10), seed: 4, change))
            var times: [Double] = [], places: [Double] = [], covered = Set<Int>()
            while sim.time < 10 {
                try sim.step(until: 10)
                guard sim.nuclei > times.count else { continue }
                times += [Double](repeating: sim.time, count: sim.nuclei - times.count)
                let h = sim.grid.spacing / l, metal = (0..<sim.grid.nx).filter { sim.phase[$0, 0] > 0.5 }
                let fresh = metal.filter { i in !covered.contains { abs(Double($0) - Double(i) * h) < 1.5 } }
                places.append(fresh.reduce(0) { $0 + (Double($1) + 0.5) * h } / Double(fresh.count))
                covered.formUnion(metal.map { Int(Double($0) * h) })
            }
            return (times, places)
        }
        let a = try run { _ in }
        #expect(a.times.count >= 3)
        for change in [{ $0.time.fixedStep = 0.05 }, { $0.time.largestStep = 0.7 }, { $0.grid.spacing = 0.5 * l }]
            as [(inout SimulationSettings) -> Void]
        {
            let b = try run(change)
            #expect(a.times.count == b.times.count)
            for (p, q) in zip(a.times, b.times) { #expect(abs(p - q) < 0.03, "\(a.times) \(b.times)") }
            for (p, q) in zip(a.places, b.places) { #expect(abs(p - q) < 1, "\(a.places) \(b.places)") }
        }
    }

    /// Nuclei that grow, all mechanisms on.
    static func busy(_ width: Double = 60, _ depth: Double? = nil) -> SimulationSettings {
        let rate = 4 / (depth.map { width * l * $0 * l } ?? area(width))
        return bare(width, 40, depth, rate: rate) {
            $0.kinetics.exchangeCurrentDensity = 100
            $0.sites.nucleation?.rateElsewhere = 0.5 * rate
            $0.sites.nucleation?.radius = nil
            $0.sites.patches = SiteMapTests.patches(radius: 8 * l, centres: depth == nil ? [20 * l] : [8 * l, 5 * l])
            $0.sites.exchange = SiteExchange()
            $0.sites.exchange?.factor = 2
            $0.sites.overpotential = SiteOverpotential()
            $0.sites.overpotential?.elsewhere = 0.01
            $0.sites.wetting = SiteWetting()
            $0.sites.wetting?.onSites = 50 * .pi / 180
            $0.sites.wetting?.elsewhere = 110 * .pi / 180
        }
    }

    @Test("the metal is what the current brought and what the nuclei are", arguments: [CounterElectrode.Kind.reservoir, .lithium], [nil, 16.0])
    func ledger(_ counter: CounterElectrode.Kind, _ depth: Double?) throws {
        var s = Self.busy(depth == nil ? 60 : 20, depth)
        s.counterElectrode.kind = counter
        let sim = try start(s), salt = sim.saltInventory
        #expect(sim.metalThickness == 0)
        var events = 0
        for _ in 0..<(depth == nil ? 60 : 30) {
            let before = sim.nuclei
            try sim.step(until: 1e9)
            if sim.nuclei > before { events += 1 }
            let brought = sim.control.charge / s.metal.chargePerVolume
            let gap = abs(sim.metalThickness - brought - sim.nucleatedThickness)
            #expect(gap <= 1e-8 * sim.metalThickness, "\(gap / sim.metalThickness)")
        }
        #expect(events >= 2 && sim.control.charge > 0 && sim.nucleatedThickness > 0)
        #expect(abs(sim.currentDensity / sim.counterCurrentDensity - 1) < 1e-8)
        // A closed cell keeps its salt but for what nuclei displace.
        if counter == .lithium { #expect(abs(sim.saltInventory - sim.nucleatedSalt - salt) < 1e-9 * salt) }
    }

    @Test("a nucleus is a half disc, a hemisphere")
    func shapes() throws {
        let radius = 3 * l
        for depth in [nil, 40.0] {
            let s = Self.bare(40, 24, depth, rate: 1e20) { $0.sites.nucleation?.radius = radius; $0.time.fixedStep = 1e-9 }
            let sim = try start(s)
            try sim.step(until: 1)
            let one = sim.nucleatedThickness / Double(sim.nuclei) * 40 * l * (depth.map { $0 * l } ?? 1)
            // The integral of a tanh profile: pi R^2 + pi^3 l^2/3 over the plane, 4 pi/3 (R^3 + pi^2 l^2 R) over space; half of it is above the substrate.
            let disc = 0.5 * (.pi * radius * radius + pow(.pi, 3) / 3 * l * l)
            let ball = 0.5 * (4 / 3 * .pi * (pow(radius, 3) + .pi * .pi * l * l * radius))
            #expect(sim.nuclei == 1)
            #expect(abs(one / (depth == nil ? disc : ball) - 1) < 0.02, "\(one / (depth == nil ? disc : ball))")
        }
    }

    @Test("same bits after a restart, in the plane, in space and in single precision")
    func restart() throws {
        try RestartTests.check(Self.busy(), before: 40, after: 25, Double.self)
        try RestartTests.check(Self.busy(20, 16), before: 24, after: 8, Double.self)
        try RestartTests.check(Self.busy(), before: 30, after: 10, Float.self)
    }

    @Test("no allocation in a step without a nucleus")
    func allocations() throws {
        var s = Self.busy()
        s.sites.nucleation?.rate = 1e8
        s.sites.nucleation?.rateElsewhere = 0
        s.initial.seedRadius = 6 * l
        #expect(try AllocationTests.allocations(s, threads: 1) == 0)
    }
}
