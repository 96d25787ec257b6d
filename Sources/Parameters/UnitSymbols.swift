/// One symbol of the unit language: its dimension, its factor and whether it takes SI prefixes.
struct UnitSymbol {
    let dimension: Dimension
    let factor: Double
    let exponent: Int
    let takesPrefix: Bool

    /// The symbol behind a text, with or without prefix; symbols win over prefixes: `min` is a minute, `Pa` a pascal, `T` a tesla.
    static func find(_ text: String) -> (symbol: UnitSymbol, prefix: Int)? {
        if let symbol = symbols[text] { return (symbol, 0) }
        guard let first = text.first, let prefix = prefixes[first], let symbol = symbols[String(text.dropFirst())], symbol.takesPrefix
        else { return nil }
        return (symbol, prefix)
    }

    /// Spellings to suggest, the more usual first.
    static let names: [String] = {
        let sorted = symbols.sorted { $0.key < $1.key }
        return sorted.map(\.key) + ["m", "u", "n", "c", "k", "G", "M"].flatMap { prefix in
            sorted.filter(\.value.takesPrefix).map { prefix + $0.key }
        }
    }()

    private static let prefixes: [Character: Int] = [
        "f": -15, "p": -12, "n": -9, "u": -6, "\u{B5}": -6, "\u{3BC}": -6, "m": -3, "c": -2, "d": -1,
        "h": 2, "k": 3, "M": 6, "G": 9, "T": 12,
    ]

    private static let symbols: [String: UnitSymbol] = {
        //    symbols         m  kg   s   A  K mol  factor, exponent, prefixes
        let table: [(String, [Int], Double, Int, Bool)] = [
            ("1 rad", [0, 0, 0, 0, 0, 0], 1, 0, false),
            ("% percent", [0, 0, 0, 0, 0, 0], 1, -2, false),
            ("ppm", [0, 0, 0, 0, 0, 0], 1, -6, false),
            ("deg \u{B0}", [0, 0, 0, 0, 0, 0], .pi / 180, 0, false),
            ("m", [1, 0, 0, 0, 0, 0], 1, 0, true),
            ("angstrom \u{C5} \u{212B}", [1, 0, 0, 0, 0, 0], 1, -10, false),
            ("L l", [3, 0, 0, 0, 0, 0], 1, -3, true),
            ("g", [0, 1, 0, 0, 0, 0], 1, -3, true),
            ("s", [0, 0, 1, 0, 0, 0], 1, 0, true),
            ("min", [0, 0, 1, 0, 0, 0], 60, 0, false),
            ("h", [0, 0, 1, 0, 0, 0], 3600, 0, false),
            ("d", [0, 0, 1, 0, 0, 0], 86400, 0, false),
            ("Hz", [0, 0, -1, 0, 0, 0], 1, 0, true),
            ("A", [0, 0, 0, 1, 0, 0], 1, 0, true),
            ("K", [0, 0, 0, 0, 1, 0], 1, 0, true),
            ("mol", [0, 0, 0, 0, 0, 1], 1, 0, true),
            ("M", [-3, 0, 0, 0, 0, 1], 1, 3, true),
            ("N", [1, 1, -2, 0, 0, 0], 1, 0, true),
            ("Pa", [-1, 1, -2, 0, 0, 0], 1, 0, true),
            ("bar", [-1, 1, -2, 0, 0, 0], 1, 5, true),
            ("atm", [-1, 1, -2, 0, 0, 0], 101_325, 0, false),
            ("P", [-1, 1, -1, 0, 0, 0], 1, -1, true),
            ("J", [2, 1, -2, 0, 0, 0], 1, 0, true),
            ("eV", [2, 1, -2, 0, 0, 0], 1.602176634, -19, true),
            ("cal", [2, 1, -2, 0, 0, 0], 4.184, 0, true),
            ("Wh", [2, 1, -2, 0, 0, 0], 3600, 0, true),
            ("W", [2, 1, -3, 0, 0, 0], 1, 0, true),
            ("C", [0, 0, 1, 1, 0, 0], 1, 0, true),
            ("Ah", [0, 0, 1, 1, 0, 0], 3600, 0, true),
            ("V", [2, 1, -3, -1, 0, 0], 1, 0, true),
            ("ohm \u{3A9} \u{2126}", [2, 1, -3, -2, 0, 0], 1, 0, true),
            ("S", [-2, -1, 3, 2, 0, 0], 1, 0, true),
            ("F", [-2, -1, 4, 2, 0, 0], 1, 0, true),
            ("T", [0, 1, -2, -1, 0, 0], 1, 0, true),
            ("G gauss", [0, 1, -2, -1, 0, 0], 1, -4, true),
            ("Oe", [-1, 0, 0, 1, 0, 0], 1 / (4 * .pi), 3, true),
            ("emu", [2, 0, 0, 1, 0, 0], 1, -3, true),
            ("Wb", [2, 1, -2, -1, 0, 0], 1, 0, true),
            ("H", [2, 1, -2, -2, 0, 0], 1, 0, true),
        ]
        var symbols: [String: UnitSymbol] = [:]
        for (names, exponents, factor, exponent, takesPrefix) in table {
            let symbol = UnitSymbol(dimension: Dimension(exponents), factor: factor, exponent: exponent, takesPrefix: takesPrefix)
            for name in names.split(separator: " ") { symbols[String(name)] = symbol }
        }
        return symbols
    }()
}
