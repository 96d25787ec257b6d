import Morphology
import Testing

/// Cells have the colours of their values, in their places.
@Test func heatMapCells() {
    let map = HeatMap([[0, 1, 2], [3, .nan, 5]], horizontal: .init("a", ticks: ["1", "2", "3"]), vertical: .init("b", ticks: ["low", "high"]),
                      title: "t", label: "y", unit: "m")
    let picture = map.drawing.raster(scale: 1)
    // Each colour fills about one cell of 84 x 54 points, the largest that cells get.
    var counts: [Colour: Int] = [:], places: [Colour: SIMD2<Int>] = [:]
    for y in 0..<picture.height {
        for x in 0..<picture.width {
            counts[picture[x, y], default: 0] += 1
            if places[picture[x, y]] == nil { places[picture[x, y]] = [x, y] }
        }
    }
    for value in [0.0, 1, 2, 3, 5] { #expect(counts[ColourMap.phase(value / 5)] ?? 0 > 84 * 54 * 7 / 10, "\(value)") }
    #expect(counts[Theme.colour(.panel, dark: false)] ?? 0 > 84 * 54 * 9 / 10)
    let low = places[ColourMap.phase(0)]!, right = places[ColourMap.phase(0.4)]!, high = places[ColourMap.phase(0.6)]!
    #expect(abs(right.x - low.x - 168) <= 1 && abs(low.y - high.y - 54) <= 1 && abs(low.x - high.x) <= 1)
    let flat = HeatMap([[2, 2]], horizontal: .init("a", ticks: ["1", "2"]), vertical: .init("b", ticks: ["1"]), title: "", label: "", unit: "")
    #expect(flat.png().count > 500)
}

/// Between values of -1 and 1 the line runs half way, between -1 and 3 a quarter; the middle of the colours is zero.
@Test func heatMapLine() {
    let map = HeatMap([[-1, 1, 3], [-1, 1, 3]], horizontal: .init("a", ticks: ["1", "2", "3"]), vertical: .init("b", ticks: ["low", "high"]),
                      title: "t", label: "y", unit: "m", colours: .diverging, line: ([[-1, 3, 3], [-2, 2, 2]], "criterion"))
    let picture = map.drawing.raster(scale: 1)
    var left: [Int] = [], dark: [Int: [Int]] = [:]
    for y in 0..<picture.height { for x in 0..<picture.width where picture[x, y] == Colour(hex: 0x101418) { dark[y, default: []].append(x) } }
    for y in 0..<picture.height { if let x = (0..<picture.width).first(where: { picture[$0, y] == ColourMap.diverging(1.0 / 3) }) { left.append(x) } }
    // The line goes from 3/4 to one cell (84 points) right of the left edge, over half the height of both rows.
    let edge = left.min()!, columns = dark.values.flatMap { $0 }.map { $0 - edge }
    #expect(abs(Double(columns.min()!) - 63) < 3 && abs(Double(columns.max()!) - 84) < 3, "\(columns.min()!) \(columns.max()!)")
}
