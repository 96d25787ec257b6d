/// A JSON5 value tree in which every value and every key knows where it stands. Members keep the order of the input.
public struct JSON5: Sendable, Equatable {
    public enum Content: Sendable, Equatable {
        case null
        case boolean(Bool)
        case integer(Int)
        case number(Double)
        case text(String)
        case list([JSON5])
        case object([Member])
    }

    public struct Member: Sendable, Equatable {
        public var key: String
        public var location: Location
        public var value: JSON5

        public init(_ key: String, _ value: JSON5, at location: Location = Location()) {
            self.key = key
            self.value = value
            self.location = location
        }

        public static func == (a: Member, b: Member) -> Bool { a.key == b.key && a.value == b.value }
    }

    public var content: Content
    public var location: Location
    /// Written behind the value in JSON5, for example its unit.
    public var comment: String?

    public init(_ content: Content, at location: Location = Location(), comment: String? = nil) {
        self.content = content
        self.location = location
        self.comment = comment
    }

    public static let null = JSON5(.null)

    /// Equal content; places and comments do not count.
    public static func == (a: JSON5, b: JSON5) -> Bool { a.content == b.content }

    /// The value of a member; nil when there is none or when this is not an object.
    public subscript(key: String) -> JSON5? { members?.first { $0.key == key }?.value }

    public var members: [Member]? { if case .object(let members) = content { members } else { nil } }
    public var elements: [JSON5]? { if case .list(let elements) = content { elements } else { nil } }
    public var text: String? { if case .text(let text) = content { text } else { nil } }
    public var boolean: Bool? { if case .boolean(let boolean) = content { boolean } else { nil } }

    public var number: Double? {
        switch content {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    /// A whole number, also when it was written as `1e5`; nil beyond 2^53 in that form.
    public var integer: Int? {
        switch content {
        case .integer(let integer): integer
        case .number(let number) where abs(number) <= 0x1p53: Int(exactly: number)
        default: nil
        }
    }

    /// What this is, for a sentence: `the text "abc"`, `the number 5`, `a list`.
    var words: String {
        switch content {
        case .null: "null"
        case .boolean(let boolean): "\(boolean)"
        case .integer(let integer): "the number \(integer)"
        case .number(let number): number.isNaN ? "NaN" : number.isInfinite ? "infinity" : "the number \(decimal(number))"
        case .text(let text): "the text \(quoted(text))"
        case .list: "a list"
        case .object: "an object"
        }
    }
}

extension JSON5: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self.init(.text(value)) }
    public init(integerLiteral value: Int) { self.init(.integer(value)) }
    public init(floatLiteral value: Double) { self.init(.number(value)) }
    public init(booleanLiteral value: Bool) { self.init(.boolean(value)) }
    public init(arrayLiteral elements: JSON5...) { self.init(.list(elements)) }
    public init(dictionaryLiteral elements: (String, JSON5)...) { self.init(.object(elements.map { Member($0, $1) })) }

    public init(_ text: String) { self.init(.text(text)) }
    public init(_ number: Double) { self.init(.number(number)) }
    public init(_ integer: Int) { self.init(.integer(integer)) }
    public init(_ boolean: Bool) { self.init(.boolean(boolean)) }
}

/// Text of the user inside a sentence: quoted, control characters shown, cut when long.
func quoted(_ text: String) -> String {
    let limit = 60
    let shown = text.unicodeScalars.count > limit ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) + "..." : text
    return JSON5.escaped(shown)
}

/// The shortest decimal that reads back as the same number, without a trailing `.0`.
func decimal(_ number: Double) -> String {
    let text = number.description
    return text.hasSuffix(".0") && text != "-0.0" ? String(text.dropLast(2)) : text
}
