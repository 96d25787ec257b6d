/// Collects errors and warnings while settings are read; knows which parameter is being read and where each one stands in the input.
public struct Report: Sendable {
    public private(set) var diagnostics = Diagnostics()
    private let root: any ParameterGroup.Type
    private var path: [String] = []
    private var locations: [String: Location]
    private var places: [String: String]?
    private var evidence: [String: Evidence] = [:]

    init(root: any ParameterGroup.Type, at location: Location) {
        self.root = root
        locations = ["": location]
    }

    /// Reports an error at a parameter of the group that is being validated (`"salt.diffusivity"`, `"steps.0.current"`), or at the group.
    /// The sentence goes on from the path of the parameter: `must be given when kind is "plate"`.
    public mutating func error(_ sentence: String, at parameter: String = "") {
        let path = full(parameter)
        diagnostics.error(path.isEmpty ? sentence : "\(path) \(sentence)", at: location(of: path))
    }

    public mutating func warning(_ sentence: String, at parameter: String = "") {
        let path = full(parameter)
        diagnostics.warning(path.isEmpty ? sentence : "\(path) \(sentence)", at: location(of: path))
    }

    private func full(_ parameter: String) -> String {
        (path + (parameter.isEmpty ? [] : [parameter])).joined(separator: ".")
    }

    /// The place of a parameter, or of the innermost group around it when the input does not give it.
    private func location(of path: String) -> Location {
        var path = path
        while true {
            if let location = locations[path] { return location }
            path = path.lastIndex(of: ".").map { String(path[..<$0]) } ?? ""
        }
    }

    mutating func inside(_ name: String, at location: Location, _ body: (inout Report) -> Void) {
        path.append(name)
        locations[path.joined(separator: ".")] = location
        body(&self)
        path.removeLast()
    }

    mutating func keep(_ evidence: Evidence) { self.evidence[full("")] = evidence }

    /// What was stated inside the group that is being read, by its paths.
    var evidenceHere: [String: Evidence] {
        let prefix = path.isEmpty ? "" : full("") + "."
        return Dictionary(
            uniqueKeysWithValues: evidence.filter { $0.key.hasPrefix(prefix) }.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    }

    // MARK: - Sentences of reading

    mutating func expected(_ kind: ParameterKind, _ node: JSON5, example: Double = .nan) {
        let subject = path.isEmpty ? "the input must be " : "expects "
        let given = node.elements.map { "a list of \($0.count)" } ?? node.words
        error(subject + kind.expectation(example: example) + ", not " + given)
    }

    mutating func unknown(_ member: JSON5.Member, known: [String]) {
        // Nobody reads the advice of a file with hundreds of errors.
        let advice = diagnostics.errorCount < 100 ? advice(on: member.key, known: known).map { "; " + $0 } : nil
        diagnostics.error("\(quoted(full(member.key))) is not a known parameter" + (advice ?? ""), at: member.location)
    }

    /// The nearest name in the group, the group that has a parameter of this name, or all names of a small group.
    private mutating func advice(on key: String, known: [String]) -> String? {
        if let near = suggestion(key, known) { return near }
        if places == nil {
            places = Dictionary(root.init().entries().map { ($0.name, $0.path) }, uniquingKeysWith: { first, _ in first })
        }
        if let place = places?[key] { return "did you mean \(quoted(place))?" }
        return known.count > 12 ? nil : "known here: " + known.joined(separator: ", ")
    }

    /// The SI value of a number or a text with a unit; nil after an error.
    mutating func quantity(_ node: JSON5, _ kind: ParameterKind, _ unit: Unit, example: Double) -> Double? {
        if let number = node.number { return number }
        guard let text = node.text else {
            expected(kind, node, example: example)
            return nil
        }
        let expects = "expects " + kind.expectation(example: example)
        do throws(QuantityError) {
            let quantity = try Quantity(parsing: text)
            if quantity.dimension == unit.dimension { return quantity.value }
            let given = quantity.unit == nil ? "has no unit" : "is " + quantity.dimension.words
            error("\(expects); \(quoted(text)) \(given)")
        } catch let failure {
            error("\(expects); \(failure)")
        }
        return nil
    }
}
