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
/// Backward Euler; passes { rates, phase with the well linear in xi, potential, salt with the reaction linear in w } until the rates
/// settle.
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
    private let equation: EllipticOperator<Double>, multigrid: Multigrid, solver: ConjugateGradient<Double>
    private let right: Field<Double>, oldPhase: Field<Double>, oldContent: Field<Double>
    private let rate: Field<Double>, byW: Field<Double>, noise: Field<Double>
    private let startPotential: Field<Double>, startSalt: Field<Double>
    private let before: Field<Double>, diffusion: Field<Double>, migration: Field<Double>
    private let stream: RandomStream
    private var drawnInterval: UInt64?
    private let thermal: Double, chargePerVolume: Double, applied: Double, step: Double

    public init(_ settings: SimulationSettings, _ model: SinglePotentialSettings, on device: Device) throws {
        (self.settings, self.model, self.device) = (settings, model, device)
        grid = settings.grid.grid
        func field() -> Field<Double> { Field(settings.grid.grid) }
        (phase, potential, chemicalPotential, right, oldPhase, oldContent) = (field(), field(), field(), field(), field(), field())
        (startPotential, startSalt) = (field(), field())
        (rate, byW, noise, before, diffusion, migration) = (field(), field(), field(), field(), field(), field())
        thermal = settings.metal.thermalFactor(temperature: settings.kinetics.temperature)
        rates = SinglePotentialRates(model, alpha: settings.kinetics.transferCoefficient, thermal: thermal)
        equation = EllipticOperator(grid)
        multigrid = Multigrid(grid, on: device)
        solver = ConjugateGradient(grid, multigrid: multigrid)
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
        startPotential.copy(from: potential)
        startSalt.copy(from: chemicalPotential)
        oldPhase.copy(from: phase)
        while true {
            do {
                return try advance(dt)
            } catch let failure as StepFailure {
                phase.copy(from: oldPhase)
                potential.copy(from: startPotential)
                chemicalPotential.copy(from: startSalt)
                rejected += 1
                guard dt > 1e-3 * step else { throw StoppedStep(time: time, step: dt, reason: failure) }
                dt /= 2
            }
        }
    }

    private func advance(_ dt: Double) throws {
        let start = Sections.now
        if model.transport == .coupled {
            rows { r, n in
                let w = chemicalPotential.row(r), xi = phase.row(r), content = oldContent.row(r)
                for i in 0..<n { content[i] = rates.content(w[i], xi[i]).value }
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
        steps += 1
    }

    /// (1/dt + L_s g'' - L_s kappa lap) xi = xi_n/dt + L_s g'' xi + rate, all on the right at the last xi: what is implicit cancels along
    /// a moving front.
    private func advancePhase(_ dt: Double) throws {
        let face = model.mobility * model.gradientEnergy / (grid.spacing * grid.spacing), well = 2 * model.mobility * model.barrier
        rows { r, n in
            let xi = phase.row(r), old = oldPhase.row(r), rate = rate.row(r), s = equation.s.row(r), right = right.row(r)
            let x = equation.x.row(r), y = equation.y.row(r)
            for i in 0..<n {
                x[i] = face
                y[i] = r > 0 ? face : 0
                let slope = max(well * (1 - 6 * xi[i] * (1 - xi[i])), -0.5 / dt)
                s[i] = 1 / dt + slope
                right[i] = old[i] / dt + slope * xi[i] + rate[i]
            }
        }
        equation.closeFaces()
        try solve(phase, "phase", countsAs: nil)
    }

    /// div(sigma grad phi) = nF C_s d xi/dt.
    private func solvePotential(_ dt: Double) throws {
        let h2 = grid.spacing * grid.spacing, ny = grid.ny, scale = 1 / model.electrolyteConductivity
        let contrast = model.metalConductivity * scale, source = chargePerVolume * scale / dt
        rows { r, n in
            let xi = phase.row(r), sigma = diffusion.row(r)
            for i in 0..<n { sigma[i] = 1 + (contrast - 1) * SinglePotentialRates.h(xi[i]) }
        }
        assembleFaces(diffusion)
        rows { r, n in
            let xi = phase.row(r), old = oldPhase.row(r), right = right.row(r), s = equation.s.row(r)
            for i in 0..<n {
                s[i] = 0
                right[i] = -source * (xi[i] - old[i])
            }
        }
        // phi - phi_s is solved for: the wall of the metal, whose conductance is 1e7 times the rest, then adds nothing to the right-hand
        // side.
        let bottom = diffusion.row(0), top = diffusion.row(ny - 1)
        for i in 0..<grid.nx {
            equation.s.row(0)[i] += 2 * bottom[i] / h2
            equation.s.row(ny - 1)[i] += 2 * top[i] / h2
            right.row(ny - 1)[i] -= 2 * top[i] / h2 * applied
        }
        shiftPotential(-applied)
        try solve(potential, "charge", countsAs: \.charge)
        (lowerCurrent, upperCurrent) = (0, 0)
        for i in 0..<grid.nx { lowerCurrent += 2 / (grid.spacing * scale * Double(grid.nx)) * bottom[i] * potential.row(0)[i] }
        shiftPotential(applied)
        let perCell = 2 / (grid.spacing * scale * Double(grid.nx))
        for i in 0..<grid.nx {
            upperCurrent += perCell * top[i] * (0 - potential.row(ny - 1)[i])
        }
    }

    private func shiftPotential(_ volts: Double) {
        device.forRows(potential.layout) { device.kernels.shift(potential.cells, volts, potential.layout, $0) }
    }

    /// The salt balance, linear in w about its last value.
    private func solveSalt(_ dt: Double) throws {
        let h2 = grid.spacing * grid.spacing, ny = grid.ny, power = model.diffusionPower, w = chemicalPotential
        rows { r, n in
            let w = w.row(r), xi = phase.row(r), diffusion = diffusion.row(r), migration = migration.row(r)
            for i in 0..<n {
                let c = model.diffusivity * rates.electrolyte(w[i]), open = 1 - SinglePotentialRates.h(xi[i])
                diffusion[i] = c * (power == 1 ? open : open * open)
                migration[i] = c * open * open * thermal
            }
        }
        before.copy(from: w)
        assembleFaces(diffusion)
        potential.fillGhosts()
        migration.fillGhosts()
        rows { r, n in
            let w = w.row(r), xi = phase.row(r), byW = byW.row(r), old = oldContent.row(r), s = equation.s.row(r), right = right.row(r)
            let m = migration.row(r), p = potential.row(r)
            let mUp = migration.row(min(r + 1, ny - 1)), pUp = potential.row(min(r + 1, ny - 1))
            let mLow = migration.row(max(r - 1, 0)), pLow = potential.row(max(r - 1, 0))
            for i in 0..<n {
                let (content, slope, jump) = rates.content(w[i], xi[i])
                // Growth follows w along its slope, and takes salt for it.
                s[i] = slope / dt + jump * byW[i]
                var drift = 0.5 * (m[i] + m[i + 1]) * (p[i + 1] - p[i]) - 0.5 * (m[i - 1] + m[i]) * (p[i] - p[i - 1])
                // phi = 0 at y = L; no flux at y = 0, where the row below is the row itself.
                drift += r + 1 < ny ? 0.5 * (m[i] + mUp[i]) * (pUp[i] - p[i]) : -2 * m[i] * p[i]
                drift -= 0.5 * (m[i] + mLow[i]) * (p[i] - pLow[i])
                right[i] = s[i] * w[i] - (content - old[i]) / dt + drift / h2
            }
        }
        // w = 0 at y = L.
        for i in 0..<grid.nx { equation.s.row(ny - 1)[i] += 2 * diffusion.row(ny - 1)[i] / h2 }
        try solve(w, "salt", countsAs: \.salt)
        // A Newton step of an exponential: no more than 2 RT at a time.
        rows { r, n in
            let old = before.row(r), w = w.row(r)
            for i in 0..<n { w[i] = min(max(w[i], old[i] - 2), old[i] + 2) }
        }
        w.fillGhosts()
    }

    private func solve(_ u: Field<Double>, _ name: String, countsAs counter: WritableKeyPath<(salt: Int, charge: Int), Int>?) throws {
        multigrid.setUp(equation)
        let report = solver.solve(equation, right, u, tolerance: settings.time.solverTolerance)
        if let counter { iterations[keyPath: counter] += report.iterations }
        guard report.converged else { throw StepFailure.notConverged(equation: name, residual: report.residual) }
    }
    public private(set) var iterations = (salt: 0, charge: 0)

    private func assembleFaces(_ a: Field<Double>) {
        let h2 = grid.spacing * grid.spacing
        a.fillGhosts()
        rows { r, n in
            let here = a.row(r), below = a.row(max(r - 1, 0)), x = equation.x.row(r), y = equation.y.row(r)
            for i in 0..<n {
                x[i] = 0.5 * (here[i - 1] + here[i]) / h2
                y[i] = r > 0 ? 0.5 * (below[i] + here[i]) / h2 : 0
            }
        }
        equation.closeFaces()
    }

    // MARK: - Local rates

    private func measureRates() {
        switch model.quadrature {
        case .nodes:
            rows { r, n in
                let xi = phase.row(r), w = chemicalPotential.row(r), phi = potential.row(r)
                let rate = rate.row(r), slope = byW.row(r), noise = noise.row(r)
                for i in 0..<n {
                    let reaction = rates.reaction(xi[i], phi: phi[i], w: model.transport == .coupled ? w[i] : nil)
                    rate[i] = rates.doubleWell(xi[i]) + reaction.rate + noise[i]
                    slope[i] = reaction.byW
                }
            }
        case .elements: measureElements()
        }
    }

    /// Rates at the four Gauss points of each element between four nodes, weighted to its nodes; the mass is lumped. The stiffness of
    /// bilinear elements has L_s kappa dx^2 D_xx D_yy/3 on top of the five points of `advancePhase`.
    private func measureElements() {
        let nx = grid.nx, ny = grid.ny, isCoupled = model.transport == .coupled
        let stiffness = model.mobility * model.gradientEnergy / (3 * grid.spacing * grid.spacing)
        phase.fillGhosts()
        rows { r, n in
            let south = phase.row(max(r - 1, 0)), here = phase.row(r), north = phase.row(min(r + 1, ny - 1))
            let rate = rate.row(r), noise = noise.row(r)
            for i in 0..<n {
                func bend(_ i: Int) -> Double { south[i] - 2 * here[i] + north[i] }
                rate[i] = noise[i] + stiffness * (bend(i - 1) - 2 * bend(i) + bend(i + 1))
            }
        }
        byW.fill(0)
        let near = 0.5 + 0.5 / 3.0.squareRoot(), far = 1 - near
        let weights = [(near, near), (far, near), (near, far), (far, far)]
        // Elements beyond the walls have both rows in the last one.
        for j in -1..<ny {
            let low = max(j, 0), high = min(j + 1, ny - 1)
            let x0 = phase.row(low), x1 = phase.row(high), p0 = potential.row(low), p1 = potential.row(high)
            let w0 = chemicalPotential.row(low), w1 = chemicalPotential.row(high)
            let r0 = rate.row(low), r1 = rate.row(high), s0 = byW.row(low), s1 = byW.row(high)
            for i in 0..<nx {
                let k = i + 1 < nx ? i + 1 : 0, xi = SIMD4(x0[i], x0[k], x1[i], x1[k])
                var total = SIMD4<Double>(), slope = SIMD4<Double>()
                if xi.min() > 1 - 1e-9 || xi.max() < 1e-9 {
                    for n in 0..<4 { total[n] = 0.25 * rates.doubleWell(xi[n]) }
                } else {
                    let phi = SIMD4(p0[i], p0[k], p1[i], p1[k]), w = isCoupled ? SIMD4(w0[i], w0[k], w1[i], w1[k]) : SIMD4()
                    for (u, v) in weights {
                        // Shares of the nodes (x low, y low), (high, low), (low, high), (high, high).
                        let shape = SIMD4(u * v, (1 - u) * v, u * (1 - v), (1 - u) * (1 - v)), x = (shape * xi).sum()
                        let reaction = rates.reaction(x, phi: (shape * phi).sum(), w: isCoupled ? (shape * w).sum() : nil)
                        total += shape * (0.25 * (rates.doubleWell(x) + reaction.rate))
                        slope += shape * (0.25 * reaction.byW)
                    }
                }
                r0[i] += total[0]
                r0[k] += total[1]
                r1[i] += total[2]
                r1[k] += total[3]
                s0[i] += slope[0]
                s0[k] += slope[1]
                s1[i] += slope[2]
                s1[k] += slope[3]
            }
        }
    }

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

    /// c over c0 as the reaction sees it.
    public func concentrationShare(row r: Int, _ i: Int) -> Double { rates.share(chemicalPotential.row(r)[i], phase.row(r)[i]) }
    /// Concentration of the cation in the electrolyte, mol/m^3.
    public func concentration(row r: Int, _ i: Int) -> Double {
        rates.electrolyte(chemicalPotential.row(r)[i]) * (1 - SinglePotentialRates.h(phase.row(r)[i])) * model.metalSiteDensity
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
