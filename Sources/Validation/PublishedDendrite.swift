package import Electrodeposition
import Glibc
internal import Grids
internal import StandardProblems

/// The dendrites of Ahmad, Hong and Viswanathan (PNAS 117, 26672, 2020) in a standard electrolyte: -0.2 V over 200 x 200 um, cells of 1 um,
/// which are four half-widths of the interface. Their inputs and the numbers read from their runs are public
/// (github.com/BattModels/electrodep).
package enum PublishedDendrite {
    static let source = "Ahmad, Hong and Viswanathan, PNAS 117, 26672 (2020)"
    /// Step of the published runs, s; their noise is drawn anew in each.
    private static let publishedStep = 0.01

    /// A slab of 20 um, with a nucleus when `radius` is not 0.
    package static func settings(radius: Double, seed: Int, box: [Double] = [200e-6, 200e-6], dx: Double = 1e-6,
                                 step: Double = 0.05) -> (SimulationSettings, SinglePotentialSettings) {
        var own = SinglePotentialSettings()
        let unit = 2.5e6
        own.mobility = 6.318 / unit
        own.reactionRate = 0.1347
        own.barrier = 2.64 * unit
        own.gradientEnergy = 0.33 * unit * 1e-12
        own.diffusivity = 319.7e-12
        own.metalConductivity = 9.93e6
        own.electrolyteConductivity = 1.18
        own.siteRatio = 5.342
        own.metalSiteDensity = 7.69e4
        own.electrolyteEnergy = 2.632
        own.metalEnergy = -13.82
        own.diffusionPower = 1
        // The same power of a noise that is white against the motion of the front.
        own.noise = 0.04 * (publishedStep / step).squareRoot()
        var s = SimulationSettings()
        s.grid.spacing = dx
        s.grid.size = box
        // f = 38.14/0.987 1/V, as published.
        s.kinetics.temperature = Constants.faraday / (Constants.gas * 38.64)
        s.control.mode = .potentiostatic
        s.control.potential = -0.2
        s.initial.thickness = 20e-6
        s.initial.seedRadius = radius
        s.noise.seed = seed
        s.noise.interval = step
        s.time.fixedStep = step
        s.time.passTolerance = 5e-3
        s.time.largestPasses = 20
        s.time.solverTolerance = 1e-5
        return (s, own)
    }

    /// Published heights of the tip, as the number of nodes of metal below it (the first lies on the electrode), at s.
    static let nucleusTips: [(time: Double, tip: Double)] = [
        (0.5, 41), (24.5, 51), (48.5, 61), (72.5, 74), (96.4, 92), (120.4, 115), (144.4, 150), (167.9, 200),
    ]
    static let noiseTips: [(time: Double, tip: Double)] = [
        (0.6, 21), (48.6, 30), (108.6, 42), (168.4, 56), (228.4, 72), (258.4, 84), (288.4, 101), (312.4, 121), (330.4, 143), (342.4, 167),
    ]

    /// Tip above the electrode (um) every half second, until it reaches `end` (um), and xi then. Published nodes lie at 0, 1, ... 200 um;
    /// cells are put around them, half a cell higher, so that one column is the axis of the nucleus.
    private static func grow(radius: Double, seed: Int, to end: Double) throws -> (tip: Curve, phase: Field<Double>) {
        let (published, own) = settings(radius: radius, seed: seed, box: [201e-6, 200e-6])
        var s = published
        s.initial.thickness = 20.5e-6
        let sim = try SinglePotentialSimulation(s, own, on: Device())
        var tip = Curve("tip_position_\(seed)", columns: ["time", "tip_position"]), next = 0.5
        func height() -> Double { 1e6 * sim.tipHeight - 0.5 }
        while sim.time < 600 && height() < end {
            // Steps that no longer settle at the end of a run end it.
            do { try sim.step(until: next) } catch is StoppedStep { break }
            if sim.time >= next * (1 - 1e-12) || height() >= end {
                tip.rows.append([sim.time, height()])
                next += 0.5
            }
        }
        return (tip, sim.phase)
    }

    /// Runs of several seeds, as many at a time as there are threads.
    private static func runs(radius: Double, to end: Double, seeds: Int, _ extent: ValidationExtent,
                             _ device: Device) throws -> [(tip: Curve, phase: Field<Double>)] {
        try device.pool.map(extent == .full ? seeds : 1) { try grow(radius: radius, seed: $0 + 1, to: end) }
    }

    /// Time at which the tip is at a height, um.
    private static func time(_ tip: Curve, at height: Double) -> Double {
        guard let n = tip.rows.firstIndex(where: { $0[1] >= height }) else { return .nan }
        guard n > 0 else { return tip.rows[0][0] }
        let a = tip.rows[n - 1], b = tip.rows[n]
        return a[0] + (b[0] - a[0]) * (height - a[1]) / (b[1] - a[1])
    }

    private static func checks(_ tip: Curve, _ seed: Int, _ published: [(time: Double, tip: Double)], early: Double) -> [Check] {
        published.map { time, nodes in
            .relative("nodes of metal below the tip at \(time) s, seed \(seed)", expected: nodes,
                      got: tip.value(at: time).rounded(.down) + 1, tolerance: time < early ? 0.05 : 0.1)
        }
    }

    private static func picture(_ runs: [(tip: Curve, phase: Field<Double>)], _ published: [(time: Double, tip: Double)],
                                _ title: String) -> [Figure] {
        [Figure("tips", title: title, x: .init("time", unit: "s"), y: .init("height", unit: "m"),
                series: runs.enumerated().map { .init("seed \($0 + 1)", $1.tip.rows.map { ($0[0], 1e-6 * $0[1]) }) }
                    + [.init("published", published.map { ($0.time, 1e-6 * ($0.tip - 0.5)) }, .points)])]
    }

    /// Where a nucleus is said to have crossed the box of 200 um, um. The rest takes a second, in which a drop of half-grown metal leaves the tip and
    /// steps fall to microseconds: the current between tip and counter electrode has no bound.
    private static let arrival = 180.0

    static let nucleus = ExactCase(
        "single-potential-nucleus", "One-potential model: tip above a single nucleus, 1 um cells as published, five seeds",
        source: source, isFast: false
    ) { extent, device in
        let runs = try runs(radius: 20e-6, to: arrival, seeds: 5, extent, device)
        var result = ValidationResult()
        for (n, run) in runs.enumerated() {
            result.checks += checks(run.tip, n + 1, nucleusTips.dropLast(), early: 80)
            result.checks.append(.relative("time in s at which the tip has all but crossed the box, seed \(n + 1)", expected: 167.9,
                                           got: time(run.tip, at: arrival), tolerance: 0.1))
        }
        result.curves = runs.map(\.tip)
        result.figures = picture(runs, nucleusTips, "tip above a single nucleus")
        result.maps = [Map("phase", title: "xi when the tip has crossed the box, seed 1", label: "xi", runs[0].phase)]
        return result
    }

    static let noise = ExactCase(
        "single-potential-noise", "One-potential model: first tip of a flat front with noise, 1 um cells as published, two seeds",
        source: source, isFast: false
    ) { extent, device in
        let runs = try runs(radius: 0, to: 170, seeds: 2, extent, device)
        var result = ValidationResult()
        for (n, run) in runs.enumerated() {
            // From 300 s on the tip runs away, 22 um in the last 12 s of the table: when it comes to a height says what its height at a time does not.
            result.checks += checks(run.tip, n + 1, noiseTips.filter { $0.time < 300 }, early: 240)
            let late = noiseTips.filter { $0.time > 300 && $0.tip < 150 }.map { (height: $0.tip - 1, time: $0.time) } + [(height: 150, time: 334.9)]
            result.checks += late.map {
                .relative("time in s of the first metal at \(Int($0.height)) um, seed \(n + 1)", expected: $0.time, got: time(run.tip, at: $0.height),
                          tolerance: 0.05)
            }
        }
        result.curves = runs.map(\.tip)
        result.figures = picture(runs, noiseTips, "highest tip of a front with noise")
        result.maps = [Map("phase", title: "xi when the first tip is at 170 um, seed 1", label: "xi", runs[0].phase)]
        return result
    }
}

extension ThreadPool {
    /// Independent runs, each on one thread, as many at a time as there are threads; the results in their order.
    func map<Result>(_ count: Int, _ run: (Int) throws -> Result) throws -> [Result] {
        typealias Outcome = Swift.Result<Result, any Error>
        let outcomes = UnsafeMutablePointer<Outcome?>.allocate(capacity: count)
        outcomes.initialize(repeating: nil, count: count)
        defer {
            outcomes.deinitialize(count: count)
            outcomes.deallocate()
        }
        self.run { part, parts in
            for n in stride(from: part, to: count, by: parts) { outcomes[n] = Outcome { try run(n) } }
        }
        return try (0..<count).map { try outcomes[$0]!.get() }
    }
}
