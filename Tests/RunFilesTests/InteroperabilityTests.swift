import Foundation
import Grids
import RunFiles
import Testing

/// A Python that has h5py, xarray and h5netcdf; given by the full test run.
private let python = ProcessInfo.processInfo.environment["DENDRITE_PYTHON"]

@Test("h5py, xarray and an XML parser read what a run wrote", .enabled(if: python != nil),
      arguments: [Grid(nx: 7, ny: 5, spacing: 2e-7), Grid(nx: 7, ny: 5, nz: 3, spacing: 1e-9)])
func python(grid: Grid) throws {
    let scratch = Scratch(), folder = try RunFolder(scratch("run"), opening: .fresh)
    try folder.start(provenance(), input: "{}", resolved: "{}")
    for step in 0..<3 {
        let fields = [
            OutputField("linear", unit: "m", longName: "x + 10 y + 100 z <&\">") { row, values in
                let y = Double(row % grid.ny) + 0.5, z = Double(row / grid.ny) + 0.5
                for i in 0..<grid.nx { values[i] = grid.spacing * (Double(i) + 0.5 + 10 * y + 100 * z) }
            },
            OutputField("c", unit: "mol/m^3", longName: "salt", element: .double) { row, values in
                for i in 0..<grid.nx { values[i] = Double(step) / Double(row + i + 1) }
            },
            OutputField("live", unit: "1", longName: "connected to the electrode", element: .byte) { row, values in
                for i in 0..<grid.nx { values[i] = Double((row + i) % 2) }
            },
            OutputField("part", unit: "1", longName: "number of the piece", element: .int64) { row, values in
                for i in 0..<grid.nx { values[i] = Double(row * i) }
            },
        ]
        try folder.saveSnapshot(fields, grid: grid, time: 0.1 * Double(step), step: step,
                                attributes: ["phi_s": -0.45, "name": "Sch\u{f6}nberg"],
                                writer: SnapshotWriter(compression: step == 0 ? 0 : 1))
    }
    let script = #filePath.replacingOccurrences(of: "RunFilesTests/InteroperabilityTests.swift", with: "Interoperability/read_snapshot.py")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(python))
    process.arguments = [script, folder.path, "--linear", "linear"]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
}
