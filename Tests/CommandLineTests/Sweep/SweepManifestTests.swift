import Campaigns
import Foundation
import RunFiles
import Testing

/// Manifests come from anywhere: what they may not say.
struct SweepManifestTests {
    @Test(arguments: [
        ("../outside", ".."), ("runs/../../outside", ".."), ("/tmp/dendrite-outside", "absolute"), ("runs//a", "plain relative path"),
        (".", "plain relative path"),
        ("", "plain relative path"), ("runs/a\u{7}", "control character"), ("runs/link/a", "symbolic link"), ("nowhere/a", "symbolic link"),
        ("\"runs/a", "not closed"), ("runs/a\"b", "quote inside"), ("\"a\"b", "behind a closing quote"),
        (String(repeating: "x", count: 300), "too long"),
    ])
    func directoryIsRefused(_ directory: String, _ message: String) throws {
        let program = try Program(), outside = program.path("outside")
        #expect(try program.plan(Program.sweep(currents: 2, seeds: 1)).code == 0)
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: program.path("sweep/runs/link"), withDestinationPath: outside)
        try FileManager.default.createSymbolicLink(atPath: program.path("sweep/nowhere"), withDestinationPath: program.path("not-there"))
        _ = try program.input("index,directory,control.currentDensity\n0,\(directory),10 mA/cm^2\n", name: "sweep/manifest.csv")
        let result = try program("run", "--manifest", "sweep/manifest.csv", "--index", "0", "-q")
        #expect(result.code == 2 && !result.wasKilled && result.errors.contains(message), "\(result.errors)")
        #expect(try DiskFile.names(in: outside).isEmpty && !program.exists("not-there"))
        #expect(!FileManager.default.fileExists(atPath: "/tmp/dendrite-outside"))
    }

    @Test(arguments: [
        ("", "no manifest"), ("index,folder\n", "no manifest"), ("index,directory,a,a\n0,b,1,1\n", "twice"),
        ("index,directory\n0,a\n0,b\n", "stands there twice"),
        ("index,directory\n0,a\n1,a\n", "stands in line 2"), ("index,directory\n0,a\n1,a/b\n", "lies in that of another"),
        ("index,directory\n0\n", "1 cells"),
        ("index,directory\n-1,a\n", "whole number"), ("index,directory\n+0,a\n", "whole number"),
        ("index,directory\n1,a\n", "no row with the index 0"),
        ("index,directory,nosuch.parameter\n0,a,1\n", "not a known parameter"), ("index,directory,control.currentDensity\n0,a,1 V\n", "is a voltage"),
        ("index,directory,electrolyte.include\n0,a,../base.json5\n", ".."), ("index,directory,electrolyte.include\n0,a,/etc/passwd\n", "absolute"),
        ("index,directory,electrolyte.include\n0,a,\"[\"\"inputs/x\"\",\"\"/etc/passwd\"\"]\"\n", "absolute"),
    ])
    func manifestIsRefused(_ text: String, _ message: String) throws {
        let program = try Program()
        #expect(try program.plan(Program.sweep(currents: 2, seeds: 1)).code == 0)
        _ = try program.input(text, name: "sweep/manifest.csv")
        let result = try program("run", "--manifest", "sweep", "--index", "0", "-q")
        #expect(result.code == 2 && !result.wasKilled && result.errors.contains(message), "\(result.errors)")
        #expect(!program.exists("sweep/a"))
    }

    /// A spreadsheet may have written it: quotes, line ends of Windows, an empty line.
    @Test func otherWritersAreRead() throws {
        let text = "index,directory,output.times\r\n0,\"runs/a, \"\"b\"\"\",\"[1, 2]\"\r\n\r\n1,runs/c,\r\n"
        let manifest = try SweepManifest(Array(text.utf8), path: "x/manifest.csv")
        #expect(manifest.parameters == ["output.times"] && manifest.rows.map(\.directory) == ["runs/a, \"b\"", "runs/c"])
        #expect(manifest.rows.map(\.cells) == [["[1, 2]"], [""]])
    }

    @Test(arguments: [
        (["run", "--manifest", "m.csv"], "needs the --index"), (["run", "--index", "1"], "a row of a --manifest"), (["run"], "needs INPUT"),
        (["run", "a.json5", "--manifest", "m.csv", "--index", "1"], "do not go with --manifest"), (["sweep", "plann", "x"], "did you mean plan?"),
        (["sweep", "status", "x", "--with", "slurm"], "does not belong"), (["sweep", "submit", "x", "--with", "pbs"], "slurm, parallel, shell"),
        (["sweep", "status", "."], "holds no sweep"), (["sweep", "collect", "nowhere"], "nowhere"), (["sweep", "plan"], "needs plan FILE"),
    ])
    func badUsage(_ words: [String], _ message: String) throws {
        let result = try Program().run(words)
        #expect(result.code == 2 && result.errors.contains(message), "\(result.errors)")
    }
}
