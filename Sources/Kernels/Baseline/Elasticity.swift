import KernelInterface

/// Offsets of the rows around row (j, k), neighbours wrapping round.
struct RowOffsets {
    let centre: Int, south: Int, north: Int, below: Int, above: Int, southAbove: Int, northBelow: Int
    let isWall: Bool

    @inline(__always)
    init(_ layout: Layout, _ row: Int, solid: Bool) {
        let k = row / layout.ny, j = row &- k &* layout.ny
        let plane = k &* layout.planeStride
        let s = (j == 0 ? layout.ny &- 1 : j &- 1) &* layout.rowStride, c = j &* layout.rowStride
        let n = (j &+ 1 == layout.ny ? 0 : j &+ 1) &* layout.rowStride
        (centre, south, north) = (plane &+ c, plane &+ s, plane &+ n)
        let b = solid ? (k == 0 ? layout.nz &- 1 : k &- 1) &* layout.planeStride : plane
        let a = solid ? (k &+ 1 == layout.nz ? 0 : k &+ 1) &* layout.planeStride : plane
        (below, above, southAbove, northBelow) = (b &+ c, a &+ c, a &+ s, b &+ n)
        isWall = j == 0
    }
}

/// Stresses and forces from a displacement; offsets are those of the cell or edge meant and of the neighbours it needs.
struct ElasticStencil<T: Real> {
    let x: UnsafePointer<T>, y: UnsafePointer<T>, z: UnsafePointer<T>
    let lambda: UnsafePointer<T>, mu: UnsafePointer<T>, xy: UnsafePointer<T>, yz: UnsafePointer<T>, xz: UnsafePointer<T>
    let ex: T.Pack, ey: T.Pack, ez: T.Pack

    @inline(__always)
    init(_ u: VectorCells<T>, _ strain: MeanStrain<T>, _ c: StiffnessCells<T>) {
        (x, y, z) = (UnsafePointer(u.x), UnsafePointer(u.y), UnsafePointer(u.z ?? u.y))
        (lambda, mu, xy, yz, xz) = (c.lambda, c.mu, c.xy, c.yz ?? c.xy, c.xz ?? c.xy)
        (ex, ey, ez) = (T.Pack(repeating: strain.x), T.Pack(repeating: strain.y), T.Pack(repeating: strain.z))
    }

    @inline(__always)
    func strains(_ o: Int, _ north: Int, _ above: Int, _ i: Int, solid: Bool) -> (T.Pack, T.Pack, T.Pack) {
        let a = load(x, o &+ i &+ 1) - load(x, o &+ i) + ex
        let b = load(y, north &+ i) - load(y, o &+ i) + ey
        let c = solid ? load(z, above &+ i) - load(z, o &+ i) + ez : ez
        return (a, b, c)
    }

    /// lambda tr e + 2 mu e_a.
    @inline(__always)
    func normal(_ axis: Int, _ o: Int, _ north: Int, _ above: Int, _ i: Int, solid: Bool) -> T.Pack {
        let (a, b, c) = strains(o, north, above, i, solid: solid)
        let e = axis == 0 ? a : axis == 1 ? b : c
        let m = load(mu, o &+ i)
        return T.muladd(load(lambda, o &+ i), a + b + c, (m + m) * e)
    }

    @inline(__always)
    func shearXY(_ o: Int, _ south: Int, _ i: Int) -> T.Pack {
        load(xy, o &+ i) * (load(x, o &+ i) - load(x, south &+ i) + (load(y, o &+ i) - load(y, o &+ i &- 1)))
    }

    @inline(__always)
    func shearXZ(_ o: Int, _ below: Int, _ i: Int) -> T.Pack {
        load(xz, o &+ i) * (load(x, o &+ i) - load(x, below &+ i) + (load(z, o &+ i) - load(z, o &+ i &- 1)))
    }

    @inline(__always)
    func shearYZ(_ o: Int, _ south: Int, _ below: Int, _ i: Int) -> T.Pack {
        load(yz, o &+ i) * (load(y, o &+ i) - load(y, below &+ i) + (load(z, o &+ i) - load(z, south &+ i)))
    }

    /// -div s along x, y, z.
    @inline(__always)
    func forceX(_ r: RowOffsets, _ i: Int, solid: Bool) -> T.Pack {
        var v = normal(0, r.centre, r.north, r.above, i &- 1, solid: solid) - normal(0, r.centre, r.north, r.above, i, solid: solid)
        v += shearXY(r.centre, r.south, i) - shearXY(r.north, r.centre, i)
        if solid { v += shearXZ(r.centre, r.below, i) - shearXZ(r.above, r.centre, i) }
        return v
    }

    @inline(__always)
    func forceY(_ r: RowOffsets, _ i: Int, solid: Bool) -> T.Pack {
        var v = normal(1, r.south, r.centre, r.southAbove, i, solid: solid) - normal(1, r.centre, r.north, r.above, i, solid: solid)
        v += shearXY(r.centre, r.south, i) - shearXY(r.centre, r.south, i &+ 1)
        if solid { v += shearYZ(r.centre, r.south, r.below, i) - shearYZ(r.above, r.southAbove, r.centre, i) }
        return v
    }

    @inline(__always)
    func forceZ(_ r: RowOffsets, _ i: Int) -> T.Pack {
        var v = normal(2, r.below, r.northBelow, r.centre, i, solid: true) - normal(2, r.centre, r.north, r.above, i, solid: true)
        v += shearXZ(r.centre, r.below, i) - shearXZ(r.centre, r.below, i &+ 1)
        return v + shearYZ(r.centre, r.south, r.below, i) - shearYZ(r.north, r.centre, r.northBelow, i)
    }
}

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func applyElasticity<T: Real>(_ f: VectorCells<T>, _ u: VectorCells<T>, _ strain: MeanStrain<T>, _ c: StiffnessCells<T>,
                                                _ rowSums: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>) {
        if u.z != nil {
            applyElasticity(f, u, strain, c, rowSums, layout, rows, solid: true)
        } else {
            applyElasticity(f, u, strain, c, rowSums, layout, rows, solid: false)
        }
    }

    @inline(__always)
    private static func applyElasticity<T: Real>(_ f: VectorCells<T>, _ u: VectorCells<T>, _ strain: MeanStrain<T>, _ c: StiffnessCells<T>,
                                                 _ rowSums: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>,
                                                 solid: Bool) {
        let width = T.Pack.scalarCount, nx = layout.nx
        let stencil = ElasticStencil(u, strain, c)
        for row in rows {
            let r = RowOffsets(layout, row, solid: solid), o = r.centre
            var sum = SIMD8<Double>(), i = 0
            while i < nx {
                let x = stencil.forceX(r, i, solid: solid), y = r.isWall ? T.Pack() : stencil.forceY(r, i, solid: solid)
                store(f.x, o &+ i, x)
                store(f.y, o &+ i, y)
                let left = nx &- i
                sum = T.sumOfProducts(masked(x, remaining: left, T.self), masked(load(u.x, o &+ i), remaining: left, T.self), sum)
                sum = T.sumOfProducts(masked(y, remaining: left, T.self), masked(load(u.y, o &+ i), remaining: left, T.self), sum)
                if solid {
                    let z = stencil.forceZ(r, i)
                    store(f.z!, o &+ i, z)
                    sum = T.sumOfProducts(masked(z, remaining: left, T.self), masked(load(u.z!, o &+ i), remaining: left, T.self), sum)
                }
                i &+= width
            }
            rowSums[row] = sum.sum()
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func normalStressSum<T: Real>(_ u: VectorCells<T>, _ strain: MeanStrain<T>, _ c: StiffnessCells<T>, axis: Int,
                                                _ rowSums: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, solid = u.z != nil, one = T.Pack(repeating: 1)
        let stencil = ElasticStencil(u, strain, c)
        for row in rows {
            let r = RowOffsets(layout, row, solid: solid)
            var sum = SIMD8<Double>(), i = 0
            while i < layout.nx {
                let v = stencil.normal(axis, r.centre, r.north, r.above, i, solid: solid)
                sum = T.sumOfProducts(masked(v, remaining: layout.nx &- i, T.self), one, sum)
                i &+= width
            }
            rowSums[row] = sum.sum()
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func elasticStress<T: Real>(_ s: TensorCells<T>, _ u: VectorCells<T>, _ strain: MeanStrain<T>, _ c: StiffnessCells<T>,
                                              _ eigenstress: TensorCells<T>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, solid = u.z != nil
        let stencil = ElasticStencil(u, strain, c)
        for row in rows {
            let r = RowOffsets(layout, row, solid: solid), o = r.centre
            var i = 0
            while i < layout.nx {
                let (a, b, e) = stencil.strains(o, r.north, r.above, i, solid: solid)
                let m = load(c.mu, o &+ i), two = m + m, trace = load(c.lambda, o &+ i) * (a + b + e)
                store(s.xx, o &+ i, T.muladd(two, a, trace) - load(eigenstress.xx, o &+ i))
                store(s.yy, o &+ i, T.muladd(two, b, trace) - load(eigenstress.yy, o &+ i))
                store(s.zz, o &+ i, T.muladd(two, e, trace) - load(eigenstress.zz, o &+ i))
                store(s.xy, o &+ i, r.isWall ? T.Pack() : stencil.shearXY(o, r.south, i) - load(eigenstress.xy, o &+ i))
                if solid {
                    store(s.yz!, o &+ i, r.isWall ? T.Pack() : stencil.shearYZ(o, r.south, r.below, i) - load(eigenstress.yz!, o &+ i))
                    store(s.xz!, o &+ i, stencil.shearXZ(o, r.below, i) - load(eigenstress.xz!, o &+ i))
                }
                i &+= width
            }
            fillGhosts(s.xx + o, layout.nx)
            fillGhosts(s.yy + o, layout.nx)
            fillGhosts(s.zz + o, layout.nx)
            fillGhosts(s.xy + o, layout.nx)
            if solid {
                fillGhosts(s.yz! + o, layout.nx)
                fillGhosts(s.xz! + o, layout.nx)
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func tensorDivergence<T: Real>(_ f: VectorCells<T>, _ s: TensorCells<T>, _ rowSums: UnsafeMutablePointer<Double>,
                                                 _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = layout.nx, solid = f.z != nil
        for row in rows {
            let r = RowOffsets(layout, row, solid: solid), o = r.centre
            var sum = SIMD8<Double>(), i = 0
            while i < nx {
                let left = nx &- i, p = o &+ i
                var x = load(s.xx, p) - load(s.xx, p &- 1) + (load(s.xy, r.north &+ i) - load(s.xy, p))
                var y = load(s.yy, p) - load(s.yy, r.south &+ i) + (load(s.xy, p &+ 1) - load(s.xy, p))
                if solid {
                    x += load(s.xz!, r.above &+ i) - load(s.xz!, p)
                    y += load(s.yz!, r.above &+ i) - load(s.yz!, p)
                    let z = load(s.zz, p) - load(s.zz, r.below &+ i) + (load(s.xz!, p &+ 1) - load(s.xz!, p))
                        + (load(s.yz!, r.north &+ i) - load(s.yz!, p))
                    store(f.z!, p, z)
                    let m = masked(z, remaining: left, T.self)
                    sum = T.sumOfProducts(m, m, sum)
                }
                if r.isWall { y = T.Pack() }
                store(f.x, p, x)
                store(f.y, p, y)
                let mx = masked(x, remaining: left, T.self), my = masked(y, remaining: left, T.self)
                sum = T.sumOfProducts(mx, mx, T.sumOfProducts(my, my, sum))
                i &+= width
            }
            rowSums[row] = sum.sum()
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func edgeModuli<T: Real>(_ xy: UnsafeMutablePointer<T>, _ yz: UnsafeMutablePointer<T>?, _ xz: UnsafeMutablePointer<T>?,
                                           _ mu: UnsafePointer<T>, harmonic: Bool, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, solid = yz != nil
        for row in rows {
            let r = RowOffsets(layout, row, solid: solid), o = r.centre
            // (j - 1, k - 1)
            let corner = solid ? r.below &+ r.south &- r.centre : r.south
            var i = 0
            while i < layout.nx {
                let here = load(mu, o &+ i), west = load(mu, o &+ i &- 1), south = load(mu, r.south &+ i)
                store(xy, o &+ i, r.isWall ? T.Pack() : edgeMean(here, west, south, load(mu, r.south &+ i &- 1), harmonic, T.self))
                if let yz, let xz {
                    let below = load(mu, r.below &+ i)
                    store(yz, o &+ i, r.isWall ? T.Pack() : edgeMean(here, south, below, load(mu, corner &+ i), harmonic, T.self))
                    store(xz, o &+ i, edgeMean(here, west, below, load(mu, r.below &+ i &- 1), harmonic, T.self))
                }
                i &+= width
            }
            fillGhosts(xy + o, layout.nx)
            if let yz, let xz {
                fillGhosts(yz + o, layout.nx)
                fillGhosts(xz + o, layout.nx)
            }
        }
    }

    @inline(__always)
    private static func edgeMean<T: Real>(_ a: T.Pack, _ b: T.Pack, _ c: T.Pack, _ d: T.Pack, _ harmonic: Bool, _: T.Type) -> T.Pack {
        let quarter = T.Pack(repeating: 0.25)
        if !harmonic { return quarter * ((a + b) + (c + d)) }
        // 4 / (1/a + 1/b + 1/c + 1/d), 0 where one of them is 0.
        let one = T.Pack(repeating: 1), m = (one / a + one / b) + (one / c + one / d)
        return T.Pack(repeating: 4) / m
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func stressInvariants<T: Real>(_ hydrostatic: UnsafeMutablePointer<T>, _ mises: UnsafeMutablePointer<T>, _ s: TensorCells<T>,
                                                 _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, solid = s.yz != nil, third = T.Pack(repeating: 1 / 3)
        for row in rows {
            let r = RowOffsets(layout, row, solid: solid), o = r.centre
            var i = 0
            while i < layout.nx {
                let p = o &+ i, xx = load(s.xx, p), yy = load(s.yy, p), zz = load(s.zz, p)
                store(hydrostatic, p, (xx + yy + zz) * third)
                store(mises, p, T.squareRoot(misesSquare(s, r, i, xx, yy, zz, solid: solid)))
                i &+= width
            }
        }
    }

    /// 3/2 dev s : dev s with the shear of the four edges around the centre.
    @inline(__always)
    static func misesSquare<T: Real>(_ s: TensorCells<T>, _ r: RowOffsets, _ i: Int, _ xx: T.Pack, _ yy: T.Pack, _ zz: T.Pack,
                                     solid: Bool) -> T.Pack {
        let quarter = T.Pack(repeating: 0.25), half = T.Pack(repeating: 0.5), three = T.Pack(repeating: 3)
        let xy = quarter * (load(s.xy, r.centre &+ i) + load(s.xy, r.centre &+ i &+ 1)
            + (load(s.xy, r.north &+ i) + load(s.xy, r.north &+ i &+ 1)))
        var shear = xy * xy
        if solid {
            let yz = quarter * (load(s.yz!, r.centre &+ i) + load(s.yz!, r.north &+ i)
                + (load(s.yz!, r.above &+ i) + load(s.yz!, r.above &+ r.north &- r.centre &+ i)))
            let xz = quarter * (load(s.xz!, r.centre &+ i) + load(s.xz!, r.centre &+ i &+ 1)
                + (load(s.xz!, r.above &+ i) + load(s.xz!, r.above &+ i &+ 1)))
            shear = T.muladd(yz, yz, T.muladd(xz, xz, shear))
        }
        let a = xx - yy, b = yy - zz, c = zz - xx
        return T.muladd(half, T.muladd(a, a, T.muladd(b, b, c * c)), three * shear)
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func staggeredGreen<T: Real>(_ r: VectorCells<T>, _ symbols: StaggeredSymbols<T>, scale: T, coupling: T,
                                               _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, solid = r.z != nil, one = T.Pack(repeating: 1)
        let scale = T.Pack(repeating: scale), coupling = T.Pack(repeating: coupling)
        let sign: T.Pack = alternatingSigns(T.self)
        for row in rows {
            let k = row / layout.ny, j = row &- k &* layout.ny, o = layout.offset(row: row)
            let base = T.Pack(repeating: symbols.rows[row]), vy = T.Pack(repeating: symbols.y[j])
            let zr = T.Pack(repeating: symbols.zReal[k]), zi = sign * T.Pack(repeating: symbols.zImaginary[k])
            var i = 0
            while i < layout.nx {
                let s = load(symbols.sx, i) + base
                let inverse = (one / s).replacing(with: T.Pack(), where: s .== T.Pack()), f = inverse * scale
                let xr = load(symbols.xReal, i), xi = load(symbols.xImaginary, i)
                let x = load(r.x, o &+ i), y = load(r.y, o &+ i), z = solid ? load(r.z!, o &+ i) : x
                // v^H r; a product with v is a Re v + swap(a) (-Im v, Im v).
                var d = T.muladd(vy, y, T.muladd(x, xr, -(T.swapPairs(x) * xi)))
                if solid { d += T.muladd(z, zr, -(T.swapPairs(z) * zi)) }
                let t = d * inverse * coupling, w = T.swapPairs(t)
                store(r.x, o &+ i, f * (x - T.muladd(t, xr, w * xi)))
                store(r.y, o &+ i, f * (y - t * vy))
                if solid { store(r.z!, o &+ i, f * (z - T.muladd(t, zr, w * zi))) }
                i &+= width
            }
        }
    }
}

/// Lanes 0, 2, 4, ...
@inline(__always)
func evenLanes<T: Real>(_: T.Type) -> SIMDMask<T.Pack.MaskStorage> { T.spreadLow(T.laneNumbers + T.laneNumbers) .== T.laneNumbers }

/// (-1, 1, -1, 1, ...): with `swapPairs`, multiplication of complex pairs by i.
@inline(__always)
func alternatingSigns<T: Real>(_: T.Type) -> T.Pack {
    let one = T.Pack(repeating: 1)
    return one.replacing(with: -one, where: evenLanes(T.self))
}
