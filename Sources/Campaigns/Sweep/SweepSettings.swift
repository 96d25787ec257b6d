public import Parameters

/// A sweep file: a base input, what varies over it, and how its runs are submitted.
public struct SweepSettings: ParameterGroup {
    public enum Plan: String, CaseIterable, Sendable { case grid, zip, list, latinHypercube }

    public var title = ""
    public var base = ""
    public var plan = Plan.grid
    public var parameters: [SweepParameter] = []
    public var points: [JSON5] = []
    public var samples: Int?
    public var seed = 1
    public var seeds: [Int] = []
    public var seedPaths: [String]?
    public var objectives: [SweepObjective] = [SweepObjective("capacity", .maximize), SweepObjective("tip height", .minimize)]
    public var jobs = JobSettings()

    public init() {}

    public static let summary = "A sweep: many runs that differ from one base input in a few parameters"
    public static let parameters: [Parameter<Self>] = [
        .text("title", \.title, "What the sweep is about, for its figures"),
        .value("base", \.base, .file, "Input file that every run starts from").required,
        .choice("plan", \.plan, "grid (every value with every other), zip (first with first, second with second), "
            + "list (the points one by one) or latinHypercube (samples that fill the ranges evenly)"),
        .list("parameters", \.parameters, "What varies; not for the plan list"),
        .value("points", \.points, .list(.tree, initial: .null), "Points of the plan list: objects of paths and values"),
        .optionalInteger("samples", \.samples, .between(1, 100_000), "Number of points of the plan latinHypercube"),
        .integer("seed", \.seed, .atLeast(0), "Seed of the Latin hypercube itself"),
        .integers("seeds", \.seeds, .atLeast(0), "Every point is run once with each of these seeds; none leaves those of the base input"),
        .value("seedPaths", \.seedPaths, .optional(.list(.text, initial: ""), initial: []),
               "Parameters that the seeds are set to; every parameter named seed of the base input when not given"),
        .list("objectives", \.objectives, "Columns of series.csv, at the end of each run, by which designs are compared"),
        .group("jobs", \.jobs),
    ]

    /// More runs than this are a mistake in the plan.
    static let largestCount = 100_000

    public func validate(_ report: inout Report) {
        var seen: Set<String> = []
        for (number, parameter) in parameters.enumerated() where !seen.insert(parameter.path).inserted {
            report.error("names \(parameter.path) a second time", at: "parameters.\(number).path")
        }
        if plan == .list {
            if points.isEmpty {
                report.error("is empty; the plan list needs points such as { \"control.currentDensity\": \"1 mA/cm^2\" }", at: "points")
            }
            if !parameters.isEmpty { report.error("are not for the plan list, which takes points", at: "parameters") }
            for (number, point) in points.enumerated() where point.members == nil {
                report.error("must be an object of paths and values such as { \"control.currentDensity\": \"1 mA/cm^2\" }", at: "points.\(number)")
            }
        } else {
            if !points.isEmpty { report.error("are for the plan list; this plan takes parameters", at: "points") }
            if parameters.isEmpty && seeds.isEmpty { report.error("is empty and there are no seeds, so there is nothing to vary", at: "parameters") }
        }
        if (plan == .latinHypercube) != (samples != nil) {
            report.error(samples == nil ? "must be given for the plan latinHypercube" : "is for the plan latinHypercube only", at: "samples")
        }
        for (number, parameter) in parameters.enumerated() where parameter.range != nil && (plan == .latinHypercube) == (parameter.count != nil) {
            report.error(parameter.count == nil ? "must say how many values the range has" : "is set by samples in a Latin hypercube",
                         at: "parameters.\(number).count")
        }
        if plan == .zip, let first = parameters.first {
            for (number, parameter) in parameters.enumerated() where parameter.length != first.length {
                report.error(
                    "has \(parameter.length) values, \(first.path) \(first.length); a zip needs equally many of each", at: "parameters.\(number)")
            }
        }
        if Set(seeds).count < seeds.count { report.error("names a seed twice", at: "seeds") }
        if seedPaths != nil && seeds.isEmpty { report.error("is given but there are no seeds", at: "seedPaths") }
        if (count ?? .max) > SweepSettings.largestCount {
            report.error("makes more than \(SweepSettings.largestCount) runs; take fewer values or a latinHypercube")
        }
    }

    /// Number of runs; nil beyond all bounds.
    private var count: Int? {
        var count: Int? = max(1, seeds.count)
        func multiply(_ factor: Int) {
            count = count.flatMap { product in
                let (result, overflow) = product.multipliedReportingOverflow(by: factor)
                return overflow ? nil : result
            }
        }
        switch plan {
        case .grid: for parameter in parameters { multiply(parameter.length) }
        case .zip: multiply(parameters.first?.length ?? 1)
        case .list: multiply(points.count)
        case .latinHypercube: multiply(samples ?? 1)
        }
        return count
    }
}

/// One parameter of a sweep and the values it takes.
public struct SweepParameter: ParameterGroup {
    public enum Spacing: String, CaseIterable, Sendable { case linear, logarithmic }

    public var path = ""
    public var values: [JSON5] = []
    public var from: JSON5?
    public var to: JSON5?
    public var count: Int?
    public var spacing = Spacing.linear

    public init() {}

    public static let summary = "A parameter that varies"
    public static let parameters: [Parameter<Self>] = [
        .text("path", \.path, "The parameter as in --set: control.currentDensity; an include chooses files").required,
        .value("values", \.values, .list(.tree, initial: .null), "Its values, one by one"),
        .value("from", \.from, .optional(.tree, initial: .null), "Lower end of a range, instead of values"),
        .value("to", \.to, .optional(.tree, initial: .null), "Upper end of the range"),
        .optionalInteger("count", \.count, .between(1, SweepSettings.largestCount.asDouble), "Number of values of the range, both ends included"),
        .choice("spacing", \.spacing, "linear or logarithmic, of the values of the range"),
    ]

    public func validate(_ report: inout Report) {
        if path.isEmpty { report.error("is empty; it names a parameter such as control.currentDensity", at: "path") }
        if values.isEmpty != (from != nil && to != nil) || (from == nil) != (to == nil) {
            return report.error("needs either values or a range (from and to)")
        }
        guard from != nil else {
            if count != nil { report.error("belongs to a range, not to values", at: "count") }
            return
        }
        guard let range else { return report.error("is no range: from and to must be numbers, both with a unit of the same kind or both without") }
        if spacing == .logarithmic, range.from <= 0 || range.to <= 0 { report.error("needs a range above zero", at: "spacing") }
        if count == 1 { report.error("must be at least 2 for a range", at: "count") }
    }

    var range: SweepRange? { from.flatMap { from in to.flatMap { SweepRange(from, $0, spacing) } } }
    /// Number of values where it is fixed.
    var length: Int { values.isEmpty ? count ?? 1 : values.count }
}

/// What a good design does to a metric.
public struct SweepObjective: ParameterGroup {
    public enum Goal: String, CaseIterable, Sendable { case minimize, maximize }

    public var metric = ""
    public var goal = Goal.minimize
    public var line: String?

    public init() {}
    init(_ metric: String, _ goal: Goal) { (self.metric, self.goal) = (metric, goal) }

    public static let summary = "A metric by which designs are compared"
    public static let parameters: [Parameter<Self>] = [
        .text(
            "metric", \.metric,
            "Name of a column of series.csv without its unit: its value at the end; after \"growth of \": the logarithm of its last over its first value"
        ).required,
        .choice("goal", \.goal, "minimize or maximize"),
        .optionalText("line", \.line, "Another column whose change of sign is drawn as a line into the heat maps: a criterion beside what was found"),
    ]
}

/// How the runs of a sweep are given to a scheduler.
public struct JobSettings: ParameterGroup {
    public var threads = 1
    public var instructionSet: String?
    public var atOnce: Int?
    public var runsPerTask: Int?
    public var hours: Double?
    public var nanosecondsPerCellStep = 500.0
    public var options: [String] = []
    public var setup: [String] = []

    public init() {}

    public static let summary = "How the runs are submitted"
    public static let parameters: [Parameter<Self>] = [
        .integer("threads", \.threads, .between(1, 1024), "Threads of each run; runs side by side with one thread each use a machine best"),
        .optionalText(
            "instructionSet", \.instructionSet, "base, avx2 or avx512: the one that all nodes have; the best of the first node when not given"),
        .optionalInteger(
            "atOnce", \.atOnce, .between(1, 100_000), "Runs at the same time; as many as there are cores, and in Slurm no limit, when not given"),
        .optionalInteger(
            "runsPerTask", \.runsPerTask, .between(1, 100_000),
            "Runs that a task of a Slurm array does one after the other; as many as keep the array below 1000 tasks when not given"),
        .optionalQuantity(
            "hours", \.hours, "h", .between(0.1, 10_000),
            "Time limit of a task in Slurm; three times the estimate of the slowest task, and ten minutes, when not given"),
        .quantity(
            "nanosecondsPerCellStep", \.nanosecondsPerCellStep, "1", .above(0),
            "Wall time per cell, step and thread behind that estimate; a run prints its own"),
        .texts("options", \.options, "Further options of sbatch, as in --partition=long"),
        .texts("setup", \.setup, "Shell commands before the runs of a job script, as in module load hdf5"),
    ]

    public func validate(_ report: inout Report) {
        for (number, option) in options.enumerated() where !option.hasPrefix("-") || option.contains(where: \.isNewline) {
            report.error("must be one option of sbatch such as --partition=long", at: "options.\(number)")
        }
        for (number, line) in setup.enumerated() where line.contains(where: \.isNewline) {
            report.error("must be one line; write several commands as several texts", at: "setup.\(number)")
        }
        let known = ["base", "avx2", "avx512"]
        if let instructionSet, !known.contains(instructionSet) {
            report.error("must be one of \(known.joined(separator: ", "))", at: "instructionSet")
        }
    }
}

extension Int {
    fileprivate var asDouble: Double { Double(self) }
}
