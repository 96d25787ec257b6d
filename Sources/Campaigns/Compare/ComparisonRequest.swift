/// What the user asks of a comparison.
public struct ComparisonRequest: Sendable {
    /// Coatings by name or file, inputs, run folders; the first is the reference.
    public var designs: [String]
    /// Name of Inputs/protocols, or an input file; nil: every input goes its own way, and coatings plate for half an hour.
    public var protocolName: String?
    /// Name of Inputs/cells, or a file.
    public var cell: String?
    /// Heterogeneities 1 ... seeds, the same ones for every design.
    public var seeds = 5
    /// Nil: Outputs/compare-<protocol>.
    public var folder: String?
    public var overrides: [String] = []
    /// Runs at the same time; nil: one per core.
    public var jobs: Int?
    /// Threads of each run.
    public var threads = 1
    /// Name of the measure that ranks; nil: the one that the protocol is about.
    public var ranking: String?
    /// Root mean square roughness that is seen as a dendrite, m.
    public var visibleRoughness = 0.3e-6

    public init(designs: [String]) { self.designs = designs }

    /// Time of the earlier roughness, s.
    public var moment: Double?

    static let defaultProtocol = "plate-30min"
}

/// What a comparison tells while it goes on.
public enum ComparisonEvent: Sendable {
    case note(String)
    case finished(run: String, state: String, count: Int, of: Int)
}

/// How a comparison ended.
public struct ComparisonOutcome: Sendable {
    public let folder: String
    /// The ranking, as Markdown.
    public let summary: String
    public let page: String
    /// Sentences about runs that failed or could not be read.
    public let problems: [String]
    /// 0 done, 1 a run failed, 3 stopped early and resumable.
    public let exitCode: Int32
}
