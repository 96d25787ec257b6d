public import Parameters

/// Lithiophilic sites on the electrode: where they are, and what they do.
public struct SiteSettings: ParameterGroup {
    public var patches: SitePatches?
    public var stripes: SiteStripes?
    public var random: SiteRandomField?
    public var file: SiteFile?
    public var exchange: SiteExchange?
    public var overpotential: SiteOverpotential?
    public var wetting: SiteWetting?
    public var nucleation: SiteNucleation?

    public init() {}

    public static let summary =
        "Lithiophilic sites: one map (patches, stripes, random or file; the whole electrode without one) and what they change, each on "
        + "its own"
    public static let parameters: [Parameter<Self>] = [
        .optionalGroup("patches", \.patches),
        .optionalGroup("stripes", \.stripes),
        .optionalGroup("random", \.random),
        .optionalGroup("file", \.file),
        .optionalGroup("exchange", \.exchange),
        .optionalGroup("overpotential", \.overpotential),
        .optionalGroup("wetting", \.wetting),
        .optionalGroup("nucleation", \.nucleation),
    ]

    private var patterns: [String] {
        [(patches != nil, "patches"), (stripes != nil, "stripes"), (random != nil, "random"), (file != nil, "file")].filter(\.0).map(\.1)
    }
    var actsOnKinetics: Bool { exchange != nil || overpotential != nil || nucleation != nil }
    var isOn: Bool { actsOnKinetics || wetting != nil }

    public func validate(_ report: inout Report) {
        if patterns.count > 1 {
            report.error("gives \(patterns.joined(separator: " and ")); the sites are one map: keep one of them")
        }
        if let pattern = patterns.first, !isOn {
            report.error("places sites that change nothing; give exchange, overpotential, wetting or nucleation, or remove \(pattern)")
        }
        guard patterns.isEmpty else { return }
        let idle = [(overpotential?.elsewhere != nil, "overpotential.elsewhere"), (wetting?.elsewhere != nil, "wetting.elsewhere"),
                    (nucleation?.rateElsewhere != nil, "nucleation.rateElsewhere"),
                    (nucleation?.barrierElsewhere != nil, "nucleation.barrierElsewhere")]
        for (_, name) in idle.filter(\.0) {
            report.error(
                "is given, but without patches, stripes, random or file the whole electrode is one site; give a pattern or remove it", at: name)
        }
    }

    /// Checks against the rest of the simulation.
    func validate(in simulation: SimulationSettings, _ report: inout Report) {
        let grid = simulation.grid.grid, width = Double(grid.nx) * grid.spacing, depth = grid.nz > 1 ? Double(grid.nz) * grid.spacing : nil
        if let patches, patches.centres.isEmpty, let density = patches.density, patches.number(density, width, depth) == 0 {
            report.error("places less than half a patch on the electrode; raise it or the box, or name centres",
                         at: "sites.patches.density")
        }
        if let patches, depth != nil, patches.centres.count % 2 != 0 {
            report.error("holds \(patches.centres.count) lengths; in three dimensions it is x, z of each patch in turn",
                         at: "sites.patches.centres")
        }
        let ends = [width, depth ?? width]
        if let patches, let beyond = patches.centres.enumerated().first(where: { $0.element < 0 || $0.element > ends[$0.offset % 2] }) {
            report.error("holds \(micrometres(beyond.element)), which lies outside the electrode", at: "sites.patches.centres")
        }
        if let stripes, stripes.period > 0 {
            let count = width / stripes.period
            if abs(count - count.rounded()) > 1e-6 * count || count.rounded() < 1 {
                report.error("does not fit the width of the box, \(micrometres(width)), a whole number of times; the box is periodic",
                             at: "sites.stripes.period")
            }
        }
        if actsOnKinetics && simulation.kinetics.model == .none {
            report.error(
                "acts on the kinetics (exchange, overpotential, nucleation), which kinetics.model none turns off; leave only wetting", at: "sites")
        }
        guard simulation.slabThickness == 0 else {
            if nucleation != nil {
                report.warning("finds no bare substrate as long as the slab of initial.thickness is there; set initial.thickness to 0",
                               at: "sites.nucleation")
            }
            return
        }
        if simulation.initial.amplitude != 0 {
            report.error("perturbs a slab, and initial.thickness 0 leaves none", at: "initial.amplitude")
        }
        guard simulation.initial.seedRadius == 0 else { return }
        guard nucleation != nil else {
            return report.error("leaves no metal to grow; give initial.seedRadius or sites.nucleation", at: "initial.thickness")
        }
        let control = simulation.control, first = control.steps.first
        let holds = control.mode == .potentiostatic || (control.mode == .protocol && (first?.kind == .hold || first?.kind == .rest))
        if !holds {
            report.error("asks for a current before there is metal to carry it: begin on a bare substrate with mode potentiostatic, "
                + "or a protocol whose first step is a hold", at: "control")
        }
    }
}

/// Round patches.
public struct SitePatches: ParameterGroup {
    public var density: Double?
    public var radius = 1e-6
    public var seed = 1
    public var centres: [Double] = []

    public init() {}

    public static let summary = "Round patches, scattered by a seed or at given places; overlapping ones are one site"
    public static let parameters: [Parameter<Self>] = [
        .optionalQuantity(
            "density", \.density, "1/um^2", .above(0),
            "Patches per area, at random places; in two dimensions its root is their number per width (the same mean distance)"),
        Parameter.quantity("radius", \.radius, "um", .above(0), "Radius of a patch (half its width in two dimensions)").required,
        .integer("seed", \.seed, .atLeast(0), "Seed of the places"),
        .quantities(
            "centres", \.centres, "um", .any, "Places instead of density and seed: x of each patch, in three dimensions x, z of each in turn"),
    ]

    public func validate(_ report: inout Report) {
        if density == nil && centres.isEmpty { report.error("needs density or centres") }
        if density != nil && !centres.isEmpty {
            report.error("is given beside centres, which say where every patch is; keep one of them", at: "density")
        }
    }

    func number(_ density: Double, _ width: Double, _ depth: Double?) -> Int {
        let count = depth.map { density * width * $0 } ?? density.squareRoot() * width
        return Int(min(count.rounded(), 1e7))
    }
}

/// Stripes across x.
public struct SiteStripes: ParameterGroup {
    public var period = 10e-6
    public var share = 0.5
    public var offset = 0.0

    public init() {}

    public static let summary = "Stripes across x, the same along z"
    public static let parameters: [Parameter<Self>] = [
        Parameter.quantity("period", \.period, "um", .above(0),
                           "Distance from stripe to stripe; fits the width of the box a whole number of times").required,
        .quantity("share", \.share, "1", .above(0, below: 1), "Width of a stripe over the period"),
        .quantity("offset", \.offset, "um", .any, "x at which a stripe begins"),
    ]
}

/// Sites where a random field exceeds a threshold.
public struct SiteRandomField: ParameterGroup {
    public var share = 0.3
    public var correlationLength = 2e-6
    public var seed = 1

    public init() {}

    public static let summary =
        "Sites where a Gaussian random field, drawn mode by mode, lies above the threshold that gives their share of the area"
    public static let parameters: [Parameter<Self>] = [
        Parameter.quantity("share", \.share, "1", .above(0, below: 1), "Share of the area, in the mean over seeds").required,
        .quantity("correlationLength", \.correlationLength, "um", .above(0), "lc of the covariance exp(-(r/lc)^2) of the field"),
        .integer("seed", \.seed, .atLeast(0), "Seed of the field"),
    ]
}

/// A map from an HDF5 file.
public struct SiteFile: ParameterGroup {
    public var path: String?
    public var dataset = "sites"
    /// What the layer above has read: `rows` (z) by `columns` (x) values from 0 beside the sites to 1 on them, spread over the electrode.
    public var values: [Double] = []
    public var columns = 0, rows = 0

    public init() {}

    public static let summary =
        "A map from an HDF5 file: a dataset (x) or (z, x) of shares from 0 to 1 at any resolution, spread over the electrode"
    public static let parameters: [Parameter<Self>] = [
        Parameter.optionalFile("path", \.path, "The file").required,
        .text("dataset", \.dataset, "Path of the dataset in the file"),
    ]

    public func validate(_ report: inout Report) {
        if path == nil { report.error("is null; name an HDF5 file", at: "path") }
    }

    /// Takes what was read from the file.
    /// - Throws: a sentence that goes on from the name of the dataset.
    public mutating func take(shape: [Int], values: [Double], dimensions: Int) throws(SiteMapError) {
        let extents = shape.count == 1 ? [1] + shape : shape
        guard extents.count == 2, extents.allSatisfy({ $0 > 0 }), dimensions == 3 || extents[0] == 1 else {
            throw SiteMapError("has the shape \(shape); a map is (x) in two dimensions, (z, x) in three")
        }
        guard let bad = values.first(where: { !($0 >= 0 && $0 <= 1) }) else {
            (rows, columns, self.values) = (extents[0], extents[1], values)
            return
        }
        throw SiteMapError("holds \(bad); the values are shares from 0 (beside the sites) to 1 (on them)")
    }
}

/// Sites that exchange faster.
public struct SiteExchange: ParameterGroup {
    public var factor: Double?
    public var activationEnergy: Double?
    public var referenceActivationEnergy: Double?

    public init() {}

    public static let summary =
        "Factor on the exchange current of the sites: given, or exp((E_ref - E)/RT) from activation energies; 1 elsewhere"
    public static let parameters: [Parameter<Self>] = [
        .optionalQuantity("factor", \.factor, "1", .above(0), "i0 on the sites over that of kinetics.exchangeCurrentDensity"),
        .optionalQuantity("activationEnergy", \.activationEnergy, "kJ/mol", .above(0), "E of the sites"),
        .optionalQuantity("referenceActivationEnergy", \.referenceActivationEnergy, "kJ/mol", .above(0),
                          "E_ref of the surface that kinetics.exchangeCurrentDensity belongs to"),
    ]

    public func validate(_ report: inout Report) {
        let energies = [activationEnergy, referenceActivationEnergy].compactMap(\.self).count
        if factor != nil && energies > 0 {
            report.error("is given beside activation energies, which give a factor of their own; keep one of them", at: "factor")
        } else if factor == nil && energies < 2 {
            report.error("needs factor, or both activationEnergy and referenceActivationEnergy")
        }
    }
}

/// What plating has to overcome on a surface without metal.
public struct SiteOverpotential: ParameterGroup {
    public var onSites = 0.0
    public var elsewhere: Double?

    public init() {}

    public static let summary =
        "Nucleation overpotential that plating has to overcome; fades while the local deposit grows to 2 half-widths, back when "
        + "stripped bare"
    public static let parameters: [Parameter<Self>] = [
        .quantity("onSites", \.onSites, "mV", .atLeast(0), "U on the sites"),
        .optionalQuantity("elsewhere", \.elsewhere, "mV", .atLeast(0), "U elsewhere; 0 when not given"),
    ]
}

/// Contact angle of the metal on the substrate.
public struct SiteWetting: ParameterGroup {
    public var onSites = Double.pi / 2
    public var elsewhere: Double?

    public init() {}

    public static let summary = "Contact angle through the metal on the substrate y = 0; cells that are partly site take the mean cosine"
    public static let parameters: [Parameter<Self>] = [
        Parameter.quantity("onSites", \.onSites, "deg", .between(10, 170), "Angle on the sites").required,
        .optionalQuantity("elsewhere", \.elsewhere, "deg", .between(10, 170), "Angle elsewhere; 90 degrees when not given"),
    ]
}

/// Random nucleation on the bare substrate.
public struct SiteNucleation: ParameterGroup {
    public var rate = 0.0
    public var barrier = 0.0
    public var rateElsewhere: Double?
    public var barrierElsewhere: Double?
    public var radius: Double?
    public var seed = 1

    public init() {}

    public static let summary =
        "Nuclei on the bare substrate, a Poisson process of rate J0 exp(-B/eta^2) per area; in two dimensions the box is a slice as "
        + "deep as a nucleus is wide"
    public static let parameters: [Parameter<Self>] = [
        Parameter.quantity("rate", \.rate, "1/(cm^2 s)", .atLeast(0), "J0 on the sites").required,
        .quantity("barrier", \.barrier, "V^2", .atLeast(0), "B on the sites",
                  source: "classical nucleation theory: B = 16 pi gamma^3 V_m^2/(3 k T (zF)^2), less by the wetting factor"),
        .optionalQuantity("rateElsewhere", \.rateElsewhere, "1/(cm^2 s)", .atLeast(0), "J0 elsewhere; 0 when not given"),
        .optionalQuantity("barrierElsewhere", \.barrierElsewhere, "V^2", .atLeast(0), "B elsewhere; that of the sites when not given"),
        .optionalQuantity("radius", \.radius, "um", .above(0),
                          "Radius of the half disc (hemisphere) that a nucleus starts as; 3 interface half-widths when not given"),
        .integer("seed", \.seed, .atLeast(0), "Seed of the times and places"),
    ]
}

/// Why there is no site map.
public struct SiteMapError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
