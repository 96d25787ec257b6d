import Campaigns
import Morphology
import RunFiles

extension Command {
    static let analyze = Command(
        name: "analyze", operands: 1...Int.max, operandName: "DIR", summary: "Write metrics.csv and figures/ of run folders again from their snapshots",
        flags: [
            Flag(name: "--follow", meaning: "go on while the run does (one folder)"),
            Flag(name: "--frames", meaning: "also one picture per snapshot, figures/frame-NNNNNN.png"),
            Flag(name: "--no-figures", meaning: "metrics only"),
        ]
    ) { arguments in
        if arguments.has("--follow") && arguments.operands.count > 1 { throw UsageError("--follow takes one folder") }
        let options = RunAnalysis.Options(figures: !arguments.has("--no-figures"), frames: arguments.has("--frames"))
        return try forEachFolder(arguments.operands) { folder in
            let analysis = RunAnalysis(folder, options: options)
            func tell(_ analysis: RunAnalysis) {
                Terminal.print("\(folder): \(analysis.table.rows.count) snapshots in metrics.csv, \(analysis.figures.count) figures")
            }
            if arguments.has("--follow") {
                try analysis.follow(until: { analysis.runHasEnded }, changed: tell)
            } else {
                try analysis.update()
                tell(analysis)
            }
            return analysis.problems
        }
    }

    static let report = Command(
        name: "report", operands: 1...Int.max, operandName: "DIR", summary: "Write report.html into run folders, or one page that compares them",
        flags: [Flag(name: "--output", short: "-o", value: "FILE", meaning: "one page for all the folders side by side, instead of one in each")]
    ) { arguments in
        if let path = arguments.value("--output") {
            let problems = try Report.writeComparison(folders: arguments.operands, to: path)
            for problem in problems { Terminal.complain("dendrite: \(problem)") }
            Terminal.print(path)
            return problems.isEmpty ? 0 : 1
        }
        return try forEachFolder(arguments.operands) { folder in
            let (path, problems) = try Report.write(folder: folder, citations: citations(of: folder))
            Terminal.print(path)
            return problems
        }
    }

    private static func citations(of folder: String) -> [String] { (try? RunInput(folder))?.settings.citations ?? [] }

    /// Does every folder, whatever happens with the others; 1 when something could not be read.
    private static func forEachFolder(_ folders: [String], _ body: (String) throws -> [String]) throws -> Int32 {
        var isGood = true
        for folder in folders {
            do {
                for problem in try body(folder) {
                    Terminal.complain("dendrite: \(problem)")
                    isGood = false
                }
            } catch let error as RunFileError {
                Terminal.complain("dendrite: \(error)")
                isGood = false
            }
        }
        return isGood ? 0 : 1
    }
}
