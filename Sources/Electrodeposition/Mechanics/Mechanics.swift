import Elliptic
import Glibc
import Grids
import Spectral

/// Stress in the cell from the growth of the metal, and what it does to the surface.
///
/// div (C e - h C1 e*) = 0 is solved anew when the surface has travelled `interval` cells, from displacements extrapolated in that travel. Kinetic
/// coupling adds eta_mech = -V_m sigma_h/(zF) to the overpotential; variational coupling adds -(M/l)(l/6 gamma) d f_el/d xi to d xi/dt.
final class Mechanics<T: FFTReal> {
    let settings: MechanicsSettings
    let body: Elasticity<T>
    /// sigma_h = tr sigma/3 (tension positive) and von Mises stress of the last solve, Pa.
    let hydrostatic: Field<T>, mises: Field<T>
    /// eta_mech on the surface at the last solve and its change since the one before, V; kinetic coupling only.
    private let overpotential: Field<T>?, increment: Field<T>?
    /// l/(6 gamma) d f_el/d xi; variational coupling only.
    private let drive: Field<T>?
    private let film: FilmPressure<T>?
    private let plasticity: Plasticity<T>?
    let mixture: ElasticMixture
    private let previous: VectorField<T>
    private var previousMeanStrain = SIMD3<Double>()
    private let work: Workspace<T>
    private let high: RowSums
    private let voltsPerPascal: Double, driveScale: Double, halfWidth: Double
    /// Travel of the surface since the last solve, and between that and the one before, m.
    private var travel = 0.0, lastTravel = 0.0
    private var solves = 0
    /// Solver iterations since the start, and passes of plastic solves.
    private(set) var iterations = 0
    /// Least and largest eta_mech where 0.1 < xi < 0.9, V; and sigma_h in the whole cell, Pa.
    private(set) var overpotentialRange = (low: 0.0, high: 0.0), stressRange = (low: 0.0, high: 0.0)

    init(_ m: MechanicsSettings, _ settings: SimulationSettings, _ work: Workspace<T>, effort: PlannerEffort) throws {
        (self.settings, self.work) = (m, work)
        body = try Elasticity(work.grid, device: work.device, effort: effort)
        hydrostatic = Field(work.grid)
        mises = Field(work.grid)
        overpotential = m.kinetic ? Field(work.grid) : nil
        increment = m.kinetic ? Field(work.grid) : nil
        drive = m.variational ? Field(work.grid) : nil
        voltsPerPascal = 1 / settings.metal.chargePerVolume
        film = settings.elasticFilm.map { [voltsPerPascal] in
            FilmPressure($0, strain: m.film?.strain ?? 0, dimensions: work.grid.dimensions, voltsPerPascal: voltsPerPascal)
        }
        plasticity = m.metal.yieldStress == nil ? nil : Plasticity(work.grid)
        halfWidth = settings.interface.halfWidth
        mixture = ElasticMixture(m, coating: settings.elasticCoating, halfWidth: halfWidth)
        previous = VectorField(work.grid)
        high = RowSums(work.grid)
        driveScale = m.variational ? halfWidth / (6 * settings.interface.surfaceEnergy) : 0
    }

    var actsOnKinetics: Bool { settings.kinetic || film != nil }
    var needsCurvature: Bool { film != nil }
    var solver: String { body.method.rawValue }
    var contrast: Double { body.contrast }

    // MARK: - What the step takes

    /// Adds eta_mech and the pressure of the film to the overpotential of the surface.
    ///
    /// Between solves eta_mech goes on as it did, linear in travel: held as it was, it jumped by 0.1 mV at each solve, after which every other step
    /// needed a second pass.
    /// - Parameter ahead: travel of the surface in the coming step, m.
    func add(to conditions: SurfaceConditions<T>, _ interface: Interface<T>, ahead: Double) {
        guard let eta = conditions.overpotential else { return }
        if let overpotential, let increment {
            let e = T(extrapolationRatio(travel + ahead, lastTravel, solves: solves))
            work.forRows { work.kernels.combineThree(eta.cells, 1, eta.cells, 1, overpotential.cells, e, increment.cells, work.layout, $0) }
        }
        if let film, let curvature = interface.curvature {
            film.add(to: eta, curvature: curvature, distance: interface.distance, xi: interface.xi.new, work)
        }
    }

    /// Adds the variational driving force to the drift C - w of d xi/dt = M l (lap xi + C - w) + R.
    func add(toDrift drift: Field<T>) {
        guard let drive else { return }
        let scale = T(-1 / (halfWidth * halfWidth))
        work.forRows { work.kernels.combine(drift.cells, scale, drive.cells, 1, work.layout, $0) }
    }

    // MARK: - The solve

    /// Books travel of the surface (m); whether a solve is due.
    func isDue(after step: Double) -> Bool {
        travel += step
        return travel >= settings.interval * work.grid.spacing
    }

    /// Solves for the stress of a surface as it is.
    /// - Throws: when the solve does not converge; the stress before it stays in use.
    func update(_ xi: Field<T>) throws(StepFailure) {
        mixture.fill(body, xi, work)
        body.stiffnessChanged(settings.solver == .automatic ? nil : settings.solver == .green ? .green : .multigrid)
        extrapolate()
        let loading = Elasticity<T>.Loading(y: settings.ends == .platen ? .stress(-settings.stackPressure) : .strain(0))
        if let plasticity {
            placeYieldStress(plasticity, xi)
            let report = plasticity.step(body, loading, tolerance: settings.tolerance)
            iterations += report.iterations
            guard report.converged else { throw .notConverged(equation: "plasticity", residual: report.change) }
        } else {
            let report = body.solve(loading, tolerance: settings.tolerance)
            iterations += report.iterations
            guard report.converged else { throw .notConverged(equation: "elasticity", residual: report.residual) }
        }
        (lastTravel, travel) = (travel, 0)
        solves += 1
        body.invariants(hydrostatic: hydrostatic, mises: mises)
        evaluate(xi)
    }

    /// Displacements for a start, linear in the travel of the surface; the ones before are kept for the next time.
    private func extrapolate() {
        let ratio = extrapolationRatio(travel, lastTravel, solves: solves), e = T(ratio)
        for a in 0..<previous.components.count {
            let u = body.displacement.components[a], old = previous.components[a]
            // The difference d = u - old; then u + e d, and what u was.
            work.forRows { work.kernels.combine(old.cells, 1, u.cells, -1, work.layout, $0) }
            work.forRows { work.kernels.combine(u.cells, e, old.cells, 1, work.layout, $0) }
            work.forRows { work.kernels.combine(old.cells, 1, u.cells, -e, work.layout, $0) }
        }
        let now = body.meanStrain
        body.meanStrain = now + ratio * (now - previousMeanStrain)
        previousMeanStrain = now
    }

    private func placeYieldStress(_ plasticity: Plasticity<T>, _ xi: Field<T>) {
        let strength = T(settings.metal.yieldStress ?? .infinity), layout = work.layout, target = plasticity.yieldStress
        work.forRows { rows in
            for row in rows {
                let from = xi.row(row), to = target.row(row)
                for i in 0..<layout.nx { to[i] = from[i] > 0.5 ? strength : .infinity }
            }
        }
        target.fillGhosts()
    }

    private func evaluate(_ xi: Field<T>) {
        let layout = work.layout, low = work.sums
        work.forRows { work.kernels.extremes(hydrostatic.cells, low.values, high.values, layout, $0) }
        stressRange = (-negatedMaximum(low), high.maximum())
        if let overpotential, let increment {
            let distance = work.scratch
            increment.copy(from: overpotential)
            work.forRows { work.kernels.signedDistance(distance.cells, xi.cells, halfWidth: T(halfWidth), layout, $0) }
            work.forRows {
                SurfaceStress.overpotential(overpotential.cells, stress: hydrostatic.cells, distance: distance.cells, xi: xi.cells,
                                            factor: -voltsPerPascal, depth: SurfaceStress.depth * halfWidth, spacing: work.grid.spacing,
                                            samplesMetal: settings.sampling == .metal, low: low.values, high: high.values, layout, $0)
            }
            overpotentialRange = (-negatedMaximum(low), high.maximum())
            work.forRows { SurfaceStress.difference(increment.cells, overpotential.cells, layout, $0) }
        }
        if let drive {
            work.forRows {
                ElasticDrive.evaluate(drive.cells, body.displacement.cells, meanStrain: body.meanStrain, xi: xi.cells, mixture, factor: driveScale,
                                      layout, $0)
            }
        }
    }

    /// Slope of eta_mech over the height of the surface, V/m, by least squares: height is the metal of a column, eta_mech its mean on the surface there,
    /// with the weight xi (1 - xi). nil where nothing is on the surface or all is flat.
    func overpotentialSlope(_ xi: Field<T>) -> Double? {
        guard let overpotential else { return nil }
        let grid = work.grid
        var n = 0.0, sums = SIMD2<Double>(), square = 0.0, product = 0.0
        for k in 0..<grid.nz {
            for i in 0..<grid.nx {
                var height = 0.0, weight = 0.0, eta = 0.0
                for j in 0..<grid.ny {
                    let x = Double(xi[i, j, k]), w = x > 0.1 && x < 0.9 ? x * (1 - x) : 0
                    height += x * grid.spacing
                    weight += w
                    eta += w * Double(overpotential[i, j, k])
                }
                guard weight > 0 else { continue }
                eta /= weight
                n += 1
                sums += SIMD2(height, eta)
                square += height * height
                product += height * eta
            }
        }
        let variance = square - sums.x * sums.x / n
        return n > 0 && variance > 1e-12 * square ? (product - sums.x * sums.y / n) / variance : nil
    }

    private func negatedMaximum(_ rows: RowSums) -> Double {
        for row in 0..<work.grid.rows { rows.values[row] = -rows.values[row] }
        return rows.maximum()
    }

    var state: [StateItem] {
        let fields: [(String, [Field<T>])] = [
            ("mechanics.displacement", body.displacement.components), ("mechanics.previous", previous.components),
            ("mechanics.stress", [hydrostatic, mises]), ("mechanics.overpotential", [overpotential, increment].compactMap(\.self)),
            ("mechanics.drive", drive.map { [$0] } ?? []), ("mechanics.plastic", plasticity?.plasticStress.components ?? []),
        ]
        let numbers: [(String, ReferenceWritableKeyPath<Mechanics, Double>)] = [
            ("travel", \.travel), ("lastTravel", \.lastTravel), ("overpotential.low", \.overpotentialRange.low),
            ("overpotential.high", \.overpotentialRange.high), ("stress.low", \.stressRange.low), ("stress.high", \.stressRange.high),
            ("strain.x", \.body.meanStrain.x), ("strain.y", \.body.meanStrain.y), ("strain.z", \.body.meanStrain.z),
            ("previousStrain.x", \.previousMeanStrain.x), ("previousStrain.y", \.previousMeanStrain.y), ("previousStrain.z", \.previousMeanStrain.z),
        ]
        return fields.flatMap { name, list in list.enumerated().map { .field("\(name).\($0)", $1) } }
            + numbers.map { name, path in
                .number(name: "mechanics." + name, get: { self[keyPath: path] }, set: { self[keyPath: path] = $0 })
            } + [
                .number(name: "mechanics.solves", get: { Double(self.solves) }, set: { self.solves = Int($0) }),
                .number(name: "mechanics.iterations", get: { Double(self.iterations) }, set: { self.iterations = Int($0) }),
            ]
    }
}
