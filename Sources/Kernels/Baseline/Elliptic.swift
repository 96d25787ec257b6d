import KernelInterface

/// The arrays around one row that a 5- or 7-point operator reads; neighbours wrap round (see `FaceCoefficients`).
struct StencilRow<T: Real> {
    let centre: UnsafePointer<T>, south: UnsafePointer<T>, north: UnsafePointer<T>
    let below: UnsafePointer<T>, above: UnsafePointer<T>
    let gx: UnsafePointer<T>, gSouth: UnsafePointer<T>, gNorth: UnsafePointer<T>
    let gBelow: UnsafePointer<T>, gAbove: UnsafePointer<T>
    let isSolid: Bool

    @inline(__always)
    init(_ u: UnsafePointer<T>, _ g: FaceCoefficients<T>, _ layout: Layout, _ row: Int) {
        let k = row / layout.ny, j = row &- k &* layout.ny, plane = k &* layout.planeStride
        let o = plane &+ j &* layout.rowStride
        let s = plane &+ (j == 0 ? layout.ny &- 1 : j &- 1) &* layout.rowStride
        let n = plane &+ (j &+ 1 == layout.ny ? 0 : j &+ 1) &* layout.rowStride
        (centre, south, north) = (u + o, u + s, u + n)
        (gx, gSouth, gNorth) = (g.x + o, g.y + o, g.y + n)
        if let gz = g.z {
            let b = o &+ (k == 0 ? layout.nz &- 1 : -1) &* layout.planeStride
            let a = o &+ (k &+ 1 == layout.nz ? 1 &- layout.nz : 1) &* layout.planeStride
            (below, above) = (u + b, u + a)
            (gBelow, gAbove) = (gz + o, gz + a)
            isSolid = true
        } else {
            (below, above, gBelow, gAbove) = (centre, centre, gx, gx)
            isSolid = false
        }
    }

    /// Sum over faces of g u_neighbour.
    @inline(__always)
    func neighbours(_ i: Int, solid: Bool) -> T.Pack { neighbours(i, left: load(centre, i &- 1), solid: solid) }

    /// The same with the values of the cells to the left given.
    @inline(__always)
    func neighbours(_ i: Int, left: T.Pack, solid: Bool) -> T.Pack {
        var v = load(gx, i) * left
        v = T.muladd(load(gx, i &+ 1), load(centre, i &+ 1), v)
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
        var v = load(gx, i) * (c - load(centre, i &- 1))
        v = T.muladd(load(gx, i &+ 1), c - load(centre, i &+ 1), v)
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
        var v = load(gx, i) + load(gx, i &+ 1) + load(gSouth, i) + load(gNorth, i)
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
        let width = T.Pack.scalarCount, nx = layout.nx, joined = node != 0, node = T.Pack(repeating: node)
        for row in rows {
            let stencil = StencilRow(x, a, layout, row), o = layout.offset(row: row), y = y + o, s = s + o
            let wall = joined ? wallRow(wall, layout, row) : nil
            var sum = SIMD8<Double>(), i = 0
            while i < nx {
                let c = load(stencil.centre, i)
                var v = T.muladd(load(s, i), c - node, stencil.divergence(i, solid: stencil.isSolid))
                if let wall { v = T.muladd(load(wall, i), node, v) }
                store(y, i, v)
                sum = T.sumOfProducts(masked(v, remaining: nx &- i, T.self), masked(c, remaining: nx &- i, T.self), sum)
                i &+= width
            }
            rowSums[row] = sum.sum()
        }
    }

    @inline(__always)
    private static func wallRow<T: Real>(_ wall: UnsafePointer<T>, _ layout: Layout, _ row: Int) -> UnsafePointer<T>? {
        let k = row / layout.ny
        return row &- k &* layout.ny == layout.ny &- 1 ? wall + k &* layout.rowStride : nil
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func residual<T: Real>(_ f: UnsafeMutablePointer<Float>, _ b: UnsafePointer<T>, _ x: UnsafePointer<T>, _ a: FaceCoefficients<T>,
                                         _ s: UnsafePointer<T>, node: T, wall: UnsafePointer<T>, scale: T, _ rowSums: UnsafeMutablePointer<Double>,
                                         _ single: Layout, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = layout.nx, scale = T.Pack(repeating: scale)
        let joined = node != 0, node = T.Pack(repeating: node)
        for row in rows {
            let stencil = StencilRow(x, a, layout, row), o = layout.offset(row: row), f = f + single.offset(row: row), s = s + o, b = b + o
            let wall = joined ? wallRow(wall, layout, row) : nil
            var sum = SIMD8<Double>(), i = 0
            while i < nx {
                var v = load(b, i) - T.muladd(load(s, i), load(stencil.centre, i) - node, stencil.divergence(i, solid: stencil.isSolid))
                if let wall { v = T.muladd(-load(wall, i), node, v) }
                T.storeSingle(f, i, scale * v)
                let m = masked(v, remaining: nx &- i, T.self)
                sum = T.sumOfProducts(m, m, sum)
                i &+= width
            }
            rowSums[row] = sum.sum()
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func addSingle<T: Real>(_ x: UnsafeMutablePointer<T>, _ z: UnsafePointer<Float>, _ factor: T, _ single: Layout,
                                          _ layout: Layout, _ rows: Range<Int>) {
        let factor = T.Pack(repeating: factor)
        for row in rows {
            let x = x + layout.offset(row: row), z = z + single.offset(row: row)
            var i = 0
            while i < layout.nx {
                store(x, i, T.muladd(factor, T.loadSingle(z, i), load(x, i)))
                i &+= T.Pack.scalarCount
            }
            fillGhosts(x, layout.nx)
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
            while i < nx {
                sum = T.sumOfProducts(masked(load(r, i), remaining: nx &- i, T.self),
                                      masked(T.loadSingle(z, i), remaining: nx &- i, T.self), sum)
                i &+= width
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
            while i < nx {
                let v = masked(T.loadSingle(z, i), remaining: nx &- i, T.self)
                first = T.sumOfProducts(masked(load(r, i), remaining: nx &- i, T.self), v, first)
                second = T.sumOfProducts(masked(load(s, i), remaining: nx &- i, T.self), v, second)
                i &+= width
            }
            rowSums[row] = first.sum()
            sums[row] = second.sum()
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func updateDirection<T: Real>(_ p: UnsafeMutablePointer<T>, _ z: UnsafePointer<Float>, _ beta: T,
                                                _ single: Layout, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, first = beta == 0, beta = T.Pack(repeating: beta)
        for row in rows {
            let z = z + single.offset(row: row), p = p + layout.offset(row: row)
            var i = 0
            while i < layout.nx {
                // The first direction does not read the old one, which may hold what a failed solve left.
                store(p, i, first ? T.loadSingle(z, i) : T.muladd(beta, load(p, i), T.loadSingle(z, i)))
                i &+= width
            }
            fillGhosts(p, layout.nx)
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func updateSolution<T: Real>(_ x: UnsafeMutablePointer<T>, _ r: UnsafeMutablePointer<T>, _ f: UnsafeMutablePointer<Float>,
                                               _ alpha: T, _ p: UnsafePointer<T>, _ q: UnsafePointer<T>, _ scale: T,
                                               _ rowSums: UnsafeMutablePointer<Double>, _ single: Layout, _ layout: Layout,
                                               _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = layout.nx
        let alpha = T.Pack(repeating: alpha), scale = T.Pack(repeating: scale)
        for row in rows {
            let o = layout.offset(row: row), x = x + o, r = r + o, p = p + o, q = q + o, f = f + single.offset(row: row)
            var sum = SIMD8<Double>(), i = 0
            while i < nx {
                store(x, i, T.muladd(alpha, load(p, i), load(x, i)))
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
