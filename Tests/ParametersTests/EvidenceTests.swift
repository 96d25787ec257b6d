import Parameters
import Testing

/// What a value rests on stands beside it, and stays with it.
@Suite struct EvidenceTests {
    struct Film: ParameterGroup {
        var cell = Cell()
        var shares: [String: Double] = [:]
        var evidence: [String: Evidence] = [:]
        static let summary = "A film on a cell"
        static let parameters: [Parameter<Self>] = [
            .group("cell", \.cell), .quantityMap("shares", \.shares, "1", .between(0, 1), "Shares by name"),
        ]
    }

    static let text = """
        { cell: { coating: { thickness: { value: "28 nm", basis: "measured", source: "Fig. 2" } }, salt: { diffusivity: { value: 2e-10, basis: "assumed" } } },
          shares: { value: { b: 0.75, a: "25 %" }, source: "XPS" } }
        """

    @Test func isKept() throws {
        let film = try Film.decode(JSON5(parsing: Self.text)).settings
        #expect(film.cell.coating?.thickness == 28e-9 && film.cell.salt.diffusivity == 2e-10 && film.shares == ["a": 0.25, "b": 0.75])
        #expect(film.evidence == ["cell.coating.thickness": Evidence(.measured, source: "Fig. 2"), "cell.salt.diffusivity": Evidence(.assumed),
                                  "shares": Evidence(nil, source: "XPS")])
        let entries = Dictionary(uniqueKeysWithValues: film.entries().map { ($0.path, $0) })
        #expect(entries["cell.coating.thickness"]?.origin == "measured: Fig. 2" && entries["cell.coating.thickness"]?.display == "28 nm")
        // Without a source of the input that of the declaration stays.
        #expect(entries["cell.salt.diffusivity"]?.origin == "assumed: measured, 25 degC")
        #expect(entries["shares"]?.display == "{a: 0.25, b: 0.75}")
        #expect(film.entries().table.contains("Thickness [measured: Fig. 2]") && film.entries().json.text(.line).contains("\"basis\":\"measured\""))
    }

    @Test(arguments: [JSON5.Style.json5, .json]) func comesBackFromTheResolvedTree(_ style: JSON5.Style) throws {
        let film = try Film.decode(JSON5(parsing: Self.text)).settings
        let text = film.resolved.text(style), back = try Film.decode(JSON5(parsing: text)).settings
        #expect(back.evidence == film.evidence && back.resolved == film.resolved && back.cell == film.cell && back.shares == film.shares, "\(text)")
    }

    @Test(arguments: [
        (
            "{ value: \"28 nm\", basis: \"guessed\" }",
            "cell.coating.thickness.basis must be one of \"measured\", \"derived\", \"assumed\"; \"guessed\" is not"
        ),
        ("{ value: \"28 nm\", basis: \"mesured\" }", "did you mean \"measured\""),
        ("{ value: \"28 nm\", bases: \"measured\" }", "did you mean \"basis\""),
        ("{ basis: \"measured\" }", "has no value"), ("{ value: \"28 nm\", source: 3 }", "cell.coating.thickness.source expects text"),
        ("{ value: \"-28 nm\", basis: \"measured\" }", "must be from 0.1 to 1000 nm"), ("{ number: 3 }", "expects a length"),
    ])
    func mistakes(_ thickness: String, _ message: String) throws {
        let error = #expect(throws: Diagnostics.self) { try Film.decode(JSON5(parsing: "{ cell: { coating: { thickness: \(thickness) } } }")) }
        #expect(error?.errors.count == 1 && error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
