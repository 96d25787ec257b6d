import Glibc
package import Morphology

/// Surfaces whose Hurst exponent is known.
package enum SelfAffineSurface {
    /// A small counter-based generator (SplitMix64), so that the fractal surfaces are the same everywhere.
    package struct Generator {
        private var state: UInt64

        package init(state: UInt64) { self.state = state }

        package mutating func uniform() -> Double {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return Double((z ^ z >> 31) >> 11) * 0x1p-53
        }
        package mutating func rayleigh() -> Double { (-2 * log(1 - uniform())).squareRoot() }
        package mutating func gaussian() -> Double { (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform()) }
    }

    /// Midpoint displacement with successive random additions (Voss, 1985) on 2^levels intervals around a period.
    package static func midpointProfile(hurst: Double, levels: Int, seed: UInt64) -> HeightMap {
        var random = Generator(state: seed), h: [Double] = [0, 0], sigma = 1.0
        for _ in 1..<levels {
            sigma *= pow(0.5, hurst)
            var finer: [Double] = []
            for i in h.indices { finer += [h[i], (h[i] + h[(i + 1) % h.count]) / 2] }
            h = finer.map { $0 + sigma * random.gaussian() }
        }
        return HeightMap(nx: h.count, dx: 1e-7, heights: h)
    }
}
