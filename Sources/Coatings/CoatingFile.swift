public import Electrodeposition
public import Parameters

/// A coating that was read from a file: `{ coating: { ... } }`, whatever else the file holds, or the coating alone.
public struct CoatingFile: Sendable {
    public let path: String
    public let coating: CoatingSettings
    public let warnings: Diagnostics

    private struct Holder: ParameterGroup {
        var coating = CoatingSettings()
        static let summary = "A coating"
        static let parameters: [Parameter<Self>] = [.group("coating", \.coating)]
    }

    /// - Parameter name: of a file, or of a coating in Inputs/coatings.
    /// - Throws: every error of the file, the overrides and the coating.
    public init(_ name: String, overrides: [String] = []) throws(Diagnostics) {
        path = try InputLibrary.path(of: name, on: .coatings)
        let file = try InputFile(path: path, overrides: overrides)
        var all = file.diagnostics
        let isBare =
            file.tree["coating"] == nil
            && (file.tree.members ?? []).contains { member in CoatingSettings.parameters.contains { $0.name == member.key } }
        let tree = file.tree["coating"] ?? (isBare ? file.tree : nil)
        guard let tree, tree != .null else {
            all.error("\(path) holds no coating: { coating: { name: ..., thickness: ... } }", at: file.tree.location)
            throw all
        }
        do throws(Diagnostics) {
            let decoded = try Holder.decode(JSON5(.object([.init("coating", tree, at: tree.location)]), at: tree.location))
            all.append(decoded.warnings)
            coating = decoded.settings.coating
        } catch {
            all.append(error)
            throw all
        }
        if all.hasErrors { throw all }
        warnings = all
    }
}
