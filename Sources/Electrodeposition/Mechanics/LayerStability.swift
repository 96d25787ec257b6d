import Glibc

/// Stress of a metal layer under an electrolyte layer whose common surface is a wave, y = H1 + a cos kx, to first order in a: plane strain, exact.
///
/// The question of Monroe and Newman (J. Electrochem. Soc. 152, A396, 2005), whether a stiffer separator stops a growing crest, for the stress that growth
/// with an eigenstrain e* of the metal causes. Rollers at y = 0 and at the far end, which is fixed or a rigid platen under a pressure. Each layer holds
/// u_y = [A sh + B (ky ch - kappa sh)] cos kx, u_x = -[A ch + B ky sh] sin kx with kappa = (lambda + 3 mu)/(lambda + mu), sh and ch of k times the
/// distance to its roller; displacement and traction are continuous on the wave.
public struct LayerStability: Sendable {
    public struct Layer: Sendable {
        /// Young's modulus (Pa), Poisson's ratio, height (m).
        public var young: Double, poisson: Double, height: Double

        public init(young: Double, poisson: Double, height: Double) { (self.young, self.poisson, self.height) = (young, poisson, height) }

        var lambda: Double { young * poisson / ((1 + poisson) * (1 - 2 * poisson)) }
        /// mu, Pa.
        public var shear: Double { young / (2 * (1 + poisson)) }
    }

    public var metal: Layer, electrolyte: Layer
    public var growthStrain: SIMD3<Double>
    /// Pressure of a platen, Pa; nil when the height is fixed.
    public var stackPressure: Double?

    public init(metal: Layer, electrolyte: Layer, growthStrain: SIMD3<Double>, stackPressure: Double? = nil) {
        (self.metal, self.electrolyte, self.growthStrain, self.stackPressure) = (metal, electrolyte, growthStrain, stackPressure)
    }

    /// Strain e_yy and stress sigma_xx of both layers when the surface is flat.
    private var flat: (strain: (Double, Double), lateral: (Double, Double)) {
        let trace = growthStrain.sum(), eigen = SIMD3(repeating: metal.lambda * trace) + 2 * metal.shear * growthStrain
        let m1 = metal.lambda + 2 * metal.shear, m2 = electrolyte.lambda + 2 * electrolyte.shear
        let first: Double, second: Double
        if let stackPressure {
            (first, second) = ((eigen.y - stackPressure) / m1, -stackPressure / m2)
        } else {
            first = eigen.y / (m1 + m2 * metal.height / electrolyte.height)
            second = -first * metal.height / electrolyte.height
        }
        return ((first, second), (metal.lambda * first - eigen.x, electrolyte.lambda * second))
    }

    /// Amplitudes of both solutions of a layer at its surface, over ch: u_y, u_x, sigma_yy, sigma_xy, trace of the strain.
    private static func solutions(_ layer: Layer, _ k: Double) -> [SIMD2<Double>] {
        let lambda = layer.lambda, mu = layer.shear, kappa = (lambda + 3 * mu) / (lambda + mu), e = k * layer.height, t = tanh(e)
        let normal = SIMD2(t, e - kappa * t), lateral = SIMD2(-1, -e * t)
        let slope = k * SIMD2(1, 1 + e * t - kappa), shear = k * SIMD2(-t, -(t + e))
        let trace = k * lateral + slope
        return [normal, lateral, lambda * trace + 2 * mu * slope, mu * (shear - k * normal), trace]
    }

    /// Change of sigma_h on the metal's side of the crest per amplitude, Pa/m. Tension (> 0) speeds plating up: the wave grows by it.
    public func hydrostaticStress(wavenumber k: Double) -> Double {
        let one = LayerStability.solutions(metal, k), two = LayerStability.solutions(electrolyte, k), flat = flat
        // Seen from the far end u_y and sigma_xy change sign.
        var rows: [[Double]] = [
            [one[0].x, one[0].y, two[0].x, two[0].y, -(flat.strain.0 - flat.strain.1)], [one[1].x, one[1].y, -two[1].x, -two[1].y, 0],
            [one[2].x, one[2].y, -two[2].x, -two[2].y, 0], [one[3].x, one[3].y, two[3].x, two[3].y, -k * (flat.lateral.0 - flat.lateral.1)],
        ]
        // In units of length and stress that are of order one.
        for (n, unit) in [1, 1, k * metal.shear, k * metal.shear].enumerated() { for c in 0..<5 { rows[n][c] /= unit } }
        for c in 0..<4 {
            let pivot = (c..<4).max { abs(rows[$0][c]) < abs(rows[$1][c]) } ?? c
            rows.swapAt(c, pivot)
            for n in 0..<4 where n != c {
                let factor = rows[n][c] / rows[c][c]
                for m in c..<5 { rows[n][m] -= factor * rows[c][m] }
            }
        }
        let a = SIMD2(rows[0][4] / rows[0][0], rows[1][4] / rows[1][1])
        return (metal.lambda + 2 * metal.shear / 3) * (a * one[4]).sum()
    }

    /// The shear modulus of the electrolyte over that of the metal above which stress calms the wave; nil when its sign does not change between the bounds.
    public func criticalShearRatio(wavenumber k: Double, between low: Double = 1e-3, _ high: Double = 1e3) -> Double? {
        func stress(_ ratio: Double) -> Double {
            var changed = self
            changed.electrolyte.young = 2 * (1 + electrolyte.poisson) * ratio * metal.shear
            return changed.hydrostaticStress(wavenumber: k)
        }
        // The least ratio at which the sign turns.
        let count = 200, grid = (0...count).map { low * pow(high / low, Double($0) / Double(count)) }, values = grid.map(stress)
        guard let n = (0..<count).first(where: { values[$0] > 0 && values[$0 + 1] <= 0 }) else { return nil }
        var a = grid[n], b = grid[n + 1]
        for _ in 0..<60 {
            let middle = (a * b).squareRoot()
            if stress(middle) > 0 { a = middle } else { b = middle }
        }
        return (a * b).squareRoot()
    }
}
