/// What a sweep says about its parameters: main effects, rank correlations, and the designs that no other beats in every objective.
///
/// Only runs that are done count. Runs that differ in nothing but seeds are repetitions of one design.
public struct SweepAnalysis: Sendable {
    /// One parameter's effect on one metric.
    public struct Sensitivity: Sendable {
        public let metric: String, unit: String, parameter: String
        /// Spearman's; nil for parameters that are no numbers or do not change.
        public let rankCorrelation: Double?
        /// Sum of squares between the levels over the whole one (eta squared), 0 ... 1.
        public let share: Double
        public let levels: [Level]

        public struct Level: Sendable {
            public let label: String
            public let count: Int
            public let mean: Double, deviation: Double
        }

        /// Highest minus lowest mean of a level.
        public var range: Double { (levels.map(\.mean).max() ?? 0) - (levels.map(\.mean).min() ?? 0) }
    }

    /// Runs with the same parameters, seeds apart.
    public struct Design: Sendable {
        public let cells: [String]
        public let runs: Int
        /// Mean and standard deviation of each objective over the seeds.
        public let means: [Double], deviations: [Double]
        public let isBest: Bool
    }

    public let objectives: [(metric: String, unit: String, maximizes: Bool, line: String?)]
    /// Parameters of designs: those that vary and are no seeds.
    public let factors: [SweepFactor]
    public let sensitivities: [Sensitivity]
    public let designs: [Design]
    /// Objectives that the series do not have.
    public let problems: [String]

    /// Beyond so many values a parameter is divided into as many parts of equally many runs.
    private static let mostLevels = 8, parts = 5

    public init(_ results: SweepResults) {
        let seeds = Set(results.settings.seedPaths ?? [])
        factors = results.factors.filter { !seeds.contains($0.path) && Set($0.cells).count > 1 }
        let known = results.settings.objectives.filter { objective in results.metrics.contains { $0.name == objective.metric } }
        let wanted = results.settings.objectives.flatMap { [$0.metric] + [$0.line].compactMap(\.self) }
        problems = results.metrics.isEmpty ? [] : wanted.filter { name in !results.metrics.contains { $0.name == name } }
            .map { "no run has the column \($0) of an objective; series have \(results.metrics.map(\.name).joined(separator: ", "))" }
        objectives = known.map { one in (one.metric, results.metrics.first { $0.name == one.metric }?.unit ?? "1", one.goal == .maximize, one.line) }
        let columns = known.map { results.values(of: $0.metric) ?? [] }
        sensitivities = zip(objectives, columns).flatMap { [factors] objective, values in
            factors.compactMap { Sensitivity(objective.metric, objective.unit, $0, values) }
        }
        designs = SweepAnalysis.designs(factors, columns, maximizes: known.map { $0.goal == .maximize })
    }

    private static func designs(_ factors: [SweepFactor], _ columns: [[Double]], maximizes: [Bool]) -> [Design] {
        guard let count = columns.first?.count else { return [] }
        var groups: [[String]: Int] = [:], members: [(cells: [String], rows: [Int])] = []
        for row in 0..<count where columns.allSatisfy({ $0[row].isFinite }) {
            let cells = factors.map { $0.cells[row] }
            if let group = groups[cells] { members[group].rows.append(row) } else { groups[cells] = members.count; members.append((cells, [row])) }
        }
        let means = members.map { member in columns.map { values in Statistics.mean(member.rows.map { values[$0] }) } }
        let best = Statistics.nondominated(means.map { zip($0, maximizes).map { $1 ? -$0 : $0 } })
        return members.enumerated().map { number, member in
            Design(cells: member.cells, runs: member.rows.count, means: means[number],
                   deviations: columns.map { values in Statistics.deviation(member.rows.map { values[$0] }) }, isBest: best.contains(number))
        }
    }

    // MARK: - Tables

    /// sensitivity.csv: one row per metric and parameter.
    public var sensitivityText: String {
        CommaSeparated.line(["metric", "unit", "parameter", "runs", "rank correlation", "share of variance", "range of means"])
            + sensitivities.map { one in
                CommaSeparated.line([one.metric, one.unit, one.parameter, "\(one.levels.map(\.count).reduce(0, +))", one.rankCorrelation.map { "\($0)" } ?? "",
                                     "\(one.share)", "\(one.range)"])
            }.joined()
    }

    /// effects.csv: one row per metric, parameter and level.
    public var effectsText: String {
        CommaSeparated.line(["metric", "unit", "parameter", "level", "runs", "mean", "standard deviation"])
            + sensitivities.flatMap { one in
                one.levels.map {
                    CommaSeparated.line([
                        one.metric, one.unit, one.parameter, $0.label, "\($0.count)", "\($0.mean)", $0.deviation.isNaN ? "" : "\($0.deviation)",
                    ])
                }
            }.joined()
    }

    /// designs.csv: the mean of the objectives for every design, and whether it is on the Pareto front.
    public var designsText: String {
        CommaSeparated.line(
            factors.map(\.path) + ["runs"] + objectives.flatMap { ["\($0.metric) [\($0.unit)]", "\($0.metric) deviation [\($0.unit)]"] } + ["pareto"])
            + designs.map { design in
                CommaSeparated.line(design.cells + ["\(design.runs)"] + zip(design.means, design.deviations).flatMap { ["\($0)", $1.isNaN ? "" : "\($1)"] }
                    + [design.isBest ? "1" : "0"])
            }.joined()
    }
}

extension SweepAnalysis.Sensitivity {
    /// Nil when too few runs are done to tell.
    init?(_ metric: String, _ unit: String, _ factor: SweepFactor, _ values: [Double]) {
        let rows = values.indices.filter { values[$0].isFinite && !factor.cells[$0].isEmpty }
        guard rows.count > 2 else { return nil }
        let y = rows.map { values[$0] }, groups = SweepAnalysis.groups(factor, rows)
        guard groups.count > 1 else { return nil }
        let mean = Statistics.mean(y), total = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        levels = groups.map { label, rows in
            let part = rows.map { values[$0] }
            return Level(label: label, count: rows.count, mean: Statistics.mean(part), deviation: Statistics.deviation(part))
        }
        let between = levels.reduce(0) { $0 + Double($1.count) * ($1.mean - mean) * ($1.mean - mean) }
        share = total > 0 ? min(1, between / total) : 0
        rankCorrelation = factor.numbers.flatMap { numbers in Statistics.rankCorrelation(rows.map { numbers[$0] }, y) }
        (self.metric, self.unit, parameter) = (metric, unit, factor.path)
    }
}

extension SweepAnalysis {
    /// Rows by level; parameters with many values in parts of equally many runs.
    fileprivate static func groups(_ factor: SweepFactor, _ rows: [Int]) -> [(label: String, rows: [Int])] {
        let levels = factor.levels.filter { level in rows.contains { factor.cells[$0] == level } }
        guard levels.count > mostLevels, let numbers = factor.numbers else {
            return levels.map { level in (level, rows.filter { factor.cells[$0] == level }) }
        }
        let sorted = rows.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
        return (0..<parts).compactMap { part in
            let slice = sorted[(sorted.count * part / parts)..<(sorted.count * (part + 1) / parts)]
            guard let first = slice.first, let last = slice.last else { return nil }
            return ("\(factor.cells[first]) ... \(factor.cells[last])", Array(slice))
        }
    }
}
