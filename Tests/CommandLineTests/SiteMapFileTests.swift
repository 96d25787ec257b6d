import Foundation
import RunFiles
import Testing

/// A map of sites from an HDF5 file, as a user gives it.
struct SiteMapFileTests {
    private func write(_ values: [Double], shape: [Int], to path: String) throws {
        let file = try HDF5File.create(path)
        try values.withUnsafeBytes { try file.write("map", element: .double, shape: shape, from: $0.baseAddress!) }
        try file.close()
    }

    private func input(_ dataset: String) -> String {
        """
        { grid: { size: ["10 um", "10 um"], spacing: "0.25 um" }, interface: { halfWidth: "0.25 um" }, end: { time: "1 s" },
          sites: { file: { path: "sites.h5", dataset: "\(dataset)" }, exchange: { factor: 3 } } }
        """
    }

    @Test func isRead() throws {
        let program = try Program()
        try write([0, 1, 0.5, 0], shape: [4], to: program.path("sites.h5"))
        let name = try program.input(input("map"))
        let result = try program.run(["run", name])
        #expect(result.code == 0, "\(result.errors)")
    }

    @Test(arguments: [
        ([0.0, 2, 0, 0], [4], "map", "holds 2.0"), ([0, 1, 0, 1], [2, 2], "map", "has the shape [2, 2]"),
        ([0, 1, 0, 1], [4], "maps", "it holds map"),
    ])
    func isRefused(_ values: [Double], _ shape: [Int], _ dataset: String, _ message: String) throws {
        let program = try Program()
        try write(values, shape: shape, to: program.path("sites.h5"))
        let result = try program.run(["check", try program.input(input(dataset))])
        #expect(result.code == 2 && result.errors.contains("input.json5:2:") && result.errors.contains(message), "\(result.errors)")
    }
}
