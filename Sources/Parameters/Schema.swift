extension ParameterGroup {
    /// JSON Schema (draft 2020-12) of input files; quantities are numbers in SI or texts with a unit.
    public static var schema: JSON5 {
        var members: [JSON5.Member] = [.init("$schema", "https://json-schema.org/draft/2020-12/schema"), .init("title", JSON5(summary))]
        members += schemaMembers(defaults: Self().plain, around: []) + [.init("$defs", ["stated": stated])]
        return JSON5(.object(members))
    }

    /// A value with what it rests on; the value itself is not described again.
    private static var stated: JSON5 {
        let basis = JSON5(.list(Evidence.Basis.allCases.map { JSON5($0.rawValue) }))
        return [
            "type": "object", "properties": ["value": [:], "basis": ["enum": basis], "source": ["type": "string"]], "required": ["value"],
            "additionalProperties": false,
        ]
    }

    fileprivate static func schemaMembers(defaults: JSON5, around: [any ParameterGroup.Type]) -> [JSON5.Member] {
        // A group inside itself (steps of steps) is described once.
        if around.contains(where: { $0 == Self.self }) { return [.init("type", "object")] }
        let include: JSON5 = [
            "description": "Input files merged under this object", "type": ["string", "array"], "items": ["type": "string"],
        ]
        let properties = parameters.map { parameter in
            let value = defaults[parameter.name] ?? .null
            var members: [JSON5.Member] = [.init("description", JSON5(parameter.meaning))]
            let own = parameter.kind.schemaMembers(value, around: around + [Self.self])
            members += parameter.kind.canBeStated ? [.init("anyOf", [JSON5(.object(own)), ["$ref": "#/$defs/stated"]])] : own
            if !parameter.isRequired, parameter.kind.hasDefault { members.append(.init("default", value)) }
            return JSON5.Member(parameter.name, JSON5(.object(members)))
        }
        let required = parameters.filter(\.isRequired).map { JSON5($0.name) }
        return [
            .init("type", "object"), .init("properties", JSON5(.object(properties + [.init("include", include)]))),
            .init("additionalProperties", false),
        ] + (required.isEmpty ? [] : [.init("required", JSON5(.list(required)))])
    }
}

extension ParameterKind {
    fileprivate var hasDefault: Bool { if case .group = self { false } else { true } }

    fileprivate func schemaMembers(_ value: JSON5, around: [any ParameterGroup.Type]) -> [JSON5.Member] {
        switch self {
        case .quantity(let unit, let bounds):
            return [.init("type", ["number", "string"])] + Self.schemaMembers(bounds, unit) + [.init("unit", JSON5(unit.description))]
        case .integer(let bounds): return [.init("type", "integer")] + Self.schemaMembers(bounds, .one)
        case .flag: return [.init("type", "boolean")]
        case .text, .file: return [.init("type", "string")]
        case .choice(let choices): return [.init("enum", JSON5(.list(choices.map { JSON5($0) })))]
        case .optional(let kind):
            return [.init("anyOf", [JSON5(.object(kind.schemaMembers(kind.template(value), around: around))), ["type": "null"]])]
        case .list(let kind, let count):
            let items = JSON5(.object(kind.schemaMembers(kind.template(.null), around: around)))
            return [.init("type", "array"), .init("items", items)]
                + (count.lowerBound > 0 ? [.init("minItems", JSON5(count.lowerBound))] : [])
                + (count.upperBound < .max ? [.init("maxItems", JSON5(count.upperBound))] : [])
        case .map(let kind):
            return [.init("type", "object"), .init("additionalProperties", JSON5(.object(kind.schemaMembers(.null, around: around))))]
        case .group(let type): return type.schemaMembers(defaults: value, around: around)
        case .tree: return []
        }
    }

    /// The values that the members of a group have when the input gives the group.
    private func template(_ value: JSON5) -> JSON5 {
        if case .group(let type) = self, value == .null { type.init().plain } else { value }
    }

    private static func schemaMembers(_ bounds: Bounds, _ unit: Unit) -> [JSON5.Member] {
        func limit(_ number: Double, _ key: String) -> [JSON5.Member] { number.isFinite ? [.init(key, JSON5(unit.toSI(number)))] : [] }
        return limit(bounds.lower, bounds.includesLower ? "minimum" : "exclusiveMinimum")
            + limit(bounds.upper, bounds.includesUpper ? "maximum" : "exclusiveMaximum")
    }
}
