import Glibc
import Grids

/// The local terms of the one-potential model: Butler-Volmer rate, double well and noise, h = xi^3 (6 xi^2 - 15 xi + 10).
struct SinglePotentialRates {
    private let well: Double, reaction: Double, cathodic: Double, anodic: Double
    /// e^eps of the electrolyte and the metal.
    private let boltzmannL: Double, boltzmannS: Double
    private let ratio: Double, reference: Double

    init(_ s: SinglePotentialSettings, alpha: Double, thermal f: Double) {
        well = 2 * s.mobility * s.barrier
        reaction = s.reactionRate
        (cathodic, anodic) = (alpha * f, (1 - alpha) * f)
        (boltzmannL, boltzmannS, ratio) = (exp(s.electrolyteEnergy), exp(s.metalEnergy), s.siteRatio)
        reference = 1 / (1 + boltzmannL)
    }

    static func h(_ x: Double) -> Double {
        let x = min(max(x, 0), 1)
        return x * x * x * (x * (6 * x - 15) + 10)
    }

    static func slope(_ x: Double) -> Double {
        let x = min(max(x, 0), 1)
        return 30 * x * x * (1 - x) * (1 - x)
    }

    /// Filling of the electrolyte's and the metal's sites at the chemical potential w (RT): 1/(1 + e^{eps - w}).
    func electrolyte(_ w: Double) -> Double { 1 / (1 + boltzmannL * exp(-w)) }

    /// Concentration over C_l, its derivative by w, and that by xi at fixed w.
    func content(_ w: Double, _ xi: Double) -> (value: Double, slope: Double, jump: Double) {
        let u = exp(-w), l = 1 / (1 + boltzmannL * u), s = 1 / (1 + boltzmannS * u), h = SinglePotentialRates.h(xi)
        return (l * (1 - h) + ratio * s * h, l * (1 - l) * (1 - h) + ratio * s * (1 - s) * h,
                (ratio * s - l) * SinglePotentialRates.slope(xi))
    }

    /// c over c0 where the reaction sees it: c_l (1 - h)/c_l(0).
    func share(_ w: Double, _ xi: Double) -> Double { electrolyte(w) * (1 - SinglePotentialRates.h(xi)) / reference }

    /// -L_s g' without the gradient term.
    func doubleWell(_ xi: Double) -> Double { -well * xi * (1 - xi) * (1 - 2 * xi) }

    /// -L_e h' {e^{(1-a) f phi} - c e^{-a f phi}} and its derivative by w; c = 1 when the salt is uniform (w nil).
    func reaction(_ xi: Double, phi: Double, w: Double?) -> (rate: Double, byW: Double) {
        let slope = SinglePotentialRates.slope(xi)
        guard slope > 0 else { return (0, 0) }
        let e = exp(-cathodic * phi), forward = reaction * slope * e
        let back = reaction * slope * (cathodic == anodic ? 1 / e : exp(anodic * phi))
        guard let w else { return (forward - back, 0) }
        let l = electrolyte(w), c = l * (1 - SinglePotentialRates.h(xi)) / reference
        return (forward * c - back, forward * c * (1 - l))
    }
}
