import Grids

/// A field at the new time and at the times before it.
final class History<T: Real> {
    private(set) var new: Field<T>
    /// At t_n, t_(n-1), ...
    private(set) var past: [Field<T>]

    init(_ grid: Grid, levels: Int) {
        new = Field(grid)
        past = (0..<levels).map { _ in Field(grid) }
    }

    /// The new time becomes t_n; the oldest field is reused for the next one.
    func advance() {
        let oldest = past[past.count - 1]
        for i in stride(from: past.count - 1, to: 0, by: -1) { past[i] = past[i - 1] }
        past[0] = new
        new = oldest
    }

    /// Every past time holds the state at t_n.
    func forget() { for older in past.dropFirst() { older.copy(from: past[0]) } }

    func state(_ name: String) -> [StateItem] {
        past.enumerated().map { .field($0 == 0 ? name : "\(name).\($0)", $1) }
    }
}
