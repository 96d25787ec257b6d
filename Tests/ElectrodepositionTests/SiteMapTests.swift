import Electrodeposition
import Glibc
import Grids
import Testing

/// Where the sites are.
@Suite("Site maps")
struct SiteMapTests {
    static func sites(_ change: (inout SiteSettings) -> Void) -> SiteSettings {
        var s = SiteSettings()
        change(&s)
        return s
    }

    static func patches(density: Double? = nil, radius: Double, seed: Int = 1, centres: [Double] = []) -> SitePatches {
        var p = SitePatches()
        (p.density, p.radius, p.seed, p.centres) = (density, radius, seed, centres)
        return p
    }

    static func random(_ share: Double, seed: Int) -> SiteRandomField {
        var r = SiteRandomField()
        (r.share, r.correlationLength, r.seed) = (share, 2e-6, seed)
        return r
    }

    static let patterns: [(String, SiteSettings)] = [
        ("patches", sites { $0.patches = patches(density: 0.02e12, radius: 1.7e-6, seed: 5) }),
        ("stripes", sites {
            var s = SiteStripes()
            (s.period, s.share, s.offset) = (10e-6, 0.3, 2.2e-6)
            $0.stripes = s
        }),
        ("random", sites { $0.random = random(0.4, seed: 3) }),
        ("file", sites {
            var f = SiteFile()
            f.path = "-"
            (f.columns, f.rows, f.values) = (5, 1, [0, 1, 0.5, 0.25, 1])
            $0.file = f
        }),
    ]

    @Test("the same places on every grid", arguments: patterns.map(\.0), [1, 24])
    func grids(_ name: String, _ nz: Int) throws {
        let s = Self.patterns.first { $0.0 == name }!.1
        // 60 um by 14.4 um, cells of 0.6, 0.3 and 0.15 um; a cell of the coarse grid is the mean of those in it, but for the points at an
        // edge.
        let coarse = try SiteMap(s, on: Grid(nx: 100, ny: 4, nz: nz, spacing: 0.6e-6)).shares
        for r in [2, 4] {
            let fz = nz > 1 ? r : 1, fine = try SiteMap(s, on: Grid(nx: 100 * r, ny: 4, nz: nz * fz, spacing: 0.6e-6 / Double(r))).shares
            let merged = coarse.indices.map { n in
                let i = r * (n % 100), k = fz * (n / 100)
                var sum = 0.0
                for c in 0..<fz { for a in 0..<r { sum += fine[i + a + 100 * r * (k + c)] } }
                return sum / Double(r * fz)
            }
            let worst = zip(coarse, merged).map { abs($0 - $1) }.max()!
            #expect(worst <= (nz > 1 && name != "stripes" ? 0.3 : 0.25), "\(worst)")
            let a = coarse.reduce(0, +) / Double(coarse.count), b = merged.reduce(0, +) / Double(merged.count)
            #expect(abs(a - b) < 0.01 && a > 0.05 && a < 0.95, "\(a) \(b)")
        }
    }

    @Test("stripes cover their share, patches their discs, a threshold its share of the field")
    func areas() throws {
        func mean(_ s: SiteSettings, _ grid: Grid) throws -> Double {
            let v = try SiteMap(s, on: grid).shares
            return v.reduce(0, +) / Double(v.count)
        }
        let plane = Grid(nx: 128, ny: 4, nz: 128, spacing: 0.25e-6)
        let disc = Self.sites { $0.patches = Self.patches(radius: 5e-6, centres: [1e-6, 30e-6]) }
        #expect(abs(try mean(disc, plane) / (Double.pi * 25 / 1024) - 1) < 0.005)
        let stripes = Self.patterns[1].1
        #expect(abs(try mean(stripes, Grid(nx: 800, ny: 4, spacing: 0.05e-6)) - 0.3) < 1e-9)
        var total = 0.0
        for seed in 1...30 {
            total += try mean(Self.sites { $0.random = Self.random(0.3, seed: seed) }, Grid(nx: 240, ny: 4, nz: 64, spacing: 0.5e-6))
        }
        #expect(abs(total / 30 - 0.3) < 0.01, "\(total / 30)")
        // Patches on a line: root of the density times the width of them, apart from overlaps.
        let sparse = Self.sites { $0.patches = Self.patches(density: 1e8, radius: 1e-6, seed: 2) }
        #expect(abs(try mean(sparse, Grid(nx: 2000, ny: 4, spacing: 0.5e-6)) - 10 * 2e-6 / 1e-3) < 1e-4)
    }

    @Test("a seed is a map, another seed another one")
    func seeds() throws {
        let grid = Grid(nx: 200, ny: 4, spacing: 0.2e-6)
        func map(_ seed: Int) throws -> [Double] {
            try SiteMap(Self.sites { $0.patches = Self.patches(density: 0.02e12, radius: 1e-6, seed: seed) }, on: grid).shares
        }
        #expect(try map(1) == map(1))
        #expect(try map(1) != map(2))
    }

    @Test("exp((E_ref - E)/RT): 29.31 and 27.82 kJ/mol are a factor of 1.824 at 298.15 K")
    func arrhenius() {
        var e = SiteExchange()
        (e.activationEnergy, e.referenceActivationEnergy) = (27_820, 29_310)
        #expect(abs(e.factor(temperature: 298.15) - 1.824) < 0.001)
    }

    @Test("a map that was read says what is wrong with it")
    func reading() throws {
        var f = SiteFile()
        #expect(throws: SiteMapError.self) { try f.take(shape: [2, 3, 4], values: [Double](repeating: 0, count: 24), dimensions: 3) }
        #expect(throws: SiteMapError.self) { try f.take(shape: [2, 3], values: [Double](repeating: 0, count: 6), dimensions: 2) }
        for bad in [-0.1, 1.1, .nan] { #expect(throws: SiteMapError.self) { try f.take(shape: [2], values: [0, bad], dimensions: 2) } }
        try f.take(shape: [2, 3], values: [0, 1, 0, 1, 0, 1], dimensions: 3)
        #expect(f.rows == 2 && f.columns == 3)
        var s = SiteSettings()
        s.file = SiteFile()
        s.file?.path = "map.h5"
        #expect(throws: SiteMapError.self) { try SiteMap(s, on: Grid(nx: 8, ny: 8, spacing: 1)) }
    }
}
