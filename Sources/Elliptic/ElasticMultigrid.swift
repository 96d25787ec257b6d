import Grids

/// A V(1,1)-cycle in single precision for the staggered elastic operator.
///
/// Point Gauss-Seidel, component by component and red before black, reversed after the coarse correction; linear transfer, restriction its
/// transpose; the same operator on every level with plain averages of the moduli (series averages lose robustness). Levels are halved
/// while every axis is even; the coarsest is solved by band Cholesky, y being the slow index.
final class ElasticMultigrid: ElasticPreconditioner, @unchecked Sendable {
    private final class Level {
        let stiffness: Stiffness<Float>
        let u: VectorField<Float>, g: VectorField<Float>, r: VectorField<Float>, inverse: VectorField<Float>
        let layout: Layout

        init(_ grid: Grid) {
            stiffness = Stiffness(grid)
            u = VectorField(grid)
            g = VectorField(grid)
            r = VectorField(grid)
            inverse = VectorField(grid)
            layout = u.layout
        }
    }

    private let device: Device
    private let levels: [Level]
    private let direct: BandCholesky
    /// Work space to find the matrix of the coarsest level.
    private let columns: (stiffness: Stiffness<Double>, u: VectorField<Double>, r: VectorField<Double>, sums: RowSums)
    /// The largest moduli are scaled to this.
    private(set) var reference = (lambda: 1.0, mu: 1.0)

    /// Nil when the grid cannot be halved to a size that is cheap to factor (odd sizes, say).
    init?(_ grid: Grid, device: Device) {
        func half(_ g: Grid) -> Grid? {
            let sizes = g.nz > 1 ? [g.nx, g.ny, g.nz] : [g.nx, g.ny]
            guard sizes.allSatisfy({ $0 % 2 == 0 && $0 >= 8 }) else { return nil }
            return Grid(nx: g.nx / 2, ny: g.ny / 2, nz: g.nz > 1 ? g.nz / 2 : 1, spacing: 1, x: g.x, y: g.y, z: g.z)
        }
        var grids = [grid]
        while let next = half(grids.last!) { grids.append(next) }
        let last = grids.last!, perPlane = last.lateralCells * last.dimensions, count = perPlane * last.ny
        // Two planes couple; n w^2 operations to factor.
        guard Double(count) * Double(4 * perPlane * perPlane) < 3e8 else { return nil }
        self.device = device
        levels = grids.map { Level($0) }
        direct = BandCholesky(count: count, width: 2 * perPlane - 1)
        columns = (Stiffness(last), VectorField(last), VectorField(last), RowSums(last))
    }

    var right: VectorField<Float> { levels[0].g }
    var solution: VectorField<Float> { levels[0].u }

    /// Takes over a stiffness, divided by its reference (Pa).
    func setUp<T: Real>(_ c: Stiffness<T>, reference: (lambda: Double, mu: Double)) {
        self.reference = reference
        let kernels = device.kernels, fine = levels[0], scale = T(1 / reference.mu)
        func take(_ to: Field<Float>, _ from: Field<T>) {
            device.forRows(fine.layout) { kernels.toSingle(to.cells, from.cells, scale, to.layout, from.layout, $0) }
        }
        take(fine.stiffness.lambda, c.lambda)
        take(fine.stiffness.mu, c.mu)
        for (n, level) in levels.enumerated() {
            if n > 0 {
                let finer = levels[n - 1]
                func average(_ to: Field<Float>, _ from: Field<Float>) {
                    device.forRows(to.layout) { kernels.averageModuli(to.cells, from.cells, to.layout, from.layout, $0) }
                }
                average(level.stiffness.lambda, finer.stiffness.lambda)
                average(level.stiffness.mu, finer.stiffness.mu)
            }
            level.stiffness.close(harmonic: n == 0, on: device)
            device.forRows(level.layout) { kernels.elasticDiagonal(level.inverse.cells, level.stiffness.cells, level.layout, $0) }
        }
        factorCoarsest()
    }

    func apply() { cycle(0) }

    private func cycle(_ n: Int) {
        guard n + 1 < levels.count else { return solveCoarsest() }
        let level = levels[n], coarse = levels[n + 1], kernels = device.kernels, components = level.u.components.count
        level.u.fill(0)
        for a in 0..<components { for colour in [0, 1] { relax(level, a, colour) } }
        device.forRows(level.layout) {
            kernels.elasticResidual(level.r.cells, level.g.cells, level.u.cells, level.stiffness.cells, level.layout, $0)
        }
        let factor: Float = components == 3 ? 0.5 : 1
        for (a, (to, from)) in zip(coarse.g.components, level.r.components).enumerated() {
            device.forRows(coarse.layout) {
                kernels.restrictStaggered(to.cells, from.cells, component: a, factor: factor, coarse.layout, level.layout, $0)
            }
        }
        cycle(n + 1)
        for (a, (to, from)) in zip(level.u.components, coarse.u.components).enumerated() {
            device.forRows(level.layout) { kernels.prolongStaggered(to.cells, from.cells, component: a, coarse.layout, level.layout, $0) }
        }
        for a in (0..<components).reversed() { for colour in [1, 0] { relax(level, a, colour) } }
    }

    private func relax(_ level: Level, _ component: Int, _ colour: Int) {
        device.forRows(level.layout) {
            device.kernels.relaxElasticity(level.u.cells, level.g.cells, level.stiffness.cells, level.inverse.cells, component: component,
                                           colour: colour, level.layout, $0)
        }
    }

    // MARK: - The coarsest level

    /// Unknowns in the order (component, x, z) within a plane of constant y.
    private func forUnknowns<T: Real>(_ v: VectorField<T>, planes: Range<Int>? = nil, _ body: (Int, UnsafeMutablePointer<T>) -> Void) {
        let grid = v.grid, components = v.components, d = components.count
        for (a, field) in components.enumerated() {
            for k in 0..<grid.nz {
                for j in planes ?? 0..<grid.ny {
                    let row = field.row(j + grid.ny * k)
                    for i in 0..<grid.nx { body(a + d * (i + grid.nx * (k + grid.nz * j)), row + i) }
                }
            }
        }
    }

    /// The matrix, column by column: the operator on unit vectors, in Double so that a rigid translation stays a zero to round-off.
    private func factorCoarsest() {
        let level = levels.last!, grid = level.u.grid, plane = direct.count / grid.ny
        func take(_ to: Field<Double>, _ from: Field<Float>) {
            for row in 0..<grid.rows { for i in 0..<grid.nx { to.row(row)[i] = Double(from.row(row)[i]) } }
            to.fillGhosts()
        }
        take(columns.stiffness.lambda, level.stiffness.lambda)
        take(columns.stiffness.mu, level.stiffness.mu)
        columns.stiffness.close(harmonic: levels.count == 1, on: device)
        direct.clear()
        for first in 0..<direct.count {
            let j = first / plane
            forUnknowns(columns.u, planes: j..<j + 1) { n, p in p.pointee = n == first ? 1 : 0 }
            columns.u.wrap()
            device.kernels.applyElasticity(columns.r.cells, columns.u.cells, MeanStrain(0, 0, 0), columns.stiffness.cells, columns.sums.values,
                                           level.u.grid.layout(Double.self), 0..<grid.rows)
            forUnknowns(columns.r, planes: j..<min(j + 2, grid.ny)) { n, p in if n >= first { direct[n, first] = p.pointee } }
            forUnknowns(columns.u, planes: j..<j + 1) { _, p in p.pointee = 0 }
        }
        columns.u.fill(0)
        direct.factor()
    }

    private func solveCoarsest() {
        let level = levels.last!
        forUnknowns(level.g) { n, p in direct.right[n] = Double(p.pointee) }
        direct.solve()
        forUnknowns(level.u) { n, p in p.pointee = Float(direct.right[n]) }
        level.u.clearWall()
        level.u.wrap()
    }
}
