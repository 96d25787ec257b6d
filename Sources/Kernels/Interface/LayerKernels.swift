/// Tables on the modes of a lateral transform, for a spacing of 1. Values by scalar of a row are the same for real and imaginary part and
/// padded to whole packs.
public struct LateralSymbols<T: Real> {
    /// Wavenumber along x squared, its derivative symbol k (0 at the Nyquist mode), the mean of e^{ikx} over a cell; by scalar of a row.
    public let square: UnsafePointer<T>, derivative: UnsafePointer<T>, cell: UnsafePointer<T>
    /// The same along z, by plane.
    public let squareZ: UnsafePointer<T>, derivativeZ: UnsafePointer<T>, cellZ: UnsafePointer<T>
    /// Staggered differences v = conj(e^{ik} - 1): Re v_x twice, then (-Im v_x, Im v_x), and |v_x|^2; by scalar of a row.
    public let real: UnsafePointer<T>, imaginary: UnsafePointer<T>, size: UnsafePointer<T>
    /// Re v_z, Im v_z, |v_z|^2 by plane.
    public let realZ: UnsafePointer<T>, imaginaryZ: UnsafePointer<T>, sizeZ: UnsafePointer<T>

    public init(square: UnsafePointer<T>, derivative: UnsafePointer<T>, cell: UnsafePointer<T>,
                squareZ: UnsafePointer<T>, derivativeZ: UnsafePointer<T>, cellZ: UnsafePointer<T>,
                real: UnsafePointer<T>, imaginary: UnsafePointer<T>, size: UnsafePointer<T>,
                realZ: UnsafePointer<T>, imaginaryZ: UnsafePointer<T>, sizeZ: UnsafePointer<T>) {
        (self.square, self.derivative, self.cell) = (square, derivative, cell)
        (self.squareZ, self.derivativeZ, self.cellZ) = (squareZ, derivativeZ, cellZ)
        (self.real, self.imaginary, self.size) = (real, imaginary, size)
        (self.realZ, self.imaginaryZ, self.sizeZ) = (realZ, imaginaryZ, sizeZ)
    }
}

/// The factors of the constant-viscosity Stokes problem, one real number per scalar of a spectrum: the pentadiagonal L D L^T of the y component
/// (1/D, first and second subdiagonal of L) and 1/D of the tridiagonal one of the transverse lateral components.
public struct StokesFactors<T: Real> {
    public let inverse: UnsafeMutablePointer<T>, first: UnsafeMutablePointer<T>, second: UnsafeMutablePointer<T>
    public let transverse: UnsafeMutablePointer<T>

    public init(inverse: UnsafeMutablePointer<T>, first: UnsafeMutablePointer<T>, second: UnsafeMutablePointer<T>,
                transverse: UnsafeMutablePointer<T>) {
        (self.inverse, self.first, self.second, self.transverse) = (inverse, first, second, transverse)
    }
}

/// Solvers that couple the layers (rows of constant y) of each lateral mode, and the staggered viscous operator. Spectra hold complex pairs along
/// x. `columns` are the scalars of a row to work on, starting at a whole pack, `planes` the modes along z.
public protocol LayerKernels: Sendable {
    /// Field of magnetised layers in free space: M (spectra) is overwritten by H. Layer averages; with `averaged` also the mean over the
    /// cell in x and z, else the value at its centre. `work` holds one more spectrum.
    static func strayField<T: Real>(_ m: VectorCells<T>, _ work: UnsafeMutablePointer<T>, _ symbols: LateralSymbols<T>, averaged: Bool,
                                    scale: T, _ layout: Layout, columns: Range<Int>, planes: Range<Int>)
    /// Factors for walls whose viscous row is `wall` (3: no slip, 1: free slip) and the drag of each layer; `floor` is added to the transverse operator
    /// where |v| = 0.
    static func factorStokes<T: Real>(_ factors: StokesFactors<T>, _ symbols: LateralSymbols<T>, drag: UnsafePointer<T>, wall: T, floor: T,
                                      _ layout: Layout, columns: Range<Int>, planes: Range<Int>)
    /// f (spectra) is overwritten by scale u, -lap u + drag(y) u + grad p = f, div u = 0.
    static func solveStokes<T: Real>(_ f: VectorCells<T>, _ factors: StokesFactors<T>, _ symbols: LateralSymbols<T>, scale: T,
                                     _ layout: Layout, columns: Range<Int>, planes: Range<Int>)
    /// f (spectrum) is overwritten by scale times the solution of the tridiagonal systems along y, coupled by -1, that the pivots factorise (the transverse
    /// ones of `factorStokes`).
    static func solveLayers<T: Real>(_ f: UnsafeMutablePointer<T>, pivots: UnsafePointer<T>, scale: T, _ layout: Layout, columns: Range<Int>,
                                     planes: Range<Int>)
    /// f = -lap u + drag u on faces, 0 for the y component on the wall; rowSums = u . f. Ghosts of u filled.
    static func applyBrinkman<T: Real>(_ f: VectorCells<T>, _ u: VectorCells<T>, _ drag: VectorCells<T>, wall: T,
                                       _ rowSums: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>)
    /// Faces get the plain mean of the two cells; ghosts of c filled.
    static func faceMeans<T: Real>(_ f: VectorCells<T>, _ c: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>)
    /// c = -div (weight u) at centres (weight 1 when nil); ghosts of u and weight filled.
    static func staggeredSources<T: Real>(_ c: UnsafeMutablePointer<T>, _ u: VectorCells<T>, _ weight: VectorCells<T>?,
                                          _ layout: Layout, _ rows: Range<Int>)
    /// u -= weight grad p (weight 1 when nil), 0 for the y component on the wall, ghosts included; ghosts of p wrapped.
    static func subtractGradient<T: Real>(_ u: VectorCells<T>, _ p: UnsafePointer<T>, _ weight: VectorCells<T>?,
                                          _ layout: Layout, _ rows: Range<Int>)
}
