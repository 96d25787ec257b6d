import Electrodeposition
import Grids
import RunFiles
import Spectral

/// What a run will need, known before it starts.
public struct RunEstimate: Sendable {
    /// Cells along x, y, z.
    public let extents: (nx: Int, ny: Int, nz: Int)
    /// Bytes of memory at the peak: measured on a short piece of the grid with the same settings.
    public let memory: Int
    /// Bytes of one checkpoint and, before compression, of one snapshot; their largest numbers on the disk.
    public let checkpoint: Int, snapshot: Int, snapshots: Int
    /// Time steps, from the distance that the surface travels.
    public let steps: Int
    /// Simulated time, s; nil when it depends on how the deposit grows.
    public let duration: Double?

    public var cells: Int { extents.nx * extents.ny * extents.nz }
    public var disk: Int { 2 * checkpoint + snapshots * snapshot }

    public init(_ settings: RunSettings) throws {
        let simulation = settings.simulation, grid = simulation.grid.grid
        extents = (grid.nx, grid.ny, grid.nz)
        let output = settings.output, schedule = OutputSchedule(output, simulation.end)
        let number = output.precision == .single ? 4 : 8
        let perCell = output.fields.map {
            $0 == .live ? 1 : $0 == .current ? grid.dimensions * number : $0 == .magneticField || $0 == .velocity ? 3 * number : number
        }.reduce(0, +)
        snapshot = 40_000 + perCell * grid.cells
        if settings.model == .singlePotential {
            // 22 fields in double precision, four numbers an element and the multigrid's fields in single precision; measured at 1000^2.
            (memory, checkpoint) = (Machine.peakMemory + RunEstimate.libraries + 246 * grid.cells, 48 * grid.cells + 100_000)
            duration = simulation.end.time
            steps = RunEstimate.steps(settings)
            snapshots = min(output.keepLast ?? .max, schedule.count(time: duration, charge: nil) + (output.steps.map { [steps] in steps / $0 } ?? 0))
            return
        }
        switch simulation.precision {
        case .double: (memory, checkpoint) = try RunEstimate.bytes(settings, Double.self)
        case .float: (memory, checkpoint) = try RunEstimate.bytes(settings, Float.self)
        }
        let travel = Travel(simulation), steps = travel.steps(simulation)
        self.steps = steps
        duration = travel.duration
        let marks =
            schedule.count(time: travel.duration, charge: travel.charge) + (output.steps.map { steps / $0 } ?? 0)
            + (output.stages ? travel.starts - 1 : 0)
        snapshots = min(output.keepLast ?? .max, marks)
    }

    /// Time steps of a run, without making anything.
    static func steps(_ settings: RunSettings) -> Int {
        let simulation = settings.simulation
        guard settings.model == .singlePotential else { return Travel(simulation).steps(simulation) }
        return Int(min((simulation.end.time ?? 0) / (simulation.time.fixedStep ?? SinglePotentialSimulation.standardStep), 1e12))
    }

    /// Bytes of the core (metal, salt, charge) and what each further part of the model adds to it, measured like `memory`.
    public static func memoryShares(_ settings: RunSettings) throws -> [(part: String, bytes: Int)] {
        guard settings.model != .singlePotential else { return [] }
        let full = settings.simulation
        var core = full
        (core.coating, core.mechanics, core.magnetics, core.flow) = (nil, nil, nil, nil)
        (core.interphase, core.alloyLayer, core.sites, core.noise) = (InterphaseSettings(), AlloyLayerSettings(), SiteSettings(), NoiseSettings())
        var film = core, alloy = core, sites = core, noise = core, mechanics = core, magnetics = core, flow = core
        (film.coating, film.interphase) = (full.coating, full.interphase)
        (alloy.coating, alloy.alloyLayer) = (full.coating, full.alloyLayer)
        (sites.sites, noise.noise) = (full.sites, full.noise)
        (mechanics.coating, mechanics.mechanics) = (full.coating, full.mechanics)
        magnetics.magnetics = full.magnetics
        (flow.magnetics, flow.flow) = (full.magnetics, full.flow)
        func held(_ simulation: SimulationSettings) throws -> Int {
            switch simulation.precision {
            case .double: try piece(simulation, Double.self).held
            case .float: try piece(simulation, Float.self).held
            }
        }
        let base = try held(core), magnetic = full.magnetics == nil ? 0 : try held(magnetics) - base
        var shares = [("metal, salt and charge", base)]
        if film.hasFilm { shares.append(("film", try held(film) - base)) }
        if full.alloyLayer.enabled { shares.append(("alloy layer", try held(alloy) - base)) }
        shares.append(("sites", try held(sites) - base))
        shares.append(("noise", try held(noise) - base))
        if full.mechanics != nil { shares.append(("mechanics", try held(mechanics) - base)) }
        shares.append(("magnetics", magnetic))
        if full.flow != nil { shares.append(("flow", try held(flow) - base - magnetic)) }
        return shares.filter { $0.1 > base / 200 }
    }

    /// What stands against the run on this machine; empty when nothing does.
    public func objections(folder: String) -> [String] {
        var found: [String] = []
        if memory > Machine.memory {
            found.append(
                "needs \(Readable.bytes(memory)) of memory, this machine has \(Readable.bytes(Machine.memory)); raise grid.spacing, shrink grid.size or set precision \"float\""
            )
        }
        if let free = try? DiskFile.freeSpace(at: folder), disk > free {
            found.append(
                "may need \(Readable.bytes(disk)) of disk, \(folder) has \(Readable.bytes(free)); save less often or fewer output.fields, or choose another folder with -o"
            )
        }
        return found
    }

    // MARK: - Memory

    /// What the libraries that write files hold once they are in use, bytes (measured).
    private static let libraries = 13 << 20

    private static func bytes<T: FFTReal>(_ settings: RunSettings, _: T.Type) throws -> (memory: Int, checkpoint: Int) {
        let resident = Machine.peakMemory, (held, state) = try piece(settings.simulation, T.self)
        return (resident + libraries + held, state + 100_000)
    }

    /// What a simulation and its state hold, from pieces with the full length of x: z only repeats a piece, y adds to it in proportion, for what
    /// follows the surface does not grow with y.
    private static func piece<T: FFTReal>(_ whole: SimulationSettings, _: T.Type) throws -> (held: Int, state: Int) {
        let grid = whole.grid.grid, most = 131_072
        let nz = min(grid.nz, max(8, most / (grid.nx * grid.ny))), ny = min(grid.ny, max(16, most / (grid.nx * nz)))
        func measure(_ ny: Int) throws -> SIMD2<Double> {
            var piece = whole
            piece.grid.size = [grid.nx, ny, nz].prefix(piece.grid.size.count).map { Double($0) * grid.spacing }
            // The surface has to lie in the piece; where does not matter.
            piece.initial = InitialState()
            piece.initial.thickness = 0.5 * Double(ny) * grid.spacing
            let before = Machine.allocatedMemory
            let simulation = try Simulation<T>(piece, on: Device(), effort: .estimate)
            let used = Machine.allocatedMemory - before
            let state = simulation.state.reduce(0) { sum, item in
                if case .array(_, let element, let count, _, _) = item { sum + count * element.size } else { sum + 8 }
            }
            return SIMD2(Double(used), Double(state))
        }
        var total = try measure(ny)
        if ny < grid.ny { total += (total - (try measure(ny / 2))) * (Double(grid.ny - ny) / Double(ny - ny / 2)) }
        total *= Double(grid.nz) / Double(nz)
        return (Int(total.x), Int(total.y))
    }
}

/// How far the surface travels in a run, foreseen from its control.
private struct Travel {
    /// m
    var distance = 0.0
    /// Times that the stepping starts afresh.
    var starts = 1
    /// s
    var duration: Double?
    /// Net areal charge, C/m^2.
    var charge: Double?

    func steps(_ settings: SimulationSettings) -> Int {
        Int(min(distance / (settings.time.frontStep * settings.interface.halfWidth) + 20 * Double(starts), 1e12))
    }

    init(_ settings: SimulationSettings) {
        let control = settings.control, end = settings.end
        let perCharge = 1 / settings.metal.chargePerVolume, gap = settings.grid.size[1] - settings.slabThickness
        // The fastest places set the step.
        let peak = 1 + 3 * settings.heterogeneity.variation
        switch control.mode {
        case .galvanostatic:
            let current = control.currentDensity
            duration = [end.time, end.capacity.map { current > 0 ? $0 / current : .infinity }].compactMap(\.self).min()
            if current > 0 { duration = min(duration ?? .infinity, gap / (perCharge * current)) }
            charge = duration.map { $0 * current }
            distance = min(gap, abs(charge ?? 0) * perCharge * peak)
        case .potentiostatic:
            duration = end.time
            charge = end.capacity
            distance = gap
        case .protocol:
            starts = max(1, control.steps.count * control.repeats)
            var times: [Double?] = []
            for step in control.steps {
                let mean = step.currentDensity + step.increment * Double(control.repeats - 1) / 2
                let current = step.kind == .rest ? 0 : step.kind == .ramp ? max(step.currentDensity, abs(step.finalCurrentDensity ?? 0)) : mean
                let charge = [step.capacity, step.duration.map { $0 * current }].compactMap(\.self).min() ?? 0
                distance += charge * perCharge * peak * Double(control.repeats)
                times.append(step.duration ?? (current > 0 ? step.capacity.map { $0 / current } : nil))
            }
            let known = times.compactMap(\.self)
            duration = known.count == times.count ? min(known.reduce(0, +) * Double(control.repeats), end.time ?? .infinity) : end.time
        }
        if settings.kinetics.model == .none { distance = min(gap, (settings.interface.mobility ?? 0) * (end.time ?? 0)) }
    }
}
