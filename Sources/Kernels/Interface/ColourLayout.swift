/// How the multigrid stores a field: the cells of a row with even i as one row of `halves`, those with odd i as another. All cells of such a half are
/// of one colour, red where i + j + k is even, and their neighbours along x are a half too, so a half sweep works on whole packs of its colour: twice
/// as fast as every other lane of a row. Of each plane the red halves come first, then the black ones: with the two halves of a row side by side the
/// short jumps kept 128^3 cells waiting for memory, at 1.4 times the time of whole rows.
///
/// Where nx is odd the last cell of an odd half is none: it serves as the right ghost of the even half and is 0 in all that is summed up.
public struct ColourLayout: Sendable, Hashable {
    public let nx: Int, ny: Int
    public let halves: Layout
    /// Stored rows from one colour of a plane to the next.
    @usableFromInline let stride: Int

    public init(_ layout: Layout) {
        (nx, ny) = (layout.nx, layout.ny)
        // In 3D one row stays empty: otherwise colours and planes of 2^n rows lie whole pages apart and want the same places of the cache.
        stride = layout.nz > 1 && layout.ny > 1 ? layout.ny + 1 : layout.ny
        // Half a pack between rows: a whole one makes a quarter of the memory of rows of 128 cells.
        halves = Layout(nx: (layout.nx + 1) / 2, ny: 2 * stride, nz: layout.nz, pack: layout.lead, lead: layout.lead / 2,
                        periodicY: layout.periodicY, periodicZ: layout.periodicZ)
    }

    @_alwaysEmitIntoClient @inline(__always)
    public var nz: Int { halves.nz }

    /// Where a half (0 even, 1 odd i) of row j + ny k is among the rows of `halves`.
    @_alwaysEmitIntoClient @inline(__always)
    public func stored(row: Int, half: Int) -> Int {
        let k = row / ny
        return stored(row &- k &* ny, k, half: half)
    }

    /// The same of row (j, k), without a division.
    @_alwaysEmitIntoClient @inline(__always)
    public func stored(_ j: Int, _ k: Int, half: Int) -> Int { (2 &* k &+ (half &+ j &+ k) & 1) &* stride &+ j }

    /// Offset of the first cell of a half of a row.
    @_alwaysEmitIntoClient @inline(__always)
    public func offset(row: Int, half: Int) -> Int { halves.offset(row: stored(row: row, half: half)) }

    /// Hands out the stored rows of a range of rows, run by run.
    @_alwaysEmitIntoClient @inline(__always)
    public func forStored(_ rows: Range<Int>, _ body: (Range<Int>) -> Void) {
        var first = rows.lowerBound
        while first < rows.upperBound {
            let k = first / ny, last = min(rows.upperBound, (k &+ 1) &* ny)
            for colour in 0..<2 {
                let shift = (2 &* k &+ colour) &* stride &- k &* ny
                body(first &+ shift..<last &+ shift)
            }
            first = last
        }
    }

    /// The same in a field of the plane at the end of y, of which each z has a row.
    @_alwaysEmitIntoClient @inline(__always)
    public func wallOffset(plane k: Int, half: Int) -> Int { halves.offset(row: 2 &* k &+ (half &+ k) & 1) }

    /// Cells of a half.
    @_alwaysEmitIntoClient @inline(__always)
    public func count(half: Int) -> Int { (nx &+ 1 &- half) / 2 }

    /// Which half of a row is of a colour.
    @_alwaysEmitIntoClient @inline(__always)
    public func half(row: Int, colour: Int) -> Int {
        let k = row / ny
        return (row &- k &* ny &+ k &+ colour) & 1
    }

    /// The cells around a periodic x axis beside one half, after that half has changed.
    @_alwaysEmitIntoClient @inline(__always)
    public func fillGhosts<T: Real>(_ u: UnsafeMutablePointer<T>, row: Int, half: Int) {
        let n = halves.nx
        if nx & 1 == 0 {
            let cells = u + offset(row: row, half: half)
            cells[-1] = cells[n &- 1]
            cells[n] = cells[0]
        } else {
            let even = u + offset(row: row, half: 0), odd = u + offset(row: row, half: 1)
            odd[-1] = even[n &- 1]
            odd[n &- 1] = even[0]
        }
    }
}
