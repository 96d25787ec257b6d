import KernelInterface

/// The largest of what packs hold; a NaN stays one.
struct Largest<T: Real> {
    private var lanes: T.Pack

    /// - Parameter start: what counts before any pack.
    @inline(__always)
    init(_ start: T = 0) { lanes = T.Pack(repeating: start) }

    @inline(__always)
    mutating func take(_ v: T.Pack) { lanes.replace(with: v, where: (v .> lanes) .| (v .!= v)) }

    /// |v|
    @inline(__always)
    mutating func takeSize(_ v: T.Pack) { take(v.replacing(with: -v, where: v .< T.Pack())) }

    @inline(__always)
    var value: Double {
        var m = Double(lanes[0])
        for lane in 1..<T.Pack.scalarCount where !(Double(lanes[lane]) <= m) && !m.isNaN { m = Double(lanes[lane]) }
        return m
    }
}

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func combine<T: Real>(_ y: UnsafeMutablePointer<T>, _ a: T, _ x: UnsafePointer<T>, _ b: T,
                                        _ layout: Layout, _ rows: Range<Int>) {
        combine(y, a, x, b, UnsafePointer(y), layout, rows)
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func combine<T: Real>(_ z: UnsafeMutablePointer<T>, _ a: T, _ x: UnsafePointer<T>, _ b: T, _ y: UnsafePointer<T>,
                                        _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, va = T.Pack(repeating: a), vb = T.Pack(repeating: b)
        for row in rows {
            let o = layout.offset(row: row), z = z + o, x = x + o, y = y + o
            var i = 0
            while i < layout.nx {
                store(z, i, b == 0 ? va * load(x, i) : T.muladd(va, load(x, i), vb * load(y, i)))
                i &+= width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func shift<T: Real>(_ y: UnsafeMutablePointer<T>, _ a: T, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, va = T.Pack(repeating: a)
        for row in rows {
            let y = y + layout.offset(row: row)
            var i = 0
            while i < layout.nx {
                store(y, i, load(y, i) + va)
                i &+= width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func dot<T: Real>(_ x: UnsafePointer<T>, _ y: UnsafePointer<T>, _ rowSums: UnsafeMutablePointer<Double>,
                                    _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = layout.nx
        for row in rows {
            let o = layout.offset(row: row), x = x + o, y = y + o
            var s = SIMD8<Double>(), i = 0
            while i &+ width <= nx {
                s = T.sumOfProducts(load(x, i), load(y, i), s)
                i &+= width
            }
            var tail = 0.0
            while i < nx { tail += Double(x[i]) * Double(y[i]); i &+= 1 }
            rowSums[row] = s.sum() + tail
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func sum<T: Real>(_ x: UnsafePointer<T>, _ rowSums: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = layout.nx, one = T.Pack(repeating: 1)
        for row in rows {
            let x = x + layout.offset(row: row)
            var s = SIMD8<Double>(), i = 0
            while i &+ width <= nx {
                s = T.sumOfProducts(load(x, i), one, s)
                i &+= width
            }
            var tail = 0.0
            while i < nx { tail += Double(x[i]); i &+= 1 }
            rowSums[row] = s.sum() + tail
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func maximumDifference<T: Real>(_ x: UnsafePointer<T>, _ y: UnsafePointer<T>, _ rowMaxima: UnsafeMutablePointer<Double>,
                                                  _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = layout.nx
        for row in rows {
            let o = layout.offset(row: row), x = x + o, y = y + o
            var largest = Largest<T>(), i = 0
            while i < nx {
                largest.takeSize(masked(load(x, i) - load(y, i), remaining: nx &- i, T.self))
                i &+= width
            }
            rowMaxima[row] = largest.value
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func extremes<T: Real>(_ x: UnsafePointer<T>, _ rowMinima: UnsafeMutablePointer<Double>,
                                         _ rowMaxima: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = layout.nx
        for row in rows {
            let x = x + layout.offset(row: row), first = T.Pack(repeating: x[0])
            var opposite = Largest(-x[0]), high = Largest(x[0]), i = 0
            while i < nx {
                let v = first.replacing(with: load(x, i), where: T.laneNumbers .< T.Pack(repeating: T(nx &- i)))
                opposite.take(-v)
                high.take(v)
                i &+= width
            }
            rowMinima[row] = -opposite.value
            rowMaxima[row] = high.value
        }
    }
}
