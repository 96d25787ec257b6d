/// Why a transform or its wisdom is not available.
public enum SpectralError: Error, CustomStringConvertible, Sendable, Equatable {
    case noPlan(nx: Int, ny: Int, nz: Int)
    case unreadableWisdom(path: String, reason: String)
    case unwritableWisdom(path: String, reason: String)

    public var description: String {
        switch self {
        case .noPlan(let nx, let ny, let nz):
            "FFTW has no plan for a transform of \(nx) x \(ny) x \(nz) cells; the FFTW library in use may be built without the "
                + "transforms that are needed: install libfftw3 3.3.9 or later."
        case .unreadableWisdom(let path, let reason):
            "The FFTW wisdom file \(path) cannot be used: \(reason). Delete it to plan afresh."
        case .unwritableWisdom(let path, let reason):
            "The FFTW wisdom file \(path) cannot be written: \(reason)"
        }
    }
}
