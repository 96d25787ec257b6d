import KernelInterface

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func doubleWell<T: Real>(_ u: UnsafeMutablePointer<T>, r: T, m: T, a: T, s: T, _ rowSums: UnsafeMutablePointer<Double>,
                                           _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = layout.nx, vm = T.Pack(repeating: m), aa = T.Pack(repeating: a * a)
        let slope = T.Pack(repeating: 4 * r), vs = T.Pack(repeating: -s), vr = T.Pack(repeating: r)
        for row in rows {
            let u = u + layout.offset(row: row)
            var sum = SIMD8<Double>(), i = 0
            while i < nx {
                let w = load(u, i) - vm
                var b = T.muladd(w, w, -aa)
                store(u, i, T.muladd(slope * w, b, vs * w))
                if i &+ width > nx { b.replace(with: 0, where: T.laneNumbers .>= T.Pack(repeating: T(nx &- i))) }
                sum = T.sumOfProducts(vr * b, b, sum)
                i &+= width
            }
            rowSums[row] = sum.sum()
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func manufacturedFront<T: Real>(_ u: UnsafeMutablePointer<T>, lift: UnsafePointer<T>, y: UnsafePointer<T>,
                                                  alpha: UnsafePointer<T>, p: UnsafePointer<T>, q: UnsafePointer<T>, d: T,
                                                  _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, one = T.Pack(repeating: 1), two = T.Pack(repeating: 2), half = T.Pack(repeating: 0.5)
        let minusFour = T.Pack(repeating: -4), scale = T.Pack(repeating: 2 / d)
        for row in rows {
            let u = u + layout.offset(row: row), vy = T.Pack(repeating: y[row]), vl = T.Pack(repeating: lift[row])
            var i = 0
            while i < layout.nx {
                let v = load(u, i) + vl
                let t = one - two / (T.exp((vy - load(alpha, i)) * scale) + one)
                let source = (one - t * t) * T.muladd(-load(q, i), t, load(p, i))
                store(u, i, T.muladd(minusFour * v, (v - one) * (v - half), source))
                i &+= width
            }
        }
    }
}
