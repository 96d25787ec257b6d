package import Electrodeposition
import Glibc
internal import Grids
internal import StandardProblems

/// A planar front of the one-potential model under uniform potential and salt, for kappa 0.3, W 2.4, L_s 6.25, L_e 1e-3 in units of
/// 2.5e6 J/m^3:
/// v = 6 l L_e (e^{-a f phi} - e^{(1-a) f phi}) where the grid resolves the profile.
package struct OnePotentialFront: Sendable {
    package var volts = 0.2
    /// Cell in half-widths.
    package var dx = 0.5
    package var quadrature = SinglePotentialSettings.Quadrature.nodes

    package init(volts: Double = 0.2, dx: Double = 0.5, quadrature: SinglePotentialSettings.Quadrature = .nodes) {
        (self.volts, self.dx, self.quadrature) = (volts, dx, quadrature)
    }

    /// f = 38.69 1/V, as published.
    private static let thermal = 38.69
    /// um/s at V, worked out apart from this program.
    static let published: [(volts: Double, speed: Double)] = [
        (0.10, 0.01016), (0.15, 0.02723), (0.20, 0.07181), (0.25, 0.1890), (0.30, 0.4972),
    ]

    private var model: SinglePotentialSettings {
        var own = SinglePotentialSettings()
        own.transport = .uniform
        own.quadrature = quadrature
        own.noise = 0
        return own
    }

    var halfWidth: Double { model.halfWidth }

    /// m/s
    var theory: Double { 12 * model.halfWidth * model.reactionRate * sinh(OnePotentialFront.thermal * volts / 2) }

    /// Time and growth of the metal (m) after every step, until it has grown by `distance` (half-widths) or would have by twice that.
    func course(to distance: Double) throws -> Course {
        let own = model, l = own.halfWidth
        var s = SimulationSettings()
        s.grid.spacing = dx * l
        s.grid.size = [4 * dx * l, (distance + 30 * max(1, dx)) * l]
        s.control.mode = .potentiostatic
        s.control.potential = -volts
        s.initial.thickness = 10 * max(1, dx) * l
        // A fiftieth of a half-width per step.
        s.time.fixedStep = min(0.02, 0.02 * l / theory)
        s.time.passTolerance = 1e-6
        s.time.solverTolerance = 1e-10
        s.time.largestPasses = 60
        s.kinetics.temperature = Constants.faraday / (Constants.gas * OnePotentialFront.thermal)
        let sim = try SinglePotentialSimulation(s, own, on: Device()), start = sim.metalThickness
        var samples = [(time: 0.0, growth: 0.0)]
        while samples[samples.count - 1].growth < distance * l && sim.time < 2 * distance * l / theory {
            try sim.step(until: .greatestFiniteMagnitude)
            samples.append((sim.time, sim.metalThickness - start))
        }
        return Course(samples: samples)
    }

    /// Mean speed (m/s) between two growths (half-widths), whole periods of the lattice apart.
    package func speed(from first: Double = 4, to last: Double = 12) throws -> Double {
        try course(to: last).speed(from: first * halfWidth, to: last * halfWidth)
    }

    struct Course {
        let samples: [(time: Double, growth: Double)]

        /// Between two growths; in the second half of the time for a front that did not come so far.
        func speed(from first: Double, to last: Double) -> Double {
            let end = samples[samples.count - 1], middle = samples[samples.count / 2]
            guard end.growth >= last else { return (end.growth - middle.growth) / (end.time - middle.time) }
            return (last - first) / (time(at: last) - time(at: first))
        }

        private func time(at growth: Double) -> Double {
            let n = samples.firstIndex { $0.growth >= growth } ?? 1, a = samples[n - 1], b = samples[n]
            return a.time + (b.time - a.time) * (growth - a.growth) / (b.growth - a.growth)
        }

        /// Speed (m/s) of each step between two growths, at the growth in its middle.
        func speeds(from first: Double, to last: Double) -> [(growth: Double, speed: Double)] {
            zip(samples, samples.dropFirst()).compactMap { a, b in
                let middle = (a.growth + b.growth) / 2
                return middle >= first && middle <= last ? (middle, (b.growth - a.growth) / (b.time - a.time)) : nil
            }
        }
    }
}
