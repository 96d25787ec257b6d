import Glibc
public import Parameters

/// The film on the metal: the native one, the coating's patches and breaks, and the corrosion under it.
public struct InterphaseSettings: ParameterGroup {
    public var native: NativeFilm?
    public var seed = 1
    public var patchSize = 1e-6
    public var fracture = true
    public var transportLimit = true
    public var feedback: ThicknessFeedbackSettings?
    public var corrosionFactor = 0.055

    public init() {}

    public static let summary = "The film on the metal: native film, patches of the coating, fracture, transport limit, corrosion"
    public static let parameters: [Parameter<Self>] = [
        .optionalGroup("native", \.native),
        .integer("seed", \.seed, .atLeast(0), "Seed of the film's maps: native film, its fresh draw after a break, coating, patches"),
        .quantity("patchSize", \.patchSize, "um", .above(0),
                  "Correlation length of the pattern of covered patches; used when coating.coverageThickness leaves holes"),
        .flag(
            "fracture", \.fracture,
            "Break the coating where its area stretch exceeds coating.failureStrain; the native film is left, from a fresh draw"),
        .flag("transportLimit", \.transportLimit,
              "Above i_max = zF D c_max/d (lowest coating.diffusivity, coating.maximumConcentration, local thickness) metal plates on top of the coating: native film there until that metal is stripped"),
        .optionalGroup("feedback", \.feedback),
        .quantity("corrosionFactor", \.corrosionFactor, "1", .between(0, 1),
                  "Share of a Tafel corrosion current density that acts all the time",
                  source: "0.055 brings AZCNF's Tafel currents (0.162, 0.127 mA/cm^2) to its measured efficiencies (98.2, 98.7 %): Zheng et al., Adv. Energy Mater. (2024), 10.1002/aenm.202402042"),
    ]
}

/// The film that forms by itself on bare metal.
public struct NativeFilm: ParameterGroup {
    public var resistance = 49e-4
    public var variation = 0.4
    public var correlationLength = 1e-6
    public var corrosionCurrentDensity: Double?

    public init() {}

    public static let summary =
        "The native film of the bare metal: a log-normal map of its resistance that belongs to the material; absent when not given"
    public static let parameters: [Parameter<Self>] = [
        Parameter.quantity("resistance", \.resistance, "ohm cm^2", .above(0),
                           "Mean areal resistance of one electrode, from impedance").required,
        .quantity("variation", \.variation, "1", .between(0, 3), "Coefficient of variation of the resistance along the surface",
                  source: "fitted: dendrites of bare lithium seen from 10 min at 1 mA/cm^2, read as a roughness of 0.3 um"),
        .quantity("correlationLength", \.correlationLength, "um", .above(0), "lc of the covariance exp(-(r/lc)^2) of ln r",
                  source: "assumed"),
        .optionalQuantity("corrosionCurrentDensity", \.corrosionCurrentDensity, "mA/cm^2", .atLeast(0),
                          "Corrosion current density of a Tafel plot of the bare metal"),
    ]
}

/// The film thins where the surface stretches and its resistance with it.
public struct ThicknessFeedbackSettings: ParameterGroup {
    public var smoothingLength = 0.8e-6
    public var relaxationTime: Double?

    public init() {}

    public static let summary =
        "Resistance follows the film's thinning by stretch; without smoothing every wavelength grows, the shortest fastest; off when "
        + "not given"
    public static let parameters: [Parameter<Self>] = [
        Parameter.quantity("smoothingLength", \.smoothingLength, "um", .above(0),
                           "1/e radius of the Gaussian over the material that the thinning is averaged with; at least 4 interface half-widths").required,
        .optionalQuantity("relaxationTime", \.relaxationTime, "s", .above(0),
                          "Time in which the film grows back to its thickness; never when not given"),
    ]
}

extension SimulationSettings {
    /// Whether a film lies on the metal.
    public var hasFilm: Bool { film != nil || interphase.native != nil }
    /// The coating as a film on the metal; nil for one that adds no resistance, as an alloy under the metal or a bare one does.
    public var film: CoatingSettings? { coating?.hasFilm == true ? coating : nil }

    /// The lowest current density above which metal plates on top of the coating at thickness d (m), A/m^2; nil when it is not known.
    func largestCurrentDensity(thickness: Double) -> Double? {
        guard let film, let d = film.diffusivity.first, let c = film.maximumConcentration else { return nil }
        return metal.valence * Constants.faraday * d * c / thickness
    }

    var limitsTransport: Bool { interphase.transportLimit && film?.thickness.flatMap { largestCurrentDensity(thickness: $0) } != nil }
    var breaksFilm: Bool { interphase.fracture && film?.failureStrain != nil }

    func validateInterphase(_ report: inout Report) {
        let h = grid.spacing, l = interface.halfWidth, native = interphase.native
        if kinetics.model == .none && hasFilm {
            report.error("is a film, which nothing passes when kinetics.model is none; leave it out",
                         at: film == nil ? "interphase.native" : "coating")
        }
        if let coating, film == nil, coating.thickness != nil, !alloyLayer.enabled, elasticCoating == nil, elasticFilm == nil {
            report.error("has neither resistance nor ionicConductivity, which a film of a thickness needs; an alloy under the metal needs "
                         + "alloyLayer.enabled, one that only bears stress mechanics.film or mechanics.coating",
                         at: "coating")
        }
        if let coating = film {
            if coating.siteFactor(temperature: kinetics.temperature) == nil {
                report.warning("has neither siteFactor nor activation energies: the exchange current is that of the bare metal",
                               at: "coating")
            }
            let needs =
                coating.coverage < 1
                ? "between the patches that coating.coverageThickness leaves"
                : breaksFilm
                    ? "where the coating breaks (coating.failureStrain)"
                : limitsTransport ? "on metal that plates on top of the coating (interphase.transportLimit)" : nil
            if native == nil, let needs { report.error("is not given; it is what lies \(needs)", at: "interphase.native") }
            if coating.coverage < 1 && interphase.patchSize < 4 * h {
                report.error("is \(micrometres(interphase.patchSize)), below 4 cells (\(micrometres(4 * h))): raise it or refine the grid",
                             at: "interphase.patchSize")
            }
            if (coating.resistanceVariation ?? 0) > 0 && coating.correlationLength == nil && native == nil {
                report.error("is needed with resistanceVariation (or give interphase.native, whose correlationLength is then used)",
                             at: "coating.correlationLength")
            }
            if breaksFilm, let strain = coating.failureStrain, strain < 0.03 {
                report.warning("is below 3 %, the accuracy of a local stretch on this kind of grid", at: "coating.failureStrain")
            }
            if let native, (native.corrosionCurrentDensity == nil) != (coating.corrosionCurrentDensity == nil) {
                report.error("is known for only one of coating and interphase.native; give both or neither",
                             at: native.corrosionCurrentDensity == nil
                    ? "interphase.native.corrosionCurrentDensity" : "coating.corrosionCurrentDensity")
            }
        }
        if let native, native.variation > 0, native.correlationLength < 2 * h {
            report.warning("is below 2 cells: the map is not resolved", at: "interphase.native.correlationLength")
        }
        guard let feedback = interphase.feedback else { return }
        if !hasFilm { report.error("acts on a film, and there is none: give interphase.native or coating", at: "interphase.feedback") }
        if feedback.smoothingLength < 4 * l * (1 - 1e-9) {
            report.error(
                "is below 4 interface half-widths (\(4 * l * 1e6) um), where the finest wavelengths of the grid would grow fastest",
                at: "interphase.feedback.smoothingLength")
        }
        // Fastest mode k = 2/lambda of sigma^2 + sigma/tau = w v^2 k^2 exp(-k^2 lambda^2/4), with w = 1 at most.
        let travel: Double? = control.mode == .galvanostatic
            ? end.capacity.map { $0 / metal.chargePerVolume } ?? end.time.map { $0 * abs(control.currentDensity) / metal.chargePerVolume } : nil
        if let travel, control.currentDensity != 0 {
            let time = travel * metal.chargePerVolume / abs(control.currentDensity),
                rate = 2 * exp(-0.5) / feedback.smoothingLength * travel / time
            let decay = feedback.relaxationTime.map { 0.5 / $0 } ?? 0, growth = (decay * decay + rate * rate).squareRoot() - decay
            if growth * time > 3 {
                report.warning(
                    "lets the fastest mode grow up to exp(\(Int(growth * time))) times: what the surface looks like then is set by this length",
                    at: "interphase.feedback.smoothingLength")
            }
        }
    }
}
