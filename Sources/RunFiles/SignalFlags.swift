import CPlatform
import Glibc

/// Signals to a run, seen at the boundary of its steps: the handlers only set flags.
public enum SignalFlags {
    /// Begins to watch SIGTERM, SIGINT and SIGUSR1 (stop) and SIGUSR2 (checkpoint); a second SIGINT ends the program at once. Writing
    /// past the file size limit becomes an error instead of a signal.
    public static func watch() throws(RunFileError) {
        guard pf_signals_watch() == 0 else { throw RunFileError(.system, "cannot watch signals: \(String(cString: strerror(errno)))") }
    }

    /// Name of the signal that asks the run to stop, nil when none came.
    public static var stop: String? {
        switch pf_signals_stop() {
        case 0: nil
        case SIGTERM: "SIGTERM"
        case SIGINT: "SIGINT"
        case SIGUSR1: "SIGUSR1"
        case let number: "signal \(number)"
        }
    }

    /// Whether a checkpoint was asked for since the last call.
    public static func takeCheckpointRequest() -> Bool { pf_signals_take_checkpoint() != 0 }

    /// Forgets all signals that came.
    public static func forget() { pf_signals_forget() }
}
