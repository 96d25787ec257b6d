import Foundation
import RunFiles
import Testing

extension Program {
    /// A run of some tenths of a second that writes checkpoints often; a larger `steps` makes it longer.
    static func sweepBase(steps: Int = 40) -> String {
        """
        { grid: { size: ["6.4 um", "9.6 um"] }, heterogeneity: { variation: 0.5 }, noise: { amplitude: 0.2, interval: "0.5 s" },
          electrolyte: { conductivity: "2.55 S/m" }, control: { currentDensity: "30 mA/cm^2" }, end: { time: "4 s" },
          time: { largestStep: \(4 / Double(steps)) }, output: { parts: 4, checkpointSteps: 20 } }
        """
    }

    /// Writes base.json5 and sweep.json5 and plans them into `sweep`.
    func plan(_ sweep: String, base: String = Program.sweepBase(), into folder: String = "sweep") throws -> Result {
        _ = try input(base, name: "base.json5")
        return try self("sweep", "plan", try input(sweep, name: "sweep.json5"), "-o", folder)
    }

    /// A sweep of currents and seeds.
    static func sweep(currents: Int, seeds: Int, jobs: String = "") -> String {
        """
        { title: "Test", base: "base.json5", seeds: [\((1...seeds).map { "\($0)" }.joined(separator: ", "))], jobs: { \(jobs) },
          parameters: [ { path: "control.currentDensity", from: "10 mA/cm^2", to: "40 mA/cm^2", count: \(currents) } ] }
        """
    }

    /// Cells of a line without line breaks inside.
    static func cells(_ line: Substring) -> [String] {
        var cells = [""], isQuoted = false
        for character in line {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == "," && !isQuoted {
                cells.append("")
            } else {
                cells[cells.count - 1].append(character)
            }
        }
        return cells
    }

    /// The rows of results.csv without what may differ between two sweeps: wall time, core time and resumes.
    func results(_ folder: String = "sweep") throws -> [[String]] {
        try text(folder + "/results.csv").split(separator: "\n").map { Array(Program.cells($0).dropLast(3)) }
    }

    /// Run folders of a sweep that a process works in now, with the process.
    func running(_ folder: String) -> [(name: String, process: Int32)] {
        ((try? DiskFile.names(in: path(folder) + "/runs")) ?? []).compactMap { name in
            FolderLock.holder(of: path("\(folder)/runs/\(name)")).map { (name, $0.process) }
        }
    }

    func wait(seconds: Double = 60, until condition: () throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let began = Date()
        while Date().timeIntervalSince(began) < seconds {
            if try condition() { return }
            Thread.sleep(forTimeInterval: 0.02)
        }
        Issue.record("waited in vain", sourceLocation: sourceLocation)
    }
}
