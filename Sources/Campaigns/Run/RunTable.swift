import Electrodeposition
import Grids
import Morphology
import RunFiles
import Spectral

/// The columns of series.csv and how a simulation fills them. SI units.
struct RunTable<T: FFTReal> {
    typealias Row = (Simulation<T>, RunLedger, RunSurface) -> Double

    static func columns(dimensions: Int) -> [Series.Column] { entries(dimensions).map { Series.Column($0.name, unit: $0.unit) } }

    static func row(_ simulation: Simulation<T>, _ ledger: RunLedger) -> [Double] {
        let surface = RunSurface(simulation)
        return entries(simulation.grid.dimensions).map { $0.value(simulation, ledger, surface) }
    }

    private static func entries(_ dimensions: Int) -> [(name: String, unit: String, value: Row)] {
        let s = dimensions == 2 ? "R" : "S"
        return [
            ("time", "s", { run, _, _ in run.time }),
            ("step", "1", { run, _, _ in Double(run.steps) }),
            ("dt", "s", { _, ledger, _ in ledger.lastStep }),
            ("cycle", "1", { run, _, _ in Double(run.control.cycle) }),
            ("capacity", "C/m^2", { run, _, _ in run.control.charge }),
            ("current density", "A/m^2", { run, _, _ in run.currentDensity }),
            ("phi_s", "V", { run, _, _ in run.metalPotential }),
            ("tip height", "m", { _, _, surface in surface.map.highest }),
            ("valley height", "m", { _, _, surface in surface.map.lowest }),
            ("mean height", "m", { _, _, surface in surface.map.mean }),
            (s + "a", "m", { _, _, surface in surface.roughness.arithmeticMean }),
            (s + "q", "m", { _, _, surface in surface.roughness.rootMeanSquare }),
            (s + "z", "m", { _, _, surface in surface.roughness.maximumHeight }),
            ("metal", "m", { run, _, _ in run.metalThickness }),
            ("area ratio", "1", { run, _, _ in run.surfaceRatio }),
            ("c_min", "mol/m^3", { run, _, _ in run.surfaceConcentration.lowest }),
            ("c_mean", "mol/m^3", { run, _, _ in run.surfaceConcentration.mean }),
            ("salt", "mol/m^2", { run, _, _ in run.saltInventory }),
            ("dead lithium", "m", { run, _, _ in run.deadThickness }),
            ("plated", "C/m^2", { run, _, _ in run.control.plated }),
            ("stripped", "C/m^2", { run, _, _ in run.control.stripped }),
            ("Coulombic efficiency", "1", { run, _, _ in run.control.stripped > 0 ? run.control.stripped / run.control.plated : .nan }),
            ("surface energy", "J/m^2", { run, _, _ in run.settings.interface.surfaceEnergy * run.surfaceRatio }),
            ("electrical work", "J/m^2", { _, ledger, _ in ledger.work }),
            ("passes", "1", { run, _, _ in Double(run.passes) }),
            ("salt iterations", "1", { run, _, _ in Double(run.solverIterations.salt) }),
            ("charge iterations", "1", { run, _, _ in Double(run.solverIterations.charge + run.solverIterations.sensitivity) }),
            ("rejected steps", "1", { run, _, _ in Double(run.rejected) }),
        ]
    }
}

/// The surface as an analysis of the snapshots sees it: metal that is connected to the electrode.
struct RunSurface {
    let map: HeightMap, roughness: Roughness

    init<T: FFTReal>(_ simulation: Simulation<T>) {
        let xi = Samples(simulation.phase), metal = Components(of: xi)
        map = HeightMap(xi, connected: metal.deadCount > 0 ? metal : nil)
        roughness = Roughness(map)
    }
}
