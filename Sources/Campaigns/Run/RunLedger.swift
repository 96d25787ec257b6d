public import Grids

/// What a run books besides the simulation's own state.
public final class RunLedger: Stateful {
    /// Length of the last step, s.
    public private(set) var lastStep = 0.0
    /// Electrical work done on the cell per unit of electrode area, J/m^2: the integral of -phi_s i.
    public private(set) var work = 0.0
    private var power = 0.0
    /// The parts of `work` in plating and in stripping since the present cycle of the protocol began.
    private(set) var cycleWork = (plating: 0.0, stripping: 0.0)
    /// Step of the last save; -1 before the first.
    public internal(set) var savedStep = -1

    /// - Parameters: of the end of the step, current density i in A/m^2 and potential phi_s in V.
    func book(step: Double, current: Double, potential: Double) {
        let new = -potential * current, done = 0.5 * step * (power + new)
        lastStep = step
        work += done
        if current > 0 { cycleWork.plating += done } else { cycleWork.stripping += done }
        power = new
    }

    /// Another cycle begins.
    func beginCycle() { cycleWork = (0, 0) }

    public init() {}

    public var state: [StateItem] {
        [
            .number(name: "ledger.savedStep", get: { Double(self.savedStep) }, set: { self.savedStep = Int($0) }),
            .number(name: "ledger.lastStep", get: { self.lastStep }, set: { self.lastStep = $0 }),
            .number(name: "ledger.work", get: { self.work }, set: { self.work = $0 }),
            .number(name: "ledger.power", get: { self.power }, set: { self.power = $0 }),
            .number(name: "ledger.cycleWork.plating", get: { self.cycleWork.plating }, set: { self.cycleWork.plating = $0 }),
            .number(name: "ledger.cycleWork.stripping", get: { self.cycleWork.stripping }, set: { self.cycleWork.stripping = $0 }),
        ]
    }
}
