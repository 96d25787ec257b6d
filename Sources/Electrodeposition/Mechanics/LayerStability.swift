import Glibc

/// Stress of a metal layer under an electrolyte layer whose common surface is a wave, y = H1 + a cos kx, to first order in a: plane strain, exact. A coating
/// between them follows the wave on both of its sides.
///
/// The question of Monroe and Newman (J. Electrochem. Soc. 152, A396, 2005), whether a stiffer separator stops a growing crest, for the stress that growth
/// with an eigenstrain e* of the metal causes. Rollers at y = 0 and at the far end, which is fixed or a rigid platen under a pressure. Metal and electrolyte
/// hold u_y = [A sh + B (ky ch - kappa sh)] cos kx, u_x = -[A ch + B ky sh] sin kx with kappa = (lambda + 3 mu)/(lambda + mu), sh and ch of k times the
/// distance to the roller; displacement and traction are continuous on the waves.
public struct LayerStability: Sendable {
    public struct Layer: Sendable {
        /// Lame's constants (Pa), height (m).
        public var lambda: Double, shear: Double, height: Double

        public init(lambda: Double, shear: Double, height: Double) { (self.lambda, self.shear, self.height) = (lambda, shear, height) }

        public init(young: Double, poisson: Double, height: Double) {
            self.init(lambda: young * poisson / ((1 + poisson) * (1 - 2 * poisson)), shear: young / (2 * (1 + poisson)), height: height)
        }

        /// The same Poisson's ratio at another shear modulus.
        func scaled(shear new: Double) -> Layer { Layer(lambda: lambda * new / shear, shear: new, height: height) }

        /// lambda + 2 mu, Pa.
        fileprivate var uniaxial: Double { lambda + 2 * shear }
    }

    public var metal: Layer, electrolyte: Layer
    public var coating: Layer?
    public var growthStrain: SIMD3<Double>
    /// Pressure of a platen, Pa; nil when the height is fixed.
    public var stackPressure: Double?

    public init(metal: Layer, coating: Layer? = nil, electrolyte: Layer, growthStrain: SIMD3<Double>, stackPressure: Double? = nil) {
        (self.metal, self.coating, self.electrolyte) = (metal, coating, electrolyte)
        (self.growthStrain, self.stackPressure) = (growthStrain, stackPressure)
    }

    /// Strain e_yy and stress sigma_xx of a layer where the surface is flat.
    private typealias Flat = (strain: Double, lateral: Double)

    /// Of metal, coating and electrolyte; without a coating the metal's stand for it.
    private var flat: (metal: Flat, coating: Flat, electrolyte: Flat) {
        let eigen = SIMD3(repeating: metal.lambda * growthStrain.sum()) + 2 * metal.shear * growthStrain
        let above = [coating, electrolyte].compactMap(\.self)
        // sigma_yy is the same everywhere: the pressure's, or what leaves the height as it is.
        let compliance = above.reduce(metal.height / metal.uniaxial) { $0 + $1.height / $1.uniaxial }
        let stress = stackPressure.map { -$0 } ?? -eigen.y / metal.uniaxial * metal.height / compliance
        func plain(_ layer: Layer) -> Flat { (stress / layer.uniaxial, layer.lambda * stress / layer.uniaxial) }
        let grown = (stress + eigen.y) / metal.uniaxial, metal: Flat = (grown, metal.lambda * grown - eigen.x)
        return (metal, coating.map(plain) ?? metal, plain(electrolyte))
    }

    /// Jump of (u_y, u_x, sigma_yy, sigma_xy) per amplitude on going up through a wave between two layers.
    private static func jump(_ low: Flat, _ high: Flat, _ k: Double) -> SIMD4<Double> {
        SIMD4(low.strain - high.strain, 0, 0, k * (low.lateral - high.lateral))
    }

    /// What a layer makes of the amplitudes of (u_y, u_x, sigma_yy, sigma_xy) from its lower to its upper side: exp(A h) of their equations along y.
    private static func carried(_ state: SIMD4<Double>, through layer: Layer, _ k: Double) -> SIMD4<Double> {
        let l = layer.lambda, mu = layer.shear, m = layer.uniaxial
        func slope(_ s: SIMD4<Double>) -> SIMD4<Double> {
            let stretch = (s.z - l * k * s.y) / m
            let lateral: Double = m * k * s.y + l * stretch
            var result = SIMD4<Double>(repeating: stretch)
            result.y = s.w / mu + k * s.x
            result.z = -k * s.w
            result.w = k * lateral
            return result
        }
        // exp by its series, in parts of at most 1/k.
        let parts = max(1, Int((k * layer.height).rounded(.up))), h = layer.height / Double(parts)
        var state = state
        for _ in 0..<parts {
            var term = state
            for n in 1...24 {
                let share = h / Double(n)
                term = slope(term) * share
                state += term
            }
        }
        return state
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
        func lifted(_ state: SIMD4<Double>) -> SIMD4<Double> { coating.map { LayerStability.carried(state, through: $0, k) } ?? state }
        func state(_ n: Int) -> SIMD4<Double> { SIMD4(one[0][n], one[1][n], one[2][n], one[3][n]) }
        let columns = [lifted(state(0)), lifted(state(1))]
        var jumps: SIMD4<Double> = lifted(LayerStability.jump(flat.metal, flat.coating, k))
        jumps += LayerStability.jump(flat.coating, flat.electrolyte, k)
        // Seen from the far end u_y and sigma_xy change sign.
        let sign: [Double] = [1, -1, -1, 1]
        var rows = (0..<4).map { n -> [Double] in
            let far: SIMD2<Double> = sign[n] * two[n]
            return [columns[0][n], columns[1][n], far.x, far.y, -jumps[n]]
        }
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
        LayerStability.leastRoot(low, high) { ratio in
            var changed = self
            changed.electrolyte = electrolyte.scaled(shear: ratio * metal.shear)
            return changed.hydrostaticStress(wavenumber: k)
        }
    }

    /// The least ratio at which a stress turns from tension to compression.
    private static func leastRoot(_ low: Double, _ high: Double, _ stress: (Double) -> Double) -> Double? {
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
