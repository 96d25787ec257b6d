import Electrodeposition
import Glibc
import Grids
import Spectral
// The cells of the validation cases (lengths in half-widths, `box`, `start`) are those of these tests; visible in all of them.
@_exported import Validation

/// Slow variants run when the environment has DENDRITE_FULL=1.
let runsFull = getenv("DENDRITE_FULL").map { String(cString: $0) == "1" } ?? false

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
