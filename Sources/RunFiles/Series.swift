import Glibc

/// The table of a run: one row per saved time, header `name [unit]`, numbers with as many digits as it takes to read them back exactly.
///
/// A row is on the disk when `append` returns; when the disk is full the rows before it stay whole.
public final class Series {
    public struct Column: Equatable, Sendable {
        public let name: String
        /// "1" when dimensionless.
        public let unit: String

        public init(_ name: String, unit: String) { (self.name, self.unit) = (name, unit) }

        public var header: String { "\(name) [\(unit)]" }
    }

    public let path: String
    public let columns: [Column]
    private let file: Int32
    private var length: Int

    /// Starts the table, or continues it after the last row whose time (first column) is at most `time`.
    /// - Parameters:
    ///   - columns: the first one is the time, s.
    ///   - time: of the checkpoint a run continues from; nil empties the table.
    public init(_ path: String, columns: [Column], continuingFrom time: Double? = nil) throws(RunFileError) {
        let header = columns.map(\.header).joined(separator: ",") + "\n"
        let pieces = header.split { $0 == "," || $0 == "\"" || $0.isNewline }
        guard columns.first?.name == "time", pieces.count == columns.count else {
            throw RunFileError(.misuse, "cannot write \(path): its first column must be the time, "
                + "and no header may hold a comma, a quote or a line break")
        }
        if let time, DiskFile.exists(path) {
            let bytes = try DiskFile.read(path)
            guard bytes.starts(with: header.utf8) else {
                throw RunFileError(.mismatch, "\(path) has other columns than this run; continue with the same input, "
                    + "or start again with --overwrite")
            }
            length = Series.lengthOfRows(bytes, from: header.utf8.count, columns: columns.count, upTo: time)
        } else {
            try DiskFile.replace(path, with: header)
            length = header.utf8.count
        }
        file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { throw .system(errno, "write", path) }
        self.path = path
        self.columns = columns
        guard ftruncate(file, off_t(length)) == 0, lseek(file, 0, SEEK_END) >= 0, fsync(file) == 0 else {
            throw .system(errno, "write", path)
        }
    }

    deinit { close(file) }

    /// - Parameter values: one per column, in its unit.
    public func append(_ values: [Double]) throws(RunFileError) {
        guard values.count == columns.count else {
            throw RunFileError(.misuse, "\(path) has \(columns.count) columns, a row came with \(values.count) values")
        }
        let line = Array((values.map { "\($0)" }.joined(separator: ",") + "\n").utf8)
        do throws(RunFileError) {
            try DiskFile.write(line, to: file, path: path)
            guard fdatasync(file) == 0 else { throw .system(errno, "write", path) }
        } catch {
            // Shrinking needs no space: the table ends with its last whole row.
            if ftruncate(file, off_t(length)) == 0 { lseek(file, 0, SEEK_END) }
            throw error
        }
        length += line.count
    }

    /// Length and SHA-256 of what stands in the table now, for a checkpoint: whether it is still there shows on resume.
    public func seal() throws(RunFileError) -> String { Series.seal(try DiskFile.read(path), length) ?? "" }

    /// Whether the table in `folder` begins with what it held when it was sealed.
    public static func matches(_ seal: String, _ path: String) -> Bool {
        guard let length = seal.split(separator: " ").first.flatMap({ Int($0) }), let bytes = try? DiskFile.read(path) else { return false }
        return Series.seal(bytes, length) == seal
    }

    private static func seal(_ bytes: [UInt8], _ length: Int) -> String? {
        length >= 0 && length <= bytes.count ? "\(length) \(SHA256.hexadecimal(of: Array(bytes[..<length])))" : nil
    }

    private static func lengthOfRows(_ bytes: [UInt8], from header: Int, columns: Int, upTo time: Double) -> Int {
        var kept = header
        while let end = bytes[kept...].firstIndex(of: 0x0a) {
            let cells = bytes[kept..<end].split(separator: 0x2c, omittingEmptySubsequences: false)
            guard cells.count == columns, let row = Double(String(decoding: cells[0], as: UTF8.self)), row <= time else { break }
            kept = end + 1
        }
        return kept
    }
}

/// A series read back.
public struct SeriesTable: Equatable, Sendable {
    public let columns: [Series.Column]
    public let rows: [[Double]]

    /// Reads whole rows; one that a killed run left unfinished at the end is passed over.
    public init(_ path: String) throws(RunFileError) {
        let text = try DiskFile.text(path)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        lines.removeLast() // after the last line feed: nothing, or half a row
        guard let header = lines.first else { throw RunFileError(.damaged, "\(path) is empty or has no line feed: not a series") }
        columns = header.split(separator: ",", omittingEmptySubsequences: false).map { cell in
            guard cell.hasSuffix("]"), let bracket = cell.lastIndex(of: "[") else { return Series.Column(String(cell), unit: "") }
            let name = cell[..<bracket], unit = cell[cell.index(after: bracket)...].dropLast()
            return Series.Column(String(name.last == " " ? name.dropLast() : name), unit: String(unit))
        }
        var rows: [[Double]] = []
        for (number, line) in lines.enumerated().dropFirst() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
            guard cells.count == columns.count else {
                throw RunFileError(.damaged, "\(path):\(number + 1): expected \(columns.count) numbers")
            }
            rows.append(cells)
        }
        self.rows = rows
    }

    /// The values of a column, nil when there is none of that name.
    public subscript(name: String) -> [Double]? {
        guard let index = columns.firstIndex(where: { $0.name == name }) else { return nil }
        return rows.map { $0[index] }
    }
}
