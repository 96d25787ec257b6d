import Glibc
public import Grids

extension Simulation {
    // MARK: - What can be read

    public var phase: Field<T> { interface.xi.past[0] }
    public var concentration: Field<T> { salt.concentration.past[0] }
    public var potential: Field<T> { charge.potential.past[0] }
    /// R of the last step, 1/s.
    public var reactionRate: Field<T> { kinetics.rate }
    public var frontSpeed: Double { interface.frontSpeed }
    public var mobility: Double { interface.mobility }
    public var solverIterations: (salt: Int, charge: Int) { work.iterations }
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
        -(1 - settings.electrolyte.effectiveTransference) / settings.metal.molarVolume * work.sum(interface.growth) * grid.spacing
            / Double(grid.lateralCells)
    }
    /// Metal without connection to the electrode per unit of electrode area, m.
    public var deadThickness: Double { deadVolume / (grid.faceArea * Double(grid.lateralCells)) }
    /// Salt where the surface meets the electrolyte (cells with 0.1 < xi <= 0.5), mol/m^3; c0 when there is no such cell.
    public var surfaceConcentration: (lowest: Double, mean: Double) {
        var lowest = Double.infinity, total = 0.0, cells = 0
        for row in 0..<grid.rows {
            let xi = phase.row(row), c = concentration.row(row)
            for i in 0..<grid.nx where xi[i] > 0.1 && xi[i] <= 0.5 {
                lowest = min(lowest, Double(c[i]))
                total += Double(c[i])
                cells += 1
            }
        }
        let c0 = settings.electrolyte.concentration
        return cells > 0 ? (lowest, total / Double(cells)) : (c0, c0)
    }
    /// Nuclei so far; their metal (m) and the salt they displaced (mol/m^2, negative) per unit of electrode area: neither is brought by the current.
    public var nuclei: Int { sites.nucleation?.count ?? 0 }
    public var nucleatedThickness: Double { (sites.nucleation?.metal ?? 0) * grid.spacing / Double(grid.lateralCells) }
    public var nucleatedSalt: Double { (sites.nucleation?.salt ?? 0) * grid.spacing / Double(grid.lateralCells) }
    /// Integral of the rate of nucleation over time and electrode: the number of nuclei to be expected.
    public var expectedNuclei: Double { sites.nucleation?.exposure ?? 0 }
    /// Metal that may not react, m^3 (m^2 in 2D).
    public var deadVolume: Double { connectivity.deadVolume(phase, above: max(settings.interface.ramp, 0.01)) }
    /// Height of the highest metal, m.
    public var tipHeight: Double { interface.tipHeight() }
    /// Area of the surface over the area of the electrode.
    public var surfaceRatio: Double { work.surfaceSum(interface.weight) * grid.spacing / Double(grid.lateralCells) }

    /// When the net areal charge (C/m^2) will reach a value, s; infinity when the current moves it away. A limit for `step(until:)`, which meets the value exactly while the
    /// current is held, and otherwise as well as it foresees the current; cautiously, it comes near from below.
    public func time(ofCharge wanted: Double, cautiously: Bool = false) -> Double {
        control.time(from: time, ofCharge: wanted, current: currentDensity, cautiously: cautiously)
    }
    /// Share of the protocol that has passed, 0 ... 1; 0 without one.
    public var protocolShare: Double { control.protocolShare(at: time) }

    /// Where the lithium plated since the start is.
    public var balance: MetalBalance {
        let perVolume = settings.metal.chargePerVolume, dead = perVolume * deadThickness,
            grown = perVolume * (metalThickness - initialThickness - nucleatedThickness)
        return MetalBalance(plated: control.plated, stripped: control.stripped, corroded: ledger.corroded, dead: dead - initiallyDead, left: grown - dead + initiallyDead,
                            dissolved: perVolume * dissolvedThickness)
    }
    /// The same of the last whole cycle of the protocol; zero before its end.
    public var lastCycle: MetalBalance { ledger.lastCycle }

    // MARK: - The film

    /// Share of the film that merging fronts have buried.
    public var buriedFilm: Double { interphase?.buriedShare(phase) ?? 0 }
    /// Shares of the coated material whose coating is broken, or has metal on top.
    public var crackedCoating: Double { interphase?.crackedShare ?? 0 }
    public var coatingBelowMetal: Double { interphase?.onTopShare ?? 0 }
    /// Resistance of the film at the cells of the surface, 0 elsewhere, ohm m^2; nil without a film.
    public func filmResistance() -> Field<T>? { interphase?.resistance() }
    /// Thickness of the coating at the cells of the surface, d0 dA0/dA, 0 where there is none and elsewhere, m; nil when no thickness is known.
    public func filmThickness() -> Field<T>? { settings.film?.thickness.flatMap { interphase?.thickness($0) } }

    func depositionCurrent() -> Double { currentDensity(of: interface.growth) }

    /// zF/V_m times the sum of a rate of metal (1/s) per unit of electrode area, A/m^2.
    func currentDensity(of rate: Field<T>) -> Double {
        settings.metal.chargePerVolume * work.sum(rate) * grid.spacing / Double(grid.lateralCells)
    }

    // MARK: - The alloy layer

    /// Mean concentration of the alloy slab over the one of saturation, and the share of the electrode where it is saturated; nil without the layer.
    public var alloy: (utilisation: Double, saturatedShare: Double)? { alloyLayer.map { ($0.utilisation, $0.saturatedShare) } }
    /// Utilisation of its least and its most filled column; nil without the layer.
    public var alloyRange: (least: Double, most: Double)? { alloyLayer?.range }
    /// Metal that the slab has taken up, as thickness of metal, m.
    public var dissolvedThickness: Double { alloyLayer?.thickness ?? 0 }

    // MARK: - Checkpoints

    public var state: [StateItem] {
        interface.state + salt.state + charge.state + far.state + control.state + connectivity.state + sites.state + clockState + ledgerState
            + (interphase?.state ?? []) + (mechanics?.state ?? []) + (magnetics?.state ?? []) + (flow?.state ?? []) + (alloyLayer?.state ?? [])
    }
}
