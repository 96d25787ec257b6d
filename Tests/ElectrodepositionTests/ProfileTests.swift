import Electrodeposition
import Glibc
import Grids
import Testing

/// Motion of the interface without reaction: d xi/dt = M l [lap xi + C - w].
@Suite("Profile and curvature")
struct ProfileTests {
    static let mobility = 1e-8

    static func still(_ x: Double, _ y: Double, _ z: Double? = nil, dx: Double, _ scheme: InterfaceSettings.Scheme,
                      _ capillarity: InterfaceSettings.Capillarity) -> SimulationSettings {
        box(x, y, z, dx: dx) {
            $0.kinetics.model = .none
            $0.interface.mobility = mobility
            $0.interface.scheme = scheme
            $0.interface.capillarity = capillarity
            $0.interface.allowCoarse = true
            $0.time.frontStep = 0.1
        }
    }

    @Test("a wrong profile relaxes to the tanh, with the surface energy sqrt(2 kappa W)/6", arguments: InterfaceSettings.Scheme.allCases)
    func staticProfile(_ scheme: InterfaceSettings.Scheme) throws {
        let dx = 0.25
        let sim = try start(Self.still(1, 20, dx: dx, scheme, .physical)), width = 1.6 * l
        sim.place(metal: { 0.5 * (1 - tanh(($1 - 10.1 * l) / (2 * width))) + 0 * ($0 + $2) })
        try sim.run(until: 60 * l / Self.mobility)
        let middle = sim.metalThickness, h = sim.grid.spacing
        var largest = 0.0, energy = 0.0
        for j in 3..<sim.grid.ny - 3 {
            let xi = Double(sim.phase[0, j]), y = (Double(j) + 0.5) * h
            largest = max(largest, abs(xi - 0.5 * (1 - tanh((y - middle) / (2 * l)))))
            // Sixth-order slope; W = 1, kappa = 2 l^2.
            func d(_ n: Int) -> Double { Double(sim.phase[0, j + n] - sim.phase[0, j - n]) }
            let slope = (45 * d(1) - 9 * d(2) + d(3)) / (60 * h)
            energy += (l * l * slope * slope + xi * xi * (1 - xi) * (1 - xi)) * h
        }
        #expect(largest < 1e-3)
        #expect(abs(energy / (l / 3) - 1) < 1e-3)
    }

    /// Radius of a half disc (half sphere) on the wall y = 0 from the metal in the box, with the share that the diffuse profile adds.
    static func radius(_ sim: Simulation<Double>) -> Double {
        let volume = sim.metalThickness * Double(sim.grid.lateralCells) * (sim.grid.nz > 1 ? sim.grid.spacing * sim.grid.spacing : sim.grid.spacing)
        let spread = Double.pi * Double.pi * l * l
        guard sim.grid.nz > 1 else { return (2 * volume / Double.pi - spread / 3).squareRoot() }
        var r = cbrt(3 * volume / (2 * Double.pi))
        for _ in 0..<30 { r = cbrt(3 * volume / (2 * Double.pi) - spread * r) }
        return r
    }

    /// d(R^2)/dt in units of 2 M l from radius R1 until R2 or until `time`, both in half-widths.
    static func rate(_ scheme: InterfaceSettings.Scheme, _ capillarity: InterfaceSettings.Capillarity, dx: Double, from r1: Double, to r2: Double,
                     solid: Bool) throws -> Double {
        let half = r1 + 6, sim = try start(still(2 * half, half, solid ? 2 * half : nil, dx: dx, scheme, capillarity))
        sim.place(metal: { x, y, z in
            0.5 * (1 - tanh((hypot(hypot(x - half * l, solid ? z - half * l : 0), y) - r1 * l) / (2 * l)))
        })
        try sim.run(until: 4 * l / Self.mobility)
        let begin = (time: sim.time, square: pow(Self.radius(sim), 2))
        let dimensions = solid ? 2.0 : 1.0
        try sim.run(until: sim.time + (begin.square - r2 * r2 * l * l) / (2 * dimensions * Self.mobility * l))
        return (pow(Self.radius(sim), 2) - begin.square) / (sim.time - begin.time) / (2 * Self.mobility * l)
    }

    @Test("R^2 of a circle falls at 2 M l", arguments: InterfaceSettings.Scheme.allCases)
    func circleShrinks(_ scheme: InterfaceSettings.Scheme) throws {
        let rate = try Self.rate(scheme, .allenCahn, dx: 0.5, from: 17, to: 11, solid: false)
        #expect(abs(rate + 1) < 0.01, "rate \(rate)")
    }

    @Test("a circle keeps its radius when the curvature is compensated", arguments: InterfaceSettings.Scheme.allCases)
    func circleStays(_ scheme: InterfaceSettings.Scheme) throws {
        let rate = try Self.rate(scheme, .physical, dx: 0.5, from: 14, to: 10, solid: false)
        #expect(abs(rate) < 0.01, "rate \(rate)")
    }

    @Test("R^2 of a sphere falls at 4 M l", arguments: InterfaceSettings.Scheme.allCases)
    func sphereShrinks(_ scheme: InterfaceSettings.Scheme) throws {
        let rate = try Self.rate(scheme, .allenCahn, dx: runsFull ? 0.5 : 0.625, from: 13, to: 10, solid: true)
        #expect(abs(rate + 2) < 0.02, "rate \(rate)")
    }

    @Test("a sphere keeps its radius when the curvature is compensated", arguments: InterfaceSettings.Scheme.allCases)
    func sphereStays(_ scheme: InterfaceSettings.Scheme) throws {
        let rate = try Self.rate(scheme, .physical, dx: runsFull ? 0.5 : 0.625, from: 12, to: 10, solid: true)
        #expect(abs(rate) < 0.02, "rate \(rate)")
    }
}
