/// The little statistics that sweeps need. Values that differ by rounding alone (1e-9) count as equal.
public enum Statistics {
    private static func areEqual(_ a: Double, _ b: Double) -> Bool { a == b || abs(a - b) <= 1e-9 * max(abs(a), abs(b)) }
    private static func isLess(_ a: Double, _ b: Double) -> Bool { a < b && !areEqual(a, b) }

    public static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// Standard deviation of a sample; NaN for fewer than two values.
    public static func deviation(_ values: [Double]) -> Double {
        guard values.count > 1 else { return .nan }
        let mean = mean(values)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }

    /// Spearman's rank correlation, ties at their mean rank; nil when either does not vary.
    public static func rankCorrelation(_ x: [Double], _ y: [Double]) -> Double? {
        let a = ranks(x), b = ranks(y), middle = Double(x.count + 1) / 2
        var (aa, bb, ab) = (0.0, 0.0, 0.0)
        for (p, q) in zip(a, b) {
            aa += (p - middle) * (p - middle)
            bb += (q - middle) * (q - middle)
            ab += (p - middle) * (q - middle)
        }
        return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : nil
    }

    private static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count), start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count && areEqual(values[order[end + 1]], values[order[start]]) { end += 1 }
            for place in start...end { ranks[order[place]] = Double(start + end) / 2 + 1 }
            start = end + 1
        }
        return ranks
    }

    /// Indices of the points that no other is at least as low as in every coordinate and lower in one (the Pareto front of a minimisation).
    public static func nondominated(_ points: [[Double]]) -> Set<Int> {
        Set(points.indices.filter { i in
            !points.contains { other in !zip(points[i], other).contains(where: isLess) && zip(other, points[i]).contains(where: isLess) }
        })
    }
}
