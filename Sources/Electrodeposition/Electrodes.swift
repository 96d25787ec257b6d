import Glibc
import Grids
import Spectral

/// The far side y = L: a reservoir (c = c0, phi_l = 0) or a reversible electrode of the metal.
///
/// A metal electrode sits at phi_l = -(1/f) ln(c/c_ref) with c at the wall, and feeds the salt that its current density brings, (1 - t+) i/(zF), cell
/// by cell, so that the inventory is conserved.
final class FarSide<T: FFTReal> {
    let kind: CounterElectrode.Kind
    /// At the wall: concentration (reservoir), phi_l, ln c; per unit of wall area: ionic current into the box, A/m^2.
    let concentration: Field<T>, potential: Field<T>, logarithm: Field<T>, current: Field<T>
    /// The current of the last accepted step.
    private let accepted: Field<T>
    private let work: Workspace<T>
    private let settings: SimulationSettings
    private let thermal: Double

    init(_ settings: SimulationSettings, _ work: Workspace<T>) {
        (self.settings, self.work) = (settings, work)
        kind = settings.counterElectrode.kind
        thermal = settings.metal.thermalFactor(temperature: settings.kinetics.temperature)
        (concentration, potential, logarithm, current) = (work.lateralField(), work.lateralField(), work.lateralField(), work.lateralField())
        accepted = work.lateralField()
        concentration.fill(T(settings.electrolyte.concentration))
        logarithm.fill(T(log(settings.electrolyte.concentration)))
    }

    /// c, ln c and phi_l at the wall from the salt in the last row and the current through it.
    func update(salt c: Field<T>, diffusivity: (Double) -> Double) {
        guard kind == .lithium, !settings.electrolyte.isSingleIon else { return }
        let electrolyte = settings.electrolyte, grid = work.grid, z = settings.metal.valence
        for k in 0..<grid.nz {
            let top = c.row(grid.ny - 1 + grid.ny * k), current = current.row(k)
            for i in 0..<grid.nx {
                let cell = Double(top[i])
                let slope = (1 - electrolyte.effectiveTransference) * Double(current[i]) / (z * Constants.faraday * diffusivity(cell))
                let wall = max(cell + 0.5 * grid.spacing * slope, 1e-9 * electrolyte.concentration)
                concentration.row(k)[i] = T(wall)
                logarithm.row(k)[i] = T(log(wall))
                // Against a metal reference the electrode is at its own potential.
                potential.row(k)[i] = electrolyte.potential == .reference ? 0 : T(-log(wall / electrolyte.concentration) / thermal)
            }
        }
    }

    func accept() { accepted.copy(from: current) }
    func restore() { current.copy(from: accepted) }

    /// Mean ionic current density into the box, A/m^2.
    var meanCurrent: Double {
        var total = 0.0
        for k in 0..<work.grid.nz { for i in 0..<work.grid.nx { total += Double(current.row(k)[i]) } }
        return total / Double(work.grid.lateralCells)
    }

    var state: [StateItem] {
        [.field("wall.concentration", concentration), .field("wall.potential", potential), .field("wall.logarithm", logarithm),
         .field("wall.current", current), .field("wall.accepted", accepted)]
    }
}
