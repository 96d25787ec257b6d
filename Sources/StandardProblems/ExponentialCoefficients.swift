import Glibc
import Grids
import Kernels
import Spectral

/// The multipliers of the exponential Runge-Kutta scheme of order 3 with a second-order companion for a step h:
///
///     a  = e^{qh/2} u + (h/2) phi1(qh/2) p f(u)                       at t + h/2
///     b  = e^{qh} u + h phi1(qh) p (2 f(a) - f(u))                    at t + h
///     u+ = e^{qh} u + h p [(phi1 - 3 phi2 + 4 phi3) f(u) + (4 phi2 - 8 phi3) f(a) + (4 phi3 - phi2) f(b)]
///     u+ - companion = h p (4 phi3 - phi2) [f(u) - 2 f(a) + f(b)],    companion = e^{qh} u + h p [phi1 f(u) + 2 phi2 (f(a) - f(u))]
///
/// (ETD3RK of Cox and Matthews, J. Comput. Phys. 176, 430 (2002); phi1 = (e^z - 1)/z, phi_j+1 = (phi_j - 1/j!)/z.)
/// It has no limit of stability as long as |p df/du| < |q|.
final class ExponentialCoefficients {
    /// e^{qh/2}, e^{qh}.
    let halfDecay: Field<Double>, decay: Field<Double>
    /// Of f(u) in a; of f(u) and f(a) in b; of f(u), f(a), f(b) in u+. The normalisation of f's modes is part of them.
    let a: Field<Double>, bu: Field<Double>, ba: Field<Double>, u: Field<Double>, ua: Field<Double>, ub: Field<Double>
    private(set) var step = 0.0

    init(_ modes: Grid) {
        func field() -> Field<Double> { Field(modes) }
        (halfDecay, decay, a, bu, ba, u, ua, ub) = (field(), field(), field(), field(), field(), field(), field(), field())
    }

    func prepare(step h: Double, _ equation: any SplitEquation) {
        guard h != step else { return }
        step = h
        let symbols = equation.symbols, p = equation.p, q = equation.q, normalisation = equation.transform.normalisation, nx = decay.grid.nx
        for r in 0..<decay.grid.rows {
            let all = [halfDecay, decay, a, bu, ba, u, ua, ub].map { $0.row(r) }
            for i in 0..<nx {
                // Real and imaginary parts share a symbol.
                if i > 0 && symbols.x[i] == symbols.x[i - 1] {
                    for row in all { row[i] = row[i - 1] }
                    continue
                }
                let s = symbols.x[i] + symbols.rows[r], z = (q.c0 + s * (q.c1 + s * q.c2)) * h
                let scale = (p.c0 + s * (p.c1 + s * p.c2)) * h * normalisation
                let half = phi(z / 2), full = phi(z)
                all[0][i] = half.e
                all[1][i] = full.e
                all[2][i] = scale / 2 * half.1
                all[3][i] = -scale * full.1
                all[4][i] = 2 * scale * full.1
                all[5][i] = scale * (full.1 - 3 * full.2 + 4 * full.3)
                all[6][i] = scale * (4 * full.2 - 8 * full.3)
                all[7][i] = scale * (4 * full.3 - full.2)
            }
        }
    }

    /// e^z, phi1, phi2, phi3 at z <= 0.
    private func phi(_ z: Double) -> (e: Double, Double, Double, Double) {
        if z < -1 {
            let e = exp(z), p1 = (e - 1) / z, p2 = (p1 - 1) / z
            return (e, p1, p2, (p2 - 0.5) / z)
        }
        // phi3 = sum z^n / (n + 3)!, the others upwards from it.
        var term = 1.0 / 6, p3 = 0.0, n = 4.0
        while abs(term) > 1e-18 {
            p3 += term
            term *= z / n
            n += 1
        }
        let p2 = 0.5 + z * p3, p1 = 1 + z * p2
        return (1 + z * p1, p1, p2, p3)
    }
}
