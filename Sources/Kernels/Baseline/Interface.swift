import KernelInterface

/// Pointers to the rows around one row, clamped or wrapped at the ends of y and z.
struct Neighbourhood<T: Real> {
    /// Rows j - 1, j, j + 1 of planes k - 1, k, k + 1 (in 2D all planes are the same).
    let sb: UnsafePointer<T>, s: UnsafePointer<T>, sa: UnsafePointer<T>
    let cb: UnsafePointer<T>, c: UnsafePointer<T>, ca: UnsafePointer<T>
    let nb: UnsafePointer<T>, n: UnsafePointer<T>, na: UnsafePointer<T>

    @inline(__always)
    init(_ u: UnsafePointer<T>, _ layout: Layout, _ row: Int) {
        let k = row / layout.ny, j = row &- k &* layout.ny
        let south = layout.neighbourY(j, -1) &* layout.rowStride, north = layout.neighbourY(j, 1) &* layout.rowStride
        let here = j &* layout.rowStride, plane = k &* layout.planeStride
        let below = layout.neighbourZ(k, -1) &* layout.planeStride, above = layout.neighbourZ(k, 1) &* layout.planeStride
        (sb, s, sa) = (u + (below &+ south), u + (plane &+ south), u + (above &+ south))
        (cb, c, ca) = (u + (below &+ here), u + (plane &+ here), u + (above &+ here))
        (nb, n, na) = (u + (below &+ north), u + (plane &+ north), u + (above &+ north))
    }
}

/// Components of a vector at the packs of a face.
struct Vector<T: Real> {
    var x: T.Pack, y: T.Pack, z: T.Pack
    @inline(__always) init(_ x: T.Pack, _ y: T.Pack, _ z: T.Pack) { (self.x, self.y, self.z) = (x, y, z) }
    @inline(__always) var square: T.Pack { T.muladd(x, x, T.muladd(y, y, z * z)) }
}

extension Neighbourhood {
    /// dx grad u at the lower face across x of cell i; the upper one is that of cell i + 1.
    @inline(__always)
    func faceX(_ i: Int, solid: Bool) -> Vector<T> {
        let quarter = T.Pack(repeating: 0.25)
        let z = solid ? quarter * (load(ca, i) - load(cb, i) + load(ca, i &- 1) - load(cb, i &- 1)) : T.Pack()
        return Vector(load(c, i) - load(c, i &- 1),
                      quarter * (load(n, i) - load(s, i) + load(n, i &- 1) - load(s, i &- 1)), z)
    }

    @inline(__always)
    func faceY(_ i: Int, upper: Bool, solid: Bool) -> Vector<T> {
        let quarter = T.Pack(repeating: 0.25)
        let (o, ob, oa) = upper ? (n, nb, na) : (s, sb, sa)
        let d = upper ? load(o, i) - load(c, i) : load(c, i) - load(o, i)
        let x = quarter * (load(c, i &+ 1) - load(c, i &- 1) + load(o, i &+ 1) - load(o, i &- 1))
        let z = solid ? quarter * (load(ca, i) - load(cb, i) + load(oa, i) - load(ob, i)) : T.Pack()
        return Vector(x, d, z)
    }

    @inline(__always)
    func faceZ(_ i: Int, upper: Bool) -> Vector<T> {
        let quarter = T.Pack(repeating: 0.25)
        let (o, os, on) = upper ? (ca, sa, na) : (cb, sb, nb)
        let d = upper ? load(o, i) - load(c, i) : load(c, i) - load(o, i)
        let x = quarter * (load(c, i &+ 1) - load(c, i &- 1) + load(o, i &+ 1) - load(o, i &- 1))
        let y = quarter * (load(n, i) - load(s, i) + load(on, i) - load(os, i))
        return Vector(x, y, d)
    }
}

/// The Cahn-Hoffman vector of a(n), d(|p| a)/dp at p = n, and a itself.
@inline(__always)
func cahnHoffman<T: Real>(_ n: Vector<T>, _ shape: InterfaceGeometry<T>, solid: Bool) -> (vector: Vector<T>, a: T.Pack) {
    let one = T.Pack(repeating: 1), strength = T.Pack(repeating: shape.anisotropy)
    if solid {
        let x2 = n.x * n.x, y2 = n.y * n.y, z2 = n.z * n.z
        let four: T = 4, three: T = 3
        let quartic = T.muladd(x2, x2, T.muladd(y2, y2, z2 * z2))
        let base = one - three * strength - three * four * strength * quartic, slope = four * four * strength
        let a = one + strength * (four * quartic - three)
        return (Vector(n.x * T.muladd(slope, x2, base), n.y * T.muladd(slope, y2, base), n.z * T.muladd(slope, z2, base)), a)
    }
    // (n_x + i n_y)^folds = cos(folds theta) + i sin(folds theta)
    var re = one, im = T.Pack()
    for _ in 0..<shape.folds { (re, im) = (re * n.x - im * n.y, re * n.y + im * n.x) }
    let cosine = re * shape.cosine + im * shape.sine, sine = im * shape.cosine - re * shape.sine
    let a = T.muladd(strength, cosine, one), slope = -strength * sine * T.Pack(repeating: T(shape.folds))
    return (Vector(a * n.x - slope * n.y, a * n.y + slope * n.x, T.Pack()), a)
}

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func signedDistance<T: Real>(_ psi: UnsafeMutablePointer<T>, _ xi: UnsafePointer<T>, halfWidth: T, _ layout: Layout,
                                               _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, one = T.Pack(repeating: 1), l = T.Pack(repeating: halfWidth)
        let low = T.Pack(repeating: 1e-7), high = one - low
        let far = T.log(high / low) * l
        for row in rows {
            let o = layout.offset(row: row), psi = psi + o, xi = xi + o
            var i = 0
            while i < layout.nx {
                var v = load(xi, i)
                let metal = v .>= high, outside = v .<= low
                if all(metal) {
                    store(psi, i, -far)
                } else if all(outside) {
                    store(psi, i, far)
                } else {
                    v.replace(with: high, where: metal)
                    v.replace(with: low, where: outside)
                    store(psi, i, l * T.log((one - v) / v))
                }
                i &+= width
            }
            fillGhosts(psi, layout.nx)
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func geometry<T: Real>(weight: UnsafeMutablePointer<T>, drift: UnsafeMutablePointer<T>, curvature: UnsafeMutablePointer<T>?,
                                         smoothed: UnsafePointer<T>?, rowWeights: UnsafeMutablePointer<Double>, _ xi: UnsafePointer<T>,
                                         _ psi: UnsafePointer<T>, _ shape: InterfaceGeometry<T>, _ layout: Layout, _ rows: Range<Int>) {
        if layout.nz > 1 {
            geometryOf(weight, drift, curvature, smoothed, rowWeights, xi, psi, shape, layout, rows, solid: true)
        } else {
            geometryOf(weight, drift, curvature, smoothed, rowWeights, xi, psi, shape, layout, rows, solid: false)
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func meanCurvature<T: Real>(_ K: UnsafeMutablePointer<T>, _ xi: UnsafePointer<T>, _ psi: UnsafePointer<T>,
                                              _ shape: InterfaceGeometry<T>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, one = T.Pack(repeating: 1), edge = T.Pack(repeating: 1e-4)
        for row in rows {
            let K = K + layout.offset(row: row), xi = xi + layout.offset(row: row), distance = Neighbourhood(psi, layout, row)
            var i = 0
            while i < layout.nx {
                let x = load(xi, i), flat = x * (one - x) .<= edge
                if all(flat) {
                    store(K, i, T.Pack())
                } else {
                    let faces = FaceNormals(distance, i, shape, solid: layout.nz > 1)
                    store(K, i, (faces.plainDivergence / T.Pack(repeating: shape.spacing)).replacing(with: T.Pack(), where: flat))
                }
                i &+= width
            }
            fillGhosts(K, layout.nx)
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func smoothCurvature<T: Real>(_ out: UnsafeMutablePointer<T>, _ K: UnsafePointer<T>, _ xi: UnsafePointer<T>, sharpens: Bool,
                                                _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, one = T.Pack(repeating: 1), edge = T.Pack(repeating: 1e-4)
        for row in rows {
            let out = out + layout.offset(row: row), K = Neighbourhood(K, layout, row), xi = Neighbourhood(xi, layout, row)
            var i = 0
            while i < layout.nx {
                let x = load(xi.c, i), flat = x * (one - x) .<= edge
                if all(flat) {
                    store(out, i, T.Pack())
                } else {
                    var mean = BandMean<T>()
                    mean.add(K.sb, xi.sb, i, 1, edge); mean.add(K.s, xi.s, i, 2, edge); mean.add(K.sa, xi.sa, i, 1, edge)
                    mean.add(K.cb, xi.cb, i, 2, edge); mean.add(K.c, xi.c, i, 4, edge); mean.add(K.ca, xi.ca, i, 2, edge)
                    mean.add(K.nb, xi.nb, i, 1, edge); mean.add(K.n, xi.n, i, 2, edge); mean.add(K.na, xi.na, i, 1, edge)
                    let here = load(K.c, i), average = mean.sum / mean.weight
                    store(out, i, (sharpens ? here + here - average : average).replacing(with: T.Pack(), where: flat))
                }
                i &+= width
            }
            fillGhosts(out, layout.nx)
        }
    }

    @inline(__always)
    private static func geometryOf<T: Real>(_ weight: UnsafeMutablePointer<T>, _ drift: UnsafeMutablePointer<T>,
                                            _ curvature: UnsafeMutablePointer<T>?, _ smoothed: UnsafePointer<T>?,
                                            _ rowWeights: UnsafeMutablePointer<Double>, _ xi: UnsafePointer<T>, _ psi: UnsafePointer<T>,
                                            _ shape: InterfaceGeometry<T>, _ layout: Layout, _ rows: Range<Int>, solid: Bool) {
        let width = T.Pack.scalarCount, zero = T.Pack(), one = T.Pack(repeating: 1), two: T = 2
        let h = shape.spacing, l = shape.halfWidth
        let bandEdge = T.Pack(repeating: shape.discretelyExact ? 1e-6 : 1e-4)
        for row in rows {
            let k = row / layout.ny, j = row &- k &* layout.ny, o = layout.offset(row: row)
            let weight = weight + o, drift = drift + o, curvature = curvature.map { $0 + o }, smoothed = smoothed.map { $0 + o }
            let level = Neighbourhood(xi, layout, row), distance = Neighbourhood(psi, layout, row)
            // Rows two away, for the fourth-order gradient.
            let plane = k &* layout.planeStride, here = j &* layout.rowStride
            let s2 = xi + (plane &+ layout.neighbourY(j, -2) &* layout.rowStride)
            let n2 = xi + (plane &+ layout.neighbourY(j, 2) &* layout.rowStride)
            let b2 = xi + (layout.neighbourZ(k, -2) &* layout.planeStride &+ here)
            let a2 = xi + (layout.neighbourZ(k, 2) &* layout.planeStride &+ here)
            let isEmpty = rowWeights[row] == 0
            var total = zero, i = 0
            while i < layout.nx {
                let x = load(level.c, i), g = x * (one - x)
                if all(g .<= bandEdge) {
                    // A flat tail: no gradient; the well alone pulls it back.
                    if !isEmpty { store(weight, i, zero) }
                    store(drift, i, -(g * (one - two * x)) / T.Pack(repeating: l * l))
                    if let curvature { store(curvature, i, zero) }
                    i &+= width
                    continue
                }
                // Curvature from the normals of psi on the faces, K = div(grad psi/|grad psi|).
                let faces = FaceNormals(distance, i, shape, solid: solid)
                let K = smoothed.map { load($0, i) } ?? faces.plainDivergence / T.Pack(repeating: h)

                var well: T.Pack, w: T.Pack, compensation: T.Pack
                if shape.discretelyExact {
                    let half = T.Pack(repeating: 1 / (2 * h)), small = T.Pack(repeating: 1e-6)
                    let qx = half * (load(distance.c, i &+ 1) - load(distance.c, i &- 1))
                    let qy = half * (load(distance.n, i) - load(distance.s, i))
                    let qz = solid ? half * (load(distance.ca, i) - load(distance.cb, i)) : zero
                    let q2 = T.muladd(qx, qx, T.muladd(qy, qy, qz * qz))
                    let inverse = one / (q2 + T.Pack(repeating: solid ? 3e-6 : 2e-6))
                    let nx2 = T.muladd(qx, qx, small) * inverse, ny2 = T.muladd(qy, qy, small) * inverse
                    let nz2 = solid ? T.muladd(qz, qz, small) * inverse : zero
                    let t = one - two * x, t2 = t * t
                    var sum = wellTerm(nx2, t2, shape) + wellTerm(ny2, t2, shape)
                    if solid { sum += wellTerm(nz2, t2, shape) }
                    well = T.Pack(repeating: 4 / (h * h)) * g * t * sum
                    w = exactWeight(x, g, t, level, i, shape, solid: solid)
                    // In a pore no wider than a cell the neighbours belong to other fronts, which would hold it open.
                    let most = T.Pack(repeating: shape.steepest) * g
                    var share = (one - nx2) * mobile(load(level.c, i &+ 1), load(level.c, i &- 1), most, l)
                    share += (one - ny2) * mobile(load(level.n, i), load(level.s, i), most, l)
                    if solid {
                        share += (one - nz2) * mobile(load(level.ca, i), load(level.cb, i), most, l)
                        share *= T.Pack(repeating: 0.5)
                    }
                    compensation = T.squareRoot(q2) * K * share
                } else {
                    let twelfth = T.Pack(repeating: 1 / (12 * h)), eight: T = 8
                    let gx = twelfth * (eight * (load(level.c, i &+ 1) - load(level.c, i &- 1)) - (load(level.c, i &+ 2) - load(level.c, i &- 2)))
                    let gy = twelfth * (eight * (load(level.n, i) - load(level.s, i)) - (load(n2, i) - load(s2, i)))
                    let gz = solid ? twelfth * (eight * (load(level.ca, i) - load(level.cb, i)) - (load(a2, i) - load(b2, i))) : zero
                    w = T.squareRoot(T.muladd(gx, gx, T.muladd(gy, gy, gz * gz)))
                    well = g * (one - two * x) / T.Pack(repeating: l * l)
                    compensation = w * K
                }
                if !shape.compensatesCurvature { compensation = faces.anisotropicExcess(level, i, shape, solid: solid) }
                // Lane by lane what whole flat packs do, so that the grouping of cells into packs does not show.
                let flat = g .<= bandEdge
                well.replace(with: g * (one - two * x) / T.Pack(repeating: l * l), where: flat)
                w.replace(with: zero, where: flat)
                compensation.replace(with: zero, where: flat)
                store(drift, i, compensation - well)
                // The ramp that keeps noise in the bulk from reacting.
                var b = (x - T.Pack(repeating: shape.ramp)) / T.Pack(repeating: shape.ramp)
                let upper = (one - x - T.Pack(repeating: shape.ramp)) / T.Pack(repeating: shape.ramp)
                if shape.ramp == 0 { b = one } else {
                    b.replace(with: upper, where: upper .< b)
                    b.replace(with: one, where: b .> one)
                    b.replace(with: zero, where: b .< zero)
                }
                store(weight, i, w * b)
                total += w * b
                if let curvature {
                    store(curvature, i, (faces.weightedDivergence / T.Pack(repeating: h)).replacing(with: zero, where: flat))
                }
                i &+= width
            }
            rowWeights[row] = Double(total.sum())
        }
    }

    /// T_i/(1 - T_i t^2), T_i = tanh^2(h |n_i|/2l): one axis of the discretely exact double well.
    @inline(__always)
    private static func wellTerm<T: Real>(_ n2: T.Pack, _ t2: T.Pack, _ shape: InterfaceGeometry<T>) -> T.Pack {
        let one = T.Pack(repeating: 1)
        let e = T.exp(T.Pack(repeating: -shape.spacing / shape.halfWidth) * T.squareRoot(n2))
        let tanh = (one - e) / (one + e), square = tanh * tanh
        return square / (one - square * t2)
    }

    /// [xi(1-xi) of the two neighbours]/2l, each between 0 and `most`.
    @inline(__always)
    private static func mobile<T: Real>(_ a: T.Pack, _ b: T.Pack, _ most: T.Pack, _ l: T) -> T.Pack {
        let one = T.Pack(repeating: 1)
        var u = a * (one - a), v = b * (one - b)
        u.replace(with: most, where: u .> most)
        v.replace(with: most, where: v .> most)
        u.replace(with: T.Pack(), where: u .< T.Pack())
        v.replace(with: T.Pack(), where: v .< T.Pack())
        return (u + v) / T.Pack(repeating: 2 * l)
    }

    /// |xi'| at the node of a tanh front of any orientation and spacing, from differences of neighbours.
    @inline(__always)
    private static func exactWeight<T: Real>(_ x: T.Pack, _ g: T.Pack, _ t: T.Pack, _ level: Neighbourhood<T>, _ i: Int,
                                             _ shape: InterfaceGeometry<T>, solid: Bool) -> T.Pack {
        let m = T.Pack(repeating: 4) * g
        let scale = T.Pack(repeating: shape.halfWidth / shape.spacing)
        let px = scale * doubleArtanh(load(level.c, i &- 1) - load(level.c, i &+ 1), m, t, T.self)
        let py = scale * doubleArtanh(load(level.s, i) - load(level.n, i), m, t, T.self)
        let pz = solid ? scale * doubleArtanh(load(level.cb, i) - load(level.ca, i), m, t, T.self) : T.Pack()
        var p = T.squareRoot(T.muladd(px, px, T.muladd(py, py, pz * pz)))
        let two = T.Pack(repeating: 2)
        p.replace(with: two, where: p .> two)
        var gPositive = g
        gPositive.replace(with: T.Pack(), where: g .< T.Pack())
        return gPositive * p / T.Pack(repeating: shape.halfWidth)
    }

    /// 2 artanh(tau), tau = 2 D/(m + sqrt(m^2 + 4 D^2 t^2)) clipped to +-0.995.
    @inline(__always)
    private static func doubleArtanh<T: Real>(_ d: T.Pack, _ m: T.Pack, _ t: T.Pack, _: T.Type) -> T.Pack {
        let one = T.Pack(repeating: 1), limit = T.Pack(repeating: 0.995), dt = (d + d) * t
        var positive = m
        positive.replace(with: T.Pack(repeating: 1e-12), where: m .< T.Pack(repeating: 1e-12))
        var tau = (d + d) / (positive + T.squareRoot(T.muladd(positive, positive, dt * dt)))
        tau.replace(with: limit, where: tau .> limit)
        tau.replace(with: -limit, where: tau .< -limit)
        return T.log((one + tau) / (one - tau))
    }
}

/// A mean over cells of the band, weighted with xi (1 - xi).
private struct BandMean<T: Real> {
    var sum = T.Pack(), weight = T.Pack()

    /// Adds cells i - 1, i, i + 1 of a row with shares 1, 2, 1 times `factor`.
    @inline(__always)
    mutating func add(_ value: UnsafePointer<T>, _ xi: UnsafePointer<T>, _ i: Int, _ factor: T, _ edge: T.Pack) {
        add(load(value, i &- 1), load(xi, i &- 1), factor, edge)
        add(load(value, i), load(xi, i), factor + factor, edge)
        add(load(value, i &+ 1), load(xi, i &+ 1), factor, edge)
    }

    @inline(__always)
    private mutating func add(_ value: T.Pack, _ x: T.Pack, _ share: T, _ edge: T.Pack) {
        let g = x * (T.Pack(repeating: 1) - x)
        let w = (g * T.Pack(repeating: share)).replacing(with: T.Pack(), where: g .<= edge)
        sum = T.muladd(w, value, sum)
        weight += w
    }
}

/// Unit normals of psi on the faces of a cell and what follows from their differences (times h).
struct FaceNormals<T: Real> {
    /// Sum over axes of n_i(upper) - n_i(lower), and the same of the Cahn-Hoffman vector.
    let plainDivergence: T.Pack, weightedDivergence: T.Pack

    @inline(__always)
    init(_ psi: Neighbourhood<T>, _ i: Int, _ shape: InterfaceGeometry<T>, solid: Bool) {
        let e = FaceNormals.unit(psi.faceX(i &+ 1, solid: solid)), w = FaceNormals.unit(psi.faceX(i, solid: solid))
        let n = FaceNormals.unit(psi.faceY(i, upper: true, solid: solid)), s = FaceNormals.unit(psi.faceY(i, upper: false, solid: solid))
        var plain = e.x - w.x + n.y - s.y
        var weighted = plain
        if solid {
            let a = FaceNormals.unit(psi.faceZ(i, upper: true)), b = FaceNormals.unit(psi.faceZ(i, upper: false))
            plain += a.z - b.z
            weighted = plain
            if shape.anisotropy != 0 {
                weighted = cahnHoffman(e, shape, solid: true).vector.x - cahnHoffman(w, shape, solid: true).vector.x
                weighted += cahnHoffman(n, shape, solid: true).vector.y - cahnHoffman(s, shape, solid: true).vector.y
                weighted += cahnHoffman(a, shape, solid: true).vector.z - cahnHoffman(b, shape, solid: true).vector.z
            }
        } else if shape.anisotropy != 0 {
            weighted = cahnHoffman(e, shape, solid: false).vector.x - cahnHoffman(w, shape, solid: false).vector.x
            weighted += cahnHoffman(n, shape, solid: false).vector.y - cahnHoffman(s, shape, solid: false).vector.y
        }
        plainDivergence = plain
        weightedDivergence = weighted
    }

    @inline(__always)
    private static func unit(_ g: Vector<T>) -> Vector<T> {
        // Far smaller than the steps of psi inside the band, far larger than round-off outside it.
        let inverse = T.Pack(repeating: 1) / T.squareRoot(g.square + T.Pack(repeating: .leastNormalMagnitude * 1e6))
        return Vector(g.x * inverse, g.y * inverse, g.z * inverse)
    }

    /// div(a |grad xi| vector) - lap xi: what the variational anisotropy of a^2 |grad xi|^2 / 2 adds to the Laplacian.
    @inline(__always)
    func anisotropicExcess(_ xi: Neighbourhood<T>, _ i: Int, _ shape: InterfaceGeometry<T>, solid: Bool) -> T.Pack {
        if shape.anisotropy == 0 { return T.Pack() }
        var v = excess(xi.faceX(i &+ 1, solid: solid), 0, shape, solid: solid) - excess(xi.faceX(i, solid: solid), 0, shape, solid: solid)
        v += excess(xi.faceY(i, upper: true, solid: solid), 1, shape, solid: solid)
        v -= excess(xi.faceY(i, upper: false, solid: solid), 1, shape, solid: solid)
        if solid {
            v += excess(xi.faceZ(i, upper: true), 2, shape, solid: true) - excess(xi.faceZ(i, upper: false), 2, shape, solid: true)
        }
        return v / T.Pack(repeating: shape.spacing * shape.spacing)
    }

    @inline(__always)
    private func excess(_ g: Vector<T>, _ axis: Int, _ shape: InterfaceGeometry<T>, solid: Bool) -> T.Pack {
        let size = T.squareRoot(g.square + T.Pack(repeating: .leastNormalMagnitude * 1e6))
        let (vector, a) = cahnHoffman(Vector(g.x / size, g.y / size, g.z / size), shape, solid: solid)
        let flux = axis == 0 ? vector.x : axis == 1 ? vector.y : vector.z
        return a * size * flux - (axis == 0 ? g.x : axis == 1 ? g.y : g.z)
    }
}
