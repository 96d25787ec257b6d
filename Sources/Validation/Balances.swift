package import Electrodeposition
package import Spectral

/// What goes in comes out: metal, charge and salt.
package enum Balances {
    /// A perturbed surface at a strong current, both counter electrodes, either control.
    package static func busy(_ counter: CounterElectrode.Kind, _ mode: ControlSettings.Mode, nx: Double = 16, ny: Double = 40,
                             nz: Double? = nil) -> SimulationSettings {
        box(nx, ny, nz) {
            $0.counterElectrode.kind = counter
            $0.control.mode = mode
            $0.control.currentDensity = 400
            $0.control.potential = -0.15
            $0.initial.amplitude = 0.5 * l
            $0.heterogeneity.variation = 0.3
        }
    }

    /// Largest errors over a run: Faraday (both ways, per current) and salt (per inventory).
    package static func errors<T: FFTReal>(_ s: SimulationSettings, steps: Int,
                                           _: T.Type = T.self) throws -> (faraday: Double, charge: Double, salt: Double) {
        let sim = try start(s, T.self), perVolume = s.metal.chargePerVolume
        var salt = [sim.saltInventory, sim.saltInventory], worst = (faraday: 0.0, charge: 0.0, salt: 0.0)
        var previous: Double?
        for n in 0..<steps {
            let before = sim.time
            try sim.step(until: .greatestFiniteMagnitude)
            let bdf = BDF2(step: sim.time - before, previous: previous)
            previous = sim.time - before
            worst.faraday = max(worst.faraday, abs(sim.currentDensity / sim.counterCurrentDensity - 1))
            let now = sim.saltInventory, balance = bdf.a0 * now - bdf.a1 * salt[0] - bdf.a2 * salt[1] - sim.saltInflux - sim.saltRelease
            worst.salt = max(worst.salt, abs(balance) / bdf.a0 / now)
            salt = [now, salt[0]]
            if n == steps - 1 {
                let grown = (sim.metalThickness - sim.initialThickness) * perVolume
                worst.charge = abs(grown / sim.control.charge - 1)
            }
        }
        return worst
    }

    /// Thickness per capacity of a protocol's step, m per mAh/cm^2, and the charge passed over the one asked for.
    package static func capacity(_ scheme: InterfaceSettings.Scheme) throws -> (thickness: Double, charge: Double) {
        var plate = ProtocolStep()
        plate.kind = .plate
        plate.currentDensity = 100
        plate.capacity = 18000  // C/m^2, 0.5 mAh/cm^2
        let sim = try start(box(4, 50) {
            $0.interface.scheme = scheme
            $0.control.mode = .protocol
            $0.control.steps = [plate]
        })
        while !sim.control.isFinished { try sim.step(until: .greatestFiniteMagnitude) }
        return ((sim.metalThickness - sim.initialThickness) / (sim.control.charge / 36000), sim.control.charge / 18000)
    }
}
