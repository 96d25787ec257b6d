/// One parameter of a group or of the groups inside it, with its value: a row of `describe`, an attribute of a result file.
public struct ParameterEntry: Sendable {
    /// As in `--set`: `salt.diffusivity`, `protocol.steps.0.current`; `*` stands for the index in the pattern of an empty list.
    public let path: String
    public let kind: ParameterKind
    /// In SI; null when absent.
    public let value: JSON5
    public let meaning: String
    /// What the input says, or else where the default comes from.
    public let source: String
    /// What the value rests on, where the input says so.
    public let basis: Evidence.Basis?
    public let isRequired: Bool
    /// Whether this is a member of an absent group or of an empty list: a default, no value.
    public let isPattern: Bool

    public var name: String { path.lastIndex(of: ".").map { String(path[path.index(after: $0)...]) } ?? path }
    /// Unit of `value`; nil for what is no quantity.
    public var unit: String? { kind.unit?.si }

    /// The value as the user would write it: `1 mA/cm^2`.
    public var display: String {
        isGroup && value.members != nil ? "" : isRequired && value.number?.isNaN == true ? "required" : Self.display(value, kind.unit)
    }

    private static func display(_ value: JSON5, _ unit: Unit?) -> String {
        switch value.content {
        case .null: "none"
        case .text(let text): text.isEmpty ? "\"\"" : text
        case .list(let elements) where elements.allSatisfy { $0.members == nil }:
            "[" + elements.map { display($0, unit) }.joined(separator: ", ") + "]"
        case .list(let elements): ParameterKind.words(elements.count...elements.count)
        case .object(let members):
            members.isEmpty ? "none" : "{" + members.map { "\($0.key): \(display($0.value, unit))" }.joined(separator: ", ") + "}"
        default: unit.flatMap { unit in value.number.map(unit.format) } ?? value.text(.line)
        }
    }

    fileprivate func resting(on evidence: Evidence) -> ParameterEntry {
        ParameterEntry(path: path, kind: kind, value: value, meaning: meaning, source: evidence.source.isEmpty ? source : evidence.source,
                       basis: evidence.basis, isRequired: isRequired, isPattern: isPattern)
    }

    /// `measured: Zheng 2024, Fig. 2`; empty when nothing is known.
    public var origin: String { Evidence(basis, source: source).words }

    /// Whether the parameter holds other parameters, listed behind it.
    public var isGroup: Bool {
        switch kind {
        case .group, .optional(.group), .list(.group, _): true
        default: false
        }
    }
}

extension ParameterGroup {
    /// Every parameter with its value, groups before their members. The members of an absent group and of an empty list are listed once, as
    /// a pattern.
    public func entries() -> [ParameterEntry] {
        Self.entries(of: plain, at: "", around: []).map { entry in evidence[entry.path].map { entry.resting(on: $0) } ?? entry }
    }

    /// The parameters that hold a value, without groups and patterns: for attributes of a result file.
    public var values: [ParameterEntry] { entries().filter { !$0.isGroup && !$0.isPattern && $0.value != .null } }

    fileprivate static func entries(
        of tree: JSON5, at path: String, around: [any ParameterGroup.Type], isPattern: Bool = false
    ) -> [ParameterEntry] {
        if around.contains(where: { $0 == Self.self }) && isPattern { return [] }
        return parameters.flatMap { parameter in
            let path = path.isEmpty ? parameter.name : path + "." + parameter.name
            let value = tree[parameter.name] ?? .null
            let entry = ParameterEntry(
                path: path, kind: parameter.kind, value: value, meaning: parameter.meaning, source: parameter.source, basis: nil,
                isRequired: parameter.isRequired, isPattern: isPattern)
            return [entry] + parameter.kind.members(of: value, at: path, around: around + [Self.self], isPattern: isPattern)
        }
    }
}

extension ParameterKind {
    fileprivate func members(of value: JSON5, at path: String, around: [any ParameterGroup.Type], isPattern: Bool) -> [ParameterEntry] {
        switch self {
        case .group(let type):
            return type.entries(of: value, at: path, around: around, isPattern: isPattern)
        case .optional(.group(let type)):
            let isAbsent = value == .null
            return type.entries(of: isAbsent ? type.init().plain : value, at: path, around: around, isPattern: isPattern || isAbsent)
        case .list(.group(let type), _):
            let elements = value.elements ?? []
            if elements.isEmpty { return type.entries(of: type.init().plain, at: path + ".*", around: around, isPattern: true) }
            return elements.enumerated().flatMap { type.entries(of: $1, at: "\(path).\($0)", around: around, isPattern: isPattern) }
        default: return []
        }
    }
}
