public import Grids

/// A problem with a known answer that the engine solves and is judged by.
public protocol ValidationCase: Sendable {
    /// As in `dendrite validate NAME`.
    var name: String { get }
    /// One line: what is solved.
    var title: String { get }
    /// Where the problem and its numbers come from.
    var source: String { get }
    /// Whether a fast table has it; the others take minutes however they are run.
    var isFast: Bool { get }
    /// Solves the problem. The fast extent takes seconds, the full one is the problem as published with its convergence study.
    func run(_ extent: ValidationExtent, device: Device) throws -> ValidationResult
}

extension ValidationCase {
    public var isFast: Bool { true }
}

public enum ValidationExtent: String, Sendable, CaseIterable { case fast, full }

/// What a case found: rows for the table, curves for files and figures, and what it cost.
public struct ValidationResult: Sendable {
    public var checks: [Check] = []
    public var curves: [Curve] = []
    /// What the page shows of the curves; a case without any shows each curve as it is.
    public var figures: [Figure] = []
    public var maps: [Map] = []
    public var costs: [Cost] = []

    public init() {}

    public var passed: Bool { checks.allSatisfy(\.passed) }
}

/// One row of the validation table.
public struct Check: Sendable {
    public let quantity: String
    public let expected: Double?, got: Double
    /// The deviation that is judged, and its limit.
    public let error: Double, tolerance: Double

    public var passed: Bool { error <= tolerance }

    /// A deviation that was measured by the case itself.
    public init(_ quantity: String, expected: Double?, got: Double, error: Double, tolerance: Double) {
        (self.quantity, self.expected, self.got, self.error, self.tolerance) = (quantity, expected, got, error, tolerance)
    }

    /// got within a relative tolerance of expected.
    public static func relative(_ quantity: String, expected: Double, got: Double, tolerance: Double) -> Check {
        Check(quantity, expected: expected, got: got, error: abs(got / expected - 1), tolerance: tolerance)
    }

    /// got within an absolute tolerance of expected.
    public static func absolute(_ quantity: String, expected: Double, got: Double, tolerance: Double) -> Check {
        Check(quantity, expected: expected, got: got, error: abs(got - expected), tolerance: tolerance)
    }

    /// got at most a limit.
    public static func atMost(_ quantity: String, _ limit: Double, got: Double) -> Check {
        Check(quantity, expected: nil, got: got, error: got, tolerance: limit)
    }
}

/// Curves over a common axis, for the page of a case.
public struct Figure: Sendable {
    public struct Axis: Sendable {
        public let label: String, unit: String, isLogarithmic: Bool

        public init(_ label: String, unit: String = "", isLogarithmic: Bool = false) {
            (self.label, self.unit, self.isLogarithmic) = (label, unit, isLogarithmic)
        }
    }

    public enum Style: Sendable { case line, dashed, points }

    public struct Series: Sendable {
        public let name: String, points: [(x: Double, y: Double)], style: Style

        public init(_ name: String, _ points: [(x: Double, y: Double)], _ style: Style = .line) {
            (self.name, self.points, self.style) = (name, points, style)
        }
    }

    /// File name without extension.
    public let name: String
    public let title: String, x: Axis, y: Axis
    public var series: [Series]

    public init(_ name: String, title: String, x: Axis, y: Axis, series: [Series]) {
        (self.name, self.title, self.x, self.y, self.series) = (name, title, x, y, series)
    }
}

/// A two-dimensional field in (y, x) order, for the page of a case.
public struct Map: Sendable {
    public let name: String, title: String, label: String, unit: String
    public let nx: Int, ny: Int, spacing: Double
    public let values: [Float]

    public init<T: Real>(_ name: String, title: String, label: String, unit: String = "", _ field: Field<T>) {
        (self.name, self.title, self.label, self.unit) = (name, title, label, unit)
        (nx, ny, spacing) = (field.grid.nx, field.grid.ny, field.grid.spacing)
        values = field.values().map { Float($0) }
    }
}

/// Columns of numbers, written as one CSV file.
public struct Curve: Sendable {
    /// File name without extension, e.g. "free_energy".
    public let name: String
    public let columns: [String]
    public var rows: [[Double]]

    public init(_ name: String, columns: [String], rows: [[Double]] = []) {
        (self.name, self.columns, self.rows) = (name, columns, rows)
    }

    /// A header line and one line per row; numbers read back to the same bits.
    public var csv: String {
        ([columns.joined(separator: ",")] + rows.map { $0.map { "\($0)" }.joined(separator: ",") }).joined(separator: "\n") + "\n"
    }

    /// The column at a time, by straight lines between rows; the first column must rise. The ends are kept beyond them.
    public func value(_ column: Int = 1, at t: Double) -> Double {
        guard let after = rows.firstIndex(where: { $0[0] >= t }) else { return rows.last?[column] ?? .nan }
        guard after > 0 else { return rows[0][column] }
        let a = rows[after - 1], b = rows[after]
        return a[column] + (b[column] - a[column]) * (t - a[0]) / (b[0] - a[0])
    }
}

/// What a run cost.
public struct Cost: Sendable {
    public let run: String
    public let cells: Int, steps: Int, rejected: Int, threads: Int
    /// Wall time, planning not included.
    public let seconds: Double
    /// Processor time of the calling thread in units of one FFTW r2c + c2r pair on the same grid, timed in this process on one thread.
    public let pairs: Double
    public let planningSeconds: Double
    /// Largest resident size of the process so far.
    public let peakMegabytes: Double
}
