/// a1 u_n + a2 u_(n-1): what the formula of a time step takes from the past; a1 + a2 = a0.
public struct PastLevels<T: Real> {
    public let last: UnsafePointer<T>, a1: T
    public let before: UnsafePointer<T>, a2: T

    public init(_ last: UnsafePointer<T>, _ a1: T, _ before: UnsafePointer<T>, _ a2: T) {
        (self.last, self.a1, self.before, self.a2) = (last, a1, before, a2)
    }
}

/// Assembly of the salt and charge equations around a diffuse interface; eps = max(1 - xi, floor) is the electrolyte fraction.
public protocol TransportKernels: Sendable {
    /// Lower face coefficients scale mean(eps) [mean(property)]: arithmetic means of the two cells. Faces on bounded walls are 0. Right ghosts of
    /// `x` are not filled. `property` nil counts as 1.
    static func electrolyteFaces<T: Real>(x: UnsafeMutablePointer<T>, y: UnsafeMutablePointer<T>, z: UnsafeMutablePointer<T>?, xi: UnsafePointer<T>,
                                          property: UnsafePointer<T>?, floor: T, scale: T, boundedX: Bool, boundedY: Bool, boundedZ: Bool,
                                          _ layout: Layout, _ rows: Range<Int>)
    /// s = scale (a0 eps + lambda R_c);  b = scale (history - lambda (G - R_c c)), the salt balance linear in c; R_c nil: zero.
    static func saltSystem<T: Real>(s: UnsafeMutablePointer<T>, b: UnsafeMutablePointer<T>, xi: UnsafePointer<T>, growth: UnsafePointer<T>,
                                    byConcentration: UnsafePointer<T>?, concentration: UnsafePointer<T>, history: PastLevels<T>,
                                    a0: T, lambda: T, floor: T, scale: T, _ layout: Layout, _ rows: Range<Int>)
    /// s = lambda R_phi;  b = -lambda (G - R_phi phi) + junction (sum over faces of g (ln c - ln c_neighbour)): the charge balance linear in phi; R_phi
    /// nil: zero.
    /// `logarithm` nil: no diffusion potential. rowSums = sum of G, rowSquares = sum of G^2.
    static func chargeSystem<T: Real>(s: UnsafeMutablePointer<T>, b: UnsafeMutablePointer<T>, growth: UnsafePointer<T>, byPotential: UnsafePointer<T>?,
                                      potential: UnsafePointer<T>, logarithm: UnsafePointer<T>?, _ faces: FaceCoefficients<T>,
                                      lambda: T, junction: T, _ rowSums: UnsafeMutablePointer<Double>, _ rowSquares: UnsafeMutablePointer<Double>,
                                      _ layout: Layout, _ rows: Range<Int>)
    /// conserved = (history + flux (sum over faces of g (c_neighbour - c)) - lambda G)/a0: eps c after a step from its face fluxes.
    static func conservedUpdate<T: Real>(_ conserved: UnsafeMutablePointer<T>, history: PastLevels<T>, concentration: UnsafePointer<T>,
                                         growth: UnsafePointer<T>, _ faces: FaceCoefficients<T>, flux: T, lambda: T, a0: T,
                                         _ layout: Layout, _ rows: Range<Int>)
    /// out = ln max(c, floor), ghosts included.
    static func logarithm<T: Real>(_ out: UnsafeMutablePointer<T>, _ c: UnsafePointer<T>, floor: T, _ layout: Layout, _ rows: Range<Int>)
    /// out = a x + b y + c z
    static func combineThree<T: Real>(_ out: UnsafeMutablePointer<T>, _ a: T, _ x: UnsafePointer<T>, _ b: T, _ y: UnsafePointer<T>,
                                      _ c: T, _ z: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>)
    /// out = a x + b y + c z + w
    static func combineFour<T: Real>(_ out: UnsafeMutablePointer<T>, _ a: T, _ x: UnsafePointer<T>, _ b: T, _ y: UnsafePointer<T>,
                                     _ c: T, _ z: UnsafePointer<T>, _ w: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>)
    /// eps c with eps = max(1 - xi, floor).
    static func content<T: Real>(_ out: UnsafeMutablePointer<T>, xi: UnsafePointer<T>, concentration: UnsafePointer<T>, floor: T,
                                 _ layout: Layout, _ rows: Range<Int>)
    /// The wall y = L, half a cell above the last row, with w = 2 scale eps [property]: s += w, b += w value. `values` is one row of cells per z.
    static func wallSystem<T: Real>(s: UnsafeMutablePointer<T>, b: UnsafeMutablePointer<T>, values: UnsafePointer<T>, xi: UnsafePointer<T>,
                                    property: UnsafePointer<T>?, floor: T, scale: T, _ layout: Layout)
    /// flux = factor w (value - u) + flux, per cell of the last row.
    static func wallFlux<T: Real>(_ flux: UnsafeMutablePointer<T>, _ u: UnsafePointer<T>, values: UnsafePointer<T>, xi: UnsafePointer<T>,
                                  property: UnsafePointer<T>?, floor: T, scale: T, factor: T, _ layout: Layout)
    /// u += factor flux on the last row.
    static func addToLastRow<T: Real>(_ u: UnsafeMutablePointer<T>, _ flux: UnsafePointer<T>, factor: T, _ layout: Layout)
    /// rowMaxima = largest |u - (a x + b y + c z)| over cells with xi < 1/2; NaN if any is NaN.
    static func predictionError<T: Real>(_ u: UnsafePointer<T>, _ a: T, _ x: UnsafePointer<T>, _ b: T, _ y: UnsafePointer<T>, _ c: T,
                                         _ z: UnsafePointer<T>, xi: UnsafePointer<T>, rowMaxima: UnsafeMutablePointer<Double>,
                                         _ layout: Layout, _ rows: Range<Int>)
    /// rowMaxima = largest u of the row (NaN if any is NaN).
    static func rowMaximum<T: Real>(_ u: UnsafePointer<T>, rowMaxima: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>)
}
