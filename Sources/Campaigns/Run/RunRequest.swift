public import Kernels
public import RunFiles

/// What the user asks for besides the input.
public struct RunRequest: Sendable {
    /// The whole command line, for the provenance.
    public var command: [String] = []
    /// Input file, or a run folder to continue.
    public var input: String
    /// `path=value` pairs.
    public var overrides: [String] = []
    /// Nil: Outputs/<input name>.
    public var folder: String?
    public var opening = RunFolder.Opening.fresh
    /// Wall time after which the run stops (at 0.99 of it), s.
    public var wallLimit: Double?
    /// Nil: those of the run that is continued, or all cores.
    public var threads: Int?
    public var instructionSet: InstructionSet?
    /// Seconds to wait for a writer on another machine that may be dead.
    public var patience = 0.0
    /// Continue with other threads, instruction set or plans than the run began with.
    public var allowsDifferentBits = false

    public init(input: String) { self.input = input }
}

/// What a run tells while it goes on.
public enum RunEvent: Sendable {
    /// Something the user should know.
    case note(String)
    case progress(RunProgress)
}

/// How a run ended.
public struct RunOutcome: Sendable {
    public let state: RunStatus.State
    public let reason: String
    public let folder: String
    /// Nil when there was nothing to do.
    public let closing: ClosingBlock?

    /// 0 done, 1 failed, 3 stopped early and resumable.
    public var exitCode: Int32 {
        switch state {
        case .done: 0
        case .stopped: 3
        case .failed, .pending, .running: 1
        }
    }
}

/// Why a run was not even begun: the input or the request is wrong.
public struct RunRefusal: Error, CustomStringConvertible {
    public let description: String
    init(_ sentence: String) { description = sentence }
}
