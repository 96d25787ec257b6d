import Foundation
import RunFiles
import Testing

/// describe, check and analyze.
struct DescribeTests {
    @Test func describesEveryParameter() throws {
        let program = try Program()
        let all = try program("describe")
        #expect(all.code == 0)
        for path in ["electrolyte.transferenceNumber", "output.checkpointInterval", "end.capacity", "planning"] { #expect(all.output.contains(path)) }
        let one = try program("describe", "exchangeCurrentDensity")
        #expect(one.output.contains("kinetics.exchangeCurrentDensity") && one.output.contains("3 mA/cm^2") && one.output.contains("above 0"))
        let list = try #require(JSONSerialization.jsonObject(with: Data(try program("describe", "--json").output.utf8)) as? [[String: Any]])
        #expect(list.count > 60 && list.allSatisfy { ($0["meaning"] as? String)?.isEmpty == false })
        let schema = try #require(JSONSerialization.jsonObject(with: Data(try program("describe", "--schema").output.utf8)) as? [String: Any])
        #expect((schema["properties"] as? [String: Any])?["control"] != nil)
        let input = try program.input("{ grid: { size: [1e-5, 1e-5] }, end: { time: \"7 s\" } }")
        #expect(try program("describe", input).output.contains("7 s"))
    }

    /// The memory estimate against the peak of the run itself.
    @Test(arguments: [
        #"grid: { size: ["16 um", "12.8 um", "12.8 um"] }"#,
        #"grid: { size: ["16 um", "12.8 um", "12.8 um"] }, precision: "float""#,
        #"grid: { size: ["100 um", "80 um"] }, counterElectrode: { kind: "lithium" }, noise: { amplitude: 0.1 }"#,
    ])
    func memoryIsForeseen(_ settings: String) throws {
        let program = try Program()
        let input = try program.input("{ \(settings), planning: \"estimate\", end: { time: \"10 ms\" }, output: { parts: 1 } }")
        let check = try program("check", input), run = try program("run", input, "--threads", "1")
        #expect(check.code == 0 && run.code == 0, "\(check.errors)\(run.errors)")
        func megabytes(_ text: String, _ name: String) -> Double {
            let words = text.components(separatedBy: "\n").first { $0.contains(name) }?.split(separator: " ").map(String.init) ?? []
            return words.firstIndex { $0.hasSuffix("iB") }.flatMap { n in Double(words[n - 1]).map { $0 * (words[n] == "GiB" ? 1024 : 1) } } ?? .nan
        }
        let foreseen = megabytes(check.output, "  memory"), needed = megabytes(run.output, "peak memory")
        #expect(abs(foreseen / needed - 1) < 0.05, "\(foreseen) MiB foreseen, \(needed) MiB needed")
    }

    /// The analysis of the snapshots gives the numbers of the run's own table.
    @Test func analysisAgreesWithTheSeries() throws {
        let program = try Program()
        let input = try program.input("""
            { grid: { size: ["12.8 um", "9.6 um"] }, heterogeneity: { variation: 0.8 }, control: { currentDensity: "30 mA/cm^2" }, planning: "estimate",
              end: { time: "12 s" }, output: { parts: 4 } }
            """)
        #expect(try program("run", input, "-o", "run", "-q").code == 0)
        let result = try program("analyze", "run", "--no-figures")
        #expect(result.code == 0, "\(result.errors)")
        let series = try SeriesTable(program.path("run/series.csv"))
        // The metrics leave cells empty.
        let table = try program.text("run/metrics.csv").split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        func metrics(_ name: String) -> [Double]? {
            table[0].firstIndex { $0.hasPrefix(name + " [") }.map { n in table.dropFirst().compactMap { Double($0[n]) } }
        }
        #expect(series.rows.count == 5)
        for name in ["time", "tip height", "valley height", "mean height", "Ra", "Rq", "Rz"] {
            #expect(series[name] == metrics(name), "\(name)")
        }
        #expect(try program("report", "run").code == 0)
        #expect(program.exists("run/report.html"))
        #expect(try program("analyze", "nowhere").code == 1)
    }
}
