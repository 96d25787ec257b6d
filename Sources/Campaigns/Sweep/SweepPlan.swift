import Glibc
public import Parameters
public import RunFiles

/// A sweep before it is written: every point expanded, every input understood.
public struct SweepPlan: Sendable {
    public let settings: SweepSettings
    public let manifest: SweepManifest
    public let warnings: Diagnostics
    /// Of the most expensive run.
    public let steps: Int, cells: Int
    /// Wall time of the most expensive run and of all of them one after the other, as estimated, s.
    public let longest: Double, total: Double
    /// Memory of the largest run, bytes; nil when it could not be found.
    public let memory: Int?
    private let base: JSON5
    /// Files that the sweep chooses between, as copies of its own.
    private let fragments: [(name: String, text: String)]

    private static let sweepName = "sweep.json5", fragmentFolder = "inputs"

    // MARK: - Making

    /// Reads a sweep file, expands it and checks the input of every run. Nothing is written.
    /// - Parameters:
    ///   - path: of the sweep file.
    ///   - folder: where the sweep will lie.
    /// - Throws: every error of the sweep file, the base input and all points at once.
    public init(_ path: String, folder: String) throws(Diagnostics) {
        var (settings, all) = try InputFile.load(path: path, as: SweepSettings.self)
        let base = try SweepPlan.readBase(settings)
        let entries = ((try? base.decode(as: RunSettings.self))?.settings ?? RunSettings()).entries()
        let files = Set(entries.filter { $0.kind.isFile }.map { SweepFactor.pattern($0.path) })
        let integers = Set(entries.filter { $0.kind.isInteger }.map(\.path))
        if !settings.seeds.isEmpty && settings.seedPaths == nil {
            settings.seedPaths = entries.filter { $0.name == "seed" && !$0.isPattern && integers.contains($0.path) }.map(\.path)
        }
        let points = settings.expanded(seedPaths: settings.seedPaths ?? [], isInteger: integers.contains)

        var fragments = Fragments(), columns: [String] = [], rows: [[String: String]] = [], runs: [RunSettings] = []
        var said: Set<String> = []
        func collect(_ more: Diagnostics) {
            // The same complaint for every point is one complaint.
            for one in more.sorted where said.insert("\(one)").inserted {
                if one.severity == .error { all.error(one.message, at: one.location) } else { all.warning(one.message, at: one.location) }
            }
        }
        for point in points {
            var overrides: [Override] = [], row: [String: String] = [:]
            do throws(Diagnostics) {
                for setting in point {
                    let isFile = files.contains(SweepFactor.pattern(setting.path))
                    let cell = try SweepPlan.cell(isFile ? SweepPlan.absolute(setting.value) : setting.value)
                    let override = try Override(setting.path + "=" + cell, at: setting.value.location)
                    row[setting.path] = override.isInclude ? try fragments.copy(override) : cell
                    if !columns.contains(setting.path) { columns.append(setting.path) }
                    overrides.append(override)
                }
                let input = try RunInput(try InputFile(tree: base.tree, from: base.files[0], overrides: overrides), path: path, folder: folder)
                collect(input.warnings)
                runs.append(input.settings)
                rows.append(row)
            } catch {
                collect(error)
            }
        }
        let manifestRows = rows.enumerated().map { index, row in
            SweepManifest.Row(
                index: index, directory: SweepNames.directory(columns.map { ($0, row[$0] ?? "") }), cells: columns.map { row[$0] ?? "" },
                line: index + 2)
        }
        var first: [String: Int] = [:]
        if !all.hasErrors {
            for row in manifestRows {
                if let other = first.updateValue(row.index, forKey: row.directory) {
                    all.error("the points \(other) and \(row.index) of the sweep (from 0) are the same: \(row.directory)", at: Location(source: path))
                }
            }
        }
        if all.hasErrors { throw all }

        (self.settings, warnings, self.base, self.fragments) = (settings, all, base.tree, fragments.files)
        manifest = SweepManifest(path: folder + "/" + SweepManifest.fileName, parameters: columns, rows: manifestRows)
        let steps = runs.map(RunEstimate.steps), cells = runs.map(\.simulation.grid.grid.cells)
        let seconds = zip(steps, cells).map { Double($0) * Double($1) * settings.jobs.nanosecondsPerCellStep * 1e-9 / Double(settings.jobs.threads) }
        let slowest = seconds.indices.max { seconds[$0] < seconds[$1] } ?? 0
        (self.steps, self.cells) = (steps[slowest], cells[slowest])
        (longest, total) = (seconds[slowest], seconds.reduce(0, +))
        let largest = cells.indices.max { cells[$0] < cells[$1] } ?? 0
        memory = (try? RunEstimate(runs[largest]))?.memory
    }

    /// The base input without the files that the sweep chooses, and with plans that do not depend on the folder unless it says otherwise.
    private static func readBase(_ settings: SweepSettings) throws(Diagnostics) -> InputFile {
        let paths = settings.parameters.map(\.path) + settings.points.flatMap { $0.members?.map(\.key) ?? [] }
        var overrides: [String] = []
        for path in paths where (try Override(path + "=[]")).isInclude { overrides.append(path + "=[]") }
        let base = try InputFile(path: settings.base, overrides: overrides)
        if base.tree["planning"] == nil, base.tree.members != nil { overrides.append("planning=estimate") }
        // The copy lies elsewhere than the base: files that it names are found by their whole path.
        for entry in (try? base.decode(as: RunSettings.self))?.settings.values ?? [] where entry.kind.isFile {
            overrides.append("\(entry.path)=\(entry.value.text(.line))")
        }
        return try InputFile(path: settings.base, overrides: overrides)
    }

    /// A file that a sweep names is looked for beside the sweep, wherever the table lies.
    private static func absolute(_ value: JSON5) -> JSON5 {
        guard let name = value.text, !name.isEmpty, !name.hasPrefix("/"), let folder = realpath(DiskFile.folder(of: value.location.source), nil)
        else { return value }
        defer { free(folder) }
        return JSON5(.text(String(cString: folder) + "/" + name), at: value.location)
    }

    /// A value as it stands in the manifest: text as it is where it reads back as the same text, otherwise JSON in one line.
    private static func cell(_ value: JSON5) throws(Diagnostics) -> String {
        func reads(_ cell: String) -> Bool { (try? Override("value=" + cell))?.value == value }
        let isPlain = value.text.map { text in !text.isEmpty && text.unicodeScalars.allSatisfy { $0.value >= 0x20 } } ?? false
        if isPlain, let text = value.text, reads(text) { return text }
        let line = value.text(.line)
        guard value != .null, reads(line) else {
            throw Diagnostics("the value cannot stand in a table; a number, a text, true, false or a list can", at: value.location)
        }
        return line
    }

    // MARK: - Writing

    /// Writes the sweep, or a changed plan over an earlier one: runs of the same parameters keep their folders.
    /// - Parameter program: path of this program, for the job scripts.
    /// - Returns: what the user should know.
    public func write(program: String) throws(RunFileError) -> [String] {
        let folder = manifest.folder
        let names = try DiskFile.names(in: folder)
        guard names.isEmpty || names.contains(SweepManifest.fileName) else {
            throw RunFileError(
                .notEmpty,
                "\(folder) holds files (\(names[0])) but no \(SweepManifest.fileName), so it is not the folder of a sweep; choose another one with -o"
            )
        }
        for name in ["", "/logs", "/runs", "/" + SweepPlan.fragmentFolder] {
            try DiskFile.makeFolder(folder + name)
            var status = stat()
            if lstat(folder + name, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, !name.isEmpty && name != "/runs" {
                throw RunFileError(.misuse, "\(folder)\(name) is a symbolic link; the sweep would be written elsewhere")
            }
        }
        if let first = manifest.rows.first { _ = try manifest.folder(of: first) }
        let base = self.base.text(.json5), before = try? DiskFile.text(manifest.path), text = manifest.text
        let isSame = before == text && (try? DiskFile.text(folder + "/" + SweepManifest.baseName)) == base
        for (name, text) in fragments { try DiskFile.replace("\(folder)/\(name)", with: text) }
        try DiskFile.replace(folder + "/" + SweepManifest.baseName, with: base)
        try DiskFile.replace(folder + "/" + SweepPlan.sweepName, with: settings.resolved.text(.json5))
        let scripts = SweepScripts(self, program: program)
        for (name, text) in scripts.files { try DiskFile.replace("\(folder)/\(name)", with: text) }
        // parallel knows jobs by their place in the list.
        if !isSame { try DiskFile.remove("\(folder)/\(SweepScripts.jobLog)") }
        try DiskFile.replace(manifest.path, with: text)
        let planned = Set(manifest.rows.map { $0.directory.dropFirst("runs/".count) })
        let left = try DiskFile.names(in: folder + "/runs").filter { !planned.contains($0[...]) }.count
        return left > 0 ? ["\(folder)/runs holds \(left) folders of an earlier plan; they stay, and are not counted"] : []
    }

    /// The settings that a sweep was planned with.
    public static func settings(of folder: String) throws(Diagnostics) -> SweepSettings {
        try InputFile.load(path: folder + "/" + sweepName, as: SweepSettings.self).settings
    }

    /// Copies of the files that are chosen, under names of their own.
    private struct Fragments {
        private(set) var files: [(name: String, text: String)] = []
        private var names: [String: String] = [:]

        /// - Returns: the cell that stands for the override.
        mutating func copy(_ override: Override) throws(Diagnostics) -> String {
            var cells: [JSON5] = []
            for node in override.value.elements ?? [override.value] {
                guard let given = node.text, !given.isEmpty else {
                    throw Diagnostics("an include takes names of files, or lists of them", at: node.location)
                }
                let path = given.hasPrefix("/") ? given : DiskFile.folder(of: node.location.source) + "/" + given
                if names[path] == nil {
                    let text = try InputFile(path: path).tree.text(.json5), stem = SweepNames.stem(path)
                    var name = "\(SweepPlan.fragmentFolder)/\(stem).json5"
                    if names.values.contains(name) {
                        name = "\(SweepPlan.fragmentFolder)/\(stem)-\(SHA256.hexadecimal(of: Array(path.utf8)).prefix(8)).json5"
                    }
                    names[path] = name
                    files.append((name, text))
                }
                cells.append(JSON5(names[path] ?? ""))
            }
            return override.value.elements == nil ? cells[0].text ?? "" : JSON5(.list(cells)).text(.line)
        }
    }
}

extension ParameterKind {
    fileprivate var isFile: Bool {
        switch self {
        case .file: true
        case .optional(let kind): kind.isFile
        default: false
        }
    }

    fileprivate var isInteger: Bool {
        switch self {
        case .integer: true
        case .optional(let kind): kind.isInteger
        default: false
        }
    }
}
