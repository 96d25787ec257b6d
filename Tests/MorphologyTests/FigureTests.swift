import CPlatform
import Foundation
import Morphology
import Testing

/// Every kind of figure is drawn and its file checked; with MORPHOLOGY_FIGURES set to a folder they are also kept, to be looked at.
@Suite struct FigureTests {
    static func keep(_ name: String, _ bytes: [UInt8]) throws {
        guard let folder = ProcessInfo.processInfo.environment["MORPHOLOGY_FIGURES"] else { return }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    @Test func fieldMaps() throws {
        let xi = Surfaces.fingers
        let c = Samples(nx: xi.nx, ny: xi.ny, dx: xi.dx) { _, y, _ in 1000 * (0.2 + 0.8 * y / xi.height) }
        let phi = Samples(nx: xi.nx, ny: xi.ny, dx: xi.dx) { _, y, _ in -0.12 * (1 - y / xi.height) }
        let map = FieldMap([
            .init(xi, title: "Metal fraction", label: "ξ", range: 0...1, surface: xi),
            .init(c, title: "Salt concentration", label: "c", unit: "mol/m3", colours: .concentration, surface: xi, hidesMetal: true),
            .init(phi, title: "Electrolyte potential", label: "φ", unit: "V", colours: .potential, surface: xi, hidesMetal: true),
        ], heading: "Bare lithium, 5 mA/cm²", moment: "t = 120 s")
        let png = map.png()
        try Self.keep("field-map.png", png)
        try Self.keep("field-map-dark.png", map.png(dark: true))
    }

    @Test func flatCurves() {
        let chart = LineChart(title: "Efficiency", x: .init("Cycle"), y: .init("Efficiency"), series: [.init("", x: [1, 2, 3], y: [1, 1 - 1e-6, 1])])
        let svg = chart.svg()
        #expect(svg.contains("aria-label=\"1.000") && svg.contains("aria-label=\"0.999") && !svg.contains("aria-label=\"0.9999"))
        let small = LineChart(title: "Efficiency", x: .init("Cycle"), y: .init("Efficiency"), series: [.init("", x: [1, 2], y: [0.9803, 0.9814])])
        #expect(small.svg().contains("aria-label=\"0.98100"))
    }

    @Test func lineCharts() throws {
        let t = (0...60).map { Double($0) * 10 }
        let mean = t.map { 1e-6 * ($0 / 600) * ($0 / 600) * 4 + 2e-7 }
        let chart = LineChart(title: "Roughness", x: .init("Time", unit: "s"), y: .init("Sq", unit: "m"), series: [
            .init("Bare lithium", x: t, y: mean, band: (mean.map { $0 * 0.8 }, mean.map { $0 * 1.25 })),
            .init("28 nm coating", x: t, y: mean.map { $0 * 0.4 }, band: (mean.map { $0 * 0.3 }, mean.map { $0 * 0.5 })),
            .init("Theory", x: t, y: mean.map { $0 * 0.42 }, style: .dashed),
                .init(
                    "Measured", x: stride(from: 0, to: 61, by: 6).map { t[$0] }, y: stride(from: 0, to: 61, by: 6).map { mean[$0] * 1.1 },
                    style: .points),
        ], events: [.init(x: 222, label: "first dendrite"), .init(x: 560, label: "short circuit")])
        try Self.keep("lines.svg", Array(chart.svg().utf8))
        try Self.keep("lines.png", chart.png())
        try Self.keep("lines-dark.png", chart.drawing().png(dark: true))
        let q = (1...200).map { Double($0) * 2e4 }
        let log = LineChart(title: "Power spectral density", x: .init("Wavenumber q", unit: "1/m", logarithmic: true),
                            y: .init("C(q)", unit: "m4", logarithmic: true),
                            series: [.init("spectrum", x: q, y: q.map { 1e-14 * pow($0 / 2e4, -3.6) }),
                                     .init("fit, H = 0.80 ± 0.02", x: [4e4, 2e6], y: [4e4, 2e6].map { 1e-14 * pow($0 / 2e4, -3.6) }, style: .dashed)])
        try Self.keep("spectrum.png", log.png())
    }

    @Test func reliefs() throws {
        let view = Relief(Surfaces.forest, heading: "Bare lithium, 5 mA/cm²", moment: "t = 120 s")
        try Self.keep("relief.png", view.png())
        try Self.keep("relief-flat.png", Relief(Surfaces.fingers, heading: "A two-dimensional run").png())
        try Self.keep("relief-dark.png", view.png(dark: true))
    }

    @Test func lettering() throws {
        var d = Drawing(width: 760, height: 330)
        for (n, line) in ["ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789 .,:;!?'\"`-–−+±×·=≈~<>≤≥", "/\\|()[]{}%*^_#$&@ µ ° ξφηθαβγδκλσωΔΩ→∞∂",
                                 "Current density (mA/cm²), 1.25×10⁻⁷ m³, i₀ = 30 A·m⁻²", "The quick brown fox jumps over the lazy dog"].enumerated() {
            d.text(line, at: Point(14, 40 + 46 * Double(n)), size: n < 4 ? 26 : 20)
        }
        d.text("Same at tick size: Salt concentration (mol/L), ξ = 0.5", at: Point(14, 310), size: Theme.tickSize)
        try Self.keep("lettering.png", d.png())
        var maps = Drawing(width: 600, height: 220)
        for (n, m) in [ColourMap.phase, .concentration, .potential, .diverging].enumerated() {
            var r = Raster(width: 256, height: 1)
            for i in 0..<256 { r[i, 0] = m.colours[i] }
            maps.image(r, x: 120, y: 14 + 50 * Double(n), width: 460, height: 36)
            maps.text(m.name, at: Point(14, 36 + 50 * Double(n)))
        }
        try Self.keep("colour-maps.png", maps.png())
    }
}
