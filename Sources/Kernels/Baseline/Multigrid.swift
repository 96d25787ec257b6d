import KernelInterface

extension Library {
    @specialized(where T == Float)
    public static func relaxRedFromZero<T: Real>(_ u: UnsafeMutablePointer<T>, _ f: UnsafePointer<T>, _ inverseDiagonal: UnsafePointer<T>,
                                                 _ layout: ColourLayout, _ rows: Range<Int>) {
        layout.forEach(rows) { _, j, k in
            let place = layout.place(j, k, half: layout.half(j, k, colour: 0)), o = place.own
            var i = 0
            while i < layout.halves.nx {
                store(u, o &+ i, load(f, o &+ i) * load(inverseDiagonal, o &+ i))
                i &+= T.Pack.scalarCount
            }
            layout.fillGhosts(u, place)
        }
    }

    @specialized(where T == Float)
    public static func relax<T: Real>(_ u: UnsafeMutablePointer<T>, _ f: UnsafePointer<T>, _ g: FaceCoefficients<T>,
                                      _ inverseDiagonal: UnsafePointer<T>, colour: Int, _ layout: ColourLayout, _ rows: Range<Int>) {
        layout.forEach(rows) { _, j, k in
            let place = layout.place(j, k, half: layout.half(j, k, colour: colour)), o = place.own, stencil = StencilRow(UnsafePointer(u), g, place)
            if stencil.isSolid {
                relaxHalf(u + o, f + o, stencil, inverseDiagonal + o, layout.halves.nx, solid: true)
            } else {
                relaxHalf(u + o, f + o, stencil, inverseDiagonal + o, layout.halves.nx, solid: false)
            }
            layout.fillGhosts(u, place)
        }
    }

    @inline(__always)
    private static func relaxHalf<T: Real>(_ u: UnsafeMutablePointer<T>, _ f: UnsafePointer<T>, _ stencil: StencilRow<T>, _ d: UnsafePointer<T>,
                                           _ count: Int, solid: Bool) {
        var i = 0
        while i < count {
            store(u, i, (load(f, i) + stencil.neighbours(i, solid: solid)) * load(d, i))
            i &+= T.Pack.scalarCount
        }
    }

    @specialized(where T == Float)
    public static func restrictRedResidual<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ u: UnsafePointer<T>, _ g: FaceCoefficients<T>,
                                                    _ coarseLayout: ColourLayout, _ fineLayout: ColourLayout, _ rows: Range<Int>) {
        for row in rows {
            forChildren(of: row, coarseLayout, fineLayout) { j, k, isFirst in
                let red = fineLayout.half(j, k, colour: 0), stencil = StencilRow(u, g, fineLayout.place(j, k, half: red))
                let count = fineLayout.count(half: red)
                if stencil.isSolid {
                    gather(coarse, coarseLayout, row, isFirst) { masked(stencil.neighbours($0, solid: true), remaining: count &- $0, T.self) }
                } else {
                    gather(coarse, coarseLayout, row, isFirst) { masked(stencil.neighbours($0, solid: false), remaining: count &- $0, T.self) }
                }
            }
        }
    }

    @specialized(where T == Float)
    public static func restrictResidual<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ u: UnsafePointer<T>, _ f: UnsafePointer<T>,
                                                 _ s: UnsafePointer<T>, _ g: FaceCoefficients<T>, _ coarseLayout: ColourLayout,
                                                 _ fineLayout: ColourLayout, _ rows: Range<Int>) {
        for row in rows {
            forChildren(of: row, coarseLayout, fineLayout) { j, k, isFirst in
                for half in 0..<2 {
                    let place = fineLayout.place(j, k, half: half), o = place.own, stencil = StencilRow(u, g, place)
                    let f = f + o, s = s + o, count = fineLayout.count(half: half)
                    gather(coarse, coarseLayout, row, isFirst && half == 0) { wholeResidual(stencil, f, s, $0, count) }
                }
            }
        }
    }

    @inline(__always)
    private static func wholeResidual<T: Real>(_ stencil: StencilRow<T>, _ f: UnsafePointer<T>, _ s: UnsafePointer<T>, _ i: Int,
                                               _ count: Int) -> T.Pack {
        let v = load(f, i) - T.muladd(load(s, i), load(stencil.centre, i), stencil.divergence(i, solid: stencil.isSolid))
        return masked(v, remaining: count &- i, T.self)
    }

    @specialized(where T == Float)
    public static func prolong<T: Real>(_ u: UnsafeMutablePointer<T>, _ coarse: UnsafePointer<T>, redOnly: Bool, _ coarseLayout: ColourLayout,
                                        _ fineLayout: ColourLayout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, count = fineLayout.halves.nx
        let childrenY = fineLayout.ny > 1 ? 2 : 1, childrenZ = fineLayout.nz > 1 ? 2 : 1
        fineLayout.forEach(rows) { _, j, k in
            let parent = coarseLayout.place(j / childrenY, k / childrenZ, half: 0), even = coarse + parent.own, odd = coarse + parent.other
            let red = fineLayout.half(j, k, colour: 0)
            for half in 0..<2 where !redOnly || half == red {
                let place = fineLayout.place(j, k, half: half), cells = u + place.own
                var i = 0
                while i < count {
                    let e = load(even, i / 2), o = load(odd, i / 2)
                    store(cells, i, load(cells, i) + T.interleaveLow(e, o))
                    if i &+ width < count { store(cells, i &+ width, load(cells, i &+ width) + T.interleaveHigh(e, o)) }
                    i &+= 2 &* width
                }
                fineLayout.fillGhosts(u, place)
            }
        }
    }

    @specialized(where T == Float)
    public static func invertDiagonal<T: Real>(_ inverseDiagonal: UnsafeMutablePointer<T>, _ s: UnsafePointer<T>, _ g: FaceCoefficients<T>,
                                               _ layout: ColourLayout, _ rows: Range<Int>) {
        let one = T.Pack(repeating: 1)
        layout.forEach(rows) { _, j, k in
            for half in 0..<2 {
                let place = layout.place(j, k, half: half), o = place.own, stencil = StencilRow(s, g, place)
                var i = 0
                while i < layout.halves.nx {
                    let d = load(stencil.centre, i) + stencil.coefficientSum(i)
                    let v = (one / d).replacing(with: T.Pack(), where: d .<= T.Pack())
                    // Lanes past the last cell are stored with whole packs; a zero inverse diagonal keeps them finite.
                    store(inverseDiagonal, o &+ i, masked(v, remaining: layout.count(half: half) &- i, T.self))
                    i &+= T.Pack.scalarCount
                }
            }
        }
    }

    @specialized(where T == Float)
    public static func coarsenCells<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ fine: UnsafePointer<T>, _ coarseLayout: ColourLayout,
                                             _ fineLayout: ColourLayout, _ rows: Range<Int>) {
        aggregate(coarse, fine, axis: -1, coarseLayout, fineLayout, rows) { _ in 1 }
    }

    @specialized(where T == Float)
    public static func coarsenFaces<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ fine: UnsafePointer<T>, axis: Int, first: T, last: T,
                                             _ coarseLayout: ColourLayout, _ fineLayout: ColourLayout, _ rows: Range<Int>) {
        let count = axis == 0 ? coarseLayout.nx : axis == 1 ? coarseLayout.ny : coarseLayout.nz
        func factor(_ face: Int) -> T { count == 1 ? 0 : face == 0 ? first : face == count &- 1 ? last : 0.5 }
        aggregate(coarse, fine, axis: axis, coarseLayout, fineLayout, rows) { row in
            let k = row / coarseLayout.ny
            return axis == 0 ? 0.5 : factor(axis == 1 ? row &- k &* coarseLayout.ny : k)
        }
        guard axis == 0 else { return }
        coarseLayout.forEach(rows) { _, j, k in
            let even = coarseLayout.place(j, k, half: 0), odd = coarseLayout.place(j, k, half: 1)
            coarse[even.own] *= 2 * factor(0)
            if count > 1 { coarse[(count & 1 == 1 ? even : odd).own &+ (count &- 1) / 2] *= 2 * factor(count &- 1) }
            coarseLayout.fillGhosts(coarse, even)
            coarseLayout.fillGhosts(coarse, odd)
        }
    }

    /// coarse = the row's factor times the sum over the children, of which only the first along `axis` counts.
    @inline(__always)
    private static func aggregate<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ fine: UnsafePointer<T>, axis: Int, _ coarseLayout: ColourLayout,
                                           _ fineLayout: ColourLayout, _ rows: Range<Int>, factor: (Int) -> T) {
        for row in rows {
            let factor = T.Pack(repeating: factor(row))
            forChildren(of: row, coarseLayout, fineLayout, firstAlong: axis) { j, k, isFirst in
                let place = fineLayout.place(j, k, half: 0), even = fine + place.own, odd = fine + place.other
                gather(coarse, coarseLayout, row, isFirst) { i in
                    let e = masked(load(even, i), remaining: fineLayout.count(half: 0) &- i, T.self)
                    return factor * (axis == 0 ? e : e + masked(load(odd, i), remaining: fineLayout.count(half: 1) &- i, T.self))
                }
            }
        }
    }

    /// The rows of the fine grid that make up a row of the coarse one; an axis of one cell is not coarsened.
    @inline(__always)
    private static func forChildren(of row: Int, _ coarse: ColourLayout, _ fine: ColourLayout, firstAlong axis: Int = -1,
                                    _ body: (_ j: Int, _ k: Int, _ isFirst: Bool) -> Void) {
        let childrenY = fine.ny > 1 ? 2 : 1, childrenZ = fine.nz > 1 ? 2 : 1
        let kc = row / coarse.ny, jc = row &- kc &* coarse.ny, firstJ = jc &* childrenY, firstK = kc &* childrenZ
        let lastJ = axis == 1 ? firstJ &+ 1 : min(firstJ &+ childrenY, fine.ny), lastK = axis == 2 ? firstK &+ 1 : min(firstK &+ childrenZ, fine.nz)
        for k in firstK..<lastK {
            for j in firstJ..<lastJ { body(j, k, k == firstK && j == firstJ) }
        }
    }

    /// Sets (or adds to) a coarse row from packs of it in the order of x: cell i comes from place i of the halves of the fine row. Past the last cell
    /// the packs must be zero.
    @inline(__always)
    private static func gather<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ layout: ColourLayout, _ row: Int, _ isFirst: Bool,
                                        _ pack: (Int) -> T.Pack) {
        let width = T.Pack.scalarCount, even = coarse + layout.offset(row: row, half: 0), odd = coarse + layout.offset(row: row, half: 1)
        var i = 0
        while i < layout.nx {
            let a = pack(i), b = i &+ width < layout.nx ? pack(i &+ width) : T.Pack()
            let e = T.evens(a, b), o = T.odds(a, b)
            store(even, i / 2, isFirst ? e : e + load(even, i / 2))
            store(odd, i / 2, isFirst ? o : o + load(odd, i / 2))
            i &+= 2 &* width
        }
    }
}
