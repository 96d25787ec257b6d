public import RunFiles

/// The figures that every analysis draws, as tables of what goes into which.
public enum RunFigures {
    static func moment(_ time: Double) -> String {
        let unit = DisplayUnit.fitting("s", largest: time)
        return "t = \(Numbers.withoutZeros(Numbers.significant(time * unit.perSI, 4))) \(unit.symbol)"
    }

    /// Up to `most` indices from the first to the last of `count`.
    static func evenly(_ count: Int, upTo most: Int) -> [Int] {
        guard count > most else { return Array(0..<count) }
        return (0..<most).map { ($0 * (count - 1) + (most - 1) / 2) / (most - 1) }
    }

    // MARK: - Maps

    /// A field of the snapshot, or the length of the vector that several make.
    private struct MapStyle {
        enum Range { case values, fraction, signed }

        let names: [String], title: String, label: String, colours: ColourMap, hidesMetal: Bool
        var range = Range.values
        /// Take the mean of each component out: what is left of the magnetic field is the film's.
        var withoutMean = false
    }

    private static let maps: [MapStyle] = [
        .init(names: ["xi"], title: "Metal fraction", label: "ξ", colours: .phase, hidesMetal: false, range: .fraction),
        .init(names: ["c"], title: "Salt concentration", label: "c", colours: .concentration, hidesMetal: true),
        .init(names: ["phi"], title: "Electrolyte potential", label: "φ", colours: .potential, hidesMetal: true),
        .init(names: ["pressure"], title: "Pressure", label: "p", colours: .diverging, hidesMetal: false, range: .signed),
        .init(names: ["von_mises"], title: "Von Mises stress", label: "σ", colours: .potential, hidesMetal: false),
        .init(names: ["u_x", "u_y", "u_z"], title: "Flow speed", label: "|u|", colours: .concentration, hidesMetal: true),
        .init(names: ["B_x", "B_y", "B_z"], title: "Stray field", label: "|B - mean|", colours: .phase, hidesMetal: false, withoutMean: true),
    ]

    /// Maps of the fields of a snapshot; nil when it has none that has a map.
    public static func fields(of snapshot: Snapshot, heading: String) throws(RunFileError) -> FieldMap? {
        let xi = try Samples(cut: snapshot, "xi"), heading = cutHeading(heading, snapshot)
        var panels: [FieldMap.Panel] = []
        for style in maps {
            let present = snapshot.fields.filter { style.names.contains($0.name) }
            guard let unit = present.first?.unit else { continue }
            var parts: [Samples] = []
            for info in present { parts.append(info.name == "xi" ? xi : try Samples(cut: snapshot, info.name)) }
            let field = parts.count == 1 ? parts[0] : length(of: parts, withoutMean: style.withoutMean)
            // A uniform field is no stray field.
            guard let field, let largest = field.values.lazy.map(abs).max() else { continue }
            let range: ClosedRange<Double>? = switch style.range {
            case .values: nil
            case .fraction: 0...1
            case .signed: largest > 0 ? -Double(largest)...Double(largest) : nil
            }
            panels.append(
                .init(
                    field, title: style.title, label: style.label, unit: unit, colours: style.colours, range: range,
                    surface: xi, hidesMetal: style.hidesMetal))
        }
        return panels.isEmpty ? nil : FieldMap(panels, heading: heading, moment: moment(snapshot.time), size: panels.count > 2 ? 340 : 400)
    }

    /// Length of a vector in each cell; nil when all that is left without the mean is rounding.
    private static func length(of parts: [Samples], withoutMean: Bool) -> Samples? {
        let first = parts[0], count = first.values.count
        var squares = [Float](repeating: 0, count: count), whole: Float = 0
        for part in parts {
            let mean = withoutMean ? Float(part.values.reduce(0.0) { $0 + Double($1) } / Double(count)) : 0
            for (n, v) in part.values.enumerated() {
                squares[n] += (v - mean) * (v - mean)
                whole = max(whole, abs(v))
            }
        }
        if withoutMean, (squares.max() ?? 0).squareRoot() <= 1e-6 * whole { return nil }
        return Samples(nx: first.nx, ny: first.ny, dx: first.dx, values: squares.map { $0.squareRoot() })
    }

    /// Says where a three-dimensional run is cut.
    static func cutHeading(_ heading: String, _ snapshot: Snapshot) -> String {
        guard snapshot.grid.nz > 1 else { return heading }
        let z = (Double(snapshot.grid.nz / 2) + 0.5) * snapshot.grid.spacing, unit = DisplayUnit.fitting("m", largest: z)
        return "\(heading) – cut at z = \(Numbers.trimmed(z * unit.perSI, decimals: 2)) \(unit.symbol)"
    }

    static func growth(_ cuts: [(time: Double, xi: Samples)], heading: String) -> FieldMap {
        FieldMap(
            cuts.map { .init($0.xi, title: moment($0.time), label: "ξ", range: 0...1, surface: $0.xi, showsBar: false) }, heading: heading, size: 300)
    }

    static func frame(_ xi: Samples, heading: String, time: Double) -> Drawing {
        if xi.isFlat {
            return FieldMap([.init(xi, title: "", label: "Metal fraction ξ", range: 0...1, surface: xi)], heading: heading, moment: moment(time))
                .drawing()
        }
        var view = Relief(xi, heading: heading, moment: moment(time))
        // The same box and colours in every frame.
        (view.top, view.range) = (xi.height, 0...xi.height)
        return view.drawing()
    }

    // MARK: - Curves over time

    private struct ChartStyle {
        let file: String, title: String, label: String, unit: String, curves: [(column: String, name: String)]
        var counts = false
    }

    private static let overTime: [ChartStyle] = [
        .init(
            file: "heights", title: "Height of the surface", label: "Height", unit: "m",
            curves: [("tip height", "tip"), ("mean height", "mean"), ("valley height", "valley"), ("deposit thickness", "metal per area")]),
        .init(
            file: "roughness", title: "Roughness", label: "Amplitude", unit: "m",
            curves: [("Sa", "Sa"), ("Sq", "Sq"), ("Sz", "Sz"), ("Ra", "Ra"), ("Rq", "Rq"), ("Rz", "Rz")]),
        .init(
            file: "dendrites", title: "Dendrites", label: "Count", unit: "1", curves: [("dendrites", "dendrites"), ("protrusions", "protrusions")],
            counts: true),
        .init(
            file: "shape", title: "Shape of the deposit", label: "Fraction", unit: "1",
            curves: [("porosity", "porosity"), ("overhang", "overhanging surface"), ("dead fraction", "dead metal"), ("hot spots", "hot spots")]),
        .init(file: "area", title: "Surface over footprint", label: "Ratio", unit: "1", curves: [("area ratio", "")]),
        .init(file: "tip", title: "Speed of the tip", label: "Velocity", unit: "m/s", curves: [("tip velocity", "")]),
    ]

    static func charts(of table: MetricsTable, events: [LineChart.Event]) -> [(String, LineChart)] {
        charts(overTime, events: events) { table[$0] }
    }

    private static let ofSeries: [ChartStyle] = [
        .init(file: "voltage", title: "Cell voltage", label: "Voltage", unit: "V", curves: [("phi_s", "")]),
        .init(file: "current", title: "Current density", label: "Current density", unit: "A/m2", curves: [("current density", "")]),
        .init(file: "time-step", title: "Time step", label: "dt", unit: "s", curves: [("dt", "")]),
    ]

    static func charts(of series: SeriesTable, _ cycles: [Cycle]) -> [(String, LineChart)] {
        var out = charts(ofSeries, events: []) { series[$0] }
        let efficiencies = cycles.compactMap(\.coulombicEfficiency), reservoir = cycles.compactMap(\.reservoirEfficiency)
        if efficiencies.count > 1 {
            func curve(_ name: String, _ values: [Double]) -> LineChart.Series {
                .init(name, x: values.indices.map { Double($0 + 1) }, y: values, style: .linePoints)
            }
            let stripped = curve(reservoir.isEmpty ? "" : "stripped", efficiencies)
            out.append(
                (
                    "efficiency",
                    LineChart(
                        title: "Share of the plated charge in each cycle", x: .init("Cycle", whole: true), y: .init("Coulombic efficiency"),
                        series: reservoir.isEmpty ? [stripped] : [stripped, curve("stripped or still to be (reservoir)", reservoir)])
                ))
        }
        return out
    }

    /// The cycles that the run booked in cycles.csv; without it, those that the current of its series shows.
    static func cycles(of folder: String, _ series: SeriesTable?) -> [Cycle] {
        if let table = try? SeriesTable(folder + "/cycles.csv"), let time = table["time"], let plated = table["plated"],
            let stripped = table["stripped"]
        {
            let corroded = table["corroded"], dead = table["dead metal"]
            return time.indices.map { n in
                Cycle(plated: plated[n], stripped: stripped[n], start: n > 0 ? time[n - 1] : 0, end: time[n], corroded: corroded?[n], dead: dead?[n])
            }
        }
        guard let time = series?["time"], let current = series?["current density"] else { return [] }
        return Cycle.cycles(time: time, current: current)
    }

    private static func charts(_ styles: [ChartStyle], events: [LineChart.Event], _ column: (String) -> [Double]?) -> [(String, LineChart)] {
        guard let time = column("time"), time.count > 1 else { return [] }
        return styles.compactMap { style in
            let curves = style.curves.compactMap { curve in
                column(curve.column).flatMap { y in
                    y.contains { $0.isFinite } ? LineChart.Series(curve.name, x: time, y: y, style: time.count > 40 ? .line : .linePoints) : nil
                }
            }
            guard !curves.isEmpty else { return nil }
            let chart = LineChart(
                title: style.title, x: .init("Time", unit: "s"), y: .init(style.label, unit: style.unit, whole: style.counts),
                series: curves, events: events)
            return (style.file, chart)
        }
    }

    static func spectra(_ spectra: [(time: Double, curve: SurfaceSpectrum.Curve)]) -> LineChart? {
        let shown = spectra.filter { $0.curve.wavenumbers.count > 3 && $0.curve.density.contains { $0 > 0 } }
        guard let first = shown.first else { return nil }
        return LineChart(
            title: "Power spectral density of the surface", x: .init("Wavenumber q", unit: "1/m", logarithmic: true),
            y: .init("C(q)", unit: first.curve.isProfile ? "m3" : "m4", logarithmic: true, range: range(shown.map(\.curve))),
            series: shown.map { .init(moment($0.time), x: $0.curve.wavenumbers, y: $0.curve.density) })
    }

    /// Twelve decades at most: below that is rounding.
    private static func range(_ spectra: [SurfaceSpectrum.Curve]) -> ClosedRange<Double>? {
        guard let high = spectra.flatMap(\.density).max(), high > 0 else { return nil }
        let low = spectra.flatMap(\.density).filter { $0 > high * 1e-12 }.min() ?? high * 1e-12
        return (low / 2)...(high * 2)
    }
}
