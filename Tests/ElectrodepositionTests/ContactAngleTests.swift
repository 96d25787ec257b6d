import Electrodeposition
import Glibc
import Grids
import Testing

/// The contact angle of the metal on the substrate, against an exact solution.
@Suite("Contact angle")
struct ContactAngleTests {
    @Test("30, 60, 90 and 120 degrees within 2, and the speed of the front", arguments: [30.0, 60, 90, 120], InterfaceSettings.Scheme.allCases)
    func angles(_ degrees: Double, _ scheme: InterfaceSettings.Scheme) throws {
        let (angle, speed) = try ContactAngle.settle(degrees, scheme)
        let expected = (90 - degrees) / 180 * .pi / ContactAngle.height
        #expect(abs(angle - degrees) < 1, "\(angle)")
        if degrees == 90 { #expect(abs(speed) < 1e-6) } else { #expect(abs(speed / expected - 1) < 0.035, "\(speed / expected)") }
    }

    @Test("the error falls with the cell", arguments: InterfaceSettings.Scheme.allCases)
    func convergence(_ scheme: InterfaceSettings.Scheme) throws {
        let coarse = abs(try ContactAngle.settle(45, scheme, dx: 1).angle - 45), fine = abs(try ContactAngle.settle(45, scheme, dx: 0.5).angle - 45)
        #expect(coarse / fine > 2, "\(coarse) \(fine)")
    }

    /// A tent of metal at 60 degrees to the floor with physical capillarity: how far the foot of its front moves in the time of 6 l/M, in
    /// half-widths.
    static func foot(_ scheme: InterfaceSettings.Scheme, wetting degrees: Double) throws -> Double {
        var s = ContactAngle.settings(degrees)
        s.interface.capillarity = .physical
        s.interface.scheme = scheme
        let sim = try start(s), cosine = 0.5, sine = 0.75.squareRoot()
        sim.place(metal: { x, y, _ in 0.5 * (1 - tanh(((abs(x - 110 * l) - 45 * l) * sine + y * cosine) / (2 * l))) })
        let before = ContactAngle.front(sim)[0]
        try sim.run(until: 6 * l / ContactAngle.mobility)
        return ContactAngle.front(sim)[0] - before
    }

    @Test("with physical capillarity a front at the angle of the wall rests, others move towards it", arguments: InterfaceSettings.Scheme.allCases)
    func physical(_ scheme: InterfaceSettings.Scheme) throws {
        let rests = try Self.foot(scheme, wetting: 60)
        let spreads = try Self.foot(scheme, wetting: 30), withdraws = try Self.foot(scheme, wetting: 100)
        #expect(abs(rests) < 0.1 && spreads > 0.5 && withdraws < -0.5, "\(rests) \(spreads) \(withdraws)")
    }

    @Test("the same along z")
    func solid() throws {
        let flat = try start(ContactAngle.settings(60)), solid = try start(ContactAngle.settings(60, depth: 4))
        for sim in [flat, solid] {
            sim.place(metal: { x, _, _ in 0.5 * (1 - tanh((abs(x - 110 * l) - 45 * l) / (2 * l))) })
            try sim.run(until: 100 * l / ContactAngle.mobility)
        }
        let a = ContactAngle.front(flat)
        for k in 0..<4 { for (p, q) in zip(a, ContactAngle.front(solid, plane: k)) { #expect(abs(p - q) < 1e-6) } }
    }
}
