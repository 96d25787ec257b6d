import KernelInterface

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func trialStress<T: Real>(_ s: TensorCells<T>, _ p: TensorCells<T>, _ q: TensorCells<T>, _ layout: Layout,
                                            _ rows: Range<Int>) {
        addDifference(s.xx, p.xx, q.xx, layout, rows)
        addDifference(s.yy, p.yy, q.yy, layout, rows)
        addDifference(s.zz, p.zz, q.zz, layout, rows)
        addDifference(s.xy, p.xy, q.xy, layout, rows)
        guard let yz = s.yz, let xz = s.xz, let pyz = p.yz, let pxz = p.xz, let qyz = q.yz, let qxz = q.xz else { return }
        addDifference(yz, pyz, qyz, layout, rows)
        addDifference(xz, pxz, qxz, layout, rows)
    }

    @inline(__always)
    private static func addDifference<T: Real>(_ s: UnsafeMutablePointer<T>, _ p: UnsafeMutablePointer<T>, _ q: UnsafeMutablePointer<T>,
                                               _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let o = layout.offset(row: row)
            var i = 0
            while i < layout.nx {
                let d = load(p, o &+ i) - load(q, o &+ i)
                store(s, o &+ i, load(s, o &+ i) + d)
                i &+= T.Pack.scalarCount
            }
            fillGhosts(s + o, layout.nx)
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func yieldExcess<T: Real>(_ excess: UnsafeMutablePointer<T>, _ s: TensorCells<T>, _ yield: UnsafePointer<T>,
                                            _ layout: Layout, _ rows: Range<Int>) {
        let solid = s.yz != nil, one = T.Pack(repeating: 1)
        for row in rows {
            let r = RowOffsets(layout, row, solid: solid), o = r.centre
            var i = 0
            while i < layout.nx {
                let p = o &+ i
                let mises = T.squareRoot(misesSquare(s, r, i, load(s.xx, p), load(s.yy, p), load(s.zz, p), solid: solid))
                let limit = load(yield, p), e = one - limit / mises
                store(excess, p, e.replacing(with: T.Pack(), where: mises .<= limit))
                i &+= T.Pack.scalarCount
            }
            fillGhosts(excess + o, layout.nx)
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func radialReturn<T: Real>(_ p: TensorCells<T>, _ q: TensorCells<T>, _ s: TensorCells<T>, _ excess: UnsafePointer<T>,
                                             _ rowSums: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>) {
        let solid = s.yz != nil, third = T.Pack(repeating: 1 / 3), quarter = T.Pack(repeating: 0.25)
        for row in rows {
            let r = RowOffsets(layout, row, solid: solid), o = r.centre, nx = layout.nx
            let corner = solid ? r.below &+ r.south &- r.centre : r.south
            var sum = SIMD8<Double>(), i = 0
            while i < nx {
                let c = o &+ i, left = nx &- i, f = load(excess, c)
                let xx = load(s.xx, c), yy = load(s.yy, c), zz = load(s.zz, c), mean = (xx + yy + zz) * third
                sum = returned(p.xx, q.xx, c, f * (xx - mean), left, sum)
                sum = returned(p.yy, q.yy, c, f * (yy - mean), left, sum)
                sum = returned(p.zz, q.zz, c, f * (zz - mean), left, sum)
                let west = load(excess, c &- 1), south = load(excess, r.south &+ i)
                let xy = quarter * (f + west + (south + load(excess, r.south &+ i &- 1)))
                sum = returned(p.xy, q.xy, c, xy * load(s.xy, c), left, sum)
                if solid {
                    let below = load(excess, r.below &+ i)
                    let yz = quarter * (f + south + (below + load(excess, corner &+ i)))
                    let xz = quarter * (f + west + (below + load(excess, r.below &+ i &- 1)))
                    sum = returned(p.yz!, q.yz!, c, yz * load(s.yz!, c), left, sum)
                    sum = returned(p.xz!, q.xz!, c, xz * load(s.xz!, c), left, sum)
                }
                i &+= T.Pack.scalarCount
            }
            fillGhosts(p.xx + o, nx)
            fillGhosts(p.yy + o, nx)
            fillGhosts(p.zz + o, nx)
            fillGhosts(p.xy + o, nx)
            if solid {
                fillGhosts(p.yz! + o, nx)
                fillGhosts(p.xz! + o, nx)
            }
            rowSums[row] = sum.sum()
        }
    }

    /// p = q + increment, and the square of its change added to the sum.
    @inline(__always)
    private static func returned<T: Real>(_ p: UnsafeMutablePointer<T>, _ q: UnsafeMutablePointer<T>, _ c: Int, _ increment: T.Pack,
                                          _ left: Int, _ sum: SIMD8<Double>) -> SIMD8<Double> {
        let v = load(q, c) + increment, change: T.Pack = masked(v - load(p, c), remaining: left, T.self)
        store(p, c, v)
        return T.sumOfProducts(change, change, sum)
    }
}
