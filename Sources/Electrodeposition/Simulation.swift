import Glibc
public import Grids
public import Spectral

/// One simulation of metal plating: phase, salt and charge, coupled, stepped with BDF2.
///
/// `step` is the whole method on one screen: extrapolate, then passes { linearise the kinetics, advance the interface, solve salt, solve charge
/// with the control } until the reaction settles, then accept or reject; stress, magnetic field and flow follow when due.
public final class Simulation<T: FFTReal>: Stateful {
    public let settings: SimulationSettings
    public let grid: Grid
    let work: Workspace<T>
    let interface: Interface<T>
    let sites: Sites<T>
    let conditions: SurfaceConditions<T>
    let kinetics: Kinetics<T>
    let interphase: Interphase<T>?
    let alloyLayer: AlloyLayer<T>?
    let far: FarSide<T>
    let salt: Salt<T>
    let charge: Charge<T>
    let mechanics: Mechanics<T>?
    let magnetics: Magnetics<T>?
    let flow: Flow<T>?
    /// Why stress or flow could not be found for the present state; ends the run at its next step.
    private var failedCoupling: StepFailure?
    public let control: Control
    public let connectivity: Connectivity
    private var clock: StepControl
    private(set) var ledger = Ledger()
    public private(set) var time = 0.0
    public private(set) var steps = 0
    public private(set) var rejected = 0
    public private(set) var passes = 0
    /// Seconds of wall time by section.
    public private(set) var sections = Sections()
    private var sources: SourceTerms<T>?
    private let reacts: Bool
    /// zF/V_m times the growth of the metal per unit of electrode area in the last step, A/m^2.
    public private(set) var currentDensity = 0.0
    /// phi_s against the counter electrode in the last step, V; before the first one a guess.
    public private(set) var metalPotential = 0.0
    /// Metal (integral of xi) per unit of electrode area at the start, m.
    public private(set) var initialThickness = 0.0
    /// Charge of the metal that could not react at the start, C/m^2.
    private(set) var initiallyDead = 0.0

    /// - Parameter effort: how long FFTW may look for fast plans.
    /// - Throws: when a plan or a map cannot be made.
    public init(_ settings: SimulationSettings, on device: Device, effort: PlannerEffort = .measure) throws {
        self.settings = settings
        grid = settings.grid.grid
        reacts = settings.kinetics.model == .butlerVolmer
        work = Workspace(grid, device)
        let capillary = settings.interface.capillarity == .physical && settings.interface.surfaceEnergy > 0
        sites = try Sites(settings, work)
        let work = work
        mechanics = try settings.mechanics.map { try Mechanics($0, settings, work, effort: effort) }
        magnetics = try settings.magnetics.map { try Magnetics($0, work, effort: effort) }
        flow = try settings.flow.map { try Flow($0, settings.magnetics ?? MagneticsSettings(), settings, work, effort: effort) }
        interface = try Interface(settings.interface, needsCurvature: (capillary || mechanics?.needsCurvature ?? false) && reacts,
                                  wetting: sites.wetting, work, effort: effort)
        interphase = try Interphase(settings, work, distance: interface.distance)
        conditions = try SurfaceConditions(
            grid, overpotential: mechanics?.actsOnKinetics ?? false || settings.alloyShifts, resistance: interphase != nil || settings.alloyShifts,
            exchangeFactor: interphase?.changesExchange ?? false,
            planeFactor: sites.exchangeFactor(with: settings.heterogeneity.map(work), work), barrier: sites.barrier?.values)
        conditions.currentlessSpeed = interphase?.corrosionSpeed ?? 0
        kinetics = Kinetics(settings, work, conditions)
        alloyLayer = AlloyLayer(settings, work)
        far = FarSide(settings, work)
        salt = Salt(settings, work, far, carriedBy: flow?.advection)
        charge = Charge(settings, work, far)
        control = Control(settings.control)
        // xi = 0.0025 there: what the ramp lets through is never cut.
        let reach = 6 * max(settings.interface.halfWidth, grid.spacing) / grid.spacing
        connectivity = Connectivity(grid, reach: Int(reach.rounded(.up)), scratch: work.rightSide)
        clock = StepControl(settings.time, halfWidth: settings.interface.halfWidth)
        interface.placeInitialState(settings, grid)
        salt.start(interface)
        begin()
    }

    /// Puts metal and salt where functions of the cell's centre (x, y, z in m) say, and starts afresh from there at the present time.
    /// - Parameters:
    ///   - metal: xi, 0 to 1; nil keeps the metal.
    ///   - concentration: c, mol/m^3; nil keeps the salt.
    public func place(metal: ((Double, Double, Double) -> Double)? = nil, concentration: ((Double, Double, Double) -> Double)? = nil) {
        if let metal { interface.xi.past[0].set(metal) }
        interface.restart()
        if let concentration { salt.place(concentration) }
        salt.fillContent(interface)
        begin()
    }

    /// Everything that starts with the metal as it is.
    private func begin() {
        connectivity.update(interface.xi.past[0])
        sites.barrier?.begin(interface.xi.past[0])
        interphase?.start(interface.xi.past[0])
        alloyLayer?.start(interface.xi.past[0])
        initialThickness = metalThickness
        initiallyDead = settings.metal.chargePerVolume * deadThickness
        updateCouplings(travel: .infinity)
        restart()
    }

    /// Adds terms to the balances of phase (1/s), salt (mol/(m^3 s)) and charge (A/m^3), functions of x, y, z (m) and t (s): how a manufactured solution
    /// is solved for. It needs a fixed `interface.mobility`.
    public func addSources(_ value: @escaping (_ x: Double, _ y: Double, _ z: Double, _ t: Double) -> (phase: Double, salt: Double, charge: Double)) {
        sources = SourceTerms(grid, value)
        (salt.source, charge.source) = (sources?.salt, sources?.charge)
    }

    /// Advances to the step's end and never past `limit`.
    /// - Throws: `StoppedStep` when even the shortest step fails; the state is then that of the last accepted step.
    public func step(until limit: Double) throws(StoppedStep) {
        if let failedCoupling { throw StoppedStep(time: time, step: clock.proposed, reason: failedCoupling) }
        while true {
            let longest = min(limit - time, control.longestStep(from: time, current: currentDensity), sites.nucleation?.longestStep ?? .infinity)
            let bdf = clock.formula(clock.next(until: longest))
            let speed = interface.frontSpeed
            do throws(StepFailure) {
                try attempt(bdf)
                return
            } catch {
                rejected += 1
                interface.frontSpeed = speed
                far.restore()
                if case .errorTooLarge(let e) = error { clock.reject(bdf.step, error: e) } else { clock.reject(bdf.step) }
                guard clock.proposed > StepControl.shortest && settings.time.fixedStep == nil else {
                    throw StoppedStep(time: time, step: bdf.step, reason: error)
                }
            }
        }
    }

    private func attempt(_ bdf: BDF2) throws(StepFailure) {
        let newTime = time + bdf.step
        interface.setMobility()
        timed(\.interface) { interface.extrapolate(bdf) }
        mechanics?.add(toDrift: interface.drift)
        flow?.prepare()
        if let sources {
            sources.evaluate(at: newTime)
            interface.add(sources.phase)
        }
        if reacts {
            maskWeight()
            salt.extrapolate(bdf)
            charge.extrapolate(bdf)
            prepareSurface(time: newTime, step: bdf.step)
            try settlePasses(bdf, target: control.target(at: newTime))
            timed(\.salt) { salt.settle(interface, bdf) }
        } else {
            timed(\.phase) {
                interface.advance(rate: kinetics.rate, loss: loss, bdf)
                interface.measureChange()
            }
        }
        try accept(bdf, newTime)
    }

    /// The coupled passes: on return xi, R, G, c, phi_l and phi_s belong together.
    private func settlePasses(_ bdf: BDF2, target: Control.Target) throws(StepFailure) {
        if case .potential(let volts) = target { charge.metalPotential = volts }
        let c = salt.concentration.new, phi = charge.potential.new
        timed(\.kinetics) { kinetics.linearise(interface, concentration: c, potential: phi, metalPotential: charge.metalPotential) }
        for pass in 1...settings.time.largestPasses {
            passes += 1
            timed(\.phase) {
                alloyLayer?.share(rate: kinetics.rate, weight: interface.weight, corrosion: interphase?.corrosion, bdf)
                interface.advance(rate: kinetics.rate, loss: loss, bdf)
                interface.shareGrowth(rate: kinetics.rate, concentration: c, depleted: 0.05 * settings.electrolyte.concentration, loss: loss, bdf)
            }
            far.update(salt: c)
            work.forgetFaces()
            if pass == 1 && kinetics.fluctuates {
                // phi_l follows the fluctuations at once, its extrapolation does not: with a first answer salt takes the growth that charge then
                // finds (1.1 passes per step instead of 1.8 for dendrites in 3D, a quarter of their time).
                try timed(\.charge) { () throws(StepFailure) in
                    try charge.solve(interface, kinetics, concentration: c, control: target, isRough: true, bdf)
                }
            }
            try timed(\.salt) { () throws(StepFailure) in try salt.solve(interface, kinetics, bdf) }
            let heldBack = try timed(\.charge) { () throws(StepFailure) in
                try charge.solve(interface, kinetics, concentration: c, control: target, bdf)
            }
            let change = timed(\.kinetics) {
                kinetics.change(interface, concentration: c, potential: phi, metalPotential: charge.metalPotential)
            }
            guard change.isFinite else { throw .notFinite(field: "the reaction rate") }
            let tolerance = settings.time.passTolerance, wall = far.mismatch(), wallTolerance = max(tolerance, settings.time.chargeTolerance)
            let wallSettled = wall.difference <= wallTolerance * max(wall.largest, 1e-3 * settings.kinetics.exchangeCurrentDensity)
            let lag = alloyLayer?.lag(rate: kinetics.rate) ?? 0
            if max(change, lag) <= tolerance && !heldBack && wallSettled && salt.follows(charge.lastChange, interface, bdf) { return }
            if pass == settings.time.largestPasses { throw .passes(change: max(change, lag)) }
            kinetics.useTrial()
            if charge.leap() { kinetics.linearise(interface, concentration: c, potential: phi, metalPotential: charge.metalPotential) }
        }
    }

    private func accept(_ bdf: BDF2, _ newTime: Double) throws(StepFailure) {
        let l = settings.interface.halfWidth
        let change = interface.largestChange
        guard change.isFinite else { throw .notFinite(field: "xi") }
        let travel = 4 * change
        var error: Double?
        if settings.time.fixedStep == nil {
            // The profile's slope is 1/4l: a change of xi is a travel of four half-widths.
            if travel > 3 * settings.time.frontStep { throw .frontTooFast(travel) }
            // A voltage limit is met within a millivolt, unless the potential has jumped past it.
            if reacts, bdf.step > 1e3 * StepControl.shortest, control.overshoots(charge.metalPotential) {
                throw .pastVoltageLimit(charge.metalPotential)
            }
            error = timed(\.control) { salt.error(interface, bdf) }.map {
                $0 / (settings.time.concentrationTolerance * settings.electrolyte.concentration)
            }
            if let error, !(error <= 2) {
                if error.isFinite { throw .errorTooLarge(error) }
                throw .notFinite(field: "the concentration")
            }
        }
        interface.xi.advance()
        if reacts {
            if salt.isSolved {
                salt.concentration.advance()
                salt.content.advance()
            }
            charge.accept()
            far.accept()
            currentDensity = depositionCurrent()
            metalPotential = charge.metalPotential
        }
        time = newTime
        steps += 1
        clock.accept(bdf.step, frontSpeed: max(interface.frontSpeed, travel * l / bdf.step), mobility: interface.mobility, error: error)
        timed(\.connectivity) { connectivity.accept(interface.xi.past[0], travel: travel * l) }
        if let interphase {
            timed(\.interphase) {
                interphase.accept(interface.xi.past[0], rate: kinetics.rate, weight: interface.weight, time: time, step: bdf.step, travel: travel * l)
            }
            if let corrosion = interphase.corrosion { ledger.accept(bdf, corrosion: currentDensity(of: corrosion)) }
        }
        let nuclei = timed(\.control) { sites.accept(bdf, interface, salt, charge) }
        if nuclei.planted {
            connectivity.update(interface.xi.past[0])
            interphase?.follow(interface.xi.past[0])
        }
        alloyLayer?.accept(interface.xi.past[0], bdf)
        updateCouplings(travel: travel * l)
        let stageEnded = control.accept(bdf, time: time, current: currentDensity, metalPotential: metalPotential)
        if control.cycle != ledger.cycle {
            let balance = balance
            ledger.begin(cycle: control.cycle, balance)
        }
        if stageEnded || nuclei.first { restart() }
    }

    /// What the terms put into the kinetics of a step of this length that ends at `time`.
    private func prepareSurface(time: Double, step length: Double) {
        conditions.clear()
        sites.barrier?.prepare(interface.xi.new)
        if let mechanics { timed(\.mechanics) { mechanics.add(to: conditions, interface, ahead: interface.frontSpeed * length) } }
        kinetics.prepare(time: time)
        if let interphase { timed(\.interphase) { interphase.contribute(to: conditions, weight: interface.weight) } }
        alloyLayer?.contribute(to: conditions, length: length)
    }

    /// Forgets the past, which a jump of the control makes useless, and guesses phi_s anew with phi_l frozen.
    private func restart() {
        interface.xi.forget()
        salt.concentration.forget()
        salt.content.forget()
        charge.forget()
        control.forget()
        ledger.forget()
        alloyLayer?.forget()
        interface.restart()
        guard reacts, !control.isFinished else {
            return clock.start(frontSpeed: settings.interface.mobility ?? 0, mobility: settings.interface.mobility ?? 0)
        }
        interface.measure(interface.xi.new)
        maskWeight()
        prepareSurface(time: time, step: 0)
        salt.concentration.new.copy(from: salt.concentration.past[0])
        charge.potential.new.copy(from: charge.potential.past[0])
        charge.place(metalPotential: guessMetalPotential())
        if steps == 0 { metalPotential = charge.metalPotential }
        sites.restart(interface, salt, charge)
        interface.setMobility()
        clock.start(frontSpeed: interface.frontSpeed, mobility: interface.mobility)
    }

    /// phi_s that gives the wanted current with c and phi_l as they are, by bisection (the current falls with phi_s).
    private func guessMetalPotential() -> Double {
        func current(_ volts: Double) -> Double {
            kinetics.linearise(interface, concentration: salt.concentration.new, potential: charge.potential.new, metalPotential: volts)
            return work.surfaceSum(kinetics.rate) * grid.spacing / Double(grid.lateralCells) * settings.metal.chargePerVolume
        }
        switch control.target(at: time) {
        case .potential(let volts):
            _ = current(volts)
            return volts
        case .current(let density):
            // No metal, no current at any potential.
            guard work.surfaceSum(interface.weight) > 0 else {
                _ = current(charge.metalPotential)
                return charge.metalPotential
            }
            var low = -5.0, high = 5.0
            for _ in 0..<60 {
                let middle = 0.5 * (low + high)
                if current(middle) > density { low = middle } else { high = middle }
            }
            _ = current(high)
            return high
        }
    }

    var clockState: [StateItem] {
        [
            .number(name: "time", get: { self.time }, set: { self.time = $0 }),
            .number(name: "steps", get: { Double(self.steps) }, set: { self.steps = Int($0) }),
            .number(name: "rejected", get: { Double(self.rejected) }, set: { self.rejected = Int($0) }),
            .number(name: "passes", get: { Double(self.passes) }, set: { self.passes = Int($0) }),
            .number(name: "iterations.salt", get: { Double(self.work.iterations.salt) }, set: { self.work.iterations.salt = Int($0) }),
            .number(name: "iterations.charge", get: { Double(self.work.iterations.charge) }, set: { self.work.iterations.charge = Int($0) }),
            .number(name: "metalPotential", get: { self.metalPotential }, set: { self.metalPotential = $0 }),
            .number(name: "currentDensity", get: { self.currentDensity }, set: { self.currentDensity = $0 }),
        ] + StepControl.state({ self.clock }, set: { self.clock = $0 })
    }

    var ledgerState: [StateItem] { Ledger.state({ self.ledger }, set: { self.ledger = $0 }) }

    /// Metal lost without current at each place, 1/s: what corrodes and what dissolves in the alloy; nil when neither is there.
    private var loss: Field<T>? { alloyLayer?.loss ?? interphase?.corrosion }

    private func maskWeight() {
        let kernels = work.kernels, layout = work.layout
        work.forSurfaceRows { kernels.mask(interface.weight.cells, connectivity.live, layout, $0) }
    }

    /// Stress, magnetic field and flow of the present state, each when the surface has travelled far enough (m) or the current has changed.
    private func updateCouplings(travel: Double) {
        let xi = interface.xi.past[0]
        do throws(StepFailure) {
            if let mechanics, mechanics.isDue(after: travel) { try timed(\.mechanics) { () throws(StepFailure) in try mechanics.update(xi) } }
            if let magnetics, magnetics.isDue(after: travel) { timed(\.magnetics) { magnetics.update(xi) } }
            if let flow, let magnetics, flow.isDue(after: travel, current: currentDensity) {
                try timed(\.flow) { () throws(StepFailure) in
                    try flow.update(xi, charge, concentration: salt.concentration.past[0], wall: far.current, magnetics, current: currentDensity)
                }
            }
            failedCoupling = nil
        } catch { failedCoupling = error }
    }

    private func timed<R, E: Error>(_ section: WritableKeyPath<Sections, Double>, _ body: () throws(E) -> R) throws(E) -> R {
        let start = Sections.now
        defer { sections[keyPath: section] += Sections.now - start }
        return try body()
    }
}

/// Why a run cannot go on: the last reason at the shortest step.
public struct StoppedStep: Error, CustomStringConvertible {
    public let time: Double
    public let step: Double
    public let reason: StepFailure

    public var description: String {
        if case .notConverged(let equation, _) = reason, ["elasticity", "plasticity", "flow", "flow out of the plane"].contains(equation) {
            return "stopped at t = \(time) s: \(reason); the last accepted state is kept"
        }
        return "stopped at t = \(time) s: \(reason), even with a step of \(step) s; the last accepted state is kept"
    }
}

/// Seconds of wall time by section of the step.
public struct Sections: Sendable {
    public var interface = 0.0, phase = 0.0, kinetics = 0.0, salt = 0.0, charge = 0.0, connectivity = 0.0, control = 0.0
    public var interphase = 0.0, mechanics = 0.0, magnetics = 0.0, flow = 0.0

    static var now: Double {
        var t = timespec()
        clock_gettime(CLOCK_MONOTONIC, &t)
        return Double(t.tv_sec) + 1e-9 * Double(t.tv_nsec)
    }

    /// Name and seconds of every section.
    public var list: [(name: String, seconds: Double)] {
        [("interface", interface), ("phase", phase), ("kinetics", kinetics), ("salt", salt), ("charge", charge),
         ("connectivity", connectivity), ("control", control), ("interphase", interphase), ("mechanics", mechanics), ("magnetics", magnetics),
         ("flow", flow)]
    }
}
