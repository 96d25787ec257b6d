import Glibc
public import Parameters

/// Everything that defines a simulation.
public struct SimulationSettings: ParameterGroup {
    public enum Precision: String, CaseIterable, Sendable { case double, float }

    public var precision = Precision.double
    public var grid = GridSettings()
    public var metal = Metal()
    public var electrolyte = Electrolyte()
    public var kinetics = KineticsSettings()
    public var interface = InterfaceSettings()
    public var coating: CoatingSettings?
    public var interphase = InterphaseSettings()
    public var alloyLayer = AlloyLayerSettings()
    public var heterogeneity = Heterogeneity()
    public var sites = SiteSettings()
    public var noise = NoiseSettings()
    public var initial = InitialState()
    public var counterElectrode = CounterElectrode()
    public var control = ControlSettings()
    public var end = EndSettings()
    public var time = TimeSettings()
    public var mechanics: MechanicsSettings?
    public var magnetics: MagneticsSettings?
    public var flow: FlowSettings?

    public init() {}

    public static let summary = "A simulation of metal plating"
    public static let parameters: [Parameter<Self>] = [
        .choice("precision", \.precision, "Floating-point type of the fields; reductions are always double"),
        .group("grid", \.grid),
        .group("metal", \.metal),
        .group("electrolyte", \.electrolyte),
        .group("kinetics", \.kinetics),
        .group("interface", \.interface),
        .optionalGroup("coating", \.coating),
        .group("interphase", \.interphase),
        .group("alloyLayer", \.alloyLayer),
        .group("heterogeneity", \.heterogeneity),
        .group("sites", \.sites),
        .group("noise", \.noise),
        .group("initial", \.initial),
        .group("counterElectrode", \.counterElectrode),
        .group("control", \.control),
        .group("end", \.end),
        .group("time", \.time),
        .optionalGroup("mechanics", \.mechanics),
        .optionalGroup("magnetics", \.magnetics),
        .optionalGroup("flow", \.flow),
    ]

    /// Height of the initial slab, m.
    public var slabThickness: Double { initial.thickness ?? 10 * interface.halfWidth }

    public func validate(_ report: inout Report) {
        let l = interface.halfWidth, ratio = grid.spacing / l, limits = interface.coarseLimits
        if ratio > limits.refuse * (1 + 1e-9) && !interface.allowCoarse {
            report.error(
                "is \(decimal(ratio)) interface half-widths; the \(interface.scheme.rawValue) scheme is refused above \(decimal(limits.refuse)), where fronts pin to the grid: use at most \(decimal(limits.warn)) or set interface.allowCoarse",
                at: "grid.spacing")
        } else if ratio > limits.warn * (1 + 1e-9) {
            report.warning(
                "is \(decimal(ratio)) interface half-widths; the \(interface.scheme.rawValue) scheme is accurate up to \(decimal(limits.warn))",
                at: "grid.spacing")
        }
        warnOfCoarseCells(ratio, &report)
        let height = grid.size[1]
        if slabThickness + initial.seedRadius > height - 4 * l {
            report.error(
                "puts metal up to \(micrometres(slabThickness + initial.seedRadius)) into a box of \(micrometres(height)); leave at least 4 interface half-widths of electrolyte",
                at: "initial")
        }
        validateInterphase(&report)
        validateAlloyLayer(&report)
        if end.time == nil && end.capacity == nil && control.mode != .protocol && kinetics.model != .none && end.voltage == nil && end.gap == 0 {
            report.error("names no condition; give time, capacity, voltage or gap", at: "end")
        }
        if kinetics.model == .none && end.time == nil {
            report.error("needs a time when kinetics.model is none", at: "end")
        }
        if kinetics.model == .none && interface.mobility == nil {
            report.error("needs a fixed mobility when kinetics.model is none: there is no front speed to take it from", at: "interface")
        }
        sites.validate(in: self, &report)
        if control.mode == .galvanostatic && control.currentDensity == 0 && end.time == nil {
            report.error("has no current, so only end.time can end the run", at: "control")
        }
        if electrolyte.isSingleIon && counterElectrode.kind == .lithium && electrolyte.conductivityLaw != .constant {
            report.error("is a single-ion conductor with a fixed concentration: its conductivityLaw must be constant", at: "electrolyte")
        }
        validateCouplings(&report)
        let nernstEinstein = electrolyte.nernstEinstein(electrolyte.concentration, metal: metal, temperature: kinetics.temperature)
        if !electrolyte.isSingleIon && electrolyte.conductivityLaw == .constant && electrolyte.transferenceNumber > 0
            && abs(electrolyte.conductivity / nernstEinstein - 1) > 0.2 {
            report.warning(
                "is \(decimal(electrolyte.conductivity)) S/m; the Nernst-Einstein relation gives \(decimal(nernstEinstein)) S/m for this D, t+ and c0",
                at: "electrolyte.conductivity")
        }
    }

    /// What `sharp` does not bear at a spacing that is fine otherwise, as the validation case coarse-grid measured.
    private func warnOfCoarseCells(_ ratio: Double, _ report: inout Report) {
        guard interface.scheme == .sharp, ratio > 1.01 else { return }
        let structures = [heterogeneity.variation > 0 ? heterogeneity.correlationLength : nil,
                          interphase.native.flatMap { $0.variation > 0 ? $0.correlationLength : nil }].compactMap { $0 }
        if let length = structures.min(), length < 4.99 * grid.spacing {
            report.warning(
                "is more than a fifth of a correlation length of \(micrometres(length)): a roughness may be 4 to 9 % off; use spacings of one half-width",
                at: "grid.spacing")
        }
        if mechanics != nil && ratio > 1.51 {
            report.warning(
                "is \(decimal(ratio)) interface half-widths: stress makes the growth of a wave 3 % wrong; use at most 1.5", at: "grid.spacing")
        }
        let right = Double.pi / 2
        if let wetting = sites.wetting, max(abs(wetting.onSites - right), abs((wetting.elsewhere ?? right) - right)) > right / 2 {
            report.warning(
                "is \(decimal(ratio)) interface half-widths: a contact angle of 30 degrees comes out 2 degrees off; use at most 1", at: "grid.spacing"
            )
        }
    }

    private func validateCouplings(_ report: inout Report) {
        if let mechanics {
            if mechanics.kinetic && kinetics.model == .none {
                report.error("acts on the kinetics, but kinetics.model is none; set it to false", at: "mechanics.kinetic")
            }
            if mechanics.variational && interface.surfaceEnergy == 0 {
                report.error("is 0; variational coupling weighs the elastic energy against it", at: "interface.surfaceEnergy")
            }
            validateElasticLayers(&report)
        }
        if let film = magnetics?.film, let thickness = film.thickness, thickness > grid.spacing {
            report.error(
                "is \(micrometres(thickness)), more than a cell of \(micrometres(grid.spacing)); the film is taken to be thinner than that",
                at: "magnetics.film.thickness")
        }
        if flow != nil && magnetics == nil {
            report.error(
                "has nothing that drives it; give magnetics as well, for example magnetics: { appliedField: [\"1 T\", \"0 T\", \"0 T\"] }", at: "flow"
            )
        }
        if flow != nil && (electrolyte.isSingleIon || mechanics?.electrolyte.state == .solid) {
            report.error("needs a liquid electrolyte", at: "flow")
        }
        if flow != nil && kinetics.model == .none {
            report.error("is driven by the current, but kinetics.model is none", at: "flow")
        }
    }
}

func micrometres(_ metres: Double) -> String { decimal(metres * 1e6) + " um" }

/// Three significant digits, without an exponent where that is short.
private func decimal(_ x: Double) -> String {
    guard x != 0, x.isFinite else { return "\(x)" }
    let digits = max(0, 2 - Int(log10(abs(x)).rounded(.down)))
    let scale = pow(10, Double(digits)), rounded = (x * scale).rounded() / scale
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : "\(rounded)"
}
