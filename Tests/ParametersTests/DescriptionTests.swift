import Parameters
import Testing

@Suite struct DescriptionTests {
    @Test func tableIsAligned() throws {
        let lines = Cell().entries().table.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let head = try #require(lines.first)
        let meaning = try #require(head.range(of: "meaning")).lowerBound
        let column = head.distance(from: head.startIndex, to: meaning)
        let thickness = try #require(lines.first { $0.hasPrefix("coating.thickness ") })
        #expect(thickness.contains("28 nm") && thickness.contains("from 0.1 to 1000 nm"))
        #expect(String(thickness.dropFirst(column)) == "Thickness")
        let diffusivity = try #require(lines.first { $0.hasPrefix("salt.diffusivity ") })
        #expect(diffusivity.contains("1e-10 m^2/s") && diffusivity.hasSuffix("Diffusivity of the salt [measured, 25 degC]"))
        #expect(lines.contains { $0.hasPrefix("steps.0.kind ") && $0.contains("plate, strip, rest") })
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test func valuesForAttributes() {
        var cell = Cell()
        cell.steps = [Step(), Step(kind: .rest)]
        let values = Dictionary(uniqueKeysWithValues: cell.values.map { ($0.path, $0) })
        #expect(values["salt.concentration"]?.value.number == 1000)
        #expect(values["salt.concentration"]?.unit == "m^-3 mol")
        #expect(values["salt.concentration"]?.display == "1 mol/L")
        #expect(values["salt.diffusivity"]?.unit == "m^2/s")
        #expect(values["steps.1.kind"]?.value.text == "rest")
        #expect(values["magneticField"]?.display == "[0 mT, 100 mT, 0 mT]")
        #expect(values["seed"]?.unit == nil)
        #expect(values["coating.thickness"] == nil && values["coating"] == nil && values["siteMap"] == nil)
        cell.coating = Coating()
        #expect(cell.values.contains { $0.path == "coating.thickness" && $0.unit == "m" })
    }

    @Test func partsOfTheDescription() {
        #expect(Cell().entries().under("salt").map(\.path) == ["salt", "salt.diffusivity", "salt.transferenceNumber", "salt.concentration"])
        #expect(Cell().entries().under("sal").isEmpty)
    }

    @Test func jsonHoldsEveryColumn() throws {
        let entries = try #require(try JSON5(parsing: Cell().entries().json.text(.json)).elements)
        let diffusivity = try #require(entries.first { $0["path"]?.text == "salt.diffusivity" })
        #expect(diffusivity["kind"]?.text == "quantity" && diffusivity["unit"]?.text == "m^2/s" && diffusivity["value"]?.number == 1e-10)
        #expect(diffusivity["range"]?.text == "above 0" && diffusivity["source"]?.text == "measured, 25 degC")
        let kind = try #require(entries.first { $0["path"]?.text == "steps.0.kind" })
        #expect(kind["choices"]?.elements?.count == 3 && kind["required"]?.boolean == true)
    }

    @Test func schemaDescribesEveryParameter() throws {
        let schema = try JSON5(parsing: Cell.schema.text(.json))
        #expect(schema["$schema"]?.text == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema["additionalProperties"]?.boolean == false)
        let properties = try #require(schema["properties"])
        #expect(properties.members?.map(\.key) == Cell.parameters.map(\.name) + ["include"])
        /// What stands for a plain value, beside the value with its evidence.
        func plain(_ parameter: JSON5?) -> JSON5? {
            #expect(parameter?["anyOf"]?.elements?[1]["$ref"]?.text == "#/$defs/stated")
            return parameter?["anyOf"]?.elements?[0]
        }
        let concentration = try #require(properties["salt"]?["properties"]?["concentration"]), number = try #require(plain(concentration))
        #expect(number["type"] == ["number", "string"])
        #expect(["exclusiveMinimum", "maximum"].map { number[$0]?.number } == [0, 5000] && concentration["default"]?.number == 1000)
        #expect(schema["$defs"]?["stated"]?["properties"]?["basis"]?["enum"] == ["measured", "derived", "assumed"])
        let step = try #require(properties["steps"]?["items"])
        #expect(step["required"] == ["kind"])
        #expect(plain(step["properties"]?["kind"])?["enum"] == ["plate", "strip", "rest"])
        #expect(properties["coating"]?["anyOf"]?.elements?[0]["properties"]?["thickness"]?["default"]?.number == 28e-9)
        #expect(plain(properties["cells"])?["minItems"]?.integer == 2 && plain(properties["seed"])?["type"]?.text == "integer")
    }

    /// Steps that hold steps: descriptions and schema end.
    struct Cycle: ParameterGroup {
        var repeats = 1
        var steps: [Cycle] = []
        static let summary = "Steps, repeated"
        static let parameters: [Parameter<Self>] = [
            .integer("repeats", \.repeats, .atLeast(1), "Repetitions"), .list("steps", \.steps, "Steps, each of which may be repeated"),
        ]
    }

    @Test func groupsMayHoldThemselves() throws {
        #expect(Cycle().entries().map(\.path) == ["repeats", "steps"])
        #expect(Cycle.schema["properties"]?["steps"]?["items"]?["type"]?.text == "object")
        let cycle = try Cycle.decode(JSON5(parsing: "{ steps: [{ repeats: 3, steps: [{ repeats: 2 }] }] }")).settings
        #expect(cycle.steps[0].steps[0].repeats == 2)
        #expect(cycle.entries().map(\.path).contains("steps.0.steps.0.repeats"))
    }
}
