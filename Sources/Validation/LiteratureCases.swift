package import Electrodeposition
import Glibc
internal import Grids
public import StandardProblems

/// The one-potential model of the literature against its published numbers.
public enum LiteratureCases {
    public static let all: [any ValidationCase] = [planarSpeed, singleNucleus]

    /// v = 6 l L_e (e^{-a f phi} - e^{(1-a) f phi}), um/s at V, for kappa 0.3, W 2.4, L_s 6.25, L_e 1e-3 in units of 2.5e6 J/m^3.
    static let speeds: [(volts: Double, speed: Double)] = [(0.10, 0.01016), (0.15, 0.02723), (0.20, 0.07181), (0.25, 0.1890), (0.30, 0.4972)]

    private static func planarTheory(volts: Double) -> Double { speeds.first { $0.volts >= volts }?.speed ?? 0.5 }

    static let planarSpeed = ExactCase("single-potential-planar", "One-potential model: planar front under uniform potential and salt, 6 l L_e (e^{-a f phi} - e^{(1-a) f phi})",
                                       source: "Hong and Viswanathan, ACS Energy Lett. 3, 1737 (2018)") { _, device in
        var checks: [Check] = []
        for (dx, tolerance) in [(0.5, 0.01), (1.0, 0.04)] {
            for (volts, speed) in speeds {
                checks.append(.relative("speed in um/s at -\(volts) V, dx = \(dx) l", expected: speed, got: 1e6 * (try planarSpeed(volts: volts, dx: dx)), tolerance: tolerance))
            }
        }
        return ValidationResult(checks)
    }

    /// m/s over whole periods of the lattice, dx in half-widths.
    package static func planarSpeed(volts: Double, dx: Double) throws -> Double {
        var own = SinglePotentialSettings()
        own.transport = .uniform
        own.quadrature = .nodes
        own.noise = 0
        let l = own.halfWidth
        var s = SimulationSettings()
        s.grid.spacing = dx * l
        s.grid.size = [4 * dx * l, 40 * l]
        s.control.mode = .potentiostatic
        s.control.potential = -volts
        s.initial.thickness = 10 * l
        // A fiftieth of a half-width per step.
        s.time.fixedStep = min(0.02, 0.02 * l / (planarTheory(volts: volts) * 1e-6))
        s.time.passTolerance = 1e-6
        s.time.solverTolerance = 1e-10
        s.time.largestPasses = 60
        // f = 38.69 1/V, as published.
        s.kinetics.temperature = Constants.faraday / (Constants.gas * 38.69)
        let sim = try SinglePotentialSimulation(s, own, on: Device()), start = sim.metalThickness
        var marks: [Double] = [], last = (time: 0.0, travel: 0.0)
        let wanted = [4 * l, 12 * l]
        while marks.count < 2 {
            try sim.step(until: .greatestFiniteMagnitude)
            let travel = sim.metalThickness - start
            if travel >= wanted[marks.count] {
                marks.append(last.time + (sim.time - last.time) * (wanted[marks.count] - last.travel) / (travel - last.travel))
            }
            last = (sim.time, travel)
        }
        return 8 * l / (marks[1] - marks[0])
    }

    /// The settings of the PNAS runs: a slab of 20 um and a nucleus in a box of 200 um, 1 um cells.
    package static func electrodep(radius: Double, seed: Int, box: [Double] = [200e-6, 200e-6], dx: Double = 1e-6, step: Double = 0.05) -> (SimulationSettings, SinglePotentialSettings) {
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
        var s = SimulationSettings()
        s.grid.spacing = dx
        s.grid.size = box
        s.control.mode = .potentiostatic
        s.control.potential = -0.2
        s.initial.thickness = 20e-6
        s.initial.seedRadius = radius
        s.noise.seed = seed
        s.noise.interval = step
        s.time.fixedStep = step
        s.time.passTolerance = 1e-2
        s.time.largestPasses = 20
        s.time.solverTolerance = 1e-6
        return (s, own)
    }

    /// Published tip positions, um at s.
    static let tips: [(time: Double, tip: Double)] = [(0.5, 41), (24.5, 51), (48.5, 61), (72.5, 74), (96.4, 92), (120.4, 115), (144.4, 150), (167.9, 200)]

    static let singleNucleus = ExactCase("single-potential-nucleus", "One-potential model: tip above a single nucleus, 1 um cells as published, five seeds",
                                         source: "Ahmad, Hong and Viswanathan, PNAS 117, 26672 (2020)", isFast: false) { extent, device in
        var result = ValidationResult(), curves: [[(x: Double, y: Double)]] = []
        for seed in extent == .full ? 1...5 : 1...1 {
            let (s, own) = electrodep(radius: 20e-6, seed: seed)
            let sim = try SinglePotentialSimulation(s, own, on: device)
            var curve = Curve("tip_position_\(seed)", columns: ["time", "tip_position"]), next = 0.5
            while sim.time < 200 && sim.tipHeight < 199.4e-6 {
                do { try sim.step(until: next) } catch { break }
                if sim.time >= next * (1 - 1e-12) {
                    curve.rows.append([sim.time, 1e6 * sim.tipHeight])
                    next += 0.5
                }
            }
            for (time, tip) in tips.dropLast() {
                result.checks.append(.relative("tip in um at \(time) s, seed \(seed)", expected: tip, got: curve.value(at: time), tolerance: time < 80 ? 0.05 : 0.1))
            }
            result.checks.append(.relative("time in s at which the tip reaches 200 um, seed \(seed)", expected: 167.9, got: sim.time, tolerance: 0.1))
            curves.append(curve.rows.map { ($0[0], 1e-6 * $0[1]) })
            result.curves.append(curve)
            if seed == 1 { result.maps.append(Map("phase", title: "xi when the tip has crossed the box, seed 1", label: "xi", sim.phase)) }
        }
        result.figures = [Figure("tips", title: "tip above a single nucleus", x: .init("time", unit: "s"), y: .init("height", unit: "m"),
                                 series: curves.enumerated().map { .init("seed \($0 + 1)", $1) } + [.init("published", tips.map { ($0.time, 1e-6 * $0.tip) }, .points)])]
        return result
    }
}
