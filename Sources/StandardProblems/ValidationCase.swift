public import Grids

/// A problem with a known answer that the engine solves and is judged by.
public protocol ValidationCase: Sendable {
    /// As in `dendrite validate NAME`.
    var name: String { get }
    /// One line: what is solved.
    var title: String { get }
    /// Where the problem and its numbers come from.
    var source: String { get }
    /// Solves the problem. The fast extent takes seconds, the full one is the problem as published with its convergence study.
    func run(_ extent: ValidationExtent, device: Device) throws -> ValidationResult
}

public enum ValidationExtent: String, Sendable, CaseIterable { case fast, full }

/// What a case found: rows for the table, curves for files and figures, and what it cost.
public struct ValidationResult: Sendable {
    public var checks: [Check] = []
    public var curves: [Curve] = []
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

    /// got within a relative tolerance of expected.
    public static func relative(_ quantity: String, expected: Double, got: Double, tolerance: Double) -> Check {
        Check(quantity: quantity, expected: expected, got: got, error: abs(got / expected - 1), tolerance: tolerance)
    }

    /// got within an absolute tolerance of expected.
    public static func absolute(_ quantity: String, expected: Double, got: Double, tolerance: Double) -> Check {
        Check(quantity: quantity, expected: expected, got: got, error: abs(got - expected), tolerance: tolerance)
    }

    /// got at most a limit.
    public static func atMost(_ quantity: String, _ limit: Double, got: Double) -> Check {
        Check(quantity: quantity, expected: nil, got: got, error: got, tolerance: limit)
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
