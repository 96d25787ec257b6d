import Glibc

/// The difference of one measure between two designs over the seeds that both have: the heterogeneity cancels.
public struct PairedDifference: Sendable, Equatable {
    /// Pairs, and those in which the first value is the smaller one, and the larger one.
    public let count: Int, smaller: Int, larger: Int
    public let mean: Double
    /// Of the mean; NaN for fewer than two pairs.
    public let standardError: Double

    /// - Parameters: pairs of values; those that are not finite are left out, and what round-off leaves between equal ones is no
    ///   difference.
    public init(_ pairs: [(Double, Double)]) {
        let differences = pairs.filter { $0.0.isFinite && $0.1.isFinite }.map { a, b in abs(a - b) > 1e-9 * max(abs(a), abs(b)) ? a - b : 0 }
        let spread = Spread(differences)
        (count, mean, standardError) = (spread.count, spread.mean, spread.deviation / Double(spread.count).squareRoot())
        (smaller, larger) = (differences.filter { $0 < 0 }.count, differences.filter { $0 > 0 }.count)
    }
}

/// Mean, sample standard deviation and median of the finite values.
public struct Spread: Sendable, Equatable {
    public let count: Int
    /// NaN without values; the deviation NaN for fewer than two.
    public let mean: Double, deviation: Double, median: Double

    public init(_ values: [Double]) {
        let values = values.filter(\.isFinite).sorted()
        count = values.count
        guard let last = values.last else {
            (mean, deviation, median) = (.nan, .nan, .nan)
            return
        }
        let mean = values.reduce(0, +) / Double(values.count)
        self.mean = mean
        deviation = values.count < 2 ? .nan : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
        median = values.count == 1 ? last : 0.5 * (values[(values.count - 1) / 2] + values[values.count / 2])
    }
}
