import Electrodeposition
import Glibc
import Testing

@Suite("Transport limits", .serialized)
struct TransportLimitTests {
    @Test("Sand's time at small c0 V_m: pi D (zF c0/(2 i (1-t+)))^2", .enabled(if: runsFull))
    func sand() throws {
        let coarse = try TransportLimits.sand(half: 0.2e-6), fine = try TransportLimits.sand(half: 0.1e-6)
        #expect(abs(fine.got / fine.expected - 1) < 0.01, "\(fine.got) s, expected \(fine.expected) s")
        let order = log2((coarse.got / coarse.expected - 1) / (fine.got / fine.expected - 1))
        #expect(abs(order - 1) < 0.2, "order \(order) in l")
    }

    @Test("Sand's time at 1 mol/L, where the moving front sweeps up salt: 236.2 s", .enabled(if: runsFull))
    func sandMolar() throws {
        let (got, expected) = try TransportLimits.sandMolar()
        #expect(abs(expected / 236.2 - 1) < 1e-3, "the sharp problem: \(expected) s")
        #expect(abs(got / expected - 1) < 0.01, "\(got) s, expected \(expected) s")
    }

    @Test("limiting current between lithium electrodes, c0 = 10 mol/m^3", arguments: InterfaceSettings.Scheme.allCases)
    func limitingCurrent(_ scheme: InterfaceSettings.Scheme) throws {
        let (got, expected, surface) = try TransportLimits.limitingCurrent(scheme)
        #expect(surface < 0.2)
        #expect(abs(got / expected - 1) < 0.005, "\(got), expected \(expected), c_s \(surface)")
    }

    @Test("current at 1 mol/L near the limit against the sharp problem with the surface concentration of the run")
    func limitingCurrentMolar() throws {
        let (surface, expected) = try TransportLimits.depletion()
        // Per depletion c0 - c_s, which is what carries the current.
        #expect(abs((1000 - surface) / (1000 - expected) - 1) < 0.005, "c_s \(surface), expected \(expected)")
        #expect(expected > 0 && expected < 500)
    }
}
