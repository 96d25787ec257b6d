import Glibc
import Grids
import Spectral

/// The film on the metal: series resistance, site factor, breaks, transport limit and corrosion, all of them properties of the material
/// that the surface carries (`SurfaceCarrier`).
///
/// Where the coating lies and is whole, r = r_coating(X0) and i0 is multiplied by its site factor. In the holes between its patches r =
/// r_native(X0); where it is broken, or where metal has plated on top of it, the native film of a fresh draw. The coating breaks where the
/// area stretch exceeds its failure strain. Above i_max = zF D c_max/d, d the local thickness d0 dA0/dA, the metal plates on top of the
/// coating, whose benefit is lost there until that metal has been stripped again. Corrosion takes metal without current, v = f i_corr
/// V_m/(zF), wherever the surface may react.
final class Interphase<T: FFTReal> {
    let carrier: SurfaceCarrier<T>
    private let work: Workspace<T>
    private let plane: MaterialPlane
    private let maps: FilmMaps
    private let history: FilmHistory
    private let feedback: ThicknessFeedback?
    private var film = CellValues<FilmCell>()
    private var isSampled = false
    private let numbers: FilmNumbers
    private var limits = FilmPasses.Limits()
    private let hasLimits: Bool, halfWidth: Double
    /// Metal that corrosion takes, 1/s; nil when there is none.
    let corrosion: Field<T>?
    /// Fastest of its speeds, m/s.
    let corrosionSpeed: Double
    /// Film on the surface at the start, m^3 of area (m^2 in 2D).
    private var initialArea = 0.0

    let changesExchange: Bool

    /// - Returns: nil when there is neither film nor corrosion.
    init?(_ settings: SimulationSettings, _ work: Workspace<T>, distance: Field<T>) throws {
        let native = settings.interphase.native, coating = settings.film
        guard settings.hasFilm, settings.kinetics.model == .butlerVolmer else { return nil }
        self.work = work
        halfWidth = settings.interface.halfWidth
        carrier = SurfaceCarrier(work.grid, halfWidth: halfWidth, foot: settings.interface.ramp, on: work.device, distance: distance)
        plane = MaterialPlane(work.grid)
        maps = try FilmMaps(settings, plane)
        history = FilmHistory(plane.count)
        feedback = try settings.interphase.feedback.map { [plane] in try ThicknessFeedback($0, plane, spacing: work.grid.spacing) }

        // The ramp of |grad xi| leaves out 3 delta of its integral through a profile.
        let perCurrent = settings.interphase.corrosionFactor / settings.metal.chargePerVolume / (1 - 3 * settings.interface.ramp)
        var numbers = FilmNumbers()
        numbers.siteFactor = coating?.siteFactor(temperature: settings.kinetics.temperature) ?? 1
        numbers.nativeCorrosion = perCurrent * (native?.corrosionCurrentDensity ?? 0)
        numbers.coatingCorrosion = perCurrent * (coating?.corrosionCurrentDensity ?? 0)
        self.numbers = numbers
        corrosionSpeed = max(numbers.nativeCorrosion, numbers.coatingCorrosion)
        corrosion = corrosionSpeed > 0 ? Field(work.grid) : nil
        changesExchange = numbers.siteFactor != 1
        if settings.breaksFilm { limits.stretch = coating!.failureStrain! }
        if settings.limitsTransport { limits.current = settings.largestCurrentDensity(thickness: coating!.thickness!)! }
        limits.halfWidth = halfWidth / work.grid.spacing
        limits.chargePerVolume = settings.metal.chargePerVolume
        hasLimits = limits.stretch.isFinite || limits.current.isFinite
    }

    deinit { film.deallocate() }

    /// A film as it was made, on the surface of xi.
    func start(_ xi: Field<T>) {
        history.clear()
        feedback?.restart()
        carrier.start(xi)
        isSampled = false
        initialArea = filmArea(xi)
    }

    /// Metal that has appeared by itself is its own material.
    func follow(_ xi: Field<T>) {
        carrier.extend(xi)
        isSampled = false
    }

    /// Puts in the film's part of the kinetics, and the corrosion of a surface with this weight.
    func contribute(to conditions: SurfaceConditions<T>, weight: Field<T>) {
        sample()
        corrosion?.fill(0)
        maps.covered.withUnsafeBufferPointer { covered in
            FilmPasses.contribute(carrier.cells, film.values, covered: covered.baseAddress!, flags: history.flags,
                                  factor: feedback.map { UnsafePointer($0.factor) },
                                  numbers, resistance: conditions.resistance?.cells, exchange: changesExchange ? conditions.exchangeFactor?.cells : nil,
                                  corrosion: corrosion?.cells)
        }
        if let corrosion { FilmPasses.weigh(carrier.cells, corrosion.cells, UnsafePointer(weight.cells)) }
    }

    /// Follows the surface of an accepted step, and judges whether the coating bears its stretch and its current.
    /// - Parameters:
    ///   - rate, weight: R and |grad xi| of the step, whose ratio is the local speed.
    func accept(_ xi: Field<T>, rate: Field<T>, weight: Field<T>, time: Double, step: Double, travel: Double) {
        // A stretch that lags behind by a quarter of a cell costs the growth of a mode 4 %.
        if carrier.accept(xi, travel: travel, atOnce: feedback != nil) {
            isSampled = false
            if let feedback {
                sample()
                feedback.average { add in
                    FilmPasses.eachMaterial(carrier.cells, film.values, xi: UnsafePointer(xi.cells),
                                            areaRatio: UnsafePointer(carrier.areaRatio.cells), add)
                }
            }
        }
        feedback?.relax(step)
        guard hasLimits else { return }
        sample()
        limits.time = time
        maps.covered.withUnsafeBufferPointer { covered in
            FilmPasses.judge(carrier.cells, film.values, covered: covered.baseAddress!, history, xi: UnsafePointer(xi.cells),
                             areaRatio: UnsafePointer(carrier.areaRatio.cells), rate: UnsafePointer(rate.cells), weight: UnsafePointer(weight.cells),
                             limits, carrier.field)
        }
    }

    private func sample() {
        carrier.list()
        guard !isSampled else { return }
        isSampled = true
        film.reserve(carrier.cells.count)
        maps.native.withUnsafeBufferPointer { native in
            maps.fresh.withUnsafeBufferPointer { fresh in
                maps.coating.withUnsafeBufferPointer { coating in
                    FilmPasses.sample(carrier.cells, film.values, plane, native: native.baseAddress!, fresh: fresh.baseAddress!,
                                      coating: coating.baseAddress!, carrier.field)
                }
            }
        }
    }

    // MARK: - What can be read

    /// Area that the film on the surface had on the initial one.
    private func filmArea(_ xi: Field<T>) -> Double {
        carrier.list()
        let sum = FilmPasses.initialArea(carrier.cells, xi: UnsafePointer(xi.cells), areaRatio: UnsafePointer(carrier.areaRatio.cells))
        return sum * work.grid.cellVolume / halfWidth
    }

    /// Share of the film that merging fronts have buried.
    func buriedShare(_ xi: Field<T>) -> Double { initialArea > 0 ? 1 - filmArea(xi) / initialArea : 0 }

    /// Shares of the coated material whose coating is broken, or has metal on top.
    var crackedShare: Double { history.share(of: FilmHistory.cracked, covered: maps.covered) }
    var onTopShare: Double { history.share(of: FilmHistory.onTop, covered: maps.covered) }

    /// Resistance of the film at the surface's cells, 0 elsewhere, ohm m^2.
    func resistance() -> Field<T> {
        let field = Field<T>(work.grid)
        sample()
        maps.covered.withUnsafeBufferPointer { covered in
            FilmPasses.contribute(carrier.cells, film.values, covered: covered.baseAddress!, flags: history.flags,
                                  factor: feedback.map { UnsafePointer($0.factor) },
                                  numbers, resistance: field.cells, exchange: nil, corrosion: nil)
        }
        return field
    }

    /// Thickness of the coating at the surface's cells, d0 dA0/dA, 0 where there is none and elsewhere, m.
    func thickness(_ initial: Double) -> Field<T> {
        let field = Field<T>(work.grid)
        sample()
        for n in 0..<carrier.cells.count {
            let node = Int(film.values[n].place.node[0]), offset = carrier.cells[n]
            if maps.covered[node] == 1 && history.flags[node] == 0 { field.cells[offset] = T(initial) * carrier.areaRatio.cells[offset] }
        }
        return field
    }

    var state: [StateItem] {
        carrier.state + history.state + (feedback?.state ?? []) + [
            .number(name: "interphase.initialArea", get: { self.initialArea }, set: { self.initialArea = $0; self.isSampled = false }),
        ]
    }
}
