import KernelInterface

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func filter<T: Real>(_ u: UnsafeMutablePointer<T>, _ p: Quadratic<T>, _ q: Quadratic<T>,
                                       _ sx: UnsafePointer<T>, _ sRows: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount
        for row in rows {
            let u = u + layout.offset(row: row), sRow = T.Pack(repeating: sRows[row])
            var i = 0
            while i < layout.nx {
                let s = load(sx, i) + sRow, d = q(s)
                var f = p(s) / d
                f.replace(with: 0, where: d .== 0)
                store(u, i, load(u, i) * f)
                i &+= width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func filter<T: Real>(_ w: UnsafeMutablePointer<T>, _ u: UnsafePointer<T>, _ p: Quadratic<T>,
                                       _ v: UnsafePointer<T>, _ r: Quadratic<T>, _ q: Quadratic<T>,
                                       _ sx: UnsafePointer<T>, _ sRows: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount
        for row in rows {
            let o = layout.offset(row: row), w = w + o, u = u + o, v = v + o, sRow = T.Pack(repeating: sRows[row])
            var i = 0
            while i < layout.nx {
                let s = load(sx, i) + sRow, d = q(s)
                var f = T.muladd(load(u, i), p(s), load(v, i) * r(s)) / d
                f.replace(with: 0, where: d .== 0)
                store(w, i, f)
                i &+= width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func multiply<T: Real>(_ u: UnsafeMutablePointer<T>, _ v: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount
        for row in rows {
            let o = layout.offset(row: row), u = u + o, v = v + o
            var i = 0
            while i < layout.nx {
                store(u, i, load(u, i) * load(v, i))
                i &+= width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func combine<T: Real>(_ w: UnsafeMutablePointer<T>, _ a: UnsafePointer<T>, _ u: UnsafePointer<T>,
                                        _ b: UnsafePointer<T>, _ v: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount
        for row in rows {
            let o = layout.offset(row: row), w = w + o, a = a + o, u = u + o, b = b + o, v = v + o
            var i = 0
            while i < layout.nx {
                store(w, i, T.muladd(load(a, i), load(u, i), load(b, i) * load(v, i)))
                i &+= width
            }
        }
    }
}
