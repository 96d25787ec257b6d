import Glibc

/// One or several maps of two-dimensional fields side by side, with axes in length units, colour bars, a scale bar and the outline of the metal.
public struct FieldMap: Sendable {
    public struct Panel: Sendable {
        public var field: Samples, title: String, label: String, unit: String
        public var colours: ColourMap, range: ClosedRange<Double>?
        /// Phase field whose level 1/2 is drawn as a line.
        public var surface: Samples?
        /// Paint the metal grey, for quantities that mean nothing inside it.
        public var hidesMetal: Bool
        public var showsBar: Bool

        /// - Parameters:
        ///   - unit: SI unit of the values; the colour bar shows a fitting one.
        ///   - range: SI values at the ends of the colour bar; by default the extremes of the shown values.
        public init(
            _ field: Samples, title: String, label: String, unit: String = "", colours: ColourMap = .phase,
            range: ClosedRange<Double>? = nil, surface: Samples? = nil, hidesMetal: Bool = false,
            showsBar: Bool = true
        ) {
            precondition(field.isFlat && (surface.map { $0.isFlat && $0.nx == field.nx && $0.ny == field.ny } ?? true))
            (self.field, self.title, self.label, self.unit, self.colours) = (field, title, label, unit, colours)
            (self.range, self.surface, self.hidesMetal, self.showsBar) = (range, surface, hidesMetal, showsBar)
        }
    }

    public var panels: [Panel]
    /// Above the panels on the left: the run; on the right: the moment.
    public var heading: String, moment: String
    public var horizontal: String, vertical: String
    /// Longest side of a panel, points.
    public var size: Double

    public init(_ panels: [Panel], heading: String = "", moment: String = "", horizontal: String = "x", vertical: String = "y", size: Double = 400) {
        precondition(!panels.isEmpty)
        (self.panels, self.heading, self.moment) = (panels, heading, moment)
        (self.horizontal, self.vertical, self.size) = (horizontal, vertical, size)
    }

    public func png(scale: Double = 2, dark: Bool = false) -> [UInt8] { drawing(scale: scale).png(scale: scale, dark: dark) }

    private static let barGap = 10.0, barWidth = 13.0

    /// - Parameter scale: pixels per point of the maps inside; lines and text have no resolution.
    public func drawing(scale: Double = 2) -> Drawing {
        let frames = panels.map { frame($0) }
        // Wide domains stand above each other, others side by side.
        let stacked = panels.count > 1 && panels[0].field.width > 1.7 * panels[0].field.height
        let cellWidth = frames.map(\.width).max() ?? 0, cellHeight = frames.map(\.height).max() ?? 0
        let columns = stacked ? 1 : min(panels.count, 4), rows = (panels.count + columns - 1) / columns
        let headed = !heading.isEmpty || !moment.isEmpty
        let top = Theme.margin + (headed ? Theme.titleSize + 12 : 0)
        let between = 18.0
        let momentWidth = Drawing.textWidth(moment, size: Theme.titleSize), headWidth = Drawing.textWidth(heading, size: Theme.titleSize)
        let needed = momentWidth + headWidth + (momentWidth > 0 && headWidth > 0 ? 24 : 0)
        let width = max(2 * Theme.margin + Double(columns) * cellWidth + Double(columns - 1) * between, needed + 2 * Theme.margin)
        var out = Drawing(width: width, height: top + Double(rows) * cellHeight + Double(rows - 1) * between + Theme.margin)
        if headed {
            out.text(heading, at: Point(Theme.margin, Theme.margin + Theme.titleSize), size: Theme.titleSize, bold: true)
            out.text(moment, at: Point(out.width - Theme.margin, Theme.margin + Theme.titleSize), size: Theme.titleSize, .muted, anchor: .end)
        }
        for (n, panel) in panels.enumerated() {
            let at = Point(Theme.margin + Double(n % columns) * (cellWidth + between), top + Double(n / columns) * (cellHeight + between))
            draw(panel, frames[n], at: at, scale: scale, &out)
        }
        return out
    }

    private struct Frame {
        var width = 0.0, height = 0.0, left = 0.0, top = 0.0, mapWidth = 0.0, mapHeight = 0.0
        var xTicks: Ticks, yTicks: Ticks, barTicks: Ticks, barLabel: String, length: DisplayUnit, value: DisplayUnit, range: ClosedRange<Double>
    }

    private func frame(_ panel: Panel) -> Frame {
        let field = panel.field, aspect = field.width / field.height
        let mapWidth = (aspect >= 1 ? size : size * aspect).rounded(), mapHeight = (aspect >= 1 ? size / aspect : size).rounded()
        let length = DisplayUnit.fitting("m", largest: max(field.width, field.height) / 2)
        let range = panel.range ?? FieldMap.range(panel)
        let value = DisplayUnit.fitting(panel.unit, largest: max(abs(range.lowerBound), abs(range.upperBound)))
        let shown = (range.lowerBound * value.perSI)...(range.upperBound * value.perSI)
        var f = Frame(
            xTicks: Ticks(linear: 0...(field.width * length.perSI), count: max(2, Int(mapWidth / 62))),
            yTicks: Ticks(linear: 0...(field.height * length.perSI), count: max(2, Int(mapHeight / 50))),
            barTicks: Ticks(linear: shown, count: max(2, Int(mapHeight / 50))),
            barLabel: value.symbol.isEmpty ? panel.label : "\(panel.label) (\(value.symbol))",
            length: length, value: value, range: range)
        (f.mapWidth, f.mapHeight) = (mapWidth, mapHeight)
        func widest(_ ticks: Ticks) -> Double { ticks.labels.map { Drawing.textWidth($0, size: Theme.tickSize) }.max() ?? 0 }
        f.left = Theme.labelSize + 8 + widest(f.yTicks) + Theme.tickLength + 4
        f.top = panel.title.isEmpty ? 6 : Theme.labelSize + 12
        f.width = f.left + mapWidth
        if panel.showsBar { f.width += FieldMap.barGap + FieldMap.barWidth + Theme.tickLength + 4 + widest(f.barTicks) + 8 + Theme.labelSize + 4 }
        f.width = max(f.width, f.left + Drawing.textWidth(panel.title))
        f.height = f.top + max(mapHeight, 40) + Theme.tickLength + Theme.tickSize + Theme.labelSize + 14
        return f
    }

    private static func range(_ panel: Panel) -> ClosedRange<Double> {
        var low = Float.infinity, high = -Float.infinity
        for (n, v) in panel.field.values.enumerated() where v.isFinite {
            if panel.hidesMetal, let xi = panel.surface, Level.isMetal(xi.values[n]) { continue }
            (low, high) = (min(low, v), max(high, v))
        }
        guard low <= high else { return 0...1 }
        if Double(high - low) <= 1e-6 * Double(max(abs(low), abs(high))) {
            let half = max(0.05 * abs(Double(low)), low == 0 ? 0.5 : 0)
            return (Double(low) - half)...(Double(low) + half)
        }
        return Double(low)...Double(high)
    }

    private func draw(_ panel: Panel, _ f: Frame, at corner: Point, scale: Double, _ out: inout Drawing) {
        let left = corner.x + f.left, top = corner.y + f.top, right = left + f.mapWidth, bottom = top + f.mapHeight
        if !panel.title.isEmpty { out.text(panel.title, at: Point(left, top - 8), bold: true) }
        let pixels = (Int((f.mapWidth * scale).rounded()), Int((f.mapHeight * scale).rounded()))
        out.image(FieldMap.painted(panel, range: f.range, width: pixels.0, height: pixels.1), x: left, y: top, width: f.mapWidth, height: f.mapHeight)

        if let surface = panel.surface {
            let perMetre = f.mapWidth / panel.field.width
            let lines = Contour(surface, periodicX: false).lines.map { $0.map { Point(left + $0.x * perMetre, bottom - $0.y * perMetre) } }
            out.stroke(lines, width: Theme.contour + 1.3, .fixed(Colour(hex: 0xFFFFFF)), opacity: 0.75)
            out.stroke(lines, width: Theme.contour, .fixed(Colour(hex: 0x101418)))
        }
        out.stroke([[Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom), Point(left, top)]], .rule)

        // Axes: every tick inside the domain; across first, then up.
        let shownWidth = panel.field.width * f.length.perSI, shownHeight = panel.field.height * f.length.perSI
        for (v, label) in zip(f.xTicks.values, f.xTicks.labels) {
            let x = left + f.mapWidth * v / shownWidth
            out.line(Point(x, bottom), Point(x, bottom + Theme.tickLength), .rule)
            out.text(label, at: Point(x, bottom + Theme.tickLength + Theme.tickSize + 2), size: Theme.tickSize, .muted, anchor: .middle)
        }
        for (v, label) in zip(f.yTicks.values, f.yTicks.labels) {
            let y = bottom - f.mapHeight * v / shownHeight
            out.line(Point(left - Theme.tickLength, y), Point(left, y), .rule)
            out.text(label, at: Point(left - Theme.tickLength - 4, y + Theme.tickSize * 0.36), size: Theme.tickSize, .muted, anchor: .end)
        }
        out.text(
            "\(horizontal) (\(f.length.symbol))", at: Point((left + right) / 2, bottom + Theme.tickLength + Theme.tickSize + Theme.labelSize + 8),
            anchor: .middle)
        out.text("\(vertical) (\(f.length.symbol))", at: Point(corner.x + Theme.labelSize - 2, (top + bottom) / 2), anchor: .middle, upward: true)

        // In a flat map the bar would lie on the metal's surface; the axis says the lengths too.
        if f.mapHeight > 4 * ScaleBar.height {
            ScaleBar.draw(in: &out, right: right - 10, top: top + 10, room: f.mapWidth * 0.32, metresPerPoint: panel.field.width / f.mapWidth)
        }
        if panel.showsBar { drawBar(panel, f, x: right + FieldMap.barGap, top: top, bottom: bottom, &out) }
    }

    private func drawBar(_ panel: Panel, _ f: Frame, x: Double, top: Double, bottom: Double, _ out: inout Drawing) {
        var ramp = Raster(width: 1, height: 256)
        for n in 0..<256 { ramp[0, n] = panel.colours.colours[255 - n] }
        out.image(ramp, x: x, y: top, width: FieldMap.barWidth, height: bottom - top)
        let right = x + FieldMap.barWidth
        out.stroke([[Point(x, top), Point(right, top), Point(right, bottom), Point(x, bottom), Point(x, top)]], .rule)
        let low = f.range.lowerBound * f.value.perSI, high = f.range.upperBound * f.value.perSI
        var widest = 0.0
        for (v, label) in zip(f.barTicks.values, f.barTicks.labels) where high > low {
            let y = bottom - (bottom - top) * (v - low) / (high - low)
            out.line(Point(right, y), Point(right + Theme.tickLength, y), .rule)
            out.text(label, at: Point(right + Theme.tickLength + 4, y + Theme.tickSize * 0.36), size: Theme.tickSize, .muted)
            widest = max(widest, Drawing.textWidth(label, size: Theme.tickSize))
        }
        out.text(
            f.barLabel, at: Point(right + Theme.tickLength + 4 + widest + 8 + Theme.labelSize - 2, (top + bottom) / 2), anchor: .middle, upward: true)
    }

    /// The field as colours, periodic across: linear interpolation between cell centres where pixels are finer than cells, area averages where coarser.
    static func painted(_ panel: Panel, range: ClosedRange<Double>, width: Int, height: Int) -> Raster {
        let field = panel.field, nx = field.nx, ny = field.ny
        let low = Float(range.lowerBound), span = Float(range.upperBound - range.lowerBound)
        let perPixelX = Double(nx) / Double(width), perPixelY = Double(ny) / Double(height)
        let averagedX = max(1, Int(perPixelX.rounded())), averagedY = max(1, Int(perPixelY.rounded()))
        func taps(_ pixel: Double, _ perPixel: Double, _ samples: Int, _ cell: (Int) -> Int) -> [(Int, Int, Float)] {
            (0..<samples).map { s in
                let at = (pixel + (Double(s) + 0.5) / Double(samples)) * perPixel - 0.5
                let first = Int(at.rounded(.down))
                return (cell(first), cell(first + 1), Float(at - at.rounded(.down)))
            }
        }
        let across = (0..<width).map { taps(Double($0), perPixelX, averagedX) { ($0 + nx) % nx } }
        var out = Raster(width: width, height: height)
        for row in 0..<height {
            let up = taps(Double(height - 1 - row), perPixelY, averagedY) { min(max($0, 0), ny - 1) }
            for column in 0..<width {
                var sum: Float = 0, metal: Float = 0
                for (j0, j1, v) in up {
                    for (i0, i1, u) in across[column] {
                        func mixed(_ a: [Float]) -> Float {
                            let lower = a[i0 + nx * j0] * (1 - u) + a[i1 + nx * j0] * u
                            return lower * (1 - v) + (a[i0 + nx * j1] * (1 - u) + a[i1 + nx * j1] * u) * v
                        }
                        sum += mixed(field.values)
                        if panel.hidesMetal, let xi = panel.surface { metal += mixed(xi.values) }
                    }
                }
                let count = Float(averagedX * averagedY)
                if metal / count >= 0.5 && panel.hidesMetal { out[column, row] = Theme.metal; continue }
                out[column, row] = panel.colours(Double((sum / count - low) / span))
            }
        }
        return out
    }
}

/// A bar of round length with its size, in the upper right corner of a picture, where the electrolyte is.
enum ScaleBar {
    static var height: Double { Theme.tickSize + 17 }

    static func draw(in out: inout Drawing, right: Double, top: Double, room: Double, metresPerPoint: Double) {
        let longest = room * metresPerPoint, power = pow(10, floor(log10(longest)))
        let length = ([5, 2, 1].first { $0 * power <= longest } ?? 1) * power
        let unit = DisplayUnit.fitting("m", largest: length)
        let label = "\(Numbers.fixed(length * unit.perSI, decimals: 0)) \(unit.symbol)"
        let points = length / metresPerPoint, textWidth = Drawing.textWidth(label, size: Theme.tickSize)
        let boxWidth = max(points, textWidth) + 14, boxHeight = height
        let centre = right - boxWidth / 2, bottom = top + boxHeight
        out.rectangle(x: right - boxWidth, y: bottom - boxHeight, width: boxWidth, height: boxHeight, .fixed(Colour(hex: 0xFFFFFF)), opacity: 0.82)
        out.rectangle(x: centre - points / 2, y: bottom - 9, width: points, height: 3.5, .fixed(Colour(hex: 0x101418)))
        out.text(label, at: Point(centre, bottom - 14), size: Theme.tickSize, .fixed(Colour(hex: 0x101418)), anchor: .middle)
    }
}
