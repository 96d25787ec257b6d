import KernelInterface

/// The largest |v| of packs; a NaN stays one.
struct LargestSize<T: Real> {
    private var lanes = T.Pack()

    @inline(__always)
    init() {}

    @inline(__always)
    mutating func take(_ v: T.Pack) {
        let size = v.replacing(with: -v, where: v .< T.Pack())
        lanes.replace(with: size, where: (size .> lanes) .| (size .!= size))
    }

    @inline(__always)
    var value: Double {
        var largest = 0.0
        for lane in 0..<T.Pack.scalarCount {
            let v = Double(lanes[lane])
            if v.isNaN { return v }
            largest = max(largest, v)
        }
        return largest
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
            var largest = LargestSize<T>(), i = 0
            while i < nx {
                largest.take(masked(load(x, i) - load(y, i), remaining: nx &- i, T.self))
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
            var low = first, high = first, i = 0
            while i < nx {
                let inside = T.laneNumbers .< T.Pack(repeating: T(nx &- i))
                let v = first.replacing(with: load(x, i), where: inside)
                low.replace(with: v, where: .!(v .>= low))
                high.replace(with: v, where: .!(v .<= high))
                i &+= width
            }
            var a = Double(low[0]), b = Double(high[0])
            for lane in 1..<width {
                if !(Double(low[lane]) >= a) { a = Double(low[lane]) }
                if !(Double(high[lane]) <= b) { b = Double(high[lane]) }
            }
            rowMinima[row] = a
            rowMaxima[row] = b
        }
    }
}
