import KernelInterface

/// The rows q and n - q of a folded axis, and how their complex numbers go together.
private struct FoldedPair<T: Real> {
    let row: Int, partner: Int, isSingle: Bool
    /// What a row that is its own pair is multiplied with.
    let unfolding: T, folding: T
    private let re: T.Pack, im: T.Pack, signs: T.Pack

    @inline(__always)
    init(_ axis: FoldedAxis<T>, _ line: Int) {
        let q = line % axis.pairs, start = line / axis.pairs &* axis.otherStep
        (row, partner) = (start &+ q &* axis.step, start &+ (axis.count &- q) &* axis.step)
        isSingle = q == 0 || 2 &* q == axis.count
        let w = (axis.twiddles[2 &* q], axis.twiddles[2 &* q &+ 1])
        (unfolding, folding) = (2 * w.0, q == 0 ? 1 : 2 * w.0)
        (re, im) = (T.Pack(repeating: w.0), T.Pack(repeating: w.1))
        signs = alternatingSigns(T.self)
    }

    /// X_q = w x + w* y and X_(n-q) = i (w x - w* y)
    @inline(__always)
    func series(_ x: T.Pack, _ y: T.Pack) -> (T.Pack, T.Pack) {
        let a = T.muladd(im, turned(x), re * x), b = re * y - im * turned(y)
        return (a + b, turned(a - b))
    }

    /// 2 V_q = w* (x - i y) and 2 V_(n-q) = w (x + i y)
    @inline(__always)
    func transform(_ x: T.Pack, _ y: T.Pack) -> (T.Pack, T.Pack) {
        let t = turned(y), a = x - t, b = x + t
        return (re * a - im * turned(a), T.muladd(im, turned(b), re * b))
    }

    /// i z
    @inline(__always)
    private func turned(_ z: T.Pack) -> T.Pack { T.swapPairs(z) * signs }
}

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
                store(u, i, load(u, i) * factor(load(sx, i) + sRow, p, q, T.self))
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
                f.replace(with: T.Pack(), where: d .== T.Pack())
                store(w, i, f)
                i &+= width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func unfold<T: Real>(_ u: UnsafeMutablePointer<T>, _ axis: FoldedAxis<T>, _ layout: Layout, _ lines: Range<Int>) {
        for line in lines {
            let pair = FoldedPair(axis, line)
            forPacks(u, pair, layout) { x, _ in x * pair.unfolding } both: { x, y, _ in pair.series(x, y) }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func fold<T: Real>(_ u: UnsafeMutablePointer<T>, _ axis: FoldedAxis<T>, _ layout: Layout, _ lines: Range<Int>) {
        for line in lines {
            let pair = FoldedPair(axis, line)
            forPacks(u, pair, layout) { x, _ in x * pair.folding } both: { x, y, _ in pair.transform(x, y) }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func filter<T: Real>(_ u: UnsafeMutablePointer<T>, _ axis: FoldedAxis<T>, _ p: Quadratic<T>, _ q: Quadratic<T>,
                                       _ sx: UnsafePointer<T>, _ sRows: UnsafePointer<T>, _ layout: Layout, _ lines: Range<Int>) {
        for line in lines {
            let pair = FoldedPair(axis, line), a = u + layout.offset(row: pair.row), first = T.Pack(repeating: sRows[pair.row])
            var i = 0
            if pair.isSingle {
                let scale = T.Pack(repeating: pair.unfolding * pair.folding)
                while i < layout.nx {
                    store(a, i, scale * load(a, i) * factor(load(sx, i) + first, p, q, T.self))
                    i &+= T.Pack.scalarCount
                }
            } else {
                let b = u + layout.offset(row: pair.partner), second = T.Pack(repeating: sRows[pair.partner])
                while i < layout.nx {
                    let (x, y) = pair.series(load(a, i), load(b, i)), s = load(sx, i)
                    let (v, w) = pair.transform(x * factor(s + first, p, q, T.self), y * factor(s + second, p, q, T.self))
                    store(a, i, v)
                    store(b, i, w)
                    i &+= T.Pack.scalarCount
                }
            }
        }
    }

    /// p(s) / q(s), 0 where q(s) = 0.
    @inline(__always)
    private static func factor<T: Real>(_ s: T.Pack, _ p: Quadratic<T>, _ q: Quadratic<T>, _: T.Type) -> T.Pack {
        let d = q(s)
        return (p(s) / d).replacing(with: T.Pack(), where: d .== T.Pack())
    }

    /// Replaces the packs of a pair of rows, or of the one row that is its own pair.
    @inline(__always)
    private static func forPacks<T: Real>(_ u: UnsafeMutablePointer<T>, _ pair: FoldedPair<T>, _ layout: Layout, _ one: (T.Pack, Int) -> T.Pack,
                                          both: (T.Pack, T.Pack, Int) -> (T.Pack, T.Pack)) {
        let a = u + layout.offset(row: pair.row)
        var i = 0
        if pair.isSingle {
            while i < layout.nx {
                store(a, i, one(load(a, i), i))
                i &+= T.Pack.scalarCount
            }
        } else {
            let b = u + layout.offset(row: pair.partner)
            while i < layout.nx {
                let (x, y) = both(load(a, i), load(b, i), i)
                store(a, i, x)
                store(b, i, y)
                i &+= T.Pack.scalarCount
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
                v.replace(with: T.Pack(), where: weight .== T.Pack())
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
