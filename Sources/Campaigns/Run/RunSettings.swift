public import Electrodeposition
public import Parameters
public import Spectral

/// Everything that defines a run: the simulation and what is kept of it.
public struct RunSettings: ParameterGroup {
    public enum Model: String, CaseIterable, Sendable { case twoPotential, singlePotential }

    public var title = ""
    public var model = Model.twoPotential
    public var simulation = SimulationSettings()
    public var singlePotential = SinglePotentialSettings()
    public var output = OutputSettings()
    public var planning = PlannerEffort.measure
    public var evidence: [String: Evidence] = [:]

    public init() {}

    public static let summary = "A run: what is simulated and what is kept of it"
    public static let parameters: [Parameter<Self>] = [
        .text("title", \.title, "What the run is about, for figures and reports"),
        .choice("model", \.model, "twoPotential, or the literature's singlePotential, for comparison only"),
    ] + SimulationSettings.parameters.map { $0.raised(to: \.simulation) } + [
        .group("singlePotential", \.singlePotential),
        .group("output", \.output),
        .choice("planning", \.planning,
                "How FFTW finds its plans: measure (fastest; the run folder keeps them), or estimate (the same plans, so the same bits, in every folder)"),
    ]

    public func validate(_ report: inout Report) {
        if model == .singlePotential {
            SinglePotentialSettings.validate(simulation, singlePotential, &report)
            for name in output.fields where ![.xi, .c, .phi].contains(name) {
                report.error("names \(name.rawValue), which model singlePotential does not have; it has xi, c and phi", at: "output.fields")
            }
            return
        }
        simulation.validate(&report)
        let end = simulation.end
        if output.parts != nil && end.time == nil && end.capacity == nil {
            report.error("divides the run into equal parts, which needs end.time or end.capacity; give an interval instead", at: "output.parts")
        }
        let absent = ["mechanics": simulation.mechanics == nil, "magnetics": simulation.magnetics == nil, "flow": simulation.flow == nil]
        for name in output.fields {
            if let group = name.group, absent[group] == true {
                report.error("names \(name.rawValue), which exists only with \(group); add \(group): {} or leave it out", at: "output.fields")
            }
        }
        if output.fields.contains(.filmResistance) && !simulation.hasFilm {
            report.error("names filmResistance, and there is no film; give interphase.native or coating", at: "output.fields")
        }
        if output.fields.contains(.filmThickness) && simulation.film?.thickness == nil {
            report.error("names filmThickness, which needs coating.thickness", at: "output.fields")
        }
        if simulation.kinetics.model == .none, output.fields.contains(where: { $0.needsReaction }) {
            report.error("names fields that do not exist when kinetics.model is none; leave only xi", at: "output.fields")
        }
    }

    /// Where the values of the parameters come from, one sentence each, for reports.
    public var citations: [String] {
        values.filter { !$0.source.isEmpty }.map { "\($0.path), \($0.display): \($0.origin)" }
    }

    /// Settings that may change when a run is continued: they say when it ends and what is kept, not what happens.
    static func mayChange(_ path: String) -> Bool { path == "title" || path.hasPrefix("end.") || path.hasPrefix("output.") }
}
