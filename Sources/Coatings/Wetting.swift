import Glibc

/// Whether a film beta between metal alpha and electrolyte gamma is stable, and how thick.
///
/// Phi(h) = gamma_ag(0) + dgamma f(h) + dG_vol h with dgamma = gamma_ab + gamma_bg - gamma_ag(0) and f = 1 - exp(-h/xi);
/// its minimum is h_EQ = xi ln(-dgamma/(xi dG_vol)) where that is positive. Source: Yan et al., Appl. Phys. Lett. 117, 080504 (2020); the
/// equilibrium thickness is derived from it for this f.
public struct Wetting: Sendable, Equatable {
    public enum Verdict: String, Sendable {
        /// dgamma < 0 and the film costs nothing in its volume: any thickness.
        case wetting
        /// dgamma < 0 outweighs the cost of the volume up to a finite thickness.
        case prewetting
        /// dgamma < 0, but the volume costs more from the first layer on.
        case tooCostly
        case dewetting
    }

    /// dgamma, J/m^2.
    public let gain: Double
    public let decayLength: Double?, bulkFreeEnergy: Double?

    /// Energies in J/m^2, the decay length in m, the bulk free energy in J/m^3.
    public init(metalCoating: Double, coatingElectrolyte: Double, metalElectrolyte: Double, decayLength: Double? = nil,
                bulkFreeEnergy: Double? = nil) {
        gain = metalCoating + coatingElectrolyte - metalElectrolyte
        (self.decayLength, self.bulkFreeEnergy) = (decayLength, bulkFreeEnergy)
    }

    public var wets: Bool { gain < 0 }

    /// Nil when the film wets but decay length or bulk free energy are not known.
    public var verdict: Verdict? {
        if gain >= 0 { return .dewetting }
        guard let bulkFreeEnergy else { return nil }
        if bulkFreeEnergy <= 0 { return .wetting }
        guard let decayLength else { return nil }
        return -gain > decayLength * bulkFreeEnergy ? .prewetting : .tooCostly
    }

    /// h_EQ, m; nil unless the film is a prewetting one.
    public var equilibriumThickness: Double? {
        guard verdict == .prewetting, let decayLength, let bulkFreeEnergy else { return nil }
        return decayLength * log(-gain / (decayLength * bulkFreeEnergy))
    }
}
