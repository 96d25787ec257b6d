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
    /// Rows of the complex transform V of a folded axis to and from those of its cosine series X, X_q = w V_q + w* V_(n-q) and
    /// V_q = w* (X_q - i X_(n-q)) (twice V, as FFTW's pair is normalised).
    static func unfold<T: Real>(_ u: UnsafeMutablePointer<T>, _ axis: FoldedAxis<T>, _ layout: Layout, _ lines: Range<Int>)
    static func fold<T: Real>(_ u: UnsafeMutablePointer<T>, _ axis: FoldedAxis<T>, _ layout: Layout, _ lines: Range<Int>)
    /// V to the cosine series, times p(s) / q(s), and back.
    static func filter<T: Real>(_ u: UnsafeMutablePointer<T>, _ axis: FoldedAxis<T>, _ p: Quadratic<T>, _ q: Quadratic<T>, _ sx: UnsafePointer<T>,
                                _ sRows: UnsafePointer<T>, _ layout: Layout, _ lines: Range<Int>)
    /// u = u v, scalar by scalar.
    static func multiply<T: Real>(_ u: UnsafeMutablePointer<T>, _ v: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>)
    /// w = a u + b v, scalar by scalar with fields a, b; w may be u or v.
    static func combine<T: Real>(_ w: UnsafeMutablePointer<T>, _ a: UnsafePointer<T>, _ u: UnsafePointer<T>,
                                 _ b: UnsafePointer<T>, _ v: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>)
    /// rowSums[row] = wRows[row] times the sum of wx[i] p(s) u^2 over the row, in Double.
    static func sumOfSquares<T: Real>(_ u: UnsafePointer<T>, _ p: Quadratic<T>, _ sx: UnsafePointer<T>, _ sRows: UnsafePointer<T>,
                                      _ wx: UnsafePointer<T>, _ wRows: UnsafePointer<T>, _ rowSums: UnsafeMutablePointer<Double>,
                                      _ layout: Layout, _ rows: Range<Int>)
    /// w = e u + sum_j c_j f_j, scalar by scalar with fields e, c_j: a stage of an exponential Runge-Kutta scheme; w may be u.
    static func stage<T: Real>(_ w: UnsafeMutablePointer<T>, _ e: UnsafePointer<T>, _ u: UnsafePointer<T>, _ terms: StageTerms<T>,
                               _ layout: Layout, _ rows: Range<Int>)
}

/// An axis of n numbers whose cosine series comes from a complex transform of the same length: its even places in order, then the odd ones backwards
/// (Makhoul 1980, IEEE Trans. Acoust. 28, 27).
public struct FoldedAxis<T: Real>: @unchecked Sendable {
    public let count: Int
    /// Rows from one place of the axis to the next, and between the lines that lie beside it along the third axis.
    public let step: Int, otherStep: Int
    /// w_q = exp(-i pi q / 2n), q = 0 ... n/2, real and imaginary parts side by side.
    public let twiddles: UnsafePointer<T>

    public init(count: Int, step: Int, otherStep: Int, twiddles: UnsafePointer<T>) {
        (self.count, self.step, self.otherStep, self.twiddles) = (count, step, otherStep, twiddles)
    }

    /// Pairs of rows q and n - q, those that are their own pair included.
    @_alwaysEmitIntoClient @inline(__always)
    public var pairs: Int { count / 2 + 1 }
}

/// Up to three pairs of a multiplier c and an array f, to be added up.
public struct StageTerms<T: Real>: @unchecked Sendable {
    public let count: Int
    public let c: (UnsafePointer<T>, UnsafePointer<T>, UnsafePointer<T>), f: (UnsafePointer<T>, UnsafePointer<T>, UnsafePointer<T>)

    public init(_ terms: (c: UnsafePointer<T>, f: UnsafePointer<T>)...) {
        precondition(1...3 ~= terms.count)
        let last = terms[terms.count - 1], second = terms.count > 1 ? terms[1] : last
        count = terms.count
        c = (terms[0].c, second.c, last.c)
        f = (terms[0].f, second.f, last.f)
    }
}
