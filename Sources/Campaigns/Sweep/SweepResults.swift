import Glibc
public import Parameters
public import RunFiles

/// What came out of a sweep: one row per run, whatever its state.
///
/// Parameters are in the unit of their declaration, metrics in SI. A metric is the last row of a run's series, the growth of one ln(last/first); the cost is
/// that of all its attempts.
public struct SweepResults: Sendable {
    public let manifest: SweepManifest
    public let status: SweepStatus
    /// Parameters that vary, in the order of the manifest.
    public let factors: [SweepFactor]
    /// Columns of the series, in the order in which they first appear.
    public let metrics: [Series.Column]
    /// Per run and metric; NaN where there is none.
    public let values: [[Double]]
    /// Wall time, s, threads and resumes of each run.
    public let cost: [(seconds: Double, threads: Int, resumes: Int)]
    public let settings: SweepSettings
    /// Before the name of a metric: the logarithm of its last over its first value.
    private static let growth = "growth of "

    /// - Parameter folder: of the sweep.
    public init(_ folder: String) throws(Diagnostics) {
        manifest = try SweepManifest(reading: folder)
        settings = try SweepPlan.settings(of: manifest.folder)
        status = SweepStatus(manifest)
        var columns: [Series.Column] = [], tables: [SeriesTable?] = [], cost: [(Double, Int, Int)] = []
        for row in manifest.rows {
            let path = "\(manifest.folder)/\(row.directory)"
            let table = try? SeriesTable(path + "/series.csv")
            for column in table?.columns ?? [] where !columns.contains(where: { $0.name == column.name }) { columns.append(column) }
            tables.append(table)
            let provenance = try? RunFolder.provenance(of: path)
            cost.append((RunFolder.wallTime(of: path), provenance?.threads ?? 0, provenance?.resumes.count ?? 0))
        }
        // Growth stands in no series; it is made where an objective asks for it.
        let names = settings.objectives.flatMap { [$0.metric, $0.line ?? ""] }
        metrics =
            columns + columns.filter { names.contains(SweepResults.growth + $0.name) }.map { Series.Column(SweepResults.growth + $0.name, unit: "1") }
        values = tables.map { [metrics] table in
            metrics.map { column in
                let grows = column.name.hasPrefix(SweepResults.growth),
                    name = grows ? String(column.name.dropFirst(SweepResults.growth.count)) : column.name
                guard let table, let first = table.rows.first, let last = table.rows.last,
                      let place = table.columns.firstIndex(where: { $0.name == name }) else { return .nan }
                return grows ? log(last[place] / first[place]) : last[place]
            }
        }
        self.cost = cost
        let units = Dictionary(RunSettings().entries().map { (SweepFactor.pattern($0.path), $0.kind.unit) }, uniquingKeysWith: { first, _ in first })
        let (parameters, rows) = (manifest.parameters, manifest.rows)
        factors = parameters.enumerated().map { number, path in
            SweepFactor(path, cells: rows.map { $0.cells[number] }, unit: units[SweepFactor.pattern(path)] ?? nil)
        }
    }

    /// Values of a metric, NaN for runs that are not done.
    public func values(of metric: String) -> [Double]? {
        guard let column = metrics.firstIndex(where: { $0.name == metric }) else { return nil }
        return zip(values, status.rows).map { $1.state == .done ? $0[column] : .nan }
    }

    /// results.csv.
    public var text: String {
        let header = ["index", "directory"] + factors.map(\.header) + ["state", "reason"] + metrics.map(\.header)
            + ["wall time [s]", "core time [h]", "resumes [1]"]
        var text = CommaSeparated.line(header)
        for (number, row) in manifest.rows.enumerated() {
            let state = status.rows[number], cost = cost[number]
            let parameters = factors.map { factor in factor.text(number) }
            text += CommaSeparated.line(
                ["\(row.index)", row.directory] + parameters + [state.state.rawValue, state.reason] + values[number].map { $0.isNaN ? "" : "\($0)" }
                    + ["\(cost.seconds)", "\(cost.seconds * Double(cost.threads) / 3600)", "\(cost.resumes)"])
        }
        return text
    }
}

/// The values of one parameter over the runs of a sweep.
public struct SweepFactor: Sendable, Equatable {
    public let path: String
    /// As in the manifest, one per run.
    public let cells: [String]
    /// In SI, NaN where the cell is empty; nil when some are no numbers.
    public let numbers: [Double]?
    /// The unit in which people read it.
    public let unit: Unit?

    init(_ path: String, cells: [String], unit: Unit?) {
        (self.path, self.cells, self.unit) = (path, cells, unit)
        let numbers = cells.map { cell in cell.isEmpty ? .nan : Double(cell) ?? (try? Quantity(parsing: cell))?.value }
        self.numbers = numbers.contains { $0 == nil } ? nil : numbers.compactMap { $0 }
    }

    var header: String { numbers == nil || (unit ?? .one) == .one ? path : "\(path) [\(unit ?? .one)]" }

    /// A value for a table: a number in the unit of the header, to 14 digits.
    func text(_ run: Int) -> String {
        guard let number = numbers?[run] else { return cells[run] }
        guard number.isFinite else { return "" }
        return unit.map { String($0.format(number).prefix { $0 != " " && $0 != "%" }) } ?? (Int(exactly: number).map { "\($0)" } ?? "\(number)")
    }

    /// A path with * for the index of a list.
    static func pattern(_ path: String) -> String {
        path.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) == nil ? String($0) : "*" }.joined(separator: ".")
    }

    /// Distinct cells: by size where they are numbers, otherwise in order of appearance.
    var levels: [String] {
        var seen: Set<String> = [], order: [Int] = []
        for (number, cell) in cells.enumerated() where seen.insert(cell).inserted { order.append(number) }
        if let numbers { order.sort { numbers[$0] < numbers[$1] } }
        return order.map { cells[$0] }
    }
}
