import Testing

@Suite("Models")
struct ModelTests {
    static let input = """
        {
            model: "singlePotential",
            grid: { size: ["20 um", "40 um"], spacing: "1 um" },
            initial: { thickness: "10 um", seedRadius: "5 um" },
            control: { mode: "potentiostatic", potential: "-0.45 V" },
            time: { fixedStep: "0.02 s", passTolerance: 0.01, solverTolerance: 1e-6, largestPasses: 20 },
            end: { time: "1 s" },
            output: { interval: "0.25 s" },
        }
        """

    @Test("the one-potential model runs, leaves snapshots and a series, and its report can be made")
    func runs() throws {
        let program = try Program(), input = try program.input(Self.input)
        let result = try program("run", input, "-o", "out", "--threads", "1")
        #expect(result.code == 0, "\(result.errors)")
        #expect(program.exists("out/snapshots/000004.h5") && program.exists("out/series.csv") && program.exists("out/checkpoint.h5"))
        #expect(try program.text("out/series.csv").split(separator: "\n").count == 6)
        let report = try program("report", "out")
        #expect(report.code == 0, "\(report.errors)")
    }

    @Test("it refuses what it does not have")
    func refuses() throws {
        let program = try Program(), input = try program.input(Self.input)
        let result = try program("run", input, "-o", "out", "--set", "control.mode=galvanostatic")
        #expect(result.code == 2)
        #expect(result.errors.contains("must be potentiostatic with model singlePotential"))
    }

    @Test("validate: one case passes, an unknown one is answered with the nearest")
    func validate() throws {
        let program = try Program()
        let result = try program("validate", "conduction", "-o", "out", "--threads", "1")
        #expect(result.code == 0 && program.exists("out/conduction/index.html") && program.exists("out/table.md"))
        let list = try program("validate", "--list")
        #expect(list.code == 0 && list.output.contains("pfhub-3a"))
        let unknown = try program("validate", "pfhub-1c")
        #expect(unknown.code == 2 && unknown.errors.contains("did you mean pfhub-"))
    }
}
