import Foundation
import Morphology
import Testing
import Validation

@Suite struct SurfaceTests {
    @Test func planarFrontIsPlacedExactlyAnywhereInACell() {
        for l in [0.5, 1.0, 2.0] {
            for offset in stride(from: 0.0, to: 1, by: 0.07) {
                let xi = Samples(nx: 4, ny: 40, nz: 3, dx: 2e-7) { _, y, _ in Surfaces.profile(y - (17 + offset) * 2e-7, l * 2e-7) }
                let map = HeightMap(xi)
                #expect(map.heights.allSatisfy { abs($0 - (17 + offset) * 2e-7) < 2e-6 * 2e-7 })
            }
        }
    }

    @Test func heightsOfBareFullAndOverhangingColumns() {
        let xi = Surfaces.cells([["#...#",
                                  "...##",
                                  "....#",
                                  ".#.##"]])
        func same(_ a: [Double], _ b: [Double]) -> Bool { a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-9 } }
        #expect(same(HeightMap(xi).heights, [4, 1, 0, 3, 4]))
        #expect(same(HeightMap.crossings(xi, column: 3, 0), [1, 2, 3]))
        // Connected metal only: columns 0 and 4 meet around the period, the piece in column 3 hangs on column 4.
        #expect(same(HeightMap(xi, connected: Components(of: xi)).heights, [4, 1, 0, 3, 4]))
        let floating = Surfaces.cells([["..#..", ".....", "#####"]])
        #expect(same(HeightMap(floating).heights, [1, 1, 3, 1, 1]))
        #expect(same(HeightMap(floating, connected: Components(of: floating)).heights, [1, 1, 1, 1, 1]))
    }

    @Test func circleLengthAndAreaConvergeAtSecondOrder() {
        var errors: [Double] = []
        for n in [32, 64, 128] {
            let dx = 1 / Double(n), r = 0.25
            let xi = Samples(nx: n, ny: n, dx: dx) { x, y, _ in Surfaces.profile(hypot(x - 0.503, y - 0.507) - r, dx) }
            let contour = Contour(xi)
            #expect(contour.lines.count == 1 && contour.isClosed == [true])
            errors.append(max(abs(contour.length / (2 * .pi * r) - 1), abs(contour.area / (.pi * r * r) - 1)))
        }
        #expect(errors[1] < 0.002)
        #expect(errors[0] / errors[1] > 3.4 && errors[1] / errors[2] > 3.4)
    }

    @Test func contourAcrossThePeriodAndDownToTheElectrode() {
        let dx = 0.01
        let wave = Samples(nx: 100, ny: 100, dx: dx) { x, y, _ in Surfaces.profile(y - 0.5 - 0.1 * sin(2 * .pi * x), dx) }
        let contour = Contour(wave)
        // Complete elliptic integral: length of y = a sin(2 pi x) over a period, by the trapezoidal rule (spectrally exact).
        let exact = (0..<4000).reduce(0.0) { $0 + hypot(1, 0.1 * 2 * .pi * cos(2 * .pi * Double($1) / 4000)) } / 4000
        #expect(abs(contour.length / exact - 1) < 0.002)
        #expect(abs(contour.area - 0.5) < 2e-4)
        #expect(contour.lines.count == 1 && contour.isClosed == [true])
        // A pillar on the bare electrode: two sides from y = 0 and a roof.
        let pillar = Samples(nx: 100, ny: 100, dx: dx) { x, y, _ in Surfaces.profile(max(abs(x - 0.5) - 0.1, y - 0.4), dx) }
        #expect(abs(Contour(pillar).length - 1.0) < 0.02)
        #expect(abs(Contour(pillar).area - 0.08) < 4e-4)
        #expect(Contour(pillar).isClosed == [false])
        // One-dimensional runs have one column.
        let line = Samples(nx: 1, ny: 50, dx: dx) { _, y, _ in Surfaces.profile(y - 0.217, dx) }
        #expect(abs(Contour(line).length - dx) < 1e-9 && abs(Contour(line).area - 0.217 * dx) < 1e-7)
    }

    @Test func sphereAreaVolumeAndCurvature() {
        var errors: [Double] = []
        for across in [16, 32, 64] {
            let (xi, r) = Surfaces.ball(across: across)
            let s = TriangleSurface(xi)
            let area = abs(s.area / (4 * .pi * r * r) - 1), volume = abs(s.volume / (4 / 3 * .pi * r * r * r) - 1)
            let half = abs(s.downwardArea / s.area - 0.5)
            #expect(half < 0.02)
            errors.append(max(area, volume))
            if across == 32 {
                #expect(area < 0.005 && volume < 0.005)
                #expect(abs(s.vertexAreas().reduce(0, +) / s.area - 1) < 1e-9)
                let curvature = Curvature(xi)
                let worst = s.vertices.map { abs(curvature(x: $0.x, y: $0.y, z: $0.z) * r / 2 - 1) }.max() ?? 1
                #expect(worst < 0.01)
                let over = curvature.overSurface(s)
                #expect(over.map { abs($0.mean * r - 1) < 0.005 && abs($0.rootMeanSquare * r - 1) < 0.005 } == true)
                // Outward normals.
                let outward = zip(s.vertices, s.vertexNormals()).allSatisfy { p, n in (n * (p - SIMD3(0.503, 0.507, 0.511))).sum() > 0.99 * r }
                #expect(outward)
            }
        }
        #expect(errors[0] / errors[1] > 3.4 && errors[1] / errors[2] > 3.4)
    }

    @Test func curvatureOfACircle() {
        let dx = 1.0 / 64, xi = Samples(nx: 64, ny: 64, dx: dx) { x, y, _ in Surfaces.profile(hypot(x - 0.503, y - 0.507) - 0.25, dx) }
        for line in Contour(xi).lines {
            for p in line { #expect(abs(Curvature(xi)(x: p.x, y: p.y) * 0.25 - 1) < 0.01) }
        }
    }

    @Test func trianglesCloseEverywhereEvenOnNoise() {
        // Random cells hit every case of the table; a hole would leave an edge that only one triangle uses.
        var random = SelfAffineSurface.Generator(state: 7)
        let n = 16
        let xi = Samples(nx: n, ny: n, nz: n, dx: 1) { _, y, _ in y < 1 || y > 15 ? 0 : random.uniform() }
        let s = TriangleSurface(xi)
        var edges: [SIMD2<Int32>: Int] = [:]
        for t in s.triangles { for (a, b) in [(t.x, t.y), (t.y, t.z), (t.z, t.x)] { edges[SIMD2(a, b), default: 0] += 1 } }
        #expect(s.triangles.count > 5000)
        #expect(edges.allSatisfy { edges[SIMD2($0.key.y, $0.key.x)] == $0.value })
        #expect(s.triangles.allSatisfy { $0.x != $0.y && $0.y != $0.z && $0.x != $0.z })
        // Euler characteristic of a sphere (2) and of a film across the period, a torus (0).
        func euler(_ s: TriangleSurface) -> Int { s.vertices.count - s.triangles.count * 3 / 2 + s.triangles.count }
        #expect(euler(TriangleSurface(Surfaces.ball(across: 12).0)) == 2)
        let film = Samples(nx: 12, ny: 12, nz: 12, dx: 1) { x, y, z in Surfaces.profile(y - 6 - sin(2 * .pi * x / 12) * cos(2 * .pi * z / 12), 1) }
        #expect(euler(TriangleSurface(film)) == 0)
        #expect(abs(TriangleSurface(film).volume / 864 - 1) < 2e-3)
    }

    @Test func piecesAreCountedAroundThePeriod() {
        let xi = Surfaces.cells([["#....#..",
                                  "........",
                                  "..##....",
                                  "....##..",
                                  "#..#...#",
                                  "#......#"]])
        let pieces = Components(of: xi)
        // Joined over the side border: the two top cells apart from (0) and (5); diagonal neighbours stay apart.
        #expect(pieces.count == 6)
        #expect(pieces.deadCount == 5 && pieces.deadCells == 7 && pieces.cells == 11)
        #expect(Components(of: xi, diagonal: true).count == 4)
        let layers = Surfaces.cells([["#..", "..."], ["...", "..."], ["#..", "..."], ["#.#", "..."]])
        #expect(Components(of: layers).count == 1)
    }

    @Test func bettiNumbersOfPorousDeposits() {
        func numbers(_ s: Samples) -> [Int] { let t = Topology(of: s); return [t.pieces, t.loops, t.voids] }
        func box(_ n: Int, _ metal: @escaping (Int, Int, Int) -> Bool) -> Samples {
            Samples(nx: n, ny: n, nz: n, dx: 1) { x, y, z in metal(Int(x), Int(y), Int(z)) ? 1 : 0 }
        }
        func solid(_ i: Int, _ j: Int, _ k: Int) -> Bool { [i, j, k].allSatisfy { (2...6).contains($0) } }
        #expect(numbers(box(10, solid)) == [1, 0, 0])
        #expect(numbers(box(10) { i, j, k in solid(i, j, k) && !(i == 4 && j == 4 && k == 4) }) == [1, 0, 1])
        #expect(numbers(box(10) { i, j, k in solid(i, j, k) && !(i == 4 && k == 4) }) == [1, 1, 0])
        // Two crossing tunnels make three openings more than a body needs: b1 = 3.
        #expect(numbers(box(10) { i, j, k in solid(i, j, k) && !(i == 4 && k == 4) && !(i == 4 && j == 4) }) == [1, 3, 0])
        // A film: two ways around the period, and it parts below from above. With two holes: two more loops, nothing parted.
        #expect(numbers(box(10) { _, j, _ in (2...4).contains(j) }) == [1, 2, 1])
        #expect(numbers(box(10) { i, j, k in (2...4).contains(j) && !(i == 3 && k == 3) && !(i == 7 && k == 7) }) == [1, 3, 0])
        // A film on the electrode with three closed pores and two floating pieces.
        #expect(numbers(box(10) { i, j, k in
            (j < 5 && !(j == 2 && i % 4 == 1 && i < 10 && k == 5)) || (j == 7 && k == 2 && (i == 2 || i == 6))
        }) == [3, 2, 4])
        // In two dimensions enclosed regions are loops.
        let flat = Topology(of: Surfaces.cells([["......", ".###..", ".#.#..", ".###..", "......"]]))
        #expect(flat.pieces == 1 && flat.loops == 1 && flat.eulerCharacteristic == 0)
    }
}
