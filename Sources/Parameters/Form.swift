/// How values of one type stand in an input file: read from a JSON5 tree and written back.
public struct Form<Value: Sendable>: Sendable {
    public let kind: ParameterKind
    /// Reads into a value that holds the default; reports what is wrong and then leaves the value alone.
    let read: @Sendable (JSON5, inout Value, inout Report) -> Void
    let write: @Sendable (Value) -> JSON5

    init(
        _ kind: ParameterKind, read: @escaping @Sendable (JSON5, inout Value, inout Report) -> Void,
        write: @escaping @Sendable (Value) -> JSON5
    ) {
        (self.kind, self.read, self.write) = (kind, read, write)
    }

    /// A form whose nodes are understood or not, nothing between.
    init(_ kind: ParameterKind, parse: @escaping @Sendable (JSON5) -> Value?, write: @escaping @Sendable (Value) -> JSON5) {
        self.init(kind, read: { node, value, report in
            if let parsed = parse(node) { value = parsed } else { report.expected(kind, node) }
        }, write: write)
    }
}

extension Form where Value == Double {
    /// A number with a unit, or a bare SI number. The unit gives the dimension and the unit of bounds and display.
    public static func quantity(_ unit: String, _ bounds: Bounds) -> Form {
        let unit = Unit(unit)
        let kind = ParameterKind.quantity(unit, bounds)
        return Form(kind, read: { node, value, report in
            guard let quantity = report.quantity(node, kind, unit, example: value) else { return }
            if !quantity.isFinite {
                report.error("must be a finite number, not \(node.words)")
            } else if !bounds.contains(quantity, in: unit) {
                let given = node.text.map { quoted($0) } ?? unit.format(quantity)
                report.error("must be \(bounds.words(in: unit)); \(given) is not")
            } else {
                value = quantity
            }
        }, write: { JSON5(.number($0), comment: unit == .one ? nil : unit.format($0)) })
    }
}

extension Form where Value == Int {
    public static func integer(_ bounds: Bounds) -> Form {
        let kind = ParameterKind.integer(bounds)
        return Form(kind, read: { node, value, report in
            guard let integer = node.integer else { return report.expected(kind, node) }
            if bounds.contains(Double(integer), in: .one) {
                value = integer
            } else {
                report.error("must be \(bounds.words(in: .one)); \(integer) is not")
            }
        }, write: { JSON5($0) })
    }
}

extension Form where Value == Bool {
    public static var flag: Form { Form(.flag, parse: { $0.boolean }, write: { JSON5($0) }) }
}

extension Form where Value == String {
    public static var text: Form { Form(.text, parse: { $0.text }, write: { JSON5($0) }) }

    /// A path; a relative one is taken from the folder of the file that names it and made absolute.
    /// Whether the file exists shows when it is opened.
    public static var file: Form {
        Form(.file, parse: { node in node.text.map { $0.isEmpty ? $0 : absolute(resolve($0, from: node.location)) } }, write: { JSON5($0) })
    }
}

extension Form where Value == JSON5 {
    /// Any value, unread.
    public static var tree: Form { Form(.tree, parse: { $0 }, write: { $0 }) }
}

extension Form where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    public static var choice: Form {
        let names = Value.allCases.map(\.rawValue)
        let kind = ParameterKind.choice(names)
        return Form(kind, read: { node, value, report in
            guard let name = node.text else { return report.expected(kind, node) }
            if let choice = Value(rawValue: name) {
                value = choice
            } else {
                report.error("must be \(kind.expectation())" + "; " + (suggestion(name, names) ?? "\(quoted(name)) is not"))
            }
        }, write: { JSON5($0.rawValue) })
    }
}

extension Form where Value: ParameterGroup {
    public static var group: Form {
        Form(.group(Value.self), read: { node, value, report in value.read(node, &report) }, write: { $0.plain })
    }
}

extension Form {
    /// The value, or null for none.
    public static func optional<Wrapped>(_ form: Form<Wrapped>, initial: Wrapped) -> Form where Value == Wrapped? {
        Form(.optional(form.kind), read: { node, value, report in
            if node.content == .null { return value = nil }
            let errors = report.diagnostics.errorCount
            var wrapped = value ?? initial
            form.read(node, &wrapped, &report)
            if report.diagnostics.errorCount == errors { value = wrapped }
        }, write: { $0.map(form.write) ?? .null })
    }

    /// A list; each element starts from `initial`.
    public static func list<Element>(_ form: Form<Element>, count: ClosedRange<Int> = 0...Int.max, initial: Element) -> Form
    where Value == [Element] {
        let kind = ParameterKind.list(form.kind, count: count)
        return Form(kind, read: { node, value, report in
            guard let nodes = node.elements, count.contains(nodes.count) else { return report.expected(kind, node) }
            value = nodes.enumerated().map { index, node in
                var element = initial
                report.inside("\(index)", at: node.location) { form.read(node, &element, &$0) }
                return element
            }
        }, write: { elements in
            var nodes = elements.map(form.write)
            let comments = nodes.compactMap(\.comment)
            for index in nodes.indices { nodes[index].comment = nil }
            return JSON5(.list(nodes), comment: (1...8).contains(comments.count) ? comments.joined(separator: ", ") : nil)
        })
    }
}

extension Form {
    /// Values by name, `{ Al: 0.2, Zn: 0.8 }`; the form of one value gives bounds and unit. Written in the order of the names.
    public static func map<Element>(_ form: Form<Element>, initial: Element) -> Form where Value == [String: Element] {
        let kind = ParameterKind.map(form.kind)
        return Form(kind, read: { node, value, report in
            guard let members = node.members else { return report.expected(kind, node) }
            value = [:]
            for member in members {
                var element = initial
                report.inside(member.key, at: member.value.location) { form.read(member.value, &element, &$0) }
                value[member.key] = element
            }
        }, write: { values in JSON5(.object(values.sorted { $0.key < $1.key }.map { JSON5.Member($0.key, form.write($0.value)) })) })
    }
}

extension Form where Value == SIMD3<Double> {
    /// Three quantities `[x, y, z]`.
    public static func vector(_ unit: String, _ bounds: Bounds) -> Form {
        let list = Form<[Double]>.list(.quantity(unit, bounds), count: 3...3, initial: .nan)
        return Form(list.kind, read: { node, value, report in
            var components = (0..<3).map { value[$0] }
            list.read(node, &components, &report)
            value = SIMD3(components)
        }, write: { vector in list.write((0..<3).map { vector[$0] }) })
    }
}
