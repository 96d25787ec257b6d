import Glibc
public import Grids

extension Simulation {
    // MARK: - What can be read

    public var phase: Field<T> { interface.xi.past[0] }
    public var concentration: Field<T> { salt.concentration.past[0] }
    public var potential: Field<T> { charge.potential.past[0] }
    /// phi_s against the counter electrode, V.
    public var metalPotential: Double { charge.pastMetalPotential.0 }
    public var frontSpeed: Double { interface.frontSpeed }
    public var mobility: Double { interface.mobility }
    public var solverIterations: (salt: Int, charge: Int, sensitivity: Int) { work.iterations }
    public var planningTime: Double { interface.planningTime }

    /// Ionic current density through y = L, A/m^2.
    public var counterCurrentDensity: Double { far.meanCurrent }
    /// Metal (integral of xi) per unit of electrode area, m.
    public var metalThickness: Double { work.sum(phase) * grid.spacing / Double(grid.lateralCells) }
    /// Salt (integral of eps c) per unit of electrode area, mol/m^2.
    public var saltInventory: Double { work.sum(salt.content.past[0]) * grid.spacing / Double(grid.lateralCells) }
    /// Salt entering through y = L, mol/(m^2 s), and set free (negative: taken up) by the reaction.
    public var saltInflux: Double { salt.influxPerArea }
    public var saltRelease: Double {
        -(1 - settings.electrolyte.effectiveTransference) / settings.metal.molarVolume * work.sum(interface.growth) * grid.spacing / Double(grid.lateralCells)
    }
    public var deadVolume: Double { connectivity.deadVolume(phase) }
    /// Height of the highest metal, m.
    public var tipHeight: Double { interface.tipHeight() }
    /// Area of the surface over the area of the electrode.
    public var surfaceRatio: Double { work.sum(interface.weight) * grid.spacing / Double(grid.lateralCells) }

    func depositionCurrent() -> Double {
        settings.metal.chargePerVolume * work.sum(interface.growth) * grid.spacing / Double(grid.lateralCells)
    }

    // MARK: - Checkpoints

    public var state: [StateItem] {
        interface.state + salt.state + charge.state + far.state + control.state + connectivity.state + clockState
    }
}
