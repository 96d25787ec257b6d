import Foundation
import Parameters
import Testing

@Suite struct InputFileTests {
    /// A folder of input files that vanishes with the test.
    final class Folder: Sendable {
        let path = NSTemporaryDirectory() + "parameters-" + UUID().uuidString

        init(_ files: [String: String]) throws {
            for (name, text) in files {
                let file = URL(fileURLWithPath: path + "/" + name)
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try text.write(to: file, atomically: false, encoding: .utf8)
            }
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func load(_ name: String = "input.json5", _ overrides: String...) throws -> Cell {
            try InputFile.load(path: path + "/" + name, overrides: overrides, as: Cell.self).settings
        }

        /// The errors without the path of the folder.
        func complaint(_ name: String = "input.json5", _ overrides: String...) -> String {
            do {
                return "accepted: \(try InputFile.load(path: path + "/" + name, overrides: overrides, as: Cell.self).settings)"
            } catch {
                return error.description.replacingOccurrences(of: path + "/", with: "")
            }
        }
    }

    @Test func includedFilesLieUnderTheIncludingOne() throws {
        let folder = try Folder([
            "input.json5": """
                { include: ['base.json5', 'more/second.json5'], salt: { diffusivity: 3e-10 },
                  coating: { include: 'more/film.json5', thickness: '5 nm' } }
                """,
            "base.json5": "{ salt: { diffusivity: 1e-10, concentration: 500 }, seed: 7, title: 'base' }",
            "more/second.json5": "{ title: 'second', siteMap: 'sites.h5', salt: { transferenceNumber: 0.3 } }",
            "more/film.json5": "{ include: '../deep.json5', thickness: '50 nm', modulus: '3 GPa' }",
            "deep.json5": "{ failureStrain: '1 %', modulus: '9 GPa' }",
        ])
        let cell = try folder.load()
        #expect(cell.salt == Salt(diffusivity: 3e-10, transferenceNumber: 0.3, concentration: 500))
        #expect(cell.coating == Coating(thickness: 5e-9, modulus: 3e9, failureStrain: 0.01))
        #expect(cell.seed == 7)
        #expect(cell.title == "second")
        #expect(cell.siteMap == folder.path + "/more/sites.h5")
        let files = try InputFile(path: folder.path + "/input.json5").files
        #expect(files.count == 5)
        #expect(files[0].path == folder.path + "/input.json5")
        let deep = try #require(files.first { $0.path.hasSuffix("deep.json5") })
        #expect(String(decoding: deep.bytes, as: UTF8.self) == "{ failureStrain: '1 %', modulus: '9 GPa' }")
    }

    @Test func errorsNameTheIncludedFile() throws {
        let folder = try Folder(["input.json5": "{ include: 'base.json5' }", "base.json5": "{\n salt: {\n  difusivity: 1 } }"])
        #expect(folder.complaint() == "base.json5:3:3: error: \"salt.difusivity\" is not a known parameter; did you mean \"diffusivity\"?")
    }

    @Test(arguments: [
        (["input.json5": "{ include: 'none.json5' }"], "input.json5:1:12: error: cannot read \"none.json5\": No such file or directory"),
        (["input.json5": "{ include: 5 }"],
         "input.json5:1:12: error: include expects the name of a file in quotes or a list of such names, not the number 5"),
        (["input.json5": "{ include: '' }"], "input.json5:1:12: error: include expects the name"),
        (["input.json5": "{ include: ['a.json5', 1] }", "a.json5": "{}"], "input.json5:1:24: error: include expects"),
        (["input.json5": "{ include: 'input.json5' }"],
         "input.json5:1:12: error: \"input.json5\" includes itself: input.json5 -> input.json5"),
        (["input.json5": "{ include: 'a.json5' }", "a.json5": "{ salt: { include: './input.json5' } }"],
         "a.json5:1:20: error: \"./input.json5\" includes itself: input.json5 -> a.json5 -> ./input.json5"),
        (["input.json5": "{ include: 'a.json5' }", "a.json5": "[1]"],
         "a.json5:1:1: error: an included file must hold an object { ... }, not a list"),
        (["input.json5": "{ include: 'a.json5' }", "a.json5": "{ x: "], "a.json5:1:6: error: expected a value"),
        (["input.json5": "{ include: '.' }"], "input.json5:1:12: error: cannot read \".\": Is a directory"),
        (["input.json5": "{ seed: 1, seed: 2, sed: 3 }"], "input.json5:1:12: error: the key \"seed\" is given twice"),
        (["other.json5": "{}"], "input.json5: error: cannot read "),
    ] as [([String: String], String)])
    func badIncludes(_ files: [String: String], _ message: String) throws {
        let complaint = try Folder(files).complaint()
        #expect(complaint.hasPrefix(message), "\(complaint)")
    }

    @Test func duplicatesAndUnknownKeysAreReportedTogether() throws {
        let complaint = try Folder(["input.json5": "{ seed: 1, seed: 2, sed: 3 }"]).complaint("input.json5", "noise=5", "x")
        #expect(complaint.split(separator: "\n").count == 4, "\(complaint)")
    }

    @Test func hugeFilesAndFoldersAreRefused() throws {
        let folder = try Folder(["input.json5": "{ title: '" + String(repeating: "x", count: SourceFile.sizeLimit) + "' }"])
        #expect(folder.complaint().hasSuffix("it is larger than 16 MB"))
        #expect(folder.complaint("").contains("Is a directory"))
    }

    @Test func overrides() throws {
        let folder = try Folder([
            "input.json5": "{ steps: [{ kind: 'rest' }, { kind: 'plate' }], coating: { include: 'a.json5', modulus: '1 GPa' }, seed: 3 }",
            "a.json5": "{ thickness: '10 nm', failureStrain: '7 %' }", "b.json5": "{ thickness: '20 nm' }",
        ])
        let cell = try folder.load(
            "input.json5", "coating.thickness=70 nm", "salt.diffusivity=2e-10", "steps.1.current=\"5 mA/cm^2\"", "steps[0].kind=strip",
            "noise=true",
            "cells=[64, 64]", "title=a=b", "seed=4", "seed=5", "siteMap=maps/x.h5")
        #expect(cell.coating == Coating(thickness: 70e-9, modulus: 1e9, failureStrain: 0.07))
        #expect(cell.salt.diffusivity == 2e-10)
        #expect(cell.steps == [Step(kind: .strip), Step(kind: .plate, current: 50)])
        #expect(cell.noise && cell.cells == [64, 64] && cell.title == "a=b" && cell.seed == 5)
        #expect(cell.siteMap == FileManager.default.currentDirectoryPath + "/maps/x.h5")
        #expect(try folder.load("input.json5", "coating.include=\(folder.path)/b.json5").coating == Coating(thickness: 20e-9, modulus: 1e9))
        #expect(try folder.load("input.json5", "coating={ include: '\(folder.path)/b.json5' }").coating == Coating(thickness: 20e-9))
        #expect(try folder.load("input.json5", "coating=null").coating == nil)
    }

    @Test(arguments: [
        ("salt.difusivity=1",
         "--set salt.difusivity=1: error: \"salt.difusivity\" is not a known parameter; did you mean \"diffusivity\"?"),
        ("coating.thickness=70 V",
         "--set coating.thickness=70 V: error: coating.thickness expects a length such as \"28 nm\"; \"70 V\" is a voltage"),
        ("coating.thickness", "--set coating.thickness: error: expected path=value"),
        ("=1", "--set =1: error: expected path=value"),
        ("a..b=1", "--set a..b=1: error: expected path=value"),
        ("steps.5.current=1", "--set steps.5.current=1: error: steps is a list of 1, counted from 0; it has no element \"5\""),
        ("steps.-1.current=1", "it has no element \"-1\""),
        ("steps.x=1", "it has no element \"x\""),
        ("seed.x=1", "--set seed.x=1: error: seed is the number 3; it has no member \"x\""),
        ("cells=[1, 2", "--set cells=[1, 2: error: this \"[\" is never closed"),
        ("seed=", "--set seed=: error: seed expects a whole number, not the text \"\""),
        ("seed=NaN", "--set seed=NaN: error: seed expects a whole number, not NaN"),
        ("include=none.json5", "--set include=none.json5: error: cannot read \"none.json5\""),
    ])
    func badOverrides(_ argument: String, _ message: String) throws {
        let complaint = try Folder(["input.json5": "{ steps: [{ kind: 'rest' }], seed: 3 }"]).complaint("input.json5", argument)
        #expect(complaint.contains(message), "\(complaint)")
        #expect(!complaint.contains("\n"), "\(complaint)")
    }
}
