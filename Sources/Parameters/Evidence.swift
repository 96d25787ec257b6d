/// What a value of an input rests on, given beside it: `{ value: "28 nm", basis: "measured", source: "Zheng 2024, Fig. 2" }`.
public struct Evidence: Sendable, Equatable {
    public enum Basis: String, CaseIterable, Sendable { case measured, derived, assumed }

    public var basis: Basis?
    public var source: String

    public init(_ basis: Basis?, source: String = "") { (self.basis, self.source) = (basis, source) }

    /// `measured: Zheng 2024, Fig. 2`
    public var words: String { [basis?.rawValue ?? "", source].filter { !$0.isEmpty }.joined(separator: ": ") }

    /// The value as it is written with its evidence.
    func stated(_ value: JSON5) -> JSON5 {
        var members = [JSON5.Member("value", value)]
        if let basis { members.append(.init("basis", JSON5(basis.rawValue))) }
        if !source.isEmpty { members.append(.init("source", JSON5(source))) }
        return JSON5(.object(members))
    }

    static let keys = ["value", "basis", "source"]
}

extension JSON5 {
    /// Whether this is a value with its evidence.
    var isStated: Bool { members?.contains { Evidence.keys.contains($0.key) } ?? false }
}

extension ParameterKind {
    /// Groups hold statements, they are none.
    var canBeStated: Bool {
        switch self {
        case .group, .tree, .list(.group, _): false
        case .optional(let kind): kind.canBeStated
        default: true
        }
    }
}

extension Report {
    /// The value in a node that may state its evidence, which is kept; nil after an error.
    mutating func value(in node: JSON5, _ kind: ParameterKind) -> JSON5? {
        guard kind.canBeStated, node.isStated, let members = node.members else { return node }
        var evidence = Evidence(nil), isGood = true
        func complain(_ report: inout Report, _ name: String, _ node: JSON5, _ sentence: String) {
            report.inside(name, at: node.location) { $0.error(sentence) }
            isGood = false
        }
        for member in members {
            switch member.key {
            case "value": break
            case "basis":
                let names = Evidence.Basis.allCases.map(\.rawValue)
                if let basis = member.value.text.flatMap({ Evidence.Basis(rawValue: $0) }) {
                    evidence.basis = basis
                } else {
                    let given = member.value.text.map { suggestion($0, names) ?? "\(quoted($0)) is not" } ?? "\(member.value.words) is not"
                    complain(&self, "basis", member.value, "must be \(ParameterKind.choice(names).expectation()); \(given)")
                }
            case "source":
                if let text = member.value.text { evidence.source = text } else {
                    complain(&self, "source", member.value, "expects text in quotes, not \(member.value.words)")
                }
            default:
                unknown(member, known: Evidence.keys)
                isGood = false
            }
        }
        guard let value = node["value"] else {
            error("says what it rests on but has no value; write { value: ..., basis: ..., source: ... }")
            return nil
        }
        if isGood { keep(evidence) }
        return isGood ? value : nil
    }
}
