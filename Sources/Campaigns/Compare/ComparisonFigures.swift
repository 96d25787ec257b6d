import Glibc
import Morphology
import RunFiles

/// The figures of a comparison: surfaces side by side, and curves with their spread over the seeds.
struct ComparisonFigures {
    let results: ComparisonResults
    /// Folder of one run per design, all of the same seed; nil where there is none.
    let examples: [String?]
    let seed: Int

    /// Curves of the mean, with a band of one standard deviation.
    var charts: [(file: String, chart: LineChart)] {
        let roughness = chart("Roughness", "Capacity passed", "C/m2", "Root mean square roughness", "m", x: \.passed, y: \.roughness)
        let voltage = chart("Potential of the metal", "Time", "s", "phi_s", "V", x: \.voltage.time, y: \.voltage.potential)
        let perCharge = 1 / 36_000.0
        let efficiency = perCycle("Coulombic efficiency of each cycle, against a reservoir", "Efficiency (%)") { table in
            (table["reservoir efficiency"] ?? []).map { 100 * $0 }
        }
        let dead = perCycle("Dead lithium after each cycle", "Charge of the dead lithium (mAh/cm²)") { table in
            var sum = 0.0
            return (table["dead metal"] ?? []).map { value in
                sum += value
                return sum * perCharge
            }
        }
        return [("roughness", roughness), ("voltage", voltage), ("efficiency", efficiency), ("dead-lithium", dead), ("profiles", profiles)]
            .compactMap { name, chart in chart.map { (name, $0) } }
    }

    /// A value of each cycle of the protocol, over the runs that came so far; nil when every one is 0.
    private func perCycle(_ title: String, _ label: String, _ values: (SeriesTable) -> [Double]) -> LineChart? {
        var hasSome = false
        let curves = results.titles.indices.compactMap { design -> LineChart.Series? in
            let runs = results.runs[design].compactMap { $0.measures.cycles.map(values) }
            let spreads = (0..<(runs.map(\.count).max() ?? 0)).map { n in Spread(runs.compactMap { n < $0.count ? $0[n] : nil }) }
            guard spreads.count > 1 else { return nil }
            if spreads.contains(where: { $0.mean != 0 }) { hasSome = true }
            let isBand = spreads.allSatisfy { $0.count > 1 }
            let band = isBand ? (lower: spreads.map { $0.mean - $0.deviation }, upper: spreads.map { $0.mean + $0.deviation }) : nil
            let cycles = spreads.indices.map { Double($0 + 1) }
            return .init(results.titles[design], x: cycles, y: spreads.map(\.mean), style: .linePoints, band: band, colour: design)
        }
        return hasSome ? LineChart(title: title, x: .init("Cycle", whole: true), y: .init(label), series: curves) : nil
    }

    private func chart(_ title: String, _ xLabel: String, _ xUnit: String, _ yLabel: String, _ yUnit: String,
                       x: KeyPath<RunMeasures, [Double]>, y: KeyPath<RunMeasures, [Double]>) -> LineChart? {
        let charge = xUnit == "C/m2" ? 1 / 36_000.0 : 1.0
        let curves = results.titles.indices.compactMap { design -> LineChart.Series? in
            let runs = results.runs[design].map { (x: $0.measures[keyPath: x].map { $0 * charge }, y: $0.measures[keyPath: y]) }.filter {
                $0.x.count > 1
            }
            guard let end = runs.compactMap({ $0.x.last }).min(), end > 0 else { return nil }
            // The same events fall on different times in different runs: a common axis, linear between saves.
            let points = 400, axis = (0...points).map { end * Double($0) / Double(points) }
            let spreads = axis.map { at in Spread(runs.map { RunMeasures.value($0.x, $0.y, at: at) }) }
            let band = runs.count > 1 ? (lower: spreads.map { $0.mean - $0.deviation }, upper: spreads.map { $0.mean + $0.deviation }) : nil
            return .init(results.titles[design], x: axis, y: spreads.map(\.mean), band: band, colour: design)
        }
        guard !curves.isEmpty else { return nil }
        let unit = xUnit == "C/m2" ? LineChart.Axis(xLabel + " (mAh/cm²)") : .init(xLabel, unit: xUnit)
        let band = results.runs.contains { $0.count > 1 } ? ", mean and standard deviation" : ""
        return LineChart(title: title + band, x: unit, y: .init(yLabel, unit: yUnit), series: curves)
    }

    /// The last surface of one run per design.
    private var lastSurfaces: [(title: String, xi: Samples, map: HeightMap)] {
        zip(results.titles, examples).compactMap { title, folder in
            guard let path = folder.flatMap({ try? RunFolder.snapshots(of: $0).last }), let snapshot = try? Snapshot(path),
                  let xi = try? Samples(snapshot, "xi") else { return nil }
            return (title, xi, HeightMap(xi, connected: Components(of: xi)))
        }
    }

    /// Height over x of two-dimensional runs.
    private var profiles: LineChart? {
        let surfaces = lastSurfaces
        guard !surfaces.isEmpty, surfaces.allSatisfy({ $0.map.isProfile }) else { return nil }
        let curves = surfaces.map { surface in
            let x = surface.map.heights.indices.map { (Double($0) + 0.5) * surface.map.dx }
            return LineChart.Series(surface.title, x: x, y: surface.map.heights, colour: results.titles.firstIndex(of: surface.title))
        }
        return LineChart(title: "Surfaces at the end" + (seed > 0 ? ", seed \(seed)" : ""), x: .init("x", unit: "m"),
                         y: .init("Height", unit: "m"), series: curves)
    }

    /// Maps side by side: the metal of two-dimensional runs up to the highest tip, the height of three-dimensional ones.
    var maps: FieldMap? {
        let surfaces = lastSurfaces
        guard let highest = surfaces.map({ $0.map.highest }).max(), let lowest = surfaces.map({ $0.map.lowest }).min() else { return nil }
        let areFlat = surfaces.allSatisfy { $0.map.isProfile }
        let panels = surfaces.map { surface -> FieldMap.Panel in
            if areFlat {
                let rows = min(surface.xi.ny, Int((highest / surface.xi.dx * 1.3).rounded(.up)) + 2)
                let top = Samples(nx: surface.xi.nx, ny: rows, dx: surface.xi.dx,
                                  values: Array(surface.xi.values.prefix(rows * surface.xi.nx)))
                return .init(top, title: surface.title, label: "ξ", range: 0...1, surface: top, showsBar: false)
            }
            let map = Samples(nx: surface.map.nx, ny: surface.map.nz, dx: surface.map.dx, values: surface.map.heights.map { Float($0) })
            return .init(map, title: surface.title, label: "height", unit: "m", range: lowest...max(highest, lowest.nextUp))
        }
        let heading = areFlat ? "Metal at the end" : "Height of the surface at the end"
        return FieldMap(panels, heading: heading, moment: seed > 0 ? "seed \(seed)" : "", horizontal: "x", vertical: areFlat ? "y" : "z",
                        size: areFlat ? 640 : 300)
    }
}
