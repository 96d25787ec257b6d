/// Lithium in an alloy plate under stress: where it goes, and by what potential.
///
/// The open-circuit potential of lithium in the alloy falls with its fraction x and with tension, U = U0(x) - V_m sigma_h/F: compression pushes lithium
/// out. Between two faces it moves to the one of the higher U. U0 is taken as linear between two measured points.
public struct AlloySegregation: Sendable {
    /// V_m, m^3/mol, of the site that an atom takes.
    public var molarVolume: Double
    /// Two measured points of the open-circuit potential: fraction x of lithium, V against lithium.
    public var richer: (x: Double, potential: Double), poorer: (x: Double, potential: Double)
    /// Diffusivity, m^2/s, and thickness of the plate, m.
    public var diffusivity: Double, thickness: Double

    public init(molarVolume: Double, richer: (x: Double, potential: Double), poorer: (x: Double, potential: Double), diffusivity: Double,
                thickness: Double) {
        (self.molarVolume, self.richer, self.poorer) = (molarVolume, richer, poorer)
        (self.diffusivity, self.thickness) = (diffusivity, thickness)
    }

    /// The Li-Mg plate of an anode-free cell (Wang et al., Adv. Mater. (2024), 10.1002/adma.202410948): 140 nm, D 1e-11 cm^2/s; the sites are those of
    /// magnesium, 13.98 cm^3/mol.
    public static let lithiumMagnesium = AlloySegregation(molarVolume: 1.398e-5, richer: (0.17, 0.307), poorer: (0.06, 0.342), diffusivity: 1e-15,
                                                          thickness: 140e-9)

    /// sigma_h of shear by friction at a face that is pressed on with a von Mises stress: -mises/3, as under a load along one axis.
    public static func compression(mises: Double) -> Double { -mises / 3 }

    /// U0(x), V.
    public func openCircuitPotential(_ x: Double) -> Double {
        richer.potential + (poorer.potential - richer.potential) * (x - richer.x) / (poorer.x - richer.x)
    }

    /// What a hydrostatic stress adds to the potential of lithium, V: mu/F = V_m (-sigma_h)/F, > 0 under compression.
    public func mechanicalPotential(hydrostaticStress stress: Double) -> Double { -molarVolume * stress / Constants.faraday }

    /// The potential that drives lithium from face a to face b, V: > 0 moves it to b.
    public func drive(fromFraction a: Double, stress stressA: Double, toFraction b: Double, stress stressB: Double) -> Double {
        let composition = openCircuitPotential(b) - openCircuitPotential(a)
        return composition + mechanicalPotential(hydrostaticStress: stressA) - mechanicalPotential(hydrostaticStress: stressB)
    }

    /// Difference of x between the faces, x_b - x_a, at which the drive vanishes.
    public func equilibriumDifference(stress stressA: Double, to stressB: Double) -> Double {
        let slope = (poorer.potential - richer.potential) / (poorer.x - richer.x)
        return -(mechanicalPotential(hydrostaticStress: stressA) - mechanicalPotential(hydrostaticStress: stressB)) / slope
    }

    /// Time for diffusion across the plate, s.
    public var relaxationTime: Double { thickness * thickness / diffusivity }
}
