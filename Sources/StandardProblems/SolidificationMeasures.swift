import Glibc
import Grids

/// What benchmark 3 asks for at a time.
struct SolidificationMeasures {
    /// Where phi = 0 on the axis y = 0.
    var tip: Double
    /// int (phi + 1)/2 over the whole domain, as a share of it.
    var solidFraction: Double
    /// int a^2 |grad phi|^2 / 2 - phi^2/2 + phi^4/4 + lambda U phi (1 - 2 phi^2/3 + phi^4/5) over the whole domain.
    var freeEnergy: Double
    /// int (V - V0), V0 the melt's; conserved.
    var enthalpy: Double
}

extension Solidification {
    func measure() -> SolidificationMeasures {
        let grid = box.grid, n = grid.nx, h = spacing, melt = Solidification.undercooling + 0.5
        restrict(box.phi)
        var solid = 0.0, energy = 0.0, enthalpy = 0.0
        for j in 0..<n {
            // U of a coarse cell holds for its four cells.
            let v = box.v.row(j / 2), coarsePhi = box.coarsePhi.row(j / 2)
            let phi = box.phi.row(j), south = box.phi.row(max(j - 1, 0)), north = box.phi.row(min(j + 1, n - 1))
            var rowSolid = 0.0, rowEnergy = 0.0, rowEnthalpy = 0.0
            for i in 0..<n {
                let p = phi[i], pp = p * p, c = i / 2
                let u = v[c] + coarsePhi[c] / 2
                let px = (phi[min(i + 1, n - 1)] - phi[max(i - 1, 0)]) / (2 * h), py = (north[i] - south[i]) / (2 * h)
                let g2 = px * px + py * py
                var gradient = 0.0
                if g2 > 1e-16 {
                    let cos2 = (px * px - py * py) / g2, sin2 = 2 * px * py / g2
                    let a = 1 + Solidification.epsilon * (cos2 * cos2 - sin2 * sin2)
                    gradient = a * a * g2 / 2
                }
                rowEnergy += gradient - pp / 2 + pp * pp / 4 + Solidification.lambda * u * p * (1 - pp * (2 / 3 - pp / 5))
                rowSolid += (p + 1) / 2
                rowEnthalpy += v[c] - melt
            }
            solid += rowSolid
            energy += rowEnergy
            enthalpy += rowEnthalpy
        }
        let beyond = Solidification.edge * Solidification.edge - Double(n * n) * h * h
        let liquid = -0.25 - 8 / 15 * Solidification.lambda * Solidification.undercooling
        return SolidificationMeasures(tip: tip(), solidFraction: solid * h * h / (Solidification.edge * Solidification.edge),
                                      freeEnergy: energy * h * h + beyond * liquid, enthalpy: enthalpy * h * h)
    }

    /// phi on the axis y = 0, where it is even, at column i: the even polynomial through three rows.
    private func axisValue(_ i: Int) -> Double {
        (150 * box.phi[i, 0] - 25 * box.phi[i, 1] + 3 * box.phi[i, 2]) / 128
    }

    /// The zero of the cubic through the four columns around the change of sign.
    private func tip() -> Double {
        let n = box.grid.nx
        guard let i = (1..<n - 2).last(where: { axisValue($0) > 0 && axisValue($0 + 1) <= 0 }) else { return 0 }
        let f = (-1...2).map { axisValue(i + $0) }
        func cubic(_ t: Double) -> Double {
            f[0] * -t * (t - 1) * (t - 2) / 6 + f[1] * (t + 1) * (t - 1) * (t - 2) / 2 - f[2] * (t + 1) * t * (t - 2) / 2
                + f[3] * (t + 1) * t * (t - 1) / 6
        }
        var low = 0.0, high = 1.0
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if cubic(middle) > 0 { low = middle } else { high = middle }
        }
        return (Double(i) + 0.5 + (low + high) / 2) * spacing
    }

    /// Points of the contour phi = 0, in order of the angle seen from the corner (x, y).
    func contour() -> [(x: Double, y: Double)] {
        let n = box.grid.nx
        var points: [(x: Double, y: Double)] = []
        for j in 0..<n {
            for i in 0..<n {
                let p = box.phi[i, j], x = (Double(i) + 0.5) * spacing, y = (Double(j) + 0.5) * spacing
                if i + 1 < n, case let q = box.phi[i + 1, j], (p > 0) != (q > 0) { points.append((x + spacing * p / (p - q), y)) }
                if j + 1 < n, case let q = box.phi[i, j + 1], (p > 0) != (q > 0) { points.append((x, y + spacing * p / (p - q))) }
            }
        }
        return points.sorted { atan2($0.y, $0.x) < atan2($1.y, $1.x) }
    }
}
