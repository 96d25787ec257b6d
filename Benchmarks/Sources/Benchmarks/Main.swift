import Glibc
import Parameters

/// Runs the cases named on the command line, or all of them: each is verified, then timed.
@main
struct Main {
    static func main() {
        let words = CommandLine.arguments.dropFirst(), names = words.filter { !$0.hasPrefix("-") }
        let flags = Set(words).subtracting(names), unknown = flags.subtracting(["--list", "--json"])
        if let flag = unknown.sorted().first { fail("\(flag) is not a flag of the benchmarks; they know --list and --json", code: 2) }
        if flags.contains("--list") {
            for one in Case.all { print(Table.padded(one.name, 19), one.summary) }
            return
        }
        for name in names where !Case.all.contains(where: { $0.name == name }) {
            let near = nearest(name, Case.all.map(\.name)).map { "; did you mean \($0)?" } ?? "; --list shows the cases"
            fail("\(name) is not a case\(near)", code: 2)
        }
        let chosen = names.isEmpty ? Case.all : Case.all.filter { names.contains($0.name) }, isJSON = flags.contains("--json")
        if !isJSON { print(Table.heading) }
        for one in chosen {
            do {
                for part in one.parts {
                    let measurement = try part()
                    print(isJSON ? measurement.json.text(.line) : Table.row(measurement))
                    // To be seen while the next one runs.
                    fflush(nil)
                }
            } catch {
                fail("\(one.name): \(error)", code: 1)
            }
        }
    }

    private static func fail(_ sentence: String, code: Int32) -> Never {
        let text = Array("benchmarks: \(sentence)\n".utf8)
        fflush(nil)
        _ = write(STDERR_FILENO, text, text.count)
        exit(code)
    }
}
