/// A vector on a staggered grid: every component in the shape of the cells, on the LOWER face of its cell in its own direction. `z` is nil in 2D.
public struct VectorCells<T: Real> {
    public let x: UnsafeMutablePointer<T>, y: UnsafeMutablePointer<T>, z: UnsafeMutablePointer<T>?

    public init(x: UnsafeMutablePointer<T>, y: UnsafeMutablePointer<T>, z: UnsafeMutablePointer<T>?) { (self.x, self.y, self.z) = (x, y, z) }
}

/// A symmetric tensor on a staggered grid: xx, yy, zz at cell centres, xy on the lower (x, y) edge of its cell, yz and xz (3D) likewise.
public struct TensorCells<T: Real> {
    public let xx: UnsafeMutablePointer<T>, yy: UnsafeMutablePointer<T>, zz: UnsafeMutablePointer<T>
    public let xy: UnsafeMutablePointer<T>, yz: UnsafeMutablePointer<T>?, xz: UnsafeMutablePointer<T>?

    public init(xx: UnsafeMutablePointer<T>, yy: UnsafeMutablePointer<T>, zz: UnsafeMutablePointer<T>, xy: UnsafeMutablePointer<T>,
                yz: UnsafeMutablePointer<T>?, xz: UnsafeMutablePointer<T>?) {
        (self.xx, self.yy, self.zz, self.xy, self.yz, self.xz) = (xx, yy, zz, xy, yz, xz)
    }
}

/// Isotropic stiffness: Lame's moduli at centres, the shear modulus on edges (0 on the walls' edges). Ghosts filled.
public struct StiffnessCells<T: Real> {
    public let lambda: UnsafePointer<T>, mu: UnsafePointer<T>
    public let xy: UnsafePointer<T>, yz: UnsafePointer<T>?, xz: UnsafePointer<T>?

    public init(lambda: UnsafePointer<T>, mu: UnsafePointer<T>, xy: UnsafePointer<T>, yz: UnsafePointer<T>?, xz: UnsafePointer<T>?) {
        (self.lambda, self.mu, self.xy, self.yz, self.xz) = (lambda, mu, xy, yz, xz)
    }
}

/// A uniform normal strain along each axis, added to the gradient of the displacement.
public struct MeanStrain<T: Real>: Sendable {
    public let x: T, y: T, z: T
    public init(_ x: T, _ y: T, _ z: T) { (self.x, self.y, self.z) = (x, y, z) }
}

/// The staggered difference symbols on the modes of a transform that is periodic along x (complex pairs) and z, cosine (x, z components) or
/// sine (y component) along y: v = conj(e^{ik} - 1) along x and z, 2 sin(pi q / 2n) along y, for a spacing of 1.
public struct StaggeredSymbols<T: Real> {
    /// By scalar of a row: Re v_x twice, then (-Im v_x, Im v_x); padded to whole packs.
    public let xReal: UnsafePointer<T>, xImaginary: UnsafePointer<T>
    /// v_y by j, v_z by k.
    public let y: UnsafePointer<T>, zReal: UnsafePointer<T>, zImaginary: UnsafePointer<T>
    /// |v|^2 = sx[i] + rows[j + ny k].
    public let sx: UnsafePointer<T>, rows: UnsafePointer<T>

    public init(xReal: UnsafePointer<T>, xImaginary: UnsafePointer<T>, y: UnsafePointer<T>, zReal: UnsafePointer<T>,
                zImaginary: UnsafePointer<T>, sx: UnsafePointer<T>, rows: UnsafePointer<T>) {
        (self.xReal, self.xImaginary, self.y, self.zReal, self.zImaginary) = (xReal, xImaginary, y, zReal, zImaginary)
        (self.sx, self.rows) = (sx, rows)
    }
}

/// Linear elasticity on a staggered grid of spacing 1: displacements on faces, normal stresses at centres, shear on edges.
///
/// Lateral axes wrap; walls at the ends of y are rollers: u_y = 0 there (its row 0, which is also the row beyond the last) and no shear.
public protocol ElasticityKernels: Sendable {
    /// f = -div C e(u, E), 0 for u_y on the wall; rowSums = u . f.
    static func applyElasticity<T: Real>(_ f: VectorCells<T>, _ u: VectorCells<T>, _ strain: MeanStrain<T>, _ c: StiffnessCells<T>,
                                         _ rowSums: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>)
    /// rowSums = sum of the normal stress of C e(u, E) along an axis (0 x, 1 y, 2 z).
    static func normalStressSum<T: Real>(_ u: VectorCells<T>, _ strain: MeanStrain<T>, _ c: StiffnessCells<T>, axis: Int,
                                         _ rowSums: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>)
    /// s = C e(u, E) - eigenstress.
    static func elasticStress<T: Real>(_ s: TensorCells<T>, _ u: VectorCells<T>, _ strain: MeanStrain<T>, _ c: StiffnessCells<T>,
                                       _ eigenstress: TensorCells<T>, _ layout: Layout, _ rows: Range<Int>)
    /// f = div s, 0 for f_y on the wall; rowSums = f . f. Ghosts of s filled.
    static func tensorDivergence<T: Real>(_ f: VectorCells<T>, _ s: TensorCells<T>, _ rowSums: UnsafeMutablePointer<Double>,
                                          _ layout: Layout, _ rows: Range<Int>)
    /// The shear modulus on edges: harmonic (or plain) mean of the four cells around, 0 on the walls.
    static func edgeModuli<T: Real>(_ xy: UnsafeMutablePointer<T>, _ yz: UnsafeMutablePointer<T>?, _ xz: UnsafeMutablePointer<T>?,
                                    _ mu: UnsafePointer<T>, harmonic: Bool, _ layout: Layout, _ rows: Range<Int>)
    /// hydrostatic = tr s / 3, mises = sqrt(3/2 dev s : dev s) at centres, shear taken as the mean of the four edges. Ghosts of s filled.
    static func stressInvariants<T: Real>(_ hydrostatic: UnsafeMutablePointer<T>, _ mises: UnsafeMutablePointer<T>, _ s: TensorCells<T>,
                                          _ layout: Layout, _ rows: Range<Int>)
    /// s = s + p - q, component by component, ghosts included: the trial stress of a plastic step from the stress s at the eigenstress p, when the
    /// step began at q.
    static func trialStress<T: Real>(_ s: TensorCells<T>, _ p: TensorCells<T>, _ q: TensorCells<T>, _ layout: Layout, _ rows: Range<Int>)
    /// excess = 1 - min(1, yield / mises(s)) at centres, ghosts included: the fraction of the trial deviator to be returned.
    static func yieldExcess<T: Real>(_ excess: UnsafeMutablePointer<T>, _ s: TensorCells<T>, _ yield: UnsafePointer<T>,
                                     _ layout: Layout, _ rows: Range<Int>)
    /// p = q + excess dev s (radial return; on edges the mean excess of the four cells), ghosts included;
    /// rowSums = square of the change of p.
    static func radialReturn<T: Real>(_ p: TensorCells<T>, _ q: TensorCells<T>, _ s: TensorCells<T>, _ excess: UnsafePointer<T>,
                                      _ rowSums: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>)
    /// r = scale / |v|^2 [r - coupling v (v^H r) / |v|^2] on spectra, 0 for the zero mode: the inverse of
    /// |v|^2 I + coupling / (1 - coupling) v v^H.
    static func staggeredGreen<T: Real>(_ r: VectorCells<T>, _ symbols: StaggeredSymbols<T>, scale: T, coupling: T,
                                        _ layout: Layout, _ rows: Range<Int>)

    // Multigrid: levels of even size, coarse faces and centres every second fine one.

    /// coarse = mean over the cells of each aggregate. Rows are those of the coarse level.
    static func averageModuli<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ fine: UnsafePointer<T>, _ coarseLayout: Layout, _ fineLayout: Layout,
                                       _ rows: Range<Int>)
    /// inverseDiagonal = 1 / diagonal of the operator, 0 on the wall and where the diagonal is 0.
    static func elasticDiagonal<T: Real>(_ inverse: VectorCells<T>, _ c: StiffnessCells<T>, _ layout: Layout, _ rows: Range<Int>)
    /// u_a += (g - K u)_a / diagonal for one component (0 x, 1 y, 2 z) on the cells of one colour, i + j + k even or odd; ghosts included.
    static func relaxElasticity<T: Real>(_ u: VectorCells<T>, _ g: VectorCells<T>, _ c: StiffnessCells<T>, _ inverse: VectorCells<T>,
                                         component: Int, colour: Int, _ layout: Layout, _ rows: Range<Int>)
    /// r = g - K u, ghosts included.
    static func elasticResidual<T: Real>(_ r: VectorCells<T>, _ g: VectorCells<T>, _ u: VectorCells<T>, _ c: StiffnessCells<T>,
                                         _ layout: Layout, _ rows: Range<Int>)
    /// u += P u_coarse for one component, linear along every axis (faces 1, 1/2; centres 3/4, 1/4, mirrored at walls); ghosts included.
    static func prolongStaggered<T: Real>(_ u: UnsafeMutablePointer<T>, _ coarse: UnsafePointer<T>, component: Int,
                                          _ coarseLayout: Layout, _ fineLayout: Layout, _ rows: Range<Int>)
    /// g_coarse = factor P^T r for one component, 0 for the y component on the wall. Rows are those of the coarse level.
    static func restrictStaggered<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ r: UnsafePointer<T>, component: Int, factor: T,
                                           _ coarseLayout: Layout, _ fineLayout: Layout, _ rows: Range<Int>)
}
