public import Grids
import RunFiles

/// One HTML file about a run, or about several side by side, that needs no other file and no network.
public enum Report {
    /// Analyses a run (when that has not been done yet) and writes `report.html` into its folder.
    /// - Parameters:
    ///   - analysis: an analysis of this folder with figures, to use what it has read.
    ///   - citations: sources of the models and data that the run used, one sentence each.
    /// - Returns: the path of the report, and what could not be read.
    /// - Throws: as `RunAnalysis.update`.
    @discardableResult
    public static func write(
        folder: String, analysis given: RunAnalysis? = nil, citations: [String] = [],
        pool: ThreadPool? = nil
    ) throws -> (path: String, problems: [String]) {
        let analysis = given ?? RunAnalysis(folder)
        try analysis.update(pool: pool)
        let table = analysis.table, status = try? RunFolder.status(of: folder), provenance = try? RunFolder.provenance(of: folder)
        let series = try? SeriesTable(folder + "/series.csv"), cycles = RunFigures.cycles(of: folder, series)

        var page = HTML(title: "\(analysis.title) – dendrite")
        page.heading(analysis.title, level: 1)
        page.paragraph(headline(table, status), kind: "muted")
        page.cards(cards(analysis, series, cycles))
        let warnings = warnings(analysis, status, provenance)
        if !warnings.isEmpty { page.heading("Warnings"); page.list(warnings, kind: "warn") }

        page.heading("Figures")
        page.beginFigures()
        for name in analysis.figures {
            let path = folder + "/figures/" + name
            if name.hasSuffix(".svg") {
                page.figure(svg: try DiskFile.text(path))
            } else {
                page.figure(png: try DiskFile.read(path), alternative: name.dropLast(4) + " of " + analysis.title)
            }
        }
        page.endFigures()

        page.heading("Surface and deposit")
        page.paragraph(
            "Heights are those of metal connected to the electrode, levelled by their mean; one row per snapshot is in metrics.csv.", kind: "muted")
        page.table(head: ["Quantity", "First snapshot", "Last snapshot"], metricRows(table))
        if cycles.contains(where: { $0.coulombicEfficiency != nil }) {
            page.heading("Cycles")
            page.table(
                head: ["Cycle", "Plated", "Stripped", "Corroded", "Dead", "Charge returned", "against a reservoir"],
                cycles.enumerated().map { n, cycle in
                    ["\(n + 1)"] + [cycle.plated, cycle.stripped, cycle.corroded, cycle.dead].map { $0.map { shown($0, "C/m2") } ?? "–" }
                        + [cycle.coulombicEfficiency, cycle.reservoirEfficiency].map { $0.map { Numbers.significant(100 * $0, 4) + " %" } ?? "–" }
                })
        }
        if let series {
            page.heading("Conservation and solver health"); page.table(head: ["Column of series.csv", "Least", "Most", "Last"], seriesRows(series))
        }
        page.heading("What was run")
        page.table(head: [], provenanceRows(provenance, status))
        for (file, name) in [("input.json5", "Input as given"), ("resolved.json5", "Input with every default")] {
            if let text = try? DiskFile.text(folder + "/" + file) { page.folded(name, text: text) }
        }
        page.heading("Sources")
        page.list(citations + methods)
        let path = folder + "/report.html"
        try DiskFile.replace(path, with: page.text)
        return (path, analysis.problems)
    }

    /// Several runs in one page: their curves over each other and their last numbers in one table.
    /// - Parameters:
    ///   - names: of the runs, by default the last parts of their folders.
    ///   - notes: paragraphs below the title.
    /// - Returns: sentences about runs that could not be read (they are left out).
    /// - Throws: when none can be read, or the file cannot be written.
    @discardableResult
    public static func writeComparison(
        folders: [String], names: [String]? = nil, notes: [String] = [], to path: String,
        pool: ThreadPool? = nil
    ) throws -> [String] {
        var runs: [(name: String, table: MetricsTable)] = [], problems: [String] = []
        for (n, folder) in folders.enumerated() {
            let analysis = RunAnalysis(folder, options: .init(figures: false))
            do {
                try analysis.update(pool: pool)
                runs.append((names?[n] ?? analysis.title, analysis.table))
                problems += analysis.problems
            } catch {
                problems.append("\(error)")
            }
        }
        guard !runs.isEmpty else {
            throw RunFileError(.missing, "none of the \(folders.count) runs can be compared; the first: \(problems.first ?? "no folder given")")
        }
        var page = HTML(title: "Comparison – dendrite")
        page.heading("Comparison of \(runs.count) runs", level: 1)
        for note in notes { page.paragraph(note, kind: "muted") }
        if !problems.isEmpty { page.heading("Warnings"); page.list(problems, kind: "warn") }
        page.heading("Figures")
        page.beginFigures()
        for chart in comparisonCharts(runs) { page.figure(svg: chart.svg()) }
        page.endFigures()
        page.heading("Last snapshot of each run")
        let names = (runs.first?.table.columns ?? []).map(\.name).filter { $0 != "step" }
        page.table(
            head: ["Quantity"] + runs.map(\.name),
            names.map { name in
                [label(name)] + runs.map { run in shown(run.table[name]?.last ?? .nan, run.table.unit(of: name)) }
            })
        page.heading("Sources")
        page.list(methods)
        try DiskFile.replace(path, with: page.text)
        return problems
    }

    /// Curves of several runs over each other.
    public static func comparisonCharts(_ runs: [(name: String, table: MetricsTable)]) -> [LineChart] {
        let isProfile = runs.first?.table["Rq"] != nil
        let wanted = [
            ("tip height", "Height of the tip", "m"), (isProfile ? "Rq" : "Sq", "Root mean square roughness", "m"),
            ("area ratio", "Surface over footprint", "1"),
            ("dendrites", "Dendrites", "1"), ("porosity", "Porosity of the deposit", "1"), ("dead fraction", "Dead metal", "1"),
        ]
        return wanted.compactMap { column, title, unit in
            let curves = runs.compactMap { run in
                run.table[column].flatMap { y in run.table["time"].map { LineChart.Series(run.name, x: $0, y: y) } }
            }
            guard curves.contains(where: { $0.x.count > 1 }) else { return nil }
            return LineChart(
                title: title, x: .init("Time", unit: "s"), y: .init(label(column), unit: unit, whole: column == "dendrites"), series: curves)
        }
    }

    // MARK: - Parts

    private static func headline(_ table: MetricsTable, _ status: RunStatus?) -> String {
        let time = table["time"] ?? []
        let span = "\(time.count) snapshots, \(RunFigures.moment(time.last ?? 0))"
        guard let status else { return span }
        return "\(status.state.rawValue)" + (status.reason.isEmpty ? "" : ": \(status.reason)") + " · " + span
    }

    private static func cards(_ analysis: RunAnalysis, _ series: SeriesTable?, _ cycles: [Cycle]) -> [(value: String, name: String)] {
        let table = analysis.table, prefix = table["Rq"] != nil ? "R" : "S"
        var out: [(value: String, name: String)] = []
        for (column, name) in [
            ("tip height", "tip height"), ("mean height", "mean height"), (prefix + "q", "rms roughness (\(prefix)q)"),
            (prefix + "z", "peak to valley (\(prefix)z)"),
            ("dendrites", "dendrites"), ("area ratio", "surface over footprint"), ("porosity", "porosity"), ("dead fraction", "dead metal"),
        ] {
            if let value = table[column]?.last, value.isFinite { out.append((shown(value, table.unit(of: column)), name)) }
        }
        for (time, name) in [(table.firstDendrite, "first dendrite"), (analysis.shortCircuit, "short circuit")] {
            guard let time else { continue }
            out.append((shown(time, "s"), name))
            if let capacity = series?.interpolated("capacity", at: time), let unit = series?.columns.first(where: { $0.name == "capacity" })?.unit {
                out.append((shown(capacity, unit), "capacity at \(name)"))
            }
        }
        if let efficiency = cycles.last(where: { $0.coulombicEfficiency != nil })?.coulombicEfficiency {
            out.append((Numbers.significant(100 * efficiency, 4) + " %", "charge returned, last cycle"))
        }
        return out
    }

    private static func warnings(_ analysis: RunAnalysis, _ status: RunStatus?, _ provenance: Provenance?) -> [String] {
        var out = analysis.problems
        switch status?.state {
        case .failed?: out.append("The run failed: \(status?.reason ?? "")")
        case .stopped?: out.append("The run stopped before its end: \(status?.reason ?? "")")
        case .running?, .pending?: out.append("The run is still going on; this is what it has written so far.")
        case .done?: break
        case nil: out.append("status.json is missing or cannot be read, so it is not known how the run ended.")
        }
        if provenance == nil { out.append("run.json is missing or cannot be read, so it is not known what was run.") }
        if provenance?.modified == true { out.append("The program's sources differed from the commit given below.") }
        for resume in provenance?.resumes ?? [] { out += resume.notes }
        return out
    }

    private static func metricRows(_ table: MetricsTable) -> [[String]] {
        table.columns.filter { $0.name != "step" }.map { column in
            let values = table[column.name] ?? []
            return [label(column.name), shown(values.first ?? .nan, column.unit), shown(values.last ?? .nan, column.unit)]
        }
    }

    private static func seriesRows(_ series: SeriesTable) -> [[String]] {
        series.columns.filter { $0.name != "time" }.compactMap { column in
            guard let values = series[column.name]?.filter(\.isFinite), let least = values.min(), let most = values.max(), let last = values.last
            else { return nil }
            return [column.name] + [least, most, last].map { shown($0, column.unit) }
        }
    }

    private static func provenanceRows(_ p: Provenance?, _ status: RunStatus?) -> [[String]] {
        guard let p else { return [] }
        var rows = [
            ["Command", p.command.joined(separator: " ")], ["Version", p.version], ["Compiler", p.compiler],
            ["Libraries", p.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")],
            ["Machine", "\(p.host), \(p.processor), \(p.cores) cores"],
            ["Threads, instructions, precision", "\(p.threads), \(p.instructionSet), \(p.precision)"],
            ["Seed", "\(p.seed)"], ["Input (SHA-256)", p.inputDigest], ["Started", p.started], ["Ended", p.ended ?? "–"],
        ]
        if let commit = p.commit { rows.insert(["Commit", commit], at: 2) }
        for resume in p.resumes { rows.append(["Resumed", "\(resume.utc) on \(resume.host) at step \(resume.step)"]) }
        if let status {
            rows.append(["State", "\(status.state.rawValue) at step \(status.step)" + (status.reason.isEmpty ? "" : ": \(status.reason)")])
        }
        return rows
    }

    /// With a capital, unless it is a symbol.
    private static func label(_ name: String) -> String {
        guard let first = name.first, first.isLowercase else { return name }
        return first.uppercased() + name.dropFirst()
    }

    private static func shown(_ value: Double, _ unit: String) -> String {
        guard value.isFinite else { return "–" }
        guard value != 0 else { return "0" }
        if unit == "1" || unit.isEmpty {
            return value == value.rounded() && abs(value) < 1e6 ? Numbers.fixed(value, decimals: 0) : Numbers.significant(value, 4)
        }
        let display = DisplayUnit.fitting(unit, largest: value)
        return "\(Numbers.significant(value * display.perSI, 4)) \(display.symbol)"
    }

    private static let methods = [
        "Surface texture parameters: ISO 25178-2:2021 (areas) and ISO 21920-2:2021 (profiles); core of the bearing curve: ISO 13565-2:1996.",
        "Power spectral density: T. D. B. Jacobs, T. Junge, L. Pastewka, Surf. Topogr.: Metrol. Prop. 5, 013001 (2017).",
        "Triangle surface: W. E. Lorensen, H. E. Cline, Computer Graphics 21(4), 163 (1987), with the cases derived from one rule for cube faces.",
        "Colour scales: B. Ottosson, A perceptual color space for image processing (2020).",
    ]
}

extension SeriesTable {
    /// A column at a time, linear between rows; nil outside the table.
    fileprivate func interpolated(_ name: String, at time: Double) -> Double? {
        guard let t = self["time"], let y = self[name], let n = t.firstIndex(where: { $0 >= time }) else { return nil }
        guard n > 0, t[n] > t[n - 1] else { return t[n] == time ? y[n] : nil }
        return y[n - 1] + (y[n] - y[n - 1]) * (time - t[n - 1]) / (t[n] - t[n - 1])
    }
}
