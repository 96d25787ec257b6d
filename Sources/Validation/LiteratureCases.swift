internal import Electrodeposition
import Glibc
public import StandardProblems

/// The one-potential model of the literature: against its theory, against its published runs, and against its own answer on a grid that
/// resolves it.
public enum LiteratureCases {
    public static let all: [any ValidationCase] = [
        planarSpeed, lattice, PublishedDendrite.nucleus, PublishedDendrite.noise,
    ]

    private static let source = "Hong and Viswanathan, ACS Energy Lett. 3, 1737 (2018)"

    static let planarSpeed = ExactCase(
        "single-potential-planar",
        "One-potential model: planar front under uniform potential and salt, 6 l L_e (e^{-a f phi} - e^{(1-a) f phi})", source: source
    ) { _, _ in
        var checks: [Check] = []
        for (dx, tolerance) in [(0.5, 0.01), (1.0, 0.04)] {
            for (volts, speed) in OnePotentialFront.published {
                checks.append(.relative("speed in um/s at -\(volts) V, dx = \(dx) l", expected: speed,
                                        got: 1e6 * (try OnePotentialFront(volts: volts, dx: dx).speed()), tolerance: tolerance))
            }
        }
        return ValidationResult(checks)
    }

    /// What the cell does to the speed of the planar front, and how the speed goes up and down while the front crosses a cell.
    static let lattice = ExactCase(
        "single-potential-lattice", "One-potential model: speed of the planar front against the cell; pinning by the lattice",
        source: source
    ) { _, _ in
        var means = Curve("speed", columns: ["dx", "nodes", "gauss_points"]), ripple = Curve("ripple", columns: ["dx", "lowest", "highest"])
        var periods: [Figure.Series] = []
        for dx: Double in [0.25, 0.5, 1, 1.25, 1.5, 1.75, 2, 3, 4] {
            let first = 2 * max(1, dx), last = first + (8 / dx).rounded(.up) * dx
            func share(_ quadrature: SinglePotentialSettings.Quadrature) throws -> Double {
                let front = OnePotentialFront(dx: dx, quadrature: quadrature), course = try front.course(to: last), l = front.halfWidth
                if quadrature == .nodes {
                    let momentary = course.speeds(from: first * l, to: (first + 2 * dx) * l).map {
                        ($0.growth / l / dx, $0.speed / front.theory)
                    }
                    ripple.rows.append([dx, momentary.map(\.1).min() ?? 0, momentary.map(\.1).max() ?? 0])
                    if dx >= 0.5 && dx <= 1.5 { periods.append(.init("dx = \(dx) l", momentary.map { ($0.0 - first / dx, $0.1) })) }
                }
                return course.speed(from: first * l, to: last * l) / front.theory
            }
            means.rows.append([dx, try share(.nodes), try share(.elements)])
        }
        var result = ValidationResult([
            .absolute("order of the speed in dx, l/2 and l/4", expected: 2,
                      got: log2((1 - means.value(at: 0.5)) / (1 - means.value(at: 0.25))), tolerance: 0.1),
            .absolute("speed over theory at dx = 4 l, rates at nodes", expected: 0, got: means.value(at: 4), tolerance: 1e-6),
            .absolute("speed over theory at dx = 4 l, rates at Gauss points", expected: 0, got: means.value(2, at: 4), tolerance: 1e-6),
            .atMost("ripple of the speed over a cell of l/2, rates at nodes", 0.01, got: ripple.value(2, at: 0.5) - ripple.value(at: 0.5)),
        ])
        result.curves = [means, ripple]
        result.figures = [
            Figure("speed", title: "mean speed at -0.2 V", x: .init("cell over half-width"), y: .init("speed over theory"), series: [
                .init("rates at nodes", means.rows.map { ($0[0], $0[1]) }),
                .init("rates at Gauss points", means.rows.map { ($0[0], $0[2]) }, .dashed)]),
            Figure("ripple", title: "speed while the front crosses two cells", x: .init("way in cells"), y: .init("speed over theory"),
                   series: periods),
        ]
        return result
    }
}
