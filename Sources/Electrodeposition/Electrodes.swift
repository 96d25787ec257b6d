import Glibc
import Grids
import Spectral

/// The far side y = L: a reservoir (c = c0, phi_l = 0) or a reversible electrode of the metal.
///
/// A metal electrode sits at phi_l = -(1/f) ln(c/c_ref) with c at the wall, and feeds the salt that its current density brings, (1 - t+) i/(zF), cell
/// by cell, so that the inventory is conserved.
///
/// Where more salt enters, phi_l at the wall falls and the current with it, by the gain g = 2 (1 - t+)^2 kappa/(zF f D c), which may exceed 1. The passes
/// therefore move the current that feeds the salt by 1/(1 + g) of its distance from the last one found, which is right at once where the salt is steady. Its mean,
/// which the whole cell decides (a galvanostat fixes it), follows the secant through the last two passes.
final class FarSide<T: FFTReal> {
    let kind: CounterElectrode.Kind
    /// At the wall: concentration (reservoir), phi_l, ln c; per unit of wall area: ionic current into the box, A/m^2.
    let concentration: Field<T>, potential: Field<T>, logarithm: Field<T>, current: Field<T>
    /// The current that feeds the salt in this pass, A/m^2.
    let supplied: Field<T>
    /// The current of the last accepted step.
    private let accepted: Field<T>
    private let work: Workspace<T>
    private let settings: SimulationSettings
    private let thermal: Double
    /// Distance of the mean current found from the one that fed the salt in the last pass, and the share of it that was gone; 0 before there is one.
    private var lastMean = (residual: 0.0, factor: 1.0)
    private let conductivity: TransportLaw, diffusivity: TransportLaw

    init(_ settings: SimulationSettings, _ work: Workspace<T>) {
        (self.settings, self.work) = (settings, work)
        kind = settings.counterElectrode.kind
        thermal = settings.metal.thermalFactor(temperature: settings.kinetics.temperature)
        (concentration, potential, logarithm, current) = (work.lateralField(), work.lateralField(), work.lateralField(), work.lateralField())
        (supplied, accepted) = (work.lateralField(), work.lateralField())
        conductivity = .conductivity(settings.electrolyte, metal: settings.metal, temperature: settings.kinetics.temperature)
        diffusivity = .diffusivity(settings.electrolyte)
        concentration.fill(T(settings.electrolyte.concentration))
        logarithm.fill(T(log(settings.electrolyte.concentration)))
    }

    /// The current that feeds the salt, and c, ln c and phi_l at the wall from it and the salt in the last row.
    func update(salt c: Field<T>) {
        guard kind == .lithium, !settings.electrolyte.isSingleIon else { return }
        let electrolyte = settings.electrolyte, grid = work.grid, lowest = 1e-9 * electrolyte.concentration
        let share = (1 - electrolyte.effectiveTransference) / (settings.metal.valence * Constants.faraday)
        let junction =
            2 * (1 - electrolyte.effectiveTransference) * (electrolyte.potential == .reference ? electrolyte.thermodynamicFactor : 1) / thermal
        let residual = meanCurrent - mean(supplied)
        var factor = 1.0
        if lastMean.residual != 0, residual != lastMean.residual {
            factor = min(max(lastMean.factor * lastMean.residual / (lastMean.residual - residual), 0.05), 1)
        }
        lastMean = (residual, factor)
        for k in 0..<grid.nz {
            let top = c.row(grid.ny - 1 + grid.ny * k), current = current.row(k), supplied = supplied.row(k)
            for i in 0..<grid.nx {
                let cell = max(Double(top[i]), lowest), d = diffusivity(cell)
                let gain = share * junction * conductivity(cell) / (d * cell), before = Double(supplied[i])
                let feed = before + factor * residual + (Double(current[i]) - before - residual) / (1 + gain)
                supplied[i] = T(feed)
                let wall = max(cell + 0.5 * grid.spacing * share * feed / d, lowest)
                concentration.row(k)[i] = T(wall)
                logarithm.row(k)[i] = T(log(wall))
                // Against a metal reference the electrode is at its own potential.
                potential.row(k)[i] = electrolyte.potential == .reference ? 0 : T(-log(wall / electrolyte.concentration) / thermal)
            }
        }
    }

    /// Largest distance between the current found and the one that fed the salt, A/m^2, and the largest current.
    func mismatch() -> (difference: Double, largest: Double) {
        guard kind == .lithium, !settings.electrolyte.isSingleIon else { return (0, 0) }
        var result = (difference: 0.0, largest: 0.0)
        for k in 0..<work.grid.nz {
            let found = current.row(k), fed = supplied.row(k)
            for i in 0..<work.grid.nx {
                result.difference = max(result.difference, abs(Double(found[i]) - Double(fed[i])))
                result.largest = max(result.largest, abs(Double(found[i])))
            }
        }
        return result
    }

    func accept() {
        accepted.copy(from: current)
        supplied.copy(from: current)
    }
    func restore() {
        current.copy(from: accepted)
        supplied.copy(from: accepted)
    }

    /// Mean ionic current density into the box, A/m^2.
    var meanCurrent: Double { mean(current) }

    private func mean(_ u: Field<T>) -> Double { work.sumAtWall(u) / Double(work.grid.lateralCells) }

    var state: [StateItem] {
        [.field("wall.concentration", concentration), .field("wall.potential", potential), .field("wall.logarithm", logarithm),
         .field("wall.current", current), .field("wall.supplied", supplied), .field("wall.accepted", accepted)]
    }
}
