import Foundation
import Grids
import Morphology
import RunFiles
import Testing

@Suite(.serialized) struct RunTests {
    /// A run folder with bumps that grow: amplitude (n + 1) times a step, written as a run would.
    private func makeRun(_ name: String, snapshots: Int = 5, depth: Int = 1) throws -> String {
        let kept = ProcessInfo.processInfo.environment["MORPHOLOGY_FIGURES"]
        let path = (kept ?? NSTemporaryDirectory()) + "/morphology-" + name
        try? FileManager.default.removeItem(atPath: path)
        let n = depth > 1 ? 48 : 128, grid = Grid(nx: n, ny: n, nz: depth, spacing: 2e-7)
        let folder = try RunFolder(path, opening: .fresh)
        defer { folder.close() }
        try folder.start(Provenance(command: ["dendrite", "run", "a.json5"], version: "1.0", compiler: "Swift 6", libraries: ["FFTW": "3.3.10"], threads: 1,
                                    instructionSet: "avx2", precision: "double", seed: 1, input: "a.json5", inputText: "{}"), input: "{ /* <b> */ }", resolved: "{}")
        let series = try folder.series([.init("time", unit: "s"), .init("dt", unit: "s"), .init("current density", unit: "A/m^2"), .init("phi_s", unit: "V"),
                                        .init("capacity", unit: "C/m^2")])
        for s in 0..<snapshots {
            let time = 30.0 * Double(s), shape = Self.shape(s, grid)
            let xi = Field<Double>(grid), c = Field<Double>(grid), phi = Field<Double>(grid), iy = Field<Double>(grid), ix = Field<Double>(grid),
                iz = Field<Double>(grid)
            xi.set(shape)
            c.set { _, y, _ in 300 + 700 * y / (Double(grid.ny) * 2e-7) }
            phi.set { _, y, _ in -0.2 * (1 - y / (Double(grid.ny) * 2e-7)) }
            iy.fill(-50)
            try folder.saveSnapshot([
                OutputField("xi", unit: "1", longName: "metal fraction", field: xi), OutputField("c", unit: "mol/m^3", longName: "salt", field: c),
                OutputField("phi", unit: "V", longName: "potential", field: phi), OutputField("i_x", unit: "A/m^2", longName: "current", field: ix),
                OutputField("i_y", unit: "A/m^2", longName: "current", field: iy), OutputField("i_z", unit: "A/m^2", longName: "current", field: iz),
            ], grid: grid, time: time, step: 100 * s)
            for k in 0..<10 {
                try series.append([time + 3 * Double(k), 0.3, k < 6 ? 50 : -45, -0.12 - 0.001 * Double(s), 50 * (time + 3 * Double(k))])
            }
        }
        try folder.setStatus(RunStatus(.done, reason: "capacity reached", step: 100 * snapshots, time: 30.0 * Double(snapshots), fraction: 1))
        try folder.finish()
        return path
    }

    /// A sinusoidal front of amplitude 0.4 um (s + 1) at 6 um, and from the third snapshot on a needle of 12 um.
    private static func shape(_ s: Int, _ grid: Grid) -> (Double, Double, Double) -> Double {
        let width = Double(grid.nx) * 2e-7, depth = Double(grid.nz) * 2e-7
        return { x, y, z in
            let front = y - 4e-6 - 0.2e-6 * Double(s + 1) * sin(4 * .pi * x / width)
            let r = grid.nz > 1 ? hypot(x - width / 2, z - depth / 2) : abs(x - width / 2)
            return Surfaces.profile(s < 2 ? front : min(front, max(r - 0.7e-6, y - 8e-6)), 2e-7)
        }
    }

    /// A panel for each of the stress, flow and magnetic fields; none for a field that is uniform.
    @Test func fieldsOfCouplings() throws {
        let path = NSTemporaryDirectory() + "/morphology-couplings.h5", grid = Grid(nx: 32, ny: 32, spacing: 1e-6)
        func snapshot(stray: Double) throws -> FieldMap? {
            func field(_ name: String, _ unit: String, _ f: @escaping (Double, Double, Double) -> Double) -> OutputField {
                let values = Field<Double>(grid)
                values.set(f)
                return OutputField(name, unit: unit, longName: name, field: values)
            }
            try? FileManager.default.removeItem(atPath: path)
            try SnapshotWriter().write([
                field("xi", "1") { _, y, _ in Surfaces.profile(y - 1e-5, 1e-6) }, field("pressure", "Pa") { x, _, _ in 1e6 * sin(x * 2e5) },
                field("von_mises", "Pa") { _, y, _ in 1e12 * y }, field("u_x", "m/s") { _, _, _ in 3e-6 }, field("u_y", "m/s") { _, _, _ in -4e-6 },
                field("B_x", "T") { _, _, _ in 0.5 }, field("B_y", "T") { x, _, _ in stray * cos(x * 2e5) },
            ], grid: grid, time: 1, step: 1, to: path)
            return try RunFigures.fields(of: Snapshot(path), heading: "couplings")
        }
        let map = try #require(try snapshot(stray: 1e-3))
        #expect(map.panels.map(\.title) == ["Metal fraction", "Pressure", "Von Mises stress", "Flow speed", "Stray field"])
        #expect(map.panels[1].range.map { abs($0.lowerBound + $0.upperBound) < 1e-9 } ?? false)
        #expect(map.panels[3].field.values.allSatisfy { abs($0 / 5e-6 - 1) < 1e-6 })
        #expect(abs(Double(map.panels[4].field.values.max() ?? 0) / 1e-3 - 1) < 0.02)
        #expect(try snapshot(stray: 0)?.panels.count == 4)
    }

    @Test func analysisOfARunFolder() throws {
        let path = try makeRun("flat")
        let analysis = RunAnalysis(path)
        #expect(try analysis.update())
        #expect(analysis.problems.isEmpty && analysis.table.rows.count == 5)
        let text = try String(contentsOfFile: path + "/metrics.csv", encoding: .utf8)
        #expect(text.split(separator: "\n").count == 6)
        #expect(text.hasPrefix("time [s],step [1],tip height [m],valley height [m],mean height [m],Ra [m],Rq [m],Rz [m]"))
        // A sine of 0.2 um: Rq = A / sqrt 2; the phase field is not along the normal, 1 %.
        #expect(abs((analysis.table["Rq"]?[0] ?? 0) / (0.2e-6 / 2.0.squareRoot()) - 1) < 0.01)
        #expect(analysis.table.firstDendrite == 60)
        #expect(abs((analysis.table["tip height"]?[3] ?? 0) - 8e-6) < 1e-8)
        #expect(abs((analysis.table["surface current density"]?[0] ?? 0) / 50 - 1) < 0.05)
        // The tip stands still from the third snapshot on; before, it rises by 0.2 um in 30 s.
        #expect(abs(analysis.table["tip velocity"]?[4] ?? 1) < 1e-12)
        #expect(abs((analysis.table["tip velocity"]?[0] ?? 0) / (0.2e-6 / 30) - 1) < 0.01)
        for name in ["fields.png", "surface.png", "growth.png", "heights.svg", "roughness.svg", "spectrum.svg", "voltage.svg"] {
            #expect(analysis.figures.contains(name) && FileManager.default.fileExists(atPath: path + "/figures/" + name))
        }
        // Nothing new: nothing done.
        #expect(try analysis.update() == false)
        let report = try Report.write(folder: path, analysis: analysis, citations: ["A source <i> & more."])
        let page = try String(contentsOfFile: report.path, encoding: .utf8)
        #expect(page.contains("A source &lt;i&gt; &amp; more.") && page.contains("{ /* &lt;b&gt; */ }") && !page.contains("<b> */"))
        #expect(!page.contains("src=\"http") && !page.contains("href=\"http"))
        // 60 s at 50 A/m2.
        #expect(page.contains("83.33 µAh/cm²") && page.contains("capacity at first dendrite") && page.contains(">Cycles<"))
        #expect(page.components(separatedBy: "data:image/png;base64,").count - 1 == 3)
    }

    @Test func theSameNumbersInTheRunAndAfterwards() throws {
        let path = try makeRun("same", snapshots: 4)
        let grid = Grid(nx: 128, ny: 128, spacing: 2e-7), field = Field<Double>(grid)
        field.set(Self.shape(3, grid))
        let inRun = try SurfaceMetrics(Samples(field), detail: .brief)
        let analysis = RunAnalysis(path, options: .init(figures: false))
        try analysis.update()
        for v in inRun.values { #expect(analysis.table[v.name]?.last == v.value || v.value.isNaN, "\(v.name)") }
        #expect(!FileManager.default.fileExists(atPath: path + "/figures"))
    }

    @Test func newAndReplacedSnapshotsAreFollowed() throws {
        let path = try makeRun("follow", snapshots: 4)
        let last = path + "/snapshots/000003.h5", aside = path + "/aside.h5"
        try FileManager.default.moveItem(atPath: last, toPath: aside)
        let analysis = RunAnalysis(path, options: .init(figures: false))
        var looks = 0, changes = 0
        try analysis.follow(every: 0.05, until: {
            looks += 1
            if looks == 2 { try? FileManager.default.moveItem(atPath: aside, toPath: last) }
            return looks == 3
        }, changed: { _ in changes += 1 })
        #expect(analysis.table.rows.count == 4 && changes == 2)
        try FileManager.default.removeItem(atPath: path + "/snapshots/000001.h5")
        #expect(try analysis.update() && analysis.table.rows.count == 3)
        #expect(analysis.runHasEnded)
    }

    @Test func damagedAndForeignFiles() throws {
        let path = try makeRun("damaged", snapshots: 4)
        let second = path + "/snapshots/000001.h5"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: second))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: second))
        try Data("not HDF5".utf8).write(to: URL(fileURLWithPath: path + "/snapshots/000002.h5"))
        let analysis = RunAnalysis(path)
        try analysis.update()
        #expect(analysis.table.rows.count == 2 && analysis.problems.count == 2)
        #expect(analysis.problems.allSatisfy { $0.contains("snapshots/00000") })
        let page = try String(contentsOfFile: Report.write(folder: path, analysis: analysis).path, encoding: .utf8)
        #expect(page.contains("000001.h5"))
        // Nothing to read at all, and no folder at all: sentences, and nothing is written.
        let empty = NSTemporaryDirectory() + "/morphology-empty"
        try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
        #expect(throws: RunFileError.self) { try RunAnalysis(empty).update() }
        #expect(throws: RunFileError.self) { try RunAnalysis(empty + "/nowhere").update() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: empty).isEmpty)
        // A snapshot without xi.
        let grid = Grid(nx: 8, ny: 8, spacing: 1e-7)
        try SnapshotWriter().write([OutputField("c", unit: "mol/m^3", longName: "salt", field: Field<Double>(grid))], grid: grid, time: 90, step: 300,
                                   to: path + "/snapshots/000003.h5")
        try analysis.update()
        #expect(analysis.problems.contains { $0.contains("no field xi") })
        // A comparison leaves out what cannot be read and says so.
        let good = try makeRun("good", snapshots: 3)
        let problems = try Report.writeComparison(folders: [path, good, empty], to: good + "/comparison.html")
        #expect(problems.count == 4)
        #expect(throws: RunFileError.self) { try Report.writeComparison(folders: [empty], to: good + "/none.html") }
    }

    @Test func aRunInThreeDimensions() throws {
        let path = try makeRun("deep", snapshots: 3, depth: 48)
        let analysis = RunAnalysis(path, options: .init(figures: true, frames: true))
        try analysis.update()
        #expect(analysis.problems.isEmpty)
        #expect(analysis.table["dendrites"] == [0, 0, 1])
        #expect(abs((analysis.table["Sq"]?[0] ?? 0) / (0.2e-6 / 2.0.squareRoot()) - 1) < 0.01)
        #expect(FileManager.default.fileExists(atPath: path + "/figures/frame-000002.png"))
        try Report.write(folder: path, analysis: analysis)
    }
}
