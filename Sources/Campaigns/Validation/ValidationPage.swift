import Morphology
import RunFiles
import StandardProblems

/// The files of a case: curves and tables as CSV and Markdown, figures as SVG and PNG, and one page that holds all of it.
enum ValidationPage {
    static func write(_ outcome: ValidationOutcome, _ extent: ValidationExtent, cores: Int, folder: String) throws {
        try DiskFile.makeFolder(folder)
        let result = outcome.result
        for curve in result.curves { try DiskFile.replace("\(folder)/\(curve.name).csv", with: curve.csv) }
        try DiskFile.replace(folder + "/table.csv", with: ValidationTable.csv([outcome]))
        try DiskFile.replace(folder + "/table.md", with: ValidationTable.markdown([outcome]))
        if !result.costs.isEmpty { try DiskFile.replace(folder + "/costs.csv", with: ValidationTable.costCSV(result.costs)) }
        let record = ValidationRecord(outcome, extent, threads: cores)
        try DiskFile.replace("\(folder)/\(ValidationRecord.fileName)", with: JSONText.encode(record, pretty: true))

        var page = HTML(title: outcome.name + " – dendrite")
        page.heading(outcome.name, level: 1)
        page.paragraph(outcome.title)
        page.paragraph(summary(outcome, extent, cores: cores), kind: "muted")
        page.table(head: Array(ValidationTable.head.dropFirst()), ValidationTable.rows(outcome).map { Array($0.dropFirst()) })
        let charts = (result.figures.isEmpty ? result.curves.flatMap(figures) : result.figures).map { ($0.name, chart($0)) }
        if !charts.isEmpty || !result.maps.isEmpty {
            page.heading("Figures")
            page.beginFigures()
            for (name, chart) in charts {
                let svg = chart.svg()
                try DiskFile.replace("\(folder)/\(name).svg", with: svg)
                page.figure(svg: svg)
            }
            for map in result.maps {
                let samples = Samples(nx: map.nx, ny: map.ny, dx: map.spacing, values: map.values)
                let png = FieldMap([.init(samples, title: map.title, label: map.label, unit: map.unit)]).png()
                try DiskFile.replace("\(folder)/\(map.name).png", with: png)
                page.figure(png: png, alternative: map.title)
            }
            page.endFigures()
        }
        if !result.costs.isEmpty {
            page.heading("Cost")
            page.paragraph("Wall time without planning. Pairs: processor time of the calling thread over that of one FFTW r2c + c2r pair "
                + "of the same grid, timed in the same process on one thread.", kind: "muted")
            page.table(head: ValidationTable.costHead, ValidationTable.costRows(result.costs))
        }
        page.heading("Source")
        page.paragraph(outcome.source)
        try DiskFile.replace(folder + "/index.html", with: page.text)
    }

    static func writeSummary(_ outcomes: [ValidationOutcome], _ extent: ValidationExtent, cores: Int, folder: String) throws {
        try DiskFile.makeFolder(folder)
        try DiskFile.replace(folder + "/table.csv", with: ValidationTable.csv(outcomes))
        try DiskFile.replace(folder + "/table.md", with: ValidationTable.markdown(outcomes))
        try DiskFile.replace(folder + "/validation.md", with: ValidationRecord.markdown(ValidationRecord.all(in: folder)))
        var page = HTML(title: "Validation – dendrite")
        page.heading("Validation", level: 1)
        let failed = outcomes.filter { !$0.passed }
        let verdict = failed.isEmpty ? "all passed" : "\(failed.count) failed, \(failed.map(\.name).joined(separator: ", "))"
        page.paragraph("\(outcomes.count) cases, \(extent.rawValue): \(verdict). "
            + "\(Readable.duration(outcomes.reduce(0) { $0 + $1.seconds })) on \(cores) cores of \(Machine.processor).", kind: "muted")
        page.table(head: ValidationTable.head, outcomes.flatMap(ValidationTable.rows))
        page.heading("Cases")
        page.table(head: ["case", "problem", "wall time"], outcomes.map { [$0.name, $0.title, Readable.duration($0.seconds)] })
        try DiskFile.replace(folder + "/index.html", with: page.text)
    }

    private static func summary(_ outcome: ValidationOutcome, _ extent: ValidationExtent, cores: Int) -> String {
        "\(outcome.passed ? "passed" : "failed"), \(extent.rawValue) extent, \(Readable.significant(outcome.seconds, 3)) s on \(cores) "
            + "\(cores == 1 ? "core" : "cores") of \(Machine.processor), version \(Program.version)"
    }

    /// A curve as it is: every column over the first; two columns named x and y are points in the plane.
    private static func figures(_ curve: Curve) -> [Figure] {
        guard curve.rows.count > 1 else { return [] }
        func name(_ column: String) -> String { column.replacing("_", with: " ") }
        let isContour = curve.columns == ["x", "y"]
        return curve.columns.indices.dropFirst().map { n in
            Figure(curve.columns.count > 2 ? "\(curve.name)_\(curve.columns[n])" : curve.name,
                   title: curve.columns.count > 2 ? "\(name(curve.name)): \(name(curve.columns[n]))" : name(curve.name),
                   x: .init(name(curve.columns[0])), y: .init(name(curve.columns[n])),
                   series: [.init("", curve.rows.map { ($0[0], $0[n]) }, isContour ? .points : .line)])
        }
    }

    private static func chart(_ figure: Figure) -> LineChart {
        LineChart(title: figure.title, x: .init(figure.x.label, unit: figure.x.unit, logarithmic: figure.x.isLogarithmic),
                  y: .init(figure.y.label, unit: figure.y.unit, logarithmic: figure.y.isLogarithmic),
                  series: figure.series.map { s in
                      .init(s.name, x: s.points.map(\.x), y: s.points.map(\.y),
                            style: s.style == .line ? .line : s.style == .dashed ? .dashed : .points)
                  })
    }
}
