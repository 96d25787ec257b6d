import Campaigns
import Foundation
import Morphology
import RunFiles
import Testing

/// Main effects, ranks and Pareto fronts against cases that can be worked out by hand.
struct SweepAnalysisTests {
    @Test func rankCorrelation() throws {
        let x = [1.0, 2, 3, 4, 5]
        #expect(Statistics.rankCorrelation(x, x.map { exp($0) }) == 1)
        #expect(Statistics.rankCorrelation(x, x.map { -$0 * $0 * $0 }) == -1)
        #expect(Statistics.rankCorrelation(x, [2, 2, 2, 2, 2]) == nil)
        // 1 - 6 sum d^2 / (n (n^2 - 1)) with d = 1, 1, 0, 1, 1.
        #expect(abs(try #require(Statistics.rankCorrelation(x, [2, 1, 3, 5, 4])) - 0.8) < 1e-14)
        // Ties share their mean rank: ranks 1.5 1.5 3 against 1 2 3, by Pearson's formula sqrt(3)/2.
        #expect(abs(try #require(Statistics.rankCorrelation([1, 1, 2], [1, 2, 3])) - 0.75.squareRoot()) < 1e-14)
        // Rounding is no difference.
        #expect(Statistics.rankCorrelation([1, 2, 3], [400, 400.00000000000006, 400]) == nil)
    }

    @Test func paretoFront() {
        #expect(Statistics.nondominated([[1, 5], [2, 3], [4, 1], [3, 4], [2, 3]]) == [0, 1, 2, 4])
        #expect(Statistics.nondominated([[1, 1], [1 + 1e-13, 0.5]]) == [1])
        #expect(Statistics.nondominated([[3], [1], [2]]) == [1])
    }

    /// y = 3 a + b + seed noise on a 4 x 4 grid: the variances of the parts are 9 to 1 to a known third.
    @Test func mainEffects() throws {
        let program = try Program()
        #expect(try program.plan("""
            { base: "base.json5", seeds: [1, 2], objectives: [ { metric: "y", goal: "maximize" }, { metric: "z" } ], parameters: [
                { path: "control.currentDensity", from: "1 mA/cm^2", to: "4 mA/cm^2", count: 4 }, { path: "output.compression", values: [1, 2, 3, 4] } ] }
            """).code == 0)
        let manifest = try SweepManifest(reading: program.path("sweep"))
        for row in manifest.rows {
            let a = Double(row.cells[0].prefix(1))!, b = Double(row.cells[1])!, e = row.cells[2] == "1" ? 0.5 : -0.5
            let folder = try RunFolder(program.path("sweep/" + row.directory), opening: .fresh)
            let series = try folder.series([.init("time", unit: "s"), .init("y", unit: "m"), .init("z", unit: "1")])
            try series.append([0, 7, 7])
            try series.append([1, 3 * a + b + e, -3 * a])
            try folder.setStatus(RunStatus(row.index == 31 ? .failed : .done, reason: "x, \"y\"", fraction: 1))
        }
        let results = try SweepResults(program.path("sweep")), analysis = SweepAnalysis(results)
        // The failed row is left out of the analysis but not of the table.
        #expect(results.text.contains("failed,\"x, \"\"y\"\"\",1.0,15.5,-12.0"))
        let y = analysis.sensitivities.filter { $0.metric == "y" }
        #expect(y.map(\.parameter) == ["control.currentDensity", "output.compression"])
        let effect = y[0].levels.map(\.mean)
        // Level means over the 8 (the last: 7) runs: 3 a + 2.5, where the missing run has b = 4 and e = -0.5.
        for (a, mean) in zip(1...3, effect) { #expect(abs(mean - (3 * Double(a) + 2.5)) < 1e-12) }
        #expect(abs(effect[3] - (12 + (20 - 3.5) / 7)) < 1e-12 && y[0].levels[3].count == 7)
        #expect(try #require(y[0].rankCorrelation) > 0.9 && y[0].share > 0.8 && y[1].share < 0.15)
        // The best y is a = 4, b = 4; z falls with a alone, so no other design is on the front.
        #expect(analysis.designs.count == 16 && analysis.designs.filter(\.isBest).map(\.cells) == [["4 mA/cm^2", "4"]])
        #expect(analysis.designs.last?.runs == 1 && analysis.designs.first?.deviations[0] == 0.5.squareRoot())
    }

    /// Without noise and with every row: sums of squares are 9 : 1, to rounding.
    @Test func sharesOfVariance() throws {
        let program = try Program()
        #expect(try program.plan("""
            { base: "base.json5", objectives: [ { metric: "y" } ], parameters: [
                { path: "control.currentDensity", values: [1, 2, 3, 4] }, { path: "output.compression", values: [1, 2, 3, 4] } ] }
            """).code == 0)
        for row in try SweepManifest(reading: program.path("sweep")).rows {
            let folder = try RunFolder(program.path("sweep/" + row.directory), opening: .fresh)
            let series = try folder.series([.init("time", unit: "s"), .init("y", unit: "m")])
            try series.append([1, 3 * Double(row.cells[0])! + Double(row.cells[1])!])
            try folder.setStatus(RunStatus(.done, fraction: 1))
        }
        let analysis = SweepAnalysis(try SweepResults(program.path("sweep")))
        #expect(analysis.sensitivities.map { ($0.share * 1e10).rounded() / 1e10 } == [0.9, 0.1])
        #expect(analysis.sensitivities.map { ($0.range * 1e9).rounded() / 1e9 } == [9, 3])
        let result = try program("sweep", "collect", "sweep")
        #expect(result.code == 0 && result.output.contains("control.currentDensity   90 % of the variance"), "\(result.output)")
    }
}
