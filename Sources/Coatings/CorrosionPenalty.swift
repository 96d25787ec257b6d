/// What corrosion takes from the Coulombic efficiency of a cycle that plates and strips at one current density.
///
/// A Tafel corrosion current cannot act all the time: 1 h + 1 h at 1 mA/cm^2 would lose a third. One factor maps it to the measured
/// efficiencies: 0.055 gives 1.8 % for 0.162 mA/cm^2 and 1.4 % for 0.127 mA/cm^2 (measured 1.8 % and 1.3 %: Zheng et al., Adv. Energy
/// Mater. 2024). The factor is fitted; the ratio of two losses is a prediction.
public struct CorrosionPenalty: Sendable, Equatable {
    public static let fittedFactor = 0.055

    /// Share of the plated charge that is lost.
    public let loss: Double

    /// Current densities in one unit.
    public init(corrosionCurrentDensity: Double, currentDensity: Double, factor: Double = CorrosionPenalty.fittedFactor) {
        // Plating and stripping take 1/i each per unit of charge.
        loss = 2 * factor * corrosionCurrentDensity / currentDensity
    }
}
