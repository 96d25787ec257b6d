import Foundation
import Parameters
import Testing

@Suite struct FuzzTests {
    private static let inputs = [
        Cell().resolved.text(.json5),
        #"{ salt: { diffusivity: "2e-6 cm^2/s", concentration: '1 mol/L' }, coating: { thickness: "28 nm", structure: 'amorphous' } }"#,
        "{ // comment\n  steps: [ { kind: 'plate', current: \"1 mA/cm^2\" }, ], /* x */ cells: [0x40, 64.], seed: +1e3 }",
        #"{ "title": "\u00e9\x41\n\\ é", magneticField: ["1 T", 0, -0.5], temperature: "25 °C", voltages: [-.45, Infinity] }"#,
    ].map { Array($0.utf8) }

    private static let tokens = [
        "{", "}", "[", "]", ",", ":", "\"", "'", "\\", "//", "/*", "*/", "NaN", "-", "1e999", "0x", "\\u", "null", "nm", "^-9", "(",
        "/", "\u{2028}", "include", "%", "\n",
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
                case 2:
                    let copy = bytes[at..<min(bytes.count, at + random.next(below: 30))]
                    bytes.insert(contentsOf: copy, at: random.next(below: bytes.count))
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
                let isVague = error.errors.contains { $0.location.line < 1 || $0.location.column < 1 || $0.message.isEmpty }
                if error.errors.isEmpty || isVague { Issue.record("\(error)") }
            }
        }
        // Both branches are reached often.
        #expect(accepted > 500 && accepted < 19_000, "\(accepted)")
    }

    /// Random overrides, dotted paths into every kind of value, never crash either.
    @Test func overridesNeverCrash() throws {
        var random = Stream(seed: 5)
        let file = NSTemporaryDirectory() + "parameters-" + UUID().uuidString + ".json5"
        try Cell().resolved.text(.json5).write(toFile: file, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let names = ["salt", "coating", "steps", "0", "1", "-1", "kind", "thickness", "cells", "x", "", "include", "[0]", "*"]
        let values = ["", "1", "{}", "[]", "[", "null", "28 nm", "\"1 mA/cm^2\"", "NaN", "'", "{ include: 'x' }", "\u{0}", "=", "9e99999"]
        for _ in 0..<2000 {
            let path = (0...random.next(below: 4)).map { _ in names[random.next(below: names.count)] }.joined(separator: ".")
            let override = path + "=" + values[random.next(below: values.count)]
            do {
                _ = try InputFile.load(path: file, overrides: [override], as: Cell.self)
            } catch {
                #expect(!error.errors.isEmpty, "\(override)")
            }
        }
    }

    /// Random unit expressions, powers of powers among them, are read or refused.
    @Test func unitsNeverCrash() {
        var random = Stream(seed: 6)
        let tokens = [
            "(", ")", "9", "-9", "^", "^-2", "/", " ", "*", "fm", "Tm", "%", "mA", "cm", "degC", "1",
            "Ah", "\u{B2}", "\u{207B}", "x",
        ]
        var accepted = 0
        for _ in 0..<5000 {
            let text = "3 " + (0...random.next(below: 8)).map { _ in tokens[random.next(below: tokens.count)] }.joined()
            do {
                accepted += try Quantity(parsing: text).value.isNaN ? 0 : 1
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
        #expect(accepted > 75, "\(accepted)")
    }
}
