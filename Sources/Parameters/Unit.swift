/// A unit such as `mA/cm^2`: SI value = number x factor x 10^exponent + offset.
///
/// Products are written with a space or `*`, quotients with `/`, powers as `^2`, `2` or `-1` behind the symbol, several symbols under a
/// quotient in parentheses: `J/(mol K)`. SI prefixes from `f` to `T`. `degC` stands alone. `%` is 0.01, `M` is mol/L.
public struct Unit: Sendable, Hashable, CustomStringConvertible {
    /// The unit as it was written.
    public let description: String
    public let dimension: Dimension
    /// Power of ten kept apart, so that `28 nm` is the same number as 28e-9.
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

    public func toSI(_ number: Double) -> Double { scale(number * factor, by: exponent) + offset }

    public func fromSI(_ value: Double) -> Double { scale(value - offset, by: -exponent) / factor }

    /// Division by a power of ten up to 10^22 is exact up to one rounding, multiplication by its inverse is not.
    private func scale(_ number: Double, by exponent: Int) -> Double {
        exponent < 0 ? number / powerOfTen(-exponent) : number * powerOfTen(exponent)
    }

    /// The SI value in this unit as `28 nm`: the shortest number that reads back as the same SI value.
    public func format(_ value: Double) -> String {
        decimal(number(for: value)) + suffix
    }

    /// What stands behind a number in this unit.
    var suffix: String { description == "1" ? "" : description == "%" ? "%" : " " + description }

    /// Removes the rounding noise of the conversion: of the neighbours that read back exactly, the one with the fewest digits.
    func number(for value: Double) -> Double {
        let middle = fromSI(value)
        guard middle.isFinite else { return middle }
        let candidates = (-3...3).map { middle + Double($0) * middle.ulp }.filter { toSI($0) == value }
        return candidates.min { $0.description.utf8.count < $1.description.utf8.count } ?? middle
    }

    /// The unit of SI values: this one where its factor is 1 (`Pa s`), otherwise in base units.
    public var si: String {
        factor == 1 && exponent == 0 && offset == 0 ? description : dimension.description
    }
}

/// Why a text is not a quantity or not a unit.
public struct QuantityError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
}

func powerOfTen(_ exponent: Int) -> Double {
    exponent <= 22 ? powersOfTen[exponent] : Double("1e\(exponent)") ?? .infinity
}

private let powersOfTen = (0...22).map { Double("1e\($0)")! }  // literals that always parse
