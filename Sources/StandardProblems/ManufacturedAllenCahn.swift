import Glibc
import Grids
import Kernels
import Spectral

/// eta_t = -[4 eta (eta - 1)(eta - 1/2) - kappa lap eta] + S on [0, 1] x [0, 1/2], periodic in x, eta = 1 at y = 0 and 0 at y = 1/2,
/// with S such that eta = (1 - tanh((y - alpha(x, t)) / sqrt(2 kappa))) / 2.
///
/// The unknown is eta - (1 - 2 y), which is 0 at both walls.
final class ManufacturedAllenCahn: SplitEquation {
    let transform: Transform<Double>
    let symbols: Symbols<Double>
    let p = Quadratic<Double>(1)
    let q: Quadratic<Double>

    /// The front's motion: alpha = 1/4 + A1 t sin(B1 x) + A2 sin(B2 x + C2 t).
    struct Front: Sendable {
        var kappa = 4e-4, c2 = 0.0625 * Double.pi
        static let a1 = 0.0075, b1 = 8 * Double.pi, a2 = 0.03, b2 = 22 * Double.pi

        func position(_ x: Double, _ t: Double) -> Double {
            0.25 + Front.a1 * t * sin(Front.b1 * x) + Front.a2 * sin(Front.b2 * x + c2 * t)
        }

        func value(_ x: Double, _ y: Double, _ t: Double) -> Double { (1 - tanh((y - position(x, t)) / (2 * kappa).squareRoot())) / 2 }
    }

    let front: Front
    let grid: Grid
    private let cells: Field<Double>
    private let columns: [UnsafeMutablePointer<Double>], rows: [UnsafeMutablePointer<Double>]

    /// - Parameters:
    ///   - n: cells along x, so h = 1/n; even.
    ///   - laplacian: `.finiteDifference` is the cell-centred finite-volume operator of second order.
    init(n: Int, _ front: Front, _ laplacian: Laplacian, device: Device) throws {
        precondition(n % 2 == 0)
        self.front = front
        grid = Grid(nx: n, ny: n / 2, spacing: 1 / Double(n))
        transform = try Transform(grid, Boundaries(x: .periodic, y: .dirichlet), device: device)
        symbols = Symbols(transform, laplacian)
        q = Quadratic(0, -front.kappa)
        cells = Field(grid)
        let packed = cells.layout.rowStride
        columns = (0..<3).map { _ in
            let memory = UnsafeMutablePointer<Double>.allocate(capacity: packed)
            memory.initialize(repeating: 0, count: packed)
            return memory
        }
        rows = (0..<2).map { _ in .allocate(capacity: n / 2) }
        for j in 0..<n / 2 {
            let y = (Double(j) + 0.5) * grid.spacing
            rows[0][j] = 1 - 2 * y
            rows[1][j] = y
        }
    }

    deinit {
        for memory in columns + rows { memory.deallocate() }
    }

    func evaluate(_ modes: Field<Double>, time t: Double, stage: Int, into f: Field<Double>) {
        let d = (2 * front.kappa).squareRoot()
        for i in 0..<grid.nx {
            let x = (Double(i) + 0.5) * grid.spacing, u = Front.b1 * x, v = Front.b2 * x + front.c2 * t
            let rate = Front.a1 * sin(u) + Front.a2 * front.c2 * cos(v)
            let slope = Front.a1 * Front.b1 * t * cos(u) + Front.a2 * Front.b2 * cos(v)
            let curvature = -Front.a1 * Front.b1 * Front.b1 * t * sin(u) - Front.a2 * Front.b2 * Front.b2 * sin(v)
            columns[0][i] = front.position(x, t)
            columns[1][i] = (rate - front.kappa * curvature) / (2 * d)
            columns[2][i] = slope * slope / 2
        }
        transform.spectrum.copy(from: modes)
        transform.inverse(into: cells)
        let cells = cells, kernels = transform.device.kernels
        let lift = UnsafePointer(rows[0]), y = UnsafePointer(rows[1])
        let alpha = UnsafePointer(columns[0]), p = UnsafePointer(columns[1]), q = UnsafePointer(columns[2])
        transform.device.forRows(cells.layout) {
            kernels.manufacturedFront(cells.cells, lift: lift, y: y, alpha: alpha, p: p, q: q, d: d, cells.layout, $0)
        }
        transform.forward(cells, into: f)
    }

    /// The exact unknown at a time.
    func setExact(_ u: Field<Double>, time: Double) {
        u.set { x, y, _ in front.value(x, y, time) - (1 - 2 * y) }
    }

    /// Solves from t = 0 to `end`.
    /// - Returns: sqrt(sum (eta - eta*)^2 h^2), and the integrator for its counts.
    func solve(to end: Double, tolerance: Double?, firstStep: Double) throws
        -> (error: Double, integrator: AdaptiveIntegrator) {
        let integrator = AdaptiveIntegrator(self, tolerance: tolerance, firstStep: firstStep)
        let u = Field<Double>(grid), exact = Field<Double>(grid)
        setExact(u, time: 0)
        integrator.start(from: u)
        try integrator.advance(to: end)
        integrator.cells(into: u)
        setExact(exact, time: end)
        transform.device.combineDifference(u, exact)
        return ((transform.device.dot(u, u, RowSums(grid)) * grid.cellVolume).squareRoot(), integrator)
    }
}

extension Device {
    /// u = u - v
    fileprivate func combineDifference(_ u: Field<Double>, _ v: Field<Double>) {
        forRows(u.layout) { kernels.combine(u.cells, -1, v.cells, 1, u.layout, $0) }
    }
}
