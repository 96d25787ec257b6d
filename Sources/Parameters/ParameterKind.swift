/// What a parameter holds. Descriptions and the schema follow from it together with the resolved values.
public indirect enum ParameterKind: Sendable {
    /// A number with this unit; SI inside.
    case quantity(Unit, Bounds)
    case integer(Bounds)
    case flag
    case text
    /// A path, relative to the file that names it; absolute inside.
    case file
    case choice([String])
    case optional(ParameterKind)
    case list(ParameterKind, count: ClosedRange<Int>)
    /// Values by name.
    case map(ParameterKind)
    case group(any ParameterGroup.Type)
    /// Any JSON5 value.
    case tree

    public var name: String {
        switch self {
        case .quantity: "quantity"
        case .integer: "integer"
        case .flag: "flag"
        case .text: "text"
        case .file: "file"
        case .choice: "choice"
        case .optional(let kind): "optional \(kind.name)"
        case .list(let kind, _): "list of \(kind.name)"
        case .map(let kind): "map of \(kind.name)"
        case .group: "group"
        case .tree: "tree"
        }
    }

    public var unit: Unit? {
        switch self {
        case .quantity(let unit, _): unit
        case .optional(let kind), .list(let kind, _), .map(let kind): kind.unit
        default: nil
        }
    }

    public var choices: [String] {
        switch self {
        case .choice(let choices): choices
        case .optional(let kind), .list(let kind, _): kind.choices
        default: []
        }
    }

    /// The allowed values in words: `above 0 nm`, `liquid, solid`; empty when there is no limit.
    public var range: String {
        switch self {
        case .quantity(let unit, let bounds): bounds.words(in: unit)
        case .integer(let bounds): bounds.words(in: .one)
        case .choice(let choices): choices.joined(separator: ", ")
        case .optional(let kind), .map(let kind): kind.range
        case .list(let kind, let count):
            [kind.range, Self.words(count)].filter { !$0.isEmpty }.joined(separator: "; ")
        default: ""
        }
    }

    /// What belongs here, for a sentence: `a length such as "28 nm"`.
    func expectation(example: Double = .nan) -> String {
        switch self {
        case .quantity(let unit, _) where unit.dimension == .none: "a number such as \(Self.example(example, unit))"
        case .quantity(let unit, _): "\(unit.dimension.words) such as \(Self.example(example, unit))"
        case .integer: "a whole number"
        case .flag: "true or false"
        case .text: "text in quotes"
        case .file: "the name of a file in quotes"
        case .choice(let choices): "one of " + choices.map { "\"\($0)\"" }.joined(separator: ", ")
        case .optional(let kind): kind.expectation(example: example)
        case .list(_, let count): "a list [ ... ]" + (Self.words(count).isEmpty ? "" : " of \(Self.words(count))")
        case .map: "an object { name: value, ... }"
        case .group: "an object { ... }"
        case .tree: "a value"
        }
    }

    private static func example(_ value: Double, _ unit: Unit) -> String {
        let text = unit.format(value.isFinite && value != 0 ? value : unit.toSI(1))
        return unit.description == "1" ? text : "\"\(text)\""
    }

    static func words(_ count: ClosedRange<Int>) -> String {
        if count.lowerBound == count.upperBound { return count.lowerBound == 1 ? "1 element" : "\(count.lowerBound) elements" }
        if count.upperBound == .max { return count.lowerBound == 0 ? "" : "at least \(count.lowerBound) elements" }
        return "\(count.lowerBound) to \(count.upperBound) elements"
    }
}
