import Glibc
import Morphology
import RunFiles

/// The files that `collect` writes into the folder of a sweep.
public enum SweepCollection {
    /// More pictures than this nobody looks at.
    private static let mostFigures = 60

    public struct Written: Sendable {
        public let results: SweepResults, analysis: SweepAnalysis
        /// Paths of all files, results.csv first.
        public let files: [String]
        public let notes: [String]
    }

    /// Writes results.csv, designs.csv, effects.csv, sensitivity.csv and figures/heat-*.png.
    public static func write(_ results: SweepResults) throws(RunFileError) -> Written {
        let analysis = SweepAnalysis(results), folder = results.manifest.folder
        var files: [String] = [], notes = analysis.problems
        for (name, text) in [("results.csv", results.text), ("designs.csv", analysis.designsText), ("effects.csv", analysis.effectsText),
                             ("sensitivity.csv", analysis.sensitivityText)] {
            try DiskFile.replace("\(folder)/\(name)", with: text)
            files.append("\(folder)/\(name)")
        }
        try DiskFile.makeFolder(folder + "/figures")
        for name in try DiskFile.names(in: folder + "/figures") where name.hasPrefix("heat-") && name.hasSuffix(".png") {
            try DiskFile.remove("\(folder)/figures/\(name)")
        }
        let maps = heatMaps(results, analysis)
        for (name, map) in maps.prefix(mostFigures) {
            let path = "\(folder)/figures/\(name).png"
            try DiskFile.replace(path, with: map.png())
            files.append(path)
        }
        if maps.count > mostFigures { notes.append("only the first \(mostFigures) of \(maps.count) heat maps are drawn") }
        return Written(results: results, analysis: analysis, files: files, notes: notes)
    }

    /// A map for every objective and every two parameters whose combinations were mostly run: the mean over everything else.
    static func heatMaps(_ results: SweepResults, _ analysis: SweepAnalysis) -> [(name: String, map: HeatMap)] {
        var maps: [(String, HeatMap)] = []
        let factors = analysis.factors.filter { (2...40).contains(Set($0.cells).count) }
        for objective in analysis.objectives {
            guard let values = results.values(of: objective.metric) else { continue }
            for (number, x) in factors.enumerated() {
                for y in factors.dropFirst(number + 1) {
                    func present(_ factor: SweepFactor) -> [String] {
                        let seen = Set(zip(factor.cells, values).filter { $1.isFinite }.map(\.0))
                        return factor.levels.filter(seen.contains)
                    }
                    let columns = present(x), rows = present(y)
                    guard columns.count > 1, rows.count > 1 else { continue }
                    let means = table(values, x, y, columns, rows), filled = means.joined().count(where: \.isFinite)
                    guard filled > 1, 2 * filled >= columns.count * rows.count else { continue }
                    let line = objective.line.flatMap { name in
                        results.values(of: name).map { (values: table($0, x, y, columns, rows), label: "\(name) = 0") }
                    }
                    let hasSigns = means.joined().contains { $0 < 0 } && means.joined().contains { $0 > 0 }
                    let map = HeatMap(means, horizontal: .init(x.path, ticks: columns.map(tick)), vertical: .init(y.path, ticks: rows.map(tick)),
                                      title: results.settings.title.isEmpty ? objective.metric : results.settings.title,
                                      label: objective.metric, unit: objective.unit,
                                      colours: hasSigns ? .diverging : .phase, line: line)
                    maps.append((["heat", objective.metric, x.path, y.path].map(name).joined(separator: "-"), map))
                }
            }
        }
        return maps
    }

    /// Means of a metric over the runs at each value of two parameters, rows by the second; NaN where there is none.
    private static func table(_ values: [Double], _ x: SweepFactor, _ y: SweepFactor, _ columns: [String], _ rows: [String]) -> [[Double]] {
        var sums = [[Double]](repeating: [Double](repeating: 0, count: columns.count), count: rows.count), counts = sums
        let columnOf = Dictionary(columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let rowOf = Dictionary(rows.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for (run, value) in values.enumerated() where value.isFinite {
            guard let column = columnOf[x.cells[run]], let row = rowOf[y.cells[run]] else { continue }
            sums[row][column] += value
            counts[row][column] += 1
        }
        return zip(sums, counts).map { zip($0, $1).map { $1 > 0 ? $0 / $1 : .nan } }
    }

    private static func tick(_ cell: String) -> String {
        let text = cell.hasSuffix(".json5") ? SweepNames.stem(cell) : cell.isEmpty ? "base" : cell
        return text.count > 24 ? String(text.prefix(22)) + "..." : text
    }

    private static func name(_ text: String) -> String { SweepNames.plain(text.replacing(" ", with: ".")) }
}
