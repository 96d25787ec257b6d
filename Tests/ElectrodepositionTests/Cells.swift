import Electrodeposition
import Glibc
import Grids
import Spectral

/// Half-width of the interface in these tests, m. Lengths of the helpers below are counted in it.
let l = 0.2e-6
let faraday = Constants.faraday
let molarVolume = 1.30e-5
/// f = F/RT at 298.15 K, 1/V, and RT ln 10 / F.
let thermalFactor = faraday / (Constants.gas * 298.15)
let decade = log(10) / thermalFactor

/// Slow variants run when the environment has DENDRITE_FULL=1.
let runsFull = getenv("DENDRITE_FULL").map { String(cString: $0) == "1" } ?? false

/// A box of the given size in half-widths, with cells of `dx` half-widths.
func box(_ x: Double, _ y: Double, _ z: Double? = nil, dx: Double = 1, _ change: (inout SimulationSettings) -> Void) -> SimulationSettings {
    var s = SimulationSettings()
    s.grid.spacing = dx * l
    s.grid.size = [x * l, y * l] + (z.map { [$0 * l] } ?? [])
    s.interface.halfWidth = l
    change(&s)
    return s
}

func start<T: FFTReal>(_ s: SimulationSettings, _: T.Type = Double.self, threads: Int = 1) throws -> Simulation<T> {
    try Simulation<T>(s, on: Device(threads: threads), effort: .estimate)
}

extension Simulation {
    func run(until end: Double) throws {
        while time < end * (1 - 1e-12) { try step(until: end) }
    }

    /// Steps until the metal has grown (or shrunk) by the last of `travels` (m, in order), and the times at which it passed each, interpolated.
    func times(at travels: [Double], _ each: () -> Void = {}) throws -> [Double] {
        let start = metalThickness
        var result: [Double] = []
        while result.count < travels.count {
            let before = (time: time, thickness: metalThickness)
            try step(until: .greatestFiniteMagnitude)
            each()
            while result.count < travels.count, abs(metalThickness - start) >= abs(travels[result.count]) {
                let share = (start + travels[result.count] - before.thickness) / (metalThickness - before.thickness)
                result.append(before.time + (time - before.time) * share)
            }
        }
        return result
    }

    /// Height of the metal over each cell of the electrode plane, m, in (z, x) order.
    var heights: [Double] {
        (0..<grid.nz).flatMap { k in
            (0..<grid.nx).map { i in (0..<grid.ny).reduce(0.0) { $0 + Double(phase[i, $1, k]) } * grid.spacing }
        }
    }

    /// Amplitude of the cosine with one wave in the box along x, m.
    var firstMode: Double {
        let h = heights, n = grid.nx
        var c = 0.0, s = 0.0
        for (i, value) in h.enumerated() {
            let angle = 2 * Double.pi * (Double(i % n) + 0.5) / Double(n)
            c += value * cos(angle)
            s += value * sin(angle)
        }
        return 2 * hypot(c, s) / Double(h.count)
    }

    /// c at height y above the electrode in the first column, linear between cell centres, mol/m^3.
    func concentration(at y: Double) -> Double {
        let p = y / grid.spacing - 0.5, j = min(max(Int(p), 0), grid.ny - 2), t = p - Double(j)
        return Double(concentration[0, j]) * (1 - t) + Double(concentration[0, j + 1]) * t
    }
}

/// Largest |a - b| over the cells of two fields of the same grid.
func largestDifference<T: Real>(_ a: Field<T>, _ b: Field<T>) -> Double {
    zip(a.values(), b.values()).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
}

/// One state copied into another simulation of the same settings, as a checkpoint would.
func transfer<T>(_ from: Simulation<T>, _ to: Simulation<T>) -> Bool {
    let a = from.state, b = to.state
    guard a.map(\.name) == b.map(\.name) else { return false }
    for (x, y) in zip(a, b) {
        switch (x, y) {
        case (.array(_, let element, let count, let source, _), .array(_, _, let size, let target, _)):
            guard count == size else { return false }
            memcpy(target, source, count * element.size)
        case (.number(_, let get, _), .number(_, _, let set)): set(get())
        default: return false
        }
    }
    return true
}
