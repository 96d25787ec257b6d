/// Variable-step backward differentiation of second order: du/dt at the new time = a0 u - a1 u_n - a2 u_(n-1).
///
/// With w = dt/dt_(n-1): a0 = (1 + 2w)/((1 + w) dt), a1 = (1 + w)/dt, a2 = -w^2/((1 + w) dt). Stable for w < 1 + sqrt 2. The first step of a run, or after
/// a jump of the control, is backward Euler.
public struct BDF2: Sendable, Equatable {
    public let step: Double
    public let a0: Double, a1: Double, a2: Double
    /// Extrapolation to the new time: e0 u_n + e1 u_(n-1).
    public let e0: Double, e1: Double
    /// Quadratic extrapolation through three times, q0 u_n + q1 u_(n-1) + q2 u_(n-2), and the factor that turns the distance of the
    /// solution from it into an estimate of the local error; nil while there are fewer than three times.
    public let quadratic: (q0: Double, q1: Double, q2: Double, factor: Double)?

    public init(step: Double, previous: Double?, beforePrevious: Double? = nil) {
        self.step = step
        guard let previous else {
            (a0, a1, a2, e0, e1, quadratic) = (1 / step, 1 / step, 0, 1, 0, nil)
            return
        }
        let w = step / previous
        a0 = (1 + 2 * w) / ((1 + w) * step)
        a1 = (1 + w) / step
        a2 = -w * w / ((1 + w) * step)
        e0 = 1 + w
        e1 = -w
        guard let older = beforePrevious else { quadratic = nil; return }
        // Lagrange through t = 0, -h1, -(h1 + h2), evaluated at h; errors u''' h (h+h1) (h+h1+h2)/6 against u''' h^2 (h+h1)^2/(6 (2h+h1)).
        let h = step, h1 = previous, h2 = older
        let q0 = (h + h1) * (h + h1 + h2) / (h1 * (h1 + h2)), q1 = -h * (h + h1 + h2) / (h1 * h2), q2 = h * (h + h1) / ((h1 + h2) * h2)
        let prediction = h * (h + h1) * (h + h1 + h2) / 6, truncation = h * h * (h + h1) * (h + h1) / (6 * (2 * h + h1))
        quadratic = (q0, q1, q2, truncation / abs(prediction - truncation))
    }

    public static func == (a: BDF2, b: BDF2) -> Bool { a.step == b.step && a.a0 == b.a0 && a.a2 == b.a2 }
}
