/// What a colour is for. Pictures name roles; the theme gives each role a light and a dark colour.
public enum Paint: Sendable, Hashable {
    case ink, muted, rule, grid, paper, panel
    /// The n-th curve of a chart.
    case series(Int)
    case fixed(Colour)
}

/// The look of every figure, in one place. Lengths are in points (1/96 inch).
public enum Theme {
    public static let titleSize = 14.0, labelSize = 12.0, tickSize = 11.0
    public static let hairline = 0.8, curve = 1.8, tickLength = 4.0, contour = 1.2
    public static let margin = 14.0, gap = 8.0
    /// Stroke of letters as a fraction of their size.
    public static let textWeight = 0.085, boldWeight = 0.118

    /// Light and dark colour of each role. Hues of the curves are spread in OKLCh and alternate in lightness, so they
    /// differ in grey as well; charts add dashes from the seventh on.
    public static func colour(_ paint: Paint, dark: Bool) -> Colour {
        switch paint {
        case .ink: Colour(hex: dark ? 0xE6EDF3 : 0x1F2328)
        case .muted: Colour(hex: dark ? 0x9DA7B3 : 0x59636E)
        case .rule: Colour(hex: dark ? 0x7D8590 : 0x6E7781)
        case .grid: Colour(hex: dark ? 0x2A313A : 0xE4E8EC)
        case .paper: Colour(hex: dark ? 0x0D1117 : 0xFFFFFF)
        case .panel: Colour(hex: dark ? 0x161B22 : 0xF6F8FA)
        case .series(let n): (dark ? darkSeries : lightSeries)[n % lightSeries.count]
        case .fixed(let colour): colour
        }
    }

    /// Lithium in cuts and relief views, copper under it.
    public static let metal = Colour(hex: 0xB9BFC6), metalCut = Colour(hex: 0x8A929B), substrate = Colour(hex: 0xB87A56)

    public static let seriesCount = lightSeries.count
    private static let hues: [(hue: Double, light: Double)] =
        [(255, 0.52), (50, 0.66), (155, 0.55), (350, 0.60), (215, 0.70), (305, 0.46)]
    private static let lightSeries = hues.map { OKLab(l: $0.light, chroma: 0.16, hue: $0.hue).colour }
    private static let darkSeries = hues.map { OKLab(l: $0.light + 0.16, chroma: 0.14, hue: $0.hue).colour }

    /// Style sheet of the SVG figures: the dark colours. The light ones are attributes, which every program that reads SVG understands.
    static func styleSheet(for paints: Set<Paint>) -> String {
        let rules = paints.compactMap { paint in
            name(paint).map { ".figure .\($0)-s{stroke:\(colour(paint, dark: true).hex)}.figure .\($0)-f{fill:\(colour(paint, dark: true).hex)}" }
        }
        return "@media(prefers-color-scheme:dark){" + rules.sorted().joined() + "}"
    }

    /// Attributes of an SVG element that is drawn or filled with a paint.
    static func attributes(stroke paint: Paint) -> String { attributes("stroke", "s", paint) }
    static func attributes(fill paint: Paint) -> String { attributes("fill", "f", paint) }

    private static func attributes(_ property: String, _ suffix: String, _ paint: Paint) -> String {
        "\(property)=\"\(colour(paint, dark: false).hex)\"" + (name(paint).map { " class=\"\($0)-\(suffix)\"" } ?? "")
    }

    private static func name(_ paint: Paint) -> String? {
        switch paint {
        case .ink: "ink"
        case .muted: "muted"
        case .rule: "rule"
        case .grid: "grid"
        case .paper: "paper"
        case .panel: "panel"
        case .series(let n): "series\(n % seriesCount + 1)"
        case .fixed: nil
        }
    }
}
