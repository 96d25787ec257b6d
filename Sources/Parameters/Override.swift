/// An override of the command line: `salt.diffusivity=2e-10 m^2/s`, `protocol.steps.0.current="1 mA/cm^2"`.
public struct Override: Sendable {
    public let path: [String]
    public internal(set) var value: JSON5
    let location: Location

    /// The value is JSON5 where it reads as such, otherwise text.
    /// - Parameter location: where it stands when that is not the command line; names of files are relative to it.
    public init(_ argument: String, at place: Location? = nil) throws(Diagnostics) {
        location = place ?? Location(source: "--set " + argument)
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts[0].replacing("[", with: ".").replacing("]", with: "").split(separator: ".", omittingEmptySubsequences: false)
            .map { String($0).trimmed }
        if parts.count < 2 || path.contains("") || path.count > JSON5.depthLimit {
            var diagnostics = Diagnostics()
            diagnostics.error("expected path=value, such as salt.diffusivity=\"2e-10 m^2/s\"", at: location)
            throw diagnostics
        }
        let text = String(parts[1])
        var parser = JSON5Parser(Array(text.utf8), place: location)
        if let tree = parser.parse(), !parser.diagnostics.hasErrors {
            value = tree
        } else if text.trimmed.hasPrefix("{") || text.trimmed.hasPrefix("[") {
            throw parser.diagnostics
        } else {
            value = JSON5(.text(text), at: location)
        }
    }

    /// Whether it chooses an included file; such an override acts before the files are merged.
    public var isInclude: Bool { path.last == "include" || path.dropLast().last == "include" }

    /// Puts the value into the tree, making objects on the way.
    func apply(to tree: inout JSON5, _ diagnostics: inout Diagnostics) {
        if let complaint = set(path[...], in: &tree) { diagnostics.error(complaint, at: location) }
    }

    private func set(_ rest: ArraySlice<String>, in tree: inout JSON5) -> String? {
        guard let name = rest.first else {
            tree = value
            return nil
        }
        switch tree.content {
        case .object(var members):
            tree.content = .null  // Keeps the members unshared while they change.
            defer { tree.content = .object(members) }
            if let index = members.firstIndex(where: { $0.key == name }) { return set(rest.dropFirst(), in: &members[index].value) }
            members.append(JSON5.Member(name, JSON5(.object([]), at: location), at: location))
            return set(rest.dropFirst(), in: &members[members.count - 1].value)
        case .null:
            tree = JSON5(.object([]), at: location)
            return set(rest, in: &tree)
        case .list(var elements):
            guard let index = Int(name), elements.indices.contains(index) else {
                return "\(owner(of: rest)) is a list of \(elements.count), counted from 0; it has no element \(quoted(name))"
            }
            defer { tree.content = .list(elements) }
            return set(rest.dropFirst(), in: &elements[index])
        default: return "\(owner(of: rest)) is \(tree.words); it has no member \(quoted(name))"
        }
    }

    private func owner(of rest: ArraySlice<String>) -> String {
        rest.startIndex == 0 ? "the input" : path[..<rest.startIndex].joined(separator: ".")
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
