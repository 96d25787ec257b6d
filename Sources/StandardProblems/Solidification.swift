import Glibc
import Grids
import Kernels
import Spectral

/// Dendritic growth of a pure melt (Karma and Rappel, Phys. Rev. E 57, 4323, 1998), a quarter of a crystal with mirror planes x = 0, y = 0:
///
///     a^2 phi_t = [phi - lambda U (1 - phi^2)](1 - phi^2) + div(a^2 grad phi) + d/dx(|grad phi|^2 a da/dphi_x) + d/dy(...)
///     U_t = D lap U + phi_t / 2,     a = 1 + epsilon cos(4 theta),     lambda = D / 0.6267
///
/// phi: central differences of order 2, 4 or 6 on the cells around the interface, Adams predictor and trapezoidal corrector.
/// V = U - phi/2, the enthalpy: on cells twice as large (U is smooth, for D is ten times the interface's own diffusivity), second-order
/// backward differences, the Laplacian exact in cosine modes; its integral is conserved to round-off.
/// The box grows with the thermal field, from a corner to the whole domain, so that its walls see |U - Delta| below 1e-5.
final class Solidification {
    static let diffusivity = 10.0, epsilon = 0.05, undercooling = -0.3, seedRadius = 8.0, edge = 960.0
    static let lambda = diffusivity / 0.6267

    let spacing: Double
    /// Largest |corrector - predictor| of phi in a step.
    let tolerance: Double
    private(set) var time = 0.0
    private(set) var steps = 0, rejected = 0
    private(set) var planningTime = 0.0

    private let device: Device
    private let domainCells: Int
    let order: Int
    private(set) var box: Box
    private var step = 1e-3, lastStep = 0.0
    private let largestStep: Double
    private var spansAge = 0

    /// The fields of one box size.
    final class Box {
        let grid: Grid, coarseGrid: Grid
        let transform: Transform<Double>
        let symbols: Symbols<Double>
        /// phi now, predicted and corrected; all three agree outside the spans.
        var phi: Field<Double>, predicted: Field<Double>, corrected: Field<Double>
        var rate: Field<Double>, rateBefore: Field<Double>
        let ratePredicted: Field<Double>, gy: Field<Double>
        /// The enthalpy around the interface, interpolated.
        let fineV: Field<Double>, scratch: Field<Double>
        /// Coarse: the enthalpy now, before, and next; phi.
        var v: Field<Double>, vBefore: Field<Double>, vNext: Field<Double>
        let coarsePhi: Field<Double>
        let spans: UnsafeMutablePointer<ColumnSpan>
        let sums: RowSums

        init(cells: Int, spacing: Double, device: Device) throws {
            let grid = Grid(nx: cells, ny: cells, spacing: spacing, x: .bounded, y: .bounded)
            let coarseGrid = Grid(nx: cells / 2, ny: cells / 2, spacing: 2 * spacing, x: .bounded, y: .bounded)
            (self.grid, self.coarseGrid) = (grid, coarseGrid)
            transform = try Transform(coarseGrid, Boundaries(coarseGrid), device: device)
            symbols = Symbols(transform, .spectral)
            func field(_ grid: Grid, _ value: Double) -> Field<Double> {
                let f = Field<Double>(grid)
                if value != 0 { f.fill(value) }
                return f
            }
            let melt = Solidification.undercooling + 0.5
            (phi, predicted, corrected) = (field(grid, -1), field(grid, -1), field(grid, -1))
            (rate, rateBefore, ratePredicted, gy) = (field(grid, 0), field(grid, 0), field(grid, 0), field(grid, 0))
            fineV = field(grid, melt)
            scratch = field(Grid(nx: cells / 2, ny: cells, spacing: spacing, x: .bounded), 0)
            (v, vBefore, vNext) = (field(coarseGrid, melt), field(coarseGrid, melt), field(coarseGrid, melt))
            coarsePhi = field(coarseGrid, -1)
            spans = .allocate(capacity: grid.rows)
            spans.initialize(repeating: ColumnSpan(first: 0, end: 0), count: grid.rows)
            sums = RowSums(grid)
        }

        deinit { spans.deallocate() }

        /// Takes over the fields of a smaller box.
        func copy(from old: Box) {
            for (to, from) in [(phi, old.phi), (rate, old.rate), (rateBefore, old.rateBefore), (fineV, old.fineV), (v, old.v),
                               (vBefore, old.vBefore), (coarsePhi, old.coarsePhi)] {
                for r in 0..<from.grid.rows { to.row(r).update(from: from.row(r), count: from.grid.nx) }
            }
        }
    }

    /// - Parameters:
    ///   - cells: cells per edge of the whole domain; even.
    ///   - order: of the central differences: 2, 4 or 6.
    ///   - stepLimit: longest step as a share of the stability limit.
    ///   - smallestBox: cells per edge of the first box, at least.
    init(cells: Int, order: Int, tolerance: Double, stepLimit: Double = 0.88, smallestBox: Int = 1, device: Device) throws {
        spacing = Solidification.edge / Double(cells)
        self.order = order
        self.tolerance = tolerance
        self.device = device
        domainCells = cells
        // The predictor-corrector is stable for rates up to 2 / dt. The stiffest mode alternates in sign along x and y; the anisotropy
        // adds at most (a'^2 + a a'') / a^2 of one second difference.
        let d = CentralDifferences<Double>(order: order, spacing: spacing)
        let second = abs(d.centre) + 2 * (abs(d.second.0) + abs(d.second.1) + abs(d.second.2))
        largestStep = stepLimit * 2 / (second * (2 + 16 * Solidification.epsilon / (1 - Solidification.epsilon)) + 2)
        let start = Solidification.sizes.first { [spacing] in $0 >= smallestBox && $0 < cells && Double($0) * spacing > 120 } ?? cells
        box = try Box(cells: start, spacing: spacing, device: device)
        planningTime = box.transform.planningTime
        box.phi.set { x, y, _ in -tanh(((x * x + y * y).squareRoot() - Solidification.seedRadius) / 2.0.squareRoot()) }
        findSpans()
        setInitialHeat()
        evaluateRate(of: box.phi, into: box.rate)
    }

    /// U = Delta everywhere.
    private func setInitialHeat() {
        let b = box
        for r in 0..<b.grid.rows {
            let v = b.fineV.row(r), phi = b.phi.row(r)
            for i in 0..<b.grid.nx { v[i] = Solidification.undercooling - phi[i] / 2 }
        }
        // The spans hold the whole seed: nowhere in it is phi above 1 - 1e-7.
        restrict(b.phi)
        for r in 0..<b.coarseGrid.rows {
            let v = b.v.row(r), phi = b.coarsePhi.row(r)
            for i in 0..<b.coarseGrid.nx { v[i] = Solidification.undercooling - phi[i] / 2 }
        }
        b.vBefore.copy(from: b.v)
    }

    /// Six-point interpolation a quarter cell right of the third point.
    private static let interpolation: (Double, Double, Double, Double, Double, Double) = {
        let nodes = [-2.0, -1, 0, 1, 2, 3]
        let w = nodes.map { node in nodes.filter { $0 != node }.reduce(1.0) { $0 * (0.25 - $1) / (node - $1) } }
        return (w[0], w[1], w[2], w[3], w[4], w[5])
    }()

    /// Box sizes with small prime factors.
    private static let sizes = [96, 128, 160, 200, 256, 320, 400, 512, 640, 800, 1024, 1280]

    /// Steps until `end`, exactly.
    func advance(to end: Double) throws {
        while time < end {
            let left = end - time, lands = step >= left * (1 - 1e-9)
            let dt = lands ? left : (2 * step > left ? left / 2 : step)
            try growBox()
            if spansAge >= 8 { findSpans() }
            let change = take(dt)
            // The difference of predictor and corrector is of third order.
            let factor = 0.9 * pow(max(change / tolerance, 1e-6), -1.0 / 3)
            if change <= tolerance {
                accept(dt)
                time = lands ? end : time + dt
                steps += 1
                spansAge += 1
                let proposal = dt * min(1.2, factor)
                if dt == step || proposal > step { step = min(proposal, largestStep) }
            } else {
                rejected += 1
                step = dt * (change.isFinite ? max(0.2, factor) : 0.2)
                guard step > 1e-9 else { throw IntegrationError.stepTooSmall(time: time, step: step) }
            }
        }
    }

    /// One step into `corrected` and `vNext`.
    /// - Returns: the largest |corrector - predictor|.
    private func take(_ dt: Double) -> Double {
        let b = box, kernels = device.kernels, layout = b.phi.layout, spans = UnsafePointer(b.spans)
        let r = lastStep > 0 ? dt / lastStep : 0
        device.forRows(layout) {
            kernels.combine(b.predicted.cells, b.phi.cells, dt * (1 + r / 2), b.rate.cells, -dt * r / 2, b.rateBefore.cells,
                            spans, layout, $0)
        }
        // a0 V+ + a1 V + a2 V- = D lap U+ with U+ = V+ + phi_p / 2.
        let a0 = (1 + 2 * r) / ((1 + r) * dt), a1 = -(1 + r) / dt, a2 = r * r / ((1 + r) * dt), next = b.vNext, coarse = next.layout
        restrict(b.predicted)
        device.forRows(coarse) {
            kernels.combine(next.cells, -a1, b.v.cells, -a2, b.vBefore.cells, coarse, $0)
            kernels.combine(next.cells, a0 / 2, b.coarsePhi.cells, 1, coarse, $0)
        }
        b.transform.forward(next)
        device.filter(b.transform.spectrum, Quadratic(b.transform.normalisation), over: Quadratic(a0, Solidification.diffusivity),
                      b.symbols)
        b.transform.inverse(into: next)
        device.forRows(layout) {
            kernels.prolong(b.fineV.cells, b.predicted.cells, next.cells, coarse, b.scratch.cells, weights: Solidification.interpolation,
                            spans, layout, $0)
        }
        device.forRows(coarse) { kernels.combine(next.cells, -0.5, b.coarsePhi.cells, 1, coarse, $0) }
        evaluateRate(of: b.predicted, into: b.ratePredicted)
        device.forRows(layout) {
            kernels.combine(b.corrected.cells, b.phi.cells, dt / 2, b.rate.cells, dt / 2, b.ratePredicted.cells, spans, layout, $0)
            kernels.maximumDifference(b.corrected.cells, b.predicted.cells, b.sums.values, spans, layout, $0)
        }
        return b.sums.maximum()
    }

    private func accept(_ dt: Double) {
        let b = box
        swap(&b.phi, &b.corrected)
        (b.vBefore, b.v, b.vNext) = (b.v, b.vNext, b.vBefore)
        swap(&b.rate, &b.rateBefore)
        evaluateRate(of: b.phi, into: b.rate)
        lastStep = dt
    }

    /// phi on the coarse cells.
    func restrict(_ phi: Field<Double>) {
        let b = box, kernels = device.kernels, layout = phi.layout, coarse = b.coarsePhi.layout, spans = UnsafePointer(b.spans)
        device.forRows(coarse) { kernels.restrict(b.coarsePhi.cells, coarse, phi.cells, spans, layout, $0) }
    }

    /// With the enthalpy of the latest solve.
    private func evaluateRate(of phi: Field<Double>, into rate: Field<Double>) {
        let b = box, kernels = device.kernels, layout = phi.layout, spans = UnsafePointer(b.spans)
        let d = CentralDifferences<Double>(order: order, spacing: spacing)
        device.forRows(layout) { kernels.gradientY(b.gy.cells, phi.cells, d, spans, layout, $0) }
        device.forRows(layout) {
            kernels.solidificationRate(rate.cells, phi.cells, b.gy.cells, b.fineV.cells, lambda: Solidification.lambda,
                                       epsilon: Solidification.epsilon, d, spans, layout, $0)
        }
    }

    /// The cells to work on: |phi| < 1 - 1e-7 and a margin of 12 cells and 8 rows, renewed before the front has left the margin.
    private func findSpans() {
        let b = box, kernels = device.kernels, layout = b.phi.layout, rows = b.grid.rows, margin = 8
        device.forRows(layout) { kernels.interfaceSpans(b.phi.cells, limit: 1 - 1e-7, margin: 12, b.spans, layout, $0) }
        let own = Array(UnsafeBufferPointer(start: b.spans, count: rows))
        for r in 0..<rows {
            for n in max(0, r - margin)..<min(rows, r + margin + 1) where own[n].end > 0 {
                let s = b.spans[r]
                b.spans[r] = s.end == 0 ? own[n] : ColumnSpan(first: min(s.first, own[n].first), end: max(s.end, own[n].end))
            }
        }
        b.predicted.copy(from: b.phi)
        b.corrected.copy(from: b.phi)
        spansAge = 0
    }

    /// A larger box when the melt at the far walls is no longer undisturbed.
    private func growBox() throws {
        let b = box, n = b.grid.nx
        guard n < domainCells, steps % 8 == 0 else { return }
        // The field is largest on the axes; phi = -1 there.
        let melt = Solidification.undercooling + 0.5, last = b.coarseGrid.nx - 1
        guard max(abs(b.v[last, 0] - melt), abs(b.v[0, last] - melt)) > 1e-5 else { return }
        let larger = Solidification.sizes.first { $0 > n && $0 < domainCells } ?? domainCells
        let next = try Box(cells: larger, spacing: spacing, device: device)
        next.copy(from: b)
        planningTime += next.transform.planningTime
        box = next
        findSpans()
    }
}
