import RunFiles

/// The numbers by which runs are compared, from series.csv and status.json. SI.
struct RunMeasures {
    struct Measure: Sendable {
        let name: String, unit: String
        /// In the tables: their unit and what one SI unit is in it.
        let shown: (unit: String, perSI: Double)
        let meaning: String
        /// Whether a larger value is the better one.
        let rises: Bool
        /// A value that is missing because the event has not come: it is then better than any value.
        var missingIsBest = false
    }

    static let measures: [Measure] = [
        .init(name: "roughness", unit: "m", shown: ("um", 1e6), meaning: "root mean square roughness at the end", rises: false),
        .init(name: "earlier roughness", unit: "m", shown: ("um", 1e6), meaning: "root mean square roughness at the time of --at",
              rises: false),
        .init(name: "peak to valley", unit: "m", shown: ("um", 1e6), meaning: "peak to valley at the end", rises: false),
        .init(name: "largest roughness", unit: "m", shown: ("um", 1e6), meaning: "largest root mean square roughness at a saved time",
              rises: false),
        .init(name: "visible dendrites", unit: "s", shown: ("min", 1 / 60.0),
              meaning: "time at which the roughness reaches the visible one", rises: true,
              missingIsBest: true),
        .init(name: "overpotential", unit: "V", shown: ("mV", 1e3), meaning: "mean size of phi_s while plating", rises: false),
        .init(name: "Coulombic efficiency", unit: "1", shown: ("%", 100),
              meaning: "share of the plated metal that is stripped or can still be, 1 - (corroded + dead)/plated", rises: true),
        .init(name: "dead lithium", unit: "m", shown: ("um", 1e6), meaning: "metal without contact at the end, per area", rises: false),
        .init(name: "critical current", unit: "A/m^2", shown: ("mA/cm2", 0.1),
              meaning: "current density of the short circuit or the last one passed",
              rises: true),
        .init(name: "capacity", unit: "C/m^2", shown: ("mAh/cm2", 1 / 36_000.0), meaning: "net areal capacity at the end", rises: true),
        .init(name: "time", unit: "s", shown: ("min", 1 / 60.0), meaning: "simulated time at the end", rises: true),
    ]

    static func index(of name: String) -> Int? { measures.firstIndex { $0.name == name } }

    let values: [Double]
    let state: RunStatus.State
    let reason: String
    let endedInShortCircuit: Bool
    /// Columns over time for the figures: time, capacity passed (all charge, C/m^2), roughness.
    let time: [Double], passed: [Double], roughness: [Double]
    /// phi_s over time, which jumps with the current at the beginning of an interval between saves.
    let voltage: (time: [Double], potential: [Double])
    /// One row per whole cycle; nil where the protocol has none.
    let cycles: SeriesTable?

    /// - Parameter rises: whether the protocol raises its current from cycle to cycle.
    init(folder: String, _ request: ComparisonRequest, rises: Bool) throws {
        let status = try RunFolder.status(of: folder), series = try SeriesTable(folder + "/series.csv")
        (state, reason) = (status.state, status.reason)
        endedInShortCircuit = status.reason.hasPrefix("short circuit")
        func column(_ names: String...) -> [Double] { names.lazy.compactMap { series[$0] }.first ?? [] }
        let time = column("time"), roughness = column("Sq", "Rq"), current = column("current density"), potential = column("phi_s")
        let plated = column("plated"), stripped = column("stripped")
        guard !time.isEmpty, [roughness, current, potential, plated, stripped].allSatisfy({ $0.count == time.count }) else {
            throw RunFileError(.damaged, "\(folder)/series.csv lacks columns that a comparison needs")
        }
        (self.time, self.roughness) = (time, roughness)
        var voltage: (time: [Double], potential: [Double]) = ([], [])
        for n in time.indices {
            // The first row, from before the first step, has a guess.
            if n > 1, abs(current[n] - current[n - 1]) > 0.01 * max(abs(current[n]), abs(current[n - 1])) {
                voltage.time.append(time[n - 1])
                voltage.potential.append(potential[n])
            }
            voltage.time.append(time[n])
            voltage.potential.append(potential[n])
        }
        self.voltage = voltage
        let table = folder + "/cycles.csv"
        cycles = DiskFile.exists(table) ? try SeriesTable(table) : nil
        passed = zip(plated, stripped).map { $0 + $1 }
        func last(_ values: [Double]) -> Double { values.last { $0.isFinite } ?? .nan }

        var visible = Double.nan
        if let n = roughness.firstIndex(where: { $0 >= request.visibleRoughness }) {
            let share = n == 0 ? 0 : (request.visibleRoughness - roughness[n - 1]) / (roughness[n] - roughness[n - 1])
            visible = n == 0 ? time[0] : time[n - 1] + share * (time[n] - time[n - 1])
        }
        var volts = 0.0, seconds = 0.0
        for n in time.indices.dropFirst() where current[n] > 0 {
            volts += abs(potential[n]) * (time[n] - time[n - 1])
            seconds += time[n] - time[n - 1]
        }
        // A row at a step's end still carries the current of that step.
        let largest = rises ? current.map(abs).max() ?? .nan : .nan
        values = [
            last(roughness), request.moment.map { RunMeasures.value(time, roughness, at: $0) } ?? .nan, last(column("Sz", "Rz")),
            roughness.filter(\.isFinite).max() ?? .nan, visible, seconds > 0 ? volts / seconds : .nan,
            last(column("reservoir efficiency", "Coulombic efficiency")), last(column("dead lithium")), largest, last(column("capacity")), last(time),
        ]
    }

    /// y at a point of x, linear between rows; NaN beyond the last.
    static func value(_ x: [Double], _ y: [Double], at point: Double) -> Double {
        guard let n = x.firstIndex(where: { $0 >= point * (1 - 1e-9) }) else { return .nan }
        guard n > 0, x[n] > x[n - 1] else { return y[n] }
        return y[n - 1] + (y[n] - y[n - 1]) * (point - x[n - 1]) / (x[n] - x[n - 1])
    }

    subscript(name: String) -> Double { RunMeasures.index(of: name).map { values[$0] } ?? .nan }
}
