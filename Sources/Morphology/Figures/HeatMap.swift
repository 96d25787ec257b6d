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

    public init(_ values: [[Double]], horizontal: Axis, vertical: Axis, title: String, label: String, unit: String, colours: ColourMap = .phase) {
        precondition(values.count == vertical.ticks.count && values.allSatisfy { $0.count == horizontal.ticks.count })
        (self.values, self.horizontal, self.vertical) = (values, horizontal, vertical)
        (self.title, self.label, self.unit, self.colours) = (title, label, unit, colours)
    }

    public func png(scale: Double = 2, dark: Bool = false) -> [UInt8] { drawing.png(scale: scale, dark: dark) }

    public var drawing: Drawing {
        let columns = horizontal.ticks.count, rows = vertical.ticks.count
        let finite = values.joined().filter(\.isFinite), low = finite.min() ?? 0, high = finite.max() ?? 1
        // A constant table has the colour of the middle.
        let half = high > low ? 0 : max(0.05 * abs(low), low == 0 ? 0.5 : 0), range = (low - half)...(high + half)
        let shown = DisplayUnit.fitting(unit, largest: max(abs(range.lowerBound), abs(range.upperBound)))
        func widest(_ texts: [String]) -> Double { texts.map { Drawing.textWidth($0, size: Theme.tickSize) }.max() ?? 0 }

        let width = max(34, min(84, 420 / Double(columns))), height = max(24, min(54, 360 / Double(rows)))
        let numbers = values.map { $0.map { $0.isFinite ? Numbers.significant($0 * shown.perSI) : "" } }
        let hasNumbers = widest(numbers.flatMap { $0 }) + 6 <= width && height >= Theme.tickSize + 6
        let isTurned = widest(horizontal.ticks) + 6 > width
        let below = isTurned ? widest(horizontal.ticks) : Theme.tickSize
        let left = Theme.margin + Theme.labelSize + 8 + widest(vertical.ticks) + Theme.tickLength + 4
        let top = Theme.margin + Theme.titleSize + 12, right = left + width * Double(columns), bottom = top + height * Double(rows)
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
        out.stroke([[Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom), Point(left, top)]], .rule)
        for (column, text) in horizontal.ticks.enumerated() {
            let x = left + width * (Double(column) + 0.5)
            out.line(Point(x, bottom), Point(x, bottom + Theme.tickLength), .rule)
            let at = Point(x, bottom + Theme.tickLength + Theme.tickSize + 2)
            if isTurned {
                out.text(text, at: Point(x + Theme.tickSize * 0.36, bottom + Theme.tickLength + 4), size: Theme.tickSize, .muted, anchor: .end, upward: true)
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
