import CPlatform
import Foundation
import Morphology
import Testing
import Validation

/// The parts that figures are made of.
@Suite struct DrawingTests {
    @Test(arguments: [false, true]) func pngFilesDecodeToTheSamePixels(_ transparent: Bool) throws {
        var random = SelfAffineSurface.Generator(state: 9), raster = Raster(width: 37, height: 23)
        for y in 0..<23 {
            for x in 0..<37 {
                let noisy = y > 11
                raster[x, y] = Colour(UInt8(6 * x), noisy ? UInt8(random.uniform() * 255) : UInt8(9 * y), UInt8((3 * x + 5 * y) % 256))
                if transparent { raster.bytes[4 * (37 * y + x) + 3] = UInt8(7 * x % 256) }
            }
        }
        let decoded = try Self.decode(PNG.encode(raster))
        #expect(decoded.width == 37 && decoded.height == 23 && decoded.channels == (transparent ? 4 : 3))
        for n in 0..<(37 * 23) {
            for c in 0..<decoded.channels { #expect(decoded.bytes[n * decoded.channels + c] == raster.bytes[4 * n + c]) }
        }
    }

    @Test func shapesCoverPixelsByTheirArea() {
        var d = Drawing(width: 40, height: 40)
        d.rectangle(x: 10.25, y: 5, width: 10.25, height: 20.5, .fixed(Colour(0, 0, 0)))
        let r = d.raster(scale: 1)
        #expect(r[15, 10].red == 0 && r[9, 10].red == 255 && r[21, 10].red == 255)
        #expect(abs(Int(r[10, 10].red) - 64) <= 1 && abs(Int(r[20, 10].red) - 128) <= 1 && abs(Int(r[15, 25].red) - 128) <= 1)
        // A triangle: half of the square's area, whatever the slope of its sides.
        var t = Drawing(width: 40, height: 40)
        t.fill([[Point(3.3, 2.1), Point(35.7, 20.4), Point(9.9, 37.2)]], .fixed(Colour(0, 0, 0)))
        let exact: Double = 0.5 * (32.4 * 35.1 - 6.6 * 18.3)
        #expect(abs(Self.ink(t.raster(scale: 1)) / exact - 1) < 0.002)
        // A line of width 3 and length 20 with round ends.
        var l = Drawing(width: 40, height: 40)
        l.line(Point(10, 20), Point(30, 20), width: 3, .fixed(Colour(0, 0, 0)))
        #expect(abs(Self.ink(l.raster(scale: 1)) / (60 + .pi * 2.25) - 1) < 0.03)
    }

    /// Area covered by black, pixels.
    private static func ink(_ r: Raster) -> Double {
        var sum = 0.0
        for y in 0..<r.height { for x in 0..<r.width { sum += 1 - Double(r[x, y].red) / 255 } }
        return sum
    }

    @Test func svgIsReadableEverywhereAndKeepsItsWords() throws {
        let chart = LineChart(title: "A <title> & more", x: .init("Time", unit: "s"), y: .init("Height", unit: "m"),
                              series: [.init("first", x: [0, 50, 100], y: [0, 2e-6, 4e-6]), .init("second", x: [0, 50, 100], y: [0, .nan, 3e-6])])
        let svg = chart.svg()
        let parser = XMLChecker(svg)
        #expect(parser.isWellFormed)
        for word in ["Time (s)", "Height (µm)", "A &lt;title&gt; &amp; more", "first", "second", "100"] {
            #expect(svg.contains("aria-label=\"\(word)\""))
        }
        #expect(!svg.contains("var(") && svg.contains("prefers-color-scheme:dark") && svg.contains("stroke=\"#"))
        #expect(!svg.contains("<text") && !svg.contains("nan"))
    }

    @Test func chartsOfNothingAndOfOnePoint() {
        for (x, y) in [([], []), ([1.0], [2.0]), ([0.0, 1], [Double.nan, .nan]), ([0.0, 1], [5.0, 5])] as [([Double], [Double])] {
            for logarithmic in [false, true] {
                let chart = LineChart(
                    title: "t", x: .init("x", logarithmic: logarithmic), y: .init("y", logarithmic: logarithmic), series: [.init("s", x: x, y: y)])
                #expect(XMLChecker(chart.svg()).isWellFormed)
            }
        }
    }

    @Test func lightnessOfColourMaps() {
        func lightness(_ c: Colour) -> Double {
            func linear(_ v: UInt8) -> Double { let s = Double(v) / 255; return s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4) }
            let y = 0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue)
            return 116 * cbrt(max(y, 0.008856)) - 16
        }
        for map in [ColourMap.phase, .concentration, .potential] {
            let l = map.colours.map(lightness)
            // Rising all the way, in nearly equal steps of sixteen.
            #expect(zip(l, l.dropFirst(4)).allSatisfy { $1 > $0 })
            let steps = stride(from: 0, to: 240, by: 16).map { l[$0 + 16] - l[$0] }
            #expect((steps.max() ?? 9) < 2.2 * (steps.min() ?? 0), "\(map.name)")
            #expect(l[255] - l[0] > 65)
        }
        let l = ColourMap.diverging.colours.map(lightness)
        #expect((0..<128).allSatisfy { abs(l[$0] - l[255 - $0]) < 5 } && l[127] > 93)
    }

    @Test func numbersAndUnits() {
        #expect(Numbers.fixed(-0.0004, decimals: 2) == "0.00" && Numbers.fixed(-1.256, decimals: 2) == "−1.26")
        #expect(Numbers.significant(1234.5678, 3) == "1235" && Numbers.significant(1.25e-7) == "1.25×10⁻⁷" && Numbers.significant(.nan) == "–")
        #expect(
            Numbers.trimmed(40.0, decimals: 1) == "40" && Numbers.trimmed(22.4, decimals: 2) == "22.4" && Numbers.trimmed(100, decimals: 0) == "100")
        func unit(_ si: String, _ largest: Double) -> String { DisplayUnit.fitting(si, largest: largest).symbol }
        #expect(unit("m", 3e-6) == "µm" && unit("m", 28e-9) == "nm" && unit("s", 90) == "s" && unit("s", 7200) == "h" && unit("s", 0) == "s")
        #expect(
            unit("mol/m^3", 999) == "mol/L" && unit("A/m^2", 50) == "mA/cm²" && unit("V", -0.12) == "mV" && unit("1", 5) == ""
                && unit("kg", 5) == "kg")
        #expect(abs(50 * DisplayUnit.fitting("A/m2", largest: 50).perSI - 5) < 1e-12)
        #expect(abs(36000 * DisplayUnit.fitting("C/m^2", largest: 36000).perSI - 1) < 1e-12)
    }

    // MARK: - A reader of PNG files

    private struct Decoded { var width: Int, height: Int, channels: Int, bytes: [UInt8] }

    private static func decode(_ file: [UInt8]) throws -> Decoded {
        func number(_ at: Int) -> Int { file[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) } }
        try #require(Array(file[..<8]) == [137, 80, 78, 71, 13, 10, 26, 10])
        var at = 8, data: [UInt8] = [], out = Decoded(width: 0, height: 0, channels: 0, bytes: []), kinds: [String] = []
        while at < file.count {
            let length = number(at), kind = String(decoding: file[(at + 4)..<(at + 8)], as: UTF8.self),
                body = Array(file[(at + 8)..<(at + 8 + length)])
            let tagged = Array(file[(at + 4)..<(at + 8 + length)])
            #expect(Int(crc32(0, tagged, uInt(tagged.count))) == number(at + 8 + length))
            if kind == "IHDR" { (out.width, out.height, out.channels) = (number(at + 8), number(at + 12), body[9] == 2 ? 3 : 4) }
            if kind == "IDAT" { data += body }
            kinds.append(kind)
            at += length + 12
        }
        #expect(kinds.first == "IHDR" && kinds.last == "IEND")
        let row = out.width * out.channels
        var raw = [UInt8](repeating: 0, count: (row + 1) * out.height), size = uLong(raw.count)
        #expect(uncompress(&raw, &size, data, uLong(data.count)) == Z_OK && Int(size) == raw.count)
        out.bytes = [UInt8](repeating: 0, count: row * out.height)
        for y in 0..<out.height {
            for i in 0..<row {
                let a = i >= out.channels ? Int(out.bytes[y * row + i - out.channels]) : 0, b = y > 0 ? Int(out.bytes[(y - 1) * row + i]) : 0
                let c = i >= out.channels && y > 0 ? Int(out.bytes[(y - 1) * row + i - out.channels]) : 0
                let p = a + b - c, near = [abs(p - a), abs(p - b), abs(p - c)]
                let paeth = near[0] <= near[1] && near[0] <= near[2] ? a : (near[1] <= near[2] ? b : c)
                let guess = [0, a, b, (a + b) / 2, paeth][Int(raw[y * (row + 1)])]
                out.bytes[y * row + i] = UInt8(truncatingIfNeeded: guess + Int(raw[y * (row + 1) + 1 + i]))
            }
        }
        return out
    }
}

/// Whether tags open and close in order and attributes are quoted.
private struct XMLChecker {
    var isWellFormed = true

    init(_ text: String) {
        var open: [Substring] = [], rest = Substring(text)
        while let start = rest.firstIndex(of: "<") {
            guard let end = rest[start...].firstIndex(of: ">") else { isWellFormed = false; return }
            let tag = rest[rest.index(after: start)..<end]
            if tag.count(where: { $0 == "\"" }) % 2 != 0 || tag.contains("<") { isWellFormed = false }
            if tag.hasPrefix("/") {
                if open.popLast() != tag.dropFirst() { isWellFormed = false }
            } else if !tag.hasSuffix("/") {
                open.append(tag.prefix { $0 != " " })
            }
            rest = rest[rest.index(after: end)...]
        }
        if !open.isEmpty { isWellFormed = false }
    }
}
