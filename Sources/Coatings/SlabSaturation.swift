import Electrodeposition
import Glibc

/// When the surface of an alloy slab is saturated by a constant current, and how much of the slab is used then.
///
/// c_t = D c_yy, D c_y = i/(zF) at the surface, closed at the back. The surface holds c = c_0 + (q L/D) S(Dt/L^2), S(tau) = tau + 1/3 -
/// (2/pi^2) sum exp(-n^2 pi^2 tau)/n^2 (Carslaw and Jaeger, Conduction of Heat in Solids, section 3.8); saturation is c = c_max.
public struct SlabSaturation: Sendable, Equatable {
    /// s
    public let time: Double
    /// Mean concentration over c_max at that time.
    public let utilisation: Double

    /// - Parameters:
    ///   - currentDensity: A/m^2, above 0.
    ///   - thickness: m.
    ///   - diffusivity: m^2/s.
    ///   - maximumConcentration: mol/m^3.
    ///   - initialConcentration: mol/m^3, below the maximum.
    public init(currentDensity: Double, thickness: Double, diffusivity: Double, maximumConcentration: Double,
                initialConcentration: Double = 0,
                valence: Double = 1) {
        let flux = currentDensity / (valence * Constants.faraday)
        let wanted = (maximumConcentration - initialConcentration) * diffusivity / (flux * thickness)
        // S lies between tau and tau + 1/3, and rises.
        var low = max(0, wanted - 1.0 / 3), high = wanted
        for _ in 0..<200 where high - low > 1e-15 * high {
            let middle = 0.5 * (low + high)
            if SlabSaturation.surface(middle) < wanted { low = middle } else { high = middle }
        }
        let tau = 0.5 * (low + high)
        time = tau * thickness * thickness / diffusivity
        utilisation = (initialConcentration + flux * time / thickness) / maximumConcentration
    }

    /// S(tau), the rise of the surface in units of q L/D.
    public static func surface(_ tau: Double) -> Double {
        guard tau > 0 else { return 0 }
        if tau > 0.1 {
            let sum = (1...8).reduce(0.0) { $0 + exp(-Double($1 * $1) * .pi * .pi * tau) / Double($1 * $1) }
            return tau + 1.0 / 3 - 2 / (.pi * .pi) * sum
        }
        // Images of a half space: 2 sqrt(tau) [ierfc(0) + 2 sum ierfc(n/sqrt(tau))].
        let root = tau.squareRoot()
        func ierfc(_ x: Double) -> Double { exp(-x * x) / Double.pi.squareRoot() - x * erfc(x) }
        return 2 * root * (ierfc(0) + 2 * (1...6).reduce(0.0) { $0 + ierfc(Double($1) / root) })
    }
}
