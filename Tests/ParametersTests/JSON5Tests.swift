import Parameters
import Testing

@Suite struct JSON5Tests {
    @Test(arguments: [
        ("{}", "{}"),
        ("[]", "[]"),
        (" \t\r\n\u{A0}\u{FEFF}{ }", "{}"),
        ("\u{FEFF}{a: 1}", #"{"a":1}"#),
        ("{a: 1, $b_2: 2, 'c d': 3, \"e\": 4, \u{3B1}: 5,}", #"{"a":1,"$b_2":2,"c d":3,"e":4,"α":5}"#),
        ("// one\n{ /* two\n * three */ a: [1, 2, /**/ 3,], // four\n}", #"{"a":[1,2,3]}"#),
        ("[0x1F, -0x10, +3, -4, .5, 5., -.25, +1e3, 1.5E-3, 1e+2]", "[31,-16,3,-4,0.5,5,-0.25,1000,0.0015,100]"),
        ("[true, false, null]", "[true,false,null]"),
        (#"['a"b', "c'd", "\u0041\x42\n\t\\\/\'\"\0\v"]"#, ##"["a\"b","c'd","AB\n\t\\/'\"\u0000\u000b"]"##),
        (#""\ud83d\ude00""#, "\"\u{1F600}\""),
        ("'one \\\ntwo \\\r\nthree'", #""one two three""#),
        ("'\\\u{E9}t\u{E9}'", "\"\u{E9}t\u{E9}\""),
        ("[9223372036854775807, -9223372036854775808]", "[9223372036854775807,-9223372036854775808]"),
        ("[Infinity, -Infinity, +NaN]", "[null,null,null]"),
    ])
    func good(_ input: String, _ expected: String) throws {
        let tree = try JSON5(parsing: input)
        #expect(tree.text(.line) == expected)
        #expect(try JSON5(parsing: tree.text(.json5)).text(.json5) == tree.text(.json5))
    }

    @Test func integersBeyondTheirRangeBecomeNumbers() throws {
        let tree = try JSON5(parsing: "[9223372036854775808, 1e5, 1.5, 1e300, -0, -0.0]")
        let elements = try #require(tree.elements)
        #expect(elements.map(\.number) == [0x1p63, 1e5, 1.5, 1e300, 0, 0])
        #expect(elements.map(\.integer) == [nil, 100_000, nil, nil, 0, 0])
        #expect(elements[4].number?.sign == .minus)
    }

    @Test(arguments: [
        ("", "1:1", "empty"),
        ("  // only a comment\n", "2:1", "empty"),
        ("{", "1:1", "never closed"),
        ("{ a: [1, 2 }", "1:12", "expected \",\" or \"]\" but found \"}\""),
        ("{ a: 1\n  b: 2 }", "2:3", "is a comma missing before it?"),
        ("{ a: 1 b: 2 }", "1:8", "is a comma missing before it?"),
        ("{ a: 28 nm }", "1:9", "needs quotes, such as \"28 nm\""),
        ("{ a: 28nm }", "1:8", "needs quotes, such as \"28 nm\""),
        ("{ a: 5% }", "1:7", "needs quotes"),
        ("{ a: 5 % }", "1:8", "needs quotes"),
        ("{ a: 5 /s }", "1:8", "needs quotes"),
        ("{ a: plate }", "1:6", "text needs quotes: \"plate\""),
        ("{ a: True }", "1:6", "text needs quotes: \"True\""),
        ("{ a: \u{201C}x\u{201D} }", "1:6", "straight quotes"),
        ("{ a = 1 }", "1:5", "expected \":\" after the key \"a\" but found \"=\""),
        ("{ a }", "1:5", "expected \":\""),
        ("{ a: }", "1:6", "expected a value but found \"}\""),
        ("{ a:", "1:5", "expected a value but found the end"),
        ("{ 1: 2 }", "1:3", "expected a key"),
        ("{ , }", "1:3", "nothing before it"),
        ("[1,,2]", "1:4", "nothing before it"),
        ("{ a: 1 } x", "1:10", "unexpected \"x\" after the end"),
        ("{ a: 1 }}", "1:9", "unexpected \"}\""),
        ("{ a: 'x }", "1:6", "never closed"),
        ("{ a: 'x\n' }", "1:6", "never closed"),
        ("{ a: \"x", "1:6", "never closed"),
        ("{ a: 'x\\", "1:6", "never closed"),
        ("{ a: '\\u12' }", "1:7", "4 hexadecimal digits"),
        ("{ a: '\\xg0' }", "1:7", "2 hexadecimal digits"),
        ("{ a: '\\ud800' }", "1:7", "half of a pair"),
        ("{ a: '\\ud800\\u0041' }", "1:7", "half of a pair"),
        ("{ a: '\\1' }", "1:7", "is no escape"),
        ("{ a: 1 /* x", "1:8", "this comment is never closed"),
        ("{ a: 1 / 2 }", "1:8", "expected \",\""),
        ("# comment\n{}", "1:1", "starts with //"),
        ("{ a: 012 }", "1:6", "superfluous 0"),
        ("{ a: 1.2.3 }", "1:9", "unexpected \".\" in a number"),
        ("{ a: 1e }", "1:7", "unexpected \"e\" in a number"),
        ("{ a: 1e+ }", "1:7", "unexpected \"e\" in a number"),
        ("{ a: 1_000 }", "1:7", "unexpected \"_\""),
        ("{ a: 0x }", "1:6", "needs digits after 0x"),
        ("{ a: 0xFFFFFFFFFFFFFFFFFF }", "1:6", "too large"),
        ("{ a: 0x1G }", "1:9", "in a number"),
        ("{ a: 1e999 }", "1:6", "1e999 is too large"),
        ("{ a: --1 }", "1:7", "expected digits but found \"-\""),
        ("{ a: + }", "1:7", "expected digits"),
        ("{ a: . }", "1:7", "expected digits"),
        ("{ a: -x }", "1:6", "expected a number after the sign but found \"x\""),
        ("{ a: @ }", "1:6", "expected a value but found \"@\""),
        ("{ a: 1, b: 2, a: 3 }", "1:15", "the key \"a\" is given twice, first at input.json5:1:3"),
        ("{ \u{E9}: 'caf\u{E9}', b: ? }", "1:17", "expected a value but found \"?\""),
        ("{\r\n  a: 1,\r\n  b: !\r\n}", "3:6", "expected a value"),
        ("{\r  a: 1,\r  b: !\r}", "3:6", "expected a value"),
        ("{ a: \u{0} }", "1:6", "found \"\\u0000\""),
        (String(repeating: "[", count: 100_000), "1:101", "nested more than 100 deep"),
        (String(repeating: "{a:", count: 100_000), "1:301", "nested more than 100 deep"),
    ])
    func bad(_ input: String, _ place: String, _ message: String) {
        do {
            let tree = try JSON5(parsing: input, source: "input.json5")
            Issue.record("\(input) was read as \(tree.text(.line))")
        } catch {
            #expect(error.errors.count == 1)
            #expect(error.description.hasPrefix("input.json5:\(place): error: "), "\(error)")
            #expect(error.description.contains(message), "\(error)")
        }
    }

    @Test func depthUpToTheLimit() throws {
        let deep = String(repeating: "[", count: JSON5.depthLimit) + String(repeating: "]", count: JSON5.depthLimit)
        #expect(try JSON5(parsing: deep).text(.line) == deep)
    }

    @Test func invalidEncodingIsLocated() {
        let bytes = Array("{ \u{E9}: 1,\n  b: '".utf8) + [0xC3, 0x28] + Array("' }".utf8)
        let message = "x:2:7: error: this is not UTF-8 text; is it an input file?"
        #expect { try JSON5(parsing: bytes, source: "x") } throws: { "\($0)" == message }
        #expect(throws: Diagnostics.self) { try JSON5(parsing: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]) }
    }

    @Test func placesOfKeysAndValues() throws {
        let tree = try JSON5(parsing: "{\n  \"\u{E9}\u{1F600}\": /* \u{E9} */ [1,\n   'x'],\n}", source: "f")
        let member = try #require(tree.members?.first)
        #expect(member.location.description == "f:2:3")
        #expect(member.value.location.description == "f:2:17")
        #expect(member.value.elements?.map(\.location.description) == ["f:2:18", "f:3:4"])
    }

    @Test func duplicatesAreAllReported() {
        #expect { try JSON5(parsing: "{a: 1, a: 2, b: {c: 1, c: 2, c: 3}}") } throws: { ($0 as? Diagnostics)?.errors.count == 3 }
    }

    @Test func numbersRoundTripExactly() throws {
        var random = Stream(seed: 1)
        let numbers = (0..<5000).map { _ in Double(bitPattern: random.next()) }.filter(\.isFinite)
            + [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi, 0.1, 1e22, 1e23, 123456789012345680]
        for style in [JSON5.Style.json5, .json, .line] {
            let back = try JSON5(parsing: JSON5(.list(numbers.map { JSON5($0) })).text(style))
            #expect(back.elements?.compactMap { $0.number?.bitPattern } == numbers.map(\.bitPattern))
        }
    }

    @Test func writerStyles() throws {
        var tree: JSON5 = ["thickness": 2.8e-8, "a b": ["x\n", true], "empty": [:], "steps": [["kind": "rest"]]]
        if case .object(var members) = tree.content {
            members[0].value.comment = "28\nnm"
            tree.content = .object(members)
        }
        #expect(tree.text(.json5) == """
            {
              thickness: 2.8e-08,  // 28 nm
              "a b": ["x\\n", true],
              empty: {},
              steps: [
                {
                  kind: "rest",
                },
              ],
            }

            """)
        #expect(tree.text(.line) == #"{"thickness":2.8e-08,"a b":["x\n",true],"empty":{},"steps":[{"kind":"rest"}]}"#)
        #expect(tree.text(.json).contains("  \"thickness\": 2.8e-08,\n  \"a b\": [\"x\\n\", true],\n"))
        #expect(try JSON5(parsing: tree.text(.json5)) == tree)
        #expect(try JSON5(parsing: tree.text(.json)) == tree)
    }
}

/// A small generator with a fixed sequence (SplitMix64).
struct Stream {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func next(below limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
