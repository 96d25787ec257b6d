import Grids
import Kernels
import Spectral

/// Metal that dissolves in an alloy slab below the surface, column by column of the electrode, until the slab's surface is saturated; what
/// it does not take plates on top.
///
/// A column takes the flux of its reaction and of the metal on top of it as far as its surface stays between empty and saturated (see
/// `AlloySlab`): it fills first, then metal grows on top while it goes on filling, and stripping takes that metal before it empties the
/// slab. In the phase equation this is a loss of metal without current, spread over the surface of the column: d xi/dt = ... - D, J = d
/// xi/dt + D.
final class AlloyLayer<T: FFTReal> {
    /// Metal lost without current at each place, 1/s: D, and corrosion where there is any.
    let loss: Field<T>
    private let work: Workspace<T>
    private let slab: AlloySlab
    private let molarVolume: Double, initialConcentration: Double, chargePerMole: Double, exchangeSpeed: Double
    /// The coating, when its equilibrium potential is known.
    private let curve: CoatingSettings?
    private var step = AlloySlab.Step()
    private let count: Int
    // Per column: the slab, its mean one step ago, metal (m) at the start and now, flux offered (and that of the
    // settled reaction), weight of the surface (m), flux taken.
    private let columns: UnsafeMutablePointer<Double>
    private let pastMean: Lateral, start: Lateral, metal: Lateral, offered: Lateral, settled: Lateral, weights: Lateral, taken: Lateral

    typealias Lateral = UnsafeMutablePointer<Double>

    /// - Returns: nil when the layer is off.
    init?(_ settings: SimulationSettings, _ work: Workspace<T>) {
        guard settings.alloyLayer.enabled, let coating = settings.coating, let thickness = coating.slabThickness,
              let diffusivity = coating.diffusivity.first, let most = coating.maximumConcentration else { return nil }
        self.work = work
        slab = AlloySlab(thickness: thickness, diffusivity: diffusivity, maximumConcentration: most)
        molarVolume = settings.metal.molarVolume
        exchangeSpeed = settings.kinetics.exchangeCurrentDensity / settings.metal.chargePerVolume
        chargePerMole = settings.metal.chargePerVolume * molarVolume
        initialConcentration = coating.initialConcentration ?? 0
        curve = coating.openCircuitPotentials.isEmpty ? nil : coating
        count = work.grid.lateralCells
        columns = .allocate(capacity: count * AlloySlab.numbersPerColumn)
        let count = count
        func lateral() -> Lateral {
            let memory = Lateral.allocate(capacity: count)
            memory.initialize(repeating: 0, count: count)
            return memory
        }
        (pastMean, start, metal, offered) = (lateral(), lateral(), lateral(), lateral())
        (settled, weights, taken) = (lateral(), lateral(), lateral())
        loss = Field(work.grid)
    }

    deinit { for memory in [columns, pastMean, start, metal, offered, settled, weights, taken] { memory.deallocate() } }

    /// A slab of uniform concentration under the metal as it is.
    func start(_ xi: Field<T>) {
        columns.initialize(repeating: 0, count: count * AlloySlab.numbersPerColumn)
        for n in 0..<count { column(n)[0] = initialConcentration }
        forget()
        gather(xi, into: start)
        metal.update(from: start, count: count)
        loss.fill(0)
    }

    /// Puts in the potential of the alloy at the surface of each column: the reaction is at rest where phi_s - phi_l = U(c), so eta gets
    /// -U.
    ///
    /// U is that of the concentration to which the last flux would lead. What a change of the current does to c within the step counts as
    /// the resistance of a film does: by the slope of U between no flux and this one, none once the surface is saturated.
    func contribute(to conditions: SurfaceConditions<T>, length: Double) {
        guard let curve, let potentials = conditions.overpotential, let resistance = conditions.resistance else { return }
        slab.prepare(&step, length: length)
        let most = slab.maximumConcentration, layout = work.layout
        func volts(_ concentration: Double) -> Double { curve.openCircuitPotential(at: min(max(concentration / most, 0), 1)) ?? 0 }
        for n in 0..<count {
            let idle = slab.surface(column(n), after: step)
            // Without a flux to go by: one that changes c by a millionth of saturation.
            let flux = taken[n] != 0 ? taken[n] : 1e-6 * most / step.response, reached = slab.surface(column(n), after: step, flux: flux)
            let slope = reached > 0 && reached < most * (1 - 1e-9) ? (volts(reached) - volts(idle)) / flux : 0
            let perCurrent = -slope / chargePerMole * (weights[n] > 0 ? weights[n] : 1)
            let held = volts(taken[n] != 0 ? reached : idle) - slope * offered[n] / molarVolume
            for j in 0..<layout.ny {
                let row = j + layout.ny * (n / layout.nx), i = n % layout.nx
                potentials.row(row)[i] -= T(held)
                resistance.row(row)[i] += T(perCurrent)
            }
        }
    }

    /// D of a step in which the reaction would make R grow, and the corrosion of the same step.
    func share(rate: Field<T>, weight: Field<T>, corrosion: Field<T>? = nil, _ bdf: BDF2) {
        slab.prepare(&step, length: bdf.step)
        gather(rate, into: offered)
        gather(weight, into: weights)
        for n in 0..<count {
            let limits = slab.limits(column(n), step), onTop = max(0, metal[n] - start[n]) / bdf.step
            let wanted = (offered[n] + onTop) / molarVolume
            taken[n] = weights[n] > 0 ? min(max(wanted, limits.least), limits.most) : 0
        }
        let layout = work.layout, nx = layout.nx
        work.forRows { rows in
            for row in rows {
                let to = loss.row(row), w = weight.row(row), first = row / layout.ny * nx
                for i in 0..<nx where weights[first + i] > 0 { to[i] = T(taken[first + i] * molarVolume / weights[first + i]) * w[i] }
                for i in 0..<nx where !(weights[first + i] > 0) { to[i] = 0 }
                if let eaten = corrosion?.row(row) { for i in 0..<nx { to[i] += eaten[i] } }
            }
        }
    }

    /// How far the reaction has moved from the one that was shared out, relative to the largest of a column; at rest to the exchange
    /// itself.
    func lag(rate: Field<T>) -> Double {
        gather(rate, into: settled)
        var difference = 0.0, largest = 1e-3 * exchangeSpeed
        for n in 0..<count {
            difference = max(difference, abs(settled[n] - offered[n]))
            largest = max(largest, abs(offered[n]))
        }
        return difference / largest
    }

    /// Books the flux of an accepted step, the mean with the formula of the metal, so that both close together.
    func accept(_ xi: Field<T>, _ bdf: BDF2) {
        for n in 0..<count {
            let mean = column(n)[0]
            slab.advance(column(n), flux: taken[n], step)
            column(n)[0] = (bdf.a1 * mean + bdf.a2 * pastMean[n] + taken[n] / slab.thickness) / bdf.a0
            pastMean[n] = mean
        }
        gather(xi, into: metal)
    }

    /// The next step starts afresh.
    func forget() { for n in 0..<count { pastMean[n] = column(n)[0] } }

    // MARK: - What can be read

    /// Mean concentration over the one of saturation.
    var utilisation: Double { (0..<count).reduce(0) { $0 + column($1)[0] } / Double(count) / slab.maximumConcentration }
    /// The least and the most filled column, mean concentration over the one of saturation.
    var range: (least: Double, most: Double) {
        (0..<count).reduce((least: .infinity, most: 0)) { range, n in
            let filling = column(n)[0] / slab.maximumConcentration
            return (min(range.least, filling), max(range.most, filling))
        }
    }
    /// Metal taken up since the start, as thickness of metal, m.
    var thickness: Double {
        ((0..<count).reduce(0) { $0 + column($1)[0] } / Double(count) - initialConcentration) * slab.thickness * molarVolume
    }
    /// Share of the columns whose surface is saturated, so that metal plates on top.
    var saturatedShare: Double {
        Double((0..<count).reduce(0) { $0 + (slab.surface(column($1)) >= slab.maximumConcentration * (1 - 1e-6) ? 1 : 0) }) / Double(count)
    }

    private func column(_ n: Int) -> UnsafeMutablePointer<Double> { columns + n * AlloySlab.numbersPerColumn }

    /// Integral over the height of every column, in m times the unit of the field.
    private func gather(_ field: Field<T>, into sums: Lateral) {
        let grid = work.grid
        for k in 0..<grid.nz {
            let to = sums + k * grid.nx
            to.update(repeating: 0, count: grid.nx)
            for j in 0..<grid.ny {
                let row = field.row(j + grid.ny * k)
                for i in 0..<grid.nx { to[i] += Double(row[i]) }
            }
            for i in 0..<grid.nx { to[i] *= grid.spacing }
        }
    }

    var state: [StateItem] {
        func array(_ name: String, _ memory: Lateral, _ count: Int) -> StateItem {
            .array(name: name, element: .double, count: count, memory: UnsafeMutableRawPointer(memory), owner: self)
        }
        return [
            array("alloy", columns, count * AlloySlab.numbersPerColumn), array("alloy.pastMean", pastMean, count),
            array("alloy.start", start, count),
            array("alloy.metal", metal, count), array("alloy.taken", taken, count), array("alloy.weights", weights, count),
            array("alloy.offered", offered, count),
        ]
    }
}
