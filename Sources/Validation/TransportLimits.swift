package import Electrodeposition
import Glibc

/// Where transport limits the current: Sand's time and the limiting current, each against a sharp front.
package enum TransportLimits {
    /// Time at which a constant current has used up the salt at the surface: phi_s falls through -0.5 V, by a line between the steps on both sides.
    package static func transitionTime(_ s: SimulationSettings) throws -> Double {
        let sim = try start(s), limit = -0.5
        var before = (time: sim.time, potential: sim.metalPotential)
        while sim.metalPotential > limit {
            before = (sim.time, sim.metalPotential)
            try sim.step(until: .greatestFiniteMagnitude)
        }
        return before.time + (sim.time - before.time) * (limit - before.potential) / (sim.metalPotential - before.potential)
    }

    package static func column(_ height: Double, half: Double, _ change: (inout SimulationSettings) -> Void) -> SimulationSettings {
        var s = box(4, height) { _ in }
        s.interface.halfWidth = half
        s.grid.spacing = half
        s.grid.size = [4 * half, height * half]
        s.time.concentrationTolerance = 1e-4
        change(&s)
        return s
    }

    /// Sand's time at 10 mol/m^3 against pi D (zF c0/(2 i (1-t+)))^2, s.
    ///
    /// Towards the end the reaction moves out to where there is salt, some half-widths: the time is too long in proportion to l (1.3 % at 0.2 um).
    package static func sand(half: Double) throws -> (got: Double, expected: Double) {
        let i = 4.4, diffusivity = 3.2e-10, t = 0.38, c0 = 10.0
        let s = column(330e-6 / half, half: half) {
            $0.electrolyte.concentration = c0
            $0.electrolyte.diffusivity = diffusivity
            $0.electrolyte.transferenceNumber = t
            $0.kinetics.exchangeCurrentDensity = 100
            $0.control.currentDensity = i
        }
        let expected = Double.pi * diffusivity * pow(faraday * c0 / (2 * i * (1 - t)), 2)
        let got = try transitionTime(s)
        return (got, expected)
    }

    /// Sand's time at 1 mol/L, where the moving front sweeps up salt: the run and the sharp problem, s.
    package static func sandMolar() throws -> (got: Double, expected: Double) {
        let i = 100.0, diffusivity = 3.18e-10, half = 0.55e-6
        let s = column(1650, half: half) {
            $0.electrolyte.diffusivity = diffusivity
            $0.electrolyte.transferenceNumber = 0
            $0.kinetics.exchangeCurrentDensity = 100
            $0.electrolyte.conductivity = 100
            $0.control.currentDensity = i
        }
        let v = i * molarVolume / faraday, dt = 0.2
        var sharp = SharpGap(diffusivity: diffusivity, transference: 0, gap: 900e-6, concentration: 1000, cells: 1600)
        var time = 0.0, last = 1000.0
        while true {
            sharp.step(dt, speed: v, feeds: false)
            time += dt
            let surface = sharp.surface(speed: v)
            if surface <= 0 {
                time -= dt * surface / (surface - last)
                break
            }
            last = surface
        }
        return (try transitionTime(s), time)
    }

    /// Current between lithium electrodes at 10 mol/m^3 near its limit, A/m^2, expected from the surface concentration of the run (per c0).
    package static func limitingCurrent(_ scheme: InterfaceSettings.Scheme) throws -> (got: Double, expected: Double, surface: Double) {
        let c0 = 10.0, diffusivity = 3.18e-10
        let s = column(310, half: l) {
            $0.counterElectrode.kind = .lithium
            $0.interface.scheme = scheme
            $0.electrolyte.concentration = c0
            $0.electrolyte.diffusivity = diffusivity
            $0.electrolyte.transferenceNumber = 0
            $0.electrolyte.conductivity = 0.02
            $0.control.mode = .potentiostatic
            $0.control.potential = -0.2
            $0.kinetics.exchangeCurrentDensity = 100
        }
        let sim = try start(s)
        try sim.run(until: 12)
        let gap = s.grid.size[1] - sim.metalThickness, surface = sim.concentration(at: sim.metalThickness) / c0
        let expected = 2 * faraday * diffusivity * c0 / gap * (1 - surface)
        return (sim.currentDensity, expected, surface)
    }

    /// Surface concentration at 1 mol/L near the limit and that of the sharp problem, mol/m^3.
    package static func depletion() throws -> (got: Double, expected: Double) {
        let diffusivity = 3.18e-10, s = column(110, half: l) {
            $0.counterElectrode.kind = .lithium
            $0.electrolyte.diffusivity = diffusivity
            $0.electrolyte.transferenceNumber = 0
            $0.control.currentDensity = 2800
        }
        let sim = try start(s), v = 2800 * molarVolume / faraday, end = 1.2, steps = 600
        var sharp = SharpGap(diffusivity: diffusivity, transference: 0, gap: s.grid.size[1] - sim.metalThickness, concentration: 1000,
                             cells: 400)
        for _ in 0..<steps { sharp.step(end / Double(steps), speed: v, feeds: true) }
        try sim.run(until: end)
        let surface = sim.concentration(at: sim.metalThickness), expected = sharp.surface(speed: v)
        return (surface, expected)
    }
}
