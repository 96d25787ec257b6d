internal import Elliptic
import Glibc
internal import Grids

/// y = A x of the elliptic operator beyond the caches, against z = a x + b y of the same fields (as in STREAM's triad).
///
/// Bytes are what memory moves: each field once, a written one twice, since its lines are fetched before they are overwritten.
enum Stencil {
    private static let triadBytes = 32.0

    static func measure(_ name: String, cells n: Int, dimensions: Int) throws -> Measurement {
        let grid = Grid(nx: n, ny: n, nz: dimensions == 3 ? n : 1, spacing: 1), device = Device(), sums = RowSums(grid)
        let a = EllipticOperator<Double>(grid), x = Field<Double>(grid), y = Field<Double>(grid)
        for field in [a.x, a.y] + [a.z].compactMap(\.self) { field.fill(1) }
        a.s.fill(0.5)
        for row in stride(from: 0, to: grid.rows, by: grid.ny) { for i in 0..<n { a.y.row(row)[i] = 0 } }
        a.closeFaces()

        // A cosine of each axis: an eigenfunction, s + the sum of 2 - 2 cos k.
        let k = [2 * Double.pi * 3 / Double(n), Double.pi * 5 / Double(n), 2 * Double.pi * 2 / Double(n)]
        let waves = k.map { k in (0..<n).map { cos(k * (Double($0) + 0.5)) } }
        x.set { px, py, pz in waves[0][Int(px)] * waves[1][Int(py)] * (dimensions == 3 ? waves[2][Int(pz)] : 1) }
        a.apply(y, x, on: device, sums)
        let value = 0.5 + k.prefix(dimensions).reduce(0) { $0 + 2 - 2 * cos($1) }
        var worst = 0.0
        for row in 0..<grid.rows { for i in 0..<n { worst = max(worst, abs(y.row(row)[i] - value * x.row(row)[i])) } }
        try WrongAnswer.unless(worst, is: 0, within: 1e-12, "error of the operator on an eigenfunction")

        let kernels = device.kernels, layout = x.layout
        let triad = { device.forRows(layout) { kernels.combine(y.cells, 0.5, a.x.cells, 0.25, x.cells, layout, $0) } }
        let result = Comparison.repeated({ a.apply(y, x, on: device, sums) }, against: triad)
        // x, s and the faces are read, y is written.
        let bytes = Double(8 * (2 + dimensions) + 16), cells = Double(grid.cells)
        var m = Measurement(name)
        m.add("nsPerCell", 1e9 * result.subject / cells)
        m.add("bytesPerCell", bytes)
        m.add("gigabytesPerSecond", 1e-9 * bytes * cells / result.subject)
        m.add("triadGigabytesPerSecond", 1e-9 * triadBytes * cells / result.reference)
        m.add("bandwidthFraction", bytes / triadBytes / result.ratio)
        return m
    }
}
