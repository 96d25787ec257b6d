import Glibc

/// Diffusion of the metal in an alloy slab below the surface, one column after another: c_t = D c_yy, closed at the back.
///
/// Cosine modes c = m + sum A_n cos(n pi y/L), y = L the surface. Under a flux q that is constant over a step each mode follows exactly,
/// A_n' = -k_n A_n + 2 (-1)^n q/L, k_n = D (n pi/L)^2; the modes beyond the last one follow the flux at once, and their sum at the surface
/// has a closed form. The mean takes the flux alone. SI units.
public struct AlloySlab: Sendable {
    public let thickness: Double, diffusivity: Double, maximumConcentration: Double
    public static let modes = 32
    /// Numbers that describe one column: the mean concentration, the modes at the surface (with their sign), and the flux of the last step.
    public static let numbersPerColumn = modes + 2
    private static let fluxIndex = modes + 1
    private let rates: [Double]
    /// Concentration at the surface that the modes beyond the last one make of a flux, s/m.
    private let tail: Double

    public init(thickness: Double, diffusivity: Double, maximumConcentration: Double) {
        (self.thickness, self.diffusivity, self.maximumConcentration) = (thickness, diffusivity, maximumConcentration)
        rates = (1...AlloySlab.modes).map { diffusivity * pow(Double($0) * .pi / thickness, 2) }
        let rest = Double.pi * .pi / 6 - (1...AlloySlab.modes).reduce(0.0) { $0 + 1 / Double($1 * $1) }
        tail = 2 * thickness / (diffusivity * .pi * .pi) * rest
    }

    /// What a step of one length does to every column.
    public struct Step: Sendable {
        /// Negative before it is set up, s.
        public fileprivate(set) var length = -1.0
        fileprivate var decays = [Double](repeating: 1, count: AlloySlab.modes), gains = [Double](repeating: 0, count: AlloySlab.modes)
        /// Concentration at the surface after the step per flux of the step, s/m.
        public fileprivate(set) var response = 0.0

        public init() {}
    }

    /// Sets a step up, in its own memory.
    public func prepare(_ step: inout Step, length: Double) {
        guard length != step.length else { return }
        step.length = length
        step.response = length / thickness + tail
        for n in 0..<AlloySlab.modes {
            step.decays[n] = exp(-rates[n] * length)
            // expm1 keeps short steps exact.
            step.gains[n] = 2 / thickness * -expm1(-rates[n] * length) / rates[n]
            step.response += step.gains[n]
        }
    }

    /// The fluxes that leave the surface between empty and saturated at the end of a step, mol/(m^2 s).
    public func limits(_ column: UnsafePointer<Double>, _ step: Step) -> (least: Double, most: Double) {
        let decayed = surface(column, after: step)
        return (-decayed / step.response, (maximumConcentration - decayed) / step.response)
    }

    /// Concentration at the surface after a step under a flux, mol/m^3.
    public func surface(_ column: UnsafePointer<Double>, after step: Step, flux: Double = 0) -> Double {
        var decayed = column[0]
        for n in 0..<AlloySlab.modes { decayed += column[n + 1] * step.decays[n] }
        return decayed + flux * step.response
    }

    /// Advances one column under a flux.
    public func advance(_ column: UnsafeMutablePointer<Double>, flux: Double, _ step: Step) {
        column[0] += flux * step.length / thickness
        for n in 0..<AlloySlab.modes { column[n + 1] = column[n + 1] * step.decays[n] + flux * step.gains[n] }
        column[AlloySlab.fluxIndex] = flux
    }

    /// Concentration at the surface, mol/m^3.
    public func surface(_ column: UnsafePointer<Double>) -> Double {
        (0...AlloySlab.modes).reduce(0) { $0 + column[$1] } + column[AlloySlab.fluxIndex] * tail
    }
}
