/// A value attached to a snapshot or a checkpoint under a name.
public enum AttributeValue: Equatable, Sendable, CustomStringConvertible {
    case text(String)
    case number(Double)
    case integer(Int)

    /// The number; integers are converted.
    public var number: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        case .text: nil
        }
    }

    public var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        case .text: nil
        }
    }

    public var text: String? {
        if case .text(let value) = self { value } else { nil }
    }

    public var description: String {
        switch self {
        case .text(let value): value
        case .number(let value): "\(value)"
        case .integer(let value): "\(value)"
        }
    }
}

extension AttributeValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
}
