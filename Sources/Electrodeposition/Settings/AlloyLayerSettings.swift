public import Parameters

/// Whether the metal dissolves in the coating's alloy.
public struct AlloyLayerSettings: ParameterGroup {
    public var enabled = false

    public init() {}

    public static let summary =
        "An alloy slab under the surface, filled by diffusion column by column before metal plates on top; its values are those of the "
        + "coating"
    public static let parameters: [Parameter<Self>] = [
        .flag("enabled", \.enabled, "Let the slab take up metal; needs diffusivity, maximumConcentration and a thickness of the coating",
              source: "alloy model of Wang et al., Adv. Mater. (2024), 10.1002/adma.202410948"),
    ]
}

extension SimulationSettings {
    /// Whether the alloy's own potential enters the kinetics.
    var alloyShifts: Bool { alloyLayer.enabled && !(coating?.openCircuitPotentials.isEmpty ?? true) }

    func validateAlloyLayer(_ report: inout Report) {
        guard alloyLayer.enabled else { return }
        guard let coating else {
            return report.error("is enabled, and there is no coating whose alloy takes up metal; give coating", at: "alloyLayer")
        }
        let needs = [("coating.diffusivity", !coating.diffusivity.isEmpty),
                     ("coating.maximumConcentration", coating.maximumConcentration != nil),
                     ("coating.thickness", coating.slabThickness != nil)]
        for (name, isKnown) in needs where !isKnown { report.error("is not given; alloyLayer needs it", at: name) }
        if coating.diffusivity.count == 2 { report.warning("is a range; the run takes the lower value", at: "coating.diffusivity") }
        if coating.openCircuitPotentials.isEmpty {
            report.warning("is not given: the alloy counts as in equilibrium with the metal, and its filling does not show in phi_s",
                           at: "coating.openCircuitPotentials")
        }
        if kinetics.model == .none { report.error("needs a reaction; kinetics.model is none", at: "alloyLayer") }
    }
}
