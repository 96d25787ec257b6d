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

/// Marches a `SplitEquation` with an additive Runge-Kutta pair and a step that holds the error per step at a tolerance.
///
/// The error is the root mean square over the cells of the embedded estimate (within a factor sqrt 2: modes are summed without Parseval
/// weights). Steps land exactly on the times asked for. Nothing is allocated per step.
final class AdaptiveIntegrator {
    let equation: any SplitEquation
    let tableau: ImplicitExplicitTableau
    let tolerance: Double
    /// u as normalised modes.
    private(set) var state: Field<Double>
    private(set) var time = 0.0
    /// The step to try next; a caller may set it before the first.
    var step: Double
    private(set) var steps = 0, rejected = 0

    /// A fixed step instead of error control, for convergence studies.
    private let fixedStep: Bool
    private let device: Device
    private var next: Field<Double>
    private let error: Field<Double>
    private let f: [Field<Double>], v: [Field<Double>]
    private let sums: RowSums
    private let fPointers, vPointers: UnsafeMutablePointer<UnsafePointer<Double>>
    private let a, b: UnsafeMutablePointer<Double>
    private var previousError = 1.0
    /// Whether f[0] still holds f of the present state: so after a rejected step.
    private var firstStageKnown = false
    private let difference: [Double]

    /// - Parameters:
    ///   - tolerance: limit of the error per step; nil for fixed steps.
    init(_ equation: any SplitEquation, _ tableau: ImplicitExplicitTableau, tolerance: Double?, firstStep: Double) {
        self.equation = equation
        self.tableau = tableau
        self.tolerance = tolerance ?? 1
        fixedStep = tolerance == nil
        difference = zip(tableau.b, tableau.embedded).map { $0 - $1 }
        step = firstStep
        device = equation.transform.device
        let modes = equation.transform.modes
        func field() -> Field<Double> { Field<Double>(modes) }
        (state, next, error) = (field(), field(), field())
        f = (0..<tableau.stages).map { _ in field() }
        v = (0..<tableau.stages).map { _ in field() }
        sums = RowSums(modes)
        fPointers = .allocate(capacity: tableau.stages)
        vPointers = .allocate(capacity: tableau.stages)
        a = .allocate(capacity: tableau.stages)
        b = .allocate(capacity: tableau.stages)
    }

    deinit {
        fPointers.deallocate()
        vPointers.deallocate()
        a.deallocate()
        b.deallocate()
    }

    /// Starts from a field of cells.
    func start(from u: Field<Double>, at time: Double = 0) {
        let t = equation.transform
        t.forward(u, into: state)
        device.filter(state, Quadratic(t.normalisation), over: Quadratic(1), equation.symbols)
        self.time = time
        firstStageKnown = false
    }

    /// u in the cells.
    func cells(into u: Field<Double>) {
        let t = equation.transform
        t.spectrum.copy(from: state)
        t.inverse(into: u)
    }

    /// Steps until `end`, exactly; calls `accepted` after each step.
    func advance(to end: Double, accepted: () throws -> Void = {}) throws {
        while time < end {
            let left = end - time, whole = step >= left * 0.999_999
            let dt = whole ? left : (2 * step > left ? left / 2 : step)
            if !firstStageKnown { equation.evaluate(state, time: time, stage: 0, into: f[0]) }
            take(dt)
            let ratio = fixedStep ? 0 : errorNorm() / tolerance
            if ratio <= 1 {
                swap(&state, &next)
                time = whole ? end : time + dt
                steps += 1
                firstStageKnown = false
                if !fixedStep {
                    // Proportional-integral control (Hairer, Norsett, Wanner II, IV.2).
                    let order = Double(tableau.embeddedOrder + 1)
                    let factor = 0.9 * pow(max(ratio, 1e-4), -0.7 / order) * pow(max(previousError, 1e-4), 0.3 / order)
                    let proposal = dt * min(2, max(0.5, factor))
                    // A step cut short to land on `end` says nothing against the longer one.
                    step = dt < step ? max(step, proposal) : proposal
                    previousError = ratio
                }
                try accepted()
            } else {
                rejected += 1
                firstStageKnown = true
                let order = Double(tableau.embeddedOrder + 1)
                step = dt * (ratio.isFinite ? max(0.2, 0.9 * pow(ratio, -1 / order)) : 0.2)
                guard step > 1e-12 * max(1, abs(time)) else { throw IntegrationError.stepTooSmall(time: time, step: step) }
            }
        }
    }

    /// All stages and the result of one step, into `next` and `error`; f[0] holds f(state).
    private func take(_ dt: Double) {
        let count = tableau.stages
        v[0].copy(from: state)
        for i in 1..<count {
            combine(into: v[i], from: state, count: i, scale: dt, explicit: tableau.explicit[i], implicit: tableau.implicit[i],
                    diagonal: dt * tableau.gamma)
            equation.evaluate(v[i], time: time + tableau.c[i] * dt, stage: i, into: f[i])
        }
        combine(into: next, from: state, count: count, scale: dt, explicit: tableau.b, implicit: tableau.b, diagonal: 0)
        if !fixedStep {
            error.fill(0)
            combine(into: error, from: error, count: count, scale: dt, explicit: difference, implicit: difference, diagonal: 0)
        }
    }

    private func combine(into w: Field<Double>, from u: Field<Double>, count: Int, scale: Double, explicit: [Double], implicit: [Double],
                         diagonal: Double) {
        let normalisation = equation.transform.normalisation
        for j in 0..<count {
            fPointers[j] = UnsafePointer(f[j].cells)
            vPointers[j] = UnsafePointer(v[j].cells)
            a[j] = scale * explicit[j] * normalisation
            b[j] = scale * implicit[j]
        }
        let terms = StageTerms(count: count, f: fPointers, v: vPointers, a: a, b: b), s = equation.symbols
        let p = equation.p, q = equation.q, kernels = device.kernels
        device.forRows(w.layout) {
            kernels.stage(w.cells, u.cells, terms, p, q, diagonal, s.x, s.rows, w.layout, $0)
        }
    }

    private func errorNorm() -> Double {
        let t = equation.transform
        // Cell sum of squares = modes squared / normalisation for normalised modes.
        return (device.dot(error, error, sums) / (t.normalisation * Double(t.grid.cells))).squareRoot()
    }
}
