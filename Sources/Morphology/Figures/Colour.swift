import Glibc

/// An sRGB colour, 8 bits a channel.
public struct Colour: Sendable, Hashable {
    public var red: UInt8, green: UInt8, blue: UInt8

    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) { (self.red, self.green, self.blue) = (red, green, blue) }

    /// 0xRRGGBB.
    public init(hex: Int) { self.init(UInt8(hex >> 16 & 255), UInt8(hex >> 8 & 255), UInt8(hex & 255)) }

    /// "#rrggbb".
    public var hex: String {
        "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    var channels: SIMD3<Double> { SIMD3(Double(red), Double(green), Double(blue)) / 255 }

    init(channels c: SIMD3<Double>) {
        func byte(_ v: Double) -> UInt8 { UInt8((min(max(v, 0), 1) * 255).rounded()) }
        self.init(byte(c.x), byte(c.y), byte(c.z))
    }

    /// Fraction t of the way from this colour to another, in sRGB.
    func mixed(with other: Colour, _ t: Double) -> Colour { Colour(channels: channels * (1 - t) + other.channels * t) }
}

/// A colour in OKLab: lightness L from 0 to 1 and two opponent axes, in which equal distances look equally large.
///
/// Conversion from Bjorn Ottosson, "A perceptual color space for image processing" (2020).
struct OKLab: Sendable {
    var l: Double, a: Double, b: Double

    init(l: Double, a: Double, b: Double) { (self.l, self.a, self.b) = (l, a, b) }

    /// By chroma and hue (degrees); the chroma is lowered until the colour exists in sRGB.
    init(l: Double, chroma: Double, hue: Double) {
        let angle = hue * .pi / 180, direction = SIMD2(cos(angle), sin(angle))
        func at(_ chroma: Double) -> OKLab { OKLab(l: l, a: chroma * direction.x, b: chroma * direction.y) }
        var low = 0.0, high = chroma
        if at(high).isDisplayable { low = high }
        while high - low > 1e-5 { let middle = (low + high) / 2; if at(middle).isDisplayable { low = middle } else { high = middle } }
        self = at(low)
    }

    private var linear: SIMD3<Double> {
        let m = SIMD3(l + 0.3963377774 * a + 0.2158037573 * b, l - 0.1055613458 * a - 0.0638541728 * b, l - 0.0894841775 * a - 1.2914855480 * b)
        let c = m * m * m
        return SIMD3(
            4.0767416621 * c.x - 3.3077115913 * c.y + 0.2309699292 * c.z,
            -1.2684380046 * c.x + 2.6097574011 * c.y - 0.3413193965 * c.z,
            -0.0041960863 * c.x - 0.7034186147 * c.y + 1.7076147010 * c.z)
    }

    private var isDisplayable: Bool { linear.min() >= -1e-4 && linear.max() <= 1 + 1e-4 }

    var colour: Colour {
        func companded(_ v: Double) -> Double { v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055 }
        let c = linear
        return Colour(channels: SIMD3(companded(c.x), companded(c.y), companded(c.z)))
    }

    func distance(to o: OKLab) -> Double { sqrt((l - o.l) * (l - o.l) + (a - o.a) * (a - o.a) + (b - o.b) * (b - o.b)) }
}
