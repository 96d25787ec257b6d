import Glibc
import RunFiles
import Testing

private let columns = [Series.Column("time", unit: "s"), Series.Column("tip height", unit: "m"), Series.Column("rejected", unit: "1")]

@Test("a series gives back every double, and continues after the rows up to a checkpoint")
func seriesRoundTrip() throws {
    let scratch = Scratch(), path = scratch("series.csv")
    let rows: [[Double]] = (0..<200).map { (row: Int) -> [Double] in
        let number = Double(row)
        return [0.1 * number, number.squareRoot() * 1e-300, row == 7 ? Double.infinity : number]
    }
    let series = try Series(path, columns: columns)
    for row in rows { try series.append(row) }
    #expect(try DiskFile.text(path).hasPrefix("time [s],tip height [m],rejected [1]\n0.0,0.0,0.0\n0.1,1e-300,1.0\n"))
    #expect(try SeriesTable(path).rows == rows)
    #expect(try SeriesTable(path).columns == columns)
    #expect(try SeriesTable(path)["tip height"] == rows.map { $0[1] })
    #expect(try SeriesTable(path)["valley"] == nil)
    let before = try DiskFile.text(path)
    let again = try Series(path, columns: columns, continuingFrom: 0.1 * 123)
    #expect(try SeriesTable(path).rows == Array(rows[...123]))
    for row in rows[124...] { try again.append(row) }
    #expect(try DiskFile.text(path) == before)
    _ = try Series(path, columns: columns, continuingFrom: -1)
    #expect(try SeriesTable(path).rows == [])
    #expect(kind { try again.append([1]) } == .misuse)
    #expect(kind { _ = try Series(path, columns: Array(columns.dropLast()), continuingFrom: 1) } == .mismatch)
    #expect(kind { _ = try Series(path, columns: [Series.Column("a,b", unit: "m")]) } == .misuse)
}

@Test("a row that a killed run left unfinished goes")
func tornRow() throws {
    let scratch = Scratch(), path = scratch("series.csv")
    for tail in ["2.0,3", "2.0,3,", "2.0,3,4", "2", "\n", "2.0,3\n", "x,1,2\n"] {
        try DiskFile.replace(path, with: "time [s],tip height [m],rejected [1]\n1.0,2.0,3.0\n" + tail)
        let series = try Series(path, columns: columns, continuingFrom: 10)
        try series.append([2, 4, 0])
        #expect(try SeriesTable(path).rows == [[1, 2, 3], [2, 4, 0]])
    }
    try DiskFile.replace(path, with: "time [s],tip height [m],rejected [1]\n1.0,2.0,3.0\n1.5,2")
    #expect(try SeriesTable(path).rows == [[1, 2, 3]])
}
