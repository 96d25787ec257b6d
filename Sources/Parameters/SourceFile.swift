#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file that was read for an input, as it was at that moment.
public struct SourceFile: Sendable {
    public let path: String
    public let bytes: [UInt8]

    /// Larger files are refused: inputs are written by hand, fields come from HDF5.
    public static let sizeLimit = 16 << 20

    struct Failure: Error {
        let reason: String
    }

    init(reading path: String) throws(Failure) {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { throw Failure(reason: String(cString: strerror(errno))) }
        defer { close(file) }
        var content: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while content.count <= Self.sizeLimit {
            let count = read(file, &block, block.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw Failure(reason: String(cString: strerror(errno))) }
            if count == 0 { break }
            content += block[..<count]
        }
        if content.count > Self.sizeLimit { throw Failure(reason: "it is larger than \(Self.sizeLimit >> 20) MB") }
        (self.path, bytes) = (path, content)
    }

    /// The same for every name of a file.
    var identity: String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}

/// A path as seen from the working folder: a relative one is taken from the folder of the file that names it.
func resolve(_ path: String, from location: Location) -> String {
    guard !path.hasPrefix("/"), location.line > 0, let slash = location.source.lastIndex(of: "/") else { return path }
    return location.source[...slash] + path
}

/// The path with the working folder in front, so that it holds wherever it is written down.
func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
}
