/// The settings of one term: a plain struct whose stored properties hold the defaults, and the declarations that name them.
///
///     struct Kinetics: ParameterGroup {
///         var exchangeCurrentDensity = 10.0  // i0, A/m^2
///         static let summary = "Butler-Volmer kinetics"
///         static let parameters: [Parameter<Self>] = [
///             .quantity("exchangeCurrentDensity", \.exchangeCurrentDensity, "mA/cm^2", .above(0),
///                       "Exchange current density at the reference concentration", source: "fitted per cell"),
///         ]
///     }
public protocol ParameterGroup: Sendable {
    /// Every parameter at its default.
    init()
    /// One line: what the group is for.
    static var summary: String { get }
    static var parameters: [Parameter<Self>] { get }
    /// Checks across parameters, made when each of them is valid for itself.
    func validate(_ report: inout Report)
    /// What the input says that its values rest on, by path; a group that wants to know stores it.
    var evidence: [String: Evidence] { get set }
}

extension ParameterGroup {
    public func validate(_ report: inout Report) {}
    public var evidence: [String: Evidence] { get { [:] } set {} }

    /// The settings as a tree with every default, in the order of declaration; quantities as SI numbers, exact, with their
    /// display as comment; values with the evidence that this group stores.
    public var resolved: JSON5 { evidence.isEmpty ? plain : plain.stating(evidence, at: "") }

    /// The same without evidence.
    var plain: JSON5 { JSON5(.object(Self.parameters.map { JSON5.Member($0.name, $0.write(self)) })) }

    /// Settings from a tree, and the warnings.
    /// - Throws: every error of the tree, and the warnings.
    public static func decode(_ tree: JSON5) throws(Diagnostics) -> (settings: Self, warnings: Diagnostics) {
        var report = Report(root: Self.self, at: tree.location)
        var settings = Self()
        settings.read(tree, &report)
        if report.diagnostics.hasErrors { throw report.diagnostics }
        return (settings, report.diagnostics)
    }

    /// Errors and warnings of settings that were made in the program.
    public var diagnostics: Diagnostics {
        do throws(Diagnostics) {
            return try Self.decode(resolved).warnings
        } catch {
            return error
        }
    }

    mutating func read(_ node: JSON5, _ report: inout Report) {
        let parameters = Self.parameters
        guard let members = node.members else { return report.expected(.group(Self.self), node) }
        let errors = report.diagnostics.errorCount
        for member in members where !parameters.contains(where: { $0.name == member.key }) {
            report.unknown(member, known: parameters.map(\.name))
        }
        for parameter in parameters {
            let value = node[parameter.name]
            let isGroup = if case .group = parameter.kind { true } else { false }
            if value == nil && parameter.isRequired {
                report.inside(parameter.name, at: node.location) { $0.error("is missing; it expects \(parameter.kind.expectation())") }
            } else if let value: JSON5 = value ?? (isGroup ? JSON5(.object([]), at: node.location) : nil) {
                report.inside(parameter.name, at: value.location) { report in
                    if let value = report.value(in: value, parameter.kind) { parameter.read(value, &self, &report) }
                }
            }
        }
        evidence = report.evidenceHere
        if report.diagnostics.errorCount == errors { validate(&report) }
    }
}

extension JSON5 {
    fileprivate func stating(_ evidence: [String: Evidence], at path: String) -> JSON5 {
        if let evidence = evidence[path] { return evidence.stated(self) }
        var tree = self
        func inside(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
        switch content {
        case .object(let members):
            tree.content = .object(members.map { Member($0.key, $0.value.stating(evidence, at: inside($0.key)), at: $0.location) })
        case .list(let elements): tree.content = .list(elements.enumerated().map { $1.stating(evidence, at: inside("\($0)")) })
        default: break
        }
        return tree
    }
}
