import Elliptic
import Glibc
import Grids
import Testing
import Validation

/// u = 1 + cos or sin factors, a = 2 + cos factors on the unit square or cube: second order in space whatever the boundary.
@Suite("Manufactured solutions")
struct ManufacturedTests {
    enum Boundary: CaseIterable { case periodic, neumann, dirichlet }

    /// Factor of u along one axis, with two derivatives.
    static func shape(_ boundary: Boundary, _ x: Double) -> (Double, Double, Double) {
        let w = boundary == .periodic ? 2 * Double.pi : Double.pi
        switch boundary {
        case .periodic: return (sin(w * x + 0.3), w * cos(w * x + 0.3), -w * w * sin(w * x + 0.3))
        case .neumann: return (cos(w * x), -w * sin(w * x), -w * w * cos(w * x))
        case .dirichlet: return (sin(w * x + 0.4), w * cos(w * x + 0.4), -w * w * sin(w * x + 0.4))
        }
    }

    static func error<T: Real>(_ n: Int, _ boundaries: [Boundary], _: T.Type, tolerance: Double = 1e-11) -> Double {
        let d = boundaries.count, h = 1 / Double(n)
        let kinds: [Grid.Topology] = boundaries.map { $0 == .periodic ? .periodic : .bounded }
        let grid = Grid(nx: n, ny: n, nz: d == 3 ? n : 1, spacing: h, x: kinds[0], y: kinds[1], z: d == 3 ? kinds[2] : .periodic)
        func exact(_ p: [Double]) -> Double { (0..<d).reduce(1) { $0 * shape(boundaries[$1], p[$1]).0 } }
        func a(_ p: [Double]) -> Double { 2 + (0..<d).reduce(1) { $0 * cos(2 * Double.pi * p[$1]) } }
        var walls: [Conduction<T>.Wall] = []
        for axis in 0..<d where boundaries[axis] == .dirichlet {
            for upper in [false, true] { walls.append(.init(axis: .init(rawValue: axis)!, upper: upper) { exact([$0, $1, $2]) }) }
        }
        let problem = Conduction<T>(grid, harmonic: false, reaction: { _, _, _ in 3 }, walls: walls) { a([$0, $1, $2]) }
        problem.each { i, j, k in
            let p = [i, j, k].map { (Double($0) + 0.5) * h }
            var f = 3 * exact(p)
            for axis in 0..<d {
                let others = (0..<d).filter { $0 != axis }
                let u = others.reduce(1) { $0 * shape(boundaries[$1], p[$1]).0 }, s = shape(boundaries[axis], p[axis])
                let da = -2 * Double.pi * sin(2 * Double.pi * p[axis]) * others.reduce(1) { $0 * cos(2 * Double.pi * p[$1]) }
                f -= u * (da * s.1 + a(p) * s.2)
            }
            problem.right[i, j, k] += T(f)
        }
        #expect(problem.solve(tolerance: tolerance).converged)
        var square = 0.0
        problem.each { i, j, k in
            let e = Double(problem.solution[i, j, k]) - exact([i, j, k].map { (Double($0) + 0.5) * h })
            square += e * e / Double(grid.cells)
        }
        return square.squareRoot()
    }

    @Test("order 2 in the plane", arguments: Boundary.allCases, Boundary.allCases)
    func plane(x: Boundary, y: Boundary) {
        let coarse = Self.error(64, [x, y], Double.self), fine = Self.error(128, [x, y], Double.self)
        #expect(abs(log2(coarse / fine) - 2) < 0.1)
        #expect(fine < 5e-4)
    }

    @Test("order 2 in space", arguments: [[Boundary.periodic, .neumann, .dirichlet], [.dirichlet, .dirichlet, .neumann], [.neumann, .neumann, .neumann],
                                          [.periodic, .periodic, .periodic]])
    func solid(boundaries: [Boundary]) {
        let coarse = Self.error(24, boundaries, Double.self), fine = Self.error(48, boundaries, Double.self)
        #expect(abs(log2(coarse / fine) - 2) < 0.1)
        #expect(fine < 3e-3)
    }

    @Test("a solve in Float reaches the same discretisation error")
    func single() {
        let boundaries = [Boundary.periodic, .dirichlet]
        let double = Self.error(64, boundaries, Double.self), float = Self.error(64, boundaries, Float.self, tolerance: 1e-6)
        #expect(abs(float / double - 1) < 0.02)
    }
}
