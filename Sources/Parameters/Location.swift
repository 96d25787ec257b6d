/// Where a value or a key stands: a place in a file, or an argument of the command line (`line` 0: the source says it all).
public struct Location: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The file as the user named it, or the argument such as `--set salt.diffusivity=1`; empty for values made by the program.
    public var source: String
    /// Counted from 1.
    public var line: Int
    /// Counted from 1, in Unicode scalars.
    public var column: Int

    public init(source: String = "", line: Int = 0, column: Int = 0) {
        self.source = source
        self.line = line
        self.column = column
    }

    public var description: String { line == 0 ? source : "\(source):\(line):\(column)" }

    public static func < (a: Location, b: Location) -> Bool {
        (a.source, a.line, a.column) < (b.source, b.line, b.column)
    }
}
