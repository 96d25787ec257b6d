/// How far a run is: the line on the terminal and, as JSON, in progress.jsonl.
public struct RunProgress: Codable, Equatable, Sendable {
    /// Of the run, 0 ... 1.
    public var fraction: Double
    /// Simulated time and step, s.
    public var time: Double, dt: Double
    public var step: Int
    /// Height of the highest point of the deposit, m.
    public var tip: Double
    public var nanosecondsPerCellStep: Double
    /// Wall time of this process since it began to step, s.
    public var elapsed: Double
    /// Wall time to the end, s; nil until it can be told.
    public var remaining: Double?
    public var utc: String

    /// - Parameters:
    ///   - startFraction: where this process began, more than 0 after a resume.
    public init(fraction: Double, startFraction: Double = 0, time: Double, dt: Double, step: Int, tip: Double,
                nanosecondsPerCellStep: Double, elapsed: Double) {
        (self.fraction, self.time, self.dt, self.step, self.tip) = (fraction, time, dt, step, tip)
        (self.nanosecondsPerCellStep, self.elapsed) = (nanosecondsPerCellStep, elapsed)
        let done = fraction - startFraction
        remaining = done > 0 ? elapsed * max(0, 1 - fraction) / done : nil
        utc = Machine.utc
    }

    /// One line, as in " 42.1 %  t 758 s  dt 1.21 s  tip 12.3 um  81 ns/cell/step  ETA 0:00:35".
    public var line: String {
        "\(Readable.fixed(100 * fraction, 1, width: 5)) %  t \(Readable.quantity(time, "s"))  dt \(Readable.quantity(dt, "s"))"
            + "  tip \(Readable.quantity(tip, "m"))  \(Readable.significant(nanosecondsPerCellStep, 3)) ns/cell/step"
            + "  ETA \(remaining.map(Readable.duration) ?? "-")"
    }
}
