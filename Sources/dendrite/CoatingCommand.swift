import Coatings
import Parameters

extension Command {
    static let coating = Command(
        name: "coating", operands: 0...Int.max, operandName: "NAME|FILE", summary: "Screen coatings without a simulation: entropy, transport limit, alloy use, wetting, ...",
        details: """
            NAME is a file of Inputs/coatings; without one the names are listed. What a coating does not say is listed as missing.
            """,
        flags: [
            Flag(name: "--json", meaning: "as JSON: one object, or a list of them"),
            Flag(name: "--current", value: "I", meaning: "current density; 1 mA/cm^2 when not given"),
            Flag(name: "--temperature", value: "T", meaning: "temperature; 298.15 K when not given"),
            Flag(name: "--thickness", value: "D", repeats: true, meaning: "thickness of the sweep of the transport limit"),
            Flag(name: "--corrosion-factor", value: "F", meaning: "share of the Tafel corrosion current that acts; 0.055 when not given"),
            Flag(name: "--set", value: "PATH=VALUE", repeats: true, meaning: "override a value, as in --set coating.thickness=\"70 nm\""),
        ]
    ) { arguments in
        if arguments.operands.isEmpty {
            let names = InputLibrary.names(on: .coatings)
            if names.isEmpty { throw UsageError("Inputs/coatings was not found; name a file") }
            Terminal.print(names.joined(separator: "\n"))
            return 0
        }
        let conditions = try conditions(arguments)
        var cards: [ScreeningCard] = [], complaints: [String] = []
        for name in arguments.operands {
            do throws(Diagnostics) {
                let file = try CoatingFile(name, overrides: arguments.values("--set"))
                if !file.warnings.isEmpty { Terminal.complain("\(file.warnings)") }
                cards.append(ScreeningCard(file.coating, file: file.path, conditions: conditions))
            } catch {
                complaints.append("\(error)")
            }
        }
        for complaint in complaints { Terminal.complain(complaint) }
        if arguments.has("--json") {
            if cards.count == 1 {
                Terminal.print(cards[0].json.text(.json))
            } else if !cards.isEmpty {
                Terminal.print(JSON5(.list(cards.map(\.json))).text(.json))
            }
        } else {
            for card in cards { Terminal.print(card.text) }
        }
        return complaints.isEmpty ? 0 : 2
    }

    private static func conditions(_ arguments: Arguments) throws -> ScreeningCard.Conditions {
        var conditions = ScreeningCard.Conditions()
        if let current = try arguments.quantity("--current", "mA/cm^2", .above(0)) { conditions.currentDensity = current }
        if let temperature = try arguments.quantity("--temperature", "K", .above(0)) { conditions.temperature = temperature }
        if let factor = try arguments.number("--corrosion-factor", above: 0) { conditions.corrosionFactor = factor }
        conditions.thicknesses = try arguments.quantities("--thickness", "nm", .above(0))
        return conditions
    }
}

extension Arguments {
    /// The SI values of a flag that takes a quantity.
    func quantities(_ flag: String, _ unit: String, _ bounds: Bounds) throws -> [Double] {
        let unit = Unit(unit), expects = "\(flag) expects \(unit.dimension.words) such as \"\(unit.format(unit.toSI(1)))\""
        return try values(flag).map { text in
            let quantity: Quantity
            do throws(QuantityError) { quantity = try Quantity(parsing: text) } catch { throw UsageError("\(expects); \(error)") }
            if quantity.dimension != unit.dimension {
                throw UsageError("\(expects); \"\(text)\" \(quantity.unit == nil ? "has no unit" : "is \(quantity.dimension.words)")")
            }
            if !bounds.contains(quantity.value, in: unit) { throw UsageError("\(expects), \(bounds.words(in: unit)); \"\(text)\" is not") }
            return quantity.value
        }
    }

    func quantity(_ flag: String, _ unit: String, _ bounds: Bounds) throws -> Double? { try quantities(flag, unit, bounds).last }
}
