package import Electrodeposition
import Glibc
internal import Grids
internal import StandardProblems

/// The contact angle of the metal on the substrate, against an exact solution.
///
/// Curvature flow of speed M l K in a channel of height H, at the angle theta on its floor and 90 degrees on its ceiling, settles on a
/// front that travels without change: x = V t - ln(cos(a (H - y)))/a with a = (90 degrees - theta)/H and V = M l a (the grim reaper's
/// curve).
package enum ContactAngle {
    /// Height of the channel in half-widths; m/s.
    package static let height = 30.0, mobility = 1e-8

    package static func settings(_ degrees: Double, depth: Double? = nil, dx: Double = 1) -> SimulationSettings {
        box(220, height, depth, dx: dx) {
            $0.kinetics.model = .none
            $0.interface.capillarity = .allenCahn
            $0.interface.mobility = mobility
            $0.initial.thickness = 4 * l
            $0.end.time = 1
            $0.sites.wetting = SiteWetting()
            $0.sites.wetting?.onSites = degrees * .pi / 180
        }
    }

    /// x of the right front in each row, in half-widths.
    package static func front(_ sim: Simulation<Double>, plane: Int = 0) -> [Double] {
        let dx = sim.grid.spacing / l
        return (0..<sim.grid.ny).map { j in
            let i = (sim.grid.nx / 2..<sim.grid.nx).first { sim.phase[$0, j, plane] < 0.5 }!
            func psi(_ i: Int) -> Double { log((1 - sim.phase[i, j, plane]) / sim.phase[i, j, plane]) }
            return dx * (Double(i) - 0.5 + psi(i - 1) / (psi(i - 1) - psi(i)))
        }
    }

    /// a of the best fit of the travelling front, by golden section.
    private static func fit(_ front: [Double]) -> Double {
        func error(_ a: Double) -> Double {
            let residuals = front.indices.map { j -> Double in
                let s = height * (1 - (Double(j) + 0.5) / Double(front.count))
                return front[j] + (abs(a) < 1e-9 ? 0 : log(cos(a * s)) / a)
            }
            let mean = residuals.reduce(0, +) / Double(residuals.count)
            return residuals.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        var low = -1.5 / height, high = 1.5 / height
        for _ in 0..<80 {
            let a = high - 0.618 * (high - low), b = low + 0.618 * (high - low)
            if error(a) < error(b) { high = b } else { low = a }
        }
        return 0.5 * (low + high)
    }

    /// Angle of the settled front in degrees, and its speed over M.
    package static func settle(_ degrees: Double, _ scheme: InterfaceSettings.Scheme,
                               dx: Double = 1) throws -> (angle: Double, speed: Double) {
        var s = settings(degrees, dx: dx)
        s.interface.scheme = scheme
        let sim = try start(s), settling = 0.8 * height * height * l / mobility
        sim.place(metal: { x, _, _ in 0.5 * (1 - tanh((abs(x - 110 * l) - 45 * l) / (2 * l))) })
        try sim.run(until: settling)
        let before = sim.metalThickness
        try sim.run(until: 1.15 * settling)
        // Two fronts, each H V high per time, over a width of 220 l.
        let speed = (sim.metalThickness - before) / (0.15 * settling) * 220 / (2 * height)
        return (90 - fit(front(sim)) * height * 180 / .pi, speed / mobility)
    }

    static let asCase = ExactCase(
        "contact-angle", "Young's angle of the metal on the substrate, from the front that travels along a channel",
        source: "grim reaper of curve shortening; Young's equation"
    ) { _, device in
        let runs: [(InterfaceSettings.Scheme, Double)] = InterfaceSettings.Scheme.allCases.flatMap { scheme in
            [30.0, 60, 90, 120].map { (scheme, $0) }
        }
        return ValidationResult(try device.pool.map(runs.count) { n -> Check in
            let (scheme, degrees) = runs[n]
            return .absolute("angle in degrees, \(scheme)", expected: degrees,
                             got: try settle(degrees, scheme).angle, tolerance: 2)
        })
    }
}
