/// A picture as a list of marks in points (1/96 inch), origin at the top left: written as PNG or SVG with the same look.
public struct Drawing: Sendable {
    public let width: Double, height: Double
    private var marks: [Mark] = []

    private enum Mark: Sendable {
        case stroke([[Point]], width: Double, Paint, opacity: Double)
        case fill([[Point]], Paint, opacity: Double)
        case text(String, [[Point]], width: Double, Paint)
        case image(Raster, x: Double, y: Double, width: Double, height: Double)
    }

    public enum Anchor: Sendable { case start, middle, end }

    public init(width: Double, height: Double) { (self.width, self.height) = (width.rounded(.up), height.rounded(.up)) }

    public mutating func stroke(_ lines: [[Point]], width: Double = Theme.hairline, _ paint: Paint, dash: [Double] = [], opacity: Double = 1) {
        let drawn = dash.isEmpty ? lines : lines.flatMap { Drawing.dashed($0, dash) }
        marks.append(.stroke(drawn.filter { !$0.isEmpty }, width: width, paint, opacity: opacity))
    }

    public mutating func line(_ a: Point, _ b: Point, width: Double = Theme.hairline, _ paint: Paint) { stroke([[a, b]], width: width, paint) }

    public mutating func fill(_ polygons: [[Point]], _ paint: Paint, opacity: Double = 1) {
        marks.append(.fill(polygons, paint, opacity: opacity))
    }

    public mutating func rectangle(x: Double, y: Double, width: Double, height: Double, _ paint: Paint, opacity: Double = 1) {
        fill([[Point(x, y), Point(x + width, y), Point(x + width, y + height), Point(x, y + height)]], paint, opacity: opacity)
    }

    public mutating func disc(_ centre: Point, radius: Double, _ paint: Paint) { stroke([[centre]], width: 2 * radius, paint) }

    public mutating func image(_ raster: Raster, x: Double, y: Double, width: Double, height: Double) {
        marks.append(.image(raster, x: x, y: y, width: width, height: height))
    }

    /// Text with its baseline at `at.y`; `upward` turns it to read from bottom to top, `halo` lays it on a light edge.
    public mutating func text(
        _ text: String, at: Point, size: Double = Theme.labelSize, _ paint: Paint = .ink, anchor: Anchor = .start,
        bold: Bool = false, upward: Bool = false, halo: Paint? = nil
    ) {
        let laid = StrokeFont.lay(text, size: size)
        let shift = anchor == .start ? 0 : (anchor == .middle ? -laid.width / 2 : -laid.width)
        let lines = laid.lines.map { $0.map { p in upward ? at + Point(p.y, -(p.x + shift)) : at + Point(p.x + shift, p.y) } }
        let weight = size * (bold ? Theme.boldWeight : Theme.textWeight)
        if let halo { stroke(lines, width: weight + 2.4, halo) }
        marks.append(.text(text, lines, width: weight, paint))
    }

    public static func textWidth(_ text: String, size: Double = Theme.labelSize) -> Double { StrokeFont.width(text, size: size) }

    /// Another drawing with its top left corner at a point.
    public mutating func insert(_ other: Drawing, at: Point) {
        for mark in other.marks {
            switch mark {
            case .stroke(let lines, let width, let paint, let opacity):
                marks.append(.stroke(lines.map { $0.map { $0 + at } }, width: width, paint, opacity: opacity))
            case .fill(let polygons, let paint, let opacity):
                marks.append(.fill(polygons.map { $0.map { $0 + at } }, paint, opacity: opacity))
            case .text(let text, let lines, let width, let paint):
                marks.append(.text(text, lines.map { $0.map { $0 + at } }, width: width, paint))
            case .image(let raster, let x, let y, let width, let height):
                marks.append(.image(raster, x: x + at.x, y: y + at.y, width: width, height: height))
            }
        }
    }

    // MARK: - PNG

    public func raster(scale: Double = 2, dark: Bool = false) -> Raster {
        var canvas = Canvas(
            width: Int((width * scale).rounded()), height: Int((height * scale).rounded()),
            paper: Theme.colour(.paper, dark: dark))
        func scaled(_ lines: [[Point]]) -> [[Point]] { lines.map { $0.map { $0 * scale } } }
        for mark in marks {
            switch mark {
            case .stroke(let lines, let width, let paint, let opacity):
                canvas.stroke(scaled(lines), width: width * scale, Theme.colour(paint, dark: dark), opacity: opacity)
            case .fill(let polygons, let paint, let opacity):
                canvas.fill(scaled(polygons), Theme.colour(paint, dark: dark), opacity: opacity)
            case .text(_, let lines, let width, let paint):
                canvas.stroke(scaled(lines), width: width * scale, Theme.colour(paint, dark: dark))
            case .image(let raster, let x, let y, let width, let height):
                let fitted = raster.resized(width: Int((width * scale).rounded()), height: Int((height * scale).rounded()))
                canvas.place(fitted, x: Int((x * scale).rounded()), y: Int((y * scale).rounded()))
            }
        }
        return canvas.raster
    }

    public func png(scale: Double = 2, dark: Bool = false) -> [UInt8] { PNG.encode(raster(scale: scale, dark: dark), pixelsPerInch: 96 * scale) }

    // MARK: - SVG

    /// One figure that follows the light or dark setting of its reader. Letters are outlines; each text keeps its words as a label.
    public func svg(title: String = "") -> String {
        var paints: Set<Paint> = [.paper]
        var body = ""
        for mark in marks {
            switch mark {
            case .stroke(let lines, let width, let paint, let opacity):
                paints.insert(paint)
                body +=
                    "<path d=\"\(Drawing.path(lines, closed: false))\" \(Theme.attributes(stroke: paint)) stroke-width=\"\(Numbers.short(width))\""
                    + (opacity < 1 ? " opacity=\"\(Numbers.short(opacity))\"" : "") + "/>\n"
            case .fill(let polygons, let paint, let opacity):
                paints.insert(paint)
                body +=
                    "<path d=\"\(Drawing.path(polygons, closed: true))\" \(Theme.attributes(fill: paint)) stroke=\"none\""
                    + (opacity < 1 ? " opacity=\"\(Numbers.short(opacity))\"" : "") + "/>\n"
            case .text(let text, let lines, let width, let paint):
                paints.insert(paint)
                body +=
                    "<path role=\"img\" aria-label=\"\(Drawing.escaped(text))\" d=\"\(Drawing.path(lines, closed: false))\""
                    + " \(Theme.attributes(stroke: paint)) stroke-width=\"\(Numbers.short(width))\"/>\n"
            case .image(let raster, let x, let y, let width, let height):
                body +=
                    "<image x=\"\(Numbers.short(x))\" y=\"\(Numbers.short(y))\" width=\"\(Numbers.short(width))\""
                    + " height=\"\(Numbers.short(height))\" href=\"data:image/png;base64,\(Base64.encode(PNG.encode(raster)))\"/>\n"
            }
        }
        let size = "\(Numbers.short(width)) \(Numbers.short(height))".split(separator: " ")
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" width="\(size[0])" height="\(size[1])" viewBox="0 0 \(size[0]) \(size[1])" \
            fill="none" stroke-linecap="round" stroke-linejoin="round"><title>\(Drawing.escaped(title))</title>
            <style>\(Theme.styleSheet(for: paints))</style>
            <rect width="100%" height="100%" \(Theme.attributes(fill: .paper))/>
            \(body)</svg>

            """
    }

    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { out, c in
            switch c {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            default: out.append(c)
            }
        }
    }

    private static func path(_ lines: [[Point]], closed: Bool) -> String {
        var out = ""
        for line in lines {
            for (n, p) in line.enumerated() { out += (n == 0 ? "M" : (n == 1 ? "L" : " ")) + Numbers.short(p.x) + "," + Numbers.short(p.y) }
            if line.count == 1 { out += "h0" }
            if closed { out += "Z" }
        }
        return out
    }

    private static func dashed(_ line: [Point], _ pattern: [Double]) -> [[Point]] {
        guard line.count > 1 else { return [line] }
        var out: [[Point]] = [], current = [line[0]], part = 0, left = pattern[0]
        for (a, b) in zip(line, line.dropFirst()) {
            let length = ((b - a) * (b - a)).sum().squareRoot()
            var done = 0.0
            while length - done > left {
                done += left
                let p = a + (b - a) * (done / length)
                if part % 2 == 0 { out.append(current + [p]) }
                part = (part + 1) % pattern.count
                (left, current) = (pattern[part], [p])
            }
            left -= length - done
            current.append(b)
        }
        if part % 2 == 0 && current.count > 1 { out.append(current) }
        return out
    }
}

extension Raster {
    /// Area average when shrinking, linear interpolation when growing.
    public func resized(width w: Int, height h: Int) -> Raster {
        guard w != width || h != height, w > 0, h > 0 else { return self }
        func taps(_ from: Int, _ to: Int) -> [(first: Int, weights: [Float])] {
            let ratio = Double(from) / Double(to), reach = max(ratio, 1)
            return (0..<to).map { n in
                let centre = (Double(n) + 0.5) * ratio - 0.5
                let first = Int((centre - reach).rounded(.up)), last = Int((centre + reach).rounded(.down))
                var weights = [Float](repeating: 0, count: max(last - first + 1, 1))
                for i in weights.indices { weights[i] = Float(max(1 - abs(Double(first + i) - centre) / reach, 0)) }
                let sum = weights.reduce(0, +)
                return (first, sum > 0 ? weights.map { $0 / sum } : [1])
            }
        }
        let across = taps(width, w), down = taps(height, h)
        var half = [Float](repeating: 0, count: 4 * w * height), out = Raster(width: w, height: h)
        for y in 0..<height {
            for x in 0..<w {
                for (i, weight) in across[x].weights.enumerated() {
                    let p = 4 * (y * width + min(max(across[x].first + i, 0), width - 1))
                    for c in 0..<4 { half[4 * (y * w + x) + c] += weight * Float(bytes[p + c]) }
                }
            }
        }
        for y in 0..<h {
            for x in 0..<w {
                for c in 0..<4 {
                    var sum: Float = 0
                    for (i, weight) in down[y].weights.enumerated() {
                        sum += weight * half[4 * (min(max(down[y].first + i, 0), height - 1) * w + x) + c]
                    }
                    out.bytes[4 * (y * w + x) + c] = UInt8(min(max(sum.rounded(), 0), 255))
                }
            }
        }
        return out
    }
}
