import Campaigns
import Parameters
import RunFiles

extension Command {
    static let compare = Command(
        name: "compare", operands: 1...Int.max, operandName: "DESIGN", summary: "Compare designs under one protocol with the same heterogeneities: table, ranking, figures, one page",
        details: """
            DESIGN is a coating (a name of Inputs/coatings or a file), an input, or a run folder; the first is the reference of the paired differences.
            Without --protocol inputs keep their own, run folders are compared as they are, and coatings plate for 30 min at 1 mA/cm^2.
            Finished runs are kept: the same command goes on where it was stopped. Exit codes as of run.
            """,
        flags: [
            Flag(name: "--protocol", value: "NAME|FILE", meaning: "what the cycler does: a name of Inputs/protocols, or an input file"),
            Flag(name: "--cell", value: "NAME|FILE", meaning: "cell of every design: a name of Inputs/cells, or a file"),
            Flag(name: "--seeds", value: "N", meaning: "number of heterogeneities; 5 when not given"),
            Flag(name: "--output", short: "-o", value: "DIR", meaning: "folder of the comparison; Outputs/compare-<protocol> when not given"),
            Flag(name: "--jobs", short: "-j", value: "N", meaning: "runs at the same time; one per core when not given"),
            Flag(name: "--threads", value: "N", meaning: "threads of each run; 1 when not given"),
            Flag(name: "--rank", value: "MEASURE", meaning: "measure that ranks, as in --rank \"peak to valley\"; the protocol's own when not given"),
            Flag(name: "--at", value: "TIME", meaning: "time of an earlier roughness, as in --at \"10 min\""),
            Flag(name: "--visible", value: "LENGTH", meaning: "roughness that is seen as a dendrite; 0.3 um when not given"),
            Flag(name: "--set", value: "PATH=VALUE", repeats: true, meaning: "override a parameter of every design"),
        ]
    ) { arguments in
        var request = ComparisonRequest(designs: arguments.operands)
        request.protocolName = arguments.value("--protocol")
        request.cell = arguments.value("--cell")
        request.seeds = try arguments.integer("--seeds", atLeast: 1) ?? request.seeds
        request.folder = arguments.value("--output")
        request.jobs = try arguments.integer("--jobs", atLeast: 1)
        request.threads = try arguments.integer("--threads", atLeast: 1) ?? request.threads
        request.ranking = arguments.value("--rank")
        request.visibleRoughness = try arguments.quantity("--visible", "um", .above(0)) ?? request.visibleRoughness
        request.moment = try arguments.quantity("--at", "s", .above(0))
        request.overrides = arguments.values("--set")
        if request.folder == "" { throw UsageError("--output needs the name of a folder") }
        let outcome = try Comparison.perform(request) { event in
            switch event {
            case .note(let text): Terminal.print("note: \(text)")
            case .finished(let run, let state, let count, let total): Terminal.print("\(count) of \(total): \(run) \(state)")
            }
        }
        for problem in outcome.problems { Terminal.complain("dendrite: \(problem)") }
        Terminal.print("\n" + outcome.summary + (outcome.page.isEmpty ? "" : "\n\(outcome.page)"))
        return outcome.exitCode
    }
}
