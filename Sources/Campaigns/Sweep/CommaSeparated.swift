/// Tables of comma-separated values (RFC 4180) with a header.
enum CommaSeparated {
    /// A sentence that says what is wrong with a line.
    struct Failure: Error {
        let line: Int
        let message: String
    }

    static func line(_ cells: [String]) -> String { cells.map(quoted).joined(separator: ",") + "\n" }

    private static func quoted(_ cell: String) -> String {
        let needsQuotes = cell.hasPrefix(" ") || cell.hasSuffix(" ") || cell.utf8.contains { [0x2c, 0x22, 0x0a, 0x0d].contains($0) }
        return needsQuotes ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
    }

    /// Rows with the line that each begins in, from 1; empty lines are passed over. Line ends may be those of Windows.
    static func rows(_ bytes: [UInt8]) throws(Failure) -> [(line: Int, cells: [String])] {
        var rows: [(Int, [String])] = [], cells: [String] = [], cell: [UInt8] = [], line = 1, start = 1
        var isQuoted = false, wasQuoted = false, at = 0
        func text(_ bytes: [UInt8]) throws(Failure) -> String {
            guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
                throw Failure(line: line, message: "is not UTF-8 text")
            }
            return text
        }
        func endRow() throws(Failure) {
            if cell.last == 0x0d && !wasQuoted { cell.removeLast() }
            cells.append(try text(cell))
            if cells != [""] { rows.append((start, cells)) }
            (cells, cell, wasQuoted) = ([], [], false)
        }
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == 0x0a { line += 1 }
            if isQuoted {
                if byte != 0x22 { cell.append(byte); continue }
                if at < bytes.count, bytes[at] == 0x22 { cell.append(0x22); at += 1; continue }
                isQuoted = false
            } else if byte == 0x22 {
                guard cell.isEmpty, !wasQuoted else { throw Failure(line: line, message: "has a quote inside a cell") }
                (isQuoted, wasQuoted) = (true, true)
            } else if byte == 0x2c {
                cells.append(try text(cell))
                (cell, wasQuoted) = ([], false)
            } else if byte == 0x0a {
                try endRow()
                start = line
            } else {
                guard !wasQuoted || byte == 0x0d else { throw Failure(line: line, message: "has text behind a closing quote") }
                if !(wasQuoted && byte == 0x0d) { cell.append(byte) }
            }
        }
        guard !isQuoted else { throw Failure(line: start, message: "has a quote that is not closed") }
        if !cell.isEmpty || !cells.isEmpty { try endRow() }
        return rows
    }
}
