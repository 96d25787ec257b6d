import Glibc
public import Parameters
public import RunFiles

/// The runs of a sweep: manifest.csv, one row per run with its index, its folder and the value of every parameter that varies.
///
/// A row is the base input beside the manifest (base.json5) with its cells as overrides; an empty cell leaves the base as it is.
public struct SweepManifest: Sendable, Equatable {
    public struct Row: Sendable, Equatable {
        public let index: Int
        /// Of the run, relative to the manifest.
        public let directory: String
        /// One per parameter.
        public let cells: [String]
        /// In the file, from 1.
        let line: Int

        public static func == (a: Row, b: Row) -> Bool { (a.index, a.directory, a.cells) == (b.index, b.directory, b.cells) }
    }

    static let fileName = "manifest.csv", baseName = "base.json5"
    /// Much more than the largest sweep needs.
    private static let sizeLimit = 64 << 20

    public let path: String
    public let parameters: [String]
    public let rows: [Row]

    /// The folder of the sweep.
    public var folder: String { DiskFile.folder(of: path) }

    init(path: String, parameters: [String], rows: [Row]) { (self.path, self.parameters, self.rows) = (path, parameters, rows) }

    // MARK: - Reading

    /// Reads a manifest, or that of a sweep folder.
    /// - Throws: every error of its form at once; whether its values are good shows in `input(of:)`.
    public init(reading path: String) throws(Diagnostics) {
        var status = stat()
        let isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        let path = isFolder ? path + "/" + SweepManifest.fileName : path
        var bytes: [UInt8] = []
        do throws(RunFileError) {
            guard stat(path, &status) != 0 || (status.st_mode & S_IFMT == S_IFREG && status.st_size <= SweepManifest.sizeLimit) else {
                throw RunFileError(.damaged, "\(path) is not a file, or too large for a manifest")
            }
            bytes = try DiskFile.read(path)
        } catch {
            throw Diagnostics(
                error.kind == .missing && isFolder
                    ? "\(path) is missing, so the folder holds no sweep; make one with dendrite sweep plan" : error.message)
        }
        try self.init(bytes, path: path)
    }

    /// - Parameter path: where the manifest lies or will lie.
    public init(_ bytes: [UInt8], path: String) throws(Diagnostics) {
        var errors = Diagnostics()
        let lines: [(line: Int, cells: [String])]
        do throws(CommaSeparated.Failure) {
            lines = try CommaSeparated.rows(bytes)
        } catch {
            throw Diagnostics("the line \(error.message)", at: Location(source: path, line: error.line, column: 1))
        }
        guard let header = lines.first, Array(header.cells.prefix(2)) == ["index", "directory"] else {
            throw Diagnostics("is no manifest of a sweep: its first line must begin index,directory", at: Location(source: path, line: 1, column: 1))
        }
        (self.path, parameters) = (path, Array(header.cells.dropFirst(2)))
        if Set(parameters).count < parameters.count || parameters.contains("") {
            errors.error("the header names a parameter twice or leaves one empty", at: Location(source: path, line: header.line, column: 1))
        }
        var rows: [Row] = [], indices: Set<Int> = [], folders: [String: Int] = [:]
        for (line, cells) in lines.dropFirst() {
            let place = Location(source: path, line: line, column: 1)
            guard cells.count == header.cells.count else {
                errors.error("the row has \(cells.count) cells, the header \(header.cells.count)", at: place)
                continue
            }
            let index = Int(cells[0]) ?? -1
            if index < 0 || "\(index)" != cells[0] {
                errors.error("the index must be a whole number from 0 on, not \"\(cells[0].shown)\"", at: place)
            }
            if !indices.insert(index).inserted { errors.error("the index \(index) stands there twice", at: place) }
            if let complaint = SweepManifest.complaint(cells[1]) { errors.error("the directory \"\(cells[1].shown)\" \(complaint)", at: place) }
            if let other = folders.updateValue(line, forKey: cells[1]) {
                errors.error("the directory \"\(cells[1].shown)\" stands in line \(other) as well", at: place)
            }
            rows.append(Row(index: index, directory: cells[1], cells: Array(cells.dropFirst(2)), line: line))
        }
        for row in rows {
            var above = row.directory[...]
            while let slash = above.lastIndex(of: "/") {
                above = above[..<slash]
                guard folders[String(above)] != nil else { continue }
                errors.error(
                    "the directory \"\(row.directory.shown)\" lies in that of another run", at: Location(source: path, line: row.line, column: 1))
            }
        }
        self.rows = rows
        if errors.hasErrors { throw errors }
    }

    var text: String {
        CommaSeparated.line(["index", "directory"] + parameters)
            + rows.map { CommaSeparated.line(["\($0.index)", $0.directory] + $0.cells) }.joined()
    }

    // MARK: - Safe names

    /// Why a relative path may not be used; nil when it stays below its folder, symbolic links apart.
    static func complaint(_ path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if path.hasPrefix("/") { return "must not be an absolute path" }
        if parts.contains("..") { return "must not lead upwards with .." }
        if parts.contains("") || parts.contains(".") { return "must be a plain relative path" }
        if path.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) { return "holds a control character" }
        return path.utf8.count > 1000 || parts.contains { $0.utf8.count > 200 } ? "is too long" : nil
    }

    /// The folder of a run as a path for this process.
    /// - Throws: when a symbolic link leads out of the sweep's folder.
    public func folder(of row: Row) throws(RunFileError) -> String {
        let whole = folder + "/" + row.directory
        guard let root = SweepManifest.real(folder) else { throw RunFileError(.missing, "\(folder) is not a folder") }
        // The deepest part that exists decides; below it only this program makes folders.
        var part = whole, status = stat()
        while lstat(part, &status) != 0 && part.count > folder.count { part = DiskFile.folder(of: part) }
        guard let real = SweepManifest.real(part), real == root || real.hasPrefix(root == "/" ? "/" : root + "/") else {
            throw RunFileError(
                .misuse, "\(part) is a symbolic link that leads out of \(folder) or nowhere; remove it, or plan the sweep where the link leads")
        }
        return whole
    }

    private static func real(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    // MARK: - Inputs

    public func row(_ index: Int) throws(Diagnostics) -> Row {
        // Planned manifests are in order.
        if rows.indices.contains(index), rows[index].index == index { return rows[index] }
        guard let row = rows.first(where: { $0.index == index }) else {
            throw Diagnostics("\(path) has no row with the index \(index); it has \(rows.count) rows")
        }
        return row
    }

    /// The input of a run, read from the base input beside the manifest.
    public func input(of row: Row) throws(Diagnostics) -> RunInput {
        try input(of: row, base: try InputFile(path: folder + "/" + SweepManifest.baseName))
    }

    func input(of row: Row, base: InputFile) throws(Diagnostics) -> RunInput {
        var overrides: [Override] = [], errors = Diagnostics()
        for (column, (parameter, cell)) in zip(parameters, row.cells).enumerated() where !cell.isEmpty {
            let place = Location(source: path, line: row.line, column: column + 3)
            do throws(Diagnostics) {
                let override = try Override(parameter + "=" + cell, at: place)
                for name in override.isInclude ? override.value.elements ?? [override.value] : [] {
                    if let text = name.text, let complaint = SweepManifest.complaint(text) {
                        errors.error("the file \"\(text.shown)\" \(complaint)", at: place)
                    }
                }
                overrides.append(override)
            } catch {
                errors.append(error)
            }
        }
        if errors.hasErrors { throw errors }
        let file = try InputFile(tree: base.tree, from: base.files[0], overrides: overrides)
        return try RunInput(file, path: "\(path):\(row.line)", folder: folder + "/" + row.directory)
    }
}

extension Diagnostics {
    /// One error alone.
    init(_ message: String, at location: Location = Location()) {
        self.init()
        error(message, at: location)
    }
}

extension String {
    /// Text of a file inside a sentence: short, without control characters.
    var shown: String {
        let clean = unicodeScalars.prefix(60).map { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) ? "?" : String($0) }.joined()
        return unicodeScalars.count > 60 ? clean + "..." : clean
    }
}
