/// c0 + c1 s + c2 s^2.
public struct Quadratic<T: Real>: Sendable {
    public let c0: T, c1: T, c2: T

    public init(_ c0: Double, _ c1: Double = 0, _ c2: Double = 0) {
        (self.c0, self.c1, self.c2) = (T(c0), T(c1), T(c2))
    }

    @_alwaysEmitIntoClient @inline(__always)
    public func callAsFunction(_ s: T.Pack) -> T.Pack {
        T.muladd(T.muladd(T.Pack(repeating: c2), s, T.Pack(repeating: c1)), s, T.Pack(repeating: c0))
    }
}

/// Products of spectra with functions of the Laplacian symbol.
///
/// `layout` is that of the spectrum (scalars along x: real and imaginary parts side by side, or real coefficients). The symbol of
/// scalar i in row r is s = sx[i] + sRows[r]; sx is padded to a whole number of packs. Where the denominator is 0 the result is 0.
public protocol SpectralKernels: Sendable {
    /// u = u p(s) / q(s)
    static func filter<T: Real>(_ u: UnsafeMutablePointer<T>, _ p: Quadratic<T>, _ q: Quadratic<T>,
                                _ sx: UnsafePointer<T>, _ sRows: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>)
    /// w = (u p(s) + v r(s)) / q(s); w may be u or v.
    static func filter<T: Real>(_ w: UnsafeMutablePointer<T>, _ u: UnsafePointer<T>, _ p: Quadratic<T>,
                                _ v: UnsafePointer<T>, _ r: Quadratic<T>, _ q: Quadratic<T>,
                                _ sx: UnsafePointer<T>, _ sRows: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>)
    /// u = u v, scalar by scalar.
    static func multiply<T: Real>(_ u: UnsafeMutablePointer<T>, _ v: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>)
    /// w = a u + b v, scalar by scalar with fields a, b; w may be u or v.
    static func combine<T: Real>(_ w: UnsafeMutablePointer<T>, _ a: UnsafePointer<T>, _ u: UnsafePointer<T>,
                                 _ b: UnsafePointer<T>, _ v: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>)
}
