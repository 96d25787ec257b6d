import Electrodeposition
internal import Elliptic
import Glibc
internal import Grids
import Spectral

/// Warm solves for stress and flow, and what they add to a run.
enum Couplings {
    /// A wavy layer of metal with a column on it, as many cells further up as `shift`; spacing 1.
    private static func metal(_ grid: Grid, shift: Double) -> (Double, Double, Double) -> Double {
        let n = Double(grid.ny)
        return { x, y, z in
            let wave = 0.25 * n + 0.04 * n * cos(6 * .pi * x / n) + (grid.nz > 1 ? 0.03 * n * cos(4 * .pi * z / n) : 0)
            let column = grid.nz > 1 ? hypot(x - 0.5 * n, z - 0.5 * n) : abs(x - 0.5 * n)
            let xi = 0.5 * (1 - tanh((min(y - wave, max(column - 0.06 * n, y - 0.6 * n)) - shift) / 2))
            return xi * xi * xi * (6 * xi * xi - 15 * xi + 10)
        }
    }

    private static func grid(_ n: Int, _ dimensions: Int) -> Grid { Grid(nx: n, ny: n, nz: dimensions == 3 ? n : 1, spacing: 1) }

    /// Extrapolated starts of solves of a surface that moves on by 0.3 cells at a time; the first two are cold. Iterations and seconds of the others.
    private static func warm<T>(_ fields: [Field<T>], _ pair: () -> Void, _ count: Int = 5, _ solve: (Double) throws -> (Int, Double)) throws
        -> (iterations: Double, result: Comparison) where T: Real {
        let previous = fields.map { Field<T>($0.grid) }, clock = Clock.thread
        var rounds: [(Double, Double)] = [], iterations = 0
        for step in 0..<count + 2 {
            for (u, old) in zip(fields, previous) {
                for row in 0..<u.layout.rows {
                    let a = u.row(row), b = old.row(row)
                    for i in 0..<u.layout.nx {
                        let now = a[i]
                        if step > 1 { a[i] = now + (now - b[i]) }
                        b[i] = now
                    }
                }
            }
            let (found, seconds) = try solve(0.3 * Double(step))
            guard step > 1 else { continue }
            iterations += found
            pair()
            rounds.append((seconds, clock.time(repeats: 3, pair)))
        }
        return (Double(iterations) / Double(count), Comparison(rounds))
    }

    /// Stress to 1e-4 at a contrast of 10; with the set-up of the solver.
    static func stress(_ name: String, cells n: Int, dimensions: Int) throws -> Measurement {
        let grid = grid(n, dimensions), device = Device(), body = try Elasticity<Double>(grid, device: device),
            pair = try TransformPair<Double>(grid, on: device)
        let hard = Stiffness<Double>.lame(young: 50e9, poisson: 0.3), soft = Stiffness<Double>.lame(young: 5e9, poisson: 0.36)
        let warm = try warm(body.displacement.components, pair.run) { shift in
            let h = metal(grid, shift: shift)
            body.stiffness.lambda.set { hard.lambda + (soft.lambda - hard.lambda) * h($0, $1, $2) }
            body.stiffness.mu.set { hard.mu + (soft.mu - hard.mu) * h($0, $1, $2) }
            for s in [body.eigenstress.xx, body.eigenstress.yy, body.eigenstress.zz] {
                s.set { 0.01 * (3 * soft.lambda + 2 * soft.mu) * h($0, $1, $2) }
            }
            let start = Clock.thread.now
            body.stiffnessChanged()
            let report = body.solve(tolerance: 1e-4)
            try WrongAnswer.unless(report.converged ? report.residual : .infinity, is: 0, within: 1e-4, "residual of the stress")
            return (report.iterations, Clock.thread.now - start)
        }
        var m = Measurement(name)
        m.add("pairs", warm.result.ratio)
        m.add("nsPerCell", 1e9 * warm.result.subject / Double(grid.cells))
        m.add("pairNsPerCell", 1e9 * warm.result.reference / Double(grid.cells))
        m.add("iterations", [(body.method.rawValue, warm.iterations)])
        return m
    }

    /// Flow to 1e-4 with the calibrated drag, driven by a force that turns.
    static func flow(_ name: String, cells n: Int, dimensions: Int, method: StokesBrinkman.Method? = nil) throws -> Measurement {
        let grid = grid(n, dimensions), device = Device(), stokes = try StokesBrinkman(grid, device: device)
        let pair = try TransformPair<Double>(grid, on: device), lateral = try LateralTransform<Double>(grid, device: device)
        let spectrum = Field<Double>(lateral.modes), force = VectorField<Double>(grid), drag = Field<Double>(grid), size = Double(n)
        let warm = try warm(stokes.velocity.components, pair.run) { shift in
            let h = metal(grid, shift: shift)
            drag.set { 1.98 * h($0, $1, $2) }
            force.x.set { x, y, z in sin(2 * .pi * y / size) * (1 - h(x, y, z)) / (size * size) }
            force.y.set { x, y, z in cos(2 * .pi * x / size) * (1 - h(x, y, z)) / (size * size) }
            let start = Clock.thread.now
            stokes.setDrag(drag, method)
            let report = stokes.solve(force, tolerance: 1e-4)
            try WrongAnswer.unless(report.converged ? report.residual : .infinity, is: 0, within: 1e-4, "residual of the flow")
            return (report.iterations, Clock.thread.now - start)
        }
        let lateralPair = Comparison.repeated(rounds: 5, {
            lateral.forward(drag, into: spectrum)
            lateral.inverse(into: drag, from: spectrum)
        }, against: pair.run)
        var m = Measurement(name)
        m.add("pairs", warm.result.ratio)
        m.add("nsPerCell", 1e9 * warm.result.subject / Double(grid.cells))
        m.add("pairNsPerCell", 1e9 * warm.result.reference / Double(grid.cells))
        m.add("lateralPairs", warm.result.ratio / lateralPair.ratio)
        m.add("iterations", [(stokes.method.rawValue, warm.iterations)])
        return m
    }

    /// Processor time of steps with stress and flow over that of the same steps without.
    static func run(_ name: String, cells: Int, dimensions: Int, steps: Int) throws -> Measurement {
        func seconds(_ couples: Bool) throws -> (Double, [(name: String, seconds: Double)], [(name: String, seconds: Double)]) {
            var s = Steps.settings(cells: cells, dimensions: dimensions)
            if couples {
                s.mechanics = MechanicsSettings()
                s.mechanics!.electrolyte.bulkModulus = 3e9
                s.mechanics!.electrolyte.shearRatio = 0.1
                s.magnetics = MagneticsSettings()
                s.magnetics!.appliedField = SIMD3(0, 0, 1)
                s.flow = FlowSettings()
            }
            let simulation = try Simulation<Double>(s, on: Device())
            for _ in 0..<Steps.warmUp { try simulation.step(until: 1e9) }
            let before = simulation.sections.list
            let time = try Clock.thread.time { for _ in 0..<steps { try simulation.step(until: 1e9) } }
            return (time, simulation.sections.list, before)
        }
        let (without, _, _) = try seconds(false), (with, now, before) = try seconds(true)
        var m = Measurement(name)
        m.add("nsPerCell", 1e9 * with / Double(steps) / pow(Double(cells), Double(dimensions)))
        m.add("ratio", with / without)
        m.add("share", Steps.shares(now, since: before))
        return m
    }
}
