/// A = L L^T of a small symmetric positive (semi)definite matrix. A pivot that round-off leaves without size (the constant of a pure Neumann
/// problem) is given a large one, which pins its unknown near zero.
final class DenseCholesky: @unchecked Sendable {
    private let count: Int
    private let a: UnsafeMutablePointer<Double>
    /// Right-hand side, overwritten by the solution.
    let right: UnsafeMutablePointer<Double>

    init(count: Int) {
        self.count = count
        a = .allocate(capacity: count * count)
        right = .allocate(capacity: count)
        a.initialize(repeating: 0, count: count * count)
        right.initialize(repeating: 0, count: count)
    }

    deinit {
        a.deallocate()
        right.deallocate()
    }

    subscript(i: Int, j: Int) -> Double {
        get { a[i * count + j] }
        set { a[i * count + j] = newValue }
    }

    func clear() { a.update(repeating: 0, count: count * count) }

    func factor() {
        var largest = 0.0
        for i in 0..<count { largest = max(largest, self[i, i]) }
        for j in 0..<count {
            for k in 0..<j { self[j, j] -= self[j, k] * self[j, k] }
            self[j, j] = self[j, j] > 1e-9 * largest ? self[j, j].squareRoot() : max(largest, 1).squareRoot() * 1e6
            for i in (j + 1)..<max(j + 1, count) {
                var v = self[i, j]
                for k in 0..<j { v -= self[i, k] * self[j, k] }
                self[i, j] = v / self[j, j]
            }
        }
    }

    func solve() {
        for i in 0..<count {
            for k in 0..<i { right[i] -= self[i, k] * right[k] }
            right[i] /= self[i, i]
        }
        for i in stride(from: count - 1, through: 0, by: -1) {
            for k in (i + 1)..<max(i + 1, count) { right[i] -= self[k, i] * right[k] }
            right[i] /= self[i, i]
        }
    }
}
