internal import Electrodeposition
import Glibc
internal import Grids
internal import StandardProblems

/// The nucleus of `PublishedDendrite` in a smaller box, on the published grid and down to cells of one half-width, and with two potentials:
/// height of the tip, and the current that passes the interface without reacting.
struct CrossingCurrent {
    /// m; and s.
    static let size = [32e-6, 48e-6], nucleus = 5e-6, end = 6.0

    /// Time (s), tip (um), share of the current through y = L that reaches the metal without reacting; and what the balance of charge
    /// lacks.
    struct Course {
        var tip = Curve("tip", columns: ["time", "tip_position", "crossing_share"])
        var closure = 0.0
    }

    /// dx in half-widths.
    static func onePotential(dx: Double) throws -> Course {
        let (s, own) = PublishedDendrite.settings(radius: nucleus, seed: 1, box: size, dx: dx * 0.25e-6)
        var quiet = own, tight = s
        quiet.noise = 0
        tight.time.passTolerance = 1e-3
        tight.time.solverTolerance = 1e-8
        tight.time.largestPasses = 40
        let sim = try SinglePotentialSimulation(tight, quiet, on: Device())
        var course = Course(), next = 0.25
        while sim.time < end * (1 - 1e-12) {
            try sim.step(until: next)
            course.closure = max(course.closure, abs((sim.upperCurrent - sim.lowerCurrent) / sim.depositionCurrent - 1))
            if sim.time >= next * (1 - 1e-12) {
                course.tip.rows.append([sim.time, 1e6 * sim.tipHeight, sim.lowerCurrent / sim.upperCurrent])
                next += 0.25
            }
        }
        return course
    }

    /// The same metal, electrolyte and exchange current with two potentials, dx = l: only the reaction joins metal and electrolyte.
    static func twoPotentials() throws -> Course {
        let (published, own) = PublishedDendrite.settings(radius: nucleus, seed: 1, box: size, dx: 0.25e-6)
        var s = SimulationSettings()
        (s.grid, s.initial, s.control) = (published.grid, published.initial, published.control)
        s.interface.halfWidth = own.halfWidth
        s.interface.surfaceEnergy = own.surfaceEnergy
        s.metal.preset = .custom
        s.metal.customMolarVolume = 1 / own.metalSiteDensity
        s.electrolyte.concentration = own.metalSiteDensity / own.siteRatio / (1 + exp(own.electrolyteEnergy))
        s.electrolyte.diffusivity = own.diffusivity
        s.electrolyte.conductivity = own.electrolyteConductivity
        s.kinetics.exchangeCurrentDensity = 6 * own.halfWidth * own.reactionRate * faraday * own.metalSiteDensity
        s.kinetics.temperature = published.kinetics.temperature
        s.end.time = end
        let sim = try start(s)
        var course = Course(), next = 0.25
        while sim.time < end * (1 - 1e-12) {
            try sim.step(until: next)
            let crossing = 1 - sim.currentDensity / sim.counterCurrentDensity
            course.closure = max(course.closure, abs(crossing))
            if sim.time >= next * (1 - 1e-12) {
                course.tip.rows.append([sim.time, 1e6 * sim.tipHeight, crossing])
                next += 0.25
            }
        }
        return course
    }

    static let asCase = ExactCase(
        "single-potential-current", "One-potential model: tip and current that crosses without reacting, resolved, and with two potentials",
        source: PublishedDendrite.source, isFast: false
    ) { _, device in
        let cells = [4.0, 2, 1], names = cells.map { "dx = \(Int($0)) l" } + ["two potentials"]
        let courses = try device.pool.map(4) { $0 < cells.count ? try onePotential(dx: cells[$0]) : try twoPotentials() }
        var result = ValidationResult(zip(names, courses).dropLast().map { name, course in
            .atMost("charge that enters, less what leaves or becomes metal, \(name)", 1e-4, got: course.closure)
        } + [.atMost("share of the current that crosses without reacting, two potentials", 1e-8, got: courses[3].closure)])
        result.curves = zip(["4l", "2l", "1l", "two_potentials"], courses).map {
            Curve("course_\($0)", columns: $1.tip.columns, rows: $1.tip.rows)
        }
        result.figures = [
            Figure("tips", title: "tip above a nucleus of 5 um", x: .init("time", unit: "s"), y: .init("height", unit: "m"),
                   series: zip(names, courses).map { name, c in .init(name, c.tip.rows.map { ($0[0], 1e-6 * $0[1]) }) }),
            Figure("crossing", title: "current that crosses without reacting", x: .init("time", unit: "s"),
                   y: .init("share of the current"),
                   series: zip(names, courses).map { name, c in .init(name, c.tip.rows.map { ($0[0], $0[2]) }) }),
        ]
        return result
    }
}
