import KernelInterface

/// Which lanes of a row are of a colour, as a mask.
@inline(__always)
func colourMask<T: Real>(_ layout: Layout, _ row: Int, _ colour: Int, _: T.Type) -> SIMDMask<T.Pack.MaskStorage> {
    let k = row / layout.ny, j = row &- k &* layout.ny
    let even = T.spreadLow(T.laneNumbers + T.laneNumbers) .== T.laneNumbers
    return (j &+ k &+ colour) & 1 == 0 ? even : .!even
}

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func relaxRedFromZero<T: Real>(_ u: UnsafeMutablePointer<T>, _ f: UnsafePointer<T>, _ inverseDiagonal: UnsafePointer<T>,
                                                 _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount
        for row in rows {
            let o = layout.offset(row: row), u = u + o, f = f + o, d = inverseDiagonal + o
            let red = colourMask(layout, row, 0, T.self)
            var i = 0
            while i < layout.nx {
                store(u, i, T.Pack().replacing(with: load(f, i) * load(d, i), where: red))
                i &+= width
            }
            fillGhosts(u, layout.nx)
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func relax<T: Real>(_ u: UnsafeMutablePointer<T>, _ f: UnsafePointer<T>, _ g: FaceCoefficients<T>,
                                      _ inverseDiagonal: UnsafePointer<T>, colour: Int, _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let stencil = StencilRow(UnsafePointer(u), g, layout, row), o = layout.offset(row: row)
            if stencil.isSolid {
                relaxRow(u + o, f + o, stencil, inverseDiagonal + o, colourMask(layout, row, colour, T.self), layout.nx, solid: true)
            } else {
                relaxRow(u + o, f + o, stencil, inverseDiagonal + o, colourMask(layout, row, colour, T.self), layout.nx, solid: false)
            }
        }
    }

    @inline(__always)
    private static func relaxRow<T: Real>(_ u: UnsafeMutablePointer<T>, _ f: UnsafePointer<T>, _ stencil: StencilRow<T>,
                                          _ d: UnsafePointer<T>, _ mask: SIMDMask<T.Pack.MaskStorage>, _ nx: Int, solid: Bool) {
        var i = 0, left = load(stencil.centre, -1)
        while i < nx {
            let v = (load(f, i) + stencil.neighbours(i, left: left, solid: solid)) * load(d, i)
            // Read before the store: a load that overlaps the pack just stored waits for it to leave the store buffer, half of the sweep's time.
            // The values of this colour in it are old, and nobody looks at them.
            left = load(stencil.centre, i &+ T.Pack.scalarCount &- 1)
            store(u, i, load(u, i).replacing(with: v, where: mask))
            i &+= T.Pack.scalarCount
        }
        fillGhosts(u, nx)
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func restrictRedResidual<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ u: UnsafePointer<T>, _ g: FaceCoefficients<T>,
                                                    _ coarseLayout: Layout, _ fineLayout: Layout, _ rows: Range<Int>) {
        // An axis of one cell is not coarsened.
        let childrenY = fineLayout.ny > 1 ? 2 : 1, childrenZ = fineLayout.nz > 1 ? 2 : 1
        for row in rows {
            let out = coarse + coarseLayout.offset(row: row)
            let kc = row / coarseLayout.ny, jc = row &- kc &* coarseLayout.ny
            var first = true
            for k in kc &* childrenZ ..< min((kc &+ 1) &* childrenZ, fineLayout.nz) {
                for j in jc &* childrenY ..< min((jc &+ 1) &* childrenY, fineLayout.ny) {
                    let fineRow = j &+ fineLayout.ny &* k
                    let stencil = StencilRow(u, g, fineLayout, fineRow), red = colourMask(fineLayout, fineRow, 0, T.self)
                    if stencil.isSolid {
                        restrictRedRow(out, stencil, red, fineLayout.nx, first, solid: true)
                    } else {
                        restrictRedRow(out, stencil, red, fineLayout.nx, first, solid: false)
                    }
                    first = false
                }
            }
        }
    }

    @inline(__always)
    private static func restrictRedRow<T: Real>(_ out: UnsafeMutablePointer<T>, _ stencil: StencilRow<T>, _ red: SIMDMask<T.Pack.MaskStorage>,
                                                _ nx: Int, _ first: Bool, solid: Bool) {
        let width = T.Pack.scalarCount
        // Two packs of fine cells make one of coarse cells.
        var i = 0, c = 0
        while i < nx {
            var a = T.Pack().replacing(with: stencil.neighbours(i, solid: solid), where: red), b = T.Pack()
            if i &+ width < nx { b = b.replacing(with: stencil.neighbours(i &+ width, solid: solid), where: red) }
            if i &+ 2 &* width > nx {
                a = masked(a, remaining: nx &- i, T.self)
                b = masked(b, remaining: nx &- i &- width, T.self)
            }
            let v: T.Pack = nx > 1 ? T.pairSums(a, b) : a
            store(out, c, first ? v : v + load(out, c))
            i &+= 2 &* width
            c &+= width
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func restrictResidual<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ u: UnsafePointer<T>, _ f: UnsafePointer<T>,
                                                 _ s: UnsafePointer<T>, _ g: FaceCoefficients<T>, _ coarseLayout: Layout,
                                                 _ fineLayout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = fineLayout.nx
        let childrenY = fineLayout.ny > 1 ? 2 : 1, childrenZ = fineLayout.nz > 1 ? 2 : 1
        for row in rows {
            let out = coarse + coarseLayout.offset(row: row)
            let kc = row / coarseLayout.ny, jc = row &- kc &* coarseLayout.ny
            var first = true
            for k in kc &* childrenZ ..< min((kc &+ 1) &* childrenZ, fineLayout.nz) {
                for j in jc &* childrenY ..< min((jc &+ 1) &* childrenY, fineLayout.ny) {
                    let fineRow = j &+ fineLayout.ny &* k, o = fineLayout.offset(row: fineRow)
                    let stencil = StencilRow(u, g, fineLayout, fineRow), f = f + o, s = s + o
                    var i = 0, c = 0
                    while i < nx {
                        let a = wholeResidual(stencil, f, s, i, nx), b = wholeResidual(stencil, f, s, i &+ width, nx)
                        let v: T.Pack = nx > 1 ? T.pairSums(a, b) : a
                        store(out, c, first ? v : v + load(out, c))
                        i &+= 2 &* width
                        c &+= width
                    }
                    first = false
                }
            }
        }
    }

    @inline(__always)
    private static func wholeResidual<T: Real>(_ stencil: StencilRow<T>, _ f: UnsafePointer<T>, _ s: UnsafePointer<T>, _ i: Int,
                                               _ nx: Int) -> T.Pack {
        if i >= nx { return T.Pack() }
        let v = load(f, i) - T.muladd(load(s, i), load(stencil.centre, i), stencil.divergence(i, solid: stencil.isSolid))
        return masked(v, remaining: nx &- i, T.self)
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func prolong<T: Real>(_ u: UnsafeMutablePointer<T>, _ coarse: UnsafePointer<T>, _ coarseLayout: Layout, _ fineLayout: Layout,
                                        _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = fineLayout.nx
        let childrenY = fineLayout.ny > 1 ? 2 : 1, childrenZ = fineLayout.nz > 1 ? 2 : 1
        for row in rows {
            let k = row / fineLayout.ny, j = row &- k &* fineLayout.ny
            let u = u + fineLayout.offset(row: row)
            let parent = coarse + coarseLayout.offset(row: j / childrenY &+ coarseLayout.ny &* (k / childrenZ))
            if nx == 1 {
                u[0] += parent[0]
                fillGhosts(u, nx)
                continue
            }
            var i = 0, c = 0
            while i < nx {
                let p = load(parent, c)
                store(u, i, load(u, i) + T.spreadLow(p))
                if i &+ width < nx { store(u, i &+ width, load(u, i &+ width) + T.spreadHigh(p)) }
                i &+= 2 &* width
                c &+= width
            }
            fillGhosts(u, nx)
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func invertDiagonal<T: Real>(_ inverseDiagonal: UnsafeMutablePointer<T>, _ s: UnsafePointer<T>, _ g: FaceCoefficients<T>,
                                               _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, one = T.Pack(repeating: 1)
        for row in rows {
            let stencil = StencilRow(s, g, layout, row), o = layout.offset(row: row), out = inverseDiagonal + o, s = s + o
            var i = 0
            while i < layout.nx {
                let d = load(s, i) + stencil.coefficientSum(i)
                store(out, i, (one / d).replacing(with: T.Pack(), where: d .<= T.Pack()))
                i &+= width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func coarsenCells<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ fine: UnsafePointer<T>, _ coarseLayout: Layout,
                                             _ fineLayout: Layout, _ rows: Range<Int>) {
        aggregate(coarse, fine, axis: -1, coarseLayout, fineLayout, rows) { _ in 1 }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func coarsenFaces<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ fine: UnsafePointer<T>, axis: Int, first: T, last: T,
                                             _ coarseLayout: Layout, _ fineLayout: Layout, _ rows: Range<Int>) {
        let count = axis == 0 ? coarseLayout.nx : axis == 1 ? coarseLayout.ny : coarseLayout.nz
        func factor(_ face: Int) -> T { count == 1 ? 0 : face == 0 ? first : face == count &- 1 ? last : 0.5 }
        aggregate(coarse, fine, axis: axis, coarseLayout, fineLayout, rows) { row in
            let k = row / coarseLayout.ny
            return axis == 0 ? 0.5 : factor(axis == 1 ? row &- k &* coarseLayout.ny : k)
        }
        guard axis == 0 else { return }
        for row in rows {
            let g = coarse + coarseLayout.offset(row: row)
            g[0] *= 2 * factor(0)
            if count > 1 { g[count &- 1] *= 2 * factor(count &- 1) }
        }
    }

    /// coarse = the row's factor times the sum over the children, of which only the first along `axis` counts.
    @inline(__always)
    private static func aggregate<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ fine: UnsafePointer<T>, axis: Int, _ coarseLayout: Layout,
                                           _ fineLayout: Layout, _ rows: Range<Int>, factor: (Int) -> T) {
        let width = T.Pack.scalarCount, nx = fineLayout.nx
        let childrenY = fineLayout.ny > 1 ? 2 : 1, childrenZ = fineLayout.nz > 1 ? 2 : 1
        let odd = T.spreadLow(T.laneNumbers + T.laneNumbers) .!= T.laneNumbers
        for row in rows {
            let out = coarse + coarseLayout.offset(row: row)
            let kc = row / coarseLayout.ny, jc = row &- kc &* coarseLayout.ny
            let factor = T.Pack(repeating: factor(row))
            let lastK = axis == 2 ? kc &* childrenZ &+ 1 : min((kc &+ 1) &* childrenZ, fineLayout.nz)
            let lastJ = axis == 1 ? jc &* childrenY &+ 1 : min((jc &+ 1) &* childrenY, fineLayout.ny)
            var first = true
            for k in kc &* childrenZ ..< lastK {
                for j in jc &* childrenY ..< lastJ {
                    let source = fine + fineLayout.offset(row: j &+ fineLayout.ny &* k)
                    var i = 0, c = 0
                    while i < nx {
                        var a = masked(load(source, i), remaining: nx &- i, T.self)
                        var b = i &+ width < nx ? masked(load(source, i &+ width), remaining: nx &- i &- width, T.self) : T.Pack()
                        if axis == 0 && nx > 1 {
                            a.replace(with: T.Pack(), where: odd)
                            b.replace(with: T.Pack(), where: odd)
                        }
                        let v = factor * (nx > 1 ? T.pairSums(a, b) : a)
                        store(out, c, first ? v : v + load(out, c))
                        i &+= 2 &* width
                        c &+= width
                    }
                    first = false
                }
            }
        }
    }
}
