public import Electrodeposition
public import Parameters

/// What can be said about a coating without a simulation, from what is known about it. What is not known is listed as missing.
public struct ScreeningCard: Sendable {
    /// Under which conditions a card is written. SI.
    public struct Conditions: Sendable {
        public var currentDensity = 10.0
        public var temperature = 298.15
        public var corrosionFactor = CorrosionPenalty.fittedFactor
        public var valence = 1.0
        /// Of the thickness sweep of the transport limit; multiples of the coating's when empty.
        public var thicknesses: [Double] = []

        public init() {}
    }

    /// One line of the card, and what it is in JSON.
    public struct Row: Sendable {
        public let label: String, text: String
        public let members: [JSON5.Member]
    }

    /// Something that cannot be said, and the parameters that it needs.
    public struct Missing: Sendable {
        public let what: String, needs: [String]
    }

    public let name: String
    public let file: String
    public let conditions: Conditions
    public private(set) var rows: [Row] = []
    public private(set) var missing: [Missing] = []
    public private(set) var notes: [String] = []
    /// The coating's values, with what each rests on.
    public let values: [ParameterEntry]

    public init(_ coating: CoatingSettings, file: String = "", conditions: Conditions = Conditions()) {
        name = coating.name.isEmpty ? file : coating.name
        self.file = file
        self.conditions = conditions
        values = coating.values.filter { $0.path != "name" && $0.display != "none" && $0.display != "[]" && $0.display != "0 elements" }
        for screen in ScreeningCard.screens { screen(coating, conditions, &self) }
    }

    mutating func add(_ label: String, _ text: String, _ members: [JSON5.Member]) {
        rows.append(Row(label: label, text: text, members: members))
    }
    mutating func note(_ sentence: String) { notes.append(sentence) }

    /// Notes that something cannot be said, with null under its keys in JSON.
    mutating func lacks(_ what: String, _ keys: [String], _ needed: [(name: String, isKnown: Bool)]) {
        missing.append(Missing(what: what, needs: needed.filter { !$0.isKnown }.map(\.name)))
        rows.append(Row(label: "", text: "", members: keys.map { JSON5.Member($0, .null) }))
    }

    private static let screens: [@Sendable (CoatingSettings, Conditions, inout ScreeningCard) -> Void] = [
        Screens.entropy, Screens.coverage, Screens.resistance, Screens.siteFactor, Screens.transport, Screens.alloy, Screens.wetting,
        Screens.corrosion,
        Screens.stability, Screens.strayField,
    ]
}
