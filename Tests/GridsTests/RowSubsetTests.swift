import Grids
import Testing

@Suite("Subsets of rows")
struct RowSubsetTests {
    @Test("sums and largest values are those of the chosen rows, every row is handed out once, neighbours together", arguments: [1, 2, 3])
    func reductions(_ threads: Int) {
        let grid = Grid(nx: 2048, ny: 40, spacing: 1), device = Device(threads: threads), sums = RowSums(grid), subset = RowSubset(grid)
        let x = Field<Double>(grid), one = Field<Double>(grid), zero = Field<Double>(grid)
        x.set { _, y, _ in y + 0.5 }
        one.fill(1)
        #expect(device.sum(x, on: subset, sums) == 0 && device.maximumDifference(x, zero, on: subset, sums) == 0)
        let chosen = [3, 4, 5, 9] + Array(12...30)
        subset.choose(where: chosen.contains)
        #expect((0..<subset.count).map { subset[$0] } == chosen && subset.contains(9) && !subset.contains(10))
        let expected = chosen.reduce(0.0) { $0 + 2048 * Double($1 + 1) }
        #expect(device.sum(x, on: subset, sums) == expected && device.dot(x, one, on: subset, sums) == expected)
        #expect(device.maximumDifference(x, zero, on: subset, sums) == 31)
        let marks = RowSums(grid)
        device.forRows(subset, x.layout) { rows in for row in rows { marks.values[row] += 1 } }
        #expect((0..<grid.rows).allSatisfy { marks.values[$0] == (chosen.contains($0) ? 1 : 0) })
        if threads == 1 {
            var runs: [Range<Int>] = []
            device.forRows(subset, x.layout) { runs.append($0) }
            #expect(runs == [3..<6, 9..<10, 12..<31])
        }
        var parts: [Range<Int>] = []
        subset.forParts(of: 4..<14) { part, isChosen in
            #expect(part.allSatisfy { chosen.contains($0) == isChosen })
            parts.append(part)
        }
        #expect(parts == [4..<6, 6..<9, 9..<10, 10..<12, 12..<14])
        // What other rows hold does not count, a NaN in a chosen one does.
        x[5, 1] = .nan
        #expect(device.maximumDifference(x, zero, on: subset, sums) == 31)
        x[5, 20] = .nan
        #expect(device.maximumDifference(x, zero, on: subset, sums).isNaN && device.sum(x, on: subset, sums).isNaN)
    }
}
