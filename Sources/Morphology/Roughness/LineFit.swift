/// A weighted least-squares straight line y = intercept + slope x.
public struct LineFit: Sendable, Equatable {
    public let slope: Double, intercept: Double
    /// Standard error of the slope from the scatter about the line; NaN with fewer than three points.
    public let slopeError: Double
    /// Smallest and largest x used.
    public let range: ClosedRange<Double>

    /// - Parameter weights: one per point, only their ratios matter; equal by default.
    /// - Returns: nil with fewer than two different x.
    public init?(_ points: [(x: Double, y: Double)], weights: [Double]? = nil) {
        let n = Double(points.count)
        guard n >= 2, let low = points.map(\.x).min(), let high = points.map(\.x).max(), high > low else { return nil }
        let given = weights ?? points.map { _ in 1 }, scale = n / given.reduce(0, +), w = given.map { $0 * scale }
        var mx = 0.0, my = 0.0, xx = 0.0, xy = 0.0, rest = 0.0
        for (p, w) in zip(points, w) { mx += w * p.x / n; my += w * p.y / n }
        for (p, w) in zip(points, w) { xx += w * (p.x - mx) * (p.x - mx); xy += w * (p.x - mx) * (p.y - my) }
        let slope = xy / xx, intercept = my - slope * mx
        for (p, w) in zip(points, w) { let d = p.y - intercept - slope * p.x; rest += w * d * d }
        (self.slope, self.intercept, range) = (slope, intercept, low...high)
        slopeError = n > 2 ? (rest / (n - 2) / xx).squareRoot() : .nan
    }
}
