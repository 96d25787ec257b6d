extension JSON5 {
    /// Deepest nesting of lists and objects that is read.
    public static let depthLimit = 100

    /// Reads JSON5: comments, trailing commas, single quotes, names as keys (without `\u` escapes), hexadecimal and signed
    /// numbers, escaped line ends, NaN and infinities. Rejects duplicate keys, invalid UTF-8, numbers too large and deep nesting.
    public init(parsing bytes: [UInt8], source: String = "") throws(Diagnostics) {
        var parser = JSON5Parser(bytes, source: source)
        guard let tree = parser.parse(), !parser.diagnostics.hasErrors else { throw parser.diagnostics }
        self = tree
    }

    public init(parsing text: String, source: String = "") throws(Diagnostics) {
        try self.init(parsing: Array(text.utf8), source: source)
    }
}

struct JSON5Parser {
    /// Errors that do not stop the reading (duplicate keys) and the one that did.
    private(set) var diagnostics = Diagnostics()
    private let bytes: [UInt8]
    private let source: String
    /// The place of everything in a text that is no file.
    private let place: Location?
    private var depth: Int
    private var next = 0
    private var line = 1
    private var lineStart = 0
    /// UTF-8 continuation bytes since the start of the line: they are no columns.
    private var continuations = 0

    init(_ bytes: [UInt8], source: String = "", place: Location? = nil, depth: Int = 0) {
        self.bytes = bytes
        self.source = source
        self.place = place
        self.depth = depth
    }

    /// The tree; nil when reading stopped at an error.
    mutating func parse() -> JSON5? {
        do throws(Diagnostic) {
            try checkEncoding()
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { (next, lineStart) = (3, 3) }
            try skipBlank()
            if peek == nil { throw failure("the input is empty; it needs an object { ... }") }
            let tree = try value()
            try skipBlank()
            if peek != nil { throw failure("unexpected \(found) after the end of the input") }
            return tree
        } catch {
            diagnostics.append(error)
            return nil
        }
    }

    // MARK: - Values

    private mutating func value() throws(Diagnostic) -> JSON5 {
        let start = here
        switch peek {
        case "{": return JSON5(.object(try object()), at: start)
        case "[": return JSON5(.list(try list()), at: start)
        case "\"", "'": return JSON5(.text(try string()), at: start)
        case let byte? where byte.isNumeric: return JSON5(try number(), at: start)
        case let byte? where byte.isNameStart:
            switch name() {
            case "null": return JSON5(.null, at: start)
            case "true": return JSON5(.boolean(true), at: start)
            case "false": return JSON5(.boolean(false), at: start)
            case "Infinity": return JSON5(.number(.infinity), at: start)
            case "NaN": return JSON5(.number(.nan), at: start)
            case let word where "\u{201C}\u{201D}\u{2018}\u{2019}".unicodeScalars.contains(word.unicodeScalars.first!):
                throw failure("use straight quotes \" around text, not typographic ones", at: start)
            case let word: throw failure("text needs quotes: \(quoted(word))", at: start)
            }
        default: throw failure("expected a value but found \(found)")
        }
    }

    private mutating func object() throws(Diagnostic) -> [JSON5.Member] {
        var members: [JSON5.Member] = []
        var seen: [String: Location] = [:]
        try enclosed(by: "}") { parser throws(Diagnostic) in
            let start = parser.here
            let key = try parser.key()
            try parser.skipBlank()
            guard parser.peek == ":" else { throw parser.failure("expected \":\" after the key \(quoted(key)) but found \(parser.found)") }
            parser.advance()
            try parser.skipBlank()
            members.append(JSON5.Member(key, try parser.value(), at: start))
            if let first = seen.updateValue(start, forKey: key) {
                parser.diagnostics.error("the key \(quoted(key)) is given twice, first at \(first); keep one", at: start)
            }
        }
        return members
    }

    private mutating func list() throws(Diagnostic) -> [JSON5] {
        var elements: [JSON5] = []
        try enclosed(by: "]") { parser throws(Diagnostic) in elements.append(try parser.value()) }
        return elements
    }

    /// Items between brackets, separated by commas, with an optional trailing comma.
    private mutating func enclosed(by end: Unicode.Scalar, _ item: (inout JSON5Parser) throws(Diagnostic) -> Void) throws(Diagnostic) {
        let start = here
        let bracket = end == "}" ? "{" : "["
        depth += 1
        if depth > JSON5.depthLimit { throw failure("lists and objects are nested more than \(JSON5.depthLimit) deep") }
        advance()
        while true {
            try skipBlank()
            if peek == end { break }
            if peek == nil { throw failure("this \"\(bracket)\" is never closed", at: start) }
            if peek == "," { throw failure("unexpected \",\"; there is nothing before it") }
            try item(&self)
            let itemEnd = next
            try skipBlank()
            if peek == "," { advance(); continue }
            if peek == end { break }
            if peek == nil { throw failure("this \"\(bracket)\" is never closed", at: start) }
            let advice = bytes[itemEnd - 1].isDigit && isUnit ? Self.unitAdvice : "is a comma missing before it?"
            throw failure("expected \",\" or \"\(end)\" but found \(found); \(advice)")
        }
        advance()
        depth -= 1
    }

    private mutating func key() throws(Diagnostic) -> String {
        switch peek {
        case "\"", "'": return try string()
        case let byte? where byte.isNameStart: return name()
        default: throw failure("expected a key (a name or text in quotes) but found \(found)")
        }
    }

    private mutating func name() -> String {
        let start = next
        while let byte = peek, byte.isNameStart || byte.isDigit { advance() }
        return String(decoding: bytes[start..<next], as: UTF8.self)
    }

    // MARK: - Numbers

    private mutating func number() throws(Diagnostic) -> JSON5.Content {
        let start = here
        let negative = peek == "-"
        if peek == "-" || peek == "+" { advance() }
        if let byte = peek, byte.isNameStart {
            switch name() {
            case "Infinity": return .number(negative ? -.infinity : .infinity)
            case "NaN": return .number(.nan)
            case let word: throw failure("expected a number after the sign but found \(quoted(word))", at: start)
            }
        }
        let first = next
        if peek == "0", peek(1) == "x" || peek(1) == "X" {
            advance(2)
            let digits = take { $0.isHexDigit }
            try endNumber(start)
            guard let magnitude = Int(digits, radix: 16) else {
                throw failure(digits.isEmpty ? "a hexadecimal number needs digits after 0x" : "0x\(digits) is too large", at: start)
            }
            return .integer(negative ? -magnitude : magnitude)
        }
        let whole = take { $0.isDigit }
        var fraction = ""
        let isWhole = peek != "."
        if !isWhole {
            advance()
            fraction = take { $0.isDigit }
        }
        if whole.isEmpty && fraction.isEmpty { throw failure("expected digits but found \(found)") }
        if whole.count > 1 && whole.hasPrefix("0") { throw failure("a number cannot start with a superfluous 0", at: start) }
        var exponent = ""
        if peek == "e" || peek == "E" {
            let sign: UInt8? = peek(1) == "-" || peek(1) == "+" ? peek(1) : nil
            if let digit = peek(sign == nil ? 1 : 2), digit.isDigit {
                advance(sign == nil ? 1 : 2)
                exponent = (sign == "-" ? "-" : "") + take { $0.isDigit }
            }
        }
        try endNumber(start)
        let sign = negative ? "-" : ""
        if isWhole && exponent.isEmpty, let integer = Int(sign + whole), integer != 0 || !negative { return .integer(integer) }
        guard let number = Double("\(sign)0\(whole).\(fraction)0e\(exponent.isEmpty ? "0" : exponent)"), number.isFinite else {
            throw failure("\(String(decoding: bytes[first..<next].prefix(40), as: UTF8.self)) is too large for a number", at: start)
        }
        return .number(number)
    }

    private static let unitAdvice = "a quantity with a unit needs quotes, such as \"28 nm\""

    /// Whether a word follows that is no key.
    private var isUnit: Bool {
        guard let byte = peek, byte.isNameStart || byte == "%" || byte == "/" else { return false }
        let rest = bytes[next...].drop { $0.isNameStart || $0.isDigit }.drop { $0 == " " }
        return rest.first != 58  // a colon
    }

    private func endNumber(_ start: Location) throws(Diagnostic) {
        guard let byte = peek, byte.isNameStart || byte.isDigit || byte == "." || byte == "%" else { return }
        throw failure("unexpected \(found) in a number; a quantity with a unit needs quotes, such as \"28 nm\"")
    }

    private mutating func take(while condition: (UInt8) -> Bool) -> String {
        let start = next
        while let byte = peek, condition(byte) { advance() }
        return String(decoding: bytes[start..<next], as: UTF8.self)
    }

    // MARK: - Strings

    private mutating func string() throws(Diagnostic) -> String {
        let start = here
        let quote = peek
        var content: [UInt8] = []
        advance()
        while true {
            switch peek {
            case nil, "\n", "\r": throw failure("this text is never closed: its end quote is missing on this line", at: start)
            case quote:
                advance()
                return String(decoding: content, as: UTF8.self)
            case "\\": try escape(into: &content)
            case let byte?:
                content.append(byte)
                advance()
            }
        }
    }

    private mutating func escape(into content: inout [UInt8]) throws(Diagnostic) {
        let start = here
        advance()
        guard let byte = peek else { return }
        switch byte {
        case "\r" where peek(1) == "\n": advance(2)
        case "\n", "\r": advance()
        case 0xE2 where peek(1) == 0x80 && (peek(2) == 0xA8 || peek(2) == 0xA9): advance(3)
        case "u", "x":
            advance()
            var code = try hexadecimal(byte == "u" ? 4 : 2, start)
            if (0xD800..<0xDC00).contains(code), peek == "\\", peek(1) == "u" {
                advance(2)
                let low = try hexadecimal(4, start)
                code = (0xDC00..<0xE000).contains(low) ? 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) : code
            }
            guard let scalar = UnicodeScalar(code) else {
                throw failure("this escape is half of a pair; it stands for no character", at: start)
            }
            content += Array(String(scalar).utf8)
        case "0" where peek(1)?.isDigit != true:
            content.append(0)
            advance()
        case _ where byte.isDigit:
            throw failure("\"\\\(UnicodeScalar(byte))\" is no escape; write \\x and two hexadecimal digits", at: start)
        default:
            let controls = Dictionary(uniqueKeysWithValues: zip("btnvfr".utf8, UInt8(8)...))
            content.append(controls[byte] ?? byte)
            advance()
            while let more = peek, byte >= 0xC0, more & 0xC0 == 0x80 {
                content.append(more)
                advance()
            }
        }
    }

    private mutating func hexadecimal(_ count: Int, _ start: Location) throws(Diagnostic) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<count {
            guard let byte = peek, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw failure("this escape needs \(count) hexadecimal digits", at: start)
            }
            code = code << 4 + UInt32(digit)
            advance()
        }
        return code
    }

    // MARK: - Blank space and places

    private mutating func skipBlank() throws(Diagnostic) {
        while let byte = peek {
            switch byte {
            case " ", "\t", "\n", "\r", 0x0B, 0x0C: advance()
            case "/" where peek(1) == "/":
                while let byte = peek, byte != "\n", byte != "\r" { advance() }
            case "/" where peek(1) == "*":
                let start = here
                advance(2)
                while peek != "*" || peek(1) != "/" {
                    if peek == nil { throw failure("this comment is never closed: its */ is missing", at: start) }
                    advance()
                }
                advance(2)
            case "#": throw failure("a comment starts with // (or stands between /* and */), not with #")
            case 0xC2...0xEF where blankLength > 0: advance(blankLength)
            default: return
            }
        }
    }

    /// Bytes of the Unicode space at this place: no-break space, U+2028, U+2029, byte order mark and the space separators; 0 for none.
    private var blankLength: Int {
        switch (peek, peek(1), peek(2)) {
        case (0xC2, 0xA0, _): 2
        case (0xE2, 0x80, let last?) where (0x80...0x8A).contains(last) || [0xA8, 0xA9, 0xAF].contains(last): 3
        case (0xE1, 0x9A, 0x80), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF): 3
        default: 0
        }
    }

    private var peek: UInt8? { next < bytes.count ? bytes[next] : nil }

    private func peek(_ ahead: Int) -> UInt8? { next + ahead < bytes.count ? bytes[next + ahead] : nil }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count {
            let byte = bytes[next]
            next += 1
            if byte == "\n" || (byte == "\r" && peek != "\n") {
                line += 1
                lineStart = next
                continuations = 0
            } else if byte & 0xC0 == 0x80 {
                continuations += 1
            }
        }
    }

    private var here: Location { place ?? Location(source: source, line: line, column: next - lineStart - continuations + 1) }

    /// The character at this place, for a sentence.
    private var found: String {
        let character = String(decoding: bytes[next...].prefix(4), as: UTF8.self).unicodeScalars.first
        return character.map { quoted(String($0)) } ?? "the end of the input"
    }

    private func failure(_ message: String, at location: Location? = nil) -> Diagnostic {
        Diagnostic(severity: .error, location: location ?? here, message: message)
    }

    private mutating func checkEncoding() throws(Diagnostic) {
        if String(validating: bytes, as: UTF8.self) != nil { return }
        var iterator = bytes.makeIterator()
        var decoder = UTF8.ForwardParser()
        while case .valid(let scalar) = decoder.parseScalar(from: &iterator) { advance(scalar.count) }
        throw failure("this is not UTF-8 text; is it an input file?")
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (48...57).contains(self) }
    fileprivate var isHexDigit: Bool { isDigit || (65...70).contains(self) || (97...102).contains(self) }
    fileprivate var isNumeric: Bool { isDigit || self == "-" || self == "+" || self == "." }
    fileprivate var isLetter: Bool { (65...90).contains(self) || (97...122).contains(self) || self >= 0x80 }
    fileprivate var isNameStart: Bool { isLetter || self == "_" || self == "$" }
}

// Bytes compare with ASCII characters.
private func ~= (character: Unicode.Scalar, byte: UInt8?) -> Bool { byte == UInt8(ascii: character) }
private func == (byte: UInt8?, character: Unicode.Scalar) -> Bool { byte == UInt8(ascii: character) }
private func != (byte: UInt8?, character: Unicode.Scalar) -> Bool { byte != UInt8(ascii: character) }
