import Grids
import Kernels
import Spectral

/// Butler-Volmer kinetics on the diffuse surface.
///
/// R = |grad xi| b v_n, v_n = i_n V_m/(zF), i_n = i0 s [(c/c_ref) e^{-alpha f eta} - e^{(1-alpha) f eta}], eta = phi_s - phi_l + gamma V_m K/(zF). A step works with
/// R linear in c and phi_l; what it accepts is the linear rate, so that salt, charge and metal agree to round-off.
final class Kinetics<T: FFTReal> {
    private let work: Workspace<T>
    private var numbers: ReactionNumbers<T>
    private let floor: T
    /// R of the step, 1/s, and its slopes.
    let rate: Field<T>
    private let trial: Field<T>
    let byConcentration: Field<T>, byPotential: Field<T>
    /// The rows in which R and its slopes may differ from zero.
    private let filled: RowSubset
    private let conditions: SurfaceConditions<T>
    private let noise: Noise<T>?
    private let samplesSurface: Bool

    init(_ settings: SimulationSettings, _ work: Workspace<T>, _ conditions: SurfaceConditions<T>) {
        self.work = work
        self.conditions = conditions
        let metal = settings.metal, f = metal.thermalFactor(temperature: settings.kinetics.temperature)
        let alpha = settings.kinetics.transferCoefficient
        numbers = ReactionNumbers(
            exchangeRate: T(settings.kinetics.exchangeCurrentDensity / metal.chargePerVolume),
            inverseReference: T(1 / settings.electrolyte.concentration), cathodic: T(alpha * f), anodic: T((1 - alpha) * f), metalPotential: 0,
            curvatureFactor: T(settings.interface.capillarity == .physical ? settings.interface.surfaceEnergy / metal.chargePerVolume : 0),
            usesReferencePotential: settings.electrolyte.potential == .reference, chargePerVolume: T(metal.chargePerVolume))
        samplesSurface = settings.interface.samplesSurface
        let electrolyte = settings.electrolyte
        numbers.saltGradient = electrolyte.isSingleIon ? 0 : T((1 - electrolyte.transferenceNumber) / (metal.molarVolume * electrolyte.diffusivity))
        numbers.potentialGradient = T(metal.chargePerVolume / electrolyte.conductivity)
        floor = T(1e-9 * settings.electrolyte.concentration)
        rate = Field(work.grid)
        trial = Field(work.grid)
        byConcentration = Field(work.grid)
        byPotential = Field(work.grid)
        filled = RowSubset(work.grid)
        noise = settings.noise.amplitude > 0 ? Noise(settings.noise, work) : nil
    }

    /// R and its slopes at given c, phi_l and phi_s; also the front's speed.
    func linearise(_ interface: Interface<T>, concentration: Field<T>, potential: Field<T>, metalPotential: Double) {
        emptyRowsLeft()
        evaluate(into: rate, interface, concentration, potential, metalPotential)
    }

    private func emptyRowsLeft() {
        func empty(_ field: Field<T>, _ row: Int) { field.row(row).update(repeating: 0, count: work.layout.nx) }
        for n in 0..<filled.count where !work.surface.contains(filled[n]) {
            empty(rate, filled[n])
            empty(byConcentration, filled[n])
            empty(byPotential, filled[n])
        }
        filled.choose { work.surface.contains($0) }
    }

    /// Relative change of R when it is evaluated again; the new one is kept aside for `useTrial`.
    func change(_ interface: Interface<T>, concentration: Field<T>, potential: Field<T>, metalPotential: Double) -> Double {
        evaluate(into: trial, interface, concentration, potential, metalPotential)
        let difference = work.device.maximumDifference(trial, rate, on: work.surface, work.sums)
        // The largest weight is 1/4l, so v/4l is the largest rate. At rest nothing moves and the exchange itself is the measure.
        return difference * 4 * interface.halfWidth / max(interface.frontSpeed, 1e-3 * Double(numbers.exchangeRate))
    }

    func useTrial() { work.keepSurface(of: trial, in: rate) }

    /// Whether R has fluctuations in time.
    var fluctuates: Bool { noise != nil }

    /// A field that nobody needs until the next `change`, which uses the rows of the surface alone.
    var spare: Field<T> { trial }

    private func evaluate(into target: Field<T>, _ interface: Interface<T>, _ c: Field<T>, _ phi: Field<T>, _ metalPotential: Double) {
        numbers.metalPotential = T(metalPotential)
        let numbers = numbers, kernels = work.kernels, layout = work.layout
        let site = conditions.exchangeFactor ?? conditions.planeFactor
        let fields = ReactionFields<T>(
            site: site.map { UnsafePointer($0.cells) }, siteIsLateral: conditions.exchangeFactor == nil,
            curvature: interface.curvature.map { UnsafePointer($0.cells) },
            distance: samplesSurface ? UnsafePointer(interface.distance.cells) : nil,
            overpotential: conditions.overpotential.map { UnsafePointer($0.cells) }, resistance: conditions.resistance.map { UnsafePointer($0.cells) },
            barrier: conditions.barrier.map { UnsafePointer($0.cells) })
        work.forSurfaceRows {
            kernels.reactionRates(rate: target.cells, byConcentration: byConcentration.cells, byPotential: byPotential.cells,
                                  weight: interface.weight.cells, xi: interface.xi.new.cells, concentration: c.cells, potential: phi.cells,
                                  fields, numbers, floor: floor, rowMaxima: work.sums.values, layout, $0)
        }
        interface.frontSpeed = max(work.sums.maximum(of: work.surface), conditions.currentlessSpeed)
        noise?.apply(to: target, slopes: byConcentration, byPotential)
    }

    /// Root of the sum of squares of G, 1/s, or a thousandth of that of the exchange when nothing moves: what residuals are compared with.
    func scale(_ interface: Interface<T>, growthSquared: Double) -> Double {
        let exchange = 1e-3 * Double(numbers.exchangeRate)
        return max(growthSquared, exchange * exchange * work.surfaceDot(interface.weight, interface.weight)).squareRoot()
    }

    /// R, G and xi follow a change of c, or of phi_l against the metal's shift, along their slopes: xi by d R/a0, without the profile keeping of so small
    /// a change, which another phase solve would add (9 % of a step in 2D).
    /// - Returns: the largest change of G, 1/s.
    @discardableResult
    func follow(_ slope: Field<T>, _ new: Field<T>, from old: Field<T>, shift: Double = 0, _ interface: Interface<T>, _ bdf: BDF2) -> Double {
        let kernels = work.kernels, layout = work.layout
        work.forSurfaceRows {
            kernels.updateRates(rate: rate.cells, growth: interface.growth.cells, xi: interface.xi.new.cells, T(bdf.a0), slope: slope.cells, new.cells,
                                old.cells, shift: T(shift), rowMaxima: work.sums.values, layout, $0)
        }
        return work.sums.maximum(of: work.surface)
    }

    /// Brings the fluctuations to `time`.
    func prepare(time: Double) { noise?.prepare(time: time) }
}

extension Heterogeneity {
    /// The factor on the exchange current at the cells of the electrode plane; nil when it is uniform.
    func map<T: FFTReal>(_ work: Workspace<T>) throws -> Field<T>? {
        guard variation > 0 else { return nil }
        let grid = work.grid
        let map = RandomMap(.logNormal, mean: 1, coefficientOfVariation: variation, correlationLength: correlationLength,
                                periodX: Double(grid.nx) * grid.spacing, periodZ: grid.nz > 1 ? Double(grid.nz) * grid.spacing : nil,
                                seed: UInt64(seed), purpose: "exchange current")
        let field = work.lateralField()
        field.setValues(try map.values(nx: grid.nx, nz: grid.nz).map { T($0) })
        return field
    }
}
