import Glibc

/// Diffusion of the metal in an alloy slab below the surface, one column after another: c_t = D c_yy, closed at the back.
///
/// Cosine modes c = m + sum A_n cos(n pi y/L), y = L the surface. Under a flux that is constant over a step each mode follows exactly,
/// A_n' = -k_n A_n + 2 (-1)^n q/L, k_n = D (n pi/L)^2; the modes beyond the last one follow the flux at once, and their sum at the surface has a closed
/// form. The mean takes the flux alone, so lithium is conserved to round-off. SI units.
public struct AlloySlab: Sendable {
    public let thickness: Double, diffusivity: Double, maximumConcentration: Double
    public static let modes = 32
    /// Numbers that describe one column: the mean concentration, the modes at the surface (with their sign), and the flux of the last step.
    public static let numbersPerColumn = modes + 2
    private let rates: [Double]

    public init(thickness: Double, diffusivity: Double, maximumConcentration: Double) {
        (self.thickness, self.diffusivity, self.maximumConcentration) = (thickness, diffusivity, maximumConcentration)
        rates = (1...AlloySlab.modes).map { diffusivity * pow(Double($0) * .pi / thickness, 2) }
    }

    /// What a step of one length does to every column.
    public struct Step: Sendable {
        public let length: Double
        let decays: [Double], gains: [Double]
        /// Concentration at the surface per flux, after the step: what the flux of the step adds.
        let response: Double
        fileprivate let tail: Double
    }

    public func step(_ length: Double) -> Step {
        let decays = rates.map { exp(-$0 * length) }
        // -expm1 keeps short steps exact.
        let gains = rates.map { 2 / thickness * -expm1(-$0 * length) / $0 }
        let rest = Double.pi * .pi / 6 - (1...AlloySlab.modes).reduce(0.0) { $0 + 1 / Double($1 * $1) }
        let tail = 2 * thickness / (diffusivity * .pi * .pi) * rest
        return Step(length: length, decays: decays, gains: gains, response: length / thickness + gains.reduce(0, +) + tail, tail: tail)
    }

    /// Advances one column and returns the flux that it took, mol/(m^2 s): all that is offered, or what keeps its surface between empty and saturated.
    public func advance(_ column: UnsafeMutablePointer<Double>, offered flux: Double, _ step: Step) -> Double {
        var decayed = column[0]
        for n in 0..<AlloySlab.modes { decayed += column[n + 1] * step.decays[n] }
        let most = (maximumConcentration - decayed) / step.response, least = -decayed / step.response
        let taken = min(max(flux, least), most)
        column[0] += taken * step.length / thickness
        for n in 0..<AlloySlab.modes { column[n + 1] = column[n + 1] * step.decays[n] + taken * step.gains[n] }
        column[AlloySlab.modes + 1] = taken
        return taken
    }

    /// Flux that the column can take during a step before its surface is saturated (positive) or empty (negative).
    public func limits(_ column: UnsafePointer<Double>, _ step: Step) -> ClosedRange<Double> {
        var decayed = column[0]
        for n in 0..<AlloySlab.modes { decayed += column[n + 1] * step.decays[n] }
        return min(0, -decayed / step.response)...max(0, (maximumConcentration - decayed) / step.response)
    }

    /// Concentration at the surface, mol/m^3.
    public func surface(_ column: UnsafePointer<Double>, _ step: Step) -> Double {
        (0...AlloySlab.modes).reduce(0) { $0 + column[$1] } + column[AlloySlab.modes + 1] * step.tail
    }

    public func utilisation(_ column: UnsafePointer<Double>) -> Double { column[0] / maximumConcentration }
}
