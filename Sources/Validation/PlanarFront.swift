package import Electrodeposition
import Glibc

/// A flat front limited by its reaction: v = i_n V_m/(zF), whatever keeps the profile.
package enum PlanarFront {
    /// v/v_theory - 1 over whole lattice periods; lengths in half-widths.
    package static func error(_ scheme: InterfaceSettings.Scheme, dx: Double, ratio: Double, ramp: Double = 0.01, volts: Double = -0.05,
                              frontStep: Double = 0.05) throws -> Double {
        let s = box(4 * dx, 32, dx: dx) {
            $0.electrolyte.kind = .singleIon
            $0.electrolyte.conductivity = 1e6
            $0.control.mode = .potentiostatic
            $0.control.potential = volts
            $0.initial.thickness = (volts < 0 ? 10 : 22) * l
            $0.interface.scheme = scheme
            $0.interface.mobilityRatio = ratio
            $0.interface.ramp = ramp
            $0.interface.allowCoarse = true
            $0.time.frontStep = frontStep
        }
        let sim = try start(s), sign = volts < 0 ? 1.0 : -1
        let marks = try sim.times(at: [sign * 4 * l, sign * 10 * l])
        let f = thermalFactor, i = s.kinetics.exchangeCurrentDensity * (exp(-0.5 * f * volts) - exp(0.5 * f * volts))
        return sign * 6 * l / (marks[1] - marks[0]) / (i * molarVolume / faraday) - 1
    }
}
