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

    /// Which half of row (j, k) is of a colour.
    @_alwaysEmitIntoClient @inline(__always)
    public func half(_ j: Int, _ k: Int, colour: Int) -> Int { (j &+ k &+ colour) & 1 }

    /// Hands out rows one by one, each as row j of plane k, without a division for each (2 % of a multigrid cycle).
    @_alwaysEmitIntoClient @inline(__always)
    public func forEach(_ rows: Range<Int>, _ body: (_ row: Int, _ j: Int, _ k: Int) -> Void) {
        var k = rows.lowerBound / ny, j = rows.lowerBound &- k &* ny
        for row in rows {
            body(row, j, k)
            j &+= 1
            if j == ny { (j, k) = (0, k &+ 1) }
        }
    }

    /// A half of row (j, k) and what is around it; neighbours wrap round.
    @_alwaysEmitIntoClient @inline(__always)
    public func place(_ j: Int, _ k: Int, half: Int) -> ColourRow {
        func wrapped(_ j: Int, _ k: Int) -> Int { halves.offset(row: stored(j, k, half: half)) }
        let colour = (half &+ j &+ k) & 1, row = halves.rowStride, jump = stride &* row
        let red = 2 &* k &* jump &+ j &* row, own = red &+ colour &* jump, other = red &+ (1 &- colour) &* jump
        return ColourRow(own: own, other: other, half: half,
                         south: j == 0 ? wrapped(ny &- 1, k) : other &- row, north: j &+ 1 == ny ? wrapped(0, k) : other &+ row,
                         below: nz == 1 ? own : k == 0 ? wrapped(j, nz &- 1) : other &- 2 &* jump,
                         above: nz == 1 ? own : k &+ 1 == nz ? wrapped(j, 0) : other &+ 2 &* jump)
    }

    /// The cells around a periodic x axis beside one half, after that half has changed.
    @_alwaysEmitIntoClient @inline(__always)
    public func fillGhosts<T: Real>(_ u: UnsafeMutablePointer<T>, _ place: ColourRow) {
        let n = halves.nx
        if nx & 1 == 0 {
            let cells = u + place.own
            cells[-1] = cells[n &- 1]
            cells[n] = cells[0]
        } else {
            let even = u + (place.half == 0 ? place.own : place.other), odd = u + (place.half == 0 ? place.other : place.own)
            odd[-1] = even[n &- 1]
            odd[n &- 1] = even[0]
        }
    }
}

/// Where the first cells of a half of a row, of the row's other half (which has the neighbours along x) and of the same halves of the rows around it are.
public struct ColourRow: Sendable {
    public let own: Int, other: Int
    /// 0 even, 1 odd i
    public let half: Int
    public let south: Int, north: Int, below: Int, above: Int

    @_alwaysEmitIntoClient @inline(__always)
    init(own: Int, other: Int, half: Int, south: Int, north: Int, below: Int, above: Int) {
        (self.own, self.other, self.half) = (own, other, half)
        (self.south, self.north, self.below, self.above) = (south, north, below, above)
    }
}
