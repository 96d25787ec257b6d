/// The face coefficients of A u = s u - div(a grad u), each already divided by dx^2.
///
/// Every array has the shape of the cells and holds the LOWER face of its cell; neighbours wrap round on every axis, and the lowest face of a bounded
/// axis is 0, so one code path serves all boundaries (a Dirichlet wall adds 2 a/dx^2 to s). Right ghosts are filled. `z` is nil in 2D.
public struct FaceCoefficients<T: Real> {
    public let x: UnsafePointer<T>, y: UnsafePointer<T>, z: UnsafePointer<T>?

    public init(x: UnsafePointer<T>, y: UnsafePointer<T>, z: UnsafePointer<T>?) { (self.x, self.y, self.z) = (x, y, z) }
}

/// The passes of a preconditioned conjugate-gradient iteration, fused so that each field is read once.
/// `single` arrays are those of a preconditioner, in Float with their own layout; the multigrid's are stored by colour.
public protocol EllipticKernels: Sendable {
    /// y = A x and rowSums = x . y. Reads one ghost of x. The diagonal may join every cell to one common node instead of to zero: it then acts on
    /// x - node, but for the part of it that is the wall's, given for the last row along y (one row of cells per z).
    static func applyOperator<T: Real>(_ y: UnsafeMutablePointer<T>, _ x: UnsafePointer<T>, _ a: FaceCoefficients<T>, _ s: UnsafePointer<T>,
                                       node: T, wall: UnsafePointer<T>, _ rowSums: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>)
    /// The same by colour; rows are those of the grid, sums one per half.
    static func applyOperator<T: Real>(_ y: UnsafeMutablePointer<T>, _ x: UnsafePointer<T>, _ a: FaceCoefficients<T>, _ s: UnsafePointer<T>,
                                       node: T, wall: UnsafePointer<T>, _ rowSums: UnsafeMutablePointer<Double>, _ layout: ColourLayout,
                                       _ rows: Range<Int>)
    /// r = b - A x with the node as above, f = scale r in single precision by colour, rowSums = r . r.
    static func residual<T: Real>(_ f: UnsafeMutablePointer<Float>, _ b: UnsafePointer<T>, _ x: UnsafePointer<T>, _ a: FaceCoefficients<T>,
                                  _ s: UnsafePointer<T>, node: T, wall: UnsafePointer<T>, scale: T, _ rowSums: UnsafeMutablePointer<Double>,
                                  _ single: ColourLayout, _ layout: Layout, _ rows: Range<Int>)
    /// f = scale r, in single precision by colour, without ghosts.
    static func split<T: Real>(_ f: UnsafeMutablePointer<Float>, _ r: UnsafePointer<T>, _ scale: T, _ single: ColourLayout, _ layout: Layout,
                               _ rows: Range<Int>)
    /// x = factor z, or x += factor z + other y (y nil: 0), from single precision by colour, ghosts included.
    static func join<T: Real>(_ x: UnsafeMutablePointer<T>, _ z: UnsafePointer<Float>, _ factor: T, _ y: UnsafePointer<Float>?, _ other: T,
                              adds: Bool, _ single: ColourLayout, _ layout: Layout, _ rows: Range<Int>)
    /// f = scale r, in single precision.
    static func toSingle<T: Real>(_ f: UnsafeMutablePointer<Float>, _ r: UnsafePointer<T>, _ scale: T,
                                  _ single: Layout, _ layout: Layout, _ rows: Range<Int>)
    /// rowSums = r . z
    static func dotSingle<T: Real>(_ r: UnsafePointer<T>, _ z: UnsafePointer<Float>, _ rowSums: UnsafeMutablePointer<Double>,
                                   _ single: Layout, _ layout: Layout, _ rows: Range<Int>)
    /// rowSums = r . z, sums = s . z
    static func dotBoth<T: Real>(_ r: UnsafePointer<T>, _ s: UnsafePointer<T>, _ z: UnsafePointer<Float>, _ rowSums: UnsafeMutablePointer<Double>,
                                 _ sums: UnsafeMutablePointer<Double>, _ single: Layout, _ layout: Layout, _ rows: Range<Int>)
    /// x += alpha p with the old direction (x = alpha p unless it adds), then p = z + beta p, ghosts included. x nil: p = z, without an old one.
    static func updateDirection<T: Real>(_ p: UnsafeMutablePointer<T>, _ z: UnsafePointer<Float>, _ beta: T, _ x: UnsafeMutablePointer<T>?, _ alpha: T,
                                         adds: Bool, _ single: Layout, _ layout: Layout, _ rows: Range<Int>)
    /// r -= alpha q, f = scale r, rowSums = r . r.
    static func updateResidual<T: Real>(_ r: UnsafeMutablePointer<T>, _ f: UnsafeMutablePointer<Float>, _ alpha: T, _ q: UnsafePointer<T>, _ scale: T,
                                        _ rowSums: UnsafeMutablePointer<Double>, _ single: Layout, _ layout: Layout, _ rows: Range<Int>)
}
