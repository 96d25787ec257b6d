import Glibc
import Electrodeposition

/// The marks at which a run is saved, as functions of time, charge and step alone: a resumed run finds the same ones.
struct OutputSchedule: Sendable {
    private var intervals: [Double] = []
    private var times: [Double] = []
    private var logarithmic: (start: Double, factor: Double)?
    private var chargeInterval: Double?
    private let steps: Int?

    init(_ output: OutputSettings, _ end: EndSettings) {
        steps = output.steps
        times = output.times
        chargeInterval = output.capacityInterval
        if let interval = output.interval { intervals.append(interval) }
        if let start = output.logarithmicStart { logarithmic = (start, pow(10, 1 / Double(output.perDecade))) }
        let isSilent = intervals.isEmpty && times.isEmpty && chargeInterval == nil && steps == nil && logarithmic == nil
        if let parts = output.parts ?? (isSilent ? 20 : nil) {
            if let capacity = end.capacity { chargeInterval = min(chargeInterval ?? .infinity, capacity / Double(parts)) }
            else if let time = end.time { intervals.append(time / Double(parts)) }
        }
    }

    /// A mark that a step ended on within rounding counts as reached.
    static func isReached(_ value: Double, _ mark: Double) -> Bool { value >= mark * (1 - 1e-12) }

    /// The first mark after `time`, infinity when there is none.
    func nextTime(after time: Double) -> Double {
        let after = time * (1 + 1e-9)
        var next = times.first { $0 > after } ?? .infinity
        for interval in intervals { next = min(next, ((after / interval).rounded(.down) + 1) * interval) }
        if let (start, factor) = logarithmic {
            let number = after < start ? 0 : (log(after / start) / log(factor)).rounded(.down) + 1
            next = min(next, start * pow(factor, number))
        }
        return next
    }

    /// A mark of the net charge, C/m^2.
    struct ChargeMark {
        let charge: Double
        fileprivate let direction: Double, precision: Double

        func isReached(_ value: Double) -> Bool { direction * (value - charge) >= -precision }
    }

    /// The next mark in the direction of the current, nil when there is none. Marks are met to a thousandth of their interval: where the current is not held, its change
    /// during the last step is not foreseen.
    func nextCharge(after charge: Double, current: Double) -> ChargeMark? {
        guard let interval = chargeInterval, current != 0 else { return nil }
        let passed = charge / interval
        let number = current > 0 ? (passed + 1.5e-3).rounded(.down) + 1 : (passed - 1.5e-3).rounded(.up) - 1
        return ChargeMark(charge: number * interval, direction: current > 0 ? 1 : -1, precision: 1e-3 * interval)
    }

    func isDue(step: Int) -> Bool { steps.map { step % $0 == 0 } ?? false }

    /// Saves of a run to `time` s and `charge` C/m^2, those by step left out.
    func count(time: Double?, charge: Double?) -> Int {
        var count = times.count + 2
        if let time {
            for interval in intervals { count += Int(min(time / interval, 1e9)) }
            if let (start, factor) = logarithmic, time > start { count += Int(log(time / start) / log(factor)) }
        }
        if let charge, let chargeInterval { count += Int(min(abs(charge) / chargeInterval, 1e9)) }
        return count
    }
}
