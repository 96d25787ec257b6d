/// One plating and the stripping after it, from the books of a run or from a record of current density against time.
public struct Cycle: Sendable, Equatable {
    /// Charge per area, C/m2.
    public let plated: Double, stripped: Double
    public let start: Double, end: Double
    /// Charge of the metal that corroded, and of that which lost contact, C/m2; nil where the run did not book it.
    public var corroded: Double?, dead: Double?
    /// Charge stripped over charge plated; nil until stripping has begun.
    public var coulombicEfficiency: Double? { plated > 0 && stripped > 0 ? stripped / plated : nil }
    /// Share of the plated metal that can still be stripped, 1 - (corroded + dead)/plated; nil where the losses are not known.
    public var reservoirEfficiency: Double? { corroded.flatMap { corroded in dead.map { 1 - (corroded + $0) / plated } } }

    /// - Parameters:
    ///   - time: s, rising.
    ///   - current: A/m2, positive while plating; it holds from one time to the next by the mean of the two.
    ///   - rest: sizes at or below this count as no current.
    public static func cycles(time: [Double], current: [Double], rest: Double = 0) -> [Cycle] {
        var out: [Cycle] = [], plated = 0.0, stripped = 0.0, start = time.first ?? 0
        func finish(_ end: Double) {
            if plated > 0 || stripped > 0 { out.append(Cycle(plated: plated, stripped: stripped, start: start, end: end)) }
            (plated, stripped, start) = (0, 0, end)
        }
        for n in 1..<max(time.count, 1) {
            let from = current[n - 1], to = current[n], span = time[n] - time[n - 1]
            // A change of sign within an interval is a step at its start: the record holds the new value.
            let mean = from * to < 0 ? to : (from + to) / 2
            guard span > 0, abs(mean) > rest else { continue }
            if mean > 0 {
                if stripped > 0 { finish(time[n - 1]) }
                plated += mean * span
            } else {
                stripped -= mean * span
            }
        }
        finish(time.last ?? 0)
        return out
    }
}
