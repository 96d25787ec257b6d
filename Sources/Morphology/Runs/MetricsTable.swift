public import RunFiles

/// The metrics of a run, one row per snapshot in order of time: metrics.csv.
public struct MetricsTable: Sendable, Equatable {
    public let columns: [Series.Column]
    /// One value per column; NaN where there is none (an empty cell in the file).
    public private(set) var rows: [[Double]]

    /// - Parameter snapshots: time (s), step and values of each snapshot.
    ///
    /// A column `tip velocity [m/s]` is added: the slope of the tip height over the rows before and after, by the parabola through the three.
    public init(_ snapshots: [(time: Double, step: Int, values: [SurfaceMetrics.Value])]) {
        var columns = [Series.Column("time", unit: "s"), Series.Column("step", unit: "1")]
        for v in snapshots.first?.values ?? [] { columns.append(Series.Column(v.name, unit: v.unit)) }
        columns.append(Series.Column("tip velocity", unit: "m/s"))
        let velocities = MetricsTable.slopes(snapshots.map(\.time), snapshots.map { $0.values.first { $0.name == "tip height" }?.value ?? .nan })
        rows = zip(snapshots, velocities).map { s, velocity in
            let byName = Dictionary(s.values.map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a })
            return [s.time, Double(s.step)] + columns.dropFirst(2).dropLast().map { byName[$0.name] ?? .nan } + [velocity]
        }
        self.columns = columns
    }

    /// The values of a column; nil when there is none of that name.
    public subscript(name: String) -> [Double]? { columns.firstIndex { $0.name == name }.map { c in rows.map { $0[c] } } }

    public func unit(of name: String) -> String { columns.first { $0.name == name }?.unit ?? "1" }

    /// Comma-separated values with a header of names and units.
    public var text: String {
        columns.map(\.header).joined(separator: ",") + "\n"
            + rows.map { $0.map { $0.isNaN ? "" : "\($0)" }.joined(separator: ",") + "\n" }.joined()
    }

    /// Time of the first row with at least one dendrite, s; nil while there is none.
    public var firstDendrite: Double? {
        guard let count = self["dendrites"], let time = self["time"] else { return nil }
        return zip(time, count).first { $0.1 >= 1 }?.0
    }

    /// Time at which the tip comes within a gap of a height (m), linear between rows; nil when it does not.
    public func time(ofTipAt height: Double) -> Double? {
        guard let tip = self["tip height"], let time = self["time"], let n = tip.firstIndex(where: { $0 >= height }) else { return nil }
        guard n > 0, tip[n] > tip[n - 1] else { return time[n] }
        return time[n - 1] + (time[n] - time[n - 1]) * (height - tip[n - 1]) / (tip[n] - tip[n - 1])
    }

    private static func slopes(_ x: [Double], _ y: [Double]) -> [Double] {
        x.indices.map { n in
            guard x.count > 1 else { return .nan }
            let a = max(0, n - 1), c = min(x.count - 1, n + 1)
            if a == n || c == n { return (y[c] - y[a]) / (x[c] - x[a]) }
            let left = (y[n] - y[a]) / (x[n] - x[a]), right = (y[c] - y[n]) / (x[c] - x[n])
            return (left * (x[c] - x[n]) + right * (x[n] - x[a])) / (x[c] - x[a])
        }
    }
}
