import Glibc

/// The magnetic field of a magnetised film: mu0 M inside, none outside of a uniform film without lateral end; domains of period p reach p/2
/// pi.
public struct StrayField: Sendable, Equatable {
    /// mu0, T m/A (CODATA 2018).
    public static let permeability = 1.25663706212e-6

    /// A/m
    public let magnetisation: Double

    public init(magnetisation: Double) { self.magnetisation = magnetisation }

    /// mu0 M, T.
    public var saturation: Double { StrayField.permeability * magnetisation }

    /// Share of the field of stripes of a period that is left at a distance, exp(-2 pi y/p).
    public static func decay(distance: Double, period: Double) -> Double { exp(-2 * .pi * distance / period) }
}
