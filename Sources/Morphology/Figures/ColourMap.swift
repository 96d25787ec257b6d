import Glibc

/// A colour scale in which equal steps of the value look equally large.
///
/// Each map is a smooth curve in OKLab: a cubic B-spline over points given by a formula for lightness, chroma and hue,
/// re-sampled at equal perceptual arc length so that no part of the scale shouts. Lightness is monotonic (or symmetric about the middle for the diverging map):
/// the maps survive printing in grey and the common forms of colour blindness.
public struct ColourMap: Sendable {
    public let name: String
    /// 256 colours from the low to the high end.
    public let colours: [Colour]

    /// - Parameters:
    ///   - spans: pieces of the spline; fewer are smoother.
    ///   - curve: colour at a position between 0 and 1.
    init(name: String, spans: Int = 10, _ curve: (Double) -> OKLab) {
        let points = (0...spans).map { curve(Double($0) / Double(spans)) }
        let fine = (0...2048).map { n in ColourMap.spline(points, at: Double(n) / 2048 * Double(spans)) }
        var length = [0.0]
        for i in 1..<fine.count { length.append(length[i - 1] + fine[i].distance(to: fine[i - 1])) }
        var at = 0
        colours = (0..<256).map { n in
            let target = length[fine.count - 1] * Double(n) / 255
            while at < fine.count - 2 && length[at + 1] < target { at += 1 }
            let span = length[at + 1] - length[at], t = span > 0 ? min(max((target - length[at]) / span, 0), 1) : 0
            let p = fine[at], q = fine[at + 1]
            return OKLab(l: p.l + t * (q.l - p.l), a: p.a + t * (q.a - p.a), b: p.b + t * (q.b - p.b)).colour
        }
        self.name = name
    }

    /// Uniform cubic B-spline, continued by reflection so that it starts and ends on its first and last point.
    private static func spline(_ p: [OKLab], at x: Double) -> OKLab {
        let n = min(Int(x), p.count - 2), t = x - Double(n), s = 1 - t
        func point(_ i: Int) -> SIMD3<Double> {
            func v(_ c: OKLab) -> SIMD3<Double> { SIMD3(c.l, c.a, c.b) }
            if i < 0 { return 2 * v(p[0]) - v(p[-i]) }
            return i < p.count ? v(p[i]) : 2 * v(p[p.count - 1]) - v(p[2 * p.count - 2 - i])
        }
        let early = point(n - 1) * (s * s * s) + point(n) * (4 - 6 * t * t + 3 * t * t * t)
        let late = point(n + 1) * (4 - 6 * s * s + 3 * s * s * s) + point(n + 2) * (t * t * t)
        let c = (early + late) / 6
        return OKLab(l: c.x, a: c.y, b: c.z)
    }

    /// The colour of a position between 0 and 1 (held at the ends).
    public func callAsFunction(_ t: Double) -> Colour {
        t.isFinite ? colours[Int((min(max(t, 0), 1) * 255).rounded())] : Colour(128, 128, 128)
    }

    /// Violet, teal, yellow: fractions and anything without a sign.
    public static let phase = ColourMap(name: "phase") { t in
        OKLab(l: 0.24 + 0.68 * t, chroma: 0.10 + 0.035 * sin(.pi * t) + 0.05 * t * t, hue: 295 - 190 * t)
    }

    /// Navy to pale sand: concentrations.
    public static let concentration = ColourMap(name: "concentration") { t in
        OKLab(l: 0.22 + 0.74 * t, chroma: 0.05 + 0.09 * sin(.pi * min(1, 0.15 + t * 0.85)), hue: 268 - 68 * t - 105 * t * t * t)
    }

    /// Blue, near white, red: quantities with a sign; symmetric in lightness.
    public static let diverging = ColourMap(name: "diverging", spans: 14) { t in
        let s = abs(2 * t - 1)
        return OKLab(l: 0.965 - 0.53 * pow(s, 1.1), chroma: 0.006 + 0.17 * pow(s, 0.85), hue: t < 0.5 ? 255 : 28)
    }

    /// Dark plum to light apricot: potentials and stresses.
    public static let potential = ColourMap(name: "potential") { t in
        OKLab(l: 0.23 + 0.69 * t, chroma: 0.07 + 0.10 * sin(.pi * t), hue: 320 + 110 * t)
    }
}
