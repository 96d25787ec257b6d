import Campaigns
import Parameters
import RunFiles

extension Command {
    static let describe = Command(
        name: "describe", operands: 0...1, operandName: "TERM|INPUT", summary: "List parameters with value, range, meaning and source",
        details: "TERM is a parameter or group, as in electrolyte or control.currentDensity; INPUT shows the values of an input file.",
        flags: [
            Flag(name: "--json", meaning: "as JSON"),
            Flag(name: "--schema", meaning: "JSON Schema of input files"),
            Flag(name: "--set", value: "PATH=VALUE", repeats: true, meaning: "override a parameter of INPUT"),
        ]
    ) { arguments in
        if arguments.has("--schema") {
            Terminal.print(RunSettings.schema.text(.json))
            return 0
        }
        let entries = try chosen(arguments)
        Terminal.print(arguments.has("--json") ? entries.json.text(.json) : entries.table)
        return 0
    }

    private static func chosen(_ arguments: Arguments) throws -> [ParameterEntry] {
        let all = RunSettings().entries()
        guard let word = arguments.operands.first else { return all }
        if DiskFile.exists(word) {
            let input = try RunInput(word, overrides: arguments.values("--set"))
            if !input.warnings.isEmpty { Terminal.complain("\(input.warnings)") }
            return input.settings.entries()
        }
        let exact = all.under(word)
        if !exact.isEmpty { return exact }
        // A name alone, in whatever group it is.
        let named = all.filter { $0.name == word }.flatMap { all.under($0.path) }
        if !named.isEmpty { return named }
        let near = nearest(word, all.map(\.path) + all.map(\.name)).map { "; did you mean \($0)?" } ?? "; dendrite describe lists all of them"
        throw UsageError("\(word) is neither a parameter nor an input file\(near)")
    }
}
