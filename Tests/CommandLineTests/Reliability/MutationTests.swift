import Campaigns
import Foundation
import Parameters
import RunFiles
import Testing

/// Inputs, sweep files and manifests that were cut, doubled, mixed and misspelt: refused with a sentence or understood, within two seconds,
/// and nothing is written outside the folder of the sweep. 10,000 of them in a full test.
@Suite(.serialized)
struct MutationTests {
    private struct Mutator {
        var random = SystemRandomNumberGenerator()

        mutating func below(_ count: Int) -> Int { Int.random(in: 0..<max(1, count), using: &random) }

        static let values = ["0", "-1", "1e308", "1e-308", "NaN", "Infinity", "null", "true", "\"\"", "\"1 V\"", "\"1 mA/cm^2\"", "\"1e9 um\"", "\"-3 s\"", "[]", "{}",
                             "[[[[]]]]", "9007199254740993", "\"../x\"", "\"/etc/passwd\"", "{ include: \"../..\" }", "\"potentiostatic\"", "1e18", "[1, 2, 3]", "\"1e-30 m\""]
        static let paths = RunSettings().entries().map(\.path) + ["include", "grid.include", "nowhere", "steps.0.kind", ""]
        static let cells = [
            "..", "../x", "/tmp/x", "runs/../../x", ".", "", "\"", "a\"b", "runs/x", "-1", "0", "99999999999999999999", "\u{0}", "é", "a\nb", "[1,",
            "1 mA/cm^2", ",",
        ]

        /// Words of a JSON5 text that can be exchanged: everything between its punctuation.
        mutating func input(_ text: String) -> String {
            var text = text
            for _ in 0...below(2) {
                var tokens: [String] = [], word = ""
                for character in text {
                    if "{}[],:\n\"".contains(character) { tokens += [word, String(character)]; word = "" } else { word.append(character) }
                }
                tokens.append(word)
                let at = below(tokens.count)
                switch below(20) {
                case 0: tokens[at] = Self.values[below(Self.values.count)]
                case 1: tokens[at] = Self.paths[below(Self.paths.count)].split(separator: ".").last.map(String.init) ?? ""
                case 2: tokens.remove(at: at)
                case 3: tokens.swapAt(at, below(tokens.count))
                case 4: tokens.insert(contentsOf: tokens[at..<min(tokens.count, at + below(12))], at: below(tokens.count))
                case 5: tokens.removeSubrange(at..<min(tokens.count, at + below(12)))
                case 6: tokens.insert(["{", "}", "[", "]", ",", ":", "//", "/*", "'", "\\"][below(10)], at: at)
                default:
                    // A number becomes another one.
                    if let number = tokens.indices.filter({ Double(tokens[$0].trimmingCharacters(in: .whitespaces)) != nil }).randomElement(
                        using: &random)
                    {
                        tokens[number] = " " + ["0", "1", "2", "7", "0.5", "-1", "1e9", "1e-9", "1e308", "NaN"][below(10)]
                    }
                }
                text = tokens.joined()
            }
            return text
        }

        mutating func override() -> String {
            Self.paths[below(Self.paths.count)] + "=" + Self.values[below(Self.values.count)]
        }

        mutating func manifest(_ text: String) -> [UInt8] {
            var rows = text.components(separatedBy: "\n").map { $0.components(separatedBy: ",") }
            for _ in 0...below(2) {
                let row = below(rows.count), column = below(rows[row].count)
                switch below(7) {
                case 0: rows[row][column] = Self.cells[below(Self.cells.count)]
                case 1: rows[0].append(Self.paths[below(Self.paths.count)])
                case 2: rows[row].remove(at: column)
                case 3: rows.insert(rows[row], at: below(rows.count))
                case 4: rows[row][column] = Self.values[below(Self.values.count)]
                case 5: if rows[row].count > 1 { rows[row][1] = Self.cells[below(8)] }
                default: rows.swapAt(row, below(rows.count))
                }
                if rows[row].isEmpty { rows[row] = [""] }
            }
            var bytes = Array(rows.map { $0.joined(separator: ",") }.joined(separator: "\n").utf8)
            if below(4) == 0, !bytes.isEmpty { bytes[below(bytes.count)] = UInt8(below(256)) }
            return bytes
        }
    }

    private static let rounds = Program.isFull ? 10_000 : 450

    private func timed(_ what: @autoclosure () -> String, _ body: () throws -> Void) rethrows {
        let start = Machine.clock
        try body()
        let seconds = Machine.clock - start
        #expect(seconds < 2, "\(seconds) s for \(what())")
    }

    private func files(_ folder: String) -> Set<String> {
        Set(FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
    }

    /// In the process: inputs with overrides, sweep files, manifests in turn.
    @Test func inProcess() throws {
        let program = try Program()
        var mutator = Mutator(), accepted = [0, 0, 0]
        _ = try program.input("{ conductivity: '2 S/m' }", name: "salt.json5")
        let sweep = """
            { title: "x", base: "base.json5", plan: "grid", seeds: [1, 2], objectives: [ { metric: "Rq", goal: "minimize" } ],
              jobs: { threads: 1, hours: "2 h", options: ["--partition=long"] },
              parameters: [ { path: "control.currentDensity", values: ["10 mA/cm^2", 200] }, { path: "electrolyte.include", values: ["salt.json5"] },
                            { path: "interface.halfWidth", from: "0.2 um", to: "0.4 um", count: 3, spacing: "logarithmic" } ] }
            """
        #expect(try program.plan(sweep).code == 0)
        let before = files(program.scratch.path), manifest = try program.text("sweep/manifest.csv")
        let inputs = [Program.sweepBase(), RunSettings().resolved.text(.json5), """
            { grid: { size: ["4 um", "6 um", "4 um"] }, control: { mode: "protocol", steps: [ { kind: "plate", currentDensity: "1 mA/cm^2", duration: "1 h" },
              { kind: "ramp", finalCurrentDensity: "3 mA/cm^2", duration: 60 } ], repeats: 3 }, output: { times: ["1 s", "2 s"], fields: ["xi", "live"] } }
            """]
        for round in 0..<Self.rounds {
            switch round % 3 {
            case 0:
                let text = mutator.input(inputs[mutator.below(3)]), path = program.path(try program.input(text, name: "mutant.json5"))
                let overrides = (0..<mutator.below(3)).map { _ in mutator.override() }
                timed("\(overrides) \(text)") {
                    do throws(Diagnostics) {
                        let input = try RunInput(path, overrides: overrides)
                        #expect(input.settings.diagnostics.errors.isEmpty)
                        accepted[0] += 1
                    } catch { #expect(!error.errors.isEmpty) }
                }
            case 1:
                let text = mutator.input(sweep), path = program.path(try program.input(text, name: "mutant.json5"))
                timed(text) {
                    do throws(Diagnostics) {
                        let plan = try SweepPlan(path, folder: program.path("mutated"))
                        expectSafe(plan.manifest, text)
                        accepted[1] += 1
                    } catch { #expect(!error.errors.isEmpty) }
                }
            default:
                let bytes = mutator.manifest(manifest)
                timed(String(decoding: bytes, as: UTF8.self)) {
                    do throws(Diagnostics) {
                        let mutant = try SweepManifest(bytes, path: program.path("sweep/manifest.csv"))
                        expectSafe(mutant, String(decoding: bytes, as: UTF8.self))
                        for row in mutant.rows.prefix(3) { _ = try mutant.input(of: row) }
                        accepted[2] += 1
                    } catch { #expect(!error.errors.isEmpty) }
                }
            }
        }
        // Nothing was written but the mutants themselves, and both answers were given often.
        #expect(files(program.scratch.path).subtracting(before) == ["mutant.json5"])
        for count in accepted { #expect(count > Self.rounds / 200 && count < Self.rounds * 9 / 30, "\(accepted) of \(Self.rounds)") }
    }

    /// Whatever was accepted stays below the folder: checked without the program's own rules.
    private func expectSafe(_ manifest: SweepManifest, _ text: String) {
        let root = URL(fileURLWithPath: manifest.folder).standardizedFileURL.path + "/"
        for row in manifest.rows {
            let path = URL(fileURLWithPath: manifest.folder + "/" + row.directory).standardizedFileURL.path
            #expect(path.hasPrefix(root) && !row.directory.hasPrefix("/"), "\(row.directory) in \(text)")
        }
    }

    /// Through the program: mutated manifests are run, mutated inputs are checked.
    @Test func throughTheProgram() throws {
        let program = try Program()
        var mutator = Mutator()
        #expect(try program.plan(Program.sweep(currents: 3, seeds: 1)).code == 0)
        let manifest = try program.text("sweep/manifest.csv"), base = try program.text("base.json5")
        func outside() -> Set<String> { files(program.scratch.path).filter { !$0.hasPrefix("sweep/") } }
        let before = outside()
        for round in 0..<(Program.isFull ? 600 : 24) {
            let words: [String]
            if round % 2 == 0 {
                try Data(mutator.manifest(manifest)).write(to: URL(fileURLWithPath: program.path("sweep/manifest.csv")))
                words = [
                    "run", "--manifest", "sweep/manifest.csv", "--index", "\(round % 3)", "--resume", "--threads", "1", "--max-hours", "0.0001", "-q",
                ]
            } else {
                _ = try program.input(mutator.input(base), name: "base.json5")
                words = ["check", "base.json5", "--set", mutator.override()]
            }
            let start = Machine.clock, running = try program.start(words)
            while running.isRunning && Machine.clock - start < 20 { usleep(2000) }
            let seconds = Machine.clock - start
            if running.isRunning { running.send(SIGKILL) }
            let result = try running.finish(), text = try program.text(round % 2 == 0 ? "sweep/manifest.csv" : "base.json5")
            #expect(!result.wasKilled && (0...3).contains(result.code), "\(words) \(text): \(result.errors)")
            #expect(seconds < 2 || Program.isBusy, "\(seconds) s: \(words) \(text)")
            if result.code != 0 && result.code != 3 { #expect(result.errors.contains("error") || result.errors.contains("dendrite:"), "\(text)") }
            #expect(outside() == before, "\(text)")
        }
    }
}
