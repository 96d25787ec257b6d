import Glibc
import Grids
import Kernels
import Spectral

/// Why a time integration could not go on.
public enum IntegrationError: Error, CustomStringConvertible, Sendable, Equatable {
    case stepTooSmall(time: Double, step: Double)

    public var description: String {
        switch self {
        case .stepTooSmall(let time, let step):
            "The time step fell to \(step) at time \(time) without meeting the error tolerance; loosen the tolerance or refine the grid."
        }
    }
}

/// Marches a `SplitEquation` by the exponential scheme of `ExponentialCoefficients`, with a step that holds the error per step at a
/// tolerance.
///
/// The error is the root mean square over the cells of the scheme's estimate (within a factor sqrt 2: modes are summed without Parseval
/// weights). Steps come from a ladder of factors 2^(1/4), so that the multipliers are rarely recomputed, but for those that land exactly on
/// the times asked for.
final class AdaptiveIntegrator {
    /// u as normalised modes.
    private(set) var state: Field<Double>
    private(set) var time = 0.0
    private(set) var steps = 0, rejected = 0

    private let equation: any SplitEquation
    private let device: Device
    /// Limit of the error per step; nil for fixed steps.
    private let tolerance: Double?
    /// The step to try next.
    private var step: Double
    private let coefficients: ExponentialCoefficients
    private var next: Field<Double>
    private let stage: Field<Double>, fu: Field<Double>, fa: Field<Double>, fb: Field<Double>
    private let sums: RowSums
    /// Whether `fu` still holds f of the present state: so after a rejected step.
    private var firstStageKnown = false

    /// - Parameters:
    ///   - tolerance: limit of the error per step; nil for fixed steps (convergence studies).
    init(_ equation: any SplitEquation, tolerance: Double?, firstStep: Double) {
        self.equation = equation
        self.tolerance = tolerance
        step = firstStep
        device = equation.transform.device
        let modes = equation.transform.modes
        func field() -> Field<Double> { Field(modes) }
        coefficients = ExponentialCoefficients(modes)
        (state, next, stage, fu, fa, fb) = (field(), field(), field(), field(), field(), field())
        sums = RowSums(modes)
    }

    /// Starts from a field of cells.
    func start(from u: Field<Double>, at time: Double = 0) {
        let t = equation.transform
        t.forward(u, into: state)
        device.filter(state, Quadratic(t.normalisation), over: Quadratic(1), equation.symbols)
        self.time = time
        firstStageKnown = false
    }

    /// Starts from normalised modes.
    func start(fromModes modes: Field<Double>, at time: Double = 0) {
        state.copy(from: modes)
        self.time = time
        firstStageKnown = false
    }

    /// u in the cells.
    func cells(into u: Field<Double>) {
        let t = equation.transform
        t.spectrum.copy(from: state)
        t.inverse(into: u)
    }

    /// Steps until `end`, exactly.
    func advance(to end: Double) throws {
        while time < end {
            let left = end - time, lands = step >= left * (1 - 1e-9)
            let dt = lands ? left : (2 * step > left && tolerance != nil ? left / 2 : step)
            if !firstStageKnown { equation.evaluate(state, time: time, stage: 0, into: fu) }
            take(dt)
            let ratio = tolerance.map { errorNorm() / $0 } ?? 0
            if ratio <= 1 {
                swap(&state, &next)
                time = lands ? end : time + dt
                steps += 1
                firstStageKnown = false
                if tolerance != nil {
                    let proposal = dt * min(2, 0.9 * pow(max(ratio, 1e-6), -1.0 / 3))
                    // A step cut short to land on `end` says nothing against the longer one.
                    if dt == step || proposal > step { step = rung(below: proposal) }
                }
            } else {
                rejected += 1
                firstStageKnown = true
                step = rung(below: dt * (ratio.isFinite ? max(0.1, 0.8 * pow(ratio, -1.0 / 3)) : 0.1))
                guard step > 1e-12 * max(1, abs(time)) else { throw IntegrationError.stepTooSmall(time: time, step: step) }
            }
        }
    }

    /// The largest power of 2^(1/4) that is not above a step.
    private func rung(below h: Double) -> Double { exp2((4 * log2(h)).rounded(.down) / 4) }

    /// One step into `next`; `fu` holds f(state), and `stage` receives the error estimate.
    private func take(_ dt: Double) {
        let k = coefficients, kernels = device.kernels
        k.prepare(step: dt, equation)
        func combine(_ w: Field<Double>, _ e: Field<Double>, _ terms: StageTerms<Double>) {
            device.forRows(w.layout) { kernels.stage(w.cells, e.cells, state.cells, terms, w.layout, $0) }
        }
        combine(stage, k.halfDecay, StageTerms(term(k.a, fu)))
        equation.evaluate(stage, time: time + dt / 2, stage: 1, into: fa)
        combine(stage, k.decay, StageTerms(term(k.bu, fu), term(k.ba, fa)))
        equation.evaluate(stage, time: time + dt, stage: 2, into: fb)
        combine(next, k.decay, StageTerms(term(k.u, fu), term(k.ua, fa), term(k.ub, fb)))
    }

    private func term(_ c: Field<Double>, _ f: Field<Double>) -> (c: UnsafePointer<Double>, f: UnsafePointer<Double>) {
        (UnsafePointer(c.cells), UnsafePointer(f.cells))
    }

    /// The root mean square of u+ - companion = ub (f(u) - 2 f(a) + f(b)).
    private func errorNorm() -> Double {
        let t = equation.transform, w = stage, k = coefficients, kernels = device.kernels
        device.forRows(w.layout) { rows in
            kernels.combine(w.cells, -2, fa.cells, 1, fb.cells, w.layout, rows)
            kernels.combine(w.cells, 1, fu.cells, 1, w.layout, rows)
            kernels.multiply(w.cells, k.ub.cells, w.layout, rows)
            kernels.dot(w.cells, w.cells, sums.values, w.layout, rows)
        }
        return (sums.total() / (t.normalisation * Double(t.grid.cells))).squareRoot()
    }
}
