import Campaigns
import Foundation
import Parameters
import RunFiles
import Testing

/// What a plan expands to, how its folders are called, and what it refuses.
struct SweepPlanTests {
    private func plan(_ text: String, base: String = Program.sweepBase()) throws -> SweepPlan {
        let program = try Program()
        _ = try program.input(base, name: "base.json5")
        return try SweepPlan(program.path(try program.input(text, name: "sweep.json5")), folder: program.path("sweep"))
    }

    private func column(_ plan: SweepPlan, _ path: String) throws -> [String] {
        let number = try #require(plan.manifest.parameters.firstIndex(of: path))
        return plan.manifest.rows.map { $0.cells[number] }
    }

    private static let two = """
        parameters: [ { path: "control.currentDensity", values: ["10 mA/cm^2", 200] },
                      { path: "interface.halfWidth", from: "0.2 um", to: "0.4 um", count: 2 } ]
        """

    @Test func grid() throws {
        let plan = try plan("{ base: \"base.json5\", seeds: [7, 8], \(Self.two) }")
        #expect(plan.manifest.rows.count == 8 && plan.manifest.rows.map(\.index) == Array(0..<8))
        #expect(try column(plan, "control.currentDensity") == ["10 mA/cm^2", "10 mA/cm^2", "10 mA/cm^2", "10 mA/cm^2", "200", "200", "200", "200"])
        #expect(try column(plan, "interface.halfWidth") == ["0.2 um", "0.2 um", "0.4 um", "0.4 um", "0.2 um", "0.2 um", "0.4 um", "0.4 um"])
        // Every seed of the model, and nothing else.
        let known = RunSettings().entries().filter { $0.name == "seed" && !$0.isPattern }.map(\.path)
        #expect(Array(plan.manifest.parameters.dropFirst(2)) == known && known.contains("heterogeneity.seed") && known.contains("noise.seed"))
        #expect(try column(plan, "noise.seed") == ["7", "8", "7", "8", "7", "8", "7", "8"])
    }

    @Test func zipAndList() throws {
        let zipped = try plan("{ base: \"base.json5\", plan: \"zip\", \(Self.two) }")
        #expect(zipped.manifest.rows.map(\.cells) == [["10 mA/cm^2", "0.2 um"], ["200", "0.4 um"]])
        let listed = try plan("""
            { base: "base.json5", plan: "list", points: [ { "control.currentDensity": "10 mA/cm^2" }, { "output.times": ["1 s", 2.5], "control.currentDensity": 200 } ] }
            """)
        #expect(listed.manifest.rows.map(\.cells) == [["10 mA/cm^2", ""], ["200", "[\"1 s\",2.5]"]])
    }

    @Test func ranges() throws {
        let plan = try plan("""
            { base: "base.json5", plan: "zip", parameters: [
                { path: "control.currentDensity", from: "1 mA/cm^2", to: "100 mA/cm^2", count: 5, spacing: "logarithmic" },
                { path: "electrolyte.conductivity", from: "2.5 S/m", to: "2.6 S/m", count: 5 }, { path: "noise.seed", from: 1, to: 9, count: 5 } ] }
            """)
        // Equal ratios and equal differences, to the six digits that are kept; the unit is that of the upper end.
        let currents = try column(plan, "control.currentDensity").map { try Quantity(parsing: $0).value / 10 }
        for (i, current) in currents.enumerated() { #expect(abs(current / pow(10, Double(i) / 2) - 1) < 5e-6) }
        #expect(try column(plan, "electrolyte.conductivity") == ["2.5 S/m", "2.525 S/m", "2.55 S/m", "2.575 S/m", "2.6 S/m"])
        #expect(try column(plan, "noise.seed") == ["1", "3", "5", "7", "9"])
    }

    /// Each of n strata of every range holds exactly one sample; columns are not copies of each other; the seed decides.
    @Test func latinHypercube() throws {
        func sweep(_ seed: Int) throws -> SweepPlan {
            try plan("""
                { base: "base.json5", plan: "latinHypercube", samples: 40, seed: \(seed), parameters: [
                    { path: "control.currentDensity", from: "1 mA/cm^2", to: "41 mA/cm^2" }, { path: "interface.halfWidth", from: "0.2 um", to: "0.4 um" },
                    { path: "noise.interval", from: "0.1 s", to: "10 s", spacing: "logarithmic" }, { path: "output.compression", values: [0, 1, 2, 3] } ] }
                """)
        }
        let first = try sweep(1)
        let currents = try column(first, "control.currentDensity").map { try Quantity(parsing: $0).value / 10 }
        let widths = try column(first, "interface.halfWidth").map { try Quantity(parsing: $0).value * 1e6 }
        let intervals = try column(first, "noise.interval").map { log10(try Quantity(parsing: $0).value) }
        func strata(_ values: [Double], _ low: Double, _ high: Double) -> [Int] { values.map { Int(($0 - low) / (high - low) * 40) } }
        for column in [strata(currents, 1, 41), strata(widths, 0.2, 0.4), strata(intervals, -1, 1)] { #expect(column.sorted() == Array(0..<40)) }
        #expect(strata(currents, 1, 41) != strata(widths, 0.2, 0.4))
        // Four values of 40 samples: ten each.
        let levels = try column(first, "output.compression")
        for level in ["0", "1", "2", "3"] { #expect(levels.count { $0 == level } == 10) }
        #expect(try sweep(1).manifest.rows == first.manifest.rows)
        #expect(try sweep(2).manifest.rows != first.manifest.rows)
    }

    /// A folder is named by its own parameters, whatever else is in the sweep and wherever it stands.
    @Test func namesAreStable() throws {
        func names(_ currents: String, _ seeds: String) throws -> [String] {
            try plan("{ base: \"base.json5\", seeds: [\(seeds)], parameters: [ { path: \"control.currentDensity\", values: [\(currents)] } ] }")
                .manifest.rows.map(\.directory)
        }
        let few = try names("\"1 mA/cm^2\", \"2 mA/cm^2\"", "1"), many = try names("\"4 mA/cm^2\", \"2 mA/cm^2\", \"1 mA/cm^2\"", "3, 2, 1")
        #expect(Set(few).isSubset(of: many) && Set(many).count == 9)
        #expect(few[0].hasPrefix("runs/currentDensity=1mA-cm2_seed=1-"))
        let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "/=_.+-"))
        #expect(many.allSatisfy { $0.unicodeScalars.allSatisfy(plain.contains) && $0.utf8.count < 120 })
        // The same parameters in other words are another folder: nothing is confused.
        #expect(try Set(names("\"1 mA/cm^2\", \"10 A/m^2\", 10", "1")).count == 3)
    }

    @Test func everyErrorAtOnceAndNothingWritten() throws {
        let program = try Program()
        let result = try program.plan("""
            { base: "base.json5", parameters: [
                { path: "control.currentDensity", values: ["1 mA/cm^2", "1 V", "fast"] },
                { path: "electrolyte.conductivty", values: [1] }, { path: "interface.halfWidth", values: ["-1 um", "0.2 um"] } ] }
            """)
        #expect(result.code == 2)
        for message in ["sweep.json5:2:61: error: control.currentDensity", "\"1 V\" is a voltage", "\"fast\" does not start with a number",
                        "did you mean \"conductivity\"", "interface.halfWidth must be above 0"] {
            #expect(result.errors.contains(message), "\(message) is not in:\n\(result.errors)")
        }
        // Six points, each complaint once.
        #expect(result.errors.components(separatedBy: "is a voltage").count == 2)
        #expect(!program.exists("sweep"))
    }

    @Test(arguments: [
        ("{ base: 'base.json5' }", "there is nothing to vary"), ("{ seeds: [1] }", "base is missing"),
        ("{ base: 'nowhere.json5', seeds: [1] }", "nowhere.json5"),
        ("{ base: 'base.json5', plan: 'list', points: [3] }", "must be an object"), ("{ base: 'base.json5', plan: 'list' }", "points is empty"),
        ("{ base: 'base.json5', plan: 'latinHypercube', parameters: [ { path: 'a', from: 1, to: 2 } ] }", "samples must be given"),
        ("{ base: 'base.json5', parameters: [ { path: 'a', from: 1 } ] }", "either values or a range"),
        ("{ base: 'base.json5', parameters: [ { path: 'a', from: 1, to: '2 V', count: 3 } ] }", "is no range"),
        ("{ base: 'base.json5', parameters: [ { path: 'a', from: 1, to: 2 } ] }", "must say how many"),
        ("{ base: 'base.json5', parameters: [ { path: 'a', from: -1, to: 2, count: 3, spacing: 'logarithmic' } ] }", "above zero"),
        ("{ base: 'base.json5', plan: 'zip', parameters: [ { path: 'a', values: [1] }, { path: 'b', values: [1, 2] } ] }", "equally many"),
        ("{ base: 'base.json5', parameters: [ { path: 'a', values: [1] }, { path: 'a', values: [2] } ] }", "a second time"),
        ("{ base: 'base.json5', parameters: [ { path: 'noise.seed', values: [1, 1] } ] }", "are the same"),
        (
            "{ base: 'base.json5', parameters: [ { path: 'noise.seed', from: 1, to: 9, count: 100000 }, { path: 'heterogeneity.seed', from: 1, to: 9, count: 100000 } ] }",
            "more than 100000"
        ),
        ("{ base: 'base.json5', seeds: [1, 1] }", "names a seed twice"), ("{ base: 'base.json5', seed: [1] }", "seed"),
        ("{ base: 'base.json5', seeds: [1], jobs: { options: ['long'] } }", "one option of sbatch"),
        ("{ base: 'base.json5', parameters: [ { path: 'title', values: [null] } ] }", "cannot stand in a table"),
    ])
    func isRefused(_ sweep: String, _ message: String) throws {
        let program = try Program(), result = try program.plan(sweep)
        #expect(result.code == 2 && !result.wasKilled && result.errors.contains(message), "\(result.errors)")
        #expect(!program.exists("sweep"))
    }

    /// A sweep over files: the folder holds copies, so that it can be moved, and each run is what the command line would make of it.
    @Test func filesAreCopied() throws {
        let program = try Program()
        _ = try program.input("{ conductivity: '2 S/m', diffusivity: '2e-10 m^2/s' }", name: "a.json5")
        try FileManager.default.createDirectory(atPath: program.path("b"), withIntermediateDirectories: false)
        _ = try program.input("{ conductivity: '3 S/m' }", name: "b/a.json5")
        let base = Program.sweepBase().replacingOccurrences(
            of: "electrolyte: { conductivity: \"2.55 S/m\" }", with: "electrolyte: { include: 'a.json5', concentration: '1.1 mol/L' }")
        let result = try program.plan(
            "{ base: 'base.json5', parameters: [ { path: 'electrolyte.include', values: ['a.json5', 'b/a.json5'] } ] }", base: base)
        #expect(result.code == 0, "\(result.errors)")
        let direct = try ["a.json5", "b/a.json5"].map {
            try RunInput(program.path("base.json5"), overrides: ["electrolyte.include=\(program.path($0))", "planning=estimate"])
        }
        for name in ["a.json5", "b", "base.json5"] { try FileManager.default.removeItem(atPath: program.path(name)) }
        try FileManager.default.moveItem(atPath: program.path("sweep"), toPath: program.path("moved"))
        let manifest = try SweepManifest(reading: program.path("moved"))
        for (row, input) in zip(manifest.rows, direct) { #expect(try manifest.input(of: row).settings.resolved == input.settings.resolved) }
        #expect(direct[0].settings.resolved != direct[1].settings.resolved)
        #expect(try program("run", "--manifest", "moved/manifest.csv", "--index", "1", "-q").code == 0)
    }

    @Test func planningAgain() throws {
        let program = try Program()
        #expect(try program.plan(Program.sweep(currents: 2, seeds: 1)).code == 0)
        let before = try program.text("sweep/manifest.csv")
        try "log".write(toFile: program.path("sweep/parallel.log"), atomically: true, encoding: .utf8)
        #expect(try program.plan(Program.sweep(currents: 2, seeds: 1)).code == 0)
        #expect(try program.text("sweep/manifest.csv") == before && program.exists("sweep/parallel.log"))
        #expect(try program.plan(Program.sweep(currents: 2, seeds: 2)).code == 0)
        #expect(!program.exists("sweep/parallel.log"), "jobs are known by their place, which has changed")
        let names = Set(before.split(separator: "\n").map { String($0.split(separator: ",")[1]) }.dropFirst())
        #expect(try names.allSatisfy(program.text("sweep/manifest.csv").contains))
        // Not into a folder of somebody else.
        try FileManager.default.createDirectory(atPath: program.path("mine"), withIntermediateDirectories: false)
        _ = try program.input("thesis", name: "mine/thesis.txt")
        let refused = try program("sweep", "plan", "sweep.json5", "-o", "mine")
        #expect(refused.code == 2 && refused.errors.contains("thesis.txt"), "\(refused.errors)")
    }

    @Test func slurmScript() throws {
        let program = try Program()
        #expect(
            try program.plan(
                Program.sweep(
                    currents: 5, seeds: 3,
                    jobs: "threads: 2, runsPerTask: 4, atOnce: 3, options: ['--partition=long'], setup: ['module load x'], hours: '30 h'")
            ).code == 0)
        let script = try program.text("sweep/slurm.sh")
        for line in [
            "--array=0-3%3", "--cpus-per-task=2", "--time=1-06:00:00", "--signal=USR1@120", "--requeue", "--open-mode=append", "--partition=long",
        ] {
            #expect(script.contains("#SBATCH " + line), "\(line)")
        }
        #expect(script.contains("\nmodule load x\n") && script.contains("--threads 2"))
        for name in ["slurm.sh", "parallel.sh", "shell.sh"] { #expect(try program.tool(["sh", "-n", "sweep/" + name]).code == 0) }
    }
}
