import Elliptic
import Glibc
import Grids
import Kernels
import Spectral

/// The electrolyte potential: div i_l = -(zF/V_m) d xi/dt, i_l = -eps kappa [grad phi_l - (w/f) grad ln c].
///
/// w = 1 - 2 t+ for the electrostatic potential, 2 (1 - t+) (1 + d ln f/d ln c) for the one against a reference electrode. The reaction is linear in phi_l and adds a
/// positive diagonal. A given current fixes phi_s through the sensitivity psi = d phi_l/d phi_s, one more solve with the same operator. After each solve
/// a constant is added that makes the residual sum to zero, so that the current through y = L and the growth of the metal agree to round-off.
final class Charge<T: FFTReal> {
    let potential: History<T>
    /// psi, kept as the next guess.
    private let sensitivity: Field<T>
    /// phi_s against the counter electrode, V, at the new time and the two before.
    var metalPotential = 0.0
    private(set) var pastMetalPotential = (0.0, 0.0)
    /// An added term of div i_l, A/m^3.
    var source: Field<T>?
    let work: Workspace<T>
    private let settings: SimulationSettings
    private let far: FarSide<T>
    let law: TransportLaw
    let property: Field<T>?, logarithm: Field<T>?
    let floor: T
    private let chargePerVolume: Double
    /// w/f, V
    let junction: Double
    private let tolerance: Double
    let concentrationFloor: Double

    init(_ settings: SimulationSettings, _ work: Workspace<T>, _ far: FarSide<T>) {
        (self.settings, self.work, self.far) = (settings, work, far)
        let e = settings.electrolyte, t = e.effectiveTransference
        let f = settings.metal.thermalFactor(temperature: settings.kinetics.temperature)
        potential = History(work.grid, levels: 2)
        sensitivity = Field(work.grid)
        law = .conductivity(e, metal: settings.metal, temperature: settings.kinetics.temperature)
        property = law.isConstant ? nil : Field(work.grid)
        floor = T(e.fractionFloor)
        chargePerVolume = settings.metal.chargePerVolume
        let factor = e.potential == .electrostatic ? 1 - 2 * t : 2 * (1 - t) * e.thermodynamicFactor
        junction = e.isSingleIon ? 0 : factor / f
        logarithm = junction == 0 ? nil : Field(work.grid)
        tolerance = settings.time.solverTolerance
        concentrationFloor = 1e-6 * e.concentration
    }

    func extrapolate(_ bdf: BDF2) {
        let kernels = work.kernels, layout = work.layout
        work.forRows {
            kernels.combine(potential.new.cells, T(bdf.e0), potential.past[0].cells, T(bdf.e1), potential.past[1].cells, layout, $0)
        }
        metalPotential = bdf.e0 * pastMetalPotential.0 + bdf.e1 * pastMetalPotential.1
    }

    /// Solves for phi_l, and for phi_s when a mean current density (A/m^2) is asked for; R and G follow along their slope.
    /// - Returns: whether phi_s had to be held back, so that the current is not reached yet.
    func solve(_ interface: Interface<T>, _ kinetics: Kinetics<T>, concentration c: Field<T>, control: Control.Target) throws(StepFailure) -> Bool {
        let kernels = work.kernels, layout = work.layout, phi = potential.new, a = work.elliptic
        let before = work.scratch
        before.copy(from: phi)
        let constant = law.constant, lambda = chargePerVolume / constant
        let pointer = law.field(property, concentration: c, floor: concentrationFloor, work)
        work.assembleFaces(interface.xi.new, property: pointer, floor: floor)
        if let logarithm {
            work.forRows { kernels.logarithm(logarithm.cells, c.cells, floor: T(concentrationFloor), layout, $0) }
        }
        work.forRows {
            kernels.chargeSystem(s: a.s.cells, b: work.rightSide.cells, growth: interface.growth.cells, byPotential: kinetics.byPotential.cells,
                                 potential: before.cells, logarithm: logarithm.map { UnsafePointer($0.cells) }, a.coefficients, lambda: T(lambda),
                                 junction: T(junction), layout, $0)
        }
        if let source { work.forRows { kernels.combine(work.rightSide.cells, T(1 / constant), source.cells, 1, layout, $0) } }
        let inverseArea = T(1 / (work.grid.spacing * work.grid.spacing))
        kernels.wallSystem(s: a.s.cells, b: work.rightSide.cells, values: far.potential.cells, xi: interface.xi.new.cells, property: pointer,
                           floor: floor, scale: inverseArea, layout)
        if let logarithm {
            // The diffusion potential across the half cell at the wall.
            far.current.fill(0)
            kernels.wallFlux(far.current.cells, logarithm.cells, values: far.logarithm.cells, xi: interface.xi.new.cells, property: pointer,
                             floor: floor, scale: inverseArea, factor: T(-junction), layout)
            kernels.addToLastRow(work.rightSide.cells, far.current.cells, factor: 1, layout)
        }
        work.multigrid.setUp(a)
        let report = work.solver.solve(a, work.rightSide, phi, tolerance: tolerance)
        work.iterations.charge += report.iterations
        try work.check(report, "charge")
        balance(phi)

        var shift = 0.0, heldBack = false
        switch control {
        case .potential(let volts):
            metalPotential = volts
        case .current(let density):
            // d/d phi_s of the same equation: the reaction's diagonal is its source.
            work.forRows { kernels.combine(work.rightSide.cells, T(lambda), kinetics.byPotential.cells, 0, layout, $0) }
            // It multiplies the move of phi_s, which is small in the last pass: the passes correct what it lacks.
            let report = work.solver.solve(a, work.rightSide, sensitivity, tolerance: max(tolerance, 0.01 * settings.time.passTolerance))
            work.iterations.sensitivity += report.iterations
            try work.check(report, "sensitivity")
            balance(sensitivity)
            // Sum of G after the move, as a function of the shift of phi_s.
            let slopes = kinetics.byPotential
            let reached = work.sum(interface.growth) + work.dot(slopes, phi) - work.dot(slopes, before)
            let perVolt = work.dot(slopes, sensitivity) - work.sum(slopes)
            let wanted = density / (chargePerVolume * work.grid.spacing) * Double(work.grid.lateralCells)
            if perVolt < 0 { shift = (wanted - reached) / perVolt }
            heldBack = abs(shift) > Charge.largestShift
            shift = min(max(shift, -Charge.largestShift), Charge.largestShift)
            metalPotential += shift
            work.forRows { kernels.combine(phi.cells, T(shift), sensitivity.cells, 1, layout, $0) }
        }
        phi.fillGhosts()
        kinetics.follow(kinetics.byPotential, phi, from: before, shift: shift, growth: interface.growth)
        measureWallCurrent(phi, interface.xi.new, pointer)
        return heldBack
    }

    /// phi_s may move by 30 mV per pass: a linearised exponential beyond that points anywhere.
    private static var largestShift: Double { 0.03 }

    /// Adds the constant that makes the residual sum to zero: faces cancel in the sum, so sum(b) = sum(s phi) is wanted.
    private func balance(_ u: Field<T>) {
        let missing = work.sum(work.rightSide) - work.dot(work.elliptic.s, u), weight = work.sum(work.elliptic.s)
        guard weight > 0 else { return }
        let constant = T(missing / weight), kernels = work.kernels, layout = work.layout
        work.forRows { kernels.shift(u.cells, constant, layout, $0) }
    }

    /// Ionic current density into the box through y = L, cell by cell.
    private func measureWallCurrent(_ phi: Field<T>, _ xi: Field<T>, _ property: UnsafePointer<T>?) {
        let kernels = work.kernels, layout = work.layout, scale = T(1 / work.grid.spacing), constant = T(law.constant)
        far.current.fill(0)
        kernels.wallFlux(far.current.cells, phi.cells, values: far.potential.cells, xi: xi.cells, property: property, floor: floor, scale: scale,
                         factor: constant, layout)
        if let logarithm {
            kernels.wallFlux(far.current.cells, logarithm.cells, values: far.logarithm.cells, xi: xi.cells, property: property, floor: floor,
                             scale: scale, factor: -constant * T(junction), layout)
        }
    }

    func accept() {
        potential.advance()
        pastMetalPotential = (metalPotential, pastMetalPotential.0)
    }

    func forget() {
        potential.forget()
        pastMetalPotential.1 = pastMetalPotential.0
    }

    /// The guess of the sensitivity starts afresh after a failed step, which may have left it without meaning.
    func discardGuess() { sensitivity.fill(0) }

    /// Puts phi_s at a value, for the first guess after a change of the control.
    func place(metalPotential value: Double) {
        metalPotential = value
        pastMetalPotential = (value, value)
    }

    var state: [StateItem] {
        potential.state("phi") + [
            .field("sensitivity", sensitivity),
            .number(name: "phi_s", get: { self.pastMetalPotential.0 }, set: { self.pastMetalPotential.0 = $0; self.metalPotential = $0 }),
            .number(name: "phi_s.1", get: { self.pastMetalPotential.1 }, set: { self.pastMetalPotential.1 = $0 }),
        ]
    }
}
