import Elliptic
import Glibc
import Grids
import Testing

@Suite("Stray field of a magnetised film")
struct StrayFieldTests {
    static func fields(_ grid: Grid, _ m: (Double, Double, Double) -> SIMD3<Double>) -> [Field<Double>] {
        (0..<grid.dimensions).map { axis in
            let f = Field<Double>(grid)
            f.set { x, y, z in m(x, y, z)[axis] }
            return f
        }
    }

    static func norm(_ f: [Field<Double>]) -> Double { f.flatMap { $0.values() }.map(abs).max()! }

    @Test("a uniform film has no field outside, H = -M_y inside", arguments: [(32, 24, 1), (31, 24, 1), (16, 20, 12), (15, 20, 9)], 0..<3)
    func uniform(size: (Int, Int, Int), axis: Int) throws {
        let grid = Grid(nx: size.0, ny: size.1, nz: size.2, spacing: 1)
        guard axis < grid.dimensions else { return }
        let m = Self.fields(grid) { _, y, _ in
            var v = SIMD3<Double>()
            v[axis] = y > 5 && y < 9 ? 3 : 0
            return v
        }
        let h = Self.fields(grid) { _, _, _ in .zero }
        try StrayField<Double>(grid, device: Device(), effort: .estimate).evaluate(h, from: m)
        for k in 0..<grid.nz { for j in 0..<grid.ny { for i in 0..<grid.nx { for a in 0..<grid.dimensions {
            let expected = a == 1 && axis == 1 ? -m[1][i, j, k] : 0
            #expect(abs(h[a][i, j, k] - expected) < 1e-12)
        } } } }
    }

    /// A film with M_y = +-M in stripes of period L, from y = a to b: each odd harmonic q = 2 pi n/L of the square wave, amplitude 4M/(pi n), makes
    /// H_y = q/2 int sgn(y-y') ... = (A/2)(e^{-q(y-b)} - e^{-q(y-a)}) above, here with the mean over the layer.
    @Test("stripe domains: every resolved harmonic exact in the layer average, decay e^{-ky}", arguments: [(32, 1), (64, 1), (24, 8)])
    func stripes(n: Int, nz: Int) throws {
        let grid = Grid(nx: n, ny: 20, nz: nz, spacing: 1), saturation = 2.0
        let m = Self.fields(grid) { x, y, _ in SIMD3(0, y > 4 && y < 8 ? (x < Double(n) / 2 ? saturation : -saturation) : 0, 0) }
        let h = Self.fields(grid) { _, _, _ in .zero }
        try StrayField<Double>(grid, device: Device(), effort: .estimate).evaluate(h, from: m)
        for harmonic in [1, 3, 5] {
            let q = 2 * Double.pi * Double(harmonic) / Double(n), amplitude = 4 * saturation / (Double.pi * Double(harmonic))
            for j in 9..<20 {
                var across = 0.0, along = 0.0
                for i in 0..<n {
                    let x = Double(i) + 0.5
                    across += 2 / Double(n) * sin(q * x) * h[1][i, j, nz - 1]
                    along += 2 / Double(n) * cos(q * x) * h[0][i, j, 0]
                }
                // Surface charges M_y at y = 8, -M_y at y = 4; mean over the layer j ... j + 1.
                let y = Double(j) + 0.5, layer = sinh(q / 2) / (q / 2)
                let exact = amplitude / 2 * (exp(-q * (y - 8)) - exp(-q * (y - 4))) * layer
                #expect(abs(across - exact) < 1e-10 * amplitude)
                #expect(abs(along + exact) < 1e-10 * amplitude)
            }
        }
    }

    @Test("the field of cell means is self-adjoint and its energy is not negative", arguments: [(20, 14, 1), (12, 10, 9)])
    func reciprocity(size: (Int, Int, Int)) throws {
        let grid = Grid(nx: size.0, ny: size.1, nz: size.2, spacing: 1), stream = RandomStream(seed: 2, purpose: "domains")
        func random(_ lane: Double) -> [Field<Double>] {
            Self.fields(grid) { x, y, z in
                let a = stream.normalPair(UInt64(x + 100 * lane), UInt64(y + 1000 * z)), b = stream.normalPair(UInt64(x + 100 * lane + 50), UInt64(y + 1000 * z))
                return SIMD3(a.0, a.1, b.0)
            }
        }
        let solver = try StrayField<Double>(grid, device: Device(), effort: .estimate)
        func field(_ m: [Field<Double>]) -> [Field<Double>] {
            let h = Self.fields(grid) { _, _, _ in .zero }
            solver.evaluate(h, from: m, sampling: .cell)
            return h
        }
        func dot(_ a: [Field<Double>], _ b: [Field<Double>]) -> Double { zip(a, b).reduce(0) { $0 + zip($1.0.values(), $1.1.values()).reduce(0) { $0 + $1.0 * $1.1 } } }
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
            func make() -> [Field<Double>] { Self.fields(grid) { x, y, _ in SIMD3(y < 9 ? cos(0.3 * x) : 0, y < 9 ? (x < 100 ? 1 : -1) : 0, 0) } }
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
