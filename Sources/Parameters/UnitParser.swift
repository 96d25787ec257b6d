/// Reads the unit language of `Unit`.
struct UnitParser {
    struct Product {
        var dimension = Dimension.none
        var factor = 1.0
        var exponent = 0

        mutating func multiply(by other: Product, raisedTo power: Int) {
            dimension = dimension * other.dimension.raised(to: power)
            exponent += other.exponent * power
            for _ in 0..<abs(power) { factor = power > 0 ? factor * other.factor : factor / other.factor }
        }
    }

    private let text: String
    private let characters: [Character]
    private var next = 0

    init(_ text: String) {
        self.text = text
        characters = Array(text)
    }

    mutating func parse() throws(QuantityError) -> Product {
        if characters.count > 80 { throw QuantityError(description: "\(quoted(text)) is too long for a unit") }
        let product = try product()
        if next < characters.count { throw failure() }
        return product
    }

    private mutating func product() throws(QuantityError) -> Product {
        var product = Product()
        var isDivided = false
        var isFirst = true
        while true {
            let start = next
            skipSpaces()
            guard let character = peek, character != ")" else { break }
            var isQuotient = false
            if character == "/" || (character == "*" || character == "\u{B7}") && !isFirst {
                isQuotient = character == "/"
                next += 1
                skipSpaces()
            } else if !isFirst && start == next {
                throw failure()
            }
            if isDivided && !isQuotient {
                throw QuantityError(description: "\(quoted(text)) can be read in two ways; write parentheses, such as \"J/(mol K)\"")
            }
            isDivided = isDivided || isQuotient
            product.multiply(by: try factor(), raisedTo: isQuotient ? -1 : 1)
            try check(product)
            isFirst = false
        }
        if isFirst { throw failure() }
        return product
    }

    private mutating func factor() throws(QuantityError) -> Product {
        var base: Product
        if peek == "(" {
            next += 1
            base = try product()
            guard peek == ")" else { throw failure() }
            next += 1
        } else {
            let start = next
            if peek == "1" { next += 1 } else { while let character = peek, character.isSymbol { next += 1 } }
            let name = String(characters[start..<next])
            if name.isEmpty { throw failure() }
            guard let (symbol, prefix) = UnitSymbol.find(name) else {
                let advice = name == "degC" || name == "°C" ? "it stands alone; use K in combinations" : suggestion(name, UnitSymbol.names)
                throw QuantityError(description: "\(quoted(name)) is not a known unit" + (advice.map { "; " + $0 } ?? ""))
            }
            base = Product(dimension: symbol.dimension, factor: symbol.factor, exponent: symbol.exponent + prefix)
        }
        var result = Product()
        result.multiply(by: base, raisedTo: try power())
        try check(result)
        return result
    }

    /// Powers of powers end here, long before they overflow.
    private func check(_ product: Product) throws(QuantityError) {
        if abs(product.exponent) > 300 || product.dimension.exponents.contains(where: { abs($0) > 30 }) { throw failure() }
    }

    /// The power behind a symbol: `^2`, `^-2`, `2`, `-1`, `²`, `⁻¹`; 1 when there is none.
    private mutating func power() throws(QuantityError) -> Int {
        let hasCaret = peek == "^"
        if hasCaret { next += 1 }
        var digits = ""
        while let character = peek, let digit = Self.digits[character], digits.count < 3 {
            digits.append(digit)
            next += 1
        }
        if digits.isEmpty && !hasCaret { return 1 }
        guard let power = Int(digits), abs(power) <= 9, power != 0 else { throw failure() }
        return power
    }

    private static let digits: [Character: Character] = Dictionary(
        uniqueKeysWithValues: Array(zip("0123456789-", "0123456789-")) + Array(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")))

    private var peek: Character? { next < characters.count ? characters[next] : nil }

    private mutating func skipSpaces() { while peek == " " { next += 1 } }

    private func failure() -> QuantityError { QuantityError(description: "\(quoted(text)) is not a unit") }
}

extension Character {
    fileprivate var isSymbol: Bool { isLetter || self == "%" || self == "°" }
}
