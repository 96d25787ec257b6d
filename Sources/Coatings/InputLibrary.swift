import Glibc
public import Parameters
import RunFiles

/// The inputs that ship with the program, found by name: coatings, cells, electrolytes, protocols.
public enum InputLibrary {
    public enum Shelf: String, Sendable { case coatings, cells, electrolytes, protocols }

    /// The file behind a name, or behind a path as it is.
    /// - Throws: one error that names the nearest known name.
    public static func path(of name: String, on shelf: Shelf) throws(Diagnostics) -> String {
        if name.contains("/") || name.hasSuffix(".json5") || name.hasSuffix(".json") { return name }
        if let folder = folder(shelf), DiskFile.exists("\(folder)/\(name).json5") { return "\(folder)/\(name).json5" }
        if DiskFile.exists(name) { return name }
        let known = names(on: shelf), near = nearest(name, known)
        var diagnostics = Diagnostics()
        let advice =
            near.map { "did you mean \($0)?" }
            ?? (known.isEmpty ? "Inputs/\(shelf.rawValue) was not found" : "known: " + known.joined(separator: ", "))
        diagnostics.error("\(name) is neither a file nor one of the \(shelf.rawValue) of Inputs/\(shelf.rawValue); \(advice)",
                          at: Location())
        throw diagnostics
    }

    public static func names(on shelf: Shelf) -> [String] {
        guard let folder = folder(shelf), let files = try? DiskFile.names(in: folder) else { return [] }
        return files.filter { $0.hasSuffix(".json5") }.map { String($0.dropLast(6)) }.sorted()
    }

    /// Inputs/ of the working folder, else that of a folder above the program.
    public static func folder(_ shelf: Shelf) -> String? {
        let here = "Inputs/" + shelf.rawValue
        if DiskFile.exists(here) { return here }
        guard let program = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(program) }
        var path = String(cString: program)
        while let slash = path.lastIndex(of: "/") {
            path = String(path[..<slash])
            if DiskFile.exists(path + "/" + here) { return path + "/" + here }
        }
        return nil
    }
}
