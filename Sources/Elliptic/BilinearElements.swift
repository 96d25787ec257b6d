public import Grids

/// One bilinear element; its nodes in the order (i, low), (k, low), (i, high), (k, high).
public struct BilinearElement {
    /// The wall that takes the place of its lower or upper nodes.
    public enum Wall { case bottom, top }

    public let i: Int, k: Int, low: Int, high: Int, wall: Wall?

    /// Height over dx: a wall lies half a cell from its row.
    var height: Double { wall == nil ? 1 : 0.5 }

    /// Values at the nodes; at a wall `fixed`, or without slope.
    public func values(_ u: Field<Double>, fixed: Double? = nil) -> SIMD4<Double> {
        let a = u.row(low), b = u.row(high)
        var result = SIMD4(a[i], a[k], b[i], b[k])
        guard let fixed else { return result }
        if wall == .bottom { result.lowHalf = SIMD2(repeating: fixed) } else if wall == .top { result.highHalf = SIMD2(repeating: fixed) }
        return result
    }

    /// Adds loads of the nodes; what falls on a fixed wall is left out.
    public func add(_ load: SIMD4<Double>, to f: Field<Double>, isFixed: Bool = false) {
        let a = f.row(low), b = f.row(high)
        if !(isFixed && wall == .bottom) {
            a[i] += load[0]
            a[k] += load[1]
        }
        if !(isFixed && wall == .top) {
            b[i] += load[2]
            b[k] += load[3]
        }
    }

    public func add(_ m: ElementMatrix, to a: NinePointOperator, isFixed: Bool = false) {
        let c0 = a.centre.row(low), c1 = a.centre.row(high), e0 = a.east.row(low), e1 = a.east.row(high)
        let isLow = !(isFixed && wall == .bottom), isHigh = !(isFixed && wall == .top)
        if isLow {
            c0[i] += m.own[0]
            c0[k] += m.own[1]
            e0[i] += m.along[0]
        }
        if isHigh {
            c1[i] += m.own[2]
            c1[k] += m.own[3]
            e1[i] += m.along[1]
        }
        if wall == nil {
            let n = a.north.row(low)
            n[i] += m.across[0]
            n[k] += m.across[1]
            a.northEast.row(low)[i] += m.diagonal
            a.northWest.row(low)[i] += m.diagonal
        } else if isLow && isHigh {
            // The nodes on the wall are those of the row.
            c0[i] += 2 * m.across[0]
            c0[k] += 2 * m.across[1]
            e0[i] += 2 * m.diagonal
        }
    }
}

/// A symmetric matrix between the nodes of an element: (0,0) to (3,3), then (0,1) and (2,3), (0,2) and (1,3), and (0,3) = (1,2).
public struct ElementMatrix {
    public var own = SIMD4<Double>(), along = SIMD2<Double>(), across = SIMD2<Double>(), diagonal = 0.0

    public static func + (a: ElementMatrix, b: ElementMatrix) -> ElementMatrix {
        ElementMatrix(own: a.own + b.own, along: a.along + b.along, across: a.across + b.across, diagonal: a.diagonal + b.diagonal)
    }
}

/// Bilinear elements between the nodes of a grid whose x wraps, integrated at four points each: the Gauss points, or the nodes, which makes the
/// five-point operator with the mean of two cells on a face of the stiffness, and lumps the mass. Integrals are per dx^2, lengths in dx.
public struct BilinearElements {
    let nx: Int, ny: Int
    /// Share of the near node in a point of one direction, and of the far one.
    let near: Double, far: Double

    public init(_ grid: Grid, atGaussPoints: Bool) {
        (nx, ny) = (grid.nx, grid.ny)
        near = atGaussPoints ? 0.5 + 0.5 / 3.0.squareRoot() : 1
        far = 1 - near
    }

    @inline(__always)
    public func forEach(_ body: (BilinearElement, _ index: Int) -> Void) { forEach(in: -1..<ny, body) }

    @inline(__always)
    public func forEachOnWalls(_ body: (BilinearElement) -> Void) {
        forEach(in: -1..<0) { e, _ in body(e) }
        forEach(in: ny - 1..<ny) { e, _ in body(e) }
    }

    @inline(__always)
    private func forEach(in rows: Range<Int>, _ body: (BilinearElement, _ index: Int) -> Void) {
        for j in rows {
            let low = max(j, 0), high = min(j + 1, ny - 1), wall: BilinearElement.Wall? = j < 0 ? .bottom : j + 1 == ny ? .top : nil
            for i in 0..<nx { body(BilinearElement(i: i, k: i + 1 < nx ? i + 1 : 0, low: low, high: high, wall: wall), (j + 1) * nx + i) }
        }
    }

    public var count: Int { nx * (ny + 1) }

    @inline(__always) private static func swappedX(_ u: SIMD4<Double>) -> SIMD4<Double> { SIMD4(u[1], u[0], u[3], u[2]) }
    @inline(__always) private static func swappedY(_ u: SIMD4<Double>) -> SIMD4<Double> { SIMD4(u[2], u[3], u[0], u[1]) }

    /// Values at the points from those at the nodes.
    @inline(__always)
    public func atPoints(_ u: SIMD4<Double>) -> SIMD4<Double> {
        let v = near * u + far * Self.swappedX(u)
        return near * v + far * Self.swappedY(v)
    }

    /// Loads of the nodes from densities at the points.
    @inline(__always)
    public func loads(_ density: SIMD4<Double>, _ e: BilinearElement) -> SIMD4<Double> { 0.25 * e.height * atPoints(density) }

    /// int a grad u . grad N of the nodes N, a at the points.
    @inline(__always)
    public func fluxLoads(_ a: SIMD4<Double>, _ u: SIMD4<Double>, _ e: BilinearElement) -> SIMD4<Double> {
        let rowDifference = SIMD4(u[1] - u[0], u[1] - u[0], u[3] - u[2], u[3] - u[2])
        let columnDifference = SIMD4(u[2] - u[0], u[3] - u[1], u[2] - u[0], u[3] - u[1])
        let fx = a * (near * rowDifference + far * Self.swappedY(rowDifference))
        let fy = a * (near * columnDifference + far * Self.swappedX(columnDifference))
        let gx = near * fx + far * Self.swappedY(fx), gy = near * fy + far * Self.swappedX(fy)
        let x0 = gx[0] + gx[1], x1 = gx[2] + gx[3], y0 = gy[0] + gy[2], y1 = gy[1] + gy[3]
        return 0.25 * (e.height * SIMD4(-x0, x0, -x1, x1) + 1 / e.height * SIMD4(-y0, -y1, y0, y1))
    }

    /// int a grad N . grad N'
    @inline(__always)
    public func stiffness(_ a: SIMD4<Double>, _ e: BilinearElement) -> ElementMatrix {
        let nn = near * near, ff = far * far, nf = near * far, x = 0.25 * e.height, y = 0.25 / e.height
        func parts(_ low: Double, _ high: Double, _ scale: Double) -> (p: Double, q: Double, r: Double) {
            (scale * (nn * low + ff * high), scale * (ff * low + nn * high), scale * nf * (low + high))
        }
        let (p, q, r) = parts(a[0] + a[1], a[2] + a[3], x), (s, t, v) = parts(a[0] + a[2], a[1] + a[3], y)
        return ElementMatrix(own: SIMD4(p + s, p + t, q + s, q + t), along: SIMD2(v - p, v - q), across: SIMD2(r - s, r - t), diagonal: -r - v)
    }

    /// int m N N'
    @inline(__always)
    public func mass(_ m: SIMD4<Double>, _ e: BilinearElement) -> ElementMatrix {
        let nn = near * near, ff = far * far, nf = near * far, scale = 0.25 * e.height
        let nnnn = nn * nn, nnff = nn * ff, ffff = ff * ff, strong = scale * nn * nf, weak = scale * nf * ff, all = m.sum()
        func own(_ a: Double, _ opposite: Double) -> Double { scale * (nnnn * a + nnff * (all - a - opposite) + ffff * opposite) }
        return ElementMatrix(own: SIMD4(own(m[0], m[3]), own(m[1], m[2]), own(m[2], m[1]), own(m[3], m[0])),
                             along: SIMD2(strong * (m[0] + m[1]) + weak * (m[2] + m[3]), strong * (m[2] + m[3]) + weak * (m[0] + m[1])),
                             across: SIMD2(strong * (m[0] + m[2]) + weak * (m[1] + m[3]), strong * (m[1] + m[3]) + weak * (m[0] + m[2])),
                             diagonal: scale * nnff * all)
    }
}
