public import Grids
import Elliptic
import Glibc
import Kernels

/// The one-potential model of the literature, in its grand-potential form, for comparison with `Simulation`:
///
///     d xi/dt = -L_s (g' - kappa lap xi) - L_e h' {e^{(1-a) f phi} - c e^{-a f phi}} + noise
///     d C/dt = div(D c_l [(1-h)^p grad w + (1-h)^2 f grad phi]),    C = c_l (1-h) + (C_s/C_l) c_s h,  c_l, c_s = 1/(1 + e^{eps - w})
///     div(sigma grad phi) = nF C_s d xi/dt,    sigma = sigma_s h + sigma_l (1-h)
///
/// w is the chemical potential in RT, c = c_l (1-h)/c_l(0). y = 0: phi given, no flux of the salt; y = L: phi = 0, w = 0; xi without slope.
/// Bilinear elements (`BilinearElements`), backward Euler; from extrapolated fields, passes { rates, phase with the well linear in xi, potential,
/// salt with the reaction linear in w } until the rates settle.
/// (Hong and Viswanathan, ACS Energy Lett. 3, 1737 (2018); Ahmad, Hong and Viswanathan, PNAS 117, 26672 (2020).)
public final class SinglePotentialSimulation: Stateful {
    /// The published step, s; used without time.fixedStep.
    public static let standardStep = 0.02

    public let settings: SimulationSettings
    public let model: SinglePotentialSettings
    public let grid: Grid
    public private(set) var time = 0.0
    public private(set) var steps = 0
    public private(set) var passes = 0
    public private(set) var rejected = 0
    public private(set) var sections = Sections()
    public let phase: Field<Double>, potential: Field<Double>
    /// w, RT
    public let chemicalPotential: Field<Double>
    /// Rate of the metal's growth by charge, A/m^2 of electrode, in the last step; and the current that enters through y = L and leaves
    /// through y = 0.
    public private(set) var depositionCurrent = 0.0, upperCurrent = 0.0, lowerCurrent = 0.0
    /// Charge of the metal grown per electrode area, C/m^2.
    public private(set) var charge = 0.0

    private let device: Device
    private let rates: SinglePotentialRates
    private let elements: BilinearElements
    private let equation: NinePointOperator, solver: NinePointSolver
    private let residual: Field<Double>, oldPhase: Field<Double>
    /// C at the start of the step, at the points of the elements.
    private var oldContent: [SIMD4<Double>]
    private let rate: Field<Double>, noise: Field<Double>, before: Field<Double>
    private let oldPotential: Field<Double>, oldSalt: Field<Double>
    private let stream: RandomStream
    private var drawnInterval: UInt64?
    /// Length of the last step, s; 0 before there was one.
    private var lastStep = 0.0
    private let thermal: Double, chargePerVolume: Double, applied: Double, step: Double

    public init(_ settings: SimulationSettings, _ model: SinglePotentialSettings, on device: Device) throws {
        (self.settings, self.model, self.device) = (settings, model, device)
        grid = settings.grid.grid
        func field() -> Field<Double> { Field(settings.grid.grid) }
        (phase, potential, chemicalPotential, residual, oldPhase) = (field(), field(), field(), field(), field())
        (oldPotential, oldSalt, rate, noise, before) = (field(), field(), field(), field(), field())
        thermal = settings.metal.thermalFactor(temperature: settings.kinetics.temperature)
        rates = SinglePotentialRates(model, alpha: settings.kinetics.transferCoefficient, thermal: thermal)
        elements = BilinearElements(grid, atGaussPoints: model.quadrature == .elements)
        oldContent = Array(repeating: SIMD4(), count: elements.count)
        equation = NinePointOperator(grid)
        solver = NinePointSolver(grid, on: device)
        chargePerVolume = settings.metal.valence * Constants.faraday * model.metalSiteDensity
        applied = settings.control.potential
        step = settings.time.fixedStep ?? SinglePotentialSimulation.standardStep
        stream = RandomStream(seed: UInt64(settings.noise.seed), purpose: "noise of the one-potential model")
        let l = model.halfWidth, slab = settings.initial.thickness ?? 20e-6, initial = settings.initial, grid = grid
        let lateral = Double(grid.nx) * grid.spacing, wave = 2 * Double.pi * Double(initial.waves) / lateral
        phase.set { x, y, _ in
            var distance = y - slab - initial.amplitude * cos(wave * x)
            if initial.seedRadius > 0 { distance = min(distance, hypot(x - lateral / 2, y - slab) - initial.seedRadius) }
            return 0.5 * (1 - tanh(distance / (2 * l)))
        }
        if model.transport == .uniform {
            potential.fill(applied)
        } else {
            oldPhase.copy(from: phase)
            try solvePotential(1)
        }
    }

    // MARK: - The step

    /// Advances by one step, never past `limit`; a step whose passes do not settle is tried again with half its length.
    /// - Throws: `StoppedStep` when even a thousandth of the step fails; the state is then that of the last step that succeeded.
    public func step(until limit: Double) throws {
        let left = limit - time
        var dt = step >= left * (1 - 1e-9) ? left : 2 * step > left * (1 + 1e-9) ? left / 2 : step
        extrapolate(lastStep > 0 ? min(dt / lastStep, 1) : 0)
        while true {
            do {
                return try advance(dt)
            } catch let failure as StepFailure {
                phase.copy(from: oldPhase)
                potential.copy(from: oldPotential)
                chemicalPotential.copy(from: oldSalt)
                rejected += 1
                guard dt > 1e-3 * step else { throw StoppedStep(time: time, step: dt, reason: failure) }
                dt /= 2
            }
        }
    }

    /// A guess of the new fields from the last change of each; what they were is kept.
    private func extrapolate(_ ratio: Double) {
        for (new, old) in [(phase, oldPhase), (potential, oldPotential), (chemicalPotential, oldSalt)] {
            before.copy(from: new)
            device.combine(new, 1 + ratio, before, -ratio, old)
            old.copy(from: before)
        }
    }

    private func advance(_ dt: Double) throws {
        let start = Sections.now
        if model.transport == .coupled {
            oldContent.withUnsafeMutableBufferPointer { old in
                elements.forEach { e, n in old[n] = rates.contents(at(oldSalt, e, fixed: saltWall(e)), at(oldPhase, e)).value }
            }
        }
        drawNoise(time + dt)
        sections.control += Sections.now - start
        measureRates()
        for pass in 1...settings.time.largestPasses {
            passes += 1
            try timed(\.phase) { try advancePhase(dt) }
            if model.transport == .coupled {
                try timed(\.charge) { try solvePotential(dt) }
                try timed(\.salt) { try solveSalt(dt) }
            }
            let change = timed(\.kinetics) { measureChange() }
            guard change.isFinite else { throw StepFailure.notFinite(field: "the reaction rate") }
            if change <= settings.time.passTolerance { break }
            if pass == settings.time.largestPasses { throw StepFailure.passes(change: change) }
        }
        var grown = 0.0
        rows { r, n in
            let new = phase.row(r), old = oldPhase.row(r)
            for i in 0..<n { grown += new[i] - old[i] }
        }
        guard grown.isFinite else { throw StepFailure.notFinite(field: "xi") }
        let thickness = grown * grid.spacing / Double(grid.nx)
        depositionCurrent = chargePerVolume * thickness / dt
        charge += chargePerVolume * thickness
        time += dt
        lastStep = dt
        steps += 1
    }

    /// int N (xi - xi_n)/dt + int L_s kappa grad N . grad xi = rates; one Newton step, the well's part of it linear.
    private func advancePhase(_ dt: Double) throws {
        let gradient = SIMD4(repeating: model.mobility * model.gradientEnergy / (grid.spacing * grid.spacing))
        let well = 2 * model.mobility * model.barrier
        residual.copy(from: rate)
        equation.clear()
        elements.forEach { e, _ in
            let nodes = e.values(phase), xi = elements.atPoints(nodes)
            var slope = well * (1 - 6 * xi * (1 - xi))
            slope.replace(with: -0.5 / dt, where: slope .< -0.5 / dt)
            e.add(elements.mass(1 / dt + slope, e) + elements.stiffness(gradient, e), to: equation)
            e.add(-elements.loads((xi - at(oldPhase, e)) / dt, e) - elements.fluxLoads(gradient, nodes, e), to: residual)
        }
        try solve(phase, "phase", usesMultigrid: false)
    }

    /// div(sigma grad phi) = nF C_s d xi/dt, for phi - phi_s: in the metal, whose conductivity is 1e7 times the rest, phi would round.
    private func solvePotential(_ dt: Double) throws {
        let h2 = grid.spacing * grid.spacing, contrast = model.metalConductivity / model.electrolyteConductivity
        let source = chargePerVolume / (model.electrolyteConductivity * dt)
        func conductance(_ xi: SIMD4<Double>) -> SIMD4<Double> { (1 + (contrast - 1) * rates.h(xi)) / h2 }
        shiftPotential(-applied)
        residual.fill(0)
        equation.clear()
        elements.forEach { e, _ in
            let xi = at(phase, e), a = conductance(xi), phi = e.values(potential, fixed: wallPotential(e) - applied)
            e.add(elements.stiffness(a, e), to: equation, isFixed: true)
            e.add(-elements.loads(source * (xi - at(oldPhase, e)), e) - elements.fluxLoads(a, phi, e), to: residual, isFixed: true)
        }
        try solve(potential, "charge", countsAs: \.charge)
        (lowerCurrent, upperCurrent) = (0, 0)
        let perLoad = model.electrolyteConductivity * grid.spacing / Double(grid.nx)
        elements.forEachOnWalls { e in
            let phi = e.values(potential, fixed: wallPotential(e) - applied)
            let loads = perLoad * elements.fluxLoads(conductance(at(phase, e)), phi, e)
            if e.wall == .bottom { lowerCurrent -= loads[0] + loads[1] } else { upperCurrent += loads[2] + loads[3] }
        }
        shiftPotential(applied)
    }

    private func shiftPotential(_ volts: Double) {
        device.forRows(potential.layout) { device.kernels.shift(potential.cells, volts, potential.layout, $0) }
    }

    /// The salt balance, one Newton step in w about its last value; what the diffusivity is, it was.
    private func solveSalt(_ dt: Double) throws {
        let h2 = grid.spacing * grid.spacing, power = model.diffusionPower, w = chemicalPotential
        before.copy(from: w)
        residual.fill(0)
        equation.clear()
        oldContent.withUnsafeBufferPointer { old in
            elements.forEach { e, n in
                let wall = saltWall(e), nodes = e.values(w, fixed: wall), value = elements.atPoints(nodes), xi = at(phase, e)
                let phi = e.values(potential, fixed: wallPotential(e))
                let (content, slope, jump, electrolyte) = rates.contents(value, xi), open = 1 - rates.h(xi)
                let c = model.diffusivity / h2 * electrolyte * open, diffusion = power == 1 ? c : c * open, migration = thermal * c * open
                // Growth follows w along its slope, and takes salt for it.
                let byW = hasReaction(xi) ? rates.reaction(xi, phi: elements.atPoints(phi), electrolyte: electrolyte).byW : SIMD4()
                e.add(elements.mass(slope / dt + jump * byW, e) + elements.stiffness(diffusion, e), to: equation, isFixed: wall != nil)
                e.add(-elements.loads((content - old[n]) / dt, e) - elements.fluxLoads(diffusion, nodes, e) - elements.fluxLoads(migration, phi, e),
                      to: residual, isFixed: wall != nil)
            }
        }
        try solve(w, "salt", countsAs: \.salt, usesMultigrid: false)
        // A Newton step of an exponential: no more than 2 RT at a time.
        rows { r, n in
            let old = before.row(r), w = w.row(r)
            for i in 0..<n { w[i] = min(max(w[i], old[i] - 2), old[i] + 2) }
        }
    }

    /// phi = phi_s at y = 0, 0 at y = L.
    private func wallPotential(_ e: BilinearElement) -> Double { e.wall == .top ? 0 : applied }

    /// w = 0 at y = L; no flux at y = 0.
    private func saltWall(_ e: BilinearElement) -> Double? { e.wall == .top ? 0 : nil }

    /// A field at the points of an element.
    private func at(_ u: Field<Double>, _ e: BilinearElement, fixed: Double? = nil) -> SIMD4<Double> { elements.atPoints(e.values(u, fixed: fixed)) }

    private func solve(_ u: Field<Double>, _ name: String, countsAs counter: WritableKeyPath<(salt: Int, charge: Int), Int>? = nil,
                       usesMultigrid: Bool = true) throws {
        equation.close()
        let report = solver.correct(u, equation, residual: residual, tolerance: settings.time.solverTolerance, usesMultigrid: usesMultigrid)
        if let counter { iterations[keyPath: counter] += report.iterations }
        guard report.converged else { throw StepFailure.notConverged(equation: name, residual: report.residual) }
    }
    public private(set) var iterations = (salt: 0, charge: 0)

    // MARK: - Local rates

    /// Loads of double well, reaction and noise.
    private func measureRates() {
        let isCoupled = model.transport == .coupled
        rate.copy(from: noise)
        elements.forEach { e, _ in
            let xi = at(phase, e)
            var density = rates.doubleWell(xi)
            if hasReaction(xi) {
                let electrolyte = isCoupled ? rates.electrolyte(at(chemicalPotential, e, fixed: saltWall(e))) : nil
                density += rates.reaction(xi, phi: at(potential, e, fixed: wallPotential(e)), electrolyte: electrolyte).rate
            }
            e.add(elements.loads(density, e), to: rate)
        }
    }

    private func hasReaction(_ xi: SIMD4<Double>) -> Bool { xi.min() < 1 - 1e-9 && xi.max() > 1e-9 }

    /// The rates once more; returns their largest change per largest rate.
    private func measureChange() -> Double {
        before.copy(from: rate)
        measureRates()
        var change = 0.0, largest = 1e-12
        rows { r, n in
            let new = rate.row(r), old = before.row(r)
            for i in 0..<n {
                change = max(change, abs(new[i] - old[i]))
                largest = max(largest, abs(new[i]))
            }
        }
        return change / largest
    }

    /// The published finite-element runs draw one number per Gauss point and shape function: a node sums 16 with the weights N/4, whose
    /// variance is 4/9 of that of the mean of four.
    private static let noiseShare = 2.0 / 3

    private func drawNoise(_ time: Double) {
        guard model.noise > 0 else { return }
        let interval = UInt64((time / settings.noise.interval * (1 - 1e-9)).rounded(.down)), nx = UInt64(grid.nx)
        guard interval != drawnInterval else { return }
        drawnInterval = interval
        rows { r, n in
            let row = noise.row(r)
            for i in 0..<n {
                let bits = stream.bits(UInt64(r) * nx + UInt64(i), interval)
                let sum = Double(bits.0) + Double(bits.1) + Double(bits.2) + Double(bits.3)
                row[i] = SinglePotentialSimulation.noiseShare * model.noise * (sum * 0x1p-33 - 1)
            }
        }
    }

    @inline(__always)
    private func rows(_ body: (_ row: Int, _ count: Int) -> Void) {
        for r in 0..<grid.ny { body(r, grid.nx) }
    }

    private func timed<R>(_ section: WritableKeyPath<Sections, Double>, _ body: () throws -> R) rethrows -> R {
        let start = Sections.now
        defer { sections[keyPath: section] += Sections.now - start }
        return try body()
    }

    // MARK: - What can be read

    /// Concentration of the cation in the electrolyte, mol/m^3.
    public func concentration(row r: Int, _ i: Int) -> Double {
        rates.electrolyte(chemicalPotential.row(r)[i]) * (1 - rates.h(SIMD4(repeating: phase.row(r)[i]))[0]) * model.metalSiteDensity
            / model.siteRatio
    }
    /// Metal (integral of xi) per unit of electrode area, m.
    public var metalThickness: Double {
        var sum = 0.0
        rows { r, n in
            let xi = phase.row(r)
            for i in 0..<n { sum += xi[i] }
        }
        return sum * grid.spacing / Double(grid.nx)
    }
    /// Largest height at which xi passes 1/2, linear between nodes, m.
    public var tipHeight: Double {
        var tip = 0.0
        for r in 0..<grid.ny - 1 {
            let low = phase.row(r), high = phase.row(r + 1)
            for i in 0..<grid.nx where low[i] >= 0.5 && high[i] < 0.5 {
                tip = max(tip, (Double(r) + 0.5 + (low[i] - 0.5) / (low[i] - high[i])) * grid.spacing)
            }
        }
        for i in 0..<grid.nx where phase.row(grid.ny - 1)[i] >= 0.5 { tip = Double(grid.ny) * grid.spacing }
        return tip
    }

    public var state: [StateItem] {
        [
            .field("xi", phase), .field("phi", potential), .field("w", chemicalPotential),
            .field("xi.old", oldPhase), .field("phi.old", oldPotential), .field("w.old", oldSalt),
            .number(name: "step.last", get: { self.lastStep }, set: { self.lastStep = $0 }),
            .number(name: "time", get: { self.time }, set: { self.time = $0 }),
            .number(name: "steps", get: { Double(self.steps) }, set: { self.steps = Int($0) }),
            .number(name: "rejected", get: { Double(self.rejected) }, set: { self.rejected = Int($0) }),
            .number(name: "passes", get: { Double(self.passes) }, set: { self.passes = Int($0) }),
            .number(name: "iterations.salt", get: { Double(self.iterations.salt) }, set: { self.iterations.salt = Int($0) }),
            .number(name: "iterations.charge", get: { Double(self.iterations.charge) }, set: { self.iterations.charge = Int($0) }),
            .number(name: "charge", get: { self.charge }, set: { self.charge = $0 }),
            .number(name: "depositionCurrent", get: { self.depositionCurrent }, set: { self.depositionCurrent = $0 }),
            .number(name: "upperCurrent", get: { self.upperCurrent }, set: { self.upperCurrent = $0 }),
            .number(name: "lowerCurrent", get: { self.lowerCurrent }, set: { self.lowerCurrent = $0 }),
        ]
    }
}
