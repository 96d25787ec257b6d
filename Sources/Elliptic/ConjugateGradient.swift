public import Grids

/// A node of a circuit that cells are joined to through the diagonal of an operator.
public struct CommonNode {
    /// What flows into the node: the sum of (s - wall) (x - w).
    public let load: Double
    /// The rows with cells that are joined to it; in all others s is the wall's.
    public let rows: RowSubset

    public init(load: Double, rows: RowSubset) { (self.load, self.rows) = (load, rows) }
}

/// How a linear solve ended.
public struct SolveReport: Sendable {
    public var iterations: Int
    /// |b - A x| / |b|
    public var residual: Double
    public var converged: Bool
    /// The common node's value; 0 without one.
    public var node = 0.0
}

/// Conjugate gradients with a multigrid preconditioner, in mixed precision.
///
/// The residual b - A x is formed in T, a correction found by iterations in Float on the multigrid's own copy of the operator, and added in T; this is
/// repeated until the residual, formed anew, is small enough. An iteration in Float moves half the memory of one in Double. Where Float cannot tell the
/// currents from rounding (layers across the current with a contrast beyond some 1e4) a correction gains nothing, and the iterations go on in T.
/// Reductions are in Double. Nothing is allocated in `solve`, but for the fields of the first solve that goes on in T.
public final class ConjugateGradient<T: Real>: @unchecked Sendable {
    public let device: Device
    private let multigrid: Multigrid
    /// The iterations in Float, on fields stored by colour like the multigrid's, and those in T.
    private let narrow: Directions<Float>
    private lazy var wide = Directions<T> { Field(grid) }
    private lazy var wideResidual = Field<T>(grid)
    private lazy var wideRight = Field<Float>(grid)
    private lazy var wideCycle = Field<Float>(grid)
    private let grid: Grid
    private let sums: RowSums
    /// What one correction in Float can gain.
    private static var largestGain: Double { 1e-5 }

    public init(_ grid: Grid, multigrid: Multigrid) {
        device = multigrid.device
        self.multigrid = multigrid
        self.grid = grid
        narrow = Directions { Field(byColour: grid) }
        sums = RowSums(grid)
    }

    /// Solves A x = b from the guess in x until |b - A x| <= tolerance |b| (or <= `floor`, for a right-hand side that may vanish).
    /// The multigrid must have been set up with A. On return the ghosts of x are filled.
    ///
    /// Without a diagonal (s = 0 everywhere: insulating or wrapping ends alone) only a right-hand side without mean has a solution and a constant
    /// is free: the mean of b - A x is left out, the answer has mean zero. A zero b gives x = 0. A NaN anywhere ends the solve as not converged.
    ///
    /// - Parameters:
    ///   - believedGain: a correction in Float that is to make the residual smaller by no more than this factor is believed; others are checked by the
    ///     residual formed anew.
    ///   - node: given, the diagonal without the wall's part joins the cells to one common node w (a conductor that floats) instead of to
    ///     zero: A x stands for (s - wall) (x - w) + wall x - div(a grad x), and w is such that the sum of (s - wall) (x - w) is the node's load. The
    ///     operator without w stays symmetric and positive, at one dot product more per iteration.
    public func solve(_ a: EllipticOperator<T>, _ b: Field<T>, _ x: Field<T>, tolerance: Double, floor: Double = 0,
                      maximumIterations: Int = 200, believedGain: Double = 1, node: CommonNode? = nil) -> SolveReport {
        let layout = x.layout, kernels = device.kernels, f = multigrid.rightHandSide
        let size = max(device.dot(b, b, sums).squareRoot(), abs(node?.load ?? 0) / Double(layout.cells).squareRoot())
        let target = max(tolerance * size, floor)
        if size == 0 {
            x.fill(0)
            return SolveReport(iterations: 0, residual: 0, converged: true)
        }
        let joints = node.map { Joints($0, total: joined(a.s, a.wall, $0.rows)) }
        // One cell tells as a rule.
        let isSingular = joints == nil && a.s.cells[0] == 0 && device.sum(a.s, sums) == 0
        var report = SolveReport(iterations: 0, residual: .infinity, converged: false)
        // What is left of a right-hand side without a solution weighs more in Float than in T.
        var isWide = isSingular
        while true {
            if isSingular { removeMean(x) }
            x.fillGhosts()
            if let joints { report.node = joints.potential(joined(a.s, a.wall, joints.rows, x)) }
            let norm: Double
            if isSingular {
                formWideResidual(a, b, x, node: 0, scale: 1 / size)
                removeMean(wideResidual)
                norm = size * device.dot(wideResidual, wideResidual, sums).squareRoot()
            } else {
                device.forRows(layout) {
                    kernels.residual(f.cells, b.cells, x.cells, a.coefficients, a.s.cells, node: T(report.node), wall: a.wall.cells,
                                     scale: T(1 / size), sums.values, multigrid.colours, layout, $0)
                }
                norm = sums.total().squareRoot()
            }
            let gained = norm / size < 0.5 * report.residual
            report.residual = norm / size
            report.converged = norm <= target
            if report.converged || report.iterations >= maximumIterations || !norm.isFinite { return report }
            if !gained {
                if isWide { return report }
                isWide = true
            }
            let goal: Double, answer: Correction
            if isWide {
                goal = target / size
                if !isSingular { formWideResidual(a, b, x, node: report.node, scale: 1 / size) }
                device.forRows(layout) { kernels.toSingle(wideRight.cells, wideResidual.cells, 1, wideRight.layout, layout, $0) }
                answer = iterate(wide, a.coefficients, a.s, a.wall, wideResidual, from: norm / size, to: goal, joints, &report.iterations,
                                 maximumIterations)
                if answer.hasSolution { device.combine(x, T(size), wide.solution, 1, x) }
                device.combine(x, T(size * answer.step), wide.p, 1, x)
            } else {
                // With T = Float a residual formed anew would show no more than rounding: the recurrence's is believed.
                goal = (T.self == Float.self ? target : max(0.9 * target, Self.largestGain * norm)) / size
                answer = iterate(narrow, multigrid.coefficients, multigrid.diagonal, multigrid.wall, f, from: norm / size, to: goal,
                                 joints?.scaled(by: multigrid.scale), &report.iterations, maximumIterations)
                let factor = multigrid.scale * size, solution = answer.hasSolution ? UnsafePointer(narrow.solution.cells) : nil
                device.forRows(layout) {
                    kernels.join(x.cells, narrow.p.cells, T(factor * answer.step), solution, T(factor), adds: true, multigrid.colours, layout, $0)
                }
            }
            let reached = answer.residual
            let isBelieved = isWide || T.self == Float.self || norm <= believedGain * target
            if !reached.isFinite || isBelieved && reached <= goal {
                if isSingular { removeMean(x) }
                x.fillGhosts()
                if let joints { report.node = joints.potential(joined(a.s, a.wall, joints.rows, x)) }
                report.residual = reached
                report.converged = reached <= goal
                return report
            }
        }
    }

    /// Iterates on A y = r from y = 0. In T, r is also in `wideRight`, in Float. A direction is added to y when the next one is formed, the last by the
    /// caller: y + step p is the answer.
    private func iterate<U: Real>(_ directions: Directions<U>, _ coefficients: FaceCoefficients<U>, _ s: Field<U>, _ wall: Field<U>, _ r: Field<U>,
                                  from start: Double, to goal: Double, _ joints: Joints?, _ iterations: inout Int, _ limit: Int) -> Correction {
        let kernels = device.kernels, isByColour = directions === narrow, layout = r.layout
        let f = isByColour ? multigrid.rightHandSide : wideRight, z = isByColour ? multigrid.solution : wideCycle, single = z.layout
        let y = directions.solution, p = directions.p, q = directions.q, sums = directions.sums, jointSums = directions.jointSums
        // Of rows without joints nothing is written below.
        if joints != nil { jointSums.clear() }
        var rz = 0.0, sp = 0.0, node = 0.0, norm = start, alpha = 0.0, formed = 0
        while !(norm <= goal) && iterations < limit {
            iterations += 1
            func dot(_ rows: Range<Int>, _ isJoined: Bool) {
                if isJoined {
                    kernels.dotBoth(r.cells, s.cells, z.cells, sums.values, jointSums.values, single, layout, rows)
                } else {
                    kernels.dotSingle(r.cells, z.cells, sums.values, single, layout, rows)
                }
            }
            func dots(_ rows: Range<Int>) {
                func part(_ rows: Range<Int>, _ isJoined: Bool) {
                    if isByColour { multigrid.colours.forStored(rows) { dot($0, isJoined) } } else { dot(rows, isJoined) }
                }
                if let joints { joints.rows.forParts(of: rows, part) } else { part(rows, false) }
            }
            if isByColour {
                multigrid.cycle(dots)
            } else {
                multigrid.cycle(z, from: f)
                device.forRows(layout, dots)
            }
            let next = sums.total(), beta = formed > 0 ? next / rz : 0, solution = formed > 0 ? y.cells : nil, adds = formed > 1
            rz = next
            formed += 1
            if let joints, joints.total > 0 {
                sp = jointSums.total() - atWall(wall, z, joints.rows, byColour: isByColour) + beta * sp
                node = sp / joints.total
            }
            Wavefront(grid.layout(U.self), passes: 2).run(on: device) { pass, rows in
                if pass == 0 && isByColour {
                    multigrid.colours.forStored(rows) { kernels.updateDirection(p.cells, z.cells, U(beta), solution, U(alpha), adds: adds, single, layout, $0) }
                    if grid.nx % 2 == 1 { multigrid.fillGhosts(p, rows) }
                } else if pass == 0 {
                    kernels.updateDirection(p.cells, z.cells, U(beta), solution, U(alpha), adds: adds, single, layout, rows)
                } else if isByColour {
                    kernels.applyOperator(q.cells, p.cells, coefficients, s.cells, node: U(node), wall: wall.cells, sums.values, multigrid.colours, rows)
                } else {
                    kernels.applyOperator(q.cells, p.cells, coefficients, s.cells, node: U(node), wall: wall.cells, sums.values, layout, rows)
                }
            }
            let pq = sums.total()
            // A NaN left in the direction would survive the zero it is multiplied with.
            guard pq > 0, rz > 0, pq.isFinite else {
                p.fill(0)
                return Correction(residual: .nan, step: 0, hasSolution: formed > 1)
            }
            alpha = rz / pq
            device.forRows(layout) { kernels.updateResidual(r.cells, f.cells, U(alpha), q.cells, 1, sums.values, single, layout, $0) }
            norm = sums.total().squareRoot()
        }
        return Correction(residual: norm, step: alpha, hasSolution: formed > 1)
    }

    /// wideResidual = scale (b - A x)
    private func formWideResidual(_ a: EllipticOperator<T>, _ b: Field<T>, _ x: Field<T>, node: Double, scale: Double) {
        let kernels = device.kernels, layout = x.layout, q = wide.q
        device.forRows(layout) {
            kernels.applyOperator(q.cells, x.cells, a.coefficients, a.s.cells, node: T(node), wall: a.wall.cells, sums.values, layout, $0)
        }
        device.combine(wideResidual, T(scale), b, T(-scale), q)
    }

    /// Sum of (s - wall) u over some rows; u nil counts as 1.
    private func joined(_ s: Field<T>, _ wall: Field<T>, _ rows: RowSubset, _ u: Field<T>? = nil) -> Double {
        if let u { return device.dot(s, u, on: rows, sums) - atWall(wall, u, rows) }
        let atWall = (0..<grid.nz).reduce(0) { rows.contains(last($1)) ? $0 + WallLoops.sum(wall.row($1), count: grid.nx) : $0 }
        return device.sum(s, on: rows, sums) - atWall
    }

    /// The row at y = L of a plane.
    private func last(_ k: Int) -> Int { grid.ny - 1 + grid.ny * k }

    /// Sum of wall u over the cells at y = L of some rows.
    private func atWall<U: Real, V: Real>(_ wall: Field<U>, _ u: Field<V>, _ rows: RowSubset, byColour: Bool = false) -> Double {
        guard byColour else {
            return (0..<grid.nz).reduce(0) { rows.contains(last($1)) ? $0 + WallLoops.dot(wall.row($1), u.row(last($1)), count: grid.nx) : $0 }
        }
        let colours = multigrid.colours
        return (0..<2 * grid.nz).reduce(0) { sum, n in
            let (k, half) = (n / 2, n % 2)
            guard rows.contains(last(k)) else { return sum }
            return sum + WallLoops.dot(wall.cells + colours.wallOffset(plane: k, half: half), u.cells + colours.offset(row: last(k), half: half),
                                       count: colours.halves.nx)
        }
    }

    private func removeMean<U: Real>(_ u: Field<U>) {
        let mean = device.sum(u, sums) / Double(u.grid.cells)
        device.forRows(u.layout) { device.kernels.shift(u.cells, U(-mean), u.layout, $0) }
    }
}

private enum WallLoops {
    @specialized(where U == Double, V == Double)
    @specialized(where U == Double, V == Float)
    @specialized(where U == Float, V == Float)
    static func dot<U: Real, V: Real>(_ w: UnsafePointer<U>, _ u: UnsafePointer<V>, count: Int) -> Double {
        var total = 0.0
        for i in 0..<count { total += Double(w[i]) * Double(u[i]) }
        return total
    }

    @specialized(where U == Double)
    @specialized(where U == Float)
    static func sum<U: Real>(_ w: UnsafePointer<U>, count: Int) -> Double {
        var total = 0.0
        for i in 0..<count { total += Double(w[i]) }
        return total
    }
}

/// The fields of the iterations in one precision.
private final class Directions<U: Real> {
    let solution: Field<U>, p: Field<U>, q: Field<U>
    let sums: RowSums, jointSums: RowSums

    init(_ field: () -> Field<U>) {
        (solution, p, q) = (field(), field(), field())
        (sums, jointSums) = (RowSums(p.grid), RowSums(p.grid))
    }
}

/// How iterations ended: their answer is the directions' solution, once it has one, and `step` times the last direction.
private struct Correction {
    /// The one that the recurrence carries; NaN when the operator is not positive or a number is not finite.
    let residual: Double
    let step: Double
    let hasSolution: Bool
}

/// How the cells are joined to their common node.
private struct Joints {
    let load: Double
    let rows: RowSubset
    /// Sum of s - wall.
    let total: Double

    init(_ node: CommonNode, total: Double) { (load, rows, self.total) = (node.load, node.rows, total) }

    func scaled(by factor: Double) -> Joints { Joints(CommonNode(load: load * factor, rows: rows), total: total * factor) }

    /// w from the sum of (s - wall) x.
    func potential(_ sum: Double) -> Double { total > 0 ? (sum - load) / total : 0 }
}
