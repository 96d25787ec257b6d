import KernelInterface

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func electrolyteFaces<T: Real>(x: UnsafeMutablePointer<T>, y: UnsafeMutablePointer<T>, z: UnsafeMutablePointer<T>?,
                                                 xi: UnsafePointer<T>, property: UnsafePointer<T>?, floor: T, scale: T, boundedX: Bool,
                                                 boundedY: Bool, boundedZ: Bool, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount
        let half = T.Pack(repeating: scale / 2), quarter = T.Pack(repeating: scale / 4), floor = T.Pack(repeating: floor)
        for row in rows {
            let k = row / layout.ny, j = row &- k &* layout.ny, o = layout.offset(row: row)
            let s = j > 0 ? o &- layout.rowStride : o &+ (layout.ny &- 1) &* layout.rowStride
            let b = k > 0 ? o &- layout.planeStride : o &+ (layout.nz &- 1) &* layout.planeStride
            let wallY = j == 0 && boundedY, wallZ = k == 0 && boundedZ
            var i = 0
            while i < layout.nx {
                let e = fraction(load(xi + o, i), floor, T.self)
                func face(_ other: Int) -> T.Pack {
                    let sum = e + fraction(load(xi + other, i), floor, T.self)
                    if let property { return quarter * sum * (load(property + o, i) + load(property + other, i)) }
                    return half * sum
                }
                store(x + o, i, face(o &- 1))
                store(y + o, i, wallY ? T.Pack() : face(s))
                if let z { store(z + o, i, wallZ ? T.Pack() : face(b)) }
                i &+= width
            }
            if boundedX || layout.nx == 1 { x[o] = 0 }
        }
    }

    @inline(__always)
    private static func fraction<T: Real>(_ xi: T.Pack, _ floor: T.Pack, _: T.Type) -> T.Pack {
        let e = T.Pack(repeating: 1) - xi
        return e.replacing(with: floor, where: e .< floor)
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func saltSystem<T: Real>(s: UnsafeMutablePointer<T>, b: UnsafeMutablePointer<T>, xi: UnsafePointer<T>, growth: UnsafePointer<T>,
                                           byConcentration: UnsafePointer<T>?, concentration: UnsafePointer<T>, history: PastLevels<T>,
                                           a0: T, lambda: T, floor: T, scale: T, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, floor = T.Pack(repeating: floor)
        let a0 = T.Pack(repeating: a0 * scale), lambda = T.Pack(repeating: lambda * scale)
        let a1 = T.Pack(repeating: history.a1 * scale), a2 = T.Pack(repeating: history.a2 * scale)
        for row in rows {
            let o = layout.offset(row: row)
            var i = 0
            while i < layout.nx {
                var diagonal = a0 * fraction(load(xi + o, i), floor, T.self), source = -load(growth + o, i)
                if let byConcentration {
                    let slope = load(byConcentration + o, i)
                    diagonal = T.muladd(lambda, slope, diagonal)
                    source = T.muladd(slope, load(concentration + o, i), source)
                }
                store(s + o, i, diagonal)
                store(b + o, i, T.muladd(a1, load(history.last + o, i), T.muladd(a2, load(history.before + o, i), lambda * source)))
                i &+= width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func chargeSystem<T: Real>(s: UnsafeMutablePointer<T>, b: UnsafeMutablePointer<T>, growth: UnsafePointer<T>,
                                             byPotential: UnsafePointer<T>?, potential: UnsafePointer<T>, logarithm: UnsafePointer<T>?,
                                             _ faces: FaceCoefficients<T>, lambda: T, junction: T, _ rowSums: UnsafeMutablePointer<Double>,
                                             _ rowSquares: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, one = T.Pack(repeating: 1), lambda = T.Pack(repeating: lambda), junction = T.Pack(repeating: junction)
        for row in rows {
            let o = layout.offset(row: row)
            let stencil = logarithm.map { StencilRow($0, faces, layout, row) }
            var sum = SIMD8<Double>(), squares = SIMD8<Double>(), i = 0
            while i < layout.nx {
                let g = load(growth + o, i), counted = masked(g, remaining: layout.nx &- i, T.self)
                sum = T.sumOfProducts(counted, one, sum)
                squares = T.sumOfProducts(counted, counted, squares)
                var v = -lambda * g, slope = T.Pack()
                if let byPotential {
                    slope = lambda * load(byPotential + o, i)
                    v = T.muladd(slope, load(potential + o, i), v)
                }
                store(s + o, i, slope)
                if let stencil { v = T.muladd(junction, stencil.divergence(i, solid: stencil.isSolid), v) }
                store(b + o, i, v)
                i &+= width
            }
            rowSums[row] = sum.sum()
            rowSquares[row] = squares.sum()
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func conservedUpdate<T: Real>(_ conserved: UnsafeMutablePointer<T>, history: PastLevels<T>, concentration: UnsafePointer<T>,
                                                growth: UnsafePointer<T>, _ faces: FaceCoefficients<T>, flux: T, lambda: T, a0: T,
                                                _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount
        let lambda = T.Pack(repeating: -lambda / a0), flux = T.Pack(repeating: -flux / a0)
        // With a1 + a2 = a0 the past enters as it is, not times a rounded one: in Float that would lose 1e-5 of the salt in 100 steps.
        let ratio = T.Pack(repeating: history.a2 / a0)
        for row in rows {
            let o = layout.offset(row: row), stencil = StencilRow(concentration, faces, layout, row)
            var i = 0
            while i < layout.nx {
                let last = load(history.last + o, i)
                var v = ratio * (load(history.before + o, i) - last)
                v = T.muladd(flux, stencil.divergence(i, solid: stencil.isSolid), v)
                store(conserved + o, i, last + T.muladd(lambda, load(growth + o, i), v))
                i &+= width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func logarithm<T: Real>(_ out: UnsafeMutablePointer<T>, _ c: UnsafePointer<T>, floor: T, _ layout: Layout, _ rows: Range<Int>) {
        let floor = T.Pack(repeating: floor)
        for row in rows {
            let o = layout.offset(row: row)
            var i = 0
            while i < layout.nx {
                let v = load(c + o, i)
                store(out + o, i, T.log(v.replacing(with: floor, where: .!(v .> floor))))
                i &+= T.Pack.scalarCount
            }
            fillGhosts(out + o, layout.nx)
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func combineThree<T: Real>(_ out: UnsafeMutablePointer<T>, _ a: T, _ x: UnsafePointer<T>, _ b: T, _ y: UnsafePointer<T>,
                                             _ c: T, _ z: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>) {
        let a = T.Pack(repeating: a), b = T.Pack(repeating: b), c = T.Pack(repeating: c)
        for row in rows {
            let o = layout.offset(row: row)
            var i = 0
            while i < layout.nx {
                store(out + o, i, T.muladd(a, load(x + o, i), T.muladd(b, load(y + o, i), c * load(z + o, i))))
                i &+= T.Pack.scalarCount
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func combineFour<T: Real>(_ out: UnsafeMutablePointer<T>, _ a: T, _ x: UnsafePointer<T>, _ b: T, _ y: UnsafePointer<T>,
                                            _ c: T, _ z: UnsafePointer<T>, _ w: UnsafePointer<T>, _ layout: Layout, _ rows: Range<Int>) {
        let a = T.Pack(repeating: a), b = T.Pack(repeating: b), c = T.Pack(repeating: c)
        for row in rows {
            let o = layout.offset(row: row)
            var i = 0
            while i < layout.nx {
                let v = T.muladd(c, load(z + o, i), load(w + o, i))
                store(out + o, i, T.muladd(a, load(x + o, i), T.muladd(b, load(y + o, i), v)))
                i &+= T.Pack.scalarCount
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func content<T: Real>(_ out: UnsafeMutablePointer<T>, xi: UnsafePointer<T>, concentration: UnsafePointer<T>, floor: T,
                                        _ layout: Layout, _ rows: Range<Int>) {
        let floor = T.Pack(repeating: floor)
        for row in rows {
            let o = layout.offset(row: row)
            var i = 0
            while i < layout.nx {
                store(out + o, i, fraction(load(xi + o, i), floor, T.self) * load(concentration + o, i))
                i &+= T.Pack.scalarCount
            }
        }
    }

    // MARK: - The wall y = L

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func wallSystem<T: Real>(s: UnsafeMutablePointer<T>, b: UnsafeMutablePointer<T>, values: UnsafePointer<T>,
                                           xi: UnsafePointer<T>, property: UnsafePointer<T>?, floor: T, scale: T, _ layout: Layout) {
        for k in 0..<layout.nz {
            let top = layout.offset(row: layout.ny &- 1 &+ layout.ny &* k), lateral = k &* layout.rowStride
            for i in 0..<layout.nx {
                let w = 2 * scale * max(1 - xi[top &+ i], floor) * (property?[top &+ i] ?? 1)
                s[top &+ i] += w
                b[top &+ i] += w * values[lateral &+ i]
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func wallFlux<T: Real>(_ flux: UnsafeMutablePointer<T>, _ u: UnsafePointer<T>, values: UnsafePointer<T>, xi: UnsafePointer<T>,
                                         property: UnsafePointer<T>?, floor: T, scale: T, factor: T, _ layout: Layout) {
        for k in 0..<layout.nz {
            let top = layout.offset(row: layout.ny &- 1 &+ layout.ny &* k), lateral = k &* layout.rowStride
            for i in 0..<layout.nx {
                let w = 2 * scale * max(1 - xi[top &+ i], floor) * (property?[top &+ i] ?? 1)
                flux[lateral &+ i] += factor * w * (values[lateral &+ i] - u[top &+ i])
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func addToLastRow<T: Real>(_ u: UnsafeMutablePointer<T>, _ flux: UnsafePointer<T>, factor: T, _ layout: Layout) {
        for k in 0..<layout.nz {
            let top = layout.offset(row: layout.ny &- 1 &+ layout.ny &* k), lateral = k &* layout.rowStride
            for i in 0..<layout.nx { u[top &+ i] += factor * flux[lateral &+ i] }
        }
    }

    // MARK: - Extremes

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func predictionError<T: Real>(_ u: UnsafePointer<T>, _ a: T, _ x: UnsafePointer<T>, _ b: T, _ y: UnsafePointer<T>, _ c: T,
                                                _ z: UnsafePointer<T>, xi: UnsafePointer<T>, rowMaxima: UnsafeMutablePointer<Double>,
                                                _ layout: Layout, _ rows: Range<Int>) {
        let a = T.Pack(repeating: a), b = T.Pack(repeating: b), c = T.Pack(repeating: c)
        for row in rows {
            let o = layout.offset(row: row)
            var largest = Largest<T>(), i = 0
            while i < layout.nx {
                let p = T.muladd(a, load(x + o, i), T.muladd(b, load(y + o, i), c * load(z + o, i)))
                let counts = (load(xi + o, i) .< T.Pack(repeating: 0.5)) .& (T.laneNumbers .< T.Pack(repeating: T(layout.nx &- i)))
                largest.takeSize(T.Pack().replacing(with: load(u + o, i) - p, where: counts))
                i &+= T.Pack.scalarCount
            }
            rowMaxima[row] = largest.value
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func rowMaximum<T: Real>(_ u: UnsafePointer<T>, rowMaxima: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let u = u + layout.offset(row: row), first = T.Pack(repeating: u[0])
            var largest = Largest(u[0]), i = 0
            while i < layout.nx {
                largest.take(first.replacing(with: load(u, i), where: T.laneNumbers .< T.Pack(repeating: T(layout.nx &- i))))
                i &+= T.Pack.scalarCount
            }
            rowMaxima[row] = largest.value
        }
    }
}
