import Glibc
public import Grids

/// The folder of one run, open for writing by this process alone.
///
///     let folder = try RunFolder("Outputs/quickstart", opening: .resume)
///     if let found = try folder.newestCheckpoint() {
///         try found.checkpoint.restore(model.state)
///         try folder.continueRun(step: model.step, time: model.time, ...)
///     } else {
///         try folder.start(provenance, input: text, resolved: everyDefault)
///     }
///
/// Write the outputs of a step (series, snapshot) before its checkpoint: whatever is newer than the checkpoint goes on resume.
public final class RunFolder {
    public enum Opening: Sendable {
        /// The folder must be empty or absent.
        case fresh
        /// Continues the run that it holds; starts one when it is empty or absent.
        case resume
        /// Removes the run that it holds.
        case overwrite
    }

    public let path: String
    /// Of the run in the folder, nil before `start`.
    public private(set) var provenance: Provenance?
    /// Snapshots in order of time, as listed in run.xdmf.
    public private(set) var index = XDMFIndex()
    private var nextNumber = 0
    private let lock: FolderLock

    /// - Parameter patience: seconds to wait for a writer on another machine that may be dead (see `FolderLock`).
    public init(_ path: String, opening: Opening, patience: Double = 0) throws(RunFileError) {
        try DiskFile.makeFolder(path)
        lock = try FolderLock(path, patience: patience)
        self.path = path
        do throws(RunFileError) {
            try enter(opening)
        } catch {
            // Not left to the end of the lock's life, which its heartbeat may prolong.
            lock.release()
            throw error
        }
    }

    private func enter(_ opening: Opening) throws(RunFileError) {
        var names = try DiskFile.names(in: path).filter { $0 != FolderLock.fileName && !$0.hasSuffix(DiskFile.temporarySuffix) }
        // A run that was killed while it began leaves its folders, empty, and the plans that it kept, without a run.json.
        names.removeAll { $0 == RunFolder.wisdomName }
        for own in [RunFolder.snapshotFolder, "figures"] where names.contains(own) {
            if try DiskFile.names(in: file(own)).isEmpty { names.removeAll { $0 == own } }
        }
        guard !names.isEmpty else { return }
        guard names.contains(RunFolder.provenanceName) else {
            throw RunFileError(.notEmpty, "\(path) holds files (\(names[0])) but no run.json, so it is not a run folder; "
                + "choose another one with -o")
        }
        switch opening {
        case .fresh:
            throw RunFileError(.notEmpty, "\(path) holds a run; continue it with --resume, replace it with --overwrite, "
                + "or choose another folder with -o")
        case .resume:
            provenance = JSONText.decode(Provenance.self, try DiskFile.read(path + "/" + RunFolder.provenanceName))
        case .overwrite:
            try clear()
        }
    }

    /// FFTW's plans, with which a resumed run has the same bits.
    public static let wisdomName = "fftw.wisdom"

    /// Lets the next writer in.
    public func close() { lock.release() }

    // MARK: - Start and continuation

    /// The checkpoint to continue from, nil when there is none.
    public func newestCheckpoint(pool: ThreadPool? = nil) throws(RunFileError) -> Checkpoint.Found? {
        try Checkpoint.newestValid(in: path, pool: pool)
    }

    /// Begins a run: leftovers of an earlier attempt are removed, the input and where it comes from are written.
    /// - Parameters:
    ///   - input: the text of the input as given.
    ///   - resolved: the same with every default, JSON5.
    public func start(_ provenance: Provenance, input: String, resolved: String) throws(RunFileError) {
        try clear()
        self.provenance = provenance
        try save(provenance, RunFolder.provenanceName)
        try DiskFile.replace(file("input.json5"), with: input)
        try DiskFile.replace(file("resolved.json5"), with: resolved)
        try DiskFile.makeFolder(file(RunFolder.snapshotFolder))
        try DiskFile.replace(file(RunFolder.indexName), with: index.text)
        try setStatus(RunStatus(.pending))
    }

    /// Goes on from a checkpoint: snapshots newer than it are removed, the index is written again and the resume is noted in run.json.
    /// Restore the state first, so that a checkpoint of another grid changes nothing.
    /// - Parameters:
    ///   - step, time: of the checkpoint.
    ///   - notes: anything the user should find in run.json, such as why the newest checkpoint was passed over.
    ///   - current: this process; becomes the provenance when that of the run is lost.
    /// - Returns: the notes, with what was found and repaired here.
    @discardableResult
    public func continueRun(step: Int, time: Double, notes: [String] = [], current: Provenance,
                            pool: ThreadPool? = nil) throws(RunFileError) -> [String] {
        var notes = notes, newer: [String] = []
        let snapshots = file(RunFolder.snapshotFolder)
        try DiskFile.makeFolder(snapshots)
        index = XDMFIndex()
        nextNumber = 0
        for name in try DiskFile.names(in: snapshots) {
            guard let number = RunFolder.number(of: name) else { continue }
            do throws(RunFileError) {
                let snapshot = try Snapshot(snapshots + "/" + name, pool: pool)
                if snapshot.step > step || snapshot.time > time { newer.append(name); continue }
                index.entries.append(XDMFIndex.Entry(snapshot, file: RunFolder.snapshotFolder + "/" + name))
            } catch {
                notes.append(error.message)
            }
            nextNumber = number + 1
        }
        try DiskFile.replace(file(RunFolder.indexName), with: index.text)
        for name in newer { try DiskFile.remove(snapshots + "/" + name) }
        try removeTemporaries(in: path)
        try removeTemporaries(in: snapshots)
        if provenance == nil { notes.append("run.json was damaged; what it said of the first start is lost") }
        var provenance = provenance ?? current
        provenance.resumes.append(.init(utc: Machine.utc, host: current.host, command: current.command, step: step, time: time,
                                        notes: notes))
        provenance.ended = nil
        self.provenance = provenance
        try save(provenance, RunFolder.provenanceName)
        return notes
    }

    // MARK: - Output

    /// Writes the next snapshot and lists it in run.xdmf.
    /// - Parameter keepLast: only so many snapshots stay; nil keeps all.
    public func saveSnapshot(_ fields: [OutputField], grid: Grid, time: Double, step: Int, attributes: [String: AttributeValue] = [:],
                             writer: SnapshotWriter = SnapshotWriter(), keepLast: Int? = nil,
                             pool: ThreadPool? = nil) throws(RunFileError) {
        let name = RunFolder.snapshotFolder + "/" + RunFolder.name(of: nextNumber)
        let attributes = attributes.merging(provenance?.attributes ?? [:]) { given, _ in given }
        try writer.write(fields, grid: grid, time: time, step: step, attributes: attributes, to: file(name), pool: pool)
        var index = index
        let elements = fields.map { ($0.name, $0.element ?? writer.precision.element) }
        index.entries.append(.init(file: name, time: time, grid: grid, fields: elements))
        let surplus = keepLast.map { max(0, index.entries.count - max(1, $0)) } ?? 0
        let dropped = index.entries.prefix(surplus)
        index.entries.removeFirst(surplus)
        do throws(RunFileError) {
            try DiskFile.replace(file(RunFolder.indexName), with: index.text)
        } catch {
            unlink(file(name)) // the old index does not list it
            throw error
        }
        self.index = index
        nextNumber += 1
        for entry in dropped { try DiskFile.remove(file(entry.file)) }
    }

    /// The table of the run (series.csv).
    /// - Parameter time: of the checkpoint that the run continues from; nil starts an empty table.
    public func series(_ columns: [Series.Column], continuingFrom time: Double? = nil) throws(RunFileError) -> Series {
        try Series(file("series.csv"), columns: columns, continuingFrom: time)
    }

    /// The table of its cycles (cycles.csv), one row per cycle of the protocol that is over.
    /// - Parameter time: as for the series.
    public func cycles(_ columns: [Series.Column], continuingFrom time: Double? = nil) throws(RunFileError) -> Series {
        try Series(file("cycles.csv"), columns: columns, continuingFrom: time)
    }

    public func writeCheckpoint(_ items: [StateItem], metadata: [String: AttributeValue], pool: ThreadPool? = nil) throws(RunFileError) {
        try Checkpoint.write(items, metadata: metadata, to: path, pool: pool)
    }

    public func setStatus(_ status: RunStatus) throws(RunFileError) { try save(status, RunFolder.statusName) }

    /// Adds a line to progress.jsonl.
    public func log(_ progress: RunProgress) throws(RunFileError) {
        let path = file("progress.jsonl")
        let line = try JSONText.encode(progress)
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw .system(errno, "write", path) }
        defer { Glibc.close(file) }
        let length = lseek(file, 0, SEEK_END)
        do throws(RunFileError) {
            try DiskFile.write(line, to: file, path: path)
        } catch {
            _ = ftruncate(file, length) // no half lines
            throw error
        }
    }

    /// Notes in run.json that the run came to its end.
    public func finish() throws(RunFileError) {
        provenance?.ended = Machine.utc
        if let provenance { try save(provenance, RunFolder.provenanceName) }
    }

    // MARK: - Looking at a run without writing

    /// What status.json says; a run that says it is running but whose process is gone has stopped.
    public static func status(of folder: String) throws(RunFileError) -> RunStatus {
        let path = folder + "/" + statusName
        guard var status = JSONText.decode(RunStatus.self, try DiskFile.read(path)) else {
            throw RunFileError(.damaged, "\(path) is damaged: not the status of a run")
        }
        if status.state == .running, FolderLock.holder(of: folder) == nil {
            (status.state, status.reason) = (.stopped, "the process is gone without a word; continue with --resume")
        }
        return status
    }

    public static func provenance(of folder: String) throws(RunFileError) -> Provenance {
        let path = folder + "/" + provenanceName
        guard let provenance = JSONText.decode(Provenance.self, try DiskFile.read(path)) else {
            throw RunFileError(.damaged, "\(path) is damaged: not the provenance of a run")
        }
        return provenance
    }

    /// Wall time that all attempts at a run spent stepping, s, from progress.jsonl: to a few seconds where one was killed.
    public static func wallTime(of folder: String) -> Double {
        var total = 0.0, last = 0.0
        for line in ((try? DiskFile.read(folder + "/progress.jsonl")) ?? []).split(separator: 0x0a) {
            guard let progress = JSONText.decode(RunProgress.self, Array(line)) else { continue }
            // The clock of an attempt starts at zero.
            if progress.elapsed < last { total += last }
            last = progress.elapsed
        }
        return total + last
    }

    /// Paths of the snapshots of a run, in order.
    public static func snapshots(of folder: String) throws(RunFileError) -> [String] {
        try DiskFile.names(in: folder + "/" + snapshotFolder).filter { number(of: $0) != nil }.map { "\(folder)/\(snapshotFolder)/\($0)" }
    }

    // MARK: - Parts

    private static let provenanceName = "run.json", statusName = "status.json", indexName = "run.xdmf", snapshotFolder = "snapshots"

    private func file(_ name: String) -> String { path + "/" + name }

    private static func name(of number: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".h5"
    }

    private static func number(of name: String) -> Int? {
        guard name.hasSuffix(".h5"), name.count >= 9, let number = Int(name.dropLast(3)), self.name(of: number) == name else { return nil }
        return number
    }

    /// Removes what a run writes, and nothing else; run.json last, which makes the folder a run folder.
    private func clear() throws(RunFileError) {
        try removeTemporaries(in: path)
        let snapshots = file(RunFolder.snapshotFolder), figures = file("figures")
        for name in try DiskFile.names(in: snapshots) where RunFolder.number(of: name) != nil || name.hasSuffix(DiskFile.temporarySuffix) {
            try DiskFile.remove(snapshots + "/" + name)
        }
        for name in try DiskFile.names(in: figures) where name.hasSuffix(".png") || name.hasSuffix(".svg") {
            try DiskFile.remove(figures + "/" + name)
        }
        for name in [RunFolder.indexName, "series.csv", "cycles.csv", "progress.jsonl", RunFolder.statusName,
                     Checkpoint.fileName, Checkpoint.previousFileName, "metrics.csv", "report.html", "input.json5", "resolved.json5", RunFolder.provenanceName] {
            try DiskFile.remove(file(name))
        }
        index = XDMFIndex()
        nextNumber = 0
        provenance = nil
    }

    private func removeTemporaries(in folder: String) throws(RunFileError) {
        for name in try DiskFile.names(in: folder) where name.hasSuffix(DiskFile.temporarySuffix) {
            try DiskFile.remove(folder + "/" + name)
        }
    }

    private func save(_ value: some Encodable, _ name: String) throws(RunFileError) {
        try DiskFile.replace(file(name), with: try JSONText.encode(value, pretty: true))
    }
}
