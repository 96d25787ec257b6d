import Electrodeposition
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
        var (settings, warnings) = try file.decode(as: RunSettings.self)
        try RunInput.readSites(&settings.simulation, from: file)
        (self.settings, self.warnings) = (settings, warnings)
        text = String(decoding: file.files[0].bytes, as: UTF8.self)
        folder = isFolder ? path : RunInput.folder(for: path)
        self.path = path
    }

    /// Reads the file of the site map, if one is named.
    private static func readSites(_ simulation: inout SimulationSettings, from file: InputFile) throws(Diagnostics) {
        guard let map = simulation.sites.file, let path = map.path else { return }
        let place = file.tree["sites"]?["file"]
        func refuse(_ name: String, _ sentence: String) -> Diagnostics {
            var found = Diagnostics()
            found.error("sites.file.\(name) " + sentence, at: (place?[name] ?? place ?? file.tree).location)
            return found
        }
        let hdf5: HDF5File, names: [String]
        do throws(RunFileError) {
            hdf5 = try HDF5File.open(path)
            names = try hdf5.datasets()
        } catch { throw refuse("path", "names a file that cannot be used: \(error)") }
        guard names.contains(map.dataset) else {
            throw refuse(
                "dataset",
                "is \"\(map.dataset)\", which \(path) does not hold; it holds "
                    + (names.isEmpty ? "no dataset" : names.prefix(8).joined(separator: ", ")))
        }
        do {
            let shape = try hdf5.describe(map.dataset).shape
            try simulation.sites.file?.take(shape: shape, values: hdf5.read(map.dataset), dimensions: simulation.grid.size.count)
        } catch { throw refuse("dataset", "\"\(map.dataset)\" of \(path) " + (error is SiteMapError ? "\(error)" : "cannot be used: \(error)")) }
    }

    /// An input that was put together elsewhere; its text is the whole tree.
    init(_ file: InputFile, path: String, folder: String) throws(Diagnostics) {
        var (settings, warnings) = try file.decode(as: RunSettings.self)
        try RunInput.readSites(&settings.simulation, from: file)
        (self.settings, self.warnings) = (settings, warnings)
        text = file.tree.text(.json5)
        (self.path, self.folder) = (path, folder)
    }

    /// Where the results of a file go unless the user says otherwise.
    public static func folder(for path: String) -> String { "Outputs/" + name(of: path) }

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
