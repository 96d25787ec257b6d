import Grids
import Testing

@Test("the pool runs every part once and reductions do not depend on the number of threads", arguments: [1, 2, 3])
func pool(threads: Int) {
    let grid = Grid(nx: 131, ny: 257, spacing: 1)
    let field = Field<Double>(grid), other = Field<Double>(grid)
    let stream = RandomStream(seed: 7, purpose: "test")
    field.set { x, y, _ in stream.normalPair(UInt64(x), UInt64(y)).0 }
    other.set { x, y, _ in stream.normalPair(UInt64(x), UInt64(y)).1 }
    let reference = Device(threads: 1), device = Device(threads: threads)
    let sums = RowSums(grid)
    for _ in 0..<50 {
        #expect(device.dot(field, other, sums) == reference.dot(field, other, sums))
    }
    let exact = zip(field.values(), other.values()).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(device.dot(field, other, sums) - exact) < 1e-10)
}

@Test("random numbers have the moments of their law and depend on counters alone")
func random() {
    let stream = RandomStream(seed: 1, purpose: "a")
    let n = 200_000
    var mean = 0.0, square = 0.0, fourth = 0.0
    for i in 0..<n / 2 {
        for v in [stream.normalPair(UInt64(i)).0, stream.normalPair(UInt64(i)).1] {
            mean += v; square += v * v; fourth += v * v * v * v
        }
    }
    mean /= Double(n); square /= Double(n); fourth /= Double(n)
    // Four standard errors: 1, sqrt 2 and sqrt 96 over sqrt n.
    let error = 4 / Double(n).squareRoot()
    #expect(abs(mean) < error)
    #expect(abs(square - 1) < error * 2.0.squareRoot())
    #expect(abs(fourth - 3) < error * 96.0.squareRoot())
    #expect(stream.uniform(5) == RandomStream(seed: 1, purpose: "a").uniform(5))
    #expect(stream.uniform(5) != RandomStream(seed: 1, purpose: "b").uniform(5))
    #expect(stream.uniform(5) != RandomStream(seed: 2, purpose: "a").uniform(5))
}

@Test("Philox reproduces its published test vector")
func philoxVector() {
    // Random123 kat_vectors: counter 0, key 0 gives 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
    let (a, b, c, d) = RandomStream.philox(counter: (0, 0, 0, 0), key: (0, 0))
    #expect((a, b, c, d) == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
}

@Test("ghosts wrap on periodic axes and mirror at walls", arguments: [1, 2, 5, 8, 17])
func ghosts(nx: Int) {
    for x in Grid.Topology.allCases {
        let field = Field<Float>(Grid(nx: nx, ny: 2, spacing: 1, x: x))
        field.set { x, y, _ in x + 100 * y }
        for j in 0..<2 {
            let row = field.row(j)
            #expect(row[-1] == (x == .periodic ? row[nx - 1] : row[0]))
            #expect(row[nx] == (x == .periodic ? row[0] : row[nx - 1]))
            #expect(row[-2] == (x == .periodic ? row[max(0, nx - 2)] : row[min(1, nx - 1)]))
            #expect(row[nx + 1] == (x == .periodic ? row[min(1, nx - 1)] : row[max(0, nx - 2)]))
        }
        let restored = Field<Float>(field.grid)
        restored.setValues(field.values())
        #expect(restored.values() == field.values())
    }
}
