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

/// What a run books besides the simulation's own state.
final class RunLedger: Stateful {
    /// Length of the last step, s.
    private(set) var lastStep = 0.0
    /// Electrical work done on the cell per unit of electrode area, J/m^2: the integral of -phi_s i.
    private(set) var work = 0.0
    private var power = 0.0
    /// Step of the last save; -1 before the first.
    var savedStep = -1

    /// - Parameter power: -phi_s i at the end of the step, W/m^2.
    func book(step: Double, power new: Double) {
        lastStep = step
        work += 0.5 * step * (power + new)
        power = new
    }

    var state: [StateItem] {
        [
            .number(name: "ledger.savedStep", get: { Double(self.savedStep) }, set: { self.savedStep = Int($0) }),
            .number(name: "ledger.lastStep", get: { self.lastStep }, set: { self.lastStep = $0 }),
            .number(name: "ledger.work", get: { self.work }, set: { self.work = $0 }),
            .number(name: "ledger.power", get: { self.power }, set: { self.power = $0 }),
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
