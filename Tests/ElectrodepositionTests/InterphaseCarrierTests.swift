import Electrodeposition
import Glibc
import Grids
import Spectral
import Testing

/// What the moving surface carries, on bodies that move by a known law.
@Suite("Interphase carrier")
struct InterphaseCarrierTests {
    /// A body given by its signed distance (m), moved in steps of a fifth of a cell.
    struct Body<T: FFTReal> {
        let grid: Grid, halfWidth: Double
        let xi: Field<T>
        let carrier: SurfaceCarrier<T>

        init(_ grid: Grid, halfWidth: Double, threads: Int = 1, _ distance: (SIMD3<Double>) -> Double) {
            (self.grid, self.halfWidth) = (grid, halfWidth)
            xi = Field(grid)
            carrier = SurfaceCarrier(grid, halfWidth: halfWidth, on: Device(threads: threads))
            place(distance)
            carrier.start(xi)
        }

        func place(_ distance: (SIMD3<Double>) -> Double) {
            xi.set { x, y, z in 0.5 * (1 - tanh(distance(SIMD3(x, y, z)) / (2 * halfWidth))) }
        }

        /// From `first` to `last` (m) of a distance that depends on it.
        func move(_ first: Double, _ last: Double, _ distance: (_ p: SIMD3<Double>, _ at: Double) -> Double) {
            let steps = Int((abs(last - first) / (0.2 * grid.spacing)).rounded(.up))
            for n in 1...steps {
                let at = first + (last - first) * Double(n) / Double(steps)
                place { distance($0, at) }
                _ = carrier.accept(xi, travel: abs(last - first) / Double(steps))
            }
            carrier.extend(xi)
        }

        /// Centres of the cells at the surface with what they carry: position, X0, dA0/dA, and their share of the surface's area.
        var surface: [(x: SIMD3<Double>, from: SIMD3<Double>, ratio: Double, area: Double)] {
            var out: [(SIMD3<Double>, SIMD3<Double>, Double, Double)] = []
            for k in 0..<grid.nz { for j in 0..<grid.ny { for i in 0..<grid.nx {
                let v = Double(xi[i, j, k])
                guard v > 0.02, v < 0.98, let from = carrier.reference(i, j, k) else { continue }
                let x = SIMD3((Double(i) + 0.5) * grid.spacing, (Double(j) + 0.5) * grid.spacing, (Double(k) + 0.5) * grid.spacing)
                out.append((x, from, Double(carrier.areaRatio[i, j, k]), v * (1 - v) / halfWidth * grid.cellVolume / 0.96))
            } } }
            return out
        }
    }

    static func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }

    static let h = 0.1e-6

    /// A disc, or a ball in the corner of a box with walls (an eighth of it), grown to twice its radius, and back.
    struct Round<T: FFTReal> {
        let body: Body<T>, centre: SIMD3<Double>, r0: Double
        let dimensions: Int

        init(radius: Double, halfWidth: Double, solid: Bool, threads: Int = 1) {
            let h = InterphaseCarrierTests.h, cells = solid ? Int(2 * radius) + 8 : Int(4 * radius) + 16
            let grid =
                solid
                ? Grid(nx: cells, ny: cells, nz: cells, spacing: h, x: .bounded, y: .bounded, z: .bounded) : Grid(nx: cells, ny: cells, spacing: h)
            let centre = solid ? SIMD3<Double>() : SIMD3(0.5, 0.5, 0) * (Double(cells) * h)
            let r = radius * h
            (self.centre, r0, dimensions) = (centre, r, solid ? 3 : 2)
            body = Body(grid, halfWidth: halfWidth * h, threads: threads) {
                var d = $0 - centre
                if !solid { d.z = 0 }
                return InterphaseCarrierTests.length(d) - r
            }
        }

        func move(_ first: Double, _ last: Double) {
            body.move(first * r0, last * r0) { p, r in
                var d = p - centre
                if dimensions == 2 { d.z = 0 }
                return InterphaseCarrierTests.length(d) - r
            }
        }

        /// Root mean square and largest error of d/d0 at the contour, relative error of the film's volume, largest misplacement along the surface in cells.
        func errors(_ radius: Double) -> (rms: Double, largest: Double, mean: Double, volume: Double, edge: Double) {
            let h = InterphaseCarrierTests.h, exact = pow(1 / radius, Double(dimensions - 1))
            var square = 0.0, largest = 0.0, mean = 0.0, count = 0.0, volume = 0.0, edge = 0.0
            for s in body.surface {
                var d = s.x - centre, from = s.from - centre
                if dimensions == 2 { (d.z, from.z) = (0, 0) }
                let r = InterphaseCarrierTests.length(d)
                // Seen from the contour: shells beside it are larger or smaller.
                volume += s.ratio * s.area * pow(radius * r0 / r, Double(dimensions - 1))
                guard abs(r - radius * r0) < h else { continue }
                let e = s.ratio / exact - 1
                square += e * e
                mean += e
                largest = max(largest, abs(e))
                count += 1
                // Where the material came from, carried out along the radius, against where it is.
                edge = max(edge, InterphaseCarrierTests.length(from / InterphaseCarrierTests.length(from) - d / r) * radius * r0 / h)
            }
            let initial = dimensions == 2 ? 2 * Double.pi * r0 : Double.pi / 2 * r0 * r0
            return ((square / count).squareRoot(), largest, mean / count, volume / initial - 1, edge)
        }
    }

    @Test(
        "a film on a circle grown to twice its radius is half as thick; its volume and its marks stay; back again all is as before",
        arguments: [1.0, 2.0])
    func circle(_ halfWidth: Double) {
        let circle = Round<Double>(radius: 20, halfWidth: halfWidth, solid: false)
        circle.move(1, 2)
        let out = circle.errors(2)
        #expect(out.rms < 0.01 && out.largest < 0.02 && abs(out.volume) < 0.01 && out.edge < 1, "\(out)")
        circle.move(2, 1)
        let back = circle.errors(1)
        #expect(back.rms < 0.01 && back.largest < 0.02 && abs(back.volume) < 0.01 && back.edge < 1, "\(back)")
    }

    @Test("a film on a sphere grown to twice its radius is a quarter as thick", arguments: [1.0, 2.0])
    func sphere(_ halfWidth: Double) {
        let sphere = Round<Double>(radius: 12, halfWidth: halfWidth, solid: true)
        sphere.move(1, 2)
        let out = sphere.errors(2)
        #expect(out.rms < 0.02 && abs(out.mean) < 0.005 && abs(out.volume) < 0.01 && out.edge < 1, "\(out)")
        sphere.move(2, 1)
        let back = sphere.errors(1)
        #expect(back.rms < 0.02 && abs(back.mean) < 0.005 && abs(back.volume) < 0.01 && back.edge < 1, "\(back)")
    }

    @Test("the same in single precision, and with two threads the same bits")
    func others() {
        let single = Round<Float>(radius: 20, halfWidth: 1, solid: false)
        single.move(1, 2)
        let out = single.errors(2)
        #expect(out.rms < 0.01 && out.largest < 0.02 && abs(out.volume) < 0.01 && out.edge < 1, "\(out)")
        let one = Round<Double>(radius: 20, halfWidth: 1, solid: false), two = Round<Double>(radius: 20, halfWidth: 1, solid: false, threads: 2)
        one.move(1, 1.2)
        two.move(1, 1.2)
        #expect(one.body.carrier.areaRatio.values() == two.body.carrier.areaRatio.values())
        for (a, b) in zip(one.body.surface, two.body.surface) { #expect(a.from == b.from) }
    }

    @Test("a plane moves through sixty cells without a trace, also across the periodic sides")
    func plane() {
        let h = Self.h, grid = Grid(nx: 24, ny: 96, spacing: h)
        func distance(_ p: SIMD3<Double>, _ at: Double) -> Double { p.y - at }
        let body = Body<Double>(grid, halfWidth: h) { distance($0, 14.3 * h) }
        body.move(14.3 * h, 74.3 * h, distance)
        for s in body.surface {
            #expect(abs(s.ratio - 1) < 1e-6)
            #expect(abs(s.from.x - s.x.x) < 1e-6 * h && abs(s.from.y - 14.3 * h) < 1e-2 * h)
        }
    }

    @Test("a bump that sharpens and flattens: every point keeps its origin and thins as 1 + t K0")
    func bump() {
        // Parallel curves of y = a cos kx; the point x0 is at (x0, y0) + t n0, and dA0/dA = 1/(1 + t K0).
        let h = Self.h, width = 64.0 * h, a = 3 * h, k = 2 * Double.pi / width, base = 16 * h, travel = 20 * h
        let grid = Grid(nx: 64, ny: 64, spacing: h)
        func slope(_ x: Double) -> Double { -a * k * sin(k * x) }
        func point(_ x: Double, _ t: Double) -> (x: Double, y: Double) {
            let s = slope(x), n = (1 + s * s).squareRoot()
            return (x - t * s / n, base + a * cos(k * x) + t / n)
        }
        func curvature(_ x: Double) -> Double { a * k * k * cos(k * x) / pow(1 + slope(x) * slope(x), 1.5) }
        /// The origin of the normal through (x, y), by bisection of the tangential distance.
        func origin(_ x: Double, _ y: Double) -> Double {
            func along(_ u: Double) -> Double { (x - u) + (y - base - a * cos(k * u)) * slope(u) }
            var low = x - width / 4, high = x + width / 4
            for _ in 0..<60 {
                let middle = 0.5 * (low + high)
                if along(middle) > 0 { low = middle } else { high = middle }
            }
            return low
        }
        func distance(_ p: SIMD3<Double>, _ t: Double) -> Double {
            let u = origin(p.x, p.y), s = slope(u), n = (1 + s * s).squareRoot()
            return ((p.y - base - a * cos(k * u)) - (p.x - u) * s) / n - t
        }
        let body = Body<Double>(grid, halfWidth: h) { distance($0, 0) }
        body.move(0, travel, distance)
        var square = 0.0, count = 0.0, volume = 0.0, edge = 0.0
        for s in body.surface {
            volume += s.ratio * s.area
            guard abs(distance(s.x, travel)) < h else { continue }
            let u = origin(s.x.x, s.x.y), exact = 1 / (1 + travel * curvature(u))
            square += pow(s.ratio / exact - 1, 2)
            count += 1
            edge = max(edge, abs(s.from.x - u) / exact / h)
        }
        let initial = (0..<6400).reduce(0.0) { sum, n in sum + (1 + pow(slope((Double(n) + 0.5) * width / 6400), 2)).squareRoot() * width / 6400 }
        let rms = (square / count).squareRoot()
        #expect(rms < 0.015 && abs(volume / initial - 1) < 0.01 && edge < 1)
    }

    @Test("merging fronts stay finite, and away from the seam nothing is felt")
    func merging() {
        let h = Self.h, grid = Grid(nx: 128, ny: 96, spacing: h), left = SIMD3(42, 48, 0) * h, right = SIMD3(86, 48, 0) * h, r0 = 14 * h
        func flat(_ p: SIMD3<Double>) -> SIMD3<Double> { SIMD3(p.x, p.y, 0) }
        func distance(_ p: SIMD3<Double>, _ r: Double) -> Double { min(Self.length(flat(p) - left), Self.length(flat(p) - right)) - r }
        let body = Body<Double>(grid, halfWidth: h) { distance($0, r0) }
        body.move(r0, 2 * r0, distance)
        var square = 0.0, count = 0.0, edge = 0.0
        for s in body.surface {
            #expect(s.ratio.isFinite && s.ratio >= 0 && s.ratio <= 3 && s.from.x.isFinite && s.from.y.isFinite)
            let centre = s.x.x < 64 * h ? left : right, d = flat(s.x) - centre, from = flat(s.from) - centre
            guard abs(s.x.x - 64 * h) > 5 * h, abs(Self.length(d) - 2 * r0) < h else { continue }
            square += pow(2 * s.ratio - 1, 2)
            count += 1
            edge = max(edge, Self.length(from / Self.length(from) - d / Self.length(d)) * 2 * r0 / h)
        }
        let rms = (square / count).squareRoot()
        #expect(rms < 0.02 && edge < 1)
        body.move(2 * r0, r0, distance)
        for s in body.surface { #expect(s.ratio.isFinite && s.from.x.isFinite) }
    }
}
