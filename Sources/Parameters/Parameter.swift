/// One declared parameter of a group: name, form, meaning and source. Its default is the initial value of the property.
public struct Parameter<Group: ParameterGroup>: Sendable {
    public typealias Path<Value> = WritableKeyPath<Group, Value> & Sendable

    public let name: String
    public let kind: ParameterKind
    /// One line.
    public let meaning: String
    /// Where the default comes from; empty when it is a choice of this program.
    public let source: String
    /// Whether the input has to give it.
    public private(set) var isRequired = false

    let read: @Sendable (JSON5, inout Group, inout Report) -> Void
    let write: @Sendable (Group) -> JSON5

    /// A parameter of any form; the other declarations are shorthands of this one.
    public static func value<Value>(
        _ name: String, _ path: Path<Value>, _ form: Form<Value>, _ meaning: String, source: String = ""
    ) -> Parameter {
        Parameter(
            name: name, kind: form.kind, meaning: meaning, source: source,
            read: { node, group, report in form.read(node, &group[keyPath: path], &report) },
            write: { form.write($0[keyPath: path]) })
    }

    /// The same parameter without a default: leaving it out of the input is an error.
    public var required: Parameter {
        var parameter = self
        parameter.isRequired = true
        return parameter
    }

    /// The same parameter as a member of a group that holds this one and gives its parameters without a name of their own.
    public func raised<Outer: ParameterGroup>(to path: Parameter<Outer>.Path<Group>) -> Parameter<Outer> {
        Parameter<Outer>(
            name: name, kind: kind, meaning: meaning, source: source, isRequired: isRequired,
            read: { node, outer, report in read(node, &outer[keyPath: path], &report) }, write: { write($0[keyPath: path]) })
    }
}

extension Parameter {
    /// A number with a unit. `unit` gives the dimension and the unit of the bounds and of the display; the property holds SI.
    public static func quantity(
        _ name: String, _ path: Path<Double>, _ unit: String, _ bounds: Bounds, _ meaning: String, source: String = ""
    ) -> Parameter { .value(name, path, .quantity(unit, bounds), meaning, source: source) }

    public static func optionalQuantity(
        _ name: String, _ path: Path<Double?>, _ unit: String, _ bounds: Bounds, _ meaning: String, source: String = ""
    ) -> Parameter { .value(name, path, .optional(.quantity(unit, bounds), initial: .nan), meaning, source: source) }

    public static func quantities(
        _ name: String, _ path: Path<[Double]>, _ unit: String, _ bounds: Bounds, count: ClosedRange<Int> = 0...Int.max,
        _ meaning: String, source: String = ""
    ) -> Parameter { .value(name, path, .list(.quantity(unit, bounds), count: count, initial: .nan), meaning, source: source) }

    /// Three quantities `[x, y, z]`.
    public static func vector(
        _ name: String, _ path: Path<SIMD3<Double>>, _ unit: String, _ bounds: Bounds, _ meaning: String, source: String = ""
    ) -> Parameter { .value(name, path, .vector(unit, bounds), meaning, source: source) }

    /// Quantities by name, `{ Al: 0.2, Zn: 0.8 }`.
    public static func quantityMap(
        _ name: String, _ path: Path<[String: Double]>, _ unit: String, _ bounds: Bounds, _ meaning: String, source: String = ""
    ) -> Parameter { .value(name, path, .map(.quantity(unit, bounds), initial: .nan), meaning, source: source) }

    public static func integer(
        _ name: String, _ path: Path<Int>, _ bounds: Bounds, _ meaning: String, source: String = ""
    ) -> Parameter { .value(name, path, .integer(bounds), meaning, source: source) }

    public static func optionalInteger(
        _ name: String, _ path: Path<Int?>, _ bounds: Bounds, _ meaning: String, source: String = ""
    ) -> Parameter { .value(name, path, .optional(.integer(bounds), initial: 0), meaning, source: source) }

    public static func integers(
        _ name: String, _ path: Path<[Int]>, _ bounds: Bounds, count: ClosedRange<Int> = 0...Int.max, _ meaning: String, source: String = ""
    ) -> Parameter { .value(name, path, .list(.integer(bounds), count: count, initial: 0), meaning, source: source) }

    public static func flag(_ name: String, _ path: Path<Bool>, _ meaning: String, source: String = "") -> Parameter {
        .value(name, path, .flag, meaning, source: source)
    }

    public static func text(_ name: String, _ path: Path<String>, _ meaning: String, source: String = "") -> Parameter {
        .value(name, path, .text, meaning, source: source)
    }

    public static func optionalText(_ name: String, _ path: Path<String?>, _ meaning: String, source: String = "") -> Parameter {
        .value(name, path, .optional(.text, initial: ""), meaning, source: source)
    }

    public static func texts(
        _ name: String, _ path: Path<[String]>, count: ClosedRange<Int> = 0...Int.max, _ meaning: String, source: String = ""
    ) -> Parameter { .value(name, path, .list(.text, count: count, initial: ""), meaning, source: source) }

    /// The path of a file, null for none; a relative one is taken from the folder of the input file that names it and made absolute.
    public static func optionalFile(_ name: String, _ path: Path<String?>, _ meaning: String, source: String = "") -> Parameter {
        .value(name, path, .optional(.file, initial: ""), meaning, source: source)
    }

    public static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ path: Path<Choice>, _ meaning: String, source: String = ""
    ) -> Parameter where Choice.RawValue == String { .value(name, path, .choice, meaning, source: source) }

    /// A nested group, described by its own declarations.
    public static func group<Nested: ParameterGroup>(_ name: String, _ path: Path<Nested>) -> Parameter {
        .value(name, path, .group, Nested.summary)
    }

    /// A nested group that is absent unless the input gives it; null removes it.
    public static func optionalGroup<Nested: ParameterGroup>(_ name: String, _ path: Path<Nested?>) -> Parameter {
        .value(name, path, .optional(.group, initial: Nested()), Nested.summary)
    }

    /// A list of groups, such as the steps of a protocol.
    public static func list<Element: ParameterGroup>(
        _ name: String, _ path: Path<[Element]>, count: ClosedRange<Int> = 0...Int.max, _ meaning: String
    ) -> Parameter { .value(name, path, .list(.group, count: count, initial: Element()), meaning) }
}
