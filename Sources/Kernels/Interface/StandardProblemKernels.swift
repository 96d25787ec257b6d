/// Pointwise right-hand sides of the community's benchmark problems.
public protocol StandardProblemKernels: Sendable {
    /// The double well f = r (w^2 - a^2)^2, w = u - m: u becomes f' - s w, rowSums[row] the sum of f over the row.
    static func doubleWell<T: Real>(_ u: UnsafeMutablePointer<T>, r: T, m: T, a: T, s: T, _ rowSums: UnsafeMutablePointer<Double>,
                                    _ layout: Layout, _ rows: Range<Int>)

    /// u becomes -4 v (v - 1)(v - 1/2) + (1 - T^2)(p[i] - q[i] T) with v = u + lift[row], T = tanh((y[row] - alpha[i]) / d): the
    /// reaction of an Allen-Cahn front and the source that keeps it at alpha. The column arrays are padded to whole packs.
    static func manufacturedFront<T: Real>(_ u: UnsafeMutablePointer<T>, lift: UnsafePointer<T>, y: UnsafePointer<T>,
                                           alpha: UnsafePointer<T>, p: UnsafePointer<T>, q: UnsafePointer<T>, d: T,
                                           _ layout: Layout, _ rows: Range<Int>)

    // MARK: Dendritic solidification, on the cells around the interface: `spans` holds the first and past-the-last column of each row,
    // both whole packs. phi is even at x = 0 and y = 0; a span never comes within three cells of the other walls.

    /// spans[row]: the columns where |phi| < limit, widened by `margin` cells (rounded to packs); (0, 0) when there are none.
    static func interfaceSpans<T: Real>(_ phi: UnsafePointer<T>, limit: T, margin: Int, _ spans: UnsafeMutablePointer<ColumnSpan>,
                                        _ layout: Layout, _ rows: Range<Int>)
    /// gy = d phi / dy; fills three ghosts left of phi and gy.
    static func gradientY<T: Real>(_ gy: UnsafeMutablePointer<T>, _ phi: UnsafeMutablePointer<T>, _ d: CentralDifferences<T>,
                                   _ spans: UnsafePointer<ColumnSpan>, _ layout: Layout, _ rows: Range<Int>)
    /// rate = {[phi - lambda U (1 - phi^2)](1 - phi^2) + div of the anisotropic flux} / a^2 with U = v + phi/2 and
    /// a = 1 + epsilon cos 4 theta.
    static func solidificationRate<T: Real>(_ rate: UnsafeMutablePointer<T>, _ phi: UnsafePointer<T>, _ gy: UnsafePointer<T>,
                                            _ v: UnsafePointer<T>, lambda: T, epsilon: T, _ d: CentralDifferences<T>,
                                            _ spans: UnsafePointer<ColumnSpan>, _ layout: Layout, _ rows: Range<Int>)
    /// coarse = phi at the centres of the coarse cells (2 x 2 cells) that a span meets, from three cells on either side along each axis;
    /// `rows` are coarse rows.
    static func restrict<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ coarseLayout: Layout, _ phi: UnsafePointer<T>,
                                  _ spans: UnsafePointer<ColumnSpan>, _ layout: Layout, _ rows: Range<Int>)
    /// v = U - phi/2 on the spans, U interpolated between coarse cell centres by six points along each axis: `weights` are those at a
    /// quarter cell right of the third point. `scratch` has the fine rows and the coarse columns.
    static func prolong<T: Real>(_ v: UnsafeMutablePointer<T>, _ phi: UnsafePointer<T>, _ coarse: UnsafePointer<T>, _ coarseLayout: Layout,
                                 _ scratch: UnsafeMutablePointer<T>, weights: (T, T, T, T, T, T),
                                 _ spans: UnsafePointer<ColumnSpan>, _ layout: Layout, _ rows: Range<Int>)
    /// w = u + a f + b g on the spans.
    static func combine<T: Real>(_ w: UnsafeMutablePointer<T>, _ u: UnsafePointer<T>, _ a: T, _ f: UnsafePointer<T>, _ b: T,
                                 _ g: UnsafePointer<T>, _ spans: UnsafePointer<ColumnSpan>, _ layout: Layout, _ rows: Range<Int>)
    /// rowMaxima[row] = largest |x - y| on the row's span.
    static func maximumDifference<T: Real>(_ x: UnsafePointer<T>, _ y: UnsafePointer<T>, _ rowMaxima: UnsafeMutablePointer<Double>,
                                           _ spans: UnsafePointer<ColumnSpan>, _ layout: Layout, _ rows: Range<Int>)
}

/// Columns first ..< end of a row.
public struct ColumnSpan: Sendable, Hashable {
    public var first: Int32, end: Int32

    public init(first: Int32, end: Int32) { (self.first, self.end) = (first, end) }
}

/// Central differences of order up to 6: u' = sum_m first[m] (u[m+1] - u[-m-1]), u'' = centre u + sum_m second[m] (u[m+1] + u[-m-1]).
public struct CentralDifferences<T: Real>: Sendable {
    public let first: (T, T, T), centre: T, second: (T, T, T)

    /// - Parameter order: 2, 4 or 6.
    public init(order: Int, spacing h: Double) {
        let (f, c, s): ([Double], Double, [Double]) = switch order {
        case 2: ([1 / 2, 0, 0], -2, [1, 0, 0])
        case 4: ([2 / 3, -1 / 12, 0], -5 / 2, [4 / 3, -1 / 12, 0])
        default: ([3 / 4, -3 / 20, 1 / 60], -49 / 18, [3 / 2, -3 / 20, 1 / 90])
        }
        first = (T(f[0] / h), T(f[1] / h), T(f[2] / h))
        centre = T(c / (h * h))
        second = (T(s[0] / (h * h)), T(s[1] / (h * h)), T(s[2] / (h * h)))
    }
}
