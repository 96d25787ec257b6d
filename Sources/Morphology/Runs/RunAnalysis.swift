import Glibc
public import Grids
public import RunFiles

/// Turns the snapshots of a run folder into metrics.csv and figures, also while the run goes on.
///
///     let analysis = RunAnalysis("Outputs/quickstart")
///     try analysis.update()                       // reads what is new, writes metrics.csv and figures/
///     print(analysis.table.rows.count, analysis.problems)
///
/// Snapshots are read one after the other, field by field: memory holds at most the fields of one snapshot that are measured. A damaged snapshot is
/// passed over and named in `problems`; the others are still analysed.
public final class RunAnalysis {
    public struct Options: Sendable {
        /// Write figures, and one frame per snapshot for an animation.
        public var figures = true, frames = false
        /// Distance of the tip from the far end of the box that counts as a short circuit, m; by default four cells.
        public var shortCircuitGap: Double?
        public init(figures: Bool = true, frames: Bool = false, shortCircuitGap: Double? = nil) {
            (self.figures, self.frames, self.shortCircuitGap) = (figures, frames, shortCircuitGap)
        }
    }

    public let folder: String
    public let options: Options
    public private(set) var table = MetricsTable([])
    /// Time (s) at which the tip came within `options.shortCircuitGap` of the far end of the box; nil when it did not.
    public private(set) var shortCircuit: Double?
    /// One sentence for each thing that could not be read.
    public private(set) var problems: [String] = []
    /// Names of the figures in figures/, in the order of a report.
    public private(set) var figures: [String] = []

    private struct Entry {
        var identity: String, time: Double, step: Int, values: [SurfaceMetrics.Value], spectrum: SurfaceSpectrum.Curve?, height: Double, dx: Double
    }
    private var entries: [String: Entry] = [:]
    private var failures: [String: (identity: String, sentence: String)] = [:]
    private var seriesIdentity = ""

    public init(_ folder: String, options: Options = Options()) { (self.folder, self.options) = (folder, options) }

    /// Reads new and changed snapshots, forgets those that are gone, and writes metrics.csv and the figures again when anything changed.
    /// - Parameter pool: threads that share the check of the files.
    /// - Returns: whether anything changed.
    /// - Throws: `RunFileError` when the folder is missing or holds no snapshots that can be read, or when the results cannot be written.
    @discardableResult
    public func update(pool: ThreadPool? = nil) throws -> Bool {
        guard DiskFile.exists(folder) else {
            throw RunFileError(.missing, "there is no folder \(folder); give the folder of a run, such as Outputs/quickstart")
        }
        let paths = (try? RunFolder.snapshots(of: folder)) ?? []
        guard !paths.isEmpty else {
            throw RunFileError(
                .missing, "\(folder) holds no snapshots (snapshots/000000.h5 and on), so there is nothing to analyse; give the folder of a run")
        }
        var changed = entries.count + failures.count != paths.count
        entries = entries.filter { paths.contains($0.key) }
        failures = failures.filter { paths.contains($0.key) }
        for path in paths {
            let identity = RunAnalysis.identity(of: path)
            if entries[path]?.identity == identity || failures[path]?.identity == identity { continue }
            changed = true
            entries[path] = nil
            failures[path] = nil
            do {
                entries[path] = try measure(path, identity, pool)
            } catch {
                failures[path] = (identity, "\(error)")
            }
        }
        let series = RunAnalysis.identity(of: folder + "/series.csv")
        if series != seriesIdentity { (seriesIdentity, changed) = (series, true) }
        guard changed else { return false }

        let rows = entries.values.sorted { $0.time < $1.time }
        problems = failures.sorted { $0.key < $1.key }.map(\.value.sentence)
        guard !rows.isEmpty else {
            throw RunFileError(.damaged, "none of the \(paths.count) snapshots in \(folder) can be read; the first: \(problems.first ?? "")")
        }
        table = MetricsTable(rows.map { ($0.time, $0.step, $0.values) })
        shortCircuit = rows.last.flatMap { table.time(ofTipAt: $0.height - (options.shortCircuitGap ?? 4 * $0.dx)) }
        try DiskFile.replace(folder + "/metrics.csv", with: table.text)
        if options.figures { try draw(rows, pool) }
        return true
    }

    /// Updates again and again until `isDone` says so (asked before each pause), which for a run is when its status is no longer pending or running.
    /// - Parameters:
    ///   - interval: s between looks at the folder.
    ///   - changed: called after each update that found something.
    public func follow(every interval: Double = 2, pool: ThreadPool? = nil, until isDone: () -> Bool, changed: (RunAnalysis) -> Void = { _ in })
        throws
    {
        while true {
            let done = isDone()
            do {
                if try update(pool: pool) { changed(self) }
            } catch let error as RunFileError where error.kind == .missing && !done {
                // The run has not written anything yet.
            }
            if done { return }
            usleep(UInt32(max(0.05, interval) * 1e6))
        }
    }

    /// Whether the run in the folder has ended (or never said anything).
    public var runHasEnded: Bool {
        guard let status = try? RunFolder.status(of: folder) else { return true }
        return status.state != .running && status.state != .pending
    }

    // MARK: - One snapshot

    private func measure(_ path: String, _ identity: String, _ pool: ThreadPool?) throws -> Entry {
        let snapshot = try Snapshot(path, pool: pool), xi = try Samples(snapshot, "xi")
        let names = Set(snapshot.fields.map(\.name))
        var current: (x: Samples, y: Samples, z: Samples?)?
        if names.contains("i_x") && names.contains("i_y") && (xi.isFlat || names.contains("i_z")) {
            current = (try Samples(snapshot, "i_x"), try Samples(snapshot, "i_y"), xi.isFlat ? nil : try Samples(snapshot, "i_z"))
        }
        let metrics = try SurfaceMetrics(xi, current: current)
        current = nil
        if options.figures && options.frames {
            let file = path.split(separator: "/").last.map { String($0.dropLast(3)) } ?? "0"
            try write("frame-\(file).png", RunFigures.frame(xi, heading: title, time: snapshot.time).png())
        }
        return Entry(
            identity: identity, time: snapshot.time, step: snapshot.step, values: metrics.values, spectrum: metrics.spectrum?.curve,
            height: xi.height, dx: xi.dx)
    }

    /// The last part of the folder's path.
    public var title: String { folder.split(separator: "/").last.map(String.init) ?? folder }

    private static func identity(of path: String) -> String {
        var info = stat()
        guard stat(path, &info) == 0 else { return "" }
        return "\(info.st_ino) \(info.st_size) \(info.st_mtim.tv_sec).\(info.st_mtim.tv_nsec)"
    }

    // MARK: - Figures

    private func write(_ name: String, _ bytes: [UInt8]) throws {
        try DiskFile.makeFolder(folder + "/figures")
        try DiskFile.replace(folder + "/figures/" + name, with: bytes)
    }

    private func draw(_ rows: [Entry], _ pool: ThreadPool?) throws {
        figures = []
        func keep(_ name: String, _ bytes: [UInt8]) throws {
            try write(name, bytes)
            figures.append(name)
        }
        let byTime = entries.sorted { $0.value.time < $1.value.time }.map(\.key)
        if let path = byTime.last {
            let last = try Snapshot(path, pool: pool)
            if let map = try RunFigures.fields(of: last, heading: title) { try keep("fields.png", map.png()) }
            let xi = try Samples(last, "xi")
            try keep("surface.png", Relief(xi, heading: title, moment: RunFigures.moment(last.time)).png())
        }
        if byTime.count > 1 {
            let chosen = RunFigures.evenly(byTime.count, upTo: 4).map { byTime[$0] }
            var heading = title
            let cuts = try chosen.map { path in
                let snapshot = try Snapshot(path, pool: pool)
                heading = RunFigures.cutHeading(title, snapshot)
                return (snapshot.time, try Samples(cut: snapshot, "xi"))
            }
            try keep("growth.png", RunFigures.growth(cuts, heading: heading).png())
        }
        var events: [LineChart.Event] = []
        if let first = table.firstDendrite { events.append(.init(x: first, label: "first dendrite")) }
        if let shortCircuit { events.append(.init(x: shortCircuit, label: "short circuit")) }
        for (name, chart) in RunFigures.charts(of: table, events: events) { try keep(name + ".svg", Array(chart.svg().utf8)) }
        let spectra = RunFigures.evenly(rows.count, upTo: 5).compactMap { n in rows[n].spectrum.map { (rows[n].time, $0) } }
        if let chart = RunFigures.spectra(spectra) { try keep("spectrum.svg", Array(chart.svg().utf8)) }
        if let series = try? SeriesTable(folder + "/series.csv") {
            for (name, chart) in RunFigures.charts(of: series, RunFigures.cycles(of: folder, series)) {
                try keep(name + ".svg", Array(chart.svg().utf8))
            }
        }
    }
}

extension Samples {
    /// A field of a snapshot.
    public init(_ snapshot: Snapshot, _ name: String) throws(RunFileError) {
        let field = Field<Float>(snapshot.grid)
        try snapshot.read(name, into: field)
        self.init(nx: snapshot.grid.nx, ny: snapshot.grid.ny, nz: snapshot.grid.nz, dx: snapshot.grid.spacing, values: field.values())
    }

    /// The middle cut z = const of a field: the whole field of a flat run.
    init(cut snapshot: Snapshot, _ name: String) throws(RunFileError) {
        let values = try snapshot.plane(snapshot.grid.nz / 2, of: name)
        self.init(nx: snapshot.grid.nx, ny: snapshot.grid.ny, dx: snapshot.grid.spacing, values: values.map { Float($0) })
    }
}
