import Elliptic
import Glibc
import Grids
import Kernels
import Spectral

/// The electrolyte potential: div i_l = -(zF/V_m) d xi/dt, i_l = -eps kappa [grad phi_l - (w/f) grad ln c].
///
/// w = 1 - 2 t+ for the electrostatic potential, 2 (1 - t+) (1 + d ln f/d ln c) for the one against a reference electrode. The reaction is linear in phi_l and adds a
/// positive diagonal. When a current is given, phi_s is one more unknown of the same solve, joined to the cells by the reaction's slopes. After each solve
/// a constant is added that makes the residual sum to zero, so that the current through y = L and the growth of the metal agree to round-off.
final class Charge<T: FFTReal> {
    let potential: History<T>
    /// phi_s against the counter electrode, V, at the new time and the two before.
    var metalPotential = 0.0
    private(set) var pastMetalPotential = (0.0, 0.0)
    /// What the last two passes of this step moved phi_s by, V; zero when they do not tell where the next one leads.
    private var shifts = (last: 0.0, before: 0.0)
    /// The largest change of G in the last solve, 1/s.
    private(set) var lastChange = 0.0
    /// An added term of div i_l, A/m^3.
    var source: Field<T>?
    let work: Workspace<T>
    private let growthSquares: RowSums
    private let settings: SimulationSettings
    private let far: FarSide<T>
    let law: TransportLaw
    let property: Field<T>?
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
        potential = History(work.grid, levels: 3)
        growthSquares = RowSums(work.grid)
        law = .conductivity(e, metal: settings.metal, temperature: settings.kinetics.temperature)
        property = law.isConstant ? nil : Field(work.grid)
        floor = T(e.fractionFloor)
        chargePerVolume = settings.metal.chargePerVolume
        let factor = e.potential == .electrostatic ? 1 - 2 * t : 2 * (1 - t) * e.thermodynamicFactor
        junction = e.isSingleIon ? 0 : factor / f
        tolerance = settings.time.chargeTolerance
        concentrationFloor = 1e-6 * e.concentration
    }

    /// The first guess, by a parabola when there are three times: two iterations fewer per solve than by a line.
    func extrapolate(_ bdf: BDF2) {
        let kernels = work.kernels, layout = work.layout, past = potential.past
        let q = bdf.quadratic ?? (bdf.e0, bdf.e1, 0, 0)
        work.forRows {
            kernels.combineThree(potential.new.cells, T(q.q0), past[0].cells, T(q.q1), past[1].cells, T(q.q2), past[2].cells, layout, $0)
        }
        metalPotential = bdf.e0 * pastMetalPotential.0 + bdf.e1 * pastMetalPotential.1
        shifts = (0, 0)
    }

    /// ln c, in the given field; nil where concentration differences drive no current.
    func logarithm(of c: Field<T>, in field: Field<T>) -> Field<T>? {
        guard junction != 0 else { return nil }
        let kernels = work.kernels, layout = work.layout
        work.forRows { kernels.logarithm(field.cells, c.cells, floor: T(concentrationFloor), layout, $0) }
        return field
    }

    /// Solves for phi_l, and for phi_s when a mean current density (A/m^2) is asked for; R and G follow along their slope.
    /// - Parameter isRough: to a hundredth of the growth only.
    /// - Returns: whether phi_s had to be held back, so that the current is not reached yet.
    @discardableResult
    func solve(_ interface: Interface<T>, _ kinetics: Kinetics<T>, concentration c: Field<T>, control: Control.Target,
               isRough: Bool = false, _ bdf: BDF2) throws(StepFailure) -> Bool {
        let kernels = work.kernels, layout = work.layout, phi = potential.new, a = work.elliptic
        let before = work.scratch
        work.keepSurface(of: phi, in: before)
        let constant = law.constant, lambda = chargePerVolume / constant
        let pointer = law.field(property, concentration: c, floor: concentrationFloor, work)
        work.assembleFaces(interface.xi.new, property: pointer, floor: floor)
        let logarithm = logarithm(of: c, in: kinetics.spare)
        work.forParts { rows, isSurface in
            kernels.chargeSystem(s: a.s.cells, b: work.rightSide.cells, growth: interface.growth.cells, byPotential: isSurface ? kinetics.byPotential.cells : nil,
                                 potential: phi.cells, logarithm: logarithm.map { UnsafePointer($0.cells) }, a.coefficients, lambda: T(lambda),
                                 junction: T(junction), work.sums.values, growthSquares.values, layout, rows)
        }
        let growth = work.sums.total(), growthSquared = growthSquares.total()
        if let source { work.forRows { kernels.combine(work.rightSide.cells, T(1 / constant), source.cells, 1, layout, $0) } }
        let inverseArea = T(1 / (work.grid.spacing * work.grid.spacing))
        a.withWall(on: work.device) {
            kernels.wallSystem(s: a.s.cells, b: work.rightSide.cells, values: far.potential.cells, xi: interface.xi.new.cells, property: pointer,
                               floor: floor, scale: inverseArea, layout)
        }
        if let logarithm {
            // The diffusion potential across the half cell at the wall.
            far.current.fill(0)
            kernels.wallFlux(far.current.cells, logarithm.cells, values: far.logarithm.cells, xi: interface.xi.new.cells, property: pointer,
                             floor: floor, scale: inverseArea, factor: T(-junction), layout)
            kernels.addToLastRow(work.rightSide.cells, far.current.cells, factor: 1, layout)
        }
        work.setUpMultigrid()
        let slopes = kinetics.byPotential, goal = (isRough ? 1e-2 : tolerance) * lambda * kinetics.scale(interface, growthSquared: growthSquared)
        var shift = 0.0, heldBack = false
        switch control {
        case .potential(let volts):
            metalPotential = volts
            try settle(phi, goal)
        case .current(let density):
            // The sum of G after the move is to be `wanted`: the metal is one more node of the circuit, joined to the cells by the slopes.
            guard density == 0 || work.surfaceSum(slopes) > 0 else { throw .noSurface }
            let wanted = density / (chargePerVolume * work.grid.spacing) * Double(work.grid.lateralCells)
            let load = lambda * (wanted - growth + work.surfaceDot(slopes, before))
            shift = try settle(phi, goal, CommonNode(load: load, rows: work.surface))
            heldBack = abs(shift) > Charge.largestShift
            if heldBack {
                shift = min(max(shift, -Charge.largestShift), Charge.largestShift)
                work.forSurfaceRows { kernels.combine(work.rightSide.cells, T(lambda * shift), slopes.cells, 1, layout, $0) }
                try settle(phi, goal)
            }
            metalPotential += shift
            if !isRough { shifts = heldBack ? (0, 0) : (shift, shifts.last) }
        }
        phi.fillGhosts()
        lastChange = kinetics.follow(kinetics.byPotential, phi, from: before, shift: shift, interface, bdf)
        measureWallCurrent(phi, logarithm, interface.xi.new, pointer)
        return heldBack
    }

    /// Moves phi_s on to where shifts in the ratio of the last two would add up to (Aitken).
    ///
    /// The charge solve does not know that c falls with phi_s: where salt limits the current, the next pass takes back most of a shift (95 % of it
    /// near Sand's time, where 12 passes did not settle and the run ended 1.5 % early).
    /// - Returns: whether phi_s has moved.
    func leap() -> Bool {
        let ratio = shifts.last / shifts.before
        guard ratio > 0.3, ratio < 1 else { return false }
        metalPotential += min(max(shifts.last * ratio / (1 - ratio), -Charge.largestShift), Charge.largestShift)
        shifts = (0, 0)
        return true
    }

    /// phi_s may move by 30 mV per pass: a linearised exponential beyond that points anywhere.
    private static var largestShift: Double { 0.03 }

    /// Solves for u to a residual of `goal` and adds the constant that makes the residual sum to zero: faces cancel in the sum.
    /// - Returns: the shift of the metal's potential that gives the load; 0 without one.
    @discardableResult
    private func settle(_ u: Field<T>, _ goal: Double, _ node: CommonNode? = nil) throws(StepFailure) -> Double {
        let a = work.elliptic, b = work.rightSide, kernels = work.kernels, layout = work.layout
        let report = work.solver.solve(a, b, u, tolerance: settings.time.solverTolerance, floor: goal, node: node)
        work.iterations.charge += report.iterations
        try work.check(report, "charge")
        // sum(b) = sum(s u); with a node, the part of s that is not the wall's has s (u - node), whose sum is the load.
        let missing = node.map { work.sum(b) - $0.load - work.sumAtWall(a.wall, u) } ?? work.sum(b) - work.dot(a.s, u)
        let weight = node == nil ? work.sum(a.s) : work.sumAtWall(a.wall)
        guard weight > 0 else { return report.node }
        let constant = missing / weight
        work.forRows { kernels.shift(u.cells, T(constant), layout, $0) }
        // The node follows, so that its load stays.
        return node == nil ? 0 : report.node + constant
    }

    /// Ionic current density into the box through y = L, cell by cell.
    private func measureWallCurrent(_ phi: Field<T>, _ logarithm: Field<T>?, _ xi: Field<T>, _ property: UnsafePointer<T>?) {
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

    /// Puts phi_s at a value, for the first guess after a change of the control.
    func place(metalPotential value: Double) {
        metalPotential = value
        pastMetalPotential = (value, value)
    }

    var state: [StateItem] {
        potential.state("phi") + [
            .number(name: "phi_s", get: { self.pastMetalPotential.0 }, set: { self.pastMetalPotential.0 = $0; self.metalPotential = $0 }),
            .number(name: "phi_s.1", get: { self.pastMetalPotential.1 }, set: { self.pastMetalPotential.1 = $0 }),
        ]
    }
}
