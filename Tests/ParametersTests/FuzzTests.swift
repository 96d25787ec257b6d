import Parameters
import Testing

@Suite struct FuzzTests {
    private static let inputs = [
        Cell().resolved.text(.json5),
        #"{ salt: { diffusivity: "2e-6 cm^2/s", concentration: '1 mol/L' }, coating: { thickness: "28 nm", structure: 'amorphous' } }"#,
        "{ // comment\n  steps: [ { kind: 'plate', current: \"1 mA/cm^2\", duration: \"30 min\" }, ], /* x */ cells: [0x40, 64.], seed: +1e3 }",
        #"{ "title": "\u00e9\x41\n\\ é", magneticField: ["1 T", 0, -0.5], temperature: "25 °C", voltages: [-.45, Infinity] }"#,
    ].map { Array($0.utf8) }

    private static let tokens = [
        "{", "}", "[", "]", ",", ":", "\"", "'", "\\", "//", "/*", "*/", "NaN", "-", "1e999", "0x", "\\u", "null", "nm", "^-9", "(", "/", "\u{2028}", "include", "%", "\n",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0]]

    /// Whatever is cut, doubled, swapped or inserted, the input is read or refused with located errors.
    @Test func mutationsNeverCrash() {
        var random = Stream(seed: 4)
        var accepted = 0
        for round in 0..<20_000 {
            var bytes = Self.inputs[round % Self.inputs.count]
            for _ in 0...random.next(below: 3) where !bytes.isEmpty {
                let at = random.next(below: bytes.count)
                switch random.next(below: 5) {
                case 0: bytes[at] = UInt8(random.next(below: 256))
                case 1: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random.next(below: 8)))
                case 2: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + random.next(below: 30))], at: random.next(below: bytes.count))
                case 3: bytes.insert(contentsOf: Self.tokens[random.next(below: Self.tokens.count)], at: at)
                default: bytes.swapAt(at, random.next(below: bytes.count))
                }
            }
            do {
                let tree = try JSON5(parsing: bytes, source: "fuzz")
                let settings = try Cell.decode(tree).settings
                accepted += 1
                #expect(settings.diagnostics.errors.isEmpty)
            } catch {
                if error.errors.isEmpty || error.errors.contains(where: { $0.location.line < 1 || $0.location.column < 1 || $0.message.isEmpty }) {
                    Issue.record("\(error)")
                }
            }
        }
        // Both branches are reached often.
        #expect(accepted > 500 && accepted < 19_000, "\(accepted)")
    }
}
