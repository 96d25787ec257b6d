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

    /// h at four points.
    func h(_ x: SIMD4<Double>) -> SIMD4<Double> {
        let x = x.clamped(lowerBound: SIMD4(), upperBound: SIMD4(repeating: 1))
        return x * x * x * (x * (6 * x - 15) + 10)
    }

    /// h' at four points.
    func slope(_ x: SIMD4<Double>) -> SIMD4<Double> {
        let x = x.clamped(lowerBound: SIMD4(), upperBound: SIMD4(repeating: 1))
        return 30 * x * x * (1 - x) * (1 - x)
    }

    /// Filling of the electrolyte's and the metal's sites at the chemical potential w (RT): 1/(1 + e^{eps - w}).
    func electrolyte(_ w: Double) -> Double { 1 / (1 + boltzmannL * exp(-w)) }

    /// Concentration over C_l at four points, its derivative by w, that by xi at fixed w, and the filling of the electrolyte's sites.
    func contents(_ w: SIMD4<Double>, _ xi: SIMD4<Double>)
        -> (value: SIMD4<Double>, slope: SIMD4<Double>, jump: SIMD4<Double>, electrolyte: SIMD4<Double>)
    {
        let u = SIMD4(exp(-w[0]), exp(-w[1]), exp(-w[2]), exp(-w[3])), l = 1 / (1 + boltzmannL * u), s = 1 / (1 + boltzmannS * u), h = h(xi)
        return (l * (1 - h) + ratio * s * h, l * (1 - l) * (1 - h) + ratio * s * (1 - s) * h, (ratio * s - l) * slope(xi), l)
    }

    /// Filling of the electrolyte's sites at four points.
    func electrolyte(_ w: SIMD4<Double>) -> SIMD4<Double> {
        SIMD4(electrolyte(w[0]), electrolyte(w[1]), electrolyte(w[2]), electrolyte(w[3]))
    }

    /// -L_s g' without the gradient term.
    func doubleWell(_ xi: SIMD4<Double>) -> SIMD4<Double> { -well * xi * (1 - xi) * (1 - 2 * xi) }

    /// -L_e h' {e^{(1-a) f phi} - c e^{-a f phi}} at four points and its derivative by w, from the filling of the electrolyte's sites; c = 1 when the
    /// salt is uniform (nil).
    func reaction(_ xi: SIMD4<Double>, phi: SIMD4<Double>, electrolyte l: SIMD4<Double>?) -> (rate: SIMD4<Double>, byW: SIMD4<Double>) {
        let slope = slope(xi), e = -cathodic * phi, forwardFactor = SIMD4(exp(e[0]), exp(e[1]), exp(e[2]), exp(e[3]))
        var backFactor = 1 / forwardFactor
        if anodic != cathodic { for n in 0..<4 { backFactor[n] = exp(anodic * phi[n]) } }
        let forward = reaction * slope * forwardFactor, back = reaction * slope * backFactor
        guard let l else { return (forward - back, SIMD4()) }
        let taken = forward * (l * (1 - h(xi)) / reference)
        return (taken - back, taken * (1 - l))
    }
}
