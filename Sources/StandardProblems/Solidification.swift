import Glibc
import Grids
import Kernels
import Spectral

/// Dendritic growth of a pure melt (Karma and Rappel, Phys. Rev. E 57, 4323, 1998), one quarter of a crystal with mirror planes x = 0, y = 0:
///
///     a^2 phi_t = [phi - lambda U (1 - phi^2)](1 - phi^2) + div(a^2 grad phi) + d/dx(|grad phi|^2 a da/dphi_x) + d/dy(...)
///     U_t = D lap U + phi_t / 2,     a = 1 + epsilon cos(4 theta),     lambda = D / 0.6267
///
/// phi: central differences of order 2, 4 or 6 on the cells around the interface, Adams predictor and trapezoidal corrector.
/// V = U - phi/2, the enthalpy: second-order backward differences, the Laplacian exact in cosine modes; its integral is conserved to round-off.
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
        let grid: Grid
        let transform: Transform<Double>
        let symbols: Symbols<Double>
        /// phi now, predicted and corrected; all three agree outside the spans.
        var phi: Field<Double>, predicted: Field<Double>, corrected: Field<Double>
        /// Enthalpy now, before, and next.
        var v: Field<Double>, vBefore: Field<Double>, vNext: Field<Double>
        var rate: Field<Double>, rateBefore: Field<Double>, ratePredicted: Field<Double>
        let gy: Field<Double>
        let spans: UnsafeMutablePointer<ColumnSpan>
        let sums: RowSums

        init(cells: Int, spacing: Double, device: Device) throws {
            let grid = Grid(nx: cells, ny: cells, spacing: spacing, x: .bounded, y: .bounded)
            self.grid = grid
            transform = try Transform(grid, Boundaries(grid), device: device)
            symbols = Symbols(transform, .spectral)
            func field(_ value: Double) -> Field<Double> {
                let f = Field<Double>(grid)
                if value != 0 { f.fill(value) }
                return f
            }
            let melt = Solidification.undercooling + 0.5
            (phi, predicted, corrected) = (field(-1), field(-1), field(-1))
            (v, vBefore, vNext) = (field(melt), field(melt), field(melt))
            (rate, rateBefore, ratePredicted, gy) = (field(0), field(0), field(0), field(0))
            spans = .allocate(capacity: grid.rows)
            spans.initialize(repeating: ColumnSpan(first: 0, end: 0), count: grid.rows)
            sums = RowSums(grid)
        }

        deinit { spans.deallocate() }

        /// Takes over the fields of a smaller box.
        func copy(from old: Box) {
            for (to, from) in [(phi, old.phi), (v, old.v), (vBefore, old.vBefore), (rate, old.rate), (rateBefore, old.rateBefore)] {
                for r in 0..<old.grid.rows { to.row(r).update(from: from.row(r), count: old.grid.nx) }
            }
        }
    }

    /// - Parameters:
    ///   - cells: cells per edge of the whole domain.
    ///   - order: of the central differences: 2, 4 or 6.
    ///   - stepLimit: longest step as a share of the stability limit.
    ///   - smallestBox: cells per edge of the first box, at least.
    init(cells: Int, order: Int, tolerance: Double, stepLimit: Double = 0.95, smallestBox: Int = 1, device: Device) throws {
        spacing = Solidification.edge / Double(cells)
        self.order = order
        self.tolerance = tolerance
        self.device = device
        domainCells = cells
        // The predictor-corrector is stable for rates up to 2 / dt. The stiffest mode alternates in sign along x and y; the anisotropy adds at most
        // (a'^2 + a a'') / a^2 of one second difference.
        let d = CentralDifferences<Double>(order: order, spacing: spacing)
        let second = abs(d.centre) + 2 * (abs(d.second.0) + abs(d.second.1) + abs(d.second.2))
        largestStep = stepLimit * 2 / (second * (2 + 16 * Solidification.epsilon / (1 - Solidification.epsilon)) + 2)
        let start = Solidification.sizes.first { [spacing] in $0 >= smallestBox && $0 < cells && Double($0) * spacing > 120 } ?? cells
        box = try Box(cells: start, spacing: spacing, device: device)
        planningTime = box.transform.planningTime
        box.phi.set { x, y, _ in -tanh(((x * x + y * y).squareRoot() - Solidification.seedRadius) / 2.0.squareRoot()) }
        for r in 0..<box.grid.rows {
            let v = box.v.row(r), phi = box.phi.row(r)
            for i in 0..<box.grid.nx { v[i] = Solidification.undercooling - phi[i] / 2 }
        }
        box.vBefore.copy(from: box.v)
        findSpans()
        evaluateRate(of: box.phi, box.v, into: box.rate)
    }

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
            kernels.combine(b.predicted.cells, b.phi.cells, dt * (1 + r / 2), b.rate.cells, -dt * r / 2, b.rateBefore.cells, spans, layout, $0)
        }
        // a0 V+ + a1 V + a2 V- = D lap U+ with U+ = V+ + phi_p / 2.
        let a0 = (1 + 2 * r) / ((1 + r) * dt), a1 = -(1 + r) / dt, a2 = r * r / ((1 + r) * dt), next = b.vNext
        device.forRows(layout) {
            kernels.combine(next.cells, -a1, b.v.cells, -a2, b.vBefore.cells, layout, $0)
            kernels.combine(next.cells, a0 / 2, b.predicted.cells, 1, layout, $0)
        }
        b.transform.forward(next)
        device.filter(b.transform.spectrum, Quadratic(b.transform.normalisation), over: Quadratic(a0, Solidification.diffusivity), b.symbols)
        b.transform.inverse(into: next)
        device.forRows(layout) { kernels.combine(next.cells, -0.5, b.predicted.cells, 1, layout, $0) }
        evaluateRate(of: b.predicted, next, into: b.ratePredicted)
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
        evaluateRate(of: b.phi, b.v, into: b.rate)
        lastStep = dt
    }

    private func evaluateRate(of phi: Field<Double>, _ v: Field<Double>, into rate: Field<Double>) {
        let b = box, kernels = device.kernels, layout = phi.layout, spans = UnsafePointer(b.spans)
        let d = CentralDifferences<Double>(order: order, spacing: spacing)
        device.forRows(layout) { kernels.gradientY(b.gy.cells, phi.cells, d, spans, layout, $0) }
        device.forRows(layout) {
            kernels.solidificationRate(rate.cells, phi.cells, b.gy.cells, v.cells, lambda: Solidification.lambda,
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
        // The field is largest on the axes.
        let disturbed = max(abs(b.v[n - 1, 0] + b.phi[n - 1, 0] / 2 - Solidification.undercooling),
                            abs(b.v[0, n - 1] + b.phi[0, n - 1] / 2 - Solidification.undercooling))
        guard disturbed > 1e-5 else { return }
        let larger = Solidification.sizes.first { $0 > n && $0 < domainCells } ?? domainCells
        let next = try Box(cells: larger, spacing: spacing, device: device)
        next.copy(from: b)
        planningTime += next.transform.planningTime
        box = next
        findSpans()
    }
}
