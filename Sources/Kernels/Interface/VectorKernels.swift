/// Linear algebra on fields, row by row.
public protocol VectorKernels: Sendable {
    /// y = a x + b y; with b = 0 the old y is not read.
    static func combine<T: Real>(_ y: UnsafeMutablePointer<T>, _ a: T, _ x: UnsafePointer<T>, _ b: T, _ layout: Layout, _ rows: Range<Int>)
    /// z = a x + b y
    static func combine<T: Real>(_ z: UnsafeMutablePointer<T>, _ a: T, _ x: UnsafePointer<T>, _ b: T, _ y: UnsafePointer<T>,
                                 _ layout: Layout, _ rows: Range<Int>)
    /// y = y + a
    static func shift<T: Real>(_ y: UnsafeMutablePointer<T>, _ a: T, _ layout: Layout, _ rows: Range<Int>)
    /// rowSums[row] = sum of x y over the row, in Double.
    static func dot<T: Real>(_ x: UnsafePointer<T>, _ y: UnsafePointer<T>, _ rowSums: UnsafeMutablePointer<Double>,
                             _ layout: Layout, _ rows: Range<Int>)
    /// rowSums[row] = sum of x over the row, in Double.
    static func sum<T: Real>(_ x: UnsafePointer<T>, _ rowSums: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>)
    /// rowMaxima[row] = largest |x - y| of the row (NaN if any is NaN).
    static func maximumDifference<T: Real>(_ x: UnsafePointer<T>, _ y: UnsafePointer<T>, _ rowMaxima: UnsafeMutablePointer<Double>,
                                           _ layout: Layout, _ rows: Range<Int>)
    /// rowMinima[row], rowMaxima[row] = extreme values of the row; NaN if any is NaN.
    static func extremes<T: Real>(_ x: UnsafePointer<T>, _ rowMinima: UnsafeMutablePointer<Double>, _ rowMaxima: UnsafeMutablePointer<Double>,
                                  _ layout: Layout, _ rows: Range<Int>)
}
