import KernelInterface

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func factorStokes<T: Real>(_ factors: StokesFactors<T>, _ symbols: LateralSymbols<T>, drag: UnsafePointer<T>, wall: T, floor: T,
                                             _ layout: Layout, columns: Range<Int>, planes: Range<Int>) {
        let zero = T.Pack(), one = T.Pack(repeating: 1), two = T.Pack(repeating: 2), four = T.Pack(repeating: 4)
        let half = T.Pack(repeating: 0.5), ny = layout.ny
        for plane in planes {
            var i = columns.lowerBound
            while i < columns.upperBound {
                let s = load(symbols.size, i) + T.Pack(repeating: symbols.sizeZ[plane]), isUniform = s .== zero
                let inverse = (one / s).replacing(with: zero, where: isUniform)
                let off2 = inverse
                let added = zero.replacing(with: T.Pack(repeating: floor), where: isUniform)
                // d and l of the two rows before; the transverse pivot before.
                var d1 = one, d2 = one, l1 = zero, t1 = zero
                for j in 0..<ny {
                    let p = plane &* layout.planeStride &+ j &* layout.rowStride &+ i
                    let walls = (j == 0 ? 1 : 0) &+ (j == ny &- 1 ? 1 : 0)
                    let extra = T.Pack(repeating: T(walls) * (wall - 2))
                    let here = T.Pack(repeating: drag[j])
                    let diagonal = s + two + extra + added + here
                    // -1 couples neighbouring cells.
                    let t = one / (diagonal - t1)
                    store(factors.transverse, p, t)
                    t1 = t
                    if j == 0 {
                        store(factors.inverse, p, zero)
                        store(factors.first, p, zero)
                        store(factors.second, p, zero)
                        continue
                    }
                    // Face j lies between cells j - 1 and j: sixfold in the middle, the wall's row when one of them touches it.
                    let ends = (j == 1 ? 1 : 0) &+ (j == ny &- 1 ? 1 : 0)
                    let six = T.Pack(repeating: 6 + T(ends) * (wall - 2))
                    let below = T.Pack(repeating: drag[j &- 1]), both = here + below
                    let off1 = -(two + (four + below) * inverse)
                    let a2 = j > 2 ? off2 / d2 : zero
                    let a1 = j > 2 ? (off1 - off2 * l1) / d1 : j > 1 ? off1 / d1 : zero
                    let plain = s + four + half * both + (six + both) * inverse
                    let d = plain - a1 * a1 * d1 - a2 * a2 * d2
                    store(factors.inverse, p, (one / d).replacing(with: zero, where: isUniform))
                    store(factors.first, p, a1.replacing(with: zero, where: isUniform))
                    store(factors.second, p, a2.replacing(with: zero, where: isUniform))
                    (d2, d1, l1) = (d1, d, a1)
                }
                i &+= T.Pack.scalarCount
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func solveStokes<T: Real>(_ f: VectorCells<T>, _ factors: StokesFactors<T>, _ symbols: LateralSymbols<T>, scale: T,
                                            _ layout: Layout, columns: Range<Int>, planes: Range<Int>) {
        let zero = T.Pack(), one = T.Pack(repeating: 1), scale = T.Pack(repeating: scale), sign: T.Pack = alternatingSigns(T.self)
        let solid = f.z != nil, fz = f.z ?? f.x, ny = layout.ny
        for plane in planes {
            let zr = T.Pack(repeating: symbols.realZ[plane]), zi = sign * T.Pack(repeating: symbols.imaginaryZ[plane])
            var i = columns.lowerBound
            while i < columns.upperBound {
                let s = load(symbols.size, i) + T.Pack(repeating: symbols.sizeZ[plane])
                let inverse = (one / s).replacing(with: zero, where: s .== zero)
                let xr = load(symbols.real, i), xi = load(symbols.imaginary, i)
                // In 2D only the uniform mode, in the first pack, has a transverse part.
                let hasTransverse = solid || i == 0
                // Upward: longitudinal part F = v^H f / |v|^2, elimination of both systems.
                var before = zero, y1 = zero, y2 = zero, tx1 = zero, tz1 = zero
                for j in 0..<ny {
                    let p = plane &* layout.planeStride &+ j &* layout.rowStride &+ i
                    let x = load(f.x, p), z = solid ? load(fz, p) : zero
                    var long = T.muladd(x, xr, -(T.swapPairs(x) * xi))
                    if solid { long += T.muladd(z, zr, -(T.swapPairs(z) * zi)) }
                    long *= inverse
                    if hasTransverse {
                        let w = T.swapPairs(long), pivot = j > 0 ? load(factors.transverse, p &- layout.rowStride) : zero
                        tx1 = T.muladd(pivot, tx1, x - T.muladd(long, xr, w * xi))
                        store(f.x, p, tx1)
                        if solid {
                            tz1 = T.muladd(pivot, tz1, z - T.muladd(long, zr, w * zi))
                            store(fz, p, tz1)
                        }
                    }
                    if j > 0 {
                        let right = load(f.y, p) - (before - long)
                        let y = right - T.muladd(load(factors.first, p), y1, load(factors.second, p) * y2)
                        store(f.y, p, y)
                        (y2, y1) = (y1, y)
                    }
                    before = long
                }
                // Downward: back substitution; the lateral flow that makes div u = 0.
                var u1 = zero, u2 = zero, first = zero, second = zero, second2 = zero
                tx1 = zero
                tz1 = zero
                for j in stride(from: ny &- 1, through: 0, by: -1) {
                    let p = plane &* layout.planeStride &+ j &* layout.rowStride &+ i
                    var u = zero
                    if j > 0 {
                        u = load(f.y, p) * load(factors.inverse, p) - T.muladd(first, u1, second2 * u2)
                        (first, second2, second) = (load(factors.first, p), second, load(factors.second, p))
                    }
                    store(f.y, p, scale * u)
                    let w = (u1 - u) * inverse, v = T.swapPairs(w)
                    var x = -T.muladd(w, xr, v * xi)
                    if hasTransverse {
                        let pivot = load(factors.transverse, p)
                        tx1 = pivot * (load(f.x, p) + tx1)
                        x += tx1
                        if solid {
                            tz1 = pivot * (load(fz, p) + tz1)
                            store(fz, p, scale * (tz1 - T.muladd(w, zr, v * zi)))
                        }
                    }
                    store(f.x, p, scale * x)
                    (u2, u1) = (u1, u)
                }
                i &+= T.Pack.scalarCount
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func solveLayers<T: Real>(_ f: UnsafeMutablePointer<T>, pivots: UnsafePointer<T>, scale: T, _ layout: Layout, columns: Range<Int>,
                                            planes: Range<Int>) {
        let scale = T.Pack(repeating: scale), ny = layout.ny
        for plane in planes {
            var i = columns.lowerBound
            while i < columns.upperBound {
                var before = T.Pack(), pivot = T.Pack()
                for j in 0..<ny {
                    let p = plane &* layout.planeStride &+ j &* layout.rowStride &+ i
                    before = T.muladd(pivot, before, load(f, p))
                    pivot = load(pivots, p)
                    store(f, p, before)
                }
                before = T.Pack()
                for j in stride(from: ny &- 1, through: 0, by: -1) {
                    let p = plane &* layout.planeStride &+ j &* layout.rowStride &+ i
                    before = load(pivots, p) * (load(f, p) + before)
                    store(f, p, scale * before)
                }
                i &+= T.Pack.scalarCount
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func applyBrinkman<T: Real>(_ f: VectorCells<T>, _ u: VectorCells<T>, _ drag: VectorCells<T>, wall: T,
                                              _ rowSums: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>) {
        let solid = u.z != nil
        for row in rows {
            let r = RowOffsets(layout, row, solid: solid), j = row % layout.ny
            var sum = brinkmanRow(f.x, u.x, drag.x, r, j, wall, isNormal: false, layout, solid: solid)
            sum += brinkmanRow(f.y, u.y, drag.y, r, j, wall, isNormal: true, layout, solid: solid)
            if solid { sum += brinkmanRow(f.z!, u.z!, drag.z!, r, j, wall, isNormal: false, layout, solid: true) }
            rowSums[row] = sum.sum()
        }
    }

    /// One component of a row. A wall is half a spacing from the lateral components, on the face of the normal one.
    @inline(__always)
    private static func brinkmanRow<T: Real>(_ f: UnsafeMutablePointer<T>, _ u: UnsafeMutablePointer<T>, _ drag: UnsafeMutablePointer<T>,
                                             _ r: RowOffsets, _ j: Int, _ wall: T, isNormal: Bool, _ layout: Layout,
                                             solid: Bool) -> SIMD8<Double> {
        let nx = layout.nx, isLow = j == 0, isHigh = j == layout.ny &- 1
        let walls = (isLow ? 1 : 0) &+ (isHigh ? 1 : 0)
        let diagonal = T.Pack(repeating: (solid ? 6 : 4) + (isNormal ? 0 : T(walls) * (wall - 2)))
        // The normal component is 0 in row 0, which is also the row beyond the last.
        let south = T.Pack(repeating: isLow && !isNormal ? 0 : 1), north = T.Pack(repeating: isHigh && !isNormal ? 0 : 1)
        var sum = SIMD8<Double>(), i = 0
        while i < nx {
            let p = r.centre &+ i, c = load(u, p)
            var v = T.muladd(diagonal + load(drag, p), c, -(load(u, p &- 1) + load(u, p &+ 1)))
            v -= T.muladd(south, load(u, r.south &+ i), north * load(u, r.north &+ i))
            if solid { v -= load(u, r.below &+ i) + load(u, r.above &+ i) }
            if isNormal && isLow { v = T.Pack() }
            store(f, p, v)
            sum = T.sumOfProducts(masked(v, remaining: nx &- i, T.self), masked(c, remaining: nx &- i, T.self), sum)
            i &+= T.Pack.scalarCount
        }
        return sum
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func faceMeans<T: Real>(_ f: VectorCells<T>, _ c: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>) {
        let half = T.Pack(repeating: 0.5), solid = f.z != nil
        for row in rows {
            let r = RowOffsets(layout, row, solid: solid)
            var i = 0
            while i < layout.nx {
                let p = r.centre &+ i, v = load(c, p)
                store(f.x, p, half * (v + load(c, p &- 1)))
                store(f.y, p, half * (v + load(c, r.south &+ i)))
                if solid { store(f.z!, p, half * (v + load(c, r.below &+ i))) }
                i &+= T.Pack.scalarCount
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func staggeredSources<T: Real>(_ c: UnsafeMutablePointer<T>, _ u: VectorCells<T>, _ weight: VectorCells<T>?,
                                                 _ layout: Layout, _ rows: Range<Int>) {
        let solid = u.z != nil
        for row in rows {
            let r = RowOffsets(layout, row, solid: solid)
            var i = 0
            while i < layout.nx {
                let p = r.centre &+ i
                var v = flux(u.x, weight?.x, p) - flux(u.x, weight?.x, p &+ 1)
                v += flux(u.y, weight?.y, p) - flux(u.y, weight?.y, r.north &+ i)
                if solid { v += flux(u.z!, weight?.z, p) - flux(u.z!, weight?.z, r.above &+ i) }
                store(c, p, v)
                i &+= T.Pack.scalarCount
            }
            fillGhosts(c + r.centre, layout.nx)
        }
    }

    @inline(__always)
    private static func flux<T: Real>(_ u: UnsafeMutablePointer<T>, _ weight: UnsafeMutablePointer<T>?, _ p: Int) -> T.Pack {
        let v = load(u, p)
        if let weight { return v * load(weight, p) }
        return v
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func subtractGradient<T: Real>(_ u: VectorCells<T>, _ p: UnsafePointer<T>, _ weight: VectorCells<T>?,
                                                 _ layout: Layout, _ rows: Range<Int>) {
        let solid = u.z != nil
        for row in rows {
            let r = RowOffsets(layout, row, solid: solid), o = r.centre
            subtractDifference(u.x, weight?.x, p, o, o &- 1, layout)
            if r.isWall {
                for i in 0..<layout.nx { u.y[o &+ i] = 0 }
                fillGhosts(u.y + o, layout.nx)
            } else {
                subtractDifference(u.y, weight?.y, p, o, r.south, layout)
            }
            if solid { subtractDifference(u.z!, weight?.z, p, o, r.below, layout) }
        }
    }

    @inline(__always)
    private static func subtractDifference<T: Real>(_ u: UnsafeMutablePointer<T>, _ weight: UnsafeMutablePointer<T>?, _ p: UnsafePointer<T>,
                                                    _ o: Int, _ lower: Int, _ layout: Layout) {
        var i = 0
        while i < layout.nx {
            var d = load(p, o &+ i) - load(p, lower &+ i)
            if let weight { d *= load(weight, o &+ i) }
            store(u, o &+ i, load(u, o &+ i) - d)
            i &+= T.Pack.scalarCount
        }
        fillGhosts(u + o, layout.nx)
    }
}
