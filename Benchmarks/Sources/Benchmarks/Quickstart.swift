import Campaigns
import FoundationEssentials
import Glibc
import RunFiles

/// The first run of a newcomer, in this process, with everything it writes.
enum Quickstart {
    static func measure() throws -> Measurement {
        // Benchmarks/Sources/Benchmarks/Quickstart.swift of the source tree.
        let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let folder = FileManager.default.temporaryDirectory.path + "/dendrite-benchmark-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let input = try RunInput(root + "/Inputs/quickstart.json5")
        var request = RunRequest(input: input.path)
        request.folder = folder
        request.threads = Machine.cores
        let wall = Clock.wall.now, process = Clock.process.now
        let outcome = try Run.perform(input, request) { _ in }
        let seconds = Clock.wall.now - wall, work = Clock.process.now - process
        guard outcome.state == .done, let closing = outcome.closing else {
            throw WrongAnswer(description: "the run ended early: \(outcome.reason)")
        }
        try WrongAnswer.unless(closing.time, is: 1800, within: 1e-6, "simulated time, s,")

        let total = closing.sections.reduce(0) { $0 + $1.seconds }
        var m = Measurement("quickstart", threads: Machine.cores)
        m.add("nsPerCell", 1e9 * closing.elapsed / Double(closing.steps * closing.cells))
        m.add("seconds", seconds)
        m.add("processorSeconds", work)
        m.add("planningSeconds", closing.planning)
        m.add("steps", closing.steps)
        m.add("rejected", closing.rejected)
        m.add("share", closing.sections.map { ($0.name, ($0.seconds / total * 1000).rounded() / 1000) })
        return m
    }
}
