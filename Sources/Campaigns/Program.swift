import Spectral

/// What this program is, for the provenance of its results.
public enum Program {
    public static let version = "0.1.0"

    public static var compiler: String {
        #if compiler(>=6.4)
        "Swift 6.4 or later"
        #elseif compiler(>=6.3)
        "Swift 6.3"
        #else
        "Swift 6.2"
        #endif
    }

    public static var libraries: [String: String] { ["FFTW": Wisdom.libraryVersion] }
}
