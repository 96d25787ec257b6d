import Glibc
import Grids

/// Chooses the length of the next step: front travel, estimated error of the concentration, growth of at most 1.5, output times met exactly.
struct StepControl {
    private let settings: TimeSettings
    private let halfWidth: Double
    /// The step that accuracy allows.
    private(set) var proposed: Double
    /// Lengths of the last two steps; nil after a start.
    private(set) var previous: Double?
    private(set) var beforePrevious: Double?

    static let shortest = 1e-9

    init(_ settings: TimeSettings, halfWidth: Double) {
        (self.settings, self.halfWidth) = (settings, halfWidth)
        proposed = 0
    }

    /// The first step, or the first after a jump of the control: a small part of what the front allows, for backward Euler starts it.
    mutating func start(frontSpeed: Double) {
        let front = frontSpeed > 0 ? settings.frontStep * halfWidth / frontSpeed : settings.largestStep
        proposed = settings.fixedStep ?? min(settings.initialStep ?? front / 100, settings.largestStep)
        previous = nil
        beforePrevious = nil
    }

    /// The next step: what accuracy proposes, shortened to end at `until`, never leaving a sliver behind.
    func next(until remaining: Double) -> Double {
        if proposed >= remaining * (1 - 1e-9) { return remaining }
        // Two equal steps to the mark instead of a long and a short one.
        return 2 * proposed > remaining * (1 + 1e-9) ? remaining / 2 : proposed
    }

    func formula(_ step: Double) -> BDF2 { BDF2(step: step, previous: previous, beforePrevious: beforePrevious) }

    /// - Parameters:
    ///   - error: estimated error over its tolerance, if known.
    mutating func accept(_ step: Double, frontSpeed: Double, error: Double?) {
        beforePrevious = previous
        previous = step
        guard settings.fixedStep == nil else { return }
        // A step that was cut to meet a mark says nothing against the longer one that accuracy allowed before.
        var longest = 1.5 * max(step, min(proposed, 1.5 * step))
        if let error { longest = min(longest, step * min(1.5, 0.9 * pow(max(error, 1e-6), -1.0 / 3))) }
        if frontSpeed > 0 { longest = min(longest, settings.frontStep * halfWidth / frontSpeed) }
        proposed = min(longest, settings.largestStep)
    }

    /// After a failed step: shorter, by what the error says or by half.
    mutating func reject(_ step: Double, error: Double? = nil) {
        proposed = step * min(0.5, error.map { max(0.1, 0.8 * pow($0, -1.0 / 3)) } ?? 0.5)
    }

    static func state(_ get: @escaping () -> StepControl, set: @escaping (StepControl) -> Void) -> [StateItem] {
        func number(_ name: String, _ path: WritableKeyPath<StepControl, Double>) -> StateItem {
            .number(name: name, get: { get()[keyPath: path] }, set: { value in
                var clock = get()
                clock[keyPath: path] = value
                set(clock)
            })
        }
        return [number("step.proposed", \.proposed), number("step.previous", \.storedPrevious), number("step.beforePrevious", \.storedBeforePrevious)]
    }

    // 0 stands for none in a checkpoint.
    private var storedPrevious: Double {
        get { previous ?? 0 }
        set { previous = newValue > 0 ? newValue : nil }
    }
    private var storedBeforePrevious: Double {
        get { beforePrevious ?? 0 }
        set { beforePrevious = newValue > 0 ? newValue : nil }
    }
}
