import Elliptic
import Glibc
import Grids
import Testing

@Suite("Bilinear elements")
struct BilinearElementsTests {
    private static func random(_ grid: Grid, _ seed: UInt64, _ low: Double, _ high: Double) -> Field<Double> {
        let field = Field<Double>(grid), stream = RandomStream(seed: seed, purpose: "elements")
        field.set { x, y, _ in low + (high - low) * Double(stream.bits(UInt64(1e3 * x), UInt64(1e3 * y)).0) * 0x1p-32 }
        return field
    }

    private static func difference(_ a: Field<Double>, _ b: Field<Double>) -> Double { zip(a.values(), b.values()).map { abs($0 - $1) }.max()! }

    @Test("the matrix is the derivative of the loads, walls included", arguments: [false, true], [false, true])
    func derivative(atGaussPoints: Bool, isFixed: Bool) {
        let grid = Grid(nx: 7, ny: 5, spacing: 1), elements = BilinearElements(grid, atGaussPoints: atGaussPoints)
        let a = Self.random(grid, 1, 0.1, 9), u = Self.random(grid, 2, -1, 1), matrix = NinePointOperator(grid)
        let product = Field<Double>(grid), loads = Field<Double>(grid)
        elements.forEach { e, _ in
            let points = elements.atPoints(e.values(a)), nodes = e.values(u, fixed: isFixed ? 0 : nil)
            e.add(elements.stiffness(points, e) + elements.mass(3 * points, e), to: matrix, isFixed: isFixed)
            e.add(elements.fluxLoads(points, nodes, e) + elements.loads(3 * points * elements.atPoints(nodes), e), to: loads, isFixed: isFixed)
        }
        matrix.close()
        u.fillGhosts()
        matrix.apply(product, u)
        #expect(Self.difference(product, loads) < 1e-13)
    }

    @Test("integrated at the nodes they are the five-point operator with the mean of two cells on a face")
    func fivePoints() {
        let grid = Grid(nx: 8, ny: 6, spacing: 1), elements = BilinearElements(grid, atGaussPoints: false), device = Device()
        let a = Self.random(grid, 1, 0.1, 9), u = Self.random(grid, 2, -1, 1), matrix = NinePointOperator(grid), five = EllipticOperator<Double>(grid)
        elements.forEach { e, _ in e.add(elements.stiffness(elements.atPoints(e.values(a)), e), to: matrix) }
        matrix.close()
        for j in 0..<6 {
            for i in 0..<8 {
                five.x[i, j] = 0.5 * (a[i, j] + a[(i + 7) % 8, j])
                five.y[i, j] = j > 0 ? 0.5 * (a[i, j] + a[i, j - 1]) : 0
            }
        }
        five.closeFaces()
        u.fillGhosts()
        let mine = Field<Double>(grid), theirs = Field<Double>(grid)
        matrix.apply(mine, u)
        five.apply(theirs, u, on: device, RowSums(grid))
        #expect(Self.difference(mine, theirs) < 1e-13)
    }

    /// -div(a grad u) + u = f on 2 pi x pi with a = 2 + cos x sin y, u = cos x sin y, which vanishes at both walls.
    @Test("a conduction problem converges with the square of the cell, with either preconditioner", arguments: [false, true], [false, true])
    func order(atGaussPoints: Bool, usesMultigrid: Bool) {
        let errors = [16, 32].map { n -> Double in
            let h = Double.pi / Double(n), grid = Grid(nx: 2 * n, ny: n, spacing: h), elements = BilinearElements(grid, atGaussPoints: atGaussPoints)
            let a = Field<Double>(grid), f = Field<Double>(grid), u = Field<Double>(grid), r = Field<Double>(grid), matrix = NinePointOperator(grid)
            a.set { x, y, _ in 2 + cos(x) * sin(y) }
            // a (2 u) - grad a . grad u + u
            f.set { x, y, _ in
                let w = cos(x) * sin(y), gx = sin(x) * sin(y), gy = cos(x) * cos(y)
                return 2 * (2 + w) * w - gx * gx - gy * gy + w
            }
            elements.forEach { e, _ in
                let points = elements.atPoints(e.values(a))
                e.add(elements.stiffness(points / (h * h), e) + elements.mass(SIMD4(repeating: 1), e), to: matrix, isFixed: true)
                e.add(elements.loads(elements.atPoints(e.values(f)), e), to: r, isFixed: true)
            }
            matrix.close()
            let report = NinePointSolver(grid, on: Device()).correct(u, matrix, residual: r, tolerance: 1e-10, usesMultigrid: usesMultigrid)
            #expect(report.converged && (!usesMultigrid || report.iterations <= 22), "\(report) \(n)")
            var worst = 0.0
            for j in 0..<n { for i in 0..<2 * n { worst = max(worst, abs(u[i, j] - cos((Double(i) + 0.5) * h) * sin((Double(j) + 0.5) * h))) } }
            return worst
        }
        #expect(errors[0] < 0.01 && log2(errors[0] / errors[1]) > 1.9, "\(errors)")
    }
}
