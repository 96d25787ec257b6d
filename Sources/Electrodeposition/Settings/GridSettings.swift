public import Parameters
public import Grids

/// The computational domain.
public struct GridSettings: ParameterGroup {
    public var size: [Double] = [40e-6, 40e-6]
    public var spacing = 0.2e-6

    public init() {}

    public static let summary = "The box: growth axis y between the electrode (y = 0) and the counter electrode, x (and z) lateral and periodic"
    public static let parameters: [Parameter<Self>] = [
        .quantities("size", \.size, "um", .above(0), count: 2...3, "Edges [x, y] or [x, y, z]; rounded to whole cells"),
        .quantity(
            "spacing", \.spacing, "um", .above(0),
            "Edge dx of a cell; the interface half-width is the working point, 2^a 3^b 5^c cells per edge the fastest"),
    ]

    static let largestCellCount = 2.0e9

    public func validate(_ report: inout Report) {
        let counts = size.map { ($0 / spacing).rounded() }
        for (axis, count) in zip(["x", "y", "z"], counts) where count < 4 {
            report.error("holds \(Int(count)) cells along \(axis) at this spacing; the least is 4", at: "size")
        }
        if counts.reduce(1, *) > GridSettings.largestCellCount {
            report.error(
                "makes \(counts.map { String(Int(min($0, 1e12))) }.joined(separator: " x ")) cells; the most is 2e9: raise the spacing or shrink the box",
                at: "size")
        }
    }

    public var grid: Grid {
        func cells(_ axis: Int) -> Int { Int((size[axis] / spacing).rounded()) }
        return Grid(nx: cells(0), ny: cells(1), nz: size.count == 3 ? cells(2) : 1, spacing: spacing)
    }
}

/// The state at time zero.
public struct InitialState: ParameterGroup {
    public var thickness: Double?
    public var amplitude = 0.0
    public var waves = 1
    public var seedRadius = 0.0

    public init() {}

    public static let summary = "The state at time zero: a slab of metal with a tanh profile in an electrolyte at c0"
    public static let parameters: [Parameter<Self>] = [
        .optionalQuantity(
            "thickness", \.thickness, "um", .atLeast(0), "Height of the metal slab, 0 for a bare substrate; 10 interface half-widths when not given"),
        .quantity("amplitude", \.amplitude, "um", .any, "Amplitude of a cosine perturbation of the surface along x"),
        .integer("waves", \.waves, .between(1, 10_000), "Its number of waves in the box"),
        .quantity(
            "seedRadius", \.seedRadius, "um", .atLeast(0),
            "Radius of a half disc (half sphere) of metal on the middle of the slab's surface; 0 for none"),
    ]
}

/// Time stepping.
public struct TimeSettings: ParameterGroup {
    public var frontStep = 0.2
    public var concentrationTolerance = 1e-3
    public var initialStep: Double?
    public var largestStep = 1e6
    public var fixedStep: Double?
    public var passTolerance = 1e-3
    public var largestPasses = 12
    public var solverTolerance = 1e-8

    /// Residual of the charge solve relative to the reaction. A closer one changes nothing: phi_l, xi and c of the quickstart stay within 2e-8 V, 1e-7 and 2e-6 c0
    /// of those solved to 1e-11, which the salt's tolerance sets, and half the iterations do.
    var chargeTolerance: Double { 1e3 * solverTolerance }

    public init() {}

    public static let summary = "Time stepping: variable-step BDF2 with an error estimate"
    public static let parameters: [Parameter<Self>] = [
        .quantity(
            "frontStep", \.frontStep, "1", .above(0, atMost: 1),
            "Largest front travel per step, in interface half-widths; 0.1 for studies of growth rates"),
        .quantity("concentrationTolerance", \.concentrationTolerance, "1", .above(0), "Largest estimated error of c/c0 per step"),
        .optionalQuantity("initialStep", \.initialStep, "s", .above(0), "First step; found from the front speed when not given"),
        .quantity("largestStep", \.largestStep, "s", .above(0), "Upper bound of the step"),
        .optionalQuantity("fixedStep", \.fixedStep, "s", .above(0), "Constant step instead of an adaptive one, for studies of convergence"),
        .quantity(
            "passTolerance", \.passTolerance, "1", .above(0, below: 1),
            "Relative change of the reaction rate below which the coupled passes of a step end"),
        .integer("largestPasses", \.largestPasses, .between(1, 100), "Passes after which a step is tried again with half its length"),
        .quantity(
            "solverTolerance", \.solverTolerance, "1", .above(0, atMost: 1e-2),
            "Residual of the salt solve, relative to the content; that of the charge solve, relative to the reaction, is a thousand times this"),
    ]
}
