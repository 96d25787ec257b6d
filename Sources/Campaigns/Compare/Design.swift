import Coatings
import Parameters
import RunFiles

/// One of the designs of a comparison: a coating, an input or a run folder.
struct Design: Sendable {
    /// Of its folder and rows: the file without folders and extension.
    let name: String
    let path: String
    /// The tree of its file, with its includes.
    let tree: JSON5
    /// A finished run, used as it is when there is no protocol.
    let isRunFolder: Bool

    /// - Parameter operand: the name of a coating in Inputs/coatings, a file, or a run folder.
    /// - Throws: every error of the file.
    init(_ operand: String) throws(Diagnostics) {
        isRunFolder = DiskFile.exists(operand + "/resolved.json5")
        path = isRunFolder ? operand + "/resolved.json5" : try InputLibrary.path(of: operand, on: .coatings)
        let file = try InputFile(path: path)
        if file.diagnostics.hasErrors { throw file.diagnostics }
        tree = file.tree
        name = RunInput.name(of: isRunFolder ? (operand.hasSuffix("/") ? String(operand.dropLast()) : operand) : path)
    }

    /// Whether the file is a run of its own; a coating is only a part of one.
    var isWholeInput: Bool { tree["control"] != nil || tree["end"] != nil || tree["grid"] != nil }

    /// The design under a protocol. What the cycler does and what is kept come from the protocol; for the rest the design has the word,
    /// then the cell, then the protocol. A cell that is given stands as a whole: no film or reaction of the protocol's own cell stays with
    /// it.
    func tree(under protocolTree: JSON5?, cell: JSON5?) -> JSON5 {
        guard let protocolTree else { return tree.merged(over: cell ?? JSON5(.object([]))) }
        let ruled: Set = ["control", "end", "output", "planning"]
        func part(_ tree: JSON5, _ isWanted: (String) -> Bool) -> JSON5 {
            JSON5(.object((tree.members ?? []).filter { isWanted($0.key) }), at: tree.location)
        }
        // A group of the protocol stands as a whole: no step of the design's own cycle slips in.
        let own = part(tree) { !ruled.contains($0) }
        guard let cell else { return own.merged(over: protocolTree) }
        let ofCells: Set = ["metal", "electrolyte", "counterElectrode", "kinetics", "interphase"]
        return own.merged(over: part(cell) { !ruled.contains($0) }).merged(over: part(protocolTree) { !ofCells.contains($0) })
    }
}

extension JSON5 {
    /// The tree with every parameter called seed at this number.
    func seeded(_ seed: Int) -> JSON5 {
        var tree = self
        switch content {
        case .object(let members):
            tree.content = .object(members.map { Member($0.key, $0.key == "seed" ? JSON5(seed) : $0.value.seeded(seed), at: $0.location) })
        case .list(let elements): tree.content = .list(elements.map { $0.seeded(seed) })
        default: break
        }
        return tree
    }
}
