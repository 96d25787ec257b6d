import Glibc

/// Configurational entropy of mixing, in units of R.
///
/// S/R = -[ sum x_i ln x_i over cations + sum x_j ln x_j over anions ]; an alloy has the first sum only.
/// Source: Han et al., Energy Environ. Sci. 18, 97 (2025).
public struct ConfigurationalEntropy: Sendable, Equatable {
    public enum Class: String, Sendable { case high, medium, low }

    public let overR: Double

    /// - Parameter sublattices: mole fractions by name, each sublattice of sum 1.
    public init(_ sublattices: [String: Double]...) {
        overR = -sublattices.reduce(0.0) { sum, fractions in sum + fractions.values.sorted().reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) } }
    }

    /// High from 1.5 R, medium from 1 R.
    public var entropyClass: Class { overR >= 1.5 ? .high : overR >= 1 ? .medium : .low }
}

/// The composition rule of high-entropy materials: five or more elements of 5 to 35 % each.
public struct CompositionRule: Sendable, Equatable {
    /// Elements within the limits, and those outside of them.
    public let principal: [String], outside: [String]

    public init(_ fractions: [String: Double]) {
        let present = fractions.filter { $0.value > 0 }
        // Rounding of percentages is no violation.
        func isPrincipal(_ x: Double) -> Bool { x >= 0.05 - 1e-9 && x <= 0.35 + 1e-9 }
        principal = present.filter { isPrincipal($0.value) }.keys.sorted()
        outside = present.filter { !isPrincipal($0.value) }.keys.sorted()
    }

    public var isMet: Bool { principal.count >= 5 && outside.isEmpty }
}
