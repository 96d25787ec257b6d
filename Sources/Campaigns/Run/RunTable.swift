import Electrodeposition
import Grids
import Morphology
import RunFiles
import Spectral

/// A row of series.csv or cycles.csv. SI units.
struct RunTable {
    let columns: [Series.Column]
    let values: [Double]

    init(_ entries: [(name: String, unit: String, value: Double)]) {
        columns = entries.map { Series.Column($0.name, unit: $0.unit) }
        values = entries.map(\.value)
    }

    /// The surface is measured as an analysis of the snapshots measures it.
    init<T: FFTReal>(_ run: Simulation<T>, _ ledger: RunLedger) throws {
        let balance = run.balance
        let surface = try SurfaceMetrics(Samples(run.phase), detail: .brief), control = run.control, salt = run.surfaceConcentration
        let shape = surface.values.map { ($0.name == "dead thickness" ? "dead lithium" : $0.name, $0.unit, $0.value) }
        let alloy = run.alloy.map { [("alloy utilisation", "1", $0.utilisation), ("saturated alloy", "1", $0.saturatedShare)] } ?? []
        self.init([
            ("time", "s", run.time), ("step", "1", Double(run.steps)), ("dt", "s", ledger.lastStep), ("cycle", "1", Double(control.cycle)),
            ("capacity", "C/m^2", control.charge), ("current density", "A/m^2", run.currentDensity), ("phi_s", "V", run.metalPotential),
        ] + shape + [
            ("metal", "m", run.metalThickness), ("area ratio", "1", run.surfaceRatio),
            ("c_min", "mol/m^3", salt.lowest), ("c_mean", "mol/m^3", salt.mean), ("salt", "mol/m^2", run.saltInventory),
            ("nuclei", "1", Double(run.nuclei)), ("nucleated metal", "m", run.nucleatedThickness),
            ("plated", "C/m^2", control.plated), ("stripped", "C/m^2", control.stripped),
            ("Coulombic efficiency", "1", control.stripped > 0 ? control.stripped / control.plated : .nan),
            ("corroded", "C/m^2", balance.corroded), ("dead metal", "C/m^2", balance.dead), ("metal left", "C/m^2", balance.left),
            ("reservoir efficiency", "1", balance.reservoirEfficiency ?? .nan), ("cycle efficiency", "1", run.lastCycle.coulombicEfficiency ?? .nan),
            ("cycle reservoir efficiency", "1", run.lastCycle.reservoirEfficiency ?? .nan),
            ("buried film", "1", run.buriedFilm), ("cracked coating", "1", run.crackedCoating), ("coating below metal", "1", run.coatingBelowMetal),
            ("surface energy", "J/m^2", run.settings.interface.surfaceEnergy * run.surfaceRatio), ("electrical work", "J/m^2", ledger.work),
            ("passes", "1", Double(run.passes)), ("salt iterations", "1", Double(run.solverIterations.salt)),
            ("charge iterations", "1", Double(run.solverIterations.charge)),
            ("rejected steps", "1", Double(run.rejected)),
        ] + run.couplings.columns + alloy)
    }

    /// The last whole cycle: where its metal went, plated = stripped + corroded + dead + left + dissolved, and its mean potentials, weighted by charge.
    init<T: FFTReal>(lastCycleOf run: Simulation<T>, _ ledger: RunLedger) {
        let cycle = run.lastCycle
        self.init([
            ("time", "s", run.time), ("cycle", "1", Double(run.control.cycle)), ("plated", "C/m^2", cycle.plated),
            ("stripped", "C/m^2", cycle.stripped),
            ("Coulombic efficiency", "1", cycle.coulombicEfficiency ?? .nan), ("reservoir efficiency", "1", cycle.reservoirEfficiency ?? .nan),
            ("corroded", "C/m^2", cycle.corroded), ("dead metal", "C/m^2", cycle.dead), ("metal left", "C/m^2", cycle.left),
            ("dissolved metal", "C/m^2", cycle.dissolved),
            ("plating potential", "V", cycle.plated > 0 ? -ledger.cycleWork.plating / cycle.plated : .nan),
            ("stripping potential", "V", cycle.stripped > 0 ? ledger.cycleWork.stripping / cycle.stripped : .nan),
        ])
    }
}

extension CouplingNumbers {
    /// Columns of the couplings that are on.
    fileprivate var columns: [(name: String, unit: String, value: Double)] {
        var list: [(name: String, unit: String, value: Double)] = []
        if let eta = mechanicalOverpotential { list += [("eta_mech min", "V", eta.low), ("eta_mech max", "V", eta.high),
                                                     ("stress slope", "V/m", stressSlope ?? .nan), ("Monroe-Newman slope", "V/m", layerStressSlope ?? .nan)] }
        if let stress = hydrostaticStress {
            list += [("hydrostatic stress min", "Pa", stress.low), ("hydrostatic stress max", "Pa", stress.high),
                     ("mechanics iterations", "1", Double(mechanicsIterations))]
        }
        if let b = magneticField { list.append(("B max", "T", b)) }
        if let hartmann, let speed, let peclet {
            list += [("Hartmann", "1", hartmann), ("u max", "m/s", speed), ("Peclet", "1", peclet), ("flow iterations", "1", Double(flowIterations))]
        }
        return list
    }
}
