/// One thing that is wrong, or doubtful, with the input.
public struct Diagnostic: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Severity: String, Sendable {
        case error, warning
    }

    public var severity: Severity
    public var location: Location
    /// One sentence: what is wrong and what to write instead.
    public var message: String

    /// `input.json5:12:5: error: ...`
    public var description: String {
        let place = location.description
        return (place.isEmpty ? "" : place + ": ") + "\(severity.rawValue): \(message)"
    }
}

/// Every error and warning of an input, collected; thrown as a whole when there is an error.
public struct Diagnostics: Error, Sendable, Equatable, CustomStringConvertible {
    private var list: [Diagnostic] = []
    private(set) var errorCount = 0

    public init() {}

    public mutating func error(_ message: String, at location: Location) {
        append(Diagnostic(severity: .error, location: location, message: message))
    }

    public mutating func warning(_ message: String, at location: Location) {
        append(Diagnostic(severity: .warning, location: location, message: message))
    }

    public mutating func append(_ other: Diagnostics) {
        list += other.list
        errorCount += other.errorCount
    }

    mutating func append(_ diagnostic: Diagnostic) {
        list.append(diagnostic)
        if diagnostic.severity == .error { errorCount += 1 }
    }

    public var isEmpty: Bool { list.isEmpty }
    public var hasErrors: Bool { errorCount > 0 }
    public var errors: [Diagnostic] { sorted.filter { $0.severity == .error } }
    public var warnings: [Diagnostic] { sorted.filter { $0.severity == .warning } }

    /// By file, line and column; in the order of discovery at the same place.
    public var sorted: [Diagnostic] {
        list.enumerated().sorted { ($0.element.location, $0.offset) < ($1.element.location, $1.offset) }.map(\.element)
    }

    /// One line per diagnostic, the first hundred of them.
    public var description: String {
        let shown = 100
        let lines = sorted.prefix(shown).map(\.description)
        return (lines + (list.count > shown ? ["... and \(list.count - shown) more"] : [])).joined(separator: "\n")
    }
}
