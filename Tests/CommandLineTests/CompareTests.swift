import Foundation
import RunFiles
import Testing

/// compare and coating, as a user drives them.
struct CompareTests {
    /// A protocol of seconds, and two designs that differ in their heterogeneity.
    static let box = """
        { grid: { size: ["9.6 um", "8 um"] }, initial: { thickness: "2 um" }, planning: "estimate", heterogeneity: { correlationLength: "1 um" },
          control: { currentDensity: "10 mA/cm^2" }, end: { time: "20 s" }, output: { parts: 4 } }
        """

    func design(_ program: Program, _ name: String, variation: Double) throws -> String {
        try program.input("{ heterogeneity: { variation: \(variation) } }", name: name + ".json5")
    }

    @Test func ranksPairedBySeed() throws {
        let program = try Program(), rules = try program.input(Self.box, name: "short.json5")
        let rough = try design(program, "rough", variation: 0.6), smooth = try design(program, "smooth", variation: 0.1)
        let arguments = ["compare", rough, smooth, "--protocol", rules, "--seeds", "3", "-o", "out"]
        let result = try program.run(arguments)
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.contains("smooth is better than rough in roughness") && result.output.contains("| 1 | smooth |"), "\(result.output)")
        #expect(result.output.contains("3 of 3"))
        for name in ["comparison.csv", "comparison.md", "comparison.html", "runs.csv", "figures/surfaces.png", "figures/roughness.svg", "figures/voltage.svg",
                     "runs/rough/seed-3/series.csv"] { #expect(program.exists("out/" + name), "\(name)") }

        // One seed is one map in both designs: with small amplitudes the surfaces have the same shape.
        let runs = try program.text("out/runs.csv").split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        #expect(runs.count == 6)
        func roughness(_ design: String) -> [Double] { runs.filter { $0[0] == design }.compactMap { Double($0[3]) } }
        let pairs = zip(roughness("rough"), roughness("smooth")).map { $0 - $1 }
        let mean = pairs.reduce(0, +) / 3, deviation = (pairs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2).squareRoot()
        let row = try #require(try program.text("out/comparison.csv").split(separator: "\n").first { $0.hasPrefix("smooth,roughness") })
        let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        #expect(
            abs((Double(cells[8]) ?? 0) / -mean - 1) < 1e-9 && abs((Double(cells[9]) ?? 0) / (deviation / 3.0.squareRoot()) - 1) < 1e-9
                && cells[10] == "3")

        // Finished runs are kept, missing ones are made.
        let kept = program.path("out/runs/rough/seed-1/series.csv"),
            before = try FileManager.default.attributesOfItem(atPath: kept)[.modificationDate] as? Date
        try FileManager.default.removeItem(atPath: program.path("out/runs/smooth/seed-2"))
        #expect(try program.run(arguments).code == 0)
        #expect(
            try FileManager.default.attributesOfItem(atPath: kept)[.modificationDate] as? Date == before
                && program.exists("out/runs/smooth/seed-2/series.csv"))
        #expect(
            try program.text("out/runs.csv").split(separator: "\n").dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false)[3] }
                == runs.map { $0[3] })

        // Run folders as they are.
        let folders = try program("compare", "out/runs/rough/seed-1", "out/runs/smooth/seed-2", "-o", "folders")
        #expect(folders.code == 0 && folders.output.contains("seed-2"), "\(folders.errors)")
    }

    /// Every whole cycle of every run has its row, whose books close; the last one is cut short by the end of the run and has none.
    @Test func cycles() throws {
        let program = try Program(), rules = try program.input("""
            { grid: { size: ["6.4 um", "8 um"] }, initial: { thickness: "3 um" }, planning: "estimate",
              interphase: { native: { resistance: "20 ohm cm^2", variation: 0.4, corrosionCurrentDensity: "2 mA/cm^2" } },
              control: { mode: "protocol", repeats: 4, steps: [
                { kind: "plate", currentDensity: "20 mA/cm^2", duration: "10 s" }, { kind: "strip", currentDensity: "20 mA/cm^2", duration: "8 s" } ] },
              end: { time: "70 s" }, output: { interval: "5 s" } }
            """, name: "cycles.json5")
        let bare = try program.input("{}", name: "bare.json5")
        let film = try program.input("{ coating: { resistance: \"10 ohm cm^2\", corrosionCurrentDensity: \"1 mA/cm^2\" } }", name: "film.json5")
        let result = try program("compare", bare, film, "--protocol", rules, "--seeds", "1", "-o", "out")
        #expect(result.code == 0 && result.output.contains("Coulombic efficiency"), "\(result.errors)")
        let table = try SeriesTable(program.path("out/runs/bare/seed-1/cycles.csv"))
        #expect(table["cycle"] == [1, 2, 3])
        for row in table.rows {
            let value = Dictionary(zip(table.columns.map(\.name), row)) { first, _ in first }
            func of(_ name: String) -> Double { value[name] ?? .nan }
            #expect(abs(of("plated") / 2000 - 1) < 1e-6 && abs(of("Coulombic efficiency") / 0.8 - 1) < 1e-6 && of("corroded") > 0)
            let gone = of("stripped") + of("corroded") + of("dead metal") + of("metal left") + of("dissolved metal")
            #expect(abs(of("plated") / gone - 1) < 1e-9, "\(row)")
            // 20 ohm cm^2 at 20 mA/cm^2 with what the reaction and the electrolyte take.
            #expect(of("plating potential") < -0.4 && of("plating potential") > -0.6 && of("stripping potential") > 0.4, "\(row)")
        }
        let all = try program.text("out/cycles.csv").split(separator: "\n")
        #expect(all.count == 7 && all[0].hasPrefix("design,seed,time [s],cycle [1],plated") && all[4].hasPrefix("film,1,"))
        #expect(program.exists("out/figures/efficiency.svg") && !program.exists("out/figures/dead-lithium.svg"))
        #expect(try program("report", "out/runs/bare/seed-1").code == 0)
        #expect(try program.text("out/runs/bare/seed-1/report.html").contains("against a reservoir"))
    }

    @Test func stopsAndGoesOn() throws {
        let program = try Program(),
            rules = try program.input(
                Self.box.replacingOccurrences(of: "output", with: "time: { largestStep: \"2 ms\" }, output"), name: "long.json5")
        let arguments = ["compare", try design(program, "a", variation: 0.6), "--protocol", rules, "--seeds", "1", "-o", "out"]
        let running = try program.start(arguments)
        for _ in 0..<400 where !program.exists("out/runs/a/seed-1/snapshots/000000.h5") { Thread.sleep(forTimeInterval: 0.05) }
        running.send(SIGTERM)
        let result = try running.finish()
        #expect(result.code == 3 && result.output.contains("the same command goes on"), "\(result.errors)\(result.output)")
        #expect(try RunFolder.status(of: program.path("out/runs/a/seed-1")).state == .stopped)
    }

    /// A cell that is given replaces the one of the protocol with its film.
    @Test func aCellStandsAsAWhole() throws {
        let program = try Program(), film = "interphase: { native: { resistance: \"20 ohm cm^2\", variation: 0.5 } }, output"
        let rules = try program.input(Self.box.replacingOccurrences(of: "output", with: film), name: "film.json5")
        let cell = try program.input(
            "{ counterElectrode: { kind: \"lithium\" }, kinetics: { exchangeCurrentDensity: \"5 mA/cm^2\" } }", name: "cell.json5")
        let solid = try program.input("{ electrolyte: { kind: \"singleIon\", conductivity: \"0.2 S/m\" } }", name: "solid.json5")
        #expect(try program("compare", solid, "--protocol", rules, "--cell", cell, "--seeds", "1", "-o", "cell").code == 0)
        let given = try program.text("cell/runs/solid/seed-1/resolved.json5")
        #expect(!given.contains("20 ohm") && !given.contains("native: {") && given.contains("lithium") && given.contains("5 mA/cm^2"))
        #expect(try program("compare", solid, "--protocol", rules, "--seeds", "1", "-o", "own").code == 0)
        #expect(try program.text("own/runs/solid/seed-1/resolved.json5").contains("20 ohm"))
    }

    @Test func aFailedRunIsReported() throws {
        let program = try Program()
        let rules = try program.input(
            Self.box.replacingOccurrences(of: "output", with: "time: { fixedStep: \"10 s\", largestPasses: 2, passTolerance: 1e-12 }, output"),
            name: "bad.json5")
        let result = try program("compare", try design(program, "a", variation: 0.6), "--protocol", rules, "--seeds", "1", "-o", "out")
        #expect(result.code == 1 && result.errors.contains("a/seed-1"), "\(result.errors)")
    }

    @Test(arguments: [
            (["compare", "azcnf-29nm"], "did you mean azcnf-28nm?"),
            (["compare", "bare.json5", "--protocol", "plate-30mim"], "did you mean plate-30min?"),
        (["compare", "bare.json5", "--protocol", "wrong.json5"], "control.steps.0.kind must be one of"),
        (["compare", "bare.json5", "--protocol", "wrong.json5"], "\"pulse\" is not"),
            (["compare", "bare.json5", "bare.json5", "--protocol", "box.json5"], "two designs are called bare"),
            (["compare", "bare.json5", "--seeds", "0"], "at least 1"),
            (["compare", "bare.json5", "--rank", "roughnes"], "did you mean \"roughness\"?"),
            (["compare", "bare.json5", "--protocol", "box.json5", "--set", "end.tim=3"], "did you mean"),
        (["compare", "negative.json5", "--protocol", "box.json5"], "coating.thickness must be above 0"), (["compare"], "needs DESIGN"),
        (["coating", "negative.json5"], "coating.thickness must be above 0"), (["coating", "unbalanced.json5"], "sums to 0.9, not to 1"),
        (["coating", "box.json5"], "holds no coating"), (["coating", "nowhere.json5"], "cannot read \"nowhere.json5\""),
            (["coating", "negative.json5", "--current", "1 mA"], "--current expects a current density"),
            (["coating", "negative.json5", "--thickness", "0 nm"], "above 0"),
    ] as [([String], String)]) func mistakes(_ words: [String], _ message: String) throws {
        let program = try Program()
        _ = try program.input(Self.box, name: "box.json5")
        _ = try program.input("{ heterogeneity: { variation: 0 } }", name: "bare.json5")
        _ = try program.input("{ coating: { thickness: \"-28 nm\" } }", name: "negative.json5")
        _ = try program.input("{ coating: { composition: { Al: 0.5, Zn: 0.4 } } }", name: "unbalanced.json5")
        _ = try program.input("{ control: { mode: \"protocol\", steps: [{ kind: \"pulse\" }] }, end: { time: \"1 s\" } }", name: "wrong.json5")
        let result = try program.run(words)
        #expect(result.code == 2 && result.errors.contains(message), "\(result.errors)")
        #expect(!program.exists("Outputs"))
    }

    /// Every protocol that ships is a good run, and takes every coating that has a film.
    @Test func protocolsAreGood() throws {
        let program = try Program(),
            inputs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Inputs").path
        let protocols = try FileManager.default.contentsOfDirectory(atPath: inputs + "/protocols").filter { $0.hasSuffix(".json5") }.map {
            "\(inputs)/protocols/\($0)"
        }
        #expect(protocols.count >= 4)
        for path in protocols {
            let plain = try program("check", path)
            #expect(plain.code == 0, "\(path): \(plain.errors)")
        }
    }

    @Test func cardsAsJSON() throws {
        let program = try Program()
        let one = try #require(JSONSerialization.jsonObject(with: Data(try program("coating", "azcnf-28nm", "--json").output.utf8)) as? [String: Any])
        #expect(abs((one["configurationalEntropyOverR"] as? Double ?? 0) - 1.609) < 5e-4 && one["utilisation"] is NSNull)
        let two = try #require(
            JSONSerialization.jsonObject(with: Data(try program("coating", "li-mg", "w-cu", "--json", "--current", "0.5 mA/cm^2").output.utf8))
                as? [[String: Any]])
        #expect(two.count == 2 && abs((two[0]["utilisation"] as? Double ?? 0) / 0.7932 - 1) < 1e-3)
        let list = try program("coating")
        #expect(list.code == 0 && list.output.contains("azcnf-70nm") && list.output.contains("mg-w-cu"))
        // A coating alone in its file, without the group around it.
        let bare = try program.input("{ thickness: \"5 um\", diffusivity: [\"6e-11 cm^2/s\"], maximumConcentration: \"69.6 mol/L\" }")
        #expect(try program("coating", bare).output.contains("0.5887"))
    }
}
