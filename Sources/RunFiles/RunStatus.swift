import Glibc

/// Where a run stands, for programs that look after many of them (status.json).
public struct RunStatus: Codable, Equatable, Sendable {
    public enum State: String, Codable, Sendable, CaseIterable { case pending, running, done, failed, stopped }

    public var state: State
    /// Why it ended or stopped; empty while it runs.
    public var reason: String
    public var step: Int
    /// Simulated, s.
    public var time: Double
    /// Of the run, 0 ... 1.
    public var fraction: Double
    public var updated: String
    public var host: String
    public var process: Int32

    public init(_ state: State, reason: String = "", step: Int = 0, time: Double = 0, fraction: Double = 0) {
        (self.state, self.reason, self.step, self.time, self.fraction) = (state, reason, step, time, fraction)
        (updated, host, process) = (Machine.utc, Machine.host, getpid())
    }
}
