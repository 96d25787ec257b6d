import StandardProblems

/// One benchmark: it verifies that the right thing is computed, then times it.
struct Case: Sendable {
    let name: String
    let summary: String
    /// One line of figures each.
    /// - Throws: `WrongAnswer` when the thing does not compute what it should.
    let parts: [@Sendable () throws -> Measurement]

    init(_ name: String, _ summary: String, _ parts: (@Sendable () throws -> Measurement)...) { self.init(name, summary, parts) }

    init(_ name: String, _ summary: String, _ parts: [@Sendable () throws -> Measurement]) {
        (self.name, self.summary, self.parts) = (name, summary, parts)
    }

    static let all: [Case] = [
        Case("step-2d-512", "coupled step of lithium at 1 mA/cm^2 on 512^2 cells, Double",
             { try Steps.measure("step-2d-512", cells: 512, dimensions: 2, steps: 9, Double.self) }),
        Case("step-3d-128", "the same on 128^3 cells",
             { try Steps.measure("step-3d-128", cells: 128, dimensions: 3, steps: 5, Double.self) }),
        Case("step-2d-512-float", "the same on 512^2 cells, Float",
             { try Steps.measure("step-2d-512-float", cells: 512, dimensions: 2, steps: 9, Float.self) }),
        Case("vcycle-2d-512", "V-cycle (Float, inside a Double solve) on 512^2 cells at contrast 1e7",
             { try VCycle.measure("vcycle-2d-512", cells: 512, dimensions: 2) }),
        Case("vcycle-3d-128", "the same on 128^3 cells",
             { try VCycle.measure("vcycle-3d-128", cells: 128, dimensions: 3) }),
        Case("phase-2d-512", "implicit phase solve on 512^2 cells, also in pairs of its own transforms", { try PhaseSolve.measure() }),
        Case("stencil-2d", "5-point operator on 2048^2 cells against the memory bandwidth",
             { try Stencil.measure("stencil-2d", cells: 2048, dimensions: 2) }),
        Case("stencil-3d", "7-point operator on 192^3 cells against the memory bandwidth",
             { try Stencil.measure("stencil-3d", cells: 192, dimensions: 3) }),
        Case("rate-kernel", "Butler-Volmer rate and its two slopes", { try RateKernel.measure() }),
        Case("quickstart", "Inputs/quickstart.json5 from start to end with its output, all cores", { try Quickstart.measure() }),
        Case("pfhub", "PFHub benchmarks 1a to t = 10 000 on 256^2 cells, and 7a in finite volumes of three sizes and in modes, as `validate` solves them",
             { try PFHub.measure("pfhub-1a") { try SpinodalCase.periodic.answer(.full, device: $0) } },
             { try PFHub.measure("pfhub-7a") { try ManufacturedCase.a.run(.full, device: $0) } }),
        Case("stress", "warm solve of the stress to 1e-4 at a contrast of moduli of 10, set-up included",
             { try Couplings.stress("stress-2d-512", cells: 512, dimensions: 2) },
             { try Couplings.stress("stress-3d-128", cells: 128, dimensions: 3) }),
        Case("flow", "warm solve of the flow to 1e-4 past a deposit",
             { try Couplings.flow("flow-2d-512", cells: 512, dimensions: 2) },
             { try Couplings.flow("flow-3d-128", cells: 128, dimensions: 3) }),
        Case("coupled", "coupled steps with stress and flow, also over those without",
             { try Couplings.run("coupled-2d-256", cells: 256, dimensions: 2, steps: 12) },
             { try Couplings.run("coupled-3d-48", cells: 48, dimensions: 3, steps: 8) }),
        Case("metrics", "every metric of a snapshot of 512^2 and of 256^3 cells, processor time",
             { try Metrics.measure("metrics-2d-512", cells: 512, dimensions: 2) },
             { try Metrics.measure("metrics-3d-256", cells: 256, dimensions: 3) }),
        Case("threads", "coupled step on 1024^2 cells with 1 and 2 threads", { try Threads.measure() }),
        Case("memory", "peak resident memory of the core simulation",
             { try Memory.measure("memory-2d", cells: 1024, dimensions: 2) },
             { try Memory.measure("memory-3d", cells: 96, dimensions: 3) }),
        Case("scaling-2d", "coupled step from 128^2 to 2048^2 cells", [128, 256, 512, 1024, 2048].map { n in
            { try Steps.measure("scaling-2d-\(n)", cells: n, dimensions: 2, steps: 5, warmUp: 30, Double.self) }
        }),
        Case("scaling-3d", "coupled step from 32^3 to 256^3 cells", [32, 64, 128, 192, 256].map { n in
            { try Steps.measure("scaling-3d-\(n)", cells: n, dimensions: 3, steps: 5, warmUp: 30, Double.self) }
        }),
    ]
}

/// A benchmark whose subject computes something else than it should.
struct WrongAnswer: Error, CustomStringConvertible {
    let description: String

    /// Passes when |value - expected| <= tolerance.
    static func unless(_ value: Double, is expected: Double, within tolerance: Double, _ what: String) throws {
        guard !(abs(value - expected) <= tolerance) else { return }
        throw WrongAnswer(description: "\(what) is \(value), not \(expected) within \(tolerance): nothing was timed")
    }
}
