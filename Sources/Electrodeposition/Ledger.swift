import Grids

/// Where the plated lithium is, C/m^2: plated = stripped + corroded + dead + dissolved + left.
public struct MetalBalance: Sendable, Equatable {
    /// Charge passed either way.
    public var plated = 0.0, stripped = 0.0
    /// Taken away by corrosion, without current.
    public var corroded = 0.0
    /// Metal that may not react: the integral of xi where the mask of the reaction is 0, haze included.
    public var dead = 0.0
    /// Growth of all other metal, without nuclei, which no current brought.
    public var left = 0.0
    /// Taken up by an alloy layer.
    public var dissolved = 0.0

    /// What does not add up.
    public var discrepancy: Double { plated - stripped - corroded - dead - dissolved - left }
    /// Stripped over plated; nil without plating.
    public var coulombicEfficiency: Double? { plated > 0 ? stripped / plated : nil }
    /// The share of the plated lithium that can still be stripped, 1 - (corroded + dead)/plated: the efficiency against a reservoir of
    /// lithium (modified Aurbach form); nil without plating.
    public var reservoirEfficiency: Double? { plated > 0 ? 1 - (corroded + dead) / plated : nil }

    static func - (a: MetalBalance, b: MetalBalance) -> MetalBalance {
        var difference = a
        for path in [\MetalBalance.plated, \.stripped, \.corroded, \.dead, \.left, \.dissolved] { difference[keyPath: path] -= b[keyPath: path] }
        return difference
    }
}

/// Books corrosion with the metal's own time formula, so that it closes to round-off, and keeps the balance of the last whole cycle.
struct Ledger {
    private(set) var corroded = 0.0
    private var pastCorroded = 0.0
    private(set) var cycle = 0
    fileprivate var atCycleStart = MetalBalance()
    private(set) var lastCycle = MetalBalance()

    /// - Parameter current: corrosion in the step, A/m^2.
    mutating func accept(_ bdf: BDF2, corrosion current: Double) {
        (corroded, pastCorroded) = ((bdf.a1 * corroded + bdf.a2 * pastCorroded + current) / bdf.a0, corroded)
    }

    /// The next step starts afresh.
    mutating func forget() { pastCorroded = corroded }

    /// Closes a cycle; another one has begun.
    mutating func begin(cycle now: Int, _ balance: MetalBalance) {
        lastCycle = balance - atCycleStart
        (cycle, atCycleStart) = (now, balance)
    }

    static func state(_ get: @escaping () -> Ledger, set: @escaping (Ledger) -> Void) -> [StateItem] {
        func number(_ name: String, _ path: WritableKeyPath<Ledger, Double>) -> StateItem {
            .number(name: "ledger.metal." + name, get: { get()[keyPath: path] }, set: { value in
                var ledger = get()
                ledger[keyPath: path] = value
                set(ledger)
            })
        }
        func balance(_ name: String, _ path: WritableKeyPath<Ledger, MetalBalance>) -> [StateItem] {
            [number(name + ".plated", path.appending(path: \.plated)), number(name + ".stripped", path.appending(path: \.stripped)),
             number(name + ".corroded", path.appending(path: \.corroded)), number(name + ".dead", path.appending(path: \.dead)),
             number(name + ".left", path.appending(path: \.left)), number(name + ".dissolved", path.appending(path: \.dissolved))]
        }
        return [number("corroded", \.corroded), number("corroded.1", \.pastCorroded), number("cycle", \.cycleNumber)]
            + balance("start", \.atCycleStart) + balance("last", \.lastCycle)
    }

    private var cycleNumber: Double {
        get { Double(cycle) }
        set { cycle = Int(newValue) }
    }
}
