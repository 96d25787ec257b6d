import Electrodeposition
import Glibc
import Grids
import Testing

/// The contact angle of the metal on the substrate, against an exact solution.
///
/// Curvature flow of speed M l K in a channel of height H, at the angle theta on its floor and 90 degrees on its ceiling, settles on a
/// front that travels without change: x = V t - ln(cos(a (H - y)))/a with a = (90 degrees - theta)/H and V = M l a (the grim reaper's
/// curve).
@Suite("Contact angle")
struct ContactAngleTests {
    static let height = 30.0, mobility = 1e-8

    static func settings(_ degrees: Double, depth: Double? = nil, dx: Double = 1) -> SimulationSettings {
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
    static func front(_ sim: Simulation<Double>, plane: Int = 0) -> [Double] {
        let dx = sim.grid.spacing / l
        return (0..<sim.grid.ny).map { j in
            let i = (sim.grid.nx / 2..<sim.grid.nx).first { sim.phase[$0, j, plane] < 0.5 }!
            func psi(_ i: Int) -> Double { log((1 - sim.phase[i, j, plane]) / sim.phase[i, j, plane]) }
            return dx * (Double(i) - 0.5 + psi(i - 1) / (psi(i - 1) - psi(i)))
        }
    }

    /// a of the best fit of the travelling front, by golden section.
    static func fit(_ front: [Double]) -> Double {
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
    static func settle(_ degrees: Double, _ scheme: InterfaceSettings.Scheme, dx: Double) throws -> (angle: Double, speed: Double) {
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

    @Test("30, 60, 90 and 120 degrees within 2, and the speed of the front", arguments: [30.0, 60, 90, 120], InterfaceSettings.Scheme.allCases)
    func angles(_ degrees: Double, _ scheme: InterfaceSettings.Scheme) throws {
        let (angle, speed) = try Self.settle(degrees, scheme, dx: 1)
        let expected = (90 - degrees) / 180 * .pi / Self.height
        #expect(abs(angle - degrees) < 1, "\(angle)")
        if degrees == 90 { #expect(abs(speed) < 1e-6) } else { #expect(abs(speed / expected - 1) < 0.035, "\(speed / expected)") }
    }

    @Test("the error falls with the cell", arguments: InterfaceSettings.Scheme.allCases)
    func convergence(_ scheme: InterfaceSettings.Scheme) throws {
        let coarse = abs(try Self.settle(45, scheme, dx: 1).angle - 45), fine = abs(try Self.settle(45, scheme, dx: 0.5).angle - 45)
        #expect(coarse / fine > 2, "\(coarse) \(fine)")
    }

    /// A tent of metal at 60 degrees to the floor with physical capillarity: how far the foot of its front moves in the time of 6 l/M, in
    /// half-widths.
    static func foot(_ scheme: InterfaceSettings.Scheme, wetting degrees: Double) throws -> Double {
        var s = settings(degrees)
        s.interface.capillarity = .physical
        s.interface.scheme = scheme
        let sim = try start(s), cosine = 0.5, sine = 0.75.squareRoot()
        sim.place(metal: { x, y, _ in 0.5 * (1 - tanh(((abs(x - 110 * l) - 45 * l) * sine + y * cosine) / (2 * l))) })
        let before = front(sim)[0]
        try sim.run(until: 6 * l / mobility)
        return front(sim)[0] - before
    }

    @Test("with physical capillarity a front at the angle of the wall rests, others move towards it", arguments: InterfaceSettings.Scheme.allCases)
    func physical(_ scheme: InterfaceSettings.Scheme) throws {
        let rests = try Self.foot(scheme, wetting: 60)
        let spreads = try Self.foot(scheme, wetting: 30), withdraws = try Self.foot(scheme, wetting: 100)
        #expect(abs(rests) < 0.1 && spreads > 0.5 && withdraws < -0.5, "\(rests) \(spreads) \(withdraws)")
    }

    @Test("the same along z")
    func solid() throws {
        let flat = try start(Self.settings(60)), solid = try start(Self.settings(60, depth: 4))
        for sim in [flat, solid] {
            sim.place(metal: { x, _, _ in 0.5 * (1 - tanh((abs(x - 110 * l) - 45 * l) / (2 * l))) })
            try sim.run(until: 100 * l / Self.mobility)
        }
        let a = Self.front(flat)
        for k in 0..<4 { for (p, q) in zip(a, Self.front(solid, plane: k)) { #expect(abs(p - q) < 1e-6) } }
    }
}
