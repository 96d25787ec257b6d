import Glibc
public import Grids

/// Benchmark 3a: dendritic growth of a pure melt.
public struct SolidificationCase: ValidationCase {
    public let name = "pfhub-3a", title = "Dendritic growth of a pure melt, to t = 1500"
    public let source = "PFHub benchmark 3 (pages.nist.gov/pfhub); Karma and Rappel, Phys. Rev. E 57, 4323 (1998)"

    public init() {}

    public func run(_ extent: ValidationExtent, device: Device) throws -> ValidationResult {
        var result = ValidationResult()
        let end = extent == .full ? 1500.0 : 20.0, coarseCells = extent == .full ? 1024 : 960, cells = extent == .full ? 1280 : 960
        let answer = try solve(cells: cells, stepLimit: 0.88, to: end, device: device)
        result.curves += answer.curves
        result.costs.append(answer.cost)
        result.checks.append(.atMost("drift of the enthalpy over the heat released", 1e-10, got: answer.enthalpyDrift))
        let coarse = extent == .full ? try solve(cells: coarseCells, stepLimit: 0.88, to: end, device: device) : answer
        let halved = try solve(cells: coarseCells, stepLimit: 0.44, to: end, device: device)
        result.costs += (extent == .full ? [coarse.cost] : []) + [halved.cost]
        result.checks.append(.relative("tip at t = \(Int(end)), against half the step", expected: halved.last.tip, got: coarse.last.tip,
                                       tolerance: 0.01))
        if extent == .full {
            result.checks.append(.relative("tip at t = \(Int(end)), h = 0.9375 against h = 0.75", expected: answer.last.tip,
                                           got: coarse.last.tip, tolerance: 0.01))
            result.checks.append(.relative("solid fraction at t = \(Int(end)), h = 0.9375 against h = 0.75",
                                           expected: answer.last.solidFraction, got: coarse.last.solidFraction, tolerance: 0.01))
        } else {
            let larger = try solve(cells: coarseCells, stepLimit: 0.88, to: end, smallestBox: 400, device: device)
            result.costs.append(larger.cost)
            result.checks.append(.relative("tip at t = \(Int(end)), growing box against a larger one", expected: larger.last.tip,
                                           got: answer.last.tip, tolerance: 1e-5))
        }
        return result
    }

    struct Answer {
        var curves: [Curve], last: SolidificationMeasures, enthalpyDrift: Double, cost: Cost
    }

    func solve(cells: Int, stepLimit: Double, to end: Double, smallestBox: Int = 1, device: Device) throws -> Answer {
        let watch = Stopwatch()
        let model = try Solidification(cells: cells, order: 6, tolerance: 1e-3, stepLimit: stepLimit, smallestBox: smallestBox,
                                       device: device)
        let first = model.measure()
        var tip = Curve("tip_position", columns: ["time", "tip_position"])
        var solid = Curve("solid_fraction", columns: ["time", "solid_fraction"])
        var energy = Curve("free_energy", columns: ["time", "free_energy"])
        var m = first, time = 0.0
        func record() {
            tip.rows.append([time, m.tip])
            solid.rows.append([time, m.solidFraction])
            energy.rows.append([time, m.freeEnergy])
        }
        record()
        while time < end {
            time = min(end, time + (time < 20 ? 1 : 10))
            try model.advance(to: time)
            m = model.measure()
            record()
        }
        let cost = try Cost("h = \(model.spacing), \(stepLimit) of the stable step\(smallestBox > 1 ? ", larger box" : "")",
                            grid: Grid(nx: cells, ny: cells, spacing: model.spacing, x: .bounded, y: .bounded), steps: model.steps,
                            rejected: model.rejected, threads: device.pool.count, watch: watch,
                            planningSeconds: model.planningTime, planningInside: true)
        let contour = Curve("phase_field_\(Int(end))", columns: ["x", "y"], rows: model.contour().map { [$0.x, $0.y] })
        // Freezing releases a latent heat of 1 per unit of area.
        let released = m.solidFraction * Solidification.edge * Solidification.edge
        return Answer(curves: [tip, solid, energy, contour], last: m, enthalpyDrift: abs(m.enthalpy - first.enthalpy) / released,
                      cost: cost)
    }
}
