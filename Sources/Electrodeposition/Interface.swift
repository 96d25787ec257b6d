import Glibc
import Grids
import Kernels
import Spectral

/// The phase field xi (1 metal, 0 electrolyte) and the geometry of its surface.
///
/// d xi/dt = M l (lap xi + C - w) + R: `drift` holds C - w, `weight` the ramped |grad xi|; see physics section 1 of the manual and
/// `InterfaceKernels.geometry` for both schemes. The Laplacian is implicit through one transform pair.
final class Interface<T: FFTReal> {
    private let settings: InterfaceSettings
    private let work: Workspace<T>
    private let shape: InterfaceGeometry<T>
    private let transform: Transform<T>
    private let symbols: Symbols<T>
    let xi: History<T>
    let weight: Field<T>, drift: Field<T>
    /// Sum of principal curvatures; nil when no term asks for it.
    let curvature: Field<T>?
    /// J, the metal deposited per time at each place as salt and charge see it, 1/s; its sum is that of d xi/dt (see `shareGrowth`).
    let growth: Field<T>
    /// psi, the signed distance to the surface (positive in the electrolyte), m.
    let distance: Field<T>
    /// Contact angle on the substrate; nil leaves 90 degrees.
    private let wetting: Wetting<T>?
    /// Profile-keeping speed M, m/s.
    private(set) var mobility: Double
    private let changes: RowSums, rowWeights: RowSums
    /// Largest |xi_(n+1) - xi_n| of the last solve.
    private(set) var largestChange = 0.0
    /// Largest local |v_n| of the last linearisation, m/s.
    var frontSpeed = 0.0

    init(_ settings: InterfaceSettings, needsCurvature: Bool, wetting: Wetting<T>?, _ work: Workspace<T>, effort: PlannerEffort) throws {
        (self.settings, self.wetting) = (settings, wetting)
        self.work = work
        let angle = Double(settings.anisotropy.folds) * settings.anisotropy.angle
        shape = InterfaceGeometry(
            spacing: T(work.grid.spacing), halfWidth: T(settings.halfWidth), ramp: T(settings.ramp),
            discretelyExact: settings.scheme == .sharp, compensatesCurvature: settings.capillarity == .physical,
            anisotropy: T(settings.anisotropy.strength), folds: settings.anisotropy.folds, cosine: T(cos(angle)), sine: T(sin(angle)))
        transform = try Transform(work.grid, Boundaries(work.grid), device: work.device, effort: effort)
        // The discretely exact well belongs to the compact Laplacian; the continuum one is served best by k^2.
        symbols = Symbols(transform, settings.scheme == .sharp ? .finiteDifference : .spectral)
        xi = History(work.grid, levels: 2)
        weight = Field(work.grid)
        drift = Field(work.grid)
        growth = Field(work.grid)
        curvature = needsCurvature ? Field(work.grid) : nil
        distance = Field(work.grid)
        (changes, rowWeights) = (RowSums(work.grid), RowSums(work.grid))
        mobility = settings.mobility ?? 0
    }

    var halfWidth: Double { settings.halfWidth }
    private var smoothsCurvature: Bool { settings.scheme == .sharp && work.grid.dimensions == 3 }
    var planningTime: Double { transform.planningTime }

    /// xi, extrapolated to the new time, and the geometry of its surface.
    func extrapolate(_ bdf: BDF2) {
        let kernels = work.kernels
        work.forRows { kernels.combine(xi.new.cells, T(bdf.e0), xi.past[0].cells, T(bdf.e1), xi.past[1].cells, work.layout, $0) }
        measure(xi.new)
    }

    /// Weight, drift and curvature of a phase field.
    func measure(_ xi: Field<T>) {
        let kernels = work.kernels, layout = work.layout
        work.forRows { kernels.signedDistance(distance.cells, xi.cells, halfWidth: shape.halfWidth, layout, $0) }
        xi.fillGhosts()
        let smoothed = smoothsCurvature ? smoothedCurvature(xi) : nil
        work.forRows {
            kernels.geometry(weight: weight.cells, drift: drift.cells, curvature: curvature?.cells, smoothed: smoothed,
                             rowWeights: rowWeights.values, xi.cells, distance.cells, shape, layout, $0)
        }
        work.surface.choose { rowWeights.values[$0] != 0 }
        wetting?.apply(xi, distance, drift: drift, curvature: curvature)
    }

    /// K without its short waves: in 3D a sphere at rest grows ripples from them, of 2 l after M t = 480 l at dx = l and after 240 l at dx = 2 l.
    private func smoothedCurvature(_ xi: Field<T>) -> UnsafePointer<T> {
        let kernels = work.kernels, layout = work.layout, K = work.scratch, average = work.rightSide
        work.forRows { kernels.meanCurvature(K.cells, xi.cells, distance.cells, shape, layout, $0) }
        work.forRows { kernels.smoothCurvature(average.cells, K.cells, xi.cells, sharpens: false, layout, $0) }
        work.forRows { kernels.smoothCurvature(K.cells, average.cells, xi.cells, sharpens: true, layout, $0) }
        return UnsafePointer(K.cells)
    }

    /// Profile keeping follows the fastest part of the front.
    func setMobility() { mobility = settings.mobility ?? settings.mobilityRatio * frontSpeed }

    /// Adds a term to d xi/dt, 1/s.
    func add(_ source: Field<T>) {
        let kernels = work.kernels, layout = work.layout
        work.forRows { kernels.combine(drift.cells, T(1 / (mobility * settings.halfWidth)), source.cells, 1, layout, $0) }
    }

    /// Largest |xi_(n+1) - xi_n| of a phase that nothing reacts with.
    func measureChange() { largestChange = work.device.maximumDifference(xi.new, xi.past[0], changes) }

    /// Solves (a0 - M l lap) xi = a1 xi_n + a2 xi_(n-1) + M l drift + R - loss.
    func advance(rate: Field<T>, loss: Field<T>? = nil, _ bdf: BDF2) {
        let kernels = work.kernels, layout = work.layout, ml = mobility * settings.halfWidth
        work.forParts { rows, isSurface in
            if isSurface {
                kernels.combineFour(xi.new.cells, T(bdf.a1), xi.past[0].cells, T(bdf.a2), xi.past[1].cells, T(ml), drift.cells, rate.cells, layout, rows)
            } else {
                kernels.combineThree(xi.new.cells, T(bdf.a1), xi.past[0].cells, T(bdf.a2), xi.past[1].cells, T(ml), drift.cells, layout, rows)
            }
        }
        if let loss { work.forRows { kernels.combine(xi.new.cells, -1, loss.cells, 1, layout, $0) } }
        transform.filter(xi.new, Quadratic(transform.normalisation), over: Quadratic(bdf.a0, ml), symbols)
    }

    /// J = d xi/dt (plus what is lost without current or salt) where there is salt; where c falls below `depleted`, what profile keeping adds to the reaction fades from J, and its sum is
    /// shared out over the surface as mu |grad xi| c (without c where mu < 0), so that the sum is kept.
    ///
    /// Where two fronts merge, profile keeping closes the gap without a reaction. Charged to the pocket between them, this metal would take more
    /// salt than is there: c fell to -400 mol/m^3 between dendrites. Sharing it out everywhere costs 7 % of a growth rate at 16 l.
    func shareGrowth(rate: Field<T>, concentration c: Field<T>, depleted: Double, loss: Field<T>? = nil, _ bdf: BDF2) {
        let kernels = work.kernels, layout = work.layout
        work.forRows {
            kernels.growth(growth.cells, xi.new.cells, T(bdf.a0), xi.past[0].cells, T(bdf.a1), xi.past[1].cells, T(bdf.a2),
                           loss: loss.map { UnsafePointer($0.cells) }, rate: rate.cells, concentration: c.cells, depleted: T(depleted),
                           work.sums.values, rowChanges: changes.values, layout, $0)
        }
        largestChange = changes.maximum()
        let excess = work.sums.total()
        guard excess != 0 else { return }
        let share = excess > 0 ? work.surfaceDotPositive(weight, c) : work.surfaceSum(weight)
        let mu = share > 0 ? excess / share : 0
        work.forSurfaceRows {
            kernels.share(growth.cells, weight.cells, excess > 0 ? UnsafePointer(c.cells) : nil, factor: T(mu), layout, $0)
        }
    }

    /// The slab with its perturbation (none: a bare substrate) and seed, xi = 1/2 (1 - tanh(d/2l)) of the distance d to its surface.
    func placeInitialState(_ settings: SimulationSettings, _ grid: Grid) {
        let l = self.settings.halfWidth, slab = settings.slabThickness, initial = settings.initial
        let lateral = Double(grid.nx) * grid.spacing, depth = Double(grid.nz) * grid.spacing
        let wave = 2 * Double.pi * Double(initial.waves) / lateral
        xi.past[0].set { x, y, z in
            var distance = slab > 0 ? y - slab - initial.amplitude * cos(wave * x) : .infinity
            if initial.seedRadius > 0 {
                let aside = hypot(x - lateral / 2, grid.nz > 1 ? z - depth / 2 : 0)
                distance = min(distance, hypot(aside, y - slab) - initial.seedRadius)
            }
            return 0.5 * (1 - tanh(distance / (2 * l)))
        }
        restart()
    }

    /// The past is as the present.
    func restart() {
        xi.forget()
        xi.new.copy(from: xi.past[0])
    }

    /// Height of the highest cell that is mostly metal, m (its upper edge).
    func tipHeight() -> Double {
        let kernels = work.kernels, grid = work.grid
        work.forRows { kernels.rowMaximum(xi.past[0].cells, rowMaxima: work.sums.values, work.layout, $0) }
        var top = -1
        for row in 0..<grid.rows where work.sums.values[row] > 0.5 { top = max(top, row % grid.ny) }
        return Double(top + 1) * grid.spacing
    }

    var state: [StateItem] {
        xi.state("xi") + [
            .number(name: "mobility", get: { self.mobility }, set: { self.mobility = $0 }),
            .number(name: "frontSpeed", get: { self.frontSpeed }, set: { self.frontSpeed = $0 }),
        ]
    }
}
