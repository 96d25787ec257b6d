import Parameters
import RunFiles

/// What a comparison rests on, in sentences.
struct ComparisonBasis {
    let plan: ComparisonPlan
    let request: ComparisonRequest
    let measure: RunMeasures.Measure

    var protocolText: String {
        let rule = plan.protocolName.map { "protocol \($0)" } ?? "each design with its own protocol"
        let seeds =
            plan.items.contains { $0.input != nil }
            ? "seeds 1 to \(request.seeds), the same heterogeneity of every design for one seed" : "runs as they are"
        let overrides = request.overrides.isEmpty ? "" : "; " + request.overrides.joined(separator: ", ")
        return
            "\(rule); \(seeds)\(request.cell.map { "; cell \(RunInput.name(of: $0))" } ?? "")\(overrides). Ranked by \(measure.name): \(measure.meaning), "
            + "\(measure.rises ? "higher" : "lower") is better. Differences are paired by seed, against \(plan.titles[0])."
    }

    /// Every value that is assumed, once for all designs where it is the same.
    var assumptions: [String] {
        var sentences: [(text: String, titles: [String])] = []
        for (title, settings) in zip(plan.titles, plan.settings) {
            for entry in settings.values where entry.basis == .assumed {
                let text = "\(entry.path) \(entry.display) is assumed\(entry.source.isEmpty ? "" : ": \(entry.source)")"
                if let n = sentences.firstIndex(where: { $0.text == text }) { sentences[n].titles.append(title) } else {
                    sentences.append((text, [title]))
                }
            }
        }
        return sentences.map {
            $0.titles.count == plan.titles.count && plan.titles.count > 1 ? "all: \($0.text)" : "\($0.titles.joined(separator: ", ")): \($0.text)"
        }
    }
}
