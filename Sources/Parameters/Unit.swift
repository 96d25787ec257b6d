/// A unit such as `mA/cm^2`: SI value = number x factor x 10^exponent + offset.
///
/// Products are written with a space or `*`, quotients with `/`, powers as `^2`, `2` or `-1` behind the symbol, several symbols under a
/// quotient in parentheses: `J/(mol K)`. SI prefixes from `f` to `T`. `degC` stands alone. `%` is 0.01, `M` is mol/L.
public struct Unit: Sendable, Hashable, CustomStringConvertible {
    /// The unit as it was written.
    public let description: String
    public let dimension: Dimension
    /// Kept apart from the factor, so that `28 nm` is the same number as 28e-9.
    let exponent: Int
    let factor: Double
    let offset: Double

    /// The unit of pure numbers.
    public static let one = Unit("1")

    /// Parses a unit; the error is a sentence that says what is not understood.
    public init(parsing text: String) throws(QuantityError) {
        if text == "degC" || text == "°C" {
            (description, dimension, exponent, factor, offset) = ("degC", Dimension([0, 0, 0, 0, 1, 0]), 0, 1, 273.15)
            return
        }
        var parser = UnitParser(text)
        let product = try parser.parse()
        (description, dimension, exponent, factor, offset) = (text, product.dimension, product.exponent, product.factor, 0)
    }

    /// A unit written in the program.
    /// - Precondition: the text is a unit; anything else is a mistake in the declaration.
    public init(_ text: String) {
        do {
            try self.init(parsing: text)
        } catch {
            preconditionFailure("\"\(text)\" is not a unit: \(error)")
        }
    }

    public func toSI(_ number: Double) -> Double { shifted(number * factor, by: exponent) + offset }

    public func fromSI(_ value: Double) -> Double { shifted(value - offset, by: -exponent) / factor }

    /// The SI value in this unit as `28 nm`, to 14 digits.
    public func format(_ value: Double) -> String {
        let number = fromSI(value)
        let digits = 13 - Int((Double(number.exponent) * 0.30103).rounded(.down))
        return decimal(number.isNormal ? shifted(shifted(number, by: digits).rounded(), by: -digits) : number) + suffix
    }

    /// What stands behind a number in this unit.
    var suffix: String { description == "1" ? "" : description == "%" ? "%" : " " + description }

    /// The unit of SI values: this one where its factor is 1 (`Pa s`), otherwise in base units.
    public var si: String {
        factor == 1 && exponent == 0 && offset == 0 ? description : dimension.description
    }
}

/// Why a text is not a quantity or not a unit.
public struct QuantityError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
}

/// Moves the decimal point of the shortest decimal that stands for the number: 28 by -9 is 28e-9 itself, not 28 x 1e-9.
func shifted(_ number: Double, by exponent: Int) -> Double {
    if exponent == 0 || number == 0 || !number.isFinite { return number }
    let parts = number.description.split(separator: "e")
    return Double("\(parts[0])e\(exponent + (parts.count == 2 ? Int(parts[1]) ?? 0 : 0))") ?? number
}
