import Grids

/// What the cycler asks for at each moment, and the charge that it has passed.
///
/// Plating is positive current. Charges are integrated with the same BDF2 formula as the metal, so that charge and inventory agree to round-off.
public final class Control {
    /// What a step has to reach at its new time.
    public enum Target: Sendable, Equatable {
        case potential(Double)
        /// Mean current density, A/m^2.
        case current(Double)
    }

    private let settings: ControlSettings
    private let stages: [ProtocolStep]
    /// Where cycles begin in the list of stages.
    private let cycleStarts: [Int]
    /// Position in the list of stages, counting repeats.
    public private(set) var stage = 0
    private var stageStart = 0.0
    /// Net areal charge, C/m^2, at t_n and t_(n-1).
    public private(set) var charge = 0.0
    private var pastCharge = 0.0
    private var chargeAtStageStart = 0.0
    /// Charge plated and stripped so far, both positive, C/m^2.
    public private(set) var plated = 0.0, stripped = 0.0

    init(_ settings: ControlSettings) {
        self.settings = settings
        stages = settings.mode == .protocol ? settings.steps : []
        var starts: [Int] = [], hasPlated = false, hasStripped = false
        for (n, step) in stages.enumerated() {
            let direction = step.direction
            if n == 0 || direction > 0 && hasPlated && hasStripped {
                starts.append(n)
                (hasPlated, hasStripped) = (false, false)
            }
            if direction > 0 { hasPlated = true } else if direction < 0 { hasStripped = true }
        }
        cycleStarts = starts
    }

    /// Repeats of the steps that are over.
    private var repeats: Int { stages.isEmpty ? 0 : stage / stages.count }
    /// Cycles that are over: a cycle begins with each repeat, and within one where plating begins again after plating and stripping.
    public var cycle: Int { stages.isEmpty ? 0 : repeats * cycleStarts.count + cycleStarts.count { $0 <= stage % stages.count } - 1 }
    /// Whether a protocol has gone through all its steps.
    public var isFinished: Bool { !stages.isEmpty && stage >= stages.count * settings.repeats }
    private var current: ProtocolStep? { stages.isEmpty || isFinished ? nil : stages[stage % stages.count] }

    /// What holds at `time`, which lies in the present stage.
    func target(at time: Double) -> Target {
        guard let step = current else {
            return settings.mode == .potentiostatic
                ? .potential(settings.potential) : .current(settings.mode == .galvanostatic ? settings.currentDensity : 0)
        }
        switch step.kind {
        case .plate: return .current(step.currentDensity + Double(repeats) * step.increment)
        case .strip: return .current(-step.currentDensity - Double(repeats) * step.increment)
        case .rest: return .current(0)
        case .hold: return .potential(step.potential)
        case .ramp:
            let share = min(max((time - stageStart) / (step.duration ?? 1), 0), 1)
            return .current(step.currentDensity + share * ((step.finalCurrentDensity ?? step.currentDensity) - step.currentDensity))
        }
    }

    /// Longest step from `time` that does not pass the end of the stage; the current is that of the last step (A/m^2).
    func longestStep(from time: Double, current density: Double) -> Double {
        guard let step = current else { return .infinity }
        var longest = Double.infinity
        if let duration = step.duration { longest = stageStart + duration - time }
        if let capacity = step.capacity {
            let left = capacity - abs(charge - chargeAtStageStart)
            let flow: Double = if case .current(let wanted) = target(at: time) { abs(wanted) } else { abs(density) }
            if flow > 0 { longest = min(longest, left / flow) }
        }
        return max(longest, 0)
    }

    /// When the net areal charge (C/m^2) reaches a value, with the current that is held or that of the last step (A/m^2); infinity when it moves
    /// away.
    /// - Parameter cautiously: goes nine tenths of the way while the current is not held, so that a rising one does not overshoot.
    func time(from time: Double, ofCharge wanted: Double, current density: Double, cautiously: Bool) -> Double {
        var flow = density, isHeld = false
        if current?.kind != .ramp, case .current(let held) = target(at: time) { (flow, isHeld) = (held, true) }
        let left = wanted - charge
        guard flow != 0, left / flow > 0 else { return .infinity }
        return time + left / flow * (cautiously && !isHeld && abs(left) > 1e-4 * abs(wanted) ? 0.9 : 1)
    }

    /// Share of the present step of a protocol that has passed, by time or charge.
    func stageShare(at time: Double) -> Double {
        guard let step = current else { return 0 }
        let byTime = step.duration.map { (time - stageStart) / $0 } ?? 0
        let byCharge = step.capacity.map { abs(charge - chargeAtStageStart) / $0 } ?? 0
        return min(1, max(byTime, byCharge))
    }

    /// Share of a protocol that has passed, its steps counted alike.
    func protocolShare(at time: Double) -> Double {
        stages.isEmpty ? 0 : (Double(stage) + stageShare(at: time)) / Double(stages.count * settings.repeats)
    }

    /// Whether a potential lies more than a millivolt past the limit of the stage.
    func overshoots(_ metalPotential: Double) -> Bool {
        current?.voltageLimit.map { abs(metalPotential) > $0 + 1e-3 } ?? false
    }

    /// Books a step; returns whether a stage has ended.
    func accept(_ bdf: BDF2, time: Double, current density: Double, metalPotential: Double) -> Bool {
        let new = (bdf.a1 * charge + bdf.a2 * pastCharge + density) / bdf.a0, change = new - charge
        if change > 0 { plated += change } else { stripped -= change }
        (pastCharge, charge) = (charge, new)
        guard let step = current else { return false }
        let passed = abs(charge - chargeAtStageStart)
        let ended = (step.duration.map { time >= stageStart + $0 * (1 - 1e-12) } ?? false)
            || (step.capacity.map { passed >= $0 * (1 - 1e-9) } ?? false)
            || (step.voltageLimit.map { abs(metalPotential) >= $0 } ?? false)
        guard ended else { return false }
        stage += 1
        stageStart = time
        chargeAtStageStart = charge
        return true
    }

    /// The next step starts afresh, as after a jump of the current.
    func forget() { pastCharge = charge }

    var state: [StateItem] {
        [
            .number(name: "control.stage", get: { Double(self.stage) }, set: { self.stage = Int($0) }),
            .number(name: "control.stageStart", get: { self.stageStart }, set: { self.stageStart = $0 }),
            .number(name: "control.charge", get: { self.charge }, set: { self.charge = $0 }),
            .number(name: "control.charge.1", get: { self.pastCharge }, set: { self.pastCharge = $0 }),
            .number(name: "control.stageCharge", get: { self.chargeAtStageStart }, set: { self.chargeAtStageStart = $0 }),
            .number(name: "control.plated", get: { self.plated }, set: { self.plated = $0 }),
            .number(name: "control.stripped", get: { self.stripped }, set: { self.stripped = $0 }),
        ]
    }
}
