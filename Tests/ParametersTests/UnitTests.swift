import Parameters
import Testing

@Suite struct UnitTests {
    /// Every symbol and every spelling against its SI value.
    @Test(arguments: [
        ("28 nm", 28e-9), ("0.2 um", 0.2e-6), ("0.2 \u{B5}m", 0.2e-6), ("0.2 \u{3BC}m", 0.2e-6), ("3 mm", 3e-3), ("2 cm", 0.02),
        ("1 dm", 0.1),
        ("5 km", 5e3), ("7 pm", 7e-12), ("7 fm", 7e-15), ("1.5 angstrom", 1.5e-10), ("1.5 \u{C5}", 1.5e-10), ("1 m", 1),
        ("1 L", 1e-3), ("2 mL", 2e-6), ("3 ul", 3e-9), ("13 cm^3/mol", 13e-6), ("13 cm3/mol", 13e-6), ("13 cm\u{B3}/mol", 13e-6),
        ("2 g", 2e-3), ("2 kg", 2), ("5 mg", 5e-6), ("534 kg/m^3", 534), ("0.534 g/cm^3", 534), ("6.941 g/mol", 6.941e-3),
        ("10 s", 10), ("2 ms", 2e-3), ("30 min", 1800), ("2 h", 7200), ("1 d", 86400), ("3 kHz", 3e3), ("5 1/s", 5), ("5/s", 5),
        ("5 s^-1", 5),
        ("5 s-1", 5), ("5 s\u{207B}\u{B9}", 5),
        ("2 A", 2), ("1 mA/cm^2", 10), ("1 mA/cm2", 10), ("1 mA cm^-2", 10), ("1 mA cm-2", 10), ("1 mA\u{B7}cm\u{207B}\u{B2}", 10),
        ("1mA/cm^2", 10),
        ("300 K", 300), ("25 degC", 298.15), ("-40 \u{B0}C", 233.15), ("2 mol", 2), ("1 mol/L", 1000), ("1 M", 1000), ("5 mM", 5),
        ("1 mmol/L", 1),
        ("3 N", 3), ("3 mN/m", 3e-3), ("1 Pa", 1), ("4.9 GPa", 4.9e9), ("2 MPa", 2e6), ("2 bar", 2e5), ("3 mbar", 300), ("1 atm", 101325),
        ("3 mPa s", 3e-3), ("3 mPa*s", 3e-3), ("3 cP", 3e-3), ("1 P", 0.1),
        ("2 J", 2), ("0.5 J/m^2", 0.5), ("60 kJ/mol", 6e4), ("8.314 J/(mol K)", 8.314), ("8.314 J/mol/K", 8.314),
        ("2 eV", 2 * 1.602176634e-19),
        ("1 kcal/mol", 4184), ("1 Wh", 3600), ("3 W", 3),
        ("2 C", 2), ("1 mC/cm^2", 10), ("1 Ah", 3600), ("1 mAh/cm^2", 36000), ("3860 mAh/g", 3860 * 3600), ("372 Ah/kg", 372 * 3600),
        ("-0.45 V", -0.45), ("\u{2212}0.45 V", -0.45), ("120 mV", 0.12), ("50 ohm", 50), ("50 \u{3A9}", 50), ("50 \u{2126}", 50),
        ("100 ohm cm^2", 0.01), ("1 S", 1), ("10 mS/cm", 1), ("3 F", 3), ("10 uF/cm^2", 0.1),
        ("1 T", 1), ("100 mT", 0.1), ("50 G", 5e-3), ("50 gauss", 5e-3), ("1 Oe", 1000 / (4 * Double.pi)), ("800 emu/cm^3", 8e5),
        ("8e5 A/m", 8e5),
        ("2 Wb", 2), ("3 uH/m", 3e-6), ("1e-10 m^2/s", 1e-10), ("1E-6cm^2/s", 1e-10), ("+.5 m/s", 0.5), ("2. m", 2),
        ("5 %", 0.05), ("5%", 0.05), ("5 percent", 0.05), ("20 ppm", 20e-6), ("180 deg", Double.pi), ("180\u{B0}", Double.pi),
        ("2 rad", 2), ("0.38", 0.38), ("0.38 1", 0.38),
        ("1 kg m^-1 s^-2", 1), ("1 (m s)^2/(kg (A K))", 1), ("1 m^3/(J s)", 1),
    ] as [(String, Double)])
    func values(_ text: String, _ expected: Double) throws {
        let value = try Quantity(parsing: text).value
        #expect(abs(value - expected) <= 2 * expected.ulp, "\(text) is \(value)")
    }

    @Test func decimalPrefixesAreExact() throws {
        let exact = [
            ("28 nm", 28e-9), ("2e-6 cm^2/s", 2e-10), ("0.45 mV", 0.45e-3), ("1.234567 GPa", 1.234567e9), ("150 nm", 150e-9),
            ("3 um", 3e-6), ("10 mS/cm", 1.0), ("1 mA/cm^2", 10), ("13 cm^3/mol", 13e-6),
        ]
        for (text, value) in exact { #expect(try Quantity(parsing: text).value == value) }
    }

    @Test func derivedUnitsHaveTheDimensionOfTheirDefinitions() {
        let definitions = [
            ("N", "kg m/s^2"), ("Pa", "N/m^2"), ("J", "N m"), ("W", "J/s"), ("C", "A s"), ("V", "W/A"), ("ohm", "V/A"), ("S", "A/V"),
            ("F", "C/V"),
            ("Wb", "V s"), ("T", "Wb/m^2"), ("H", "Wb/A"), ("Hz", "1/s"), ("Ah", "C"), ("Wh", "J"), ("eV", "J"), ("L", "m^3"),
            ("bar", "Pa"), ("P", "Pa s"),
            ("M", "mol/m^3"), ("G", "T"), ("Oe", "A/m"), ("emu", "A m^2"), ("cal", "J"), ("atm", "Pa"), ("%", "1"), ("deg", "1"),
        ]
        for (unit, definition) in definitions { #expect(Unit(unit).dimension == Unit(definition).dimension, "\(unit)") }
        #expect(Unit("V").dimension.description == "m^2 kg s^-3 A^-1")
        #expect(Unit("1").dimension.description == "1")
    }

    @Test(arguments: [
        ("nm", "a length"), ("mA/cm^2", "a current density"), ("V", "a voltage"), ("J/m^2", "a surface energy"),
        ("N/m", "a surface energy"),
        ("mAh/cm^2", "a charge per area"), ("mPa s", "a viscosity"), ("m^2/s", "a diffusivity"), ("mol/L", "a concentration"),
        ("GPa", "a pressure"),
        ("J/m^3", "a pressure"), ("degC", "a temperature"), ("S/cm", "a conductivity"), ("ohm cm^2", "an area resistance"),
        ("T", "a magnetic flux density"),
        ("kJ/mol", "a molar energy"), ("%", "a pure number"), ("m^7 K", "a quantity in m^7 K"),
    ])
    func dimensionsInWords(_ unit: String, _ words: String) { #expect(Unit(unit).dimension.words == words) }

    @Test(arguments: [
        ("", "does not start with a number"), ("nm", "does not start with a number"), ("abc nm", "does not start with a number"),
        ("inf nm", "does not start with a number"), ("- 3 nm", "does not start with a number"), (". m", "does not start with a number"),
        ("3 nmm", "\"nmm\" is not a known unit"), ("3 mol/liter", "\"liter\" is not a known unit"),
        ("3 kmin", "\"kmin\" is not a known unit"),
        ("3 Mpa", "did you mean \"mPa\"?"), ("1 ma/cm^2", "\"ma\" is not a known unit; did you mean \"mA\"?"),
        ("3 gaus", "did you mean \"gauss\"?"), ("3 mOhm", "did you mean \"mohm\"?"), ("3 m^", "is not a unit"),
        ("3 m^x", "is not a unit"), ("3 m^0", "is not a unit"),
        ("3 m^99", "is not a unit"), ("3 m^-", "is not a unit"), ("3 m/", "is not a unit"), ("3 m//s", "is not a unit"),
        ("3 (m", "is not a unit"), ("3 m)", "is not a unit"),
        ("3 ()", "is not a unit"), ("3 * m", "is not a unit"), ("3 m 4", "is not a unit"), ("3 4", "is not a unit"),
        ("3, nm", "is not a unit"),
        ("3 J/mol K", "can be read in two ways; write parentheses"), ("3 J/degC", "\"degC\" is not a known unit; it stands alone"),
        ("3 " + String(repeating: "(", count: 26) + "fm" + String(repeating: ")9", count: 26), "is not a unit"),
        ("3 ((% 2)9)9)9", "is not a unit"), ("3 (((%9)9)9)9", "is not a unit"),
        ("3 " + String(repeating: "m ", count: 200), "too long"), ("3 " + String(repeating: "(", count: 70), "is not a unit"),
    ])
    func bad(_ text: String, _ message: String) {
        #expect { try Quantity(parsing: text) } throws: { "\($0)".contains(message) }
    }

    @Test(arguments: [
        (28e-9, "nm", "28 nm"), (0.1 + 0.2, "V", "0.3 V"), (10, "mA/cm^2", "1 mA/cm^2"), (298.15, "degC", "25 degC"), (0.05, "%", "5%"),
        (0.38, "1", "0.38"), (1000, "mol/L", "1 mol/L"), (36000, "mAh/cm^2", "1 mAh/cm^2"), (1800, "min", "30 min"),
        (-0.45, "mV", "-450 mV"),
        (1e-10, "m^2/s", "1e-10 m^2/s"), (105e6, "MPa", "105 MPa"), (Double.pi / 4, "deg", "45 deg"), (0, "nm", "0 nm"),
        (5e20, "1/m^2", "5e+20 1/m^2"),
    ] as [(Double, String, String)])
    func formatting(_ value: Double, _ unit: String, _ text: String) { #expect(Unit(unit).format(value) == text) }

    @Test func formattedValuesReadBack() throws {
        var random = Stream(seed: 2)
        for _ in 0..<3000 {
            let value = try #require(Double("\(random.next(below: 1 << 40))e\(random.next(below: 30) - 20)"))
            for unit in ["nm", "mA/cm^2", "mol/L", "%"] { #expect(try Quantity(parsing: Unit(unit).format(value)).value == value) }
            for unit in ["mAh/cm^2", "min", "degC", "deg"] {
                let back = try Quantity(parsing: Unit(unit).format(value)).value
                #expect(abs(back - value) <= 1e-13 * max(value, 273), "\(value) in \(unit)")
            }
        }
    }

    @Test func everyPrefixedSymbolReads() throws {
        let prefixes = [
            ("f", 1e-15), ("p", 1e-12), ("n", 1e-9), ("u", 1e-6), ("m", 1e-3), ("c", 1e-2), ("d", 0.1), ("h", 100), ("k", 1e3), ("M", 1e6),
            ("G", 1e9), ("T", 1e12),
        ]
        let units = "m L g s Hz A K mol M N Pa bar J eV Wh W C Ah V ohm S F T G Wb H".split(separator: " ")
        for unit in units {
            for (prefix, factor) in prefixes {
                let ratio = try Quantity(parsing: "1 \(prefix)\(unit)").value / Quantity(parsing: "1 \(unit)").value
                #expect(abs(ratio / factor - 1) < 1e-15, "\(prefix)\(unit)")
            }
        }
    }
}
