import Glibc

/// Where the metal surface xi = 1/2 lies between two cells.
///
/// The phase field has the profile xi = (1 - tanh(n / 2l)) / 2 across the surface, whose logit log(xi / (1 - xi)) = -n / l is linear
/// in the distance n. Interpolating the logit therefore places a planar front exactly, where interpolating xi itself is up to 0.6 %
/// of a cell off at l = dx. Values at or beyond 0 and 1 (overshoots, masks) are held 1e-6 inside, which puts a sharp step midway.
enum Level {
    @inline(__always)
    static func logit(_ xi: Float) -> Double {
        let held = min(max(Double(xi), 1e-6), 1 - 1e-6)
        return log(held / (1 - held))
    }

    @inline(__always)
    static func isMetal(_ xi: Float) -> Bool { xi >= 0.5 }

    /// Fraction of the way from a to b at which xi passes 1/2; a and b lie on opposite sides.
    @inline(__always)
    static func crossing(_ a: Float, _ b: Float) -> Double {
        let p = logit(a), q = logit(b)
        return p == q ? 0.5 : p / (p - q)
    }
}
