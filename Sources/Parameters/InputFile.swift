/// An input file with its included files and the overrides of the command line merged into one tree.
///
/// `include: "file.json5"`, or a list of files, in any object merges those objects under it, key by key: the including file wins, later
/// files win over earlier ones. Paths are relative to the file that names them. Overrides win over everything; an override of an `include`
/// chooses another file.
public struct InputFile: Sendable {
    /// The merged tree, without `include`.
    public let tree: JSON5
    /// Everything that was read, the input itself first.
    public let files: [SourceFile]
    /// Errors and warnings so far; `decode` reports them together with its own.
    public let diagnostics: Diagnostics

    /// - Throws: when the input or an included file cannot be read or understood, so that there is no tree.
    public init(path: String, overrides: [String] = []) throws(Diagnostics) {
        var reader = InputReader()
        let given = overrides.compactMap { reader.override($0) }
        guard let file = reader.open(path, as: path, at: Location(source: path)), let tree = reader.parse(file, depth: 0) else {
            throw reader.diagnostics
        }
        try self.init(tree, file, given, reader)
    }

    /// A tree that was read before, with overrides.
    /// - Parameter file: where it comes from.
    public init(tree: JSON5, from file: SourceFile, overrides: [Override]) throws(Diagnostics) {
        try self.init(tree, file, overrides, InputReader(files: [file]))
    }

    private init(_ tree: JSON5, _ file: SourceFile, _ given: [Override], _ reader: InputReader) throws(Diagnostics) {
        var tree = tree, reader = reader
        for override in given where override.isInclude { override.apply(to: &tree, &reader.diagnostics) }
        tree = reader.expand(tree, inside: [file], depth: 0)
        for var override in given where !override.isInclude {
            override.value = reader.expand(override.value, inside: [file], depth: override.path.count)
            override.apply(to: &tree, &reader.diagnostics)
        }
        if reader.isIncomplete { throw reader.diagnostics }
        (self.tree, files, diagnostics) = (tree, reader.files, reader.diagnostics)
    }

    /// The settings and the warnings.
    /// - Throws: every error of the files, the overrides and the settings at once.
    public func decode<Settings: ParameterGroup>(as type: Settings.Type = Settings.self) throws(Diagnostics)
        -> (settings: Settings, diagnostics: Diagnostics)
    {
        var all = diagnostics
        do throws(Diagnostics) {
            let decoded = try Settings.decode(tree)
            all.append(decoded.warnings)
            if !all.hasErrors { return (decoded.settings, all) }
        } catch {
            all.append(error)
        }
        throw all
    }

    /// Settings from a tree that was put together in the program, with overrides of the command line.
    /// - Throws: every error of the overrides and the settings.
    public static func decode<Settings: ParameterGroup>(_ tree: JSON5, overrides: [String], as type: Settings.Type) throws(Diagnostics)
        -> (settings: Settings, diagnostics: Diagnostics)
    {
        var reader = InputReader(), tree = tree
        for override in overrides.compactMap({ reader.override($0) }) { override.apply(to: &tree, &reader.diagnostics) }
        if reader.diagnostics.hasErrors { throw reader.diagnostics }
        let decoded = try Settings.decode(tree)
        return (decoded.settings, decoded.warnings)
    }

    /// Reads and decodes in one call.
    public static func load<Settings: ParameterGroup>(path: String, overrides: [String] = [], as type: Settings.Type) throws(Diagnostics)
        -> (settings: Settings, diagnostics: Diagnostics)
    {
        try InputFile(path: path, overrides: overrides).decode(as: type)
    }
}

/// Reads files and follows their includes.
struct InputReader {
    var diagnostics = Diagnostics()
    private(set) var files: [SourceFile] = []
    /// Whether a file is missing from the tree, so that complaints about its parameters would mislead.
    private(set) var isIncomplete = false

    private static let fileLimit = 1000

    init(files: [SourceFile] = []) { self.files = files }

    mutating func override(_ argument: String) -> Override? {
        do throws(Diagnostics) {
            return try Override(argument)
        } catch {
            diagnostics.append(error)
            return nil
        }
    }

    /// - Parameter name: as the user wrote it.
    mutating func open(_ path: String, as name: String, at location: Location) -> SourceFile? {
        do throws(SourceFile.Failure) {
            let file = try SourceFile(reading: path)
            files.append(file)
            return file
        } catch {
            isIncomplete = true
            diagnostics.error("cannot read \(quoted(name)): \(error.reason)", at: location)
            return nil
        }
    }

    mutating func parse(_ file: SourceFile, depth: Int) -> JSON5? {
        var parser = JSON5Parser(file.bytes, source: file.path, depth: depth)
        let tree = parser.parse()
        diagnostics.append(parser.diagnostics)
        if tree == nil { isIncomplete = true }
        return tree
    }

    /// The tree with every `include` replaced by the content of its files.
    mutating func expand(_ tree: JSON5, inside stack: [SourceFile], depth: Int) -> JSON5 {
        var tree = tree
        switch tree.content {
        case .list(let elements): tree.content = .list(elements.map { expand($0, inside: stack, depth: depth + 1) })
        case .object(let members):
            tree.content = .object(members.filter { $0.key != "include" }.map { member in
                JSON5.Member(member.key, expand(member.value, inside: stack, depth: depth + 1), at: member.location)
            })
            for include in members where include.key == "include" {
                let names = include.value.elements ?? [include.value]
                for name in names.reversed() { tree = tree.merged(over: included(name, inside: stack, depth: depth)) }
            }
        default: break
        }
        return tree
    }

    private mutating func included(_ node: JSON5, inside stack: [SourceFile], depth: Int) -> JSON5 {
        let nothing = JSON5(.object([]))
        guard let name = node.text, !name.isEmpty else {
            diagnostics.error("include expects the name of a file in quotes or a list of such names, not \(node.words)", at: node.location)
            isIncomplete = true
            return nothing
        }
        if files.count > Self.fileLimit {
            diagnostics.error("more than \(Self.fileLimit) files are included", at: node.location)
            isIncomplete = true
            return nothing
        }
        guard let file = open(resolve(name, from: node.location), as: name, at: node.location) else { return nothing }
        if let first = stack.firstIndex(where: { $0.identity == file.identity }) {
            let circle = (stack[first...].map(\.path) + [file.path]).joined(separator: " -> ")
            diagnostics.error("\(quoted(name)) includes itself: \(circle)", at: node.location)
            isIncomplete = true
            return nothing
        }
        guard let tree = parse(file, depth: depth) else { return nothing }
        if tree.members == nil {
            diagnostics.error("an included file must hold an object { ... }, not \(tree.words)", at: tree.location)
            isIncomplete = true
            return nothing
        }
        return expand(tree, inside: stack + [file], depth: depth)
    }
}

extension JSON5 {
    /// The members of both objects, object by object; this one wins and comes first. Anything but two objects: this one;
    /// a value with its evidence is one thing.
    public func merged(over base: JSON5) -> JSON5 {
        guard let own = members, let others = base.members, !isStated, !base.isStated else { return self }
        let below = Dictionary(others.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        let known = Set(own.map(\.key))
        let merged = own.map { member in
            Member(member.key, below[member.key].map { member.value.merged(over: $0) } ?? member.value, at: member.location)
        }
        return JSON5(.object(merged + others.filter { !known.contains($0.key) }), at: location, comment: comment)
    }
}
