/// A number with a unit, read from a text such as `28 nm`, `-0.45 V`, `1 mA/cm^2` or `25 degC`.
public struct Quantity: Sendable, Equatable {
    /// In SI units.
    public var value: Double
    /// Nil when the text is a number alone.
    public var unit: Unit?

    public var dimension: Dimension { unit?.dimension ?? .none }

    /// - Throws: a sentence that says what is not understood.
    public init(parsing text: String) throws(QuantityError) {
        let characters = Array(text.replacing("\u{2212}", with: "-").drop { $0 == " " })
        let length = Self.numberLength(characters)
        guard length > 0, let number = Double(String(characters[..<length])) else {
            throw QuantityError(description: "\(quoted(text)) does not start with a number")
        }
        let rest = String(characters[length...].drop { $0 == " " || $0 == "\u{A0}" })
        unit = rest.isEmpty ? nil : try Unit(parsing: rest)
        value = unit?.toSI(number) ?? number
    }

    /// Characters of the decimal number in front; an `e` that no digit follows belongs to the unit.
    private static func numberLength(_ characters: [Character]) -> Int {
        var end = 0
        func isDigit(_ index: Int) -> Bool { index < characters.count && ("0"..."9").contains(characters[index]) }
        func isSign(_ index: Int) -> Bool { index < characters.count && (characters[index] == "-" || characters[index] == "+") }
        if isSign(end) { end += 1 }
        let start = end
        while isDigit(end) { end += 1 }
        if end < characters.count, characters[end] == ".", isDigit(end + 1) || end > start {
            end += 1
            while isDigit(end) { end += 1 }
        }
        if end == start { return 0 }
        if end < characters.count, characters[end] == "e" || characters[end] == "E" {
            let digits = isSign(end + 1) ? end + 2 : end + 1
            if isDigit(digits) {
                end = digits
                while isDigit(end) { end += 1 }
            }
        }
        return end
    }
}
