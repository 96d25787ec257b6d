import Glibc

/// How a diffuse interface is treated: the numbers behind `InterfaceKernels.geometry`.
public struct InterfaceGeometry<T: Real>: Sendable {
    public var spacing: T, halfWidth: T
    /// exp(spacing/halfWidth): the most by which xi (1 - xi) of an exact profile changes between neighbours.
    public let steepest: T
    /// The weight is 0 where xi < ramp or xi > 1 - ramp and rises linearly to its full value over another ramp.
    public var ramp: T
    /// Weight and well that are exact on the grid (`sharp`) instead of in the continuum (`standard`).
    public var discretelyExact: Bool
    /// Whether the curvature part of the Laplacian is taken out, so that the front moves by its kinetics alone.
    public var compensatesCurvature: Bool
    /// a(n) = 1 + strength cos(folds (theta - theta0)) in 2D, 1 + strength (4 sum n_i^4 - 3) in 3D. theta is the angle of n to x.
    public var anisotropy: T
    public var folds: Int
    public var cosine: T, sine: T        // of folds * theta0

    public init(spacing: T, halfWidth: T, ramp: T, discretelyExact: Bool, compensatesCurvature: Bool,
                anisotropy: T = 0, folds: Int = 4, cosine: T = 1, sine: T = 0) {
        (self.spacing, self.halfWidth, self.ramp) = (spacing, halfWidth, ramp)
        steepest = T(exp(Double(spacing / halfWidth)))
        (self.discretelyExact, self.compensatesCurvature) = (discretelyExact, compensatesCurvature)
        (self.anisotropy, self.folds, self.cosine, self.sine) = (anisotropy, folds, cosine, sine)
    }
}

/// Geometry of the level set xi = 1/2 of a diffuse interface xi = 1/2 (1 - tanh(psi / 2 l)).
public protocol InterfaceKernels: Sendable {
    /// psi = l ln((1 - xi)/xi), xi clipped to [1e-7, 1 - 1e-7]: the signed distance (positive where xi < 1/2) of an exact profile. Ghosts included.
    static func signedDistance<T: Real>(_ psi: UnsafeMutablePointer<T>, _ xi: UnsafePointer<T>, halfWidth: T, _ layout: Layout, _ rows: Range<Int>)

    /// weight = |grad xi| with its ramp; drift = C - w, the explicit part of the profile equation d xi/dt = M l (lap xi + C - w); curvature =
    /// the (weighted) sum of principal curvatures, positive on a convex body of xi = 1, 0 away from the interface; nil where not wanted.
    /// - Parameters:
    ///   - smoothed: the curvature K to use in C, from `meanCurvature` and `smoothCurvature`; nil takes K as it is.
    ///   - rowWeights: sum of the weight over each row, 0 only where it is 0 everywhere; on entry that of the weights at hand.
    static func geometry<T: Real>(weight: UnsafeMutablePointer<T>, drift: UnsafeMutablePointer<T>, curvature: UnsafeMutablePointer<T>?,
                                  smoothed: UnsafePointer<T>?, rowWeights: UnsafeMutablePointer<Double>, _ xi: UnsafePointer<T>,
                                  _ psi: UnsafePointer<T>, _ shape: InterfaceGeometry<T>, _ layout: Layout, _ rows: Range<Int>)

    /// K = div(grad psi/|grad psi|), compact, where xi (1 - xi) is above 1e-4, 0 elsewhere. Ghosts included.
    static func meanCurvature<T: Real>(_ K: UnsafeMutablePointer<T>, _ xi: UnsafePointer<T>, _ psi: UnsafePointer<T>,
                                       _ shape: InterfaceGeometry<T>, _ layout: Layout, _ rows: Range<Int>)

    /// out = B K, the average over the 27 cells around with weights [1 2 1]/4 per axis times xi (1 - xi) within the band; 2 K - B K when it
    /// `sharpens`, so that the two applied in turn give 2 B K - B B K, which damps short waves alone. Ghosts included; `out` is not `K`.
    static func smoothCurvature<T: Real>(_ out: UnsafeMutablePointer<T>, _ K: UnsafePointer<T>, _ xi: UnsafePointer<T>, sharpens: Bool,
                                         _ layout: Layout, _ rows: Range<Int>)
}
