import Electrodeposition
import Glibc
import Grids
import RunFiles
import Spectral

/// What `RunDriver` needs of a model: it steps, has a state to keep, and says what there is to write.
protocol RunModel: Stateful {
    init(_ settings: RunSettings, on device: Device) throws

    /// Floating-point type of the fields.
    static var precision: String { get }
    var grid: Grid { get }
    var time: Double { get }
    var steps: Int { get }
    var rejected: Int { get }
    var planningTime: Double { get }
    var sections: Sections { get }
    func step(until limit: Double) throws

    /// Highest metal, m, now and at the start.
    var tipHeight: Double { get }
    var startTip: Double { get }
    /// Net areal charge, C/m^2, and when it will reach a value; step of the protocol.
    var netCharge: Double { get }
    func time(ofCharge wanted: Double) -> Double
    var stage: Int { get }
    /// A/m^2, V
    var currentDensity: Double { get }
    var metalPotential: Double { get }

    /// Why the run is over, nil while it is not; how much of it has passed; its end as a time, as far as it is known.
    func ending(tip: Double) -> String?
    func fraction(tip: Double, startTip: Double) -> Double
    func endTime() -> Double

    func outputFields(_ name: OutputSettings.FieldName) -> [OutputField]
    func table(_ ledger: RunLedger) throws -> RunTable
    /// Cycles of the protocol that are over, and a row of cycles.csv about the last one; nil where the protocol has none.
    var cyclesPassed: Int { get }
    func cycleTable(_ ledger: RunLedger) -> RunTable?
    /// What the couplings have to say at the end.
    var couplingNotes: [String] { get }
}

extension RunModel {
    var couplingNotes: [String] { [] }
    var cyclesPassed: Int { 0 }
    func cycleTable(_ ledger: RunLedger) -> RunTable? { nil }
}

extension Simulation: RunModel {
    convenience init(_ settings: RunSettings, on device: Device) throws {
        try self.init(settings.simulation, on: device, effort: settings.planning)
    }

    static var precision: String { "\(T.self)" }
    var startTip: Double { settings.slabThickness }
    var netCharge: Double { control.charge }
    var stage: Int { control.stage }
    func time(ofCharge wanted: Double) -> Double { time(ofCharge: wanted, cautiously: false) }
    func table(_ ledger: RunLedger) throws -> RunTable { try RunTable(self, ledger) }
    var cyclesPassed: Int { control.cycle }
    func cycleTable(_ ledger: RunLedger) -> RunTable? { settings.control.hasCycles ? RunTable(lastCycleOf: self, ledger) : nil }
}
