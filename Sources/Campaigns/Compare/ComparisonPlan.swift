import Coatings
import Parameters
import RunFiles

/// The runs of a comparison: every design with every seed.
struct ComparisonPlan {
    struct Item {
        let design: Int, seed: Int
        let folder: String
        /// Nil for a run that is there already.
        let input: String?
        var name: String {
            RunInput.name(of: DiskFile.folder(of: folder)) + "/" + (folder.split(separator: "/").last.map(String.init) ?? "")
        }
    }

    let designs: [Design]
    /// For figures and tables: the name of the coating, or that of the design.
    let titles: [String]
    let settings: [RunSettings]
    let items: [Item]
    /// Name of the protocol, nil when every design goes its own way.
    let protocolName: String?
    let folder: String
    let warnings: [String]

    /// - Throws: every error of every design at once.
    init(_ request: ComparisonRequest) throws(Diagnostics) {
        var all = Diagnostics(), found: [Design] = []
        func attempt<R>(_ body: () throws(Diagnostics) -> R) -> R? {
            do throws(Diagnostics) { return try body() } catch {
                all.append(error)
                return nil
            }
        }
        func tree(_ name: String, _ shelf: InputLibrary.Shelf) throws(Diagnostics) -> JSON5 {
            let file = try InputFile(path: try InputLibrary.path(of: name, on: shelf))
            if file.diagnostics.hasErrors { throw file.diagnostics }
            return file.tree
        }
        for operand in request.designs {
            guard let design = attempt({ () throws(Diagnostics) in try Design(operand) }) else { continue }
            if found.contains(where: { $0.name == design.name }) {
                all.error("two designs are called \(design.name); rename one of the files", at: Location(source: design.path))
            }
            found.append(design)
        }
        let needsProtocol = found.contains { !$0.isRunFolder && !$0.isWholeInput }
        let name = request.protocolName ?? (needsProtocol ? ComparisonRequest.defaultProtocol : nil)
        let rules = name.flatMap { name in attempt { () throws(Diagnostics) in try tree(name, .protocols) } }
        let cell = request.cell.flatMap { cell in attempt { () throws(Diagnostics) in try tree(cell, .cells) } }
        if name != nil && rules == nil || request.cell != nil && cell == nil { throw all }

        protocolName = name.map { RunInput.name(of: $0) }
        folder = request.folder ?? "Outputs/compare-" + (protocolName ?? "inputs")
        var settings: [RunSettings] = [], items: [Item] = [], warnings: [String] = []
        for (n, design) in found.enumerated() {
            if design.isRunFolder && rules == nil {
                guard let given = attempt({ () throws(Diagnostics) in try RunSettings.decode(design.tree).settings }) else { continue }
                settings.append(given)
                items.append(Item(design: n, seed: 0, folder: DiskFile.folder(of: design.path), input: nil))
                continue
            }
            let decoded = attempt { () throws(Diagnostics) in
                try InputFile.decode(design.tree(under: rules, cell: cell), overrides: request.overrides, as: RunSettings.self)
            }
            guard let decoded else { continue }
            for warning in decoded.diagnostics.warnings where !warnings.contains(warning.message) { warnings.append(warning.message) }
            settings.append(decoded.settings)
            for seed in 1...request.seeds {
                items.append(Item(design: n, seed: seed, folder: "\(folder)/runs/\(design.name)/seed-\(seed)",
                                  input: decoded.settings.resolved.seeded(seed).text(.json5)))
            }
        }
        if all.hasErrors { throw all }
        designs = found
        (self.settings, self.items, self.warnings) = (settings, items, warnings)
        titles = zip(found, settings).map { design, settings in
            let coating = settings.simulation.coating?.name ?? ""
            return !coating.isEmpty ? coating : design.isWholeInput && !settings.title.isEmpty && name == nil ? settings.title : design.name
        }
    }
}
