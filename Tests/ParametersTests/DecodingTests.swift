import Parameters
import Testing

@Suite struct DecodingTests {
    private func decode(_ input: String) throws(Diagnostics) -> (settings: Cell, warnings: Diagnostics) {
        try Cell.decode(JSON5(parsing: input, source: "input.json5"))
    }

    @Test func everythingGiven() throws {
        let cell = try decode("""
            {
              salt: { diffusivity: "2e-6 cm^2/s", transferenceNumber: "40 %", concentration: 1200 },
              coating: { thickness: "70 nm", structure: "polycrystalline", modulus: "4.9 GPa", failureStrain: 0.02 },
              steps: [
                { kind: "plate", current: "3 mA/cm^2", duration: null },
                { kind: "rest" },
              ],
              seed: 1e3, noise: true, title: "a", siteMap: "/data/sites.h5", cells: [128, 96, 64],
              magneticField: [0, "50 mT", -0.1], voltages: [], temperature: "60 degC",
            }
            """).settings
        var expected = Cell()
        expected.salt = Salt(diffusivity: 2e-10, transferenceNumber: 0.4, concentration: 1200)
        expected.coating = Coating(thickness: 70e-9, structure: .polycrystalline, modulus: 4.9e9, failureStrain: 0.02)
        expected.steps = [Step(kind: .plate, current: 30, duration: nil), Step(kind: .rest)]
        (expected.seed, expected.noise, expected.title, expected.siteMap) = (1000, true, "a", "/data/sites.h5")
        (expected.cells, expected.magneticField, expected.voltages) = ([128, 96, 64], SIMD3(0, 0.05, -0.1), [])
        expected.temperature = 333.15
        #expect(cell == expected)
    }

    @Test func defaultsComeFromTheProperties() throws {
        #expect(try decode("{}").settings == Cell())
        #expect(try decode("{ coating: {} }").settings.coating == Coating())
        #expect(try decode("{ coating: null }").settings.coating == nil)
    }

    @Test func resolvedReadsBackExactly() throws {
        var random = Stream(seed: 3)
        for round in 0..<200 {
            func number() -> Double { Double(random.next(below: 1 << 50)) / 0x1p50 }
            var cell = Cell()
            cell.salt = Salt(diffusivity: number() * 1e-9, transferenceNumber: number(), concentration: 5000 * number())
            if round % 2 == 0 { cell.coating = Coating(thickness: 1e-10 + number() * 1e-7, structure: .amorphous, modulus: 1e9 * number()) }
            cell.steps = (0...random.next(below: 4)).map {
                Step(kind: Step.Kind.allCases[$0 % 3], current: number(), duration: $0 % 2 == 0 ? nil : number())
            }
            (cell.seed, cell.title) = (random.next(below: Int.max), "\"\\\n\u{1F600}\u{2028}\u{0}")
            cell.siteMap = round % 3 == 0 ? nil : "/a/b.h5"
            (cell.magneticField, cell.voltages) = (SIMD3(number(), number(), number()), (0..<round % 12).map { _ in number() - 0.5 })
            for style in [JSON5.Style.json5, .json, .line] {
                let back = try Cell.decode(JSON5(parsing: cell.resolved.text(style)))
                #expect(back.settings == cell)
                #expect(back.settings.resolved == cell.resolved)
            }
        }
    }

    @Test(arguments: [
        ("[]", "1:1", "the input must be an object { ... }, not a list of 0"),
        ("{ sed: 1 }", "1:3", "\"sed\" is not a known parameter; did you mean \"seed\"?"),
        ("{ Seed: 1 }", "1:3", "did you mean \"seed\"?"),
        ("{ salt: { difusivity: 1 } }", "1:11", "\"salt.difusivity\" is not a known parameter; did you mean \"diffusivity\"?"),
        ("{ thickness: 1 }", "1:3", "did you mean \"coating.thickness\"?"),
        ("{ qwertz: 1 }", "1:3", "known here: salt, coating"),
        ("{ steps: [{ kind: 'rest', curent: 1 }] }", "1:27", "\"steps.0.curent\" is not a known parameter; did you mean \"current\"?"),
        ("{ salt: { diffusivity: '28 nm' } }", "1:24",
         "salt.diffusivity expects a diffusivity such as \"1e-10 m^2/s\"; \"28 nm\" is a length"),
        ("{ coating: { thickness: '1 mA/cm^2' } }", "1:25",
         "coating.thickness expects a length such as \"28 nm\"; \"1 mA/cm^2\" is a current density"),
        ("{ coating: { thickness: '28' } }", "1:25", "\"28\" has no unit"),
        ("{ coating: { thickness: '28 mn' } }", "1:25", "expects a length such as \"28 nm\"; \"mn\" is not a known unit"),
        ("{ coating: { thickness: 'thick' } }", "1:25", "\"thick\" does not start with a number"),
        ("{ coating: { thickness: true } }", "1:25", "coating.thickness expects a length such as \"28 nm\", not true"),
        ("{ coating: { thickness: null } }", "1:25", "not null"),
        ("{ coating: { thickness: [1] } }", "1:25", "not a list of 1"),
        ("{ coating: { thickness: NaN } }", "1:25", "must be a finite number, not NaN"),
        ("{ coating: { thickness: -Infinity } }", "1:25", "must be a finite number, not infinity"),
        ("{ coating: { thickness: '1e400 nm' } }", "1:25", "must be a finite number"),
        ("{ coating: { thickness: 0 } }", "1:25", "must be from 0.1 to 1000 nm; 0 nm is not"),
        ("{ coating: { thickness: 28 } }", "1:25", "must be from 0.1 to 1000 nm; 28000000000 nm is not"),
        ("{ coating: { thickness: '-3 nm' } }", "1:25", "must be from 0.1 to 1000 nm; \"-3 nm\" is not"),
        ("{ coating: { failureStrain: 1 } }", "1:29", "must be above 0 and below 100%; 100% is not"),
        ("{ coating: { failureStrain: '0 %' } }", "1:29", "must be above 0 and below 100%"),
        ("{ coating: { modulus: '-1 GPa' } }", "1:23", "coating.modulus must be above 0; \"-1 GPa\" is not"),
        ("{ coating: { structure: 'amorphus' } }", "1:25", "did you mean \"amorphous\"?"),
        ("{ coating: { structure: 'x' } }", "1:25", "must be one of \"amorphous\", \"polycrystalline\"; \"x\" is not"),
        ("{ coating: { structure: 1 } }", "1:25", "expects one of \"amorphous\", \"polycrystalline\", not the number 1"),
        ("{ coating: 'alumina' }", "1:12", "coating expects an object { ... }, not the text \"alumina\""),
        ("{ coating: { structure: 'polycrystalline' } }", "1:12", "coating.modulus must be given when structure is \"polycrystalline\""),
        ("{ salt: 1 }", "1:9", "salt expects an object { ... }, not the number 1"),
        ("{ salt: { transferenceNumber: '0.4 V' } }", "1:31", "expects a number such as 0.38; \"0.4 V\" is a voltage"),
        ("{ salt: { transferenceNumber: 1.0000001 } }", "1:31", "must be from 0 to 1"),
        ("{ salt: { concentration: '5.1 mol/L' } }", "1:26", "must be above 0 and at most 5 mol/L; \"5.1 mol/L\" is not"),
        ("{ temperature: '10 C' }", "1:16", "expects a temperature such as \"25 degC\"; \"10 C\" is an electric charge"),
        ("{ temperature: 25 }", "1:16", "must be from -60 to 150 degC; -248.15 degC is not"),
        ("{ steps: {} }", "1:10", "expects a list [ ... ] of 1 to 100 elements, not an object"),
        ("{ steps: [] }", "1:10", "expects a list [ ... ] of 1 to 100 elements, not a list of 0"),
        ("{ steps: [{}] }", "1:11", "steps.0.kind is missing; it expects one of \"plate\", \"strip\", \"rest\""),
        ("{ steps: [{ kind: 'rest' }, 3] }", "1:29", "steps.1 expects an object"),
        ("{ seed: 1.5 }", "1:9", "seed expects a whole number, not the number 1.5"),
        ("{ seed: '1' }", "1:9", "seed expects a whole number, not the text \"1\""),
        ("{ seed: -1 }", "1:9", "seed must be at least 0; -1 is not"),
        ("{ seed: 1e30 }", "1:9", "expects a whole number"),
        ("{ noise: 'yes' }", "1:10", "noise expects true or false, not the text \"yes\""),
        ("{ title: 5 }", "1:10", "title expects text in quotes, not the number 5"),
        ("{ siteMap: 5 }", "1:12", "siteMap expects the name of a file in quotes"),
        ("{ cells: [3, 100] }", "1:11", "cells.0 must be from 4 to 65536; 3 is not"),
        ("{ cells: [100] }", "1:10", "expects a list [ ... ] of 2 to 3 elements, not a list of 1"),
        ("{ magneticField: [1, 2] }", "1:18", "of 3 elements, not a list of 2"),
        ("{ magneticField: [1, '2 nm', 3] }", "1:22",
         "magneticField.1 expects a magnetic flux density such as \"1 mT\"; \"2 nm\" is a length"),
        ("{ voltages: ['1 V', '2 A'] }", "1:21", "voltages.1 expects a voltage such as \"1 V\"; \"2 A\" is an electric current"),
    ])
    func bad(_ input: String, _ place: String, _ message: String) {
        do {
            let settings = try decode(input).settings
            Issue.record("\(input) was accepted as \(settings)")
        } catch {
            #expect(error.errors.count == 1, "\(error)")
            #expect(error.description.hasPrefix("input.json5:\(place): error: "), "\(error)")
            #expect(error.description.contains(message), "\(error)")
        }
    }

    @Test func allErrorsAtOnceInTheOrderOfTheFile() {
        let input = """
            {
              temperature: "10 C",
              steps: [{ current: "1 mA" }, 3],
              salt: { difusivity: 1, transferenceNumber: 2 },
              sed: 1,
            }
            """
        do {
            _ = try decode(input)
            Issue.record("accepted")
        } catch {
            let places = error.errors.map { "\($0.location.line):\($0.location.column)" }
            #expect(places == ["2:16", "3:11", "3:22", "3:32", "4:11", "4:46", "5:3"])
        }
    }

    @Test func inclusiveBoundsHoldInEveryUnit() throws {
        for thickness in ["1000 nm", "1 um", "1e-6 m", "0.1 nm", "1 angstrom", "1e-4 um"] {
            _ = try decode("{ coating: { thickness: '\(thickness)' } }")
        }
    }

    @Test func warningsDoNotStop() throws {
        let (settings, warnings) = try decode("{ coating: {\n thickness: '700 nm' } }")
        #expect(settings.coating?.thickness == 700e-9)
        #expect(warnings.description == "input.json5:2:13: warning: coating.thickness is beyond the thin-film limit of 500 nm")
    }

    @Test func settingsMadeInTheProgramAreCheckedToo() {
        #expect(Cell().diagnostics.isEmpty)
        var cell = Cell()
        cell.salt.diffusivity = -1
        cell.coating = Coating(thickness: 600e-9, structure: .polycrystalline)
        cell.voltages = [.nan]
        let text = cell.diagnostics.description
        #expect(text.contains("error: salt.diffusivity must be above 0; -1 m^2/s is not"))
        #expect(text.contains("error: coating.modulus must be given"))
        #expect(text.contains("warning: coating.thickness is beyond"))
        #expect(text.contains("error: voltages.0 must be a finite number, not NaN"))
    }

    @Test func manyErrorsAreCutInPrintOnly() {
        let input = "{" + (0..<500).map { "k\($0): 1," }.joined() + "}"
        #expect { try decode(input) } throws: { error in
            guard let error = error as? Diagnostics else { return false }
            let lines = error.description.split(separator: "\n")
            return error.errors.count == 500 && lines.count == 101 && lines.last == "... and 400 more"
        }
    }
}
