import Grids
import Kernels
import RunFiles
import Testing

private let grids = [Grid(nx: 13, ny: 9, spacing: 2e-7), Grid(nx: 5, ny: 7, nz: 3, spacing: 1e-7, x: .bounded, y: .periodic, z: .bounded),
                     Grid(nx: 1000, ny: 400, spacing: 1), Grid(nx: 70, ny: 70, nz: 60, spacing: 1)]

@Test("a snapshot gives back the bits of its precision, for any shape", arguments: grids, [0, 1])
func snapshotRoundTrip(grid: Grid, compression: Int) throws {
    let scratch = Scratch(), path = scratch("a.h5")
    let field: Field<Double> = noise(grid, "xi")
    let count: (Int) -> Double = { Double($0 * 7) }
    let fields = [
        OutputField("xi", unit: "1", longName: "phase", field: field),
        OutputField("double", unit: "V", longName: "potential", element: .double, field: field),
        OutputField("scaled", unit: "mol/m^3", longName: "salt", element: .double, field: field, scale: 1000),
        OutputField("live", unit: "1", longName: "connected", element: .byte) { row, values in
            for i in 0..<grid.nx { values[i] = Double((row + i) % 256) }
        },
        OutputField("number", unit: "1", longName: "number of the cell", element: .int64) { row, values in
            for i in 0..<grid.nx { values[i] = count(row * grid.nx + i) }
        },
    ]
    let writer = SnapshotWriter(compression: compression)
    try writer.write(fields, grid: grid, time: 1.5, step: 12, attributes: ["phi_s": 0.25, "host": "a"], to: path)
    let snapshot = try Snapshot(path)
    #expect(snapshot.grid == grid)
    #expect(snapshot.time == 1.5 && snapshot.step == 12)
    #expect(snapshot.attributes["phi_s"] == 0.25 && snapshot.attributes["host"] == "a")
    #expect(snapshot.fields.map(\.name) == ["double", "live", "number", "scaled", "xi"])
    #expect(snapshot.fields.map(\.element) == [.double, .byte, .int64, .double, .float])
    #expect(snapshot.fields.map(\.unit) == ["V", "1", "1", "mol/m^3", "1"])
    #expect(snapshot.fields.last?.longName == "phase")
    #expect(try snapshot.coordinates("x") == (0..<grid.nx).map { (Double($0) + 0.5) * grid.spacing })
    let values = field.values()
    #expect(try snapshot.values("xi") == values.map { Double(Float($0)) })
    #expect(try snapshot.values("double") == values)
    #expect(try snapshot.values("scaled") == values.map { 1000 * $0 })
    #expect(try snapshot.values("number") == (0..<grid.cells).map(count))
    #expect(try snapshot.values("live") == (0..<grid.cells).map { Double(($0 / grid.nx + $0 % grid.nx) % 256) })
    let last = grid.nz - 1
    #expect(try snapshot.plane(last, of: "double") == Array(values[(last * grid.nx * grid.ny)...]))
    let again = Field<Double>(grid), single = Field<Float>(grid)
    try snapshot.read("double", into: again)
    try snapshot.read("double", into: single)
    #expect(again.values() == values && single.values() == values.map { Float($0) })
    #expect(again.row(0)[-1] == (grid.x == .periodic ? again[grid.nx - 1, 0] : again[0, 0]))
    #expect(kind { try snapshot.read("xi", into: Field<Double>(Grid(nx: 2, ny: 2, spacing: 1))) } == .mismatch)
    #expect(kind { _ = try snapshot.values("c") } == .missing)
    #expect(try DiskFile.names(in: scratch.path) == ["a.h5"])
}

@Test("equal content gives equal files; names that cannot be fields are refused and leave nothing")
func snapshotIsReproducible() throws {
    let scratch = Scratch(), grid = Grid(nx: 20, ny: 10, spacing: 1), field: Field<Float> = noise(grid, "a")
    for name in ["a", "b"] {
        let output = OutputField("xi", unit: "1", longName: "phase", field: field)
        try SnapshotWriter().write([output], grid: grid, time: 0, step: 0, to: scratch(name))
    }
    #expect(try DiskFile.read(scratch("a")) == DiskFile.read(scratch("b")))
    for names in [["x"], [""], ["a/b"], ["c", "c"]] {
        let fields = names.map { OutputField($0, unit: "1", longName: "", field: field) }
        #expect(kind { try SnapshotWriter().write(fields, grid: grid, time: 0, step: 0, to: scratch("c")) } == .misuse)
    }
    #expect(try DiskFile.names(in: scratch.path) == ["a", "b"])
}

@Test("files that are no snapshots give one clear sentence")
func foreignFiles() throws {
    let scratch = Scratch(), path = scratch("a.h5")
    #expect(kind { _ = try Snapshot(path) } == .missing)
    for text in ["", "hello", String(repeating: "\u{89}HDF\r\n\u{1a}\n", count: 100)] {
        try DiskFile.replace(path, with: text)
        #expect(kind { _ = try Snapshot(path) } == .damaged)
    }
    let file = try HDF5File.create(path)
    try file.write("xi", [1, 2, 3])
    try file.close()
    #expect(kind { _ = try Snapshot(path) } == .damaged)
    #expect(message { _ = try Snapshot(path) } == "\(path) is damaged or not a snapshot of this program")
}
