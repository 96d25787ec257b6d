import Glibc
import RunFiles

/// The measures of every run of a comparison, and what they say about the designs.
struct ComparisonResults {
    typealias Measure = RunMeasures.Measure

    let titles: [String]
    /// Of each design: the runs that could be read, with their seeds.
    let runs: [[(seed: Int, measures: RunMeasures)]]
    /// Index of the measure that ranks.
    let ranked: Int

    /// Values of a measure over the seeds of a design.
    func values(_ design: Int, _ measure: Int) -> [Double] { runs[design].map { $0.measures.values[measure] } }
    func spread(_ design: Int, _ measure: Int) -> Spread { Spread(values(design, measure)) }

    /// A design against the reference (the first), over the seeds that both have.
    func paired(_ design: Int, _ measure: Int) -> PairedDifference {
        let reference = Dictionary(runs[0].map { ($0.seed, $0.measures.values[measure]) }, uniquingKeysWith: { first, _ in first })
        return PairedDifference(runs[design].compactMap { run in reference[run.seed].map { (run.measures.values[measure], $0) } })
    }

    /// Designs from the best to the worst; equal ones by their largest roughness.
    var order: [Int] {
        let measure = RunMeasures.measures[ranked], second = RunMeasures.index(of: "largest roughness") ?? 0
        func score(_ design: Int) -> [Double] {
            let spread = spread(design, ranked), value = measure.rises ? -spread.mean : spread.mean
            let missing = Double(runs[design].count - spread.count), share = runs[design].isEmpty ? 1 : missing / Double(runs[design].count)
            let known = value.isFinite ? value : measure.missingIsBest ? -.greatestFiniteMagnitude : .greatestFiniteMagnitude
            let next = self.spread(design, second).mean
            return (measure.missingIsBest ? [-share] : [share]) + [known, next.isFinite ? next : .greatestFiniteMagnitude]
        }
        return titles.indices.sorted { a, b in score(a) == score(b) ? a < b : score(a).lexicographicallyPrecedes(score(b)) }
    }

    // MARK: - Tables

    /// One row per run: comma-separated values in SI, empty where there is none.
    var runsFile: String {
        let head = ["design", "seed", "state"] + RunMeasures.measures.map { "\($0.name) [\($0.unit)]" } + ["reason"]
        let rows = titles.indices.flatMap { design in
            runs[design].map { run in
                [quoted(titles[design]), "\(run.seed)", run.measures.state.rawValue] + run.measures.values.map(text) + [quoted(run.measures.reason)]
            }
        }
        return ([head] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
    }

    /// One row per run and whole cycle: comma-separated values in SI, empty where there is none; nil without cycles.
    var cyclesFile: String? {
        guard let columns = runs.joined().lazy.compactMap(\.measures.cycles?.columns).first else { return nil }
        let rows = titles.indices.flatMap { design in
            runs[design].flatMap { run in (run.measures.cycles?.rows ?? []).map { [quoted(titles[design]), "\(run.seed)"] + $0.map(text) } }
        }
        return ([["design", "seed"] + columns.map(\.header)] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
    }

    /// One row per design and measure: comma-separated values in SI.
    var designsFile: String {
        let head = ["design", "measure", "unit", "runs", "mean", "standard deviation", "median",
                    "pairs", "paired difference", "standard error", "lower", "higher"]
        let rows = titles.indices.flatMap { design in
            RunMeasures.measures.indices.map { n in
                let spread = spread(design, n), pair = paired(design, n)
                let numbers = [spread.mean, spread.deviation, spread.median].map(text)
                let counts = [pair.smaller, pair.larger].map { "\($0)" }
                let differences = design == 0 ? ["", "", "", "", ""] : ["\(pair.count)", text(pair.mean), text(pair.standardError)] + counts
                return [quoted(titles[design]), RunMeasures.measures[n].name, RunMeasures.measures[n].unit,
                        "\(spread.count)"] + numbers + differences
            }
        }
        return ([head] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
    }

    /// The designs in order: measure that ranks, spread, paired difference to the reference.
    var rankingTable: (head: [String], rows: [[String]]) {
        let measure = RunMeasures.measures[ranked], unit = "(\(measure.shown.unit))"
        let head = ["Rank", "Design", "\(measure.name) \(unit): mean ± sd", "median", "runs", "minus \(titles[0]) \(unit): mean ± se",
                    "better in"]
        let rows = order.enumerated().map { place, design in
            let spread = spread(design, ranked), pair = paired(design, ranked)
            let count = measure.missingIsBest ? "\(spread.count) of \(runs[design].count) reach it" : "\(spread.count)"
            let sizes = shown(pair.mean, measure, sign: true) + (pair.count > 1 ? " ± " + shown(pair.standardError, measure) : "")
            let difference = design == 0 ? "reference" : pair.count == 0 ? "–" : sizes
            let better = design == 0 || pair.count == 0 ? "" : "\(measure.rises ? pair.larger : pair.smaller) of \(pair.count)"
            let mean = shown(spread.mean, measure) + (spread.count > 1 ? " ± " + shown(spread.deviation, measure) : "")
            return ["\(place + 1)", titles[design], mean, shown(spread.median, measure), count, difference, better]
        }
        return (head, rows)
    }

    /// The measures that at least one run has, or that say by their absence that something did not happen.
    var known: [Int] {
        RunMeasures.measures.indices.filter { n in RunMeasures.measures[n].missingIsBest || titles.indices.contains { spread($0, n).count > 0 } }
    }

    /// Every known measure of every design, mean and standard deviation.
    var measuresTable: (head: [String], rows: [[String]]) {
        let rows = known.map { n -> [String] in
            let measure = RunMeasures.measures[n]
            return ["\(measure.name) (\(measure.shown.unit))"] + titles.indices.map { design in
                let spread = spread(design, n)
                if spread.count == 0 { return measure.missingIsBest && !runs[design].isEmpty ? "not reached" : "–" }
                let some = spread.count < runs[design].count ? " (\(spread.count) of \(runs[design].count))" : ""
                return shown(spread.mean, measure) + (spread.count > 1 ? " ± " + shown(spread.deviation, measure) : "") + some
            }
        }
        return (["Measure"] + titles, rows)
    }

    /// A sentence per design: told from the reference when the paired difference is beyond two standard errors.
    var verdicts: [String] {
        let measure = RunMeasures.measures[ranked]
        return titles.indices.dropFirst().compactMap { design in
            let pair = paired(design, ranked)
            guard pair.count > 1 else { return nil }
            let isBetter = measure.rises ? pair.mean > 0 : pair.mean < 0, size = abs(pair.mean / pair.standardError)
            let word = pair.mean == 0 ? "equals" : size >= 2 ? (isBetter ? "is better than" : "is worse than") : "cannot be told from"
            let evidence = pair.mean == 0 || !size.isFinite ? "" : " (\(Readable.significant(size, 2)) standard errors over \(pair.count) pairs)"
            return "\(titles[design]) \(word) \(titles[0]) in \(measure.name)" + evidence
        }
    }

    static func markdown(_ table: (head: [String], rows: [[String]])) -> String {
        func line(_ cells: [String]) -> String { "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n" }
        return line(table.head) + line(table.head.map { _ in "---" }) + table.rows.map(line).joined()
    }

    private func shown(_ value: Double, _ measure: Measure, sign: Bool = false) -> String {
        guard value.isFinite else { return "–" }
        // What round-off leaves of equal values.
        if abs(value * measure.shown.perSI) < 1e-9 { return "0" }
        let text = Readable.significant(value * measure.shown.perSI, 3)
        return sign && value > 0 ? "+" + text : text
    }

    private func text(_ value: Double) -> String { value.isFinite ? "\(value)" : "" }
    private func quoted(_ text: String) -> String {
        text.contains(",") || text.contains("\"") ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
