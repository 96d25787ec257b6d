import Electrodeposition
import Glibc
import RunFiles
import Spectral

extension Simulation {
    /// Distance of the tip from y = L that counts as a short circuit, m.
    var shortCircuitGap: Double { max(settings.end.gap, 4 * settings.interface.halfWidth) }

    /// Why the run is over, nil while it is not.
    func ending(tip: Double) -> String? {
        let end = settings.end
        if let limit = end.time, OutputSchedule.isReached(time, limit) { return "end.time reached: \(Text.quantity(limit, "s"))" }
        if let limit = end.capacity, control.charge >= limit * (1 - 1e-9) {
            return "end.capacity reached: \(Text.significant(limit / 36_000, 4)) mAh/cm^2"
        }
        if control.isFinished { return "the protocol is finished" }
        guard steps > 0 else { return nil }
        let gap = Double(grid.ny) * grid.spacing - tip
        if gap <= shortCircuitGap * (1 + 1e-9) {
            return "short circuit: the tip is \(Text.quantity(gap, "m")) from the counter electrode"
        }
        if let limit = end.voltage, abs(metalPotential) >= limit {
            return "end.voltage reached: phi_s is \(Text.quantity(metalPotential, "V"))"
        }
        return nil
    }

    /// How much of the run has passed, 0 ... 1, by the condition that is nearest.
    func fraction(tip: Double, startTip: Double) -> Double {
        let end = settings.end, span = Double(grid.ny) * grid.spacing - shortCircuitGap - startTip
        let shares = [end.time.map { time / $0 }, end.capacity.map { control.charge / $0 }, protocolShare, span > 0 ? (tip - startTip) / span : 0]
        return min(1, max(0, shares.compactMap { $0 }.max() ?? 0))
    }

    /// The end of the run as a time, as far as it is known from here, s.
    func endTime() -> Double { min(settings.end.time ?? .infinity, settings.end.capacity.map { time(ofCharge: $0, cautiously: true) } ?? .infinity) }
}
