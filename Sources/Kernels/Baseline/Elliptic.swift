import KernelInterface

/// The arrays around one row that a 5- or 7-point operator reads; neighbours wrap round (see `FaceCoefficients`).
struct StencilRow<T: Real> {
    let centre: UnsafePointer<T>, left: UnsafePointer<T>, right: UnsafePointer<T>, south: UnsafePointer<T>, north: UnsafePointer<T>
    let below: UnsafePointer<T>, above: UnsafePointer<T>
    let gLeft: UnsafePointer<T>, gRight: UnsafePointer<T>, gSouth: UnsafePointer<T>, gNorth: UnsafePointer<T>
    let gBelow: UnsafePointer<T>, gAbove: UnsafePointer<T>
    let isSolid: Bool

    @inline(__always)
    init(_ u: UnsafePointer<T>, _ g: FaceCoefficients<T>, _ layout: Layout, _ row: Int) {
        let k = row / layout.ny, j = row &- k &* layout.ny, plane = k &* layout.planeStride
        let o = plane &+ j &* layout.rowStride
        let s = plane &+ (j == 0 ? layout.ny &- 1 : j &- 1) &* layout.rowStride
        let n = plane &+ (j &+ 1 == layout.ny ? 0 : j &+ 1) &* layout.rowStride
        let b = o &+ (k == 0 ? layout.nz &- 1 : -1) &* layout.planeStride
        let a = o &+ (k &+ 1 == layout.nz ? 1 &- layout.nz : 1) &* layout.planeStride
        self.init(u, g, o, left: o &- 1, right: o &+ 1, gRight: o &+ 1, south: s, north: n, below: b, above: a)
    }

    /// Of one half of a row: the cells to its left and right are the other half, which starts one cell later where this one is even.
    @inline(__always)
    init(_ u: UnsafePointer<T>, _ g: FaceCoefficients<T>, _ place: ColourRow) {
        let right = place.other &+ place.half
        self.init(u, g, place.own, left: right &- 1, right: right, gRight: right, south: place.south, north: place.north, below: place.below,
                  above: place.above)
    }

    @inline(__always)
    private init(_ u: UnsafePointer<T>, _ g: FaceCoefficients<T>, _ o: Int, left: Int, right: Int, gRight: Int, south: Int, north: Int, below: Int,
                 above: Int) {
        (centre, self.left, self.right, self.south, self.north) = (u + o, u + left, u + right, u + south, u + north)
        (gLeft, self.gRight, gSouth, gNorth) = (g.x + o, g.x + gRight, g.y + o, g.y + north)
        if let gz = g.z {
            (self.below, self.above, gBelow, gAbove) = (u + below, u + above, gz + o, gz + above)
            isSolid = true
        } else {
            (self.below, self.above, gBelow, gAbove) = (centre, centre, gLeft, gLeft)
            isSolid = false
        }
    }

    /// Sum over faces of g u_neighbour.
    @inline(__always)
    func neighbours(_ i: Int, solid: Bool) -> T.Pack {
        var v = load(gLeft, i) * load(left, i)
        v = T.muladd(load(gRight, i), load(right, i), v)
        v = T.muladd(load(gSouth, i), load(south, i), v)
        v = T.muladd(load(gNorth, i), load(north, i), v)
        if solid {
            v = T.muladd(load(gBelow, i), load(below, i), v)
            v = T.muladd(load(gAbove, i), load(above, i), v)
        }
        return v
    }

    /// Sum over faces of g (u - u_neighbour), in the difference form that keeps a constant exactly in the kernel.
    @inline(__always)
    func divergence(_ i: Int, solid: Bool) -> T.Pack {
        let c = load(centre, i)
        var v = load(gLeft, i) * (c - load(left, i))
        v = T.muladd(load(gRight, i), c - load(right, i), v)
        v = T.muladd(load(gSouth, i), c - load(south, i), v)
        v = T.muladd(load(gNorth, i), c - load(north, i), v)
        if solid {
            v = T.muladd(load(gBelow, i), c - load(below, i), v)
            v = T.muladd(load(gAbove, i), c - load(above, i), v)
        }
        return v
    }

    @inline(__always)
    func coefficientSum(_ i: Int) -> T.Pack {
        var v = load(gLeft, i) + load(gRight, i) + load(gSouth, i) + load(gNorth, i)
        if isSolid { v += load(gBelow, i) + load(gAbove, i) }
        return v
    }
}

/// Zero in the lanes beyond the last cell of a row.
@inline(__always)
func masked<T: Real>(_ v: T.Pack, remaining: Int, _: T.Type) -> T.Pack {
    if remaining >= T.Pack.scalarCount { return v }
    return v.replacing(with: T.Pack(), where: T.laneNumbers .>= T.Pack(repeating: T(remaining)))
}

@inline(__always)
func fillGhosts<T: Real>(_ row: UnsafeMutablePointer<T>, _ nx: Int) {
    row[-1] = row[nx &- 1]
    row[nx] = row[0]
}

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func applyOperator<T: Real>(_ y: UnsafeMutablePointer<T>, _ x: UnsafePointer<T>, _ a: FaceCoefficients<T>,
                                              _ s: UnsafePointer<T>, node: T, wall: UnsafePointer<T>, _ rowSums: UnsafeMutablePointer<Double>,
                                              _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let o = layout.offset(row: row), wall = node == 0 || !isLast(row, layout.ny) ? nil : wall + row / layout.ny &* layout.rowStride
            rowSums[row] = applyRow(y + o, StencilRow(x, a, layout, row), s + o, node: node, wall: wall, layout.nx, count: layout.nx)
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func applyOperator<T: Real>(_ y: UnsafeMutablePointer<T>, _ x: UnsafePointer<T>, _ a: FaceCoefficients<T>,
                                              _ s: UnsafePointer<T>, node: T, wall: UnsafePointer<T>, _ rowSums: UnsafeMutablePointer<Double>,
                                              _ layout: ColourLayout, _ rows: Range<Int>) {
        let nx = layout.halves.nx
        layout.forEach(rows) { _, j, k in
            for half in 0..<2 {
                let place = layout.place(j, k, half: half), o = place.own, count = layout.count(half: half)
                let wall = node == 0 || j &+ 1 < layout.ny ? nil : wall + layout.wallOffset(plane: k, half: half)
                rowSums[layout.stored(j, k, half: half)] = applyRow(y + o, StencilRow(x, a, place), s + o, node: node, wall: wall, nx, count: count)
                if count < nx { y[o &+ count] = 0 }
            }
        }
    }

    /// - Returns: x . y over the first `count` cells.
    @inline(__always)
    private static func applyRow<T: Real>(_ y: UnsafeMutablePointer<T>, _ stencil: StencilRow<T>, _ s: UnsafePointer<T>, node: T,
                                          wall: UnsafePointer<T>?, _ nx: Int, count: Int) -> Double {
        let node = T.Pack(repeating: node)
        var sum = SIMD8<Double>(), i = 0
        while i < nx {
            let c = load(stencil.centre, i)
            var v = T.muladd(load(s, i), c - node, stencil.divergence(i, solid: stencil.isSolid))
            if let wall { v = T.muladd(load(wall, i), node, v) }
            store(y, i, v)
            sum = T.sumOfProducts(masked(v, remaining: count &- i, T.self), masked(c, remaining: count &- i, T.self), sum)
            i &+= T.Pack.scalarCount
        }
        return sum.sum()
    }

    @inline(__always)
    private static func isLast(_ row: Int, _ ny: Int) -> Bool { row % ny == ny &- 1 }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func residual<T: Real>(_ f: UnsafeMutablePointer<Float>, _ b: UnsafePointer<T>, _ x: UnsafePointer<T>, _ a: FaceCoefficients<T>,
                                         _ s: UnsafePointer<T>, node: T, wall: UnsafePointer<T>, scale: T, _ rowSums: UnsafeMutablePointer<Double>,
                                         _ single: ColourLayout, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = layout.nx, scale = T.Pack(repeating: scale), isJoined = node != 0, node = T.Pack(repeating: node)
        for row in rows {
            let stencil = StencilRow(x, a, layout, row), o = layout.offset(row: row), s = s + o, b = b + o
            let wall = isJoined && isLast(row, layout.ny) ? wall + row / layout.ny &* layout.rowStride : nil
            let even = f + single.offset(row: row, half: 0), odd = f + single.offset(row: row, half: 1)
            var sum = SIMD8<Double>(), i = 0
            while i &+ 2 &* width <= nx {
                let u = residualPack(stencil, b, s, node, wall, i), v = residualPack(stencil, b, s, node, wall, i &+ width)
                sum = T.sumOfProducts(v, v, T.sumOfProducts(u, u, sum))
                storeHalves(even, odd, i, scale * u, scale * v, T.self)
                i &+= 2 &* width
            }
            if i < nx {
                let u = masked(residualPack(stencil, b, s, node, wall, i), remaining: nx &- i, T.self)
                let v = i &+ width < nx ? masked(residualPack(stencil, b, s, node, wall, i &+ width), remaining: nx &- i &- width, T.self) : T.Pack()
                sum = T.sumOfProducts(v, v, T.sumOfProducts(u, u, sum))
                storeHalves(even, odd, i, scale * u, scale * v, T.self)
            }
            if nx & 1 == 1 { odd[single.halves.nx &- 1] = 0 }
            rowSums[row] = sum.sum()
        }
    }

    @inline(__always)
    private static func residualPack<T: Real>(_ stencil: StencilRow<T>, _ b: UnsafePointer<T>, _ s: UnsafePointer<T>, _ node: T.Pack,
                                              _ wall: UnsafePointer<T>?, _ i: Int) -> T.Pack {
        let v = load(b, i) - T.muladd(load(s, i), load(stencil.centre, i) - node, stencil.divergence(i, solid: stencil.isSolid))
        return wall.map { T.muladd(-load($0, i), node, v) } ?? v
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func split<T: Real>(_ f: UnsafeMutablePointer<Float>, _ r: UnsafePointer<T>, _ scale: T, _ single: ColourLayout, _ layout: Layout,
                                      _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, scale = T.Pack(repeating: scale), nx = layout.nx
        for row in rows {
            let r = r + layout.offset(row: row), even = f + single.offset(row: row, half: 0), odd = f + single.offset(row: row, half: 1)
            var i = 0
            while i < nx {
                // Past the last cell of a row there is padding to read.
                let u = scale * load(r, i), v = scale * load(r, i &+ width)
                storeHalves(even, odd, i, u, v, T.self)
                i &+= 2 &* width
            }
            if nx & 1 == 1 { odd[single.halves.nx &- 1] = 0 }
        }
    }

    /// Cells i, i + 1, ... of a row, as two packs.
    @inline(__always)
    private static func storeHalves<T: Real>(_ even: UnsafeMutablePointer<Float>, _ odd: UnsafeMutablePointer<Float>, _ i: Int, _ u: T.Pack,
                                             _ v: T.Pack, _: T.Type) {
        T.storeSingle(even, i / 2, T.evens(u, v))
        T.storeSingle(odd, i / 2, T.odds(u, v))
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func join<T: Real>(_ x: UnsafeMutablePointer<T>, _ z: UnsafePointer<Float>, _ factor: T, _ y: UnsafePointer<Float>?, _ other: T,
                                     adds: Bool, _ single: ColourLayout, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, factor = T.Pack(repeating: factor), other = T.Pack(repeating: other), nx = layout.nx
        for row in rows {
            let x = x + layout.offset(row: row), first = single.offset(row: row, half: 0), second = single.offset(row: row, half: 1)
            var i = 0
            while i < nx {
                var e = factor * T.loadSingle(z + first, i / 2), o = factor * T.loadSingle(z + second, i / 2)
                if let y {
                    e = T.muladd(other, T.loadSingle(y + first, i / 2), e)
                    o = T.muladd(other, T.loadSingle(y + second, i / 2), o)
                }
                let low = T.interleaveLow(e, o)
                store(x, i, adds ? low + load(x, i) : low)
                if i &+ width < nx {
                    let high = T.interleaveHigh(e, o)
                    store(x, i &+ width, adds ? high + load(x, i &+ width) : high)
                }
                i &+= 2 &* width
            }
            fillGhosts(x, nx)
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func toSingle<T: Real>(_ f: UnsafeMutablePointer<Float>, _ r: UnsafePointer<T>, _ scale: T,
                                         _ single: Layout, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, scale = T.Pack(repeating: scale)
        for row in rows {
            let f = f + single.offset(row: row), r = r + layout.offset(row: row)
            var i = 0
            while i < layout.nx {
                T.storeSingle(f, i, scale * load(r, i))
                i &+= width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func dotSingle<T: Real>(_ r: UnsafePointer<T>, _ z: UnsafePointer<Float>, _ rowSums: UnsafeMutablePointer<Double>,
                                          _ single: Layout, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = layout.nx
        for row in rows {
            let z = z + single.offset(row: row), r = r + layout.offset(row: row)
            var sum = SIMD8<Double>(), i = 0
            while i &+ width <= nx {
                sum = T.sumOfProducts(load(r, i), T.loadSingle(z, i), sum)
                i &+= width
            }
            if i < nx {
                sum = T.sumOfProducts(masked(load(r, i), remaining: nx &- i, T.self), masked(T.loadSingle(z, i), remaining: nx &- i, T.self), sum)
            }
            rowSums[row] = sum.sum()
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func dotBoth<T: Real>(_ r: UnsafePointer<T>, _ s: UnsafePointer<T>, _ z: UnsafePointer<Float>,
                                        _ rowSums: UnsafeMutablePointer<Double>, _ sums: UnsafeMutablePointer<Double>, _ single: Layout,
                                        _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = layout.nx
        for row in rows {
            let z = z + single.offset(row: row), r = r + layout.offset(row: row), s = s + layout.offset(row: row)
            var first = SIMD8<Double>(), second = SIMD8<Double>(), i = 0
            while i &+ width <= nx {
                let v = T.loadSingle(z, i)
                first = T.sumOfProducts(load(r, i), v, first)
                second = T.sumOfProducts(load(s, i), v, second)
                i &+= width
            }
            if i < nx {
                let v = masked(T.loadSingle(z, i), remaining: nx &- i, T.self)
                first = T.sumOfProducts(masked(load(r, i), remaining: nx &- i, T.self), v, first)
                second = T.sumOfProducts(masked(load(s, i), remaining: nx &- i, T.self), v, second)
            }
            rowSums[row] = first.sum()
            sums[row] = second.sum()
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func updateDirection<T: Real>(_ p: UnsafeMutablePointer<T>, _ z: UnsafePointer<Float>, _ beta: T, _ x: UnsafeMutablePointer<T>?,
                                                _ alpha: T, adds: Bool, _ single: Layout, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, beta = T.Pack(repeating: beta), alpha = T.Pack(repeating: alpha)
        for row in rows {
            let z = z + single.offset(row: row), p = p + layout.offset(row: row), x = x.map { $0 + layout.offset(row: row) }
            var i = 0
            while i < layout.nx {
                if let x {
                    let old = load(p, i)
                    store(x, i, adds ? T.muladd(alpha, old, load(x, i)) : alpha * old)
                    store(p, i, T.muladd(beta, old, T.loadSingle(z, i)))
                } else {
                    store(p, i, T.loadSingle(z, i))
                }
                i &+= width
            }
            fillGhosts(p, layout.nx)
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func updateResidual<T: Real>(_ r: UnsafeMutablePointer<T>, _ f: UnsafeMutablePointer<Float>, _ alpha: T, _ q: UnsafePointer<T>,
                                               _ scale: T, _ rowSums: UnsafeMutablePointer<Double>, _ single: Layout, _ layout: Layout,
                                               _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = layout.nx
        let alpha = T.Pack(repeating: alpha), scale = T.Pack(repeating: scale)
        for row in rows {
            let o = layout.offset(row: row), r = r + o, q = q + o, f = f + single.offset(row: row)
            var sum = SIMD8<Double>(), i = 0
            while i < nx {
                let v = T.muladd(-alpha, load(q, i), load(r, i))
                store(r, i, v)
                T.storeSingle(f, i, scale * v)
                let m = masked(v, remaining: nx &- i, T.self)
                sum = T.sumOfProducts(m, m, sum)
                i &+= width
            }
            rowSums[row] = sum.sum()
        }
    }
}
