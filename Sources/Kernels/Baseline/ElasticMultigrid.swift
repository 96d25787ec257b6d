import KernelInterface

/// Which lanes of a row are of a colour, as a mask.
@inline(__always)
private func colourMask<T: Real>(_ layout: Layout, _ row: Int, _ colour: Int, _: T.Type) -> SIMDMask<T.Pack.MaskStorage> {
    let k = row / layout.ny, j = row &- k &* layout.ny
    let even = evenLanes(T.self)
    return (j &+ k &+ colour) & 1 == 0 ? even : .!even
}

extension ElasticStencil {
    /// Diagonal of the operator for a component at cell i of a row.
    @inline(__always)
    func diagonal(_ component: Int, _ r: RowOffsets, _ i: Int, solid: Bool) -> T.Pack {
        let o = r.centre &+ i, here = axial(o)
        switch component {
        case 0:
            let v = here + axial(o &- 1) + load(xy, o) + load(xy, r.north &+ i)
            return solid ? v + load(xz, o) + load(xz, r.above &+ i) : v
        case 1:
            let v = here + axial(r.south &+ i) + load(xy, o) + load(xy, o &+ 1)
            return solid ? v + load(yz, o) + load(yz, r.above &+ i) : v
        default:
            return here + axial(r.below &+ i) + load(xz, o) + load(xz, o &+ 1) + load(yz, o) + load(yz, r.north &+ i)
        }
    }

    /// lambda + 2 mu.
    @inline(__always)
    private func axial(_ o: Int) -> T.Pack {
        let m = load(mu, o)
        return load(lambda, o) + (m + m)
    }

    @inline(__always)
    func force(_ component: Int, _ r: RowOffsets, _ i: Int, solid: Bool) -> T.Pack {
        component == 0 ? forceX(r, i, solid: solid) : component == 1 ? forceY(r, i, solid: solid) : forceZ(r, i)
    }
}

/// The bilinear mean of four rows.
private struct FourRows<T: Real> {
    let a: UnsafePointer<T>, b: UnsafePointer<T>, c: UnsafePointer<T>, d: UnsafePointer<T>
    let wa: T.Pack, wb: T.Pack, wc: T.Pack, wd: T.Pack

    @inline(__always)
    init(a: UnsafePointer<T>, b: UnsafePointer<T>, c: UnsafePointer<T>, d: UnsafePointer<T>, _ wy: Double, _ wz: Double) {
        (self.a, self.b, self.c, self.d) = (a, b, c, d)
        wa = T.Pack(repeating: T((1 - wy) * (1 - wz)))
        wb = T.Pack(repeating: T(wy * (1 - wz)))
        wc = T.Pack(repeating: T((1 - wy) * wz))
        wd = T.Pack(repeating: T(wy * wz))
    }

    @inline(__always)
    func at(_ i: Int) -> T.Pack {
        T.muladd(wa, load(a, i), T.muladd(wb, load(b, i), T.muladd(wc, load(c, i), wd * load(d, i))))
    }
}

extension VectorCells {
    @inline(__always)
    func component(_ a: Int) -> UnsafeMutablePointer<T> { a == 0 ? x : a == 1 ? y : z! }
}

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func averageModuli<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ fine: UnsafePointer<T>, _ coarseLayout: Layout,
                                              _ fineLayout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = fineLayout.nx, solid = fineLayout.nz > 1, share = T.Pack(repeating: solid ? 0.125 : 0.25)
        for row in rows {
            let out = coarse + coarseLayout.offset(row: row), k = row / coarseLayout.ny, j = row &- k &* coarseLayout.ny
            let first = fine + 2 &* j &* fineLayout.rowStride + (solid ? 2 : 1) &* k &* fineLayout.planeStride
            func sum(_ i: Int) -> T.Pack {
                guard i < nx else { return T.Pack() }
                var v = load(first, i) + load(first, i &+ fineLayout.rowStride)
                if solid { v += load(first, i &+ fineLayout.planeStride) + load(first, i &+ fineLayout.planeStride &+ fineLayout.rowStride) }
                return v
            }
            var i = 0
            while i < nx {
                store(out, i / 2, share * T.pairSums(sum(i), sum(i &+ width)))
                i &+= 2 &* width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func elasticDiagonal<T: Real>(_ inverse: VectorCells<T>, _ c: StiffnessCells<T>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, solid = inverse.z != nil, one = T.Pack(repeating: 1)
        let stencil = ElasticStencil(inverse, MeanStrain(0, 0, 0), c)
        for component in 0..<(solid ? 3 : 2) {
            let out = inverse.component(component)
            for row in rows {
                let r = RowOffsets(layout, row, solid: solid), o = r.centre, isFixed = component == 1 && r.isWall
                var i = 0
                while i < layout.nx {
                    let d = stencil.diagonal(component, r, i, solid: solid)
                    let v = (one / d).replacing(with: T.Pack(), where: d .<= T.Pack())
                    store(out, o &+ i, isFixed ? T.Pack() : masked(v, remaining: layout.nx &- i, T.self))
                    i &+= width
                }
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func relaxElasticity<T: Real>(_ u: VectorCells<T>, _ g: VectorCells<T>, _ c: StiffnessCells<T>, _ inverse: VectorCells<T>,
                                                component: Int, colour: Int, _ layout: Layout, _ rows: Range<Int>) {
        switch (component, u.z != nil) {
        case (0, false): relaxElasticity(u, g, c, inverse, colour, layout, rows, component: 0, solid: false)
        case (_, false): relaxElasticity(u, g, c, inverse, colour, layout, rows, component: 1, solid: false)
        case (0, true): relaxElasticity(u, g, c, inverse, colour, layout, rows, component: 0, solid: true)
        case (1, true): relaxElasticity(u, g, c, inverse, colour, layout, rows, component: 1, solid: true)
        case (_, true): relaxElasticity(u, g, c, inverse, colour, layout, rows, component: 2, solid: true)
        }
    }

    @inline(__always)
    private static func relaxElasticity<T: Real>(_ u: VectorCells<T>, _ g: VectorCells<T>, _ c: StiffnessCells<T>, _ inverse: VectorCells<T>,
                                                 _ colour: Int, _ layout: Layout, _ rows: Range<Int>, component: Int, solid: Bool) {
        let width = T.Pack.scalarCount
        let stencil = ElasticStencil(u, MeanStrain(0, 0, 0), c)
        let target = u.component(component), right = g.component(component), d = inverse.component(component)
        for row in rows {
            let r = RowOffsets(layout, row, solid: solid), o = r.centre
            if component == 1 && r.isWall { continue }
            let mask = colourMask(layout, row, colour, T.self)
            var i = 0
            while i < layout.nx {
                let p = o &+ i, v = load(target, p)
                let w = T.muladd(load(d, p), load(right, p) - stencil.force(component, r, i, solid: solid), v)
                store(target, p, v.replacing(with: w, where: mask))
                i &+= width
            }
            fillGhosts(target + o, layout.nx)
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func elasticResidual<T: Real>(_ r: VectorCells<T>, _ g: VectorCells<T>, _ u: VectorCells<T>, _ c: StiffnessCells<T>,
                                                _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, solid = u.z != nil
        let stencil = ElasticStencil(u, MeanStrain(0, 0, 0), c)
        for row in rows {
            let offsets = RowOffsets(layout, row, solid: solid), o = offsets.centre
            var i = 0
            while i < layout.nx {
                let p = o &+ i
                store(r.x, p, load(g.x, p) - stencil.forceX(offsets, i, solid: solid))
                store(r.y, p, offsets.isWall ? T.Pack() : load(g.y, p) - stencil.forceY(offsets, i, solid: solid))
                if solid { store(r.z!, p, load(g.z!, p) - stencil.forceZ(offsets, i)) }
                i &+= width
            }
            fillGhosts(r.x + o, layout.nx)
            fillGhosts(r.y + o, layout.nx)
            if solid { fillGhosts(r.z! + o, layout.nx) }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func prolongStaggered<T: Real>(_ u: UnsafeMutablePointer<T>, _ coarse: UnsafePointer<T>, component: Int,
                                                 _ coarseLayout: Layout, _ fineLayout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = fineLayout.nx, ny = fineLayout.ny
        let isFaceX = component == 0
        let even = evenLanes(T.self)
        // Odd fine faces take half of the next coarse face, centres a quarter of the coarse centre on their side.
        let left = T.Pack().replacing(with: T.Pack(repeating: isFaceX ? 0 : 0.25), where: even)
        let right = T.Pack(repeating: isFaceX ? 0.5 : 0.25).replacing(with: T.Pack(), where: even)
        let middle = T.Pack(repeating: 1) - left - right
        for row in rows {
            let k = row / ny, j = row &- k &* ny
            if component == 1 && j == 0 { continue }
            let (y0, y1, wy) = parents(j, coarseLayout.ny, isFace: component == 1, periodic: component == 1)
            let (z0, z1, wz): (Int, Int, Double) = fineLayout.nz > 1
                ? parents(k, coarseLayout.nz, isFace: component == 2, periodic: true) : (0, 0, 0)
            let a = coarse + coarseLayout.offset(row: y0 &+ coarseLayout.ny &* z0), b = coarse + coarseLayout.offset(row: y1 &+ coarseLayout.ny &* z0)
            let c = coarse + coarseLayout.offset(row: y0 &+ coarseLayout.ny &* z1), d = coarse + coarseLayout.offset(row: y1 &+ coarseLayout.ny &* z1)
            let mean = FourRows<T>(a: a, b: b, c: c, d: d, wy, wz)
            let out = u + fineLayout.offset(row: row)
            var i = 0, q = 0
            while i < nx {
                let m: T.Pack = mean.at(q), w: T.Pack = mean.at(q &- 1), e: T.Pack = mean.at(q &+ 1)
                let low = T.muladd(left, T.spreadLow(w), T.muladd(right, T.spreadLow(e), middle * T.spreadLow(m)))
                store(out, i, load(out, i) + low)
                if i &+ width < nx {
                    let high = T.muladd(left, T.spreadHigh(w), T.muladd(right, T.spreadHigh(e), middle * T.spreadHigh(m)))
                    store(out, i &+ width, load(out, i &+ width) + high)
                }
                i &+= 2 &* width
                q &+= width
            }
            fillGhosts(out, nx)
        }
    }

    /// The coarse rows that row j is interpolated from, and the weight of the second.
    @inline(__always)
    private static func parents(_ j: Int, _ count: Int, isFace: Bool, periodic: Bool) -> (Int, Int, Double) {
        let first = j / 2
        if isFace {
            let next = first &+ 1 == count ? 0 : first &+ 1
            return j & 1 == 0 ? (first, first, 0) : (first, next, 0.5)
        }
        let second = j & 1 == 0 ? first &- 1 : first &+ 1
        let inside = second >= 0 && second < count
        return (first, inside ? second : periodic ? (second &+ count) % count : first, 0.25)
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func restrictStaggered<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ r: UnsafePointer<T>, component: Int, factor: T,
                                                  _ coarseLayout: Layout, _ fineLayout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = fineLayout.nx, isFaceX = component == 0
        let side = T.Pack(repeating: isFaceX ? 0.5 : 0.25), half = T.Pack(repeating: 0.5), zero = T.Pack()
        for row in rows {
            let out = coarse + coarseLayout.offset(row: row)
            let kc = row / coarseLayout.ny, jc = row &- kc &* coarseLayout.ny
            if component == 1 && jc == 0 {
                var c = 0
                while c < coarseLayout.nx { store(out, c, zero); c &+= width }
                continue
            }
            var first = true
            for dz in -1...2 {
                let (k, wz) = child(kc, dz, fineLayout.nz, isFace: component == 2, periodic: true)
                if wz == 0 { continue }
                for dy in -1...2 {
                    let (j, wy) = child(jc, dy, fineLayout.ny, isFace: component == 1, periodic: component == 1)
                    if wy == 0 { continue }
                    let source = r + fineLayout.offset(row: j &+ fineLayout.ny &* k), weight = T.Pack(repeating: factor * T(wy * wz))
                    var i = 0, c = 0
                    while i < nx {
                        // Face: 1/2, 1, 1/2 about fine face 2I; centre: 1/4, 3/4, 3/4, 1/4 about cells 2I, 2I + 1.
                        let more = i &+ width < nx
                        let m = T.pairSums(load(source, i), more ? load(source, i &+ width) : zero)
                        let w = T.pairSums(load(source, i &- 1), more ? load(source, i &+ width &- 1) : zero)
                        var v: T.Pack
                        if isFaceX {
                            v = side * (w + m)
                        } else {
                            let e = T.pairSums(load(source, i &+ 1), more ? load(source, i &+ width &+ 1) : zero)
                            v = half * m + side * (w + e)
                        }
                        v *= weight
                        store(out, c, first ? v : v + load(out, c))
                        i &+= 2 &* width
                        c &+= width
                    }
                    first = false
                }
            }
        }
    }

    /// Row number and weight of the fine row 2 J + step in coarse row J; weight 0 when it has none.
    @inline(__always)
    private static func child(_ coarse: Int, _ step: Int, _ count: Int, isFace: Bool, periodic: Bool) -> (Int, Double) {
        if count == 1 { return (0, step == 0 ? 1 : 0) }
        let weight = isFace ? (step == 0 ? 1 : step == 2 ? 0 : 0.5) : (step == 0 || step == 1 ? 0.75 : 0.25)
        let j = 2 &* coarse &+ step
        if j >= 0 && j < count { return (j, weight) }
        return (periodic ? (j &+ count) % count : j < 0 ? 0 : count &- 1, weight)
    }
}
