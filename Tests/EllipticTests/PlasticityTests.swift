import Elliptic
import Glibc
import Grids
import Testing
import Validation

@Suite("J2 plasticity")
struct PlasticityTests {
    static let yield = 105e6

    @Test("a bar pulled beyond yield carries the yield stress, and keeps the plastic strain when unloaded", arguments: [1, 6])
    func bar(nz: Int) throws {
        let body = try elasticity(staggeredGrid(8, 10, nz), soft, soft) { _, _, _ in 1 }
        let flow = Plasticity<Double>(body.grid)
        flow.yieldStress.fill(Self.yield)
        func pull(_ strain: Double) -> Elasticity<Double>.Loading { .init(x: .stress(0), y: .strain(strain), z: .stress(0)) }
        let limit = Self.yield / 5e9
        #expect(flow.step(body, pull(0.9 * limit), tolerance: 1e-10).converged)
        #expect(abs(body.stress.yy[3, 4] / (0.9 * Self.yield) - 1) < 1e-9)
        for step in 1...4 { #expect(flow.step(body, pull(limit * Double(step)), tolerance: 1e-10).converged) }
        #expect(body.stress.yy.values().allSatisfy { abs($0 / Self.yield - 1) < 1e-8 })
        #expect(body.stress.xx.values().allSatisfy { abs($0) < 1e-7 * Self.yield })
        #expect(flow.step(body, .init(x: .stress(0), y: .stress(0), z: .stress(0)), tolerance: 1e-10).converged)
        #expect(abs(body.meanStrain.y / (3 * limit) - 1) < 1e-7)
    }

    @Test("a layer that grows sideways between elastic ones stops at the yield stress")
    func layer() throws {
        let e = 0.05
        let body = try elasticity(staggeredGrid(16, 24), soft, soft, strain: SIMD3(e, 0, e)) { _, y, _ in y < 8e-6 ? 1 : 0 }
        let flow = Plasticity<Double>(body.grid)
        flow.yieldStress.set { _, y, _ in y < 8e-6 ? Self.yield : .infinity }
        let report = flow.step(body, .init(y: .stress(0)), tolerance: 1e-9)
        #expect(report.converged)
        // s_yy = 0 and s_xx = s_zz: the von Mises stress is |s_xx|.
        #expect(abs(body.stress.xx[5, 3] / -Self.yield - 1) < 1e-7)
        #expect(abs(body.stress.zz[5, 3] / -Self.yield - 1) < 1e-7)
        #expect(abs(body.stress.xx[5, 20]) < 1e-7 * Self.yield)
    }

    @Test("a growing branch: no stress beyond yield in the metal, equilibrium kept")
    func branch() throws {
        let n = 64, grid = staggeredGrid(n, n, spacing: 1 / Double(n))
        let one = Stiffness<Double>.lame(young: 7.8e9, poisson: 0.36), two = Stiffness<Double>.lame(young: 30e9, poisson: 0.3)
        let body = try elasticity(grid, one, two, strain: SIMD3(0.02, 0.02, 0)) { branched($0, $1, $2, 1 / Double(n), false) }
        let flow = Plasticity<Double>(grid)
        flow.yieldStress.set { x, y, z in branched(x, y, z, 1 / Double(n), false) > 0.5 ? Self.yield : .infinity }
        let report = flow.step(body, tolerance: 1e-5)
        #expect(report.converged && report.passes <= 20)
        let mises = Field<Double>(grid), pressure = Field<Double>(grid)
        body.invariants(hydrostatic: pressure, mises: mises)
        var worst = 0.0, plastic = 0
        for j in 0..<n { for i in 0..<n where flow.yieldStress[i, j] < 1e9 {
            // Next to elastic cells the shear of an edge is returned by the mean factor of its four cells: looked at two cells inside.
            let inside = (-2...2).allSatisfy { a in (-2...2).allSatisfy { flow.yieldStress[(i + a + n) % n, max(0, min(n - 1, j + $0))] < 1e9 } }
            if inside { worst = max(worst, mises[i, j] / Self.yield - 1) }
            if mises[i, j] > 0.99 * Self.yield { plastic += 1 }
        } }
        #expect(worst < 0.05)
        #expect(plastic > 100)
    }
}
