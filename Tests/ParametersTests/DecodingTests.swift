import Parameters
import Testing

@Suite struct DecodingTests {
    @Test func printAll() throws {
        print(Cell().resolved.text(.json5))
        print(Cell().entries().table)
        print(Cell.schema.text(.json))
        let input = """
            { // all wrong
              salt: { difusivity: "28 nm", transferenceNumber: 1.2, concentration: "6 mol/L", diffusivity: "28 nm" },
              coating: { structure: "amorphus", thickness: "-3 nm", failureStrain: "5", modulus: "3 GPa/0" },
              steps: [{ current: "1 mA" }, 3],
              thickness: 3, seed: 1.5, cells: [3], magneticField: ["1 T", 2, NaN],
              temperature: "10 C", noise: 1, voltages: "1 V",
            }
            """
        do {
            _ = try Cell.decode(JSON5(parsing: input, source: "input.json5"))
        } catch let error as Diagnostics { print(error) }
    }
}
