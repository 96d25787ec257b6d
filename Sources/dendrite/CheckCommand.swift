import Campaigns
import Parameters
import RunFiles

extension Command {
    static let check = Command(
        name: "check", operands: 1...Int.max, operandName: "INPUT", summary: "Show every error and warning of inputs, and what their runs would need; never runs",
        flags: [Flag(name: "--set", value: "PATH=VALUE", repeats: true, meaning: "override a parameter")]
    ) { arguments in
        var isGood = true
        for path in arguments.operands {
            do {
                let input = try RunInput(path, overrides: arguments.values("--set"))
                if !input.warnings.isEmpty { Terminal.complain("\(input.warnings)") }
                let estimate = try RunEstimate(input.settings)
                Terminal.print(text(path, estimate, try RunEstimate.memoryShares(input.settings)))
                for objection in estimate.objections(folder: input.folder) {
                    Terminal.complain("\(path): error: the run \(objection)")
                    isGood = false
                }
            } catch let error as Diagnostics {
                Terminal.complain("\(error)")
                isGood = false
            }
        }
        return isGood ? 0 : 2
    }

    private static func text(_ path: String, _ estimate: RunEstimate, _ shares: [(part: String, bytes: Int)]) -> String {
        let (nx, ny, nz) = estimate.extents
        let grid = nz == 1 ? "\(nx) x \(ny)" : "\(nx) x \(ny) x \(nz)"
        let parts = shares.map { "\($0.part) \(Readable.bytes($0.bytes))" }.joined(separator: ", ")
        return """
            \(path): good
              grid      \(grid) = \(estimate.cells) cells
              memory    \(Readable.bytes(estimate.memory))\(shares.isEmpty ? "" : "\n            " + parts)
              disk      up to \(Readable.bytes(estimate.disk)): \(estimate.snapshots) snapshots of \(Readable.bytes(estimate.snapshot)), 2 checkpoints of \(Readable.bytes(estimate.checkpoint))
              steps     about \(estimate.steps)\(estimate.duration.map { " to t \(Readable.quantity($0, "s"))" } ?? "")
            """
    }
}
