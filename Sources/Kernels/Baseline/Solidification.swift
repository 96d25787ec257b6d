import KernelInterface

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func interfaceSpans<T: Real>(_ phi: UnsafePointer<T>, limit: T, margin: Int, _ spans: UnsafeMutablePointer<ColumnSpan>,
                                               _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, nx = layout.nx
        for row in rows {
            let phi = phi + layout.offset(row: row)
            var first = nx, last = -1
            for i in 0..<nx where phi[i] < limit && phi[i] > -limit {
                if first == nx { first = i }
                last = i
            }
            if last < 0 {
                spans[row] = ColumnSpan(first: 0, end: 0)
            } else {
                first = max(0, first &- margin) / width * width
                last = min(nx, last &+ 1 &+ margin)
                spans[row] = ColumnSpan(first: Int32(first), end: Int32((last &+ width &- 1) / width * width))
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func gradientY<T: Real>(_ gy: UnsafeMutablePointer<T>, _ phi: UnsafeMutablePointer<T>, _ d: CentralDifferences<T>,
                                          _ spans: UnsafePointer<ColumnSpan>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount
        let (d1, d2, d3) = (T.Pack(repeating: d.first.0), T.Pack(repeating: d.first.1), T.Pack(repeating: d.first.2))
        for row in rows where spans[row].end > 0 {
            let span = spans[row], first = Int(span.first), end = Int(span.end)
            let gy = gy + layout.offset(row: row), centre = phi + layout.offset(row: row)
            let s1 = mirrored(phi, row &- 1, layout), s2 = mirrored(phi, row &- 2, layout), s3 = mirrored(phi, row &- 3, layout)
            let n1 = mirrored(phi, row &+ 1, layout), n2 = mirrored(phi, row &+ 2, layout), n3 = mirrored(phi, row &+ 3, layout)
            // One pack on either side feeds the x differences of gy.
            var i = max(0, first &- width)
            while i < end &+ width && i < layout.nx {
                let a = T.muladd(d1, load(n1, i) - load(s1, i), d2 * (load(n2, i) - load(s2, i)))
                store(gy, i, T.muladd(d3, load(n3, i) - load(s3, i), a))
                i &+= width
            }
            if first < width {
                for ghost in 1...3 {
                    gy[-ghost] = gy[ghost &- 1]
                    centre[-ghost] = centre[ghost &- 1]
                }
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func solidificationRate<T: Real>(_ rate: UnsafeMutablePointer<T>, _ phi: UnsafePointer<T>, _ gy: UnsafePointer<T>,
                                                   _ v: UnsafePointer<T>, lambda: T, epsilon: T, _ d: CentralDifferences<T>,
                                                   _ spans: UnsafePointer<ColumnSpan>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount
        let (d1, d2, d3) = (T.Pack(repeating: d.first.0), T.Pack(repeating: d.first.1), T.Pack(repeating: d.first.2))
        let (e1, e2, e3) = (T.Pack(repeating: d.second.0), T.Pack(repeating: d.second.1), T.Pack(repeating: d.second.2))
        let e0 = T.Pack(repeating: d.centre), one = T.Pack(repeating: 1), half = T.Pack(repeating: 0.5), two = T.Pack(repeating: 2)
        let eps = T.Pack(repeating: epsilon), minusLambda = T.Pack(repeating: -lambda), tiny = T.Pack(repeating: 1e-20)
        let minusFour = T.Pack(repeating: -4), minusSixteen = T.Pack(repeating: -16)
        for row in rows where spans[row].end > 0 {
            let span = spans[row], o = layout.offset(row: row)
            let c = phi + o, g = gy + o, v = v + o, rate = rate + o
            let s1 = mirrored(phi, row &- 1, layout), s2 = mirrored(phi, row &- 2, layout), s3 = mirrored(phi, row &- 3, layout)
            let n1 = mirrored(phi, row &+ 1, layout), n2 = mirrored(phi, row &+ 2, layout), n3 = mirrored(phi, row &+ 3, layout)
            var i = Int(span.first)
            while i < Int(span.end) {
                let p = load(c, i)
                let (w1, w2, w3) = (load(c, i &- 1), load(c, i &- 2), load(c, i &- 3))
                let (x1, x2, x3) = (load(c, i &+ 1), load(c, i &+ 2), load(c, i &+ 3))
                let px = T.muladd(d1, x1 - w1, T.muladd(d2, x2 - w2, d3 * (x3 - w3)))
                let pxx = T.muladd(e0, p, T.muladd(e1, x1 + w1, T.muladd(e2, x2 + w2, e3 * (x3 + w3))))
                let pyy = T.muladd(e0, p, T.muladd(e1, load(n1, i) + load(s1, i),
                                                   T.muladd(e2, load(n2, i) + load(s2, i), e3 * (load(n3, i) + load(s3, i)))))
                let py = load(g, i)
                let pxy = T.muladd(d1, load(g, i &+ 1) - load(g, i &- 1),
                                   T.muladd(d2, load(g, i &+ 2) - load(g, i &- 2), d3 * (load(g, i &+ 3) - load(g, i &- 3))))
                // cos and sin of 2 theta and 4 theta of the normal.
                let xx = px * px, yy = py * py, inverse = one / (xx + yy + tiny)
                let cos2 = (xx - yy) * inverse, sin2 = two * px * py * inverse
                let cos4 = T.muladd(cos2, cos2, -(sin2 * sin2)), sin4 = two * cos2 * sin2
                let a = T.muladd(eps, cos4, one), a1 = minusFour * eps * sin4, a2 = minusSixteen * eps * cos4
                let laplacian = pxx + pyy, difference = pxx - pyy
                // div F = a^2 lap + 2 a a' grad theta . grad phi + (a'^2 + a a'') (curvature part of lap)
                let along = T.muladd(cos2, pxy, -(half * sin2 * difference))
                let across = T.muladd(half, laplacian - cos2 * difference, -(sin2 * pxy))
                let flux = T.muladd(a * a, laplacian, T.muladd(two * a * a1, along, T.muladd(a1, a1, a * a2) * across))
                let u = T.muladd(half, p, load(v, i)), well = one - p * p
                let reaction = T.muladd(minusLambda * u, well, p) * well
                store(rate, i, (flux + reaction) / (a * a))
                i &+= width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func restrict<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ coarseLayout: Layout, _ phi: UnsafePointer<T>,
                                         _ spans: UnsafePointer<ColumnSpan>, _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let low = spans[2 &* row], high = spans[2 &* row &+ 1]
            guard low.end > 0 || high.end > 0 else { continue }
            // An empty span is (0, 0): it must not pull the first column in.
            let first = low.end == 0 ? high.first : high.end == 0 ? low.first : min(low.first, high.first)
            let end = min(layout.nx, Int(max(low.end, high.end)))
            let c = coarse + coarseLayout.offset(row: row)
            let a1 = mirrored(phi, 2 &* row, layout), b1 = mirrored(phi, 2 &* row &+ 1, layout)
            let a2 = mirrored(phi, 2 &* row &- 1, layout), b2 = mirrored(phi, 2 &* row &+ 2, layout)
            let a3 = mirrored(phi, 2 &* row &- 2, layout), b3 = mirrored(phi, 2 &* row &+ 3, layout)
            // Between two cells from three on either side: (150, -25, 3) / 256.
            let w1: T = 0.5859375, w2: T = -0.09765625, w3: T = 0.01171875
            var i = Int(first) / 2
            while 2 &* i < end {
                var sum: T = 0
                for (offset, weight) in [(0, w1), (1, w2), (2, w3)] {
                    var l = 2 &* i &- offset, r = 2 &* i &+ 1 &+ offset
                    if l < 0 { l = -1 &- l }
                    if r >= layout.nx { r = layout.nx &- 1 }
                    sum += weight * (w1 * (a1[l] + b1[l] + a1[r] + b1[r]) + w2 * (a2[l] + b2[l] + a2[r] + b2[r])
                        + w3 * (a3[l] + b3[l] + a3[r] + b3[r]))
                }
                c[i] = sum
                i &+= 1
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func prolong<T: Real>(_ v: UnsafeMutablePointer<T>, _ phi: UnsafePointer<T>, _ coarse: UnsafePointer<T>,
                                        _ coarseLayout: Layout, _ scratch: UnsafeMutablePointer<T>, weights: (T, T, T, T, T, T),
                                        _ spans: UnsafePointer<ColumnSpan>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, half: T = 0.5, (w0, w1, w2, w3, w4, w5) = weights
        for row in rows where spans[row].end > 0 {
            // Odd rows lie a quarter cell above the centre of their coarse row, even ones below: the six points mirror.
            let middle = row / 2, up = row % 2 == 0 ? -1 : 1
            let r0 = mirrored(coarse, middle &- 2 &* up, coarseLayout), r1 = mirrored(coarse, middle &- up, coarseLayout)
            let r2 = mirrored(coarse, middle, coarseLayout), r3 = mirrored(coarse, middle &+ up, coarseLayout)
            let r4 = mirrored(coarse, middle &+ 2 &* up, coarseLayout), r5 = mirrored(coarse, middle &+ 3 &* up, coarseLayout)
            let s = scratch + coarseLayout.offset(row: row), first = Int(spans[row].first) / 2
            let end = min(layout.nx, Int(spans[row].end)), last = min(coarseLayout.nx, end / 2 &+ 4)
            var i = max(0, first &- 4)
            while i < last {
                let a = T.muladd(T.Pack(repeating: w0), load(r0, i), T.Pack(repeating: w1) * load(r1, i))
                let b = T.muladd(T.Pack(repeating: w2), load(r2, i), T.Pack(repeating: w3) * load(r3, i))
                let c = T.muladd(T.Pack(repeating: w4), load(r4, i), T.Pack(repeating: w5) * load(r5, i))
                store(s, i, a + b + c)
                i &+= width
            }
            if first < 4 { for ghost in 1...3 { s[-ghost] = s[ghost &- 1] } }
            let v = v + layout.offset(row: row), phi = phi + layout.offset(row: row)
            i = first
            while 2 &* i < end {
                let a = w0 * s[i &+ 2] + w1 * s[i &+ 1] + w2 * s[i] + w3 * s[i &- 1] + w4 * s[i &- 2] + w5 * s[i &- 3]
                let b = w0 * s[i &- 2] + w1 * s[i &- 1] + w2 * s[i] + w3 * s[i &+ 1] + w4 * s[i &+ 2] + w5 * s[i &+ 3]
                v[2 &* i] = a - half * phi[2 &* i]
                v[2 &* i &+ 1] = b - half * phi[2 &* i &+ 1]
                i &+= 1
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func combine<T: Real>(_ w: UnsafeMutablePointer<T>, _ u: UnsafePointer<T>, _ a: T, _ f: UnsafePointer<T>, _ b: T,
                                        _ g: UnsafePointer<T>, _ spans: UnsafePointer<ColumnSpan>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, va = T.Pack(repeating: a), vb = T.Pack(repeating: b)
        for row in rows {
            let o = layout.offset(row: row), w = w + o, u = u + o, f = f + o, g = g + o
            var i = Int(spans[row].first)
            while i < Int(spans[row].end) {
                store(w, i, T.muladd(va, load(f, i), T.muladd(vb, load(g, i), load(u, i))))
                i &+= width
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func maximumDifference<T: Real>(_ x: UnsafePointer<T>, _ y: UnsafePointer<T>, _ rowMaxima: UnsafeMutablePointer<Double>,
                                                  _ spans: UnsafePointer<ColumnSpan>, _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let o = layout.offset(row: row)
            var m = 0.0
            for i in Int(spans[row].first)..<min(layout.nx, Int(spans[row].end)) {
                let d = Double(abs(x[o &+ i] - y[o &+ i]))
                if !(d <= m) { m = d }
            }
            rowMaxima[row] = m
        }
    }

    /// A row, or its mirror image below the first.
    @inline(__always)
    private static func mirrored<T: Real>(_ phi: UnsafePointer<T>, _ row: Int, _ layout: Layout) -> UnsafePointer<T> {
        phi + layout.offset(row: row < 0 ? -1 &- row : min(row, layout.rows &- 1))
    }

    @inline(__always)
    private static func mirrored<T: Real>(_ phi: UnsafeMutablePointer<T>, _ row: Int, _ layout: Layout) -> UnsafePointer<T> {
        mirrored(UnsafePointer(phi), row, layout)
    }
}
