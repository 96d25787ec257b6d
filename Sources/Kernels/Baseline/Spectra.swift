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
    public static func unfold<T: Real>(_ u: UnsafeMutablePointer<T>, _ axis: FoldedAxis<T>, _ layout: Layout, _ lines: Range<Int>) {
        let width = T.Pack.scalarCount, alternating = signs(of: T.self)
        for line in lines {
            let q = line % axis.pairs, start = u + line / axis.pairs * axis.otherStride
            let re = axis.twiddles[2 * q], im = axis.twiddles[2 * q + 1]
            let a = start + q * axis.stride
            if q == 0 || 2 * q == axis.count {
                scale(a, by: 2 * re, layout)
                continue
            }
            let b = start + (axis.count - q) * axis.stride, c = T.Pack(repeating: re), s = im * alternating
            var i = 0
            while i < layout.nx {
                // p = w a, r = w* b; i (x + i y) is the exchanged pair with the first sign turned.
                let x = load(a, i), y = load(b, i)
                let p = T.muladd(T.swapPairs(x), s, c * x), r = c * y - T.swapPairs(y) * s
                store(a, i, p + r)
                store(b, i, T.swapPairs(p - r) * alternating)
                i &+= width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func fold<T: Real>(_ u: UnsafeMutablePointer<T>, _ axis: FoldedAxis<T>, _ layout: Layout, _ lines: Range<Int>) {
        let width = T.Pack.scalarCount, alternating = signs(of: T.self)
        for line in lines {
            let q = line % axis.pairs, start = u + line / axis.pairs * axis.otherStride
            let re = axis.twiddles[2 * q], im = axis.twiddles[2 * q + 1]
            let a = start + q * axis.stride
            if q == 0 || 2 * q == axis.count {
                scale(a, by: q == 0 ? 1 : 2 * re, layout)
                continue
            }
            let b = start + (axis.count - q) * axis.stride, c = T.Pack(repeating: re), s = im * alternating
            var i = 0
            while i < layout.nx {
                let x = load(a, i), turned = T.swapPairs(load(b, i)) * alternating, p = x - turned, r = x + turned
                store(a, i, c * p - T.swapPairs(p) * s)
                store(b, i, T.muladd(T.swapPairs(r), s, c * r))
                i &+= width
            }
        }
    }

    /// -1, 1, -1, 1, ...: times exchanged pairs it is i times the complex numbers.
    @inline(__always)
    private static func signs<T: Real>(of _: T.Type) -> T.Pack {
        var result = T.Pack(repeating: 1)
        for lane in stride(from: 0, to: T.Pack.scalarCount, by: 2) { result[lane] = -1 }
        return result
    }

    @inline(__always)
    private static func scale<T: Real>(_ a: UnsafeMutablePointer<T>, by factor: T, _ layout: Layout) {
        var i = 0
        while i < layout.nx {
            store(a, i, factor * load(a, i))
            i &+= T.Pack.scalarCount
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
    public static func stage<T: Real>(_ w: UnsafeMutablePointer<T>, _ e: UnsafePointer<T>, _ u: UnsafePointer<T>, _ terms: StageTerms<T>,
                                      _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, count = terms.count
        for row in rows {
            let o = layout.offset(row: row), w = w + o, e = e + o, u = u + o
            let (c0, c1, c2) = (terms.c.0 + o, terms.c.1 + o, terms.c.2 + o), (f0, f1, f2) = (terms.f.0 + o, terms.f.1 + o, terms.f.2 + o)
            var i = 0
            while i < layout.nx {
                var sum = T.muladd(load(e, i), load(u, i), load(c0, i) * load(f0, i))
                if count > 1 { sum = T.muladd(load(c1, i), load(f1, i), sum) }
                if count > 2 { sum = T.muladd(load(c2, i), load(f2, i), sum) }
                store(w, i, sum)
                i &+= width
            }
        }
    }
}
