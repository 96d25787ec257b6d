import Elliptic
import Glibc
import Grids
import Testing
import Validation

@Suite("Stray field of a magnetised film")
struct StrayFieldTests {
    @Test("a uniform film has no field outside, H = -M_y inside", arguments: [(32, 24, 1), (31, 24, 1), (16, 20, 12), (15, 20, 9)], 0..<3)
    func uniform(size: (Int, Int, Int), axis: Int) throws {
        let grid = Grid(nx: size.0, ny: size.1, nz: size.2, spacing: 1)
        guard axis < grid.dimensions else { return }
        #expect(try MagneticProblems.uniform(grid, axis: axis) < 1e-12)
    }

    @Test("stripe domains: every resolved harmonic exact in the layer average, decay e^{-ky}", arguments: [(32, 1), (64, 1), (24, 8)])
    func stripes(n: Int, nz: Int) throws {
        #expect(try MagneticProblems.stripes(n: n, nz: nz) < 1e-10)
    }

    @Test("the field of cell means is self-adjoint and its energy is not negative", arguments: [(20, 14, 1), (12, 10, 9)])
    func reciprocity(size: (Int, Int, Int)) throws {
        let grid = Grid(nx: size.0, ny: size.1, nz: size.2, spacing: 1), stream = RandomStream(seed: 2, purpose: "domains")
        func random(_ lane: Double) -> [Field<Double>] {
            MagneticProblems.fields(grid) { x, y, z in
                let a = stream.normalPair(UInt64(x + 100 * lane), UInt64(y + 1000 * z)),
                    b = stream.normalPair(UInt64(x + 100 * lane + 50), UInt64(y + 1000 * z))
                return SIMD3(a.0, a.1, b.0)
            }
        }
        let solver = try StrayField<Double>(grid, device: Device(), effort: .estimate)
        func field(_ m: [Field<Double>]) -> [Field<Double>] {
            let h = MagneticProblems.fields(grid) { _, _, _ in .zero }
            solver.evaluate(h, from: m, sampling: .cell)
            return h
        }
        func dot(_ a: [Field<Double>], _ b: [Field<Double>]) -> Double {
            zip(a, b).reduce(0) { $0 + zip($1.0.values(), $1.1.values()).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        let m = random(0), n = random(1), hm = field(m), hn = field(n)
        #expect(abs(dot(n, hm) - dot(m, hn)) < 1e-12 * abs(dot(m, hm)))
        #expect(dot(m, hm) < 0)
        // H inside never exceeds M in the square mean.
        #expect(dot(hm, hm) <= dot(m, m))
    }

    @Test("single precision and threads")
    func single() throws {
        let grid = Grid(nx: 256, ny: 96, spacing: 1)
        func evaluate<T>(_ threads: Int, _: T.Type) throws -> [Double] where T: Real {
            let device = Device(threads: threads)
            func make() -> [Field<Double>] {
                MagneticProblems.fields(grid) { x, y, _ in SIMD3(y < 9 ? cos(0.3 * x) : 0, y < 9 ? (x < 100 ? 1 : -1) : 0, 0) }
            }
            if T.self == Float.self {
                let m = make().map { f -> Field<Float> in let g = Field<Float>(grid); g.setValues(f.values().map(Float.init)); return g }
                try StrayField<Float>(grid, device: device, effort: .estimate).evaluate(m, from: m)
                return m[1].values().map(Double.init)
            }
            let m = make()
            try StrayField<Double>(grid, device: device, effort: .estimate).evaluate(m, from: m)
            return m[1].values()
        }
        let reference = try evaluate(1, Double.self)
        #expect(try evaluate(2, Double.self) == reference)
        #expect(zip(try evaluate(1, Float.self), reference).allSatisfy { abs($0 - $1) < 1e-5 })
    }
}
