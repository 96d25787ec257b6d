public import Grids

/// What a run books besides the simulation's own state.
public final class RunLedger: Stateful {
    /// Length of the last step, s.
    public private(set) var lastStep = 0.0
    /// Electrical work done on the cell per unit of electrode area, J/m^2: the integral of -phi_s i.
    public private(set) var work = 0.0
    private var power = 0.0
    /// Step of the last save; -1 before the first.
    public internal(set) var savedStep = -1

    /// - Parameter power: -phi_s i at the end of the step, W/m^2.
    func book(step: Double, power new: Double) {
        lastStep = step
        work += 0.5 * step * (power + new)
        power = new
    }

    public init() {}

    public var state: [StateItem] {
        [
            .number(name: "ledger.savedStep", get: { Double(self.savedStep) }, set: { self.savedStep = Int($0) }),
            .number(name: "ledger.lastStep", get: { self.lastStep }, set: { self.lastStep = $0 }),
            .number(name: "ledger.work", get: { self.work }, set: { self.work = $0 }),
            .number(name: "ledger.power", get: { self.power }, set: { self.power = $0 }),
        ]
    }
}
