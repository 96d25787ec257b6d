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

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func sumOfSquares<T: Real>(_ u: UnsafePointer<T>, _ p: Quadratic<T>, _ sx: UnsafePointer<T>, _ sRows: UnsafePointer<T>,
                                             _ wx: UnsafePointer<T>, _ wRows: UnsafePointer<T>, _ rowSums: UnsafeMutablePointer<Double>,
                                             _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount
        for row in rows {
            let u = u + layout.offset(row: row), sRow = T.Pack(repeating: sRows[row])
            var sum = SIMD8<Double>(), i = 0
            while i < layout.nx {
                // The weights are 0 in the padding, where u may hold anything, even NaN.
                let weight = load(wx, i)
                var v = load(u, i)
                v.replace(with: 0, where: weight .== 0)
                sum = T.sumOfProducts(v * weight, v * p(load(sx, i) + sRow), sum)
                i &+= width
            }
            rowSums[row] = Double(wRows[row]) * sum.sum()
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func stage<T: Real>(_ w: UnsafeMutablePointer<T>, _ u: UnsafePointer<T>, _ terms: StageTerms<T>, _ p: Quadratic<T>,
                                      _ q: Quadratic<T>, _ c: T, _ sx: UnsafePointer<T>, _ sRows: UnsafePointer<T>,
                                      _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, one = T.Pack(repeating: 1), vc = T.Pack(repeating: -c), count = terms.count
        for row in rows {
            let o = layout.offset(row: row), w = w + o, u = u + o, sRow = T.Pack(repeating: sRows[row])
            var i = 0
            while i < layout.nx {
                let s = load(sx, i) + sRow, l = q(s)
                var explicit = T.Pack(), implicit = T.Pack(), j = 0
                while j < count {
                    explicit = T.muladd(T.Pack(repeating: terms.a[j]), load(terms.f[j] + o, i), explicit)
                    implicit = T.muladd(T.Pack(repeating: terms.b[j]), load(terms.v[j] + o, i), implicit)
                    j &+= 1
                }
                let sum = T.muladd(p(s), explicit, T.muladd(l, implicit, load(u, i)))
                store(w, i, sum / T.muladd(vc, l, one))
                i &+= width
            }
        }
    }
}
