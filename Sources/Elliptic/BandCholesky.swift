/// A = L L^T of a symmetric positive (semi)definite band matrix. A pivot that round-off leaves without size (a rigid translation) is given a
/// large one, which pins its unknown near zero.
final class BandCholesky: @unchecked Sendable {
    let count: Int, width: Int
    /// Row i holds columns i - width ... i.
    private let a: UnsafeMutablePointer<Double>
    /// Right-hand side, overwritten by the solution.
    let right: UnsafeMutablePointer<Double>

    /// - Parameter width: entries with |i - j| > width are 0.
    init(count: Int, width: Int) {
        (self.count, self.width) = (count, min(width, count - 1))
        a = .allocate(capacity: count * (self.width + 1))
        right = .allocate(capacity: count)
        a.initialize(repeating: 0, count: count * (self.width + 1))
        right.initialize(repeating: 0, count: count)
    }

    deinit {
        a.deallocate()
        right.deallocate()
    }

    /// Row i such that row(i)[j] is column j.
    private func row(_ i: Int) -> UnsafeMutablePointer<Double> { a + (i * (width + 1) + width - i) }

    /// Entry (i, j), j <= i, i - j <= width.
    subscript(i: Int, j: Int) -> Double {
        get { row(i)[j] }
        set { row(i)[j] = newValue }
    }

    func clear() { a.update(repeating: 0, count: count * (width + 1)) }

    func factor() {
        var largest = 0.0
        for i in 0..<count { largest = max(largest, row(i)[i]) }
        for i in 0..<count {
            let ri = row(i), start = max(0, i - width)
            for j in start..<i {
                let rj = row(j)
                var v = ri[j]
                for k in max(start, j - width)..<max(j, start) { v -= ri[k] * rj[k] }
                ri[j] = v / rj[j]
            }
            var d = ri[i]
            for k in start..<i { d -= ri[k] * ri[k] }
            ri[i] = d > 1e-9 * largest ? d.squareRoot() : max(largest, 1).squareRoot() * 1e6
        }
    }

    func solve() {
        for i in 0..<count {
            let r = row(i)
            var v = right[i]
            for k in max(0, i - width)..<i { v -= r[k] * right[k] }
            right[i] = v / r[i]
        }
        for i in stride(from: count - 1, through: 0, by: -1) {
            let r = row(i), v = right[i] / r[i]
            right[i] = v
            for k in max(0, i - width)..<i { right[k] -= r[k] * v }
        }
    }
}
