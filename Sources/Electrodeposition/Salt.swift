import Elliptic
import Grids
import Kernels
import Spectral

/// The salt balance d(eps c)/dt + div(u c) = div(eps D grad c) - (1 - t+)/V_m d xi/dt.
///
/// The step solves for c with the reaction linear in it; afterwards eps c is updated once from the face fluxes of that c and the accepted growth,
/// so the inventory closes to round-off whatever the solver's tolerance.
final class Salt<T: FFTReal> {
    let concentration: History<T>
    /// eps c, mol/m^3, at t_n and t_(n-1).
    let content: History<T>
    /// An added term of the balance, mol/(m^3 s).
    var source: Field<T>?
    private let work: Workspace<T>
    private let floor: T
    /// (1 - t+)/V_m
    private let release: Double
    private let law: TransportLaw
    private let property: Field<T>?
    private let influx: Field<T>
    private let tolerance: Double
    private let concentrationFloor: Double
    private let far: FarSide<T>
    private let settings: SimulationSettings
    /// div(u c); nil when nothing flows. It takes c as it was before the solve, extrapolated in time or from the pass before, while the flow crosses
    /// less than a tenth of a cell in a step; beyond that it is solved for.
    private let advection: Advection<T>?
    private let advectionSolver: BiconjugateGradient<T>?

    init(_ settings: SimulationSettings, _ work: Workspace<T>, _ far: FarSide<T>, carriedBy advection: Advection<T>? = nil) {
        (self.settings, self.work, self.far, self.advection) = (settings, work, far, advection)
        concentration = History(work.grid, levels: 3)
        content = History(work.grid, levels: 2)
        floor = T(settings.electrolyte.fractionFloor)
        release = (1 - settings.electrolyte.effectiveTransference) / settings.metal.molarVolume
        law = .diffusivity(settings.electrolyte)
        property = law.isConstant ? nil : Field(work.grid)
        influx = work.lateralField()
        tolerance = settings.time.solverTolerance
        concentrationFloor = 1e-6 * settings.electrolyte.concentration
        advectionSolver = advection.map { _ in BiconjugateGradient(work.grid, multigrid: work.multigrid) }
    }

    var isSolved: Bool { !settings.electrolyte.isSingleIon }

    func start(_ interface: Interface<T>) {
        for level in [concentration.new] + concentration.past { level.fill(T(settings.electrolyte.concentration)) }
        fillContent(interface)
    }

    /// c of a function of the cell's centre.
    func place(_ profile: (Double, Double, Double) -> Double) {
        for level in [concentration.new] + concentration.past { level.set(profile) }
    }

    /// eps c of the present c and xi.
    func fillContent(_ interface: Interface<T>) {
        let kernels = work.kernels, layout = work.layout
        for level in content.past {
            work.forRows {
                kernels.content(level.cells, xi: interface.xi.past[0].cells, concentration: concentration.past[0].cells, floor: floor, layout, $0)
            }
        }
    }

    func extrapolate(_ bdf: BDF2) {
        guard isSolved else { return }
        let kernels = work.kernels, layout = work.layout
        work.forRows {
            kernels.combine(concentration.new.cells, T(bdf.e0), concentration.past[0].cells, T(bdf.e1), concentration.past[1].cells, layout, $0)
        }
        concentration.new.fillGhosts()
    }

    /// Solves for c; R and G follow along their slope.
    func solve(_ interface: Interface<T>, _ kinetics: Kinetics<T>, _ bdf: BDF2) throws(StepFailure) {
        guard isSolved else { return }
        let kernels = work.kernels, layout = work.layout, c = concentration.new, before = work.scratch
        work.keepSurface(of: c, in: before)
        let scale = assembleFaces(interface.xi.new, c)
        work.forParts { rows, isSurface in
            kernels.saltSystem(s: work.elliptic.s.cells, b: work.rightSide.cells, xi: interface.xi.new.cells, growth: interface.growth.cells,
                               byConcentration: isSurface ? kinetics.byConcentration.cells : nil, concentration: c.cells, history: past(bdf),
                               a0: T(bdf.a0), lambda: T(release), floor: floor, scale: T(scale), layout, rows)
        }
        if let source { work.forRows { kernels.combine(work.rightSide.cells, T(scale), source.cells, 1, layout, $0) } }
        switch far.kind {
        case .reservoir:
            kernels.wallSystem(s: work.elliptic.s.cells, b: work.rightSide.cells, values: far.concentration.cells, xi: interface.xi.new.cells,
                               property: propertyPointer, floor: floor, scale: T(inverseArea), layout)
        case .lithium:
            kernels.addToLastRow(work.rightSide.cells, far.supplied.cells, factor: T(scale * inflow), layout)
        }
        work.setUpMultigrid()
        let report: SolveReport
        if let advection, let advectionSolver, advection.rate > 0.1 * bdf.a0 {
            report = advectionSolver.solve(work.elliptic, advection, scale: scale, work.rightSide, c, tolerance: tolerance)
        } else {
            advection?.add(to: work.rightSide, c, factor: -scale)
            report = work.solver.solve(work.elliptic, work.rightSide, c, tolerance: tolerance, believedGain: 10)
        }
        work.iterations.salt += report.iterations
        try work.check(report, "salt")
        kinetics.follow(kinetics.byConcentration, c, from: before, interface, bdf)
    }

    /// Whether c follows a change of G (1/s) that came after its solve: what it does to eps c is below 1 % of the mean c at the surface and below the error
    /// allowed in a step, which a much shorter step after this one could not take back.
    func follows(_ change: Double, _ interface: Interface<T>, _ bdf: BDF2) -> Bool {
        guard isSolved else { return true }
        let content = release * change / bdf.a0, weight = interface.weight
        return content <= settings.time.concentrationTolerance * settings.electrolyte.concentration
            && content * work.surfaceSum(weight) <= 10 * settings.time.passTolerance * work.surfaceDot(weight, concentration.new)
    }

    /// eps c of the new time from the face fluxes and the accepted growth.
    func settle(_ interface: Interface<T>, _ bdf: BDF2) {
        guard isSolved else { return }
        let kernels = work.kernels, layout = work.layout, c = concentration.new
        _ = assembleFaces(interface.xi.new, c)
        let flux = law.constant
        work.forRows {
            kernels.conservedUpdate(content.new.cells, history: past(bdf), concentration: c.cells, growth: interface.growth.cells,
                                    work.elliptic.coefficients, flux: T(flux), lambda: T(release), a0: T(bdf.a0), layout, $0)
        }
        if let advection {
            c.fillGhosts()
            advection.add(to: content.new, c, factor: -1 / bdf.a0)
        }
        if let source { work.forRows { kernels.combine(content.new.cells, T(1 / bdf.a0), source.cells, 1, layout, $0) } }
        influx.fill(0)
        switch far.kind {
        case .reservoir:
            kernels.wallFlux(influx.cells, c.cells, values: far.concentration.cells, xi: interface.xi.new.cells, property: propertyPointer,
                             floor: floor, scale: T(inverseArea), factor: T(flux), layout)
            kernels.addToLastRow(content.new.cells, influx.cells, factor: T(1 / bdf.a0), layout)
        case .lithium:
            kernels.addToLastRow(content.new.cells, far.current.cells, factor: T(inflow / bdf.a0), layout)
        }
    }

    /// Salt that enters through y = L per second and unit of electrode area, mol/(m^2 s), in the last accepted step.
    var influxPerArea: Double {
        guard isSolved else { return 0 }
        if far.kind == .lithium { return inflow * far.meanCurrent * work.grid.spacing }
        return work.sumAtWall(influx) * work.grid.spacing / Double(work.grid.lateralCells)
    }

    /// The largest estimated error of c in electrolyte, mol/m^3, in the rows of the surface and every fourth of the others; nil while there are too few steps.
    func error(_ interface: Interface<T>, _ bdf: BDF2) -> Double? {
        guard isSolved, let q = bdf.quadratic else { return nil }
        let kernels = work.kernels, layout = work.layout, past = concentration.past
        func measure(_ rows: Range<Int>) {
            kernels.predictionError(concentration.new.cells, T(q.q0), past[0].cells, T(q.q1), past[1].cells, T(q.q2), past[2].cells,
                                    xi: interface.xi.new.cells, rowMaxima: work.sums.values, layout, rows)
        }
        work.forParts { rows, isSurface in
            if isSurface { return measure(rows) }
            // Away from the surface c is smooth: one row in four tells.
            for row in rows { if row % 4 == 0 { measure(row..<row + 1) } else { work.sums.values[row] = 0 } }
        }
        return q.factor * work.sums.maximum()
    }

    private func past(_ bdf: BDF2) -> PastLevels<T> {
        PastLevels(content.past[0].cells, T(bdf.a1), content.past[1].cells, T(bdf.a2))
    }
    private var inverseArea: Double { 1 / (work.grid.spacing * work.grid.spacing) }
    /// (1 - t+)/(zF dx): what a current density at the wall adds to its cell, mol/(m^3 s) per A/m^2.
    private var inflow: Double {
        (1 - settings.electrolyte.effectiveTransference) / (settings.metal.valence * Constants.faraday * work.grid.spacing)
    }
    private var propertyPointer: UnsafePointer<T>? { property.map { UnsafePointer($0.cells) } }

    /// Faces eps/dx^2 (with D folded into the scale of the equation when it is constant); returns that scale, 1/D.
    private func assembleFaces(_ xi: Field<T>, _ c: Field<T>) -> Double {
        let pointer = law.field(property, concentration: c, floor: concentrationFloor, work)
        work.assembleFaces(xi, property: pointer, floor: floor)
        return 1 / law.constant
    }

    var state: [StateItem] { isSolved ? concentration.state("c") + content.state("content") : [] }
}
