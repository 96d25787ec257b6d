/// Some of a grid's rows in their order, say those that a surface crosses: work on them alone is shared out like that on all of them.
public final class RowSubset: @unchecked Sendable {
    private let rows: UnsafeMutablePointer<Int>, isChosen: UnsafeMutablePointer<Bool>
    private let gridRows: Int
    public private(set) var count = 0

    /// None at first.
    public init(_ grid: Grid) {
        gridRows = grid.rows
        rows = .allocate(capacity: gridRows)
        isChosen = .allocate(capacity: gridRows)
        rows.initialize(repeating: 0, count: gridRows)
        isChosen.initialize(repeating: false, count: gridRows)
    }

    deinit {
        rows.deallocate()
        isChosen.deallocate()
    }

    /// Takes the rows that meet a condition instead of those at hand.
    public func choose(where condition: (Int) -> Bool) {
        count = 0
        for row in 0..<gridRows {
            isChosen[row] = condition(row)
            guard isChosen[row] else { continue }
            rows[count] = row
            count += 1
        }
    }

    public func contains(_ row: Int) -> Bool { isChosen[row] }

    public subscript(n: Int) -> Int { rows[n] }

    /// Hands out rows of the grid in parts that are chosen or not.
    public func forParts(of rows: Range<Int>, _ body: (_ part: Range<Int>, _ isChosen: Bool) -> Void) {
        var first = rows.lowerBound
        while first < rows.upperBound {
            var next = first + 1
            while next < rows.upperBound && isChosen[next] == isChosen[first] { next += 1 }
            body(first..<next, isChosen[first])
            first = next
        }
    }

    /// Hands out some of the rows, neighbours together.
    fileprivate func forRuns(_ part: Range<Int>, _ body: (Range<Int>) -> Void) {
        var first = part.lowerBound
        while first < part.upperBound {
            var next = first + 1
            while next < part.upperBound && rows[next] == rows[next - 1] + 1 { next += 1 }
            body(rows[first]..<rows[next - 1] + 1)
            first = next
        }
    }
}

extension Device {
    /// Runs `body` over a subset of a layout's rows.
    public func forRows(_ subset: RowSubset, _ layout: Layout, _ body: (Range<Int>) -> Void) {
        forLines(subset.count, cells: subset.count * layout.nx) { subset.forRuns($0, body) }
    }

    /// Sum of x y over the rows of a subset.
    public func dot<T: Real>(_ x: Field<T>, _ y: Field<T>, on subset: RowSubset, _ scratch: RowSums) -> Double {
        forRows(subset, x.layout) { kernels.dot(x.cells, y.cells, scratch.values, x.layout, $0) }
        return scratch.total(of: subset)
    }

    /// Sum of x over the rows of a subset.
    public func sum<T: Real>(_ x: Field<T>, on subset: RowSubset, _ scratch: RowSums) -> Double {
        forRows(subset, x.layout) { kernels.sum(x.cells, scratch.values, x.layout, $0) }
        return scratch.total(of: subset)
    }

    /// Largest |x - y| over the rows of a subset.
    public func maximumDifference<T: Real>(_ x: Field<T>, _ y: Field<T>, on subset: RowSubset, _ scratch: RowSums) -> Double {
        forRows(subset, x.layout) { kernels.maximumDifference(x.cells, y.cells, scratch.values, x.layout, $0) }
        return scratch.maximum(of: subset)
    }
}

extension RowSums {
    public func total(of subset: RowSubset) -> Double {
        var s = SIMD8<Double>()
        for n in 0..<subset.count { s[n & 7] += values[subset[n]] }
        return s.sum()
    }

    /// Largest value, at least 0; NaN if any is NaN.
    public func maximum(of subset: RowSubset) -> Double {
        var m = 0.0
        for n in 0..<subset.count where !(values[subset[n]] <= m) && !m.isNaN { m = values[subset[n]] }
        return m
    }
}
