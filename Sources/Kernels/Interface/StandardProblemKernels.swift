/// Pointwise right-hand sides of the community's benchmark problems.
public protocol StandardProblemKernels: Sendable {
    /// The double well f = r (w^2 - a^2)^2, w = u - m: u becomes f' - s w, rowSums[row] the sum of f over the row.
    static func doubleWell<T: Real>(_ u: UnsafeMutablePointer<T>, r: T, m: T, a: T, s: T, _ rowSums: UnsafeMutablePointer<Double>,
                                    _ layout: Layout, _ rows: Range<Int>)

    /// u becomes -4 v (v - 1)(v - 1/2) + (1 - T^2)(p[i] - q[i] T) with v = u + lift[row], T = tanh((y[row] - alpha[i]) / d): the reaction of an
    /// Allen-Cahn front and the source that keeps it at alpha. The column arrays are padded to whole packs.
    static func manufacturedFront<T: Real>(_ u: UnsafeMutablePointer<T>, lift: UnsafePointer<T>, y: UnsafePointer<T>, alpha: UnsafePointer<T>,
                                           p: UnsafePointer<T>, q: UnsafePointer<T>, d: T, _ layout: Layout, _ rows: Range<Int>)
}
