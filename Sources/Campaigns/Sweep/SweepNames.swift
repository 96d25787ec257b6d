import Parameters
import RunFiles

/// Names of run folders: readable, and the same for the same parameters whatever else is in the sweep.
enum SweepNames {
    /// `currentDensity=1mA-cm2_seed=1-5c1f20ab`: what fits of the values, then a digest of all paths and values.
    /// - Parameter settings: paths and cells in the order of the plan.
    static func directory(_ settings: [(path: String, cell: String)]) -> String {
        var parts: [String] = []
        for (path, cell) in settings where !cell.isEmpty {
            let names = path.split(separator: ".")
            let name = names.last == "include" && names.count > 1 ? names[names.count - 2] : names.last ?? ""
            let part = plain(String(name)) + "=" + value(cell, isFile: names.last == "include")
            // The same seed at several places is one part.
            if !parts.contains(part) { parts.append(part) }
        }
        let whole = settings.filter { !$0.cell.isEmpty }.sorted { $0.path < $1.path }.map { "\($0.path)=\($0.cell)\n" }.joined()
        let readable = parts.joined(separator: "_").prefix(90)
        return "runs/" + (readable.isEmpty ? "base" : readable) + "-" + SHA256.hexadecimal(of: Array(whole.utf8)).prefix(8)
    }

    private static func value(_ cell: String, isFile: Bool) -> String {
        if isFile { return plain(stem(cell)) }
        return plain(cell.replacing("/", with: "-"))
    }

    /// Name of a file without folders and extension.
    static func stem(_ path: String) -> String { plain(RunInput.name(of: path)) }

    /// Letters, digits, dots, signs: nothing that a shell, a make file or a file system minds.
    static func plain(_ text: String) -> String {
        let kept = text.unicodeScalars.filter { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) || [".", "+", "-"].contains(scalar)
        }
        return String(String.UnicodeScalarView(kept))
    }
}
