import Foundation
import Morphology
import Testing

@Suite struct DendriteTests {
    @Test func prominencesOfAProfile() {
        // Summits 9, 7, 4 with saddles 2 and 3; around the period the highest meets itself at the lowest point 1.
        let map = HeightMap(nx: 12, dx: 1, heights: [1, 5, 9, 5, 2, 7, 6, 3, 4, 3.5, 2.5, 1.5])
        let d = Dendrites(map, leastProminence: 0.5, leastSlenderness: 0)
        #expect(d.protrusions.map(\.height) == [9, 7, 4])
        #expect(d.protrusions.map(\.prominence) == [8, 5, 1])
        #expect(d.protrusions.map(\.width) == [3, 2, 2])
        #expect(Dendrites(map, leastProminence: 2, leastSlenderness: 0).count == 2)
        #expect(Dendrites(map, leastProminence: 0.5, leastSlenderness: 2.6).count == 1)
        #expect(d.spacing.map { abs($0 - (3 + 3 + 3) / 3.0) < 1e-12 } == true)
    }

    @Test func needlesOnAPlate() {
        let dx = 0.25e-6
        let centres = [SIMD2(4.1e-6, 4.1e-6), SIMD2(12.1e-6, 4.1e-6), SIMD2(4.1e-6, 12.1e-6), SIMD2(12.1e-6, 12.1e-6)]
        let xi = Samples(nx: 64, ny: 96, nz: 64, dx: dx) { x, y, z in
            centres.reduce(Surfaces.profile(y - 3e-6, dx)) { most, c in
                let r = hypot(x - c.x, z - c.y), above = y - 18e-6
                let d = above > 0 ? (r * r + above * above).squareRoot() - 1.5e-6 : r - 1.5e-6
                return max(most, Surfaces.profile(d, dx))
            }
        }
        let map = HeightMap(xi), d = Dendrites(map)
        #expect(d.count == 4)
        #expect(d.spacing.map { abs($0 / 8e-6 - 1) < 0.01 } == true)
        #expect(abs((d.meanWidth ?? 0) / 3e-6 - 1) < 0.05)
        #expect(abs(map.highest - 19.5e-6) < 0.1 * dx)
        #expect(abs(d.density * 64e-12 - 1) < 1e-12)
        let surface = TriangleSurface(xi)
        // Plate with holes, four cylinders, four half spheres.
        let r = 1.5e-6, side = 2 * Double.pi * r * 15e-6, cap = 2 * Double.pi * r * r
        let exact = 256e-12 + 4 * (side + cap - Double.pi * r * r)
        #expect(abs(surface.area / exact - 1) < 0.01)
        #expect(surface.downwardArea < 1e-3 * surface.area)
        let metrics = Tip(xi, map: map)
        #expect(abs(metrics.radius / 1.5e-6 - 1) < 0.05)
    }

    @Test func depositOfKnownShape() {
        // Mushrooms: a stem under a disc-shaped cap.
        let xi = Surfaces.fingers
        let contour = Contour(xi), pieces = Components(of: xi)
        let deposit = Deposit(xi, metal: pieces, surface: (contour.length, contour.downwardLength))
        #expect(abs(deposit.thickness * xi.width / contour.area - 1) < 0.005)
        #expect(deposit.overhang > 0.05 && deposit.overhang < 0.3 && deposit.deadFraction == 0)
        #expect(abs(deposit.areaRatio - contour.length / xi.width) < 1e-12)
        // A block with one closed pore and one floating piece, counted by hand.
        let block = Surfaces.cells([["........", "..##....", "........", "########", "##.#####", "########"]])
        let b = Contour(block)
        let d = Deposit(block, metal: Components(of: block), surface: (b.length, b.downwardLength))
        #expect(abs(d.deadFraction - 2.0 / 25) < 1e-12 && d.deadPieces == 1)
        #expect(abs(d.porosity - 3.0 / 28) < 1e-12)
        #expect(abs(d.closedPorosity - 1.0 / 28) < 1e-12)
        #expect(abs(d.thickness - 25.0 / 8) < 1e-12)
        #expect(abs(d.overhangColumns - 2.0 / 8) < 1e-12)
    }

    @Test func currentOntoACircleAndAPlane() throws {
        let dx = 1.0 / 128
        let flat = Samples(nx: 32, ny: 128, dx: dx) { _, y, _ in Surfaces.profile(y - 0.3, dx) }
        let down = Samples(nx: 32, ny: 128, dx: dx) { _, _, _ in -50 }, none = Samples(nx: 32, ny: 128, dx: dx) { _, _, _ in 0 }
        let even = try #require(CurrentDistribution(flat, current: (none, down, nil)))
        #expect(abs(even.mean - 50) < 1e-4 && even.variation < 1e-5 && even.hotSpots == 0)
        // i_y = -50 (1 + cos(2 pi x)): variation 1/sqrt 2, no place above twice the mean; above 1.5 times: a third.
        let n = 192
        let wide = Samples(nx: n, ny: 32, dx: 1.0 / Double(n)) { _, y, _ in Surfaces.profile(y - 0.05, 1.0 / Double(n)) }
        let wave = Samples(nx: n, ny: 32, dx: 1.0 / Double(n)) { x, _, _ in -50 * (1 + cos(2 * .pi * x)) }
        let zero = Samples(nx: n, ny: 32, dx: 1.0 / Double(n)) { _, _, _ in 0 }
        let uneven = try #require(CurrentDistribution(wide, current: (zero, wave, nil), hotSpot: 1.5))
        #expect(abs(uneven.variation - 0.5.squareRoot()) < 1e-3 && abs(uneven.hotSpots - 1.0 / 3) < 0.01 && abs(uneven.largest / 100 - 1) < 1e-3)
        // A line sink: i = -I / (2 pi r) towards the circle, read 4 cells outside.
        let disc = Samples(nx: 128, ny: 128, dx: dx) { x, y, _ in Surfaces.profile(hypot(x - 0.5, y - 0.5) - 0.2, dx) }
        let ix = Samples(nx: 128, ny: 128, dx: dx) { x, y, _ in -(x - 0.5) / (pow(x - 0.5, 2) + pow(y - 0.5, 2)) }
        let iy = Samples(nx: 128, ny: 128, dx: dx) { x, y, _ in -(y - 0.5) / (pow(x - 0.5, 2) + pow(y - 0.5, 2)) }
        let sink = try #require(CurrentDistribution(disc, current: (ix, iy, nil)))
        #expect(abs(sink.mean * (0.2 + 4 * dx) - 1) < 0.005 && sink.variation < 0.01)
    }

    @Test func cyclesFromACurrentRecord() {
        // 100 s at +2, rest, 90 s at -2, then plating again.
        let time: [Double] = [0, 50, 100, 110, 200, 200.001, 290, 300]
        let current: [Double] = [2, 2, 2, 0, 0, -2, -2, 3]
        let cycles = Cycle.cycles(time: time, current: current)
        #expect(cycles.count == 2)
        #expect(abs(cycles[0].plated - 210) < 0.01 && abs(cycles[0].stripped - 179.999) < 0.01)
        #expect(abs((cycles[0].coulombicEfficiency ?? 0) - 179.999 / 210) < 1e-4)
        #expect(cycles[1].plated == 30 && cycles[1].coulombicEfficiency == nil)
    }
}
