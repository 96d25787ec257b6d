import Glibc

/// Curves over a common axis, with spread bands, reference curves and marked events. Values are SI numbers; each axis shows
/// them in a fitting unit.
public struct LineChart: Sendable {
    public struct Series: Sendable {
        public enum Style: Sendable { case line, dashed, points, linePoints }
        public var name: String, x: [Double], y: [Double], style: Style
        /// Lower and upper edge of the spread, as long as `y`.
        public var band: (lower: [Double], upper: [Double])?
        /// Position in the theme's list of curve colours; by default the order of the series.
        public var colour: Int?

        public init(
            _ name: String, x: [Double], y: [Double], style: Style = .line,
            band: (lower: [Double], upper: [Double])? = nil, colour: Int? = nil
        ) {
            precondition(x.count == y.count && (band.map { $0.lower.count == x.count && $0.upper.count == x.count } ?? true))
            (self.name, self.x, self.y, self.style, self.band, self.colour) = (name, x, y, style, band, colour)
        }
    }

    public struct Axis: Sendable {
        public var label: String, unit: String, logarithmic: Bool, whole: Bool, range: ClosedRange<Double>?

        /// - Parameters:
        ///   - unit: SI unit of the values (`m`, `A/m2`, `mol/m3`; empty for a pure number).
        ///   - whole: ticks at whole numbers only, for counts.
        ///   - range: in SI; by default what the curves need.
        public init(_ label: String, unit: String = "", logarithmic: Bool = false, whole: Bool = false, range: ClosedRange<Double>? = nil) {
            (self.label, self.unit, self.logarithmic, self.whole, self.range) = (label, unit, logarithmic, whole, range)
        }
    }

    /// A vertical line at an event, named above the plot.
    public struct Event: Sendable {
        public var x: Double, label: String
        public init(x: Double, label: String) { (self.x, self.label) = (x, label) }
    }

    public var title: String, x: Axis, y: Axis, series: [Series], events: [Event]

    public init(title: String, x: Axis, y: Axis, series: [Series], events: [Event] = []) {
        (self.title, self.x, self.y, self.series, self.events) = (title, x, y, series, events)
    }

    public func svg(width: Double = 640, height: Double = 400) -> String { drawing(width: width, height: height).svg(title: title) }
    public func png(width: Double = 640, height: Double = 400) -> [UInt8] { drawing(width: width, height: height).png() }

    public func drawing(width: Double = 640, height: Double = 400) -> Drawing {
        let horizontal = Scale(x, values: series.flatMap(\.x) + events.map(\.x), padded: false)
        let vertical = Scale(y, values: series.flatMap { s in s.y + (s.band.map { $0.lower + $0.upper } ?? []) }, padded: true)
        var out = Drawing(width: width, height: height)

        // Everything around the plot first: it decides how much room the plot has.
        let legend = legendRows(width: width - 2 * Theme.margin)
        var top = Theme.margin
        if !title.isEmpty {
            out.text(title, at: Point(Theme.margin, top + Theme.titleSize), size: Theme.titleSize, bold: true)
            top += Theme.titleSize + Theme.gap + 2
        }
        for row in legend {
            for entry in row { drawKey(series[entry.series], entry.series, at: Point(Theme.margin + entry.x, top), &out) }
            top += Theme.labelSize + 7
        }
        if !events.isEmpty { top += Theme.tickSize - 2 }
        let yTicks = vertical.ticks(count: max(3, Int(height / 60)))
        let tickWidth = yTicks.labels.map { Drawing.textWidth($0, size: Theme.tickSize) }.max() ?? 0
        let plot = Plot(
            left: Theme.margin + Theme.labelSize + Theme.gap + tickWidth + Theme.tickLength + 4, top: top + 10,
            right: width - Theme.margin - 12,
            bottom: height - Theme.margin - Theme.labelSize - Theme.gap - Theme.tickSize - Theme.tickLength - 4)
        let xTicks = horizontal.ticks(count: max(3, Int((plot.right - plot.left) / 84)))

        for v in yTicks.values { out.line(Point(plot.left, plot.y(vertical.position(v))), Point(plot.right, plot.y(vertical.position(v))), .grid) }
        for v in xTicks.values {
            out.line(Point(plot.x(horizontal.position(v)), plot.top), Point(plot.x(horizontal.position(v)), plot.bottom), .grid)
        }
        drawEvents(horizontal, plot, &out)
        for (n, s) in series.enumerated() where s.band != nil { drawBand(s, n, horizontal, vertical, plot, &out) }
        for (n, s) in series.enumerated() { drawCurve(s, n, horizontal, vertical, plot, &out) }

        out.stroke([[Point(plot.left, plot.top), Point(plot.left, plot.bottom), Point(plot.right, plot.bottom)]], .rule)
        for (v, label) in zip(xTicks.values, xTicks.labels) {
            let at = plot.x(horizontal.position(v))
            out.line(Point(at, plot.bottom), Point(at, plot.bottom + Theme.tickLength), .rule)
            out.text(label, at: Point(at, plot.bottom + Theme.tickLength + Theme.tickSize + 2), size: Theme.tickSize, .muted, anchor: .middle)
        }
        for v in xTicks.minor {
            let at = plot.x(horizontal.position(v))
            out.line(Point(at, plot.bottom), Point(at, plot.bottom + Theme.tickLength / 2), .rule)
        }
        for (v, label) in zip(yTicks.values, yTicks.labels) {
            let at = plot.y(vertical.position(v))
            out.line(Point(plot.left - Theme.tickLength, at), Point(plot.left, at), .rule)
            out.text(label, at: Point(plot.left - Theme.tickLength - 4, at + Theme.tickSize * 0.36), size: Theme.tickSize, .muted, anchor: .end)
        }
        for v in yTicks.minor {
            let at = plot.y(vertical.position(v))
            out.line(Point(plot.left - Theme.tickLength / 2, at), Point(plot.left, at), .rule)
        }
        out.text(horizontal.label, at: Point((plot.left + plot.right) / 2, height - Theme.margin - 2), anchor: .middle)
        out.text(vertical.label, at: Point(Theme.margin + Theme.labelSize - 2, (plot.top + plot.bottom) / 2), anchor: .middle, upward: true)
        return out
    }

    private struct Plot {
        var left: Double, top: Double, right: Double, bottom: Double
        func x(_ t: Double) -> Double { left + (right - left) * t }
        func y(_ t: Double) -> Double { bottom - (bottom - top) * t }
    }

    /// From SI values to positions between 0 and 1 along an axis.
    private struct Scale {
        let label: String, factor: Double, logarithmic: Bool, whole: Bool, low: Double, high: Double

        init(_ axis: Axis, values: [Double], padded: Bool) {
            let usable = values.filter { $0.isFinite && (!axis.logarithmic || $0 > 0) }
            let unit =
                axis.logarithmic
                ? DisplayUnit.fitting(axis.unit, largest: usable.max() ?? 1)
                : DisplayUnit.fitting(axis.unit, largest: (axis.range.map { [$0.lowerBound, $0.upperBound] } ?? usable).map { abs($0) }.max() ?? 1)
            factor = unit.perSI
            (logarithmic, whole) = (axis.logarithmic, axis.whole)
            label = unit.symbol.isEmpty ? axis.label : "\(axis.label) (\(unit.symbol))"
            var low = (axis.range?.lowerBound ?? usable.min() ?? (logarithmic ? 1 : 0)) * factor
            var high = (axis.range?.upperBound ?? usable.max() ?? 1) * factor
            if logarithmic {
                if axis.range == nil && padded { low = pow(10, floor(log10(low) * 4 + 1e-9) / 4); high = pow(10, ceil(log10(high) * 4 - 1e-9) / 4) }
                if high <= low { low /= 3.2; high *= 3.2 }
            } else {
                if high <= low && low == 0 && padded { high = 1 }
                if high <= low { let half = max(abs(low) * 0.1, 0.5); low -= half; high += half }
                if axis.range == nil && padded {
                    // What differs by less than 1e-4 of itself is flat: efficiencies of 1 within 1e-6 are no zigzag.
                    let size = max(abs(low), abs(high)), middle = (low + high) / 2
                    if high - low < 1e-4 * size { (low, high) = (middle - 5e-4 * size, middle + 5e-4 * size) }
                    let span = high - low
                    // A curve that comes near zero shows it.
                    low = low >= 0 && low < 0.35 * high ? 0 : low - 0.05 * span
                    high = high <= 0 && high > 0.35 * low ? 0 : high + 0.05 * span
                }
            }
            (self.low, self.high) = (low, high)
        }

        func ticks(count: Int) -> Ticks { logarithmic ? Ticks(logarithmic: low...high) : Ticks(linear: low...high, count: count, whole: whole) }
        func position(_ shown: Double) -> Double { logarithmic ? log(shown / low) / log(high / low) : (shown - low) / (high - low) }
        func position(si: Double) -> Double? {
            let shown = si * factor
            guard shown.isFinite, !logarithmic || shown > 0 else { return nil }
            return position(shown)
        }
    }

    private func colour(_ s: Series, _ n: Int) -> Paint { .series(s.colour ?? n) }

    private func dash(_ s: Series, _ n: Int) -> [Double] {
        if case .dashed = s.style { return [7, 5] }
        return (s.colour ?? n) >= Theme.seriesCount ? [2, 4] : []
    }

    private func drawCurve(_ s: Series, _ n: Int, _ horizontal: Scale, _ vertical: Scale, _ plot: Plot, _ out: inout Drawing) {
        var lines: [[Point]] = [[]]
        for (x, y) in zip(s.x, s.y) {
            if let u = horizontal.position(si: x), let v = vertical.position(si: y) {
                lines[lines.count - 1].append(Point(u, v))
            } else {
                lines.append([])
            }
        }
        func placed(_ p: Point) -> Point { Point(plot.x(p.x), plot.y(p.y)) }
        if s.style != .points {
            let clipped = lines.flatMap { LineChart.clipped($0) }.map { $0.map(placed) }
            out.stroke(clipped, width: Theme.curve, colour(s, n), dash: dash(s, n))
        }
        if s.style == .points || s.style == .linePoints {
            let inside = lines.joined().filter { $0.min() >= -1e-9 && $0.max() <= 1 + 1e-9 }
            out.stroke(inside.map { [placed($0)] }, width: 5.5, colour(s, n))
        }
    }

    private func drawBand(_ s: Series, _ n: Int, _ horizontal: Scale, _ vertical: Scale, _ plot: Plot, _ out: inout Drawing) {
        guard let band = s.band else { return }
        var upper: [Point] = [], lower: [Point] = []
        for i in s.x.indices {
            guard let u = horizontal.position(si: s.x[i]), (-1e-9...1 + 1e-9).contains(u), let a = vertical.position(si: band.lower[i]),
                let b = vertical.position(si: band.upper[i])
            else { continue }
            lower.append(Point(plot.x(u), plot.y(min(max(a, 0), 1))))
            upper.append(Point(plot.x(u), plot.y(min(max(b, 0), 1))))
        }
        if upper.count > 1 { out.fill([upper + lower.reversed()], colour(s, n), opacity: 0.2) }
    }

    private func drawEvents(_ horizontal: Scale, _ plot: Plot, _ out: inout Drawing) {
        var taken: [(ClosedRange<Double>, Int)] = []
        for event in events.sorted(by: { $0.x < $1.x }) {
            guard let u = horizontal.position(si: event.x), (0...1).contains(u) else { continue }
            let at = plot.x(u), width = Drawing.textWidth(event.label, size: Theme.tickSize)
            let left = min(max(at - width / 2, plot.left), plot.right - width)
            let span = (left - 4)...(left + width + 4)
            let row = (0...).first { r in !taken.contains { $0.1 == r && $0.0.overlaps(span) } } ?? 0
            taken.append((span, row))
            out.stroke([[Point(at, plot.top), Point(at, plot.bottom)]], width: 1, .rule, dash: [1, 4])
            // Names stand above the plot; where two meet, the second one stands inside.
            let y = row == 0 ? plot.top - 5 : plot.top + 2 + Double(row) * (Theme.tickSize + 4)
            out.text(event.label, at: Point(left, y), size: Theme.tickSize, .muted, halo: .paper)
        }
    }

    private static let keyWidth = 24.0

    private func legendRows(width: Double) -> [[(series: Int, x: Double)]] {
        guard series.count > 1 || (series.first?.name.isEmpty == false && series.first?.name != title) else { return [] }
        var rows: [[(series: Int, x: Double)]] = [[]], x = 0.0
        for (n, s) in series.enumerated() where !s.name.isEmpty {
            let need = LineChart.keyWidth + 7 + Drawing.textWidth(s.name, size: Theme.tickSize) + 20
            if x > 0 && x + need - 20 > width { rows.append([]); x = 0 }
            rows[rows.count - 1].append((n, x))
            x += need
        }
        return rows.filter { !$0.isEmpty }
    }

    private func drawKey(_ s: Series, _ n: Int, at: Point, _ out: inout Drawing) {
        let y = at.y + Theme.labelSize * 0.62
        if s.band != nil { out.rectangle(x: at.x, y: y - 5, width: LineChart.keyWidth, height: 10, colour(s, n), opacity: 0.2) }
        if s.style != .points {
            out.stroke([[Point(at.x, y), Point(at.x + LineChart.keyWidth, y)]], width: Theme.curve, colour(s, n), dash: dash(s, n))
        }
        if s.style == .points || s.style == .linePoints { out.disc(Point(at.x + LineChart.keyWidth / 2, y), radius: 2.75, colour(s, n)) }
        out.text(s.name, at: Point(at.x + LineChart.keyWidth + 7, y + Theme.tickSize * 0.36), size: Theme.tickSize)
    }

    /// The parts of a line inside the unit square.
    private static func clipped(_ line: [Point]) -> [[Point]] {
        var out: [[Point]] = [], current: [Point] = []
        if line.count == 1 { return line[0].min() >= 0 && line[0].max() <= 1 ? [line] : [] }
        for (a, b) in zip(line, line.dropFirst()) {
            var enter = 0.0, leave = 1.0
            let d = b - a
            for axis in 0..<2 {
                for (wall, sign) in [(0.0, 1.0), (1.0, -1.0)] {
                    let start = sign * (a[axis] - wall), move = sign * d[axis]
                    if move == 0 {
                        if start < 0 { leave = -1 }
                    } else if move > 0 {
                        enter = max(enter, -start / move)
                    } else {
                        leave = min(leave, -start / move)
                    }
                }
            }
            if enter <= leave {
                let p = a + d * enter, q = a + d * leave
                if current.last != p { if !current.isEmpty { out.append(current) }; current = [p] }
                current.append(q)
                if leave < 1 { out.append(current); current = [] }
            } else if !current.isEmpty {
                out.append(current); current = []
            }
        }
        if !current.isEmpty { out.append(current) }
        return out
    }
}
