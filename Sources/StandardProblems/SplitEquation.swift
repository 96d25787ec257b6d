import Grids
import Kernels
import Spectral

/// u' = p(-lap) f(u, t) + q(-lap) u in the modes of a transform: the stiff linear part is the multiplier q, f is pointwise or smooth.
protocol SplitEquation: AnyObject {
    var transform: Transform<Double> { get }
    var symbols: Symbols<Double> { get }
    /// The multiplier of f.
    var p: Quadratic<Double> { get }
    /// The multiplier of u; never positive.
    var q: Quadratic<Double> { get }

    /// f(u, t), as unnormalised modes (what `Transform.forward` leaves).
    /// - Parameters:
    ///   - modes: u, as normalised modes.
    ///   - stage: 0 for the accepted state at the start of a step, where a model may also measure its energy.
    func evaluate(_ modes: Field<Double>, time: Double, stage: Int, into f: Field<Double>)
}
