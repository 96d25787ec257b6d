/// The allowed range of a number, in the unit of the declaration: `.above(0)`, `.between(0, 1)`, `.any`.
public struct Bounds: Sendable, Equatable {
    public let lower: Double
    public let upper: Double
    public let includesLower: Bool
    public let includesUpper: Bool

    /// Every finite number.
    public static let any = Bounds(-.infinity, .infinity, false, false)

    /// lower < x, or lower < x < below.
    public static func above(_ lower: Double, below: Double = .infinity) -> Bounds { Bounds(lower, below, false, false) }
    /// lower < x <= atMost.
    public static func above(_ lower: Double, atMost: Double) -> Bounds { Bounds(lower, atMost, false, true) }
    /// lower <= x, or lower <= x < below.
    public static func atLeast(_ lower: Double, below: Double = .infinity) -> Bounds { Bounds(lower, below, true, false) }
    public static func below(_ upper: Double) -> Bounds { Bounds(-.infinity, upper, false, false) }
    public static func atMost(_ upper: Double) -> Bounds { Bounds(-.infinity, upper, false, true) }
    /// lower <= x <= upper.
    public static func between(_ lower: Double, _ upper: Double) -> Bounds { Bounds(lower, upper, true, true) }

    private init(_ lower: Double, _ upper: Double, _ includesLower: Bool, _ includesUpper: Bool) {
        (self.lower, self.upper, self.includesLower, self.includesUpper) = (lower, upper, includesLower, includesUpper)
    }

    /// Whether a finite SI value lies inside; the rounding of unit conversions (1e-12 relative) is no violation of an inclusive bound.
    public func contains(_ value: Double, in unit: Unit) -> Bool {
        let (low, high) = (unit.toSI(lower), unit.toSI(upper))
        return value.isFinite
            && (includesLower ? value >= low - 1e-12 * abs(low) : value > low)
            && (includesUpper ? value <= high + 1e-12 * abs(high) : value < high)
    }

    /// `above 0 and at most 5 nm`; empty for any number.
    public func words(in unit: Unit) -> String {
        let bounds = [lower, upper].filter(\.isFinite)
        // Zero needs no unit, save that of temperatures.
        let symbol = bounds.allSatisfy { $0 == 0 } && unit.offset == 0 ? "" : unit.suffix
        if bounds.count == 2 && includesLower && includesUpper { return "from \(decimal(lower)) to \(decimal(upper))\(symbol)" }
        let parts = [
            lower.isFinite ? (includesLower ? "at least " : "above ") + decimal(lower) : "",
            upper.isFinite ? (includesUpper ? "at most " : "below ") + decimal(upper) : "",
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: " and ") + symbol
    }
}
