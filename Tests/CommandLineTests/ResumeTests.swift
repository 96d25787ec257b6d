import Campaigns
import Electrodeposition
import Foundation
import Grids
import RunFiles
import Spectral
import Testing

/// A run that is stopped or killed and resumed equals the straight run, bit for bit, whatever it remembers from step to step.
@Suite(.serialized)
struct ResumeTests {
    struct Option: Sendable, CustomTestStringConvertible {
        let name: String
        let settings: String
        /// Random kills before the run may finish.
        var kills = 2
        var testDescription: String { name }
    }

    static let small = #"size: ["6.4 um", "9.6 um"], spacing: "0.2 um""#

    static let options = [
        Option(name: "noise and heterogeneity", settings: """
            grid: { \(small) }, heterogeneity: { variation: 0.5 }, noise: { amplitude: 0.3, interval: "0.2 s" },
            control: { mode: "potentiostatic", potential: "-0.2 V" }, end: { time: "12 s" }
            """, kills: 4),
        Option(name: "protocol", settings: """
            grid: { \(small) }, heterogeneity: { variation: 0.3 },
            control: { mode: "protocol", repeats: 2, steps: [
                { kind: "plate", currentDensity: "20 mA/cm^2", duration: "12 s" }, { kind: "rest", duration: "3 s" },
                { kind: "strip", currentDensity: "15 mA/cm^2", capacity: "0.02 mAh/cm^2" },
                { kind: "ramp", currentDensity: "5 mA/cm^2", finalCurrentDensity: "30 mA/cm^2", duration: "6 s" },
                { kind: "hold", potential: "-0.1 V", duration: "5 s" } ] }
            """, kills: 4),
        Option(name: "lithium counter electrode, capillarity allenCahn, table laws", settings: """
            grid: { \(small) }, heterogeneity: { variation: 0.5 }, counterElectrode: { kind: "lithium" }, interface: { capillarity: "allenCahn" },
            electrolyte: { conductivityLaw: "table", diffusivityLaw: "table", tableConcentrations: [100, 1000, 2000],
                tableConductivities: [0.3, 1.0, 0.9], tableDiffusivities: [4e-10, 3e-10, 2e-10] },
            control: { currentDensity: "30 mA/cm^2" }, end: { capacity: "0.3 mAh/cm^2" }
            """, kills: 3),
        Option(name: "sharp scheme, anisotropy, reference potential", settings: """
            grid: { \(small) }, interface: { scheme: "sharp", anisotropy: { strength: 0.05 } }, initial: { amplitude: "0.4 um", seedRadius: "0.8 um" },
            electrolyte: { potential: "reference", thermodynamicFactor: 1.5, conductivityLaw: "nernstEinstein" },
            control: { currentDensity: "30 mA/cm^2" }, end: { time: "20 s" }
            """, kills: 3),
        Option(name: "float, single ion", settings: """
            grid: { \(small) }, precision: "float", heterogeneity: { variation: 0.5 }, electrolyte: { kind: "singleIon", conductivity: "0.05 S/m" },
            control: { currentDensity: "5 mA/cm^2" }, end: { time: "200 s" }
            """, kills: 3),
        Option(name: "coating with holes that breaks, feedback and corrosion", settings: """
            grid: { \(small) },
            coating: { thickness: "28 nm", coverageThickness: "20 nm", resistance: "3.4 ohm cm^2", resistanceVariation: 0.2, siteFactor: 1.824,
                corrosionCurrentDensity: "3 mA/cm^2", failureStrain: "5 %", diffusivity: ["1.2e-15 m^2/s"], maximumConcentration: "10 mol/L" },
            interphase: { native: { resistance: "5 ohm cm^2", corrosionCurrentDensity: "4 mA/cm^2" }, feedback: { smoothingLength: "0.8 um", relaxationTime: "5 s" } },
            control: { mode: "protocol", repeats: 2, steps: [
                { kind: "plate", currentDensity: "40 mA/cm^2", duration: "10 s" }, { kind: "strip", currentDensity: "40 mA/cm^2", duration: "9 s" } ] }
            """, kills: 3),
        Option(name: "three dimensions", settings: """
            grid: { size: ["3.2 um", "6.4 um", "2.8 um"], spacing: "0.2 um" }, heterogeneity: { variation: 0.5 },
            control: { currentDensity: "30 mA/cm^2" }, end: { time: "12 s" }
            """, kills: 3),
    ]

    @Test(arguments: options)
    func stoppedAndKilledRunsEqualTheStraightOne(_ option: Option) throws {
        let program = try Program()
        let input = try program.input("""
            { \(option.settings), planning: "estimate",
              output: { parts: \(option.settings.contains("protocol") ? "null" : "6"), checkpointSteps: 7, precision: "double", fields: ["xi", "c", "phi", "live"] } }
            """)
        let arguments = ["run", input, "--threads", "1", "--quiet"]
        let began = Date()
        let straight = try program.run(arguments + ["-o", "straight"])
        let length = Date().timeIntervalSince(began)
        #expect(straight.code == 0, "\(straight.errors)")

        for (folder, signal, times) in [("stopped", SIGTERM, 1), ("killed", SIGKILL, option.kills)] {
            for _ in 0..<times {
                let running = try program.start(arguments + ["-o", folder, "--resume"])
                Thread.sleep(forTimeInterval: Double.random(in: 0.1...0.7) * length)
                // Before its folder is there a run does not know signals.
                while signal == SIGTERM && running.isRunning && !FileManager.default.fileExists(atPath: program.path(folder)) { usleep(1000) }
                running.send(signal)
                let result = try running.finish()
                if signal == SIGTERM { #expect([0, 3].contains(result.code), "\(result.errors)") }
                #expect(result.wasKilled || [0, 3].contains(result.code), "\(result.errors)")
            }
            let last = try program.run(arguments + ["-o", folder, "--resume"])
            #expect(last.code == 0, "\(last.errors)")
            try expectEqual(program.path("straight"), program.path(folder))
        }
    }

    /// Measured plans are kept in the folder: with them a killed run equals one that went through.
    @Test func measuredPlansAreKept() throws {
        let program = try Program()
        let input = try program.input("""
            { grid: { \(Self.small) }, heterogeneity: { variation: 0.5 }, control: { currentDensity: "30 mA/cm^2" }, end: { time: "15 s" },
              output: { parts: 5, checkpointSteps: 7, precision: "double" } }
            """)
        let arguments = ["run", input, "--threads", "2", "--quiet"]
        #expect(try program.run(arguments + ["-o", "straight"]).code == 0)
        try FileManager.default.copyItem(atPath: program.path("straight"), toPath: program.path("killed"))
        let running = try program.start(arguments + ["-o", "killed", "--overwrite"])
        Thread.sleep(forTimeInterval: 0.2)
        running.send(SIGKILL)
        _ = try running.finish()
        #expect(try program.run(arguments + ["-o", "killed", "--resume"]).code == 0)
        try expectEqual(program.path("straight"), program.path("killed"))
        // Killed between an old run's end and its own beginning a run leaves the plans alone.
        for name in try FileManager.default.contentsOfDirectory(atPath: program.path("killed")) where name != "fftw.wisdom" {
            try FileManager.default.removeItem(atPath: program.path("killed") + "/" + name)
        }
        let began = try program.run(arguments + ["-o", "killed", "--resume"])
        #expect(began.code == 0, "\(began.errors)")
        try expectEqual(program.path("straight"), program.path("killed"))
    }

    // MARK: - Comparison

    func expectEqual(_ a: String, _ b: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(
            try String(contentsOfFile: a + "/series.csv", encoding: .utf8) == String(contentsOfFile: b + "/series.csv", encoding: .utf8),
            sourceLocation: sourceLocation)
        #expect((try? DiskFile.text(a + "/cycles.csv")) == (try? DiskFile.text(b + "/cycles.csv")), sourceLocation: sourceLocation)
        let first = try RunFolder.snapshots(of: a), second = try RunFolder.snapshots(of: b)
        #expect(first.count == second.count && first.count > 3, sourceLocation: sourceLocation)
        for (one, other) in zip(first, second) {
            let one = try Snapshot(one), other = try Snapshot(other)
            #expect(one.time == other.time && one.step == other.step && one.fields == other.fields, sourceLocation: sourceLocation)
            for field in one.fields {
                let x = try one.values(field.name).map(\.bitPattern), y = try other.values(field.name).map(\.bitPattern)
                #expect(x == y, "\(field.name) of \(one.path)", sourceLocation: sourceLocation)
            }
        }
        let settings = try RunInput(a).settings
        switch settings.simulation.precision {
        case .double: try expectEqualCheckpoints(a, b, settings, Double.self, sourceLocation)
        case .float: try expectEqualCheckpoints(a, b, settings, Float.self, sourceLocation)
        }
    }

    private func expectEqualCheckpoints<T: FFTReal>(_ a: String, _ b: String, _ settings: RunSettings, _: T.Type, _ place: SourceLocation) throws {
        let states = try [a, b].map { folder in
            let simulation = try Simulation<T>(settings.simulation, on: Device(), effort: .estimate), ledger = RunLedger()
            let found = try #require(try Checkpoint.newestValid(in: folder))
            try found.checkpoint.restore(simulation.state + ledger.state)
            return simulation.state + ledger.state
        }
        for (one, other) in zip(states[0], states[1]) {
            #expect(Self.bytes(one, T.self) == Self.bytes(other, T.self), "\(one.name)", sourceLocation: place)
        }
    }

    /// Cells of fields (their padding may hold anything), whole arrays, numbers.
    private static func bytes<T: Real>(_ item: StateItem, _: T.Type) -> [UInt8] {
        switch item {
        case .number(_, let get, _): withUnsafeBytes(of: get()) { Array($0) }
        case .array(_, _, _, _, let owner) where owner is Field<T>: (owner as! Field<T>).values().withUnsafeBytes { Array($0) }
        case .array(_, let element, let count, let memory, _): Array(UnsafeRawBufferPointer(start: memory, count: count * element.size))
        }
    }
}
