import Glibc
public import Parameters

/// Magnetic field in the cell.
public struct MagneticsSettings: ParameterGroup {
    public var appliedField = SIMD3<Double>()
    public var film: MagneticFilm?
    public var kelvinForce = false
    public var molarSusceptibility = 0.0
    public var interval = 0.3

    public init() {}

    public static let summary = "Magnetic field B = B_applied + mu0 (H + M) of the cell and of a magnetised film; {} switches it on"
    public static let parameters: [Parameter<Self>] = [
        .vector("appliedField", \.appliedField, "T", .between(-100, 100), "Uniform applied field along x, y (growth) and z"),
        .optionalGroup("film", \.film),
        .flag("kelvinForce", \.kelvinForce, "Add the Kelvin force (chi_m c/mu0) (B . grad) B to the Lorentz force i x B"),
        .quantity(
            "molarSusceptibility", \.molarSusceptibility, "m^3/mol", .any,
            "chi_m of the salt, SI; used with kelvinForce (diamagnetic about -1e-10, 3d ions about 1e-8)"),
        .quantity("interval", \.interval, "1", .between(0, 10), "Travel of the surface, in cells, after which the field of the film is found anew"),
    ]

    public func validate(_ report: inout Report) {
        if kelvinForce && molarSusceptibility == 0 {
            report.error(
                "is 0: a Kelvin force needs the molar susceptibility of the salt; give it or leave kelvinForce out", at: "molarSusceptibility")
        }
    }
}

/// A magnetised film on the metal, much thinner than a cell.
public struct MagneticFilm: ParameterGroup {
    public enum Pattern: String, CaseIterable, Sendable { case uniform, stripes }

    public var magnetisation = SIMD3(0, 1.45e5, 0)
    public var thickness: Double?
    public var pattern = Pattern.uniform
    public var period = 10e-6
    public var angle = 0.0
    public var seed = 1

    public init() {}

    public static let summary = "A magnetised film on the metal; it moves with the surface"
    public static let parameters: [Parameter<Self>] = [
        .vector("magnetisation", \.magnetisation, "kA/m", .any, "M along x, y (growth) and z",
                source: "AZCNF, from 21.52 emu/g (Zheng et al., Adv. Energy Mater. (2024), 10.1002/aenm.202402042)"),
        .optionalQuantity(
            "thickness", \.thickness, "nm", .above(0), "Thickness of the film, below a cell: its moment is spread over the diffuse surface"),
        .choice("pattern", \.pattern, "uniform, or stripes of alternating sign"),
        .quantity("period", \.period, "um", .above(0), "Period of the stripes; fitted to the box by whole numbers of periods"),
        .quantity("angle", \.angle, "deg", .any, "Direction across the stripes to the x axis, in the plane of the electrode (3D)"),
        .integer("seed", \.seed, .atLeast(0), "Seed of the stripes' phase"),
    ]

    public func validate(_ report: inout Report) {
        if (magnetisation * magnetisation).sum() > 0 && thickness == nil {
            report.error(
                "is missing: a magnetised film has a moment per area, M times its thickness, so it needs a thickness (AZCNF: 28 nm)", at: "thickness")
        }
    }

    /// Whole numbers of periods along x and z in a box of the given edges; at least one.
    func waves(_ x: Double, _ z: Double?) -> (x: Int, z: Int) {
        guard let z else { return (max(1, Int((x / period).rounded())), 0) }
        let nx = Int((cos(angle) * x / period).rounded()), nz = Int((sin(angle) * z / period).rounded())
        return nx == 0 && nz == 0 ? (abs(cos(angle)) >= abs(sin(angle)) ? (1, 0) : (0, 1)) : (nx, nz)
    }
}
