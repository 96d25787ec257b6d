import Glibc

/// Round values along an axis and their labels.
struct Ticks {
    var values: [Double], labels: [String], minor: [Double] = []

    /// Multiples of 1, 2, 2.5 or 5 times a power of ten, at most about `count` of them inside the range; whole numbers only when asked for.
    init(linear range: ClosedRange<Double>, count: Int, whole: Bool = false) {
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite else { (values, labels) = ([range.lowerBound], [Numbers.significant(range.lowerBound)]); return }
        let raw = span / Double(max(count, 2)), power = pow(10, floor(log10(raw)))
        let fine = ([1, 2, 2.5, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10) * power
        let step = whole ? max(1, fine.rounded(.up)) : fine
        let first = Int((range.lowerBound / step - 1e-6).rounded(.up)), last = Int((range.upperBound / step + 1e-6).rounded(.down))
        values = first <= last ? (first...last).map { Double($0) * step } : [range.lowerBound]
        let largest = values.map { abs($0) }.max() ?? 0
        if largest >= 1e5 || (largest > 0 && largest < 1e-3) {
            labels = values.map { v in v == 0 ? "0" : Ticks.scientific(v, step: step) }
        } else {
            let quarter = !whole && abs(step / power - 2.5) < 1e-6
            let decimals = max(0, -Int(floor(log10(step * 1.0001))) + (quarter ? 1 : 0))
            labels = values.map { Numbers.fixed($0, decimals: decimals) }
        }
    }

    /// Powers of ten; between them unlabelled 2 to 9. Ranges below two decades are labelled at 1, 2 and 5.
    init(logarithmic range: ClosedRange<Double>) {
        let first = Int(floor(log10(range.lowerBound) + 1e-9)), last = Int(ceil(log10(range.upperBound) - 1e-9))
        let all = (first...last).flatMap { decade in (1...9).map { Double($0) * pow(10, Double(decade)) } }
            .filter { $0 >= range.lowerBound * 0.9999 && $0 <= range.upperBound * 1.0001 }
        let decades = max(last - first, 1), every = (decades + 6) / 7
        func digit(_ v: Double) -> Int { Int((v / pow(10, floor(log10(v) + 1e-9))).rounded()) }
        let narrow = log10(range.upperBound / range.lowerBound) < 1.7
        values = all.filter { v in
            let d = digit(v)
            return narrow ? [1, 2, 5].contains(d) : d == 1 && (Int(log10(v).rounded()) - first) % every == 0
        }
        let marked = values
        minor = all.filter { v in !marked.contains { abs($0 / v - 1) < 1e-9 } && (decades < 8 || digit(v) == 1) }
        labels = values.map { v in
            let exponent = Int(floor(log10(v) + 1e-9)), d = digit(v)
            if first >= -2 && last <= 3 { return Numbers.fixed(v, decimals: max(0, -exponent)) }
            return (d == 1 ? "" : "\(d)×") + "10" + Numbers.superscript(exponent)
        }
    }

    private static func scientific(_ v: Double, step: Double) -> String {
        let exponent = Int(floor(log10(abs(v)) + 1e-9)), mantissa = v / pow(10, Double(exponent))
        let digits = max(0, min(3, exponent - Int(floor(log10(step) + 1e-9))))
        let text = Numbers.fixed(mantissa, decimals: digits)
        return text == "1" ? "10" + Numbers.superscript(exponent) : text + "×10" + Numbers.superscript(exponent)
    }
}
