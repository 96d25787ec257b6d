public import Parameters
import RunFiles

/// An input that was read and understood.
public struct RunInput: Sendable {
    public let path: String
    public let settings: RunSettings
    public let warnings: Diagnostics
    /// The file as given.
    public let text: String
    /// Where its run goes unless the user says otherwise: Outputs/<name of the input>, or the run folder that was given as input.
    public let folder: String

    /// - Parameter path: of an input file, or of a run folder.
    /// - Throws: every error of the files, the overrides and the settings.
    public init(_ path: String, overrides: [String] = []) throws(Diagnostics) {
        let resolved = path + "/resolved.json5"
        let isFolder = DiskFile.exists(resolved)
        let file = try InputFile(path: isFolder ? resolved : path, overrides: overrides)
        (settings, warnings) = try file.decode(as: RunSettings.self)
        text = String(decoding: file.files[0].bytes, as: UTF8.self)
        folder = isFolder ? path : "Outputs/" + RunInput.name(of: path)
        self.path = path
    }

    /// File name without folders and extension.
    static func name(of path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? "run"
        return file.lastIndex(of: ".").map { $0 > file.startIndex ? String(file[..<$0]) : file } ?? file
    }

    /// Paths of the parameters in which two settings differ, with both values.
    static func differences(_ a: RunSettings, _ b: RunSettings) -> [(path: String, was: String, now: String)] {
        let old = Dictionary(a.values.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let new = Dictionary(b.values.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        return Set(old.keys).union(new.keys).sorted().compactMap { path in
            old[path]?.value == new[path]?.value ? nil : (path, old[path]?.display ?? "none", new[path]?.display ?? "none")
        }
    }
}
