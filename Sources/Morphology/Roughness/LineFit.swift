/// A least-squares straight line y = intercept + slope x.
public struct LineFit: Sendable, Equatable {
    public let slope: Double, intercept: Double
    /// Standard error of the slope from the scatter about the line; NaN with fewer than three points.
    public let slopeError: Double
    /// Smallest and largest x used.
    public let range: ClosedRange<Double>

    /// Nil with fewer than two different x.
    public init?(_ points: [(x: Double, y: Double)]) {
        let n = Double(points.count)
        guard n >= 2, let low = points.map(\.x).min(), let high = points.map(\.x).max(), high > low else { return nil }
        let mx = points.reduce(0) { $0 + $1.x } / n, my = points.reduce(0) { $0 + $1.y } / n
        var xx = 0.0, xy = 0.0
        for p in points { xx += (p.x - mx) * (p.x - mx); xy += (p.x - mx) * (p.y - my) }
        let slope = xy / xx, intercept = my - slope * mx
        let rest = points.reduce(0) { sum, p in let d = p.y - intercept - slope * p.x; return sum + d * d }
        (self.slope, self.intercept, range) = (slope, intercept, low...high)
        slopeError = n > 2 ? (rest / (n - 2) / xx).squareRoot() : .nan
    }
}
