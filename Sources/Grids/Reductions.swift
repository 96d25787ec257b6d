import KernelInterface

/// One partial result per row, folded in row order: the same bits for any number of threads.
public final class RowSums: @unchecked Sendable {
    public let values: UnsafeMutablePointer<Double>
    private let count: Int

    public init(_ grid: Grid) {
        count = grid.rows
        values = .allocate(capacity: count)
        values.initialize(repeating: 0, count: count)
    }

    deinit { values.deallocate() }

    public func clear() { values.update(repeating: 0, count: count) }

    /// Sum over rows, by eight interleaved accumulators (round-off grows as rows/8).
    public func total() -> Double {
        var s = SIMD8<Double>(), r = 0
        while r + 8 <= count {
            s += UnsafeRawPointer(values + r).loadUnaligned(as: SIMD8<Double>.self)
            r += 8
        }
        var tail = 0.0
        while r < count { tail += values[r]; r += 1 }
        return s.sum() + tail
    }

    /// Largest value; NaN if any is NaN.
    public func maximum() -> Double {
        var m = values[0]
        for r in 1..<max(1, count) where !(values[r] <= m) {
            m = values[r]
            if m.isNaN { return m }
        }
        return m
    }
}

extension Device {
    /// Sum over all cells of x y, in Double.
    public func dot<T: Real>(_ x: Field<T>, _ y: Field<T>, _ scratch: RowSums) -> Double {
        forRows(x.layout) { kernels.dot(x.cells, y.cells, scratch.values, x.layout, $0) }
        return scratch.total()
    }

    /// Sum over all cells of x, in Double.
    public func sum<T: Real>(_ x: Field<T>, _ scratch: RowSums) -> Double {
        forRows(x.layout) { kernels.sum(x.cells, scratch.values, x.layout, $0) }
        return scratch.total()
    }

    /// Largest |x - y|; NaN if any difference is NaN.
    public func maximumDifference<T: Real>(_ x: Field<T>, _ y: Field<T>, _ scratch: RowSums) -> Double {
        forRows(x.layout) { kernels.maximumDifference(x.cells, y.cells, scratch.values, x.layout, $0) }
        return scratch.maximum()
    }

    /// Smallest and largest value; nil if any is NaN.
    public func extremes<T: Real>(_ x: Field<T>) -> (Double, Double)? { extremes(x, RowSums(x.grid), RowSums(x.grid)) }

    /// The same in given memory.
    public func extremes<T: Real>(_ x: Field<T>, _ low: RowSums, _ high: RowSums) -> (Double, Double)? {
        forRows(x.layout) { kernels.extremes(x.cells, low.values, high.values, x.layout, $0) }
        var a = low.values[0], b = high.values[0]
        for r in 0..<x.layout.rows {
            if low.values[r].isNaN || high.values[r].isNaN { return nil }
            a = min(a, low.values[r])
            b = max(b, high.values[r])
        }
        return (a, b)
    }
}
