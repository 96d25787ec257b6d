/// The numbers of a Butler-Volmer rate; see `ReactionKernels.reactionRates`.
public struct ReactionNumbers<T: Real>: Sendable {
    /// Exchange rate i0 V_m/(zF), m/s, at c = c_ref.
    public var exchangeRate: T
    /// 1/c_ref, m^3/mol.
    public var inverseReference: T
    /// alpha f and (1 - alpha) f, 1/V.
    public var cathodic: T, anodic: T
    /// Uniform part of the overpotential, phi_s, V.
    public var metalPotential: T
    /// eta_curv = curvatureFactor K, V m.
    public var curvatureFactor: T
    /// Exponent that multiplies c/c_ref in both branches: 0 (electrostatic potential) or 1 - alpha (potential against a reference electrode, where the
    /// cathodic branch loses its factor c as well).
    public var usesReferencePotential: Bool
    /// v_n r_film zF/V_m adds to eta: zF/V_m, C/m^3, to turn m/s into A/m^2.
    public var chargePerVolume: T

    /// Gradients that a unit of v_n makes at the surface: of c, (1 - t+)/(V_m D), mol s/m^5, and of phi_l, zF/(V_m kappa), V s/m^2. With `distance`
    /// given, v_n is the rate at the surface itself, c and phi_l being extrapolated there along these gradients.
    public var saltGradient: T = 0, potentialGradient: T = 0

    public init(exchangeRate: T, inverseReference: T, cathodic: T, anodic: T, metalPotential: T, curvatureFactor: T,
                usesReferencePotential: Bool, chargePerVolume: T) {
        (self.exchangeRate, self.inverseReference) = (exchangeRate, inverseReference)
        (self.cathodic, self.anodic, self.metalPotential) = (cathodic, anodic, metalPotential)
        (self.curvatureFactor, self.usesReferencePotential) = (curvatureFactor, usesReferencePotential)
        self.chargePerVolume = chargePerVolume
    }
}

/// Optional fields that modify a rate, each nil when its effect is off.
public struct ReactionFields<T: Real> {
    /// Factor on the exchange rate: one row of cells per z (a map over the electrode), or a whole field.
    public var site: UnsafePointer<T>?
    public var siteIsLateral: Bool
    /// Sum of principal curvatures, 1/m.
    public var curvature: UnsafePointer<T>?
    /// Further overpotential, V (> 0 slows plating).
    public var overpotential: UnsafePointer<T>?
    /// Series resistance of a film, ohm m^2.
    public var resistance: UnsafePointer<T>?
    /// V >= 0 that plating has to overcome, one row of cells per z: taken off the drive, the distance of eta to its Nernst value, and never more than is there.
    public var barrier: UnsafePointer<T>?
    /// Signed distance to the surface, m, positive in the electrolyte.
    public var distance: UnsafePointer<T>?

    public init(site: UnsafePointer<T>? = nil, siteIsLateral: Bool = true, curvature: UnsafePointer<T>? = nil, distance: UnsafePointer<T>? = nil,
                overpotential: UnsafePointer<T>? = nil, resistance: UnsafePointer<T>? = nil, barrier: UnsafePointer<T>? = nil) {
        (self.site, self.siteIsLateral, self.curvature) = (site, siteIsLateral, curvature)
        (self.overpotential, self.resistance, self.distance, self.barrier) = (overpotential, resistance, distance, barrier)
    }
}

public protocol ReactionKernels: Sendable {
    /// R = weight v_n with v_n = v_0 [(c/c_ref) e^{-alpha f eta} - e^{(1-alpha) f eta}], eta = phi_s - phi_l + eta_curv + ... + i_n r, and its
    /// derivatives dR/dc and dR/dphi_l (both >= 0). With a film, i_n is implicit in itself and solved pointwise by a Newton iteration kept inside the
    /// bracket between the ohmic and the Nernst limit. All are 0 where the weight is. Concentrations below `floor` count as `floor`.
    /// rowMaxima = largest |v_n| where xi is within [0.1, 0.9].
    static func reactionRates<T: Real>(rate: UnsafeMutablePointer<T>, byConcentration: UnsafeMutablePointer<T>, byPotential: UnsafeMutablePointer<T>,
                                       weight: UnsafePointer<T>, xi: UnsafePointer<T>, concentration: UnsafePointer<T>,
                                       potential: UnsafePointer<T>, _ fields: ReactionFields<T>, _ numbers: ReactionNumbers<T>, floor: T,
                                       rowMaxima: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>)
    /// rate and growth += d, xi += d/a0 with d = slope (new - old - shift); rowMaxima = the largest |d|.
    static func updateRates<T: Real>(rate: UnsafeMutablePointer<T>, growth: UnsafeMutablePointer<T>, xi: UnsafeMutablePointer<T>, _ a0: T,
                                     slope: UnsafePointer<T>, _ new: UnsafePointer<T>, _ old: UnsafePointer<T>, shift: T,
                                     rowMaxima: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>)
    /// x *= mask (bytes 0 or 1, one per cell without padding).
    static func mask<T: Real>(_ x: UnsafeMutablePointer<T>, _ mask: UnsafePointer<UInt8>, _ layout: Layout, _ rows: Range<Int>)
    /// growth = rate + share (g - rate) with g = a0 xi - a1 last - a2 before + loss and share = c/depleted kept within 0 and 1: what is not reaction
    /// counts only where there is salt for it. rowSums = what is left out, the sum of g - growth; rowChanges = the largest |xi - last|.
    static func growth<T: Real>(_ growth: UnsafeMutablePointer<T>, _ xi: UnsafePointer<T>, _ a0: T, _ last: UnsafePointer<T>, _ a1: T,
                                _ before: UnsafePointer<T>, _ a2: T, loss: UnsafePointer<T>?, rate: UnsafePointer<T>,
                                concentration c: UnsafePointer<T>, depleted: T, _ rowSums: UnsafeMutablePointer<Double>,
                                rowChanges: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>)
    /// growth += factor weight [max(c, 0)]; c nil counts as 1.
    static func share<T: Real>(_ growth: UnsafeMutablePointer<T>, _ weight: UnsafePointer<T>, _ c: UnsafePointer<T>?, factor: T,
                               _ layout: Layout, _ rows: Range<Int>)
    /// rowSums = sum over the cells with y > 0 of x y
    static func dotPositive<T: Real>(_ x: UnsafePointer<T>, _ y: UnsafePointer<T>, _ rowSums: UnsafeMutablePointer<Double>, _ layout: Layout,
                                     _ rows: Range<Int>)
    /// rate *= 1 + amplitude (g - mean)
    static func modulate<T: Real>(_ rate: UnsafeMutablePointer<T>, _ g: UnsafePointer<T>, mean: T, amplitude: T, _ layout: Layout, _ rows: Range<Int>)
}
