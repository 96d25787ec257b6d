import Glibc

/// The surface xi = 1/2 of a three-dimensional field as triangles, by marching cubes.
///
/// Periodic in x and z and watertight there: triangles across the border share the vertices of the other side. The field is continued
/// unchanged from the outermost cell centres to the walls y = 0 and y = L, where the surface is open. Normals point out of the metal.
/// The table of cases is built from one rule for the faces of a cube (metal corners that meet only diagonally stay apart), which two cubes
/// read alike from their common face: no holes.
public struct TriangleSurface: Sendable {
    /// m; each on an edge between two cell centres.
    public let vertices: [SIMD3<Double>]
    public let triangles: [SIMD3<Int32>]
    /// Area of the surface, and of its part that faces the electrode (more than 0.6 degrees beyond vertical, so that rounding on upright walls
    /// does not count), m2.
    public let area: Double, downwardArea: Double
    /// Volume of the metal above the electrode, m3: the flux of (0, y, 0) through the surface, closed at the top of the box.
    public let volume: Double
    private let period: SIMD3<Double>?

    /// - Parameter periodic: false continues the field unchanged to the side walls and leaves the surface open there.
    public init(_ field: Samples, periodic: Bool = true) {
        precondition(!field.isFlat, "a triangle surface needs a three-dimensional field")
        let nx = field.nx, ny = field.ny, nz = field.nz, dx = field.dx, rows = ny + 2, top = field.height
        let nodesX = periodic ? nx : nx + 2
        let cubesX = periodic ? nx : nx + 1, cubesZ = periodic ? nz : nz + 1
        /// Cell and place of a node across; periodic nodes run on past the border.
        func cell(_ i: Int, _ n: Int) -> Int { periodic ? (i == n ? 0 : i) : min(max(i - 1, 0), n - 1) }
        func place(_ i: Int, _ n: Int) -> Double { periodic ? (Double(i) + 0.5) * dx : min(max(Double(i) - 0.5, 0), Double(n)) * dx }
        let columns = (0...cubesX).map { cell($0, nx) }
        func y(_ r: Int) -> Double { min(max((Double(r) - 0.5) * dx, 0), top) }

        var vertices: [SIMD3<Double>] = [], triangles: [SIMD3<Int32>] = []
        var area = 0.0, downward = 0.0, volume = 0.0
        // Vertices on the edges of a node (i, r) of plane k, slots x, y, z; two planes at a time, and the first one for the way back.
        let slots = nodesX * rows * 3
        let empty = [Int32](repeating: -1, count: slots)
        var near = empty, far = empty, first = empty
        var corner = [Float](repeating: 0, count: 8), local = [SIMD3<Double>](repeating: .zero, count: 12), ids = [Int32](repeating: -1, count: 12)

        field.values.withUnsafeBufferPointer { v in
            for k in 0..<cubesZ {
                let wrapsZ = periodic && k + 1 == nz
                if wrapsZ { far = first } else { far.replaceSubrange(0..<slots, with: empty) }
                let plane0 = nx * ny * cell(k, nz), plane1 = nx * ny * cell(k + 1, nz)
                let z0 = place(k, nz), z1 = place(k + 1, nz)
                for r in 0..<(rows - 1) {
                    let row0 = nx * min(max(r - 1, 0), ny - 1), row1 = nx * min(r, ny - 1)
                    let p00 = v.baseAddress! + plane0 + row0, p10 = v.baseAddress! + plane0 + row1
                    let p01 = v.baseAddress! + plane1 + row0, p11 = v.baseAddress! + plane1 + row1
                    // Four corners of the side x = i, as bits.
                    func side(_ i: Int) -> Int {
                        (p00[i] >= 0.5 ? 1 : 0) | (p10[i] >= 0.5 ? 4 : 0) | (p01[i] >= 0.5 ? 16 : 0) | (p11[i] >= 0.5 ? 64 : 0)
                    }
                    var left = side(columns[0])
                    for i in 0..<cubesX {
                        let w = columns[i], e = columns[i + 1]
                        let right = side(e), code = left | right << 1
                        left = right
                        if code == 0 || code == 255 { continue }
                        (corner[0], corner[1], corner[2], corner[3]) = (p00[w], p00[e], p10[w], p10[e])
                        (corner[4], corner[5], corner[6], corner[7]) = (p01[w], p01[e], p11[w], p11[e])
                        let cube = MarchingCubes.cases[code], x0 = place(i, nx), x1 = place(i + 1, nx)
                        for edge in cube.edges {
                            let (a, axis) = MarchingCubes.edges[edge], b = a | 1 << axis
                            let t = Level.crossing(corner[a], corner[b])
                            var p = SIMD3(a & 1 == 0 ? x0 : x1, y(r + (a >> 1 & 1)), a >> 2 == 0 ? z0 : z1)
                            p[axis] += t * (axis == 0 ? x1 - x0 : axis == 1 ? y(r + 1) - y(r) : z1 - z0)
                            local[edge] = p
                            let column = a & 1 == 0 ? i : (periodic ? e : i + 1), slot = 3 * (column + nodesX * (r + (a >> 1 & 1))) + axis
                            let stored = a >> 2 == 0 ? near[slot] : far[slot]
                            if stored >= 0 { ids[edge] = stored; continue }
                            let id = Int32(vertices.count)
                            vertices.append(p)
                            ids[edge] = id
                            if a >> 2 == 0 { near[slot] = id } else { far[slot] = id }
                        }
                        for t in cube.triangles {
                            let a = local[t.0], b = local[t.1], c = local[t.2]
                            let n = TriangleSurface.cross(b - a, c - a) / 2
                            let size = (n * n).sum().squareRoot()
                            area += size
                            if n.y < -0.01 * size { downward += size }
                            volume += n.y * (a.y + b.y + c.y) / 3
                            triangles.append(SIMD3(ids[t.0], ids[t.1], ids[t.2]))
                        }
                    }
                }
                if k == 0 { first = near }
                swap(&near, &far)
            }
            let lastRow = (0..<nz).reduce(0) { sum, k in sum + (0..<nx).count { v[$0 + nx * (ny - 1 + ny * k)] >= 0.5 } }
            volume += Double(lastRow) * dx * dx * top
        }
        (self.vertices, self.triangles, self.area, self.downwardArea, self.volume) = (vertices, triangles, area, downward, volume)
        period = periodic ? SIMD3(field.width, 0, field.depth) : nil
    }

    /// Corners of triangle n, unwrapped next to its first one.
    public func corners(_ n: Int) -> (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
        let t = triangles[n], a = vertices[Int(t.x)]
        return (a, nearest(vertices[Int(t.y)], to: a), nearest(vertices[Int(t.z)], to: a))
    }

    private func nearest(_ p: SIMD3<Double>, to a: SIMD3<Double>) -> SIMD3<Double> {
        guard let period else { return p }
        var q = p
        q.x -= ((p.x - a.x) / period.x).rounded() * period.x
        q.z -= ((p.z - a.z) / period.z).rounded() * period.z
        return q
    }

    /// A third of the area of the triangles around each vertex, m2.
    public func vertexAreas() -> [Double] {
        var out = [Double](repeating: 0, count: vertices.count)
        for n in triangles.indices {
            let (a, b, c) = corners(n), normal = TriangleSurface.cross(b - a, c - a), share = (normal * normal).sum().squareRoot() / 6
            for i in 0..<3 { out[Int(triangles[n][i])] += share }
        }
        return out
    }

    /// Unit normals at the vertices, area-weighted, out of the metal.
    public func vertexNormals() -> [SIMD3<Double>] {
        var out = [SIMD3<Double>](repeating: .zero, count: vertices.count)
        for n in triangles.indices {
            let (a, b, c) = corners(n), normal = TriangleSurface.cross(b - a, c - a)
            for i in 0..<3 { out[Int(triangles[n][i])] += normal }
        }
        return out.map { n in
            let size = (n * n).sum().squareRoot(); return size > 0 ? n / size : SIMD3(0, 1, 0)
        }
    }

    static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
}

/// The 256 cases of a cube. Corner c lies at (c & 1, c >> 1 & 1, c >> 2); edge e starts at `edges[e].corner` along `edges[e].axis`.
private enum MarchingCubes {
    struct Case: Sendable { var edges: [Int] = [], triangles: [(Int, Int, Int)] = [] }

    static let edges: [(corner: Int, axis: Int)] = (0..<3).flatMap { axis in (0..<8).filter { $0 >> axis & 1 == 0 }.map { ($0, axis) } }

    static let cases: [Case] = (0..<256).map { code in
        // On each face, seen from outside, the outline runs with metal on its left; the pieces of the six faces close to loops.
        var next: [Int: Int] = [:]
        for axis in 0..<3 {
            for far in [false, true] {
                let u = far ? (axis + 1) % 3 : (axis + 2) % 3, w = far ? (axis + 2) % 3 : (axis + 1) % 3
                let base = far ? 1 << axis : 0
                let round = [base, base | 1 << u, base | 1 << u | 1 << w, base | 1 << w]
                for n in 0..<4 where code >> round[n] & 1 == 1 && code >> round[(n + 3) % 4] & 1 == 0 {
                    // Metal starts at corner n (counter-clockwise) and ends before the next empty corner.
                    var last = n
                    while code >> round[(last + 1) % 4] & 1 == 1 { last = (last + 1) % 4 }
                    next[edge(round[last], round[(last + 1) % 4])] = edge(round[n], round[(n + 3) % 4])
                }
            }
        }
        var out = Case(edges: next.keys.sorted()), left = Set(next.keys)
        while let start = left.min() {
            var loop: [Int] = [], at = start
            while left.remove(at) != nil { loop.append(at); at = next[at] ?? start }
            // That way round the normal would point into the metal.
            for n in 1..<(loop.count - 1) { out.triangles.append((loop[0], loop[n + 1], loop[n])) }
        }
        return out
    }

    private static func edge(_ a: Int, _ b: Int) -> Int {
        let low = min(a, b), axis = (a ^ b).trailingZeroBitCount
        return edges.firstIndex { $0.corner == low && $0.axis == axis } ?? 0
    }
}
