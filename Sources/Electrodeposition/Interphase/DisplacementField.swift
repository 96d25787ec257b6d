import Grids
import Kernels

/// U = X0 - x between cell centres, by cubic interpolation that stops at seams. Lengths in cells.
struct DisplacementField<T: Real> {
    let box: CellBox
    let x: UnsafeMutablePointer<T>, y: UnsafeMutablePointer<T>, z: UnsafeMutablePointer<T>
    let valid: UnsafePointer<UInt8>

    /// Displacements that differ by more cells than this belong to different sheets of the surface.
    static var seam: Double { 6 }

    @inline(__always)
    subscript(offset: Int) -> SIMD3<Double> {
        get { SIMD3(Double(x[offset]), Double(y[offset]), box.isSolid ? Double(z[offset]) : 0) }
        nonmutating set {
            x[offset] = T(newValue.x)
            y[offset] = T(newValue.y)
            if box.isSolid { z[offset] = T(newValue.z) }
        }
    }

    /// X0 of a cell, in cells.
    @inline(__always)
    func reference(at offset: Int) -> SIMD3<Double> {
        let cell = box.cell(at: offset)
        return self[offset] + SIMD3(Double(cell.x), Double(cell.y), Double(cell.z))
    }

    /// Four nodes of an axis around a position: offsets, signs of images and weights (Lagrange, exact for cubics).
    private struct Nodes {
        var offset = SIMD4<Int>(), sign = SIMD4<Double>(), cubic = SIMD4<Double>(), linear = SIMD4<Double>()

        @inline(__always)
        init(_ axis: CellAxis, _ p: Double) {
            let n = floorIndex(p), t = p - Double(n)
            for a in 0..<4 { (offset[a], sign[a]) = axis.locate(n &+ a &- 1) }
            cubic = Nodes.weights(t)
            linear = SIMD4(0, 1 - t, t, 0)
        }

        /// Of the nodes -1, 0, 1, 2 at t in 0...1.
        @inline(__always)
        static func weights(_ t: Double) -> SIMD4<Double> {
            SIMD4(-t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2, -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6)
        }

        /// A single node, for the axis that the plane lacks.
        init() {
            (sign[1], cubic[1], linear[1]) = (1, 1, 1)
        }
    }

    /// U at p, nil where no node is known. Nodes across a seam, or unknown ones, make it linear over those of the same sheet; the result
    /// stays within half a range of the nodes next to p.
    @inline(__always)
    func callAsFunction(_ p: SIMD3<Double>) -> SIMD3<Double>? { ofOneSheet(p) ?? ofAny(p) }

    /// The cubic where all nodes are known, of one sheet, and no image at a wall: nearly everywhere. Whole rows of four nodes at a time.
    @inline(__always)
    private func ofOneSheet(_ p: SIMD3<Double>) -> SIMD3<Double>? {
        let i = floorIndex(p.x), s = p.x - Double(i), ny = Nodes(box.y, p.y), nz = box.isSolid ? Nodes(box.z, p.z) : Nodes()
        guard i >= 1, i &+ 2 < box.x.count, ny.sign.min() > 0, box.isSolid ? nz.sign.min() > 0 : true else { return nil }
        let planes = box.isSolid ? 0...3 : 1...1, first = i &- 1
        @inline(__always) func load(_ u: UnsafeMutablePointer<T>, _ o: Int) -> SIMD4<Double> {
            SIMD4(Double(u[o]), Double(u[o &+ 1]), Double(u[o &+ 2]), Double(u[o &+ 3]))
        }
        let nearest =
            (first &+ (s < 0.5 ? 1 : 2)) &+ ny.offset[ny.linear[1] >= ny.linear[2] ? 1 : 2] &+ nz.offset[nz.linear[1] >= nz.linear[2] ? 1 : 2]
        let anchor = self[nearest], seam = SIMD4(repeating: Self.seam)
        var sum = (SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>()), low = anchor, high = anchor
        for c in planes { for b in 0..<4 {
            let o = first &+ ny.offset[b] &+ nz.offset[c], weight = ny.cubic[b] * nz.cubic[c]
            guard UnsafeRawPointer(valid + o).loadUnaligned(as: UInt32.self) == 0x0101_0101 else { return nil }
            let central = (b == 1 || b == 2) && (c == 1 || c == 2)
            @inline(__always) func add(_ u: UnsafeMutablePointer<T>, _ anchor: Double, _ sum: inout SIMD4<Double>, _ low: inout Double,
                                       _ high: inout Double) -> Bool {
                let v = load(u, o), d = v - anchor
                guard all((d .<= seam) .& (d .>= -seam)) else { return false }
                sum += v * weight
                if central {
                    low = min(low, v[1], v[2])
                    high = max(high, v[1], v[2])
                }
                return true
            }
            guard add(x, anchor.x, &sum.0, &low.x, &high.x), add(y, anchor.y, &sum.1, &low.y, &high.y) else { return nil }
            if box.isSolid { guard add(z, anchor.z, &sum.2, &low.z, &high.z) else { return nil } }
        } }
        let cubic = Nodes.weights(s), value = SIMD3((sum.0 * cubic).sum(), (sum.1 * cubic).sum(), (sum.2 * cubic).sum())
        return clamped(value, low, high)
    }

    @inline(__always)
    private func clamped(_ u: SIMD3<Double>, _ low: SIMD3<Double>, _ high: SIMD3<Double>) -> SIMD3<Double> {
        let room = (high - low) * 0.5
        return u.replacing(with: low - room, where: u .< low - room).replacing(with: high + room, where: u .> high + room)
    }

    @inline(never)
    private func ofAny(_ p: SIMD3<Double>) -> SIMD3<Double>? {
        let nx = Nodes(box.x, p.x), ny = Nodes(box.y, p.y), nz = box.isSolid ? Nodes(box.z, p.z) : Nodes()
        @inline(__always) func node(_ a: Int, _ b: Int, _ c: Int) -> Int { nx.offset[a] &+ ny.offset[b] &+ nz.offset[c] }
        @inline(__always) func value(_ a: Int, _ b: Int, _ c: Int) -> SIMD3<Double> {
            self[node(a, b, c)] * SIMD3(nx.sign[a], ny.sign[b], nz.sign[c])
        }
        let planes = box.isSolid ? 1...2 : 1...1, allPlanes = box.isSolid ? 0...3 : 1...1
        // The sheet is that of the known node next to p with the largest share.
        var anchor = SIMD3<Double>(), largest = -1.0
        for c in planes { for b in 1...2 { for a in 1...2 where valid[node(a, b, c)] == 1 {
            let weight = nx.linear[a] * ny.linear[b] * nz.linear[c]
            if weight > largest { (largest, anchor) = (weight, value(a, b, c)) }
        } } }
        guard largest >= 0 else { return nil }

        var isWhole = true
        var cubic = SIMD3<Double>(), linear = SIMD3<Double>(), share = 0.0, low = anchor, high = anchor
        for c in allPlanes { for b in 0..<4 { for a in 0..<4 {
            guard valid[node(a, b, c)] == 1 else { isWhole = false; continue }
            let u = value(a, b, c), d = u - anchor
            guard abs(d.x) <= Self.seam && abs(d.y) <= Self.seam && abs(d.z) <= Self.seam else { isWhole = false; continue }
            cubic += u * (nx.cubic[a] * ny.cubic[b] * nz.cubic[c])
            let weight = nx.linear[a] * ny.linear[b] * nz.linear[c]
            if weight > 0 {
                linear += u * weight
                share += weight
                low.replace(with: u, where: u .< low)
                high.replace(with: u, where: u .> high)
            }
        } } }
        guard isWhole else { return share > 1e-6 ? linear / share : anchor }
        return clamped(cubic, low, high)
    }

    /// dA0/dA = |cof(F) n| at a cell, F = dX0/dx from central differences; a side on which |dX0/dx| > 3 lies across a fold and is left out.
    /// Clipped to 3.
    @inline(__always)
    func areaRatio(_ cell: SIMD3<Int>, _ offset: Int, normal n: SIMD3<Double>) -> Double? {
        let here = self[offset]
        @inline(__always) func slope(_ axis: CellAxis, _ index: Int, _ unit: SIMD3<Double>) -> SIMD3<Double>? {
            @inline(__always) func side(_ step: Int) -> SIMD3<Double>? {
                let (o, sign) = axis.locate(index &+ step), there = offset &+ o &- index &* axis.stride
                guard valid[there] == 1 else { return nil }
                let u = self[there] * (SIMD3(repeating: 1) + unit * (sign - 1)), d = (u - here) * Double(step) + unit
                return (d * d).sum() <= 9 ? d : nil
            }
            if let up = side(1) {
                if let down = side(-1) { return 0.5 * (up + down) }
                return up
            }
            return side(-1)
        }
        guard let fx = slope(box.x, cell.x, SIMD3(1, 0, 0)), let fy = slope(box.y, cell.y, SIMD3(0, 1, 0)) else { return nil }
        if !box.isSolid {
            // F t with the tangent t = (-n_y, n_x).
            let d = fy * n.x - fx * n.y
            return min((d * d).sum().squareRoot(), 3)
        }
        guard let fz = slope(box.z, cell.z, SIMD3(0, 0, 1)) else { return nil }
        let cofactor = cross(fy, fz) * n.x + cross(fz, fx) * n.y + cross(fx, fy) * n.z
        return min((cofactor * cofactor).sum().squareRoot(), 3)
    }
}

@inline(__always)
private func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}
