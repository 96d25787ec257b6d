import Electrodeposition
import Glibc
import Grids
import Morphology
import RunFiles
import Spectral

extension SinglePotentialSimulation: RunModel {
    convenience init(_ settings: RunSettings, on device: Device) throws {
        try self.init(settings.simulation, settings.singlePotential, on: device)
    }

    static var precision: String { "Double" }
    var planningTime: Double { 0 }
    var startTip: Double { settings.initial.thickness ?? 20e-6 }
    var netCharge: Double { charge }
    var stage: Int { 0 }
    var currentDensity: Double { depositionCurrent }
    var metalPotential: Double { settings.control.potential }
    func time(ofCharge wanted: Double) -> Double {
        depositionCurrent != 0 && (wanted - charge) / depositionCurrent >= 0 ? time + (wanted - charge) / depositionCurrent : .infinity
    }

    private var gap: Double { max(settings.end.gap, 4 * model.halfWidth) }

    func ending(tip: Double) -> String? {
        if let limit = settings.end.time, OutputSchedule.isReached(time, limit) { return "end.time reached: \(Readable.quantity(limit, "s"))" }
        let left = Double(grid.ny) * grid.spacing - tip
        return steps > 0 && left <= gap * (1 + 1e-9) ? "short circuit: the tip is \(Readable.quantity(left, "m")) from the counter electrode" : nil
    }

    func fraction(tip: Double, startTip: Double) -> Double {
        let span = Double(grid.ny) * grid.spacing - gap - startTip
        return min(1, max(0, max(settings.end.time.map { time / $0 } ?? 0, span > 0 ? (tip - startTip) / span : 0)))
    }

    func endTime() -> Double { settings.end.time ?? .infinity }

    func outputFields(_ name: OutputSettings.FieldName) -> [OutputField] {
        let nx = grid.nx
        switch name {
        case .xi: return [OutputField("xi", unit: "1", longName: "metal fraction", field: phase)]
        case .c: return [OutputField("c", unit: "mol/m^3", longName: "salt concentration") { row, values in
            for i in 0..<nx { values[i] = self.concentration(row: row, i) }
        }]
        case .phi: return [OutputField("phi", unit: "V", longName: "potential", field: potential)]
        default: return []
        }
    }

    func table(_ ledger: RunLedger) throws -> RunTable {
        let surface = try SurfaceMetrics(Samples(phase), detail: .brief)
        let shape = surface.values.map { ($0.name == "dead thickness" ? "dead lithium" : $0.name, $0.unit, $0.value) }
        return RunTable([
            ("time", "s", time), ("step", "1", Double(steps)), ("dt", "s", ledger.lastStep), ("capacity", "C/m^2", charge),
                ("current density", "A/m^2", depositionCurrent), ("upper current density", "A/m^2", upperCurrent),
                ("lower current density", "A/m^2", lowerCurrent),
            ("phi_s", "V", metalPotential),
        ] + shape + [
            ("metal", "m", metalThickness), ("electrical work", "J/m^2", ledger.work), ("passes", "1", Double(passes)),
            ("salt iterations", "1", Double(iterations.salt)), ("charge iterations", "1", Double(iterations.charge)),
            ("rejected steps", "1", Double(rejected)),
        ])
    }
}
