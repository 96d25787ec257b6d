import Glibc
import Morphology
import Parameters
import RunFiles

/// Compares designs: the same protocol and the same heterogeneities for each, run side by side, then tables, a ranking, figures and one
/// page.
public enum Comparison {
    /// Runs what is missing in the folder, goes on with what was stopped, and writes the results of what is there.
    /// - Throws: `Diagnostics` and `RunRefusal` when there is nothing to begin with.
    public static func perform(_ request: ComparisonRequest, tell: (ComparisonEvent) -> Void) throws -> ComparisonOutcome {
        if let name = request.ranking, RunMeasures.index(of: name) == nil {
            let known = RunMeasures.measures.map(\.name)
            let hint = nearest(name, known).map { "did you mean \"\($0)\"?" } ?? "known: " + known.joined(separator: ", ")
            throw RunRefusal("\"\(name)\" is not a measure of a comparison; \(hint)")
        }
        let plan = try ComparisonPlan(request)
        if plan.items.isEmpty { throw RunRefusal("there is nothing to compare") }
        for warning in plan.warnings { tell(.note(warning)) }
        try DiskFile.makeFolder(plan.folder)
        let lock = try FolderLock(plan.folder)
        defer { lock.release() }
        var problems: [String] = []
        let stop = try run(plan, request, &problems, tell)
        if let stop {
            return ComparisonOutcome(folder: plan.folder, summary: "stopped by \(stop); the same command goes on", page: "",
                                     problems: problems, exitCode: 3)
        }
        return try write(plan, request, problems)
    }

    /// - Returns: the signal that stopped the runs.
    private static func run(_ plan: ComparisonPlan, _ request: ComparisonRequest, _ problems: inout [String],
                            _ tell: (ComparisonEvent) -> Void) throws -> String? {
        guard let program = realpath("/proc/self/exe", nil) else {
            throw RunFileError(.system, "the program does not find itself: \(String(cString: strerror(errno)))")
        }
        defer { free(program) }
        let items = plan.items.filter { $0.input != nil }
        guard !items.isEmpty else { return nil }
        try SignalFlags.watch()
        var jobs: [ProcessPool.Job] = []
        for item in items {
            let input = item.folder + ".json5"
            try DiskFile.makeFolder(DiskFile.folder(of: item.folder))
            try DiskFile.replace(input, with: item.input ?? "")
            let words = [String(cString: program), "run", input, "-o", item.folder, "--resume", "--quiet", "--threads",
                         "\(request.threads)"]
            jobs.append(.init(words: words, log: item.folder + ".log"))
        }
        let width = request.jobs ?? max(1, Machine.cores / request.threads)
        tell(.note("\(items.count) runs, \(min(width, items.count)) at a time, in \(plan.folder)"))
        var finished = 0
        let complaints = Complaints()
        let stop = try ProcessPool(width: width).run(jobs) { job, code in
            finished += 1
            let state = code == 0 ? "done" : code == 3 ? "stopped" : "failed"
            tell(.finished(run: items[job].name, state: state, count: finished, of: items.count))
            if code != 0 && code != 3 {
                let log = (try? DiskFile.text(jobs[job].log))?.split(separator: "\n").last.map(String.init)
                complaints.list.append("\(items[job].name) failed: \(log ?? "exit code \(code)")")
            }
            if code == 3 { complaints.wasStopped = true }
        }
        problems += complaints.list
        return stop ?? (complaints.wasStopped ? "a signal" : nil)
    }

    private final class Complaints {
        var list: [String] = [], wasStopped = false
    }

    // MARK: - Results

    private static func write(_ plan: ComparisonPlan, _ request: ComparisonRequest, _ given: [String]) throws -> ComparisonOutcome {
        var problems = given, runs: [[(seed: Int, measures: RunMeasures)]] = plan.designs.map { _ in [] }, failed = !given.isEmpty
        for item in plan.items {
            do {
                let measures = try RunMeasures(folder: item.folder, request, rises: plan.settings[item.design].simulation.control.rises)
                runs[item.design].append((item.seed, measures))
                if measures.state == .failed && given.isEmpty { problems.append("\(item.name): \(measures.reason)") }
                if measures.state == .failed { failed = true }
            } catch {
                failed = true
                problems.append("\(item.name): \(error)")
            }
        }
        guard runs.contains(where: { !$0.isEmpty }) else {
            throw RunFileError(.missing, "no run of \(plan.folder) can be read: \(problems.first ?? "")")
        }
        let ranked = RunMeasures.index(of: request.ranking ?? measure(of: plan.settings)) ?? 0
        let results = ComparisonResults(titles: plan.titles, runs: runs, ranked: ranked)
        let seed = plan.items.first?.seed ?? 0
        let figures = ComparisonFigures(
            results: results,
            examples: plan.designs.indices.map { n in plan.items.first { $0.design == n && ($0.seed == seed || $0.seed == 0) }?.folder }, seed: seed)
        let folder = plan.folder, ranking = results.rankingTable, all = results.measuresTable
        let title = plan.protocolName.map { "Comparison under \($0)" } ?? "Comparison"
        let basis = ComparisonBasis(plan: plan, request: request, measure: RunMeasures.measures[ranked])

        let markdown = "# \(title)\n\n" + basis.protocolText + "\n\n## Ranking\n\n" + ComparisonResults.markdown(ranking) + "\n"
            + results.verdicts.map { "- \($0)\n" }.joined() + "\n## Measures, mean ± standard deviation over the seeds\n\n"
            + ComparisonResults.markdown(all)
            + "\n## What the ranking rests on\n\n" + basis.assumptions.map { "- \($0)\n" }.joined()
            + (problems.isEmpty ? "" : "\n## Problems\n\n" + problems.map { "- \($0)\n" }.joined())
        try DiskFile.replace(folder + "/comparison.md", with: markdown)
        try DiskFile.replace(folder + "/comparison.csv", with: results.designsFile)
        try DiskFile.replace(folder + "/runs.csv", with: results.runsFile)
        if let cycles = results.cyclesFile { try DiskFile.replace(folder + "/cycles.csv", with: cycles) }

        try DiskFile.makeFolder(folder + "/figures")
        var sections: [Morphology.Report.Section] = [
            .muted(basis.protocolText), .heading("Ranking"), .table(head: ranking.head, rows: ranking.rows), .list(results.verdicts),
        ]
        if !problems.isEmpty { sections += [.heading("Problems"), .warnings(problems)] }
        var pictures: [Morphology.Report.Section] = []
        if let maps = figures.maps {
            let png = maps.png()
            try DiskFile.replace(folder + "/figures/surfaces.png", with: png)
            pictures.append(.png(png, "surfaces side by side"))
        }
        for (name, chart) in figures.charts {
            let svg = chart.svg()
            try DiskFile.replace(folder + "/figures/\(name).svg", with: svg)
            try DiskFile.replace(folder + "/figures/\(name).png", with: chart.png())
            pictures.append(.svg(svg))
        }
        let meanings = results.known.map { "\(RunMeasures.measures[$0].name): \(RunMeasures.measures[$0].meaning)" }
        sections += [.heading("Figures"), .figures(pictures)]
        sections += [.heading("Measures, mean ± standard deviation over the seeds"), .table(head: all.head, rows: all.rows)]
        sections += [.list(meanings + ["visible roughness: \(Readable.quantity(request.visibleRoughness, "m"))"])]
        sections += [.heading("What the ranking rests on"), .list(basis.assumptions)]
        try DiskFile.replace(folder + "/comparison.html", with: Morphology.Report.page(title: title, sections))
        let summary = ComparisonResults.markdown(ranking) + "\n" + results.verdicts.map { $0 + "\n" }.joined()
        return ComparisonOutcome(folder: folder, summary: summary, page: folder + "/comparison.html", problems: problems,
                                 exitCode: failed ? 1 : 0)
    }

    /// What the protocols are about: a rising current is for the critical one, cycles for the efficiency, a deposit for its roughness.
    private static func measure(of settings: [RunSettings]) -> String {
        let controls = settings.map(\.simulation.control).filter { $0.mode == .protocol }
        if controls.contains(where: \.rises) { return "critical current" }
        return controls.contains(where: \.hasCycles) ? "Coulombic efficiency" : "roughness"
    }
}
