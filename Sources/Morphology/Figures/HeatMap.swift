/// A table of numbers as coloured cells, with the names of its rows and columns and a colour bar: a metric over two parameters.
public struct HeatMap: Sendable {
    public struct Axis: Sendable {
        public let label: String
        /// One per column from the left, or per row from the bottom.
        public let ticks: [String]

        public init(_ label: String, ticks: [String]) { (self.label, self.ticks) = (label, ticks) }
    }

    public var horizontal: Axis, vertical: Axis
    /// Rows from the bottom, SI; NaN leaves a cell empty.
    public var values: [[Double]]
    public var title: String, label: String, unit: String
    public var colours: ColourMap
    /// A second table whose change of sign is drawn as a line, and what the line is called.
    public var line: (values: [[Double]], label: String)?

    public init(
        _ values: [[Double]], horizontal: Axis, vertical: Axis, title: String, label: String, unit: String, colours: ColourMap = .phase,
        line: (values: [[Double]], label: String)? = nil
    ) {
        precondition(values.count == vertical.ticks.count && values.allSatisfy { $0.count == horizontal.ticks.count })
        (self.values, self.horizontal, self.vertical) = (values, horizontal, vertical)
        (self.title, self.label, self.unit, self.colours) = (title, label, unit, colours)
        self.line = line
    }

    /// Where the linear interpolation of a table between the centres of its cells is zero; cells are 1 wide, NaN ends a line.
    static func zeroes(of values: [[Double]]) -> [[Point]] {
        guard let columns = values.first?.count, columns > 1, values.count > 1 else { return [] }
        var pieces: [[Point]] = []
        for r in 0..<values.count - 1 {
            for c in 0..<columns - 1 {
                let corners = [(c, r), (c + 1, r), (c + 1, r + 1), (c, r + 1)]
                var cuts: [Point] = []
                for n in 0..<4 {
                    let (a, b) = (corners[n], corners[(n + 1) % 4]), u = values[a.1][a.0], v = values[b.1][b.0]
                    guard u.isFinite, v.isFinite, (u < 0) != (v < 0) else { continue }
                    let t = u / (u - v)
                    cuts.append(Point(Double(a.0) + 0.5 + t * Double(b.0 - a.0), Double(a.1) + 0.5 + t * Double(b.1 - a.1)))
                }
                for n in stride(from: 0, to: cuts.count - 1, by: 2) { pieces.append([cuts[n], cuts[n + 1]]) }
            }
        }
        return pieces
    }

    public func png(scale: Double = 2, dark: Bool = false) -> [UInt8] { drawing.png(scale: scale, dark: dark) }

    public var drawing: Drawing {
        let columns = horizontal.ticks.count, rows = vertical.ticks.count
        let finite = values.joined().filter(\.isFinite), low = finite.min() ?? 0, high = finite.max() ?? 1
        // A constant table has the colour of the middle.
        let half = high > low ? 0 : max(0.05 * abs(low), low == 0 ? 0.5 : 0)
        // Where the sign matters zero is the colour of the middle.
        let isSigned = colours.name == ColourMap.diverging.name, most = max(-low, high)
        let range = isSigned && most > 0 ? -most...most : (low - half)...(high + half)
        let shown = DisplayUnit.fitting(unit, largest: max(abs(range.lowerBound), abs(range.upperBound)))
        func widest(_ texts: [String]) -> Double { texts.map { Drawing.textWidth($0, size: Theme.tickSize) }.max() ?? 0 }

        let width = max(34, min(84, 420 / Double(columns))), height = max(24, min(54, 360 / Double(rows)))
        let numbers = values.map { $0.map { $0.isFinite ? Numbers.significant($0 * shown.perSI) : "" } }
        let hasNumbers = widest(numbers.flatMap { $0 }) + 6 <= width && height >= Theme.tickSize + 6
        let isTurned = widest(horizontal.ticks) + 6 > width
        let below = isTurned ? widest(horizontal.ticks) : Theme.tickSize
        let left = Theme.margin + Theme.labelSize + 8 + widest(vertical.ticks) + Theme.tickLength + 4
        // The line's name stands between title and table.
        let keyAt = Theme.margin + Theme.titleSize + 12 + Theme.tickSize
        let top = line == nil ? Theme.margin + Theme.titleSize + 12 : keyAt + 10, right = left + width * Double(columns),
            bottom = top + height * Double(rows)
        let ticks = Ticks(linear: (range.lowerBound * shown.perSI)...(range.upperBound * shown.perSI), count: max(2, Int((bottom - top) / 40)))
        let barLeft = right + 14, barRight = barLeft + 13, labelAt = barRight + Theme.tickLength + 4 + widest(ticks.labels) + 8 + Theme.labelSize - 2
        var out = Drawing(width: max(labelAt + 4 + Theme.margin, 2 * Theme.margin + Drawing.textWidth(title, size: Theme.titleSize) * 1.05),
                          height: bottom + Theme.tickLength + below + Theme.labelSize + 14 + Theme.margin)
        out.text(title, at: Point(Theme.margin, Theme.margin + Theme.titleSize), size: Theme.titleSize, bold: true)

        for (row, line) in values.enumerated() {
            for (column, value) in line.enumerated() {
                let x = left + width * Double(column), y = bottom - height * Double(row + 1)
                guard value.isFinite else {
                    out.rectangle(x: x, y: y, width: width, height: height, .panel)
                    continue
                }
                let colour = colours((value - range.lowerBound) / (range.upperBound - range.lowerBound))
                out.rectangle(x: x, y: y, width: width, height: height, .fixed(colour))
                guard hasNumbers else { continue }
                let bright = 0.299 * Double(colour.red) + 0.587 * Double(colour.green) + 0.114 * Double(colour.blue) > 140
                out.text(numbers[row][column], at: Point(x + width / 2, y + height / 2 + Theme.tickSize * 0.36), size: Theme.tickSize,
                         .fixed(Colour(hex: bright ? 0x101418 : 0xFFFFFF)), anchor: .middle)
            }
        }
        if let line {
            let pieces = HeatMap.zeroes(of: line.values).map { $0.map { Point(left + width * $0.x, bottom - height * $0.y) } }
            out.stroke(pieces, width: 3.6, .fixed(Colour(hex: 0xFFFFFF)), opacity: 0.8)
            out.stroke(pieces, width: 1.8, .fixed(Colour(hex: 0x101418)))
            out.line(Point(left, keyAt - Theme.tickSize * 0.36), Point(left + 18, keyAt - Theme.tickSize * 0.36), width: 1.8, .ink)
            out.text(line.label, at: Point(left + 24, keyAt), size: Theme.tickSize, .muted)
        }
        out.stroke([[Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom), Point(left, top)]], .rule)
        for (column, text) in horizontal.ticks.enumerated() {
            let x = left + width * (Double(column) + 0.5)
            out.line(Point(x, bottom), Point(x, bottom + Theme.tickLength), .rule)
            let at = Point(x, bottom + Theme.tickLength + Theme.tickSize + 2)
            if isTurned {
                out.text(
                    text, at: Point(x + Theme.tickSize * 0.36, bottom + Theme.tickLength + 4), size: Theme.tickSize, .muted, anchor: .end,
                    upward: true)
            } else {
                out.text(text, at: at, size: Theme.tickSize, .muted, anchor: .middle)
            }
        }
        for (row, text) in vertical.ticks.enumerated() {
            let y = bottom - height * (Double(row) + 0.5)
            out.line(Point(left - Theme.tickLength, y), Point(left, y), .rule)
            out.text(text, at: Point(left - Theme.tickLength - 4, y + Theme.tickSize * 0.36), size: Theme.tickSize, .muted, anchor: .end)
        }
        out.text(horizontal.label, at: Point((left + right) / 2, bottom + Theme.tickLength + below + Theme.labelSize + 10), anchor: .middle)
        out.text(vertical.label, at: Point(Theme.margin + Theme.labelSize - 2, (top + bottom) / 2), anchor: .middle, upward: true)

        var ramp = Raster(width: 1, height: 256)
        for n in 0..<256 { ramp[0, n] = colours.colours[255 - n] }
        out.image(ramp, x: barLeft, y: top, width: barRight - barLeft, height: bottom - top)
        out.stroke([[Point(barLeft, top), Point(barRight, top), Point(barRight, bottom), Point(barLeft, bottom), Point(barLeft, top)]], .rule)
        for (value, text) in zip(ticks.values, ticks.labels) {
            let y = bottom - (bottom - top) * (value / shown.perSI - range.lowerBound) / (range.upperBound - range.lowerBound)
            out.line(Point(barRight, y), Point(barRight + Theme.tickLength, y), .rule)
            out.text(text, at: Point(barRight + Theme.tickLength + 4, y + Theme.tickSize * 0.36), size: Theme.tickSize, .muted)
        }
        out.text(shown.symbol.isEmpty ? label : "\(label) (\(shown.symbol))", at: Point(labelAt, (top + bottom) / 2), anchor: .middle, upward: true)
        return out
    }
}
