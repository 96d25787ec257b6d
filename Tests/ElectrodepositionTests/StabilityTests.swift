import Electrodeposition
import Glibc
import Testing

/// Growth of a single mode of a plating front, quasi-steady salt between the front and a reservoir.
///
/// t+ = 1/2, Nernst-Einstein conductivity, c in units of c0, a = alpha:
/// omega = [v_c G - v_g k^2]/(1 + q v_c), v_c = [(1+a) T1 + (1-a) T2]/c_s, v_g = f (a T1 + (1-a) T2) gamma V_m/F,
/// T1 = (V_m i0/F) c_s e^{-a f eta}, T2 = (V_m i0/F) e^{(1-a) f eta}, q = (1/(2 V_m c0) - c_s)/(D k coth kL - v), G = (v/D)(1/(2 V_m c0) - c_s).
@Suite("Linear stability")
struct StabilityTests {
    struct Front {
        let wavelength: Double, gap: Double      // half-widths
        let biot: Double
        var concentration = 10.0, diffusivity = 3.2e-10, surfaceEnergy = 0.5
        /// Surface concentration in units of c0 that sets the current.
        var surface = 0.5

        var k: Double { 2 * Double.pi / (wavelength * l) }
        var limit: Double { faraday * diffusivity * concentration / (0.5 * gap * l) }
        var current: Double { limit * (1 - surface) }
        var exchange: Double {
            // Bi = q v_c with v_c of order 2 v_0; solved for i0 by bisection at the start.
            var low = 1e-3, high = 1e6
            for _ in 0..<100 {
                let middle = (low * high).squareRoot()
                if biotNumber(exchange: middle) < biot { low = middle } else { high = middle }
            }
            return low
        }

        func rates(exchange: Double, gap: Double) -> (omega: Double, biot: Double) {
            let v = current * molarVolume / faraday, v0 = exchange * molarVolume / faraday, a = 0.5
            let c = 1 - current * 0.5 * gap / (faraday * diffusivity * concentration), load = 1 / (2 * molarVolume * concentration) - c
            // y = e^{-a f eta} at a = 1/2 from v = v0 (c y - 1/y).
            let y = (v + (v * v + 4 * v0 * v0 * c).squareRoot()) / (2 * v0 * c), t1 = v0 * c * y, t2 = v0 / y
            let vc = ((1 + a) * t1 + (1 - a) * t2) / c, vg = thermalFactor * (a * t1 + (1 - a) * t2) * surfaceEnergy * molarVolume / faraday
            let q = load / (diffusivity * k / tanh(k * gap) - v), g = v / diffusivity * load
            return ((vc * g - vg * k * k) / (1 + q * vc), q * vc)
        }

        func biotNumber(exchange: Double) -> Double { rates(exchange: exchange, gap: gap * l).biot }
    }

    /// Growth of ln amplitude over theory, minus 1, over whole lattice periods.
    static func error(_ front: Front, _ scheme: InterfaceSettings.Scheme, dx: Double = 1, periods: Double = 4) throws -> Double {
        let slab = 10.0, exchange = front.exchange
        let s = box(front.wavelength, front.gap + slab, dx: dx) {
            $0.electrolyte.concentration = front.concentration
            $0.electrolyte.diffusivity = front.diffusivity
            $0.electrolyte.transferenceNumber = 0.5
            $0.electrolyte.conductivityLaw = .nernstEinstein
            $0.kinetics.exchangeCurrentDensity = exchange
            $0.interface.scheme = scheme
            $0.interface.surfaceEnergy = front.surfaceEnergy
            $0.interface.allowCoarse = true
            $0.initial.amplitude = 0.1 * l
            $0.control.currentDensity = front.current
            $0.time.frontStep = 0.1
            $0.time.passTolerance = 1e-6
        }
        let sim = try start(s), height = s.grid.size[1]
        let slope = (1 - front.surface) * front.concentration / (front.gap * l)
        sim.place(concentration: { _, y, _ in max(front.concentration - slope * (height - y), 0.1 * front.surface * front.concentration) })
        let period = dx * l
        var theory = 0.0, before = (time: 0.0, omega: 0.0), samples: [(travel: Double, logarithm: Double, theory: Double)] = []
        let initial = sim.metalThickness
        _ = try sim.times(at: [(2 + periods) * l + 0.2 * period]) {
            let omega = front.rates(exchange: exchange, gap: height - sim.metalThickness).omega
            theory += (sim.time - before.time) * (before.omega == 0 ? omega : 0.5 * (omega + before.omega))
            before = (sim.time, omega)
            samples.append((sim.metalThickness - initial, log(sim.firstMode), theory))
        }
        func at(_ travel: Double) -> (Double, Double) {
            let n = samples.firstIndex { $0.travel >= travel }!, a = samples[n - 1], b = samples[n]
            let share = (travel - a.travel) / (b.travel - a.travel)
            return (a.logarithm + share * (b.logarithm - a.logarithm), a.theory + share * (b.theory - a.theory))
        }
        let (first, last) = (at(2 * l), at((2 + periods) * l))
        return (last.0 - first.0) / (last.1 - first.1) - 1
    }

    @Test("the linearised equations, advanced in time, agree with the closed form of a steady front within 2 % of the largest rate")
    func theories() {
        let distances = FrontStability.distancesFromClosedForm()
        #expect(distances.allSatisfy { $0 < 0.02 }, "\(distances)")
    }

    @Test("16 half-widths at Biot 0.25 within 5 %", arguments: InterfaceSettings.Scheme.allCases)
    func short(_ scheme: InterfaceSettings.Scheme) throws {
        let e = try Self.error(Front(wavelength: 16, gap: 40, biot: 0.25), scheme)
        #expect(abs(e) < 0.05, "error \(e)")
    }

    @Test("64 half-widths within 2.5 %", arguments: InterfaceSettings.Scheme.allCases)
    func long(_ scheme: InterfaceSettings.Scheme) throws {
        let e = try Self.error(Front(wavelength: 64, gap: 100, biot: 0.25), scheme, periods: runsFull ? 16 : 8)
        #expect(abs(e) < 0.025, "error \(e)")
    }

    @Test("a surface energy that takes away 43 % of the growth", arguments: InterfaceSettings.Scheme.allCases)
    func stabilised(_ scheme: InterfaceSettings.Scheme) throws {
        let front = Front(wavelength: 32, gap: 60, biot: 0.25, surfaceEnergy: 20),
            without = Front(wavelength: 32, gap: 60, biot: 0.25, surfaceEnergy: 0)
        let share = front.rates(exchange: front.exchange, gap: 60 * l).omega / without.rates(exchange: without.exchange, gap: 60 * l).omega
        #expect(share < 0.6)
        let e = try Self.error(front, scheme)
        #expect(abs(e) < 0.05, "error \(e)")
    }
}
