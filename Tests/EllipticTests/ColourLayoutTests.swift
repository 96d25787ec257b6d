import Grids
import Kernels
import Testing

@Suite("Fields stored by colour")
struct ColourLayoutTests {
    static let sizes = [(64, 33, 1), (61, 20, 1), (1, 9, 1), (2, 3, 1), (16, 12, 9), (17, 1, 5)]

    @Test("every cell has a place of its own, and a half is of one colour", arguments: sizes)
    func places(nx: Int, ny: Int, nz: Int) {
        let grid = Grid(nx: nx, ny: ny, nz: nz, spacing: 1), colours = ColourLayout(grid.layout(Float.self))
        var taken: Set<Int> = []
        for row in 0..<grid.rows {
            for half in 0..<2 {
                let o = colours.offset(row: row, half: half)
                for place in 0..<colours.count(half: half) {
                    #expect(taken.insert(o + place).inserted && o + place < colours.halves.storage - colours.halves.lead)
                    let colour = (2 * place + half + row % ny + row / ny) & 1
                    #expect(colours.half(row % ny, row / ny, colour: colour) == half)
                }
            }
        }
        #expect(taken.count == grid.cells)
    }

    @Test("what is split joins again, times the factors, and leaves no trace in the place that is no cell", arguments: sizes)
    func roundTrip(nx: Int, ny: Int, nz: Int) {
        let grid = Grid(nx: nx, ny: ny, nz: nz, spacing: 1), colours = ColourLayout(grid.layout(Float.self)), kernels = Device().kernels
        let stream = RandomStream(seed: 3, purpose: "colours"), u = Field<Double>(grid), back = Field<Double>(grid)
        u.fill(.nan)
        u.setValues((0..<grid.cells).map { Double(Float(stream.normalPair(UInt64($0), 0).0)) })
        back.fill(1)
        var stored = [Float](repeating: .nan, count: colours.halves.storage)
        stored.withUnsafeMutableBufferPointer { buffer in
            let f = buffer.baseAddress! + colours.halves.lead
            kernels.split(f, u.cells, 2, colours, u.layout, 0..<grid.rows)
            kernels.join(back.cells, f, 0.375, f, 0.125, adds: true, colours, back.layout, 0..<grid.rows)
            if nx % 2 == 1 { for row in 0..<grid.rows { #expect(f[colours.offset(row: row, half: 1) + nx / 2] == 0) } }
        }
        #expect(zip(back.values(), u.values()).allSatisfy { $0 == $1 + 1 })
        #expect(back[-1, 0] == back[nx - 1, 0] && back[nx, ny - 1] == back[0, ny - 1])
    }
}
