import Elliptic
import Grids
import Testing

/// Layers of two materials between walls at 0 and 1: 8 cells of conductivity 1, 8 of 1/contrast, and so on.
@Suite("Laminates between Dirichlet walls")
struct LaminateTests {
    static let contrasts = [10.0, 1e4, 1e7]

    static func grid(_ axis: Int) -> Grid {
        var n = [16, 16, 8]
        n[axis] = 32
        return Grid(nx: n[0], ny: n[1], nz: n[2], spacing: 1.0 / 32, x: axis == 0 ? .bounded : .periodic, y: axis == 1 ? .bounded : .periodic,
                    z: axis == 2 ? .bounded : .periodic)
    }

    @Test("layers across the current: the series average", arguments: [0, 1, 2], contrasts)
    func series(axis: Int, contrast: Double) {
        let walls = [Conduction<Double>.Wall(axis: .init(rawValue: axis)!, upper: false, value: { _, _, _ in 0 }),
                     Conduction<Double>.Wall(axis: .init(rawValue: axis)!, upper: true, value: { _, _, _ in 1 })]
        let problem = Conduction<Double>(Self.grid(axis), walls: walls) { x, y, z in
            Int([x, y, z][axis] * 32) / 8 % 2 == 0 ? 1 : 1 / contrast
        }
        #expect(problem.solve(tolerance: 1e-13).converged)
        // Half of the unit length conducts 1, half 1/contrast.
        let effective = 2 / (1 + contrast)
        var worst = 0.0
        problem.each { i, j, k in
            guard [i, j, k][axis] == 0 else { return }
            worst = max(worst, abs(2 * 32 * problem.solution[i, j, k] / effective - 1))
        }
        #expect(worst < 1e-8)
    }

    @Test("layers along the current: the plain average, a linear potential", arguments: [0, 1, 2], contrasts)
    func parallel(axis: Int, contrast: Double) {
        let walls = [Conduction<Double>.Wall(axis: .init(rawValue: axis)!, upper: false, value: { _, _, _ in 0 }),
                     Conduction<Double>.Wall(axis: .init(rawValue: axis)!, upper: true, value: { _, _, _ in 1 })]
        let across = axis == 0 ? 1 : 0
        let problem = Conduction<Double>(Self.grid(axis), walls: walls) { x, y, z in
            Int([x, y, z][across] * 32) / 8 % 2 == 0 ? 1 : 1 / contrast
        }
        #expect(problem.solve(tolerance: 1e-13).converged)
        var current = 0.0, linear = 0.0, cells = 0.0
        problem.each { i, j, k in
            let n = [i, j, k][axis]
            linear = max(linear, abs(problem.solution[i, j, k] - (Double(n) + 0.5) / 32))
            if n == 0 { current += 64 * problem.conductivity[i, j, k] * problem.solution[i, j, k]; cells += 1 }
        }
        #expect(abs(current / cells / ((1 + 1 / contrast) / 2) - 1) < 1e-8)
        #expect(linear < 1e-8)
    }
}
