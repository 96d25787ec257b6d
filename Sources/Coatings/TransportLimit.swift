import Electrodeposition

/// The current density that diffusion through a coating carries: i_max = z F D c_max / d. Above it metal nucleates on top.
/// Source: Yan et al., Appl. Phys. Lett. 117, 080504 (2020).
public struct TransportLimit: Sendable, Equatable {
    public let diffusivity: Double, maximumConcentration: Double, valence: Double

    /// - Parameters:
    ///   - diffusivity: m^2/s.
    ///   - maximumConcentration: mol/m^3.
    public init(diffusivity: Double, maximumConcentration: Double, valence: Double = 1) {
        (self.diffusivity, self.maximumConcentration, self.valence) = (diffusivity, maximumConcentration, valence)
    }

    /// A/m^2 at a thickness in m.
    public func currentDensity(thickness: Double) -> Double { valence * Constants.faraday * diffusivity * maximumConcentration / thickness }

    /// The thickness up to which a current density in A/m^2 is carried, m.
    public func thickness(currentDensity: Double) -> Double {
        valence * Constants.faraday * diffusivity * maximumConcentration / currentDensity
    }
}
