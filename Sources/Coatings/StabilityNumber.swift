/// Shear modulus of a layer over that of lithium; deposition is stable from about 2 on.
///
/// Source: C. Monroe and J. Newman, J. Electrochem. Soc. 152, A396 (2005), for a thick separator: a screening number, not a law for films
/// of nanometres.
public struct StabilityNumber: Sendable, Equatable {
    public enum Verdict: String, Sendable { case stable, unstable, undecided }

    /// From E 4.9 to 7.8 GPa and nu 0.38 to 0.36 (assumed range of lithium), Pa.
    public static let lithiumShearModulus = (low: 4.9e9 / (2 * 1.38), high: 7.8e9 / (2 * 1.36))
    public static let threshold = 2.0

    /// Pa
    public let shearModulus: Double
    public var low: Double { shearModulus / StabilityNumber.lithiumShearModulus.high }
    public var high: Double { shearModulus / StabilityNumber.lithiumShearModulus.low }

    /// - Parameter youngModulus: Pa.
    public init(youngModulus: Double, poissonRatio: Double) { shearModulus = youngModulus / (2 * (1 + poissonRatio)) }

    public var verdict: Verdict { low >= Self.threshold ? .stable : high < Self.threshold ? .unstable : .undecided }
}
