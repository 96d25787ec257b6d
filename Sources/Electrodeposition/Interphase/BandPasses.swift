import Grids
import Kernels

/// What a cell of the band gets when the surface's material is extended afresh.
struct BandCell {
    /// U, and the way from the cell to its foot on the surface, cells.
    var displacement = SIMD3<Double>(), way = SIMD3<Float>()
    var areaRatio: Float = 1
    var state = State.unknown

    /// Without a foot, U never known or known from before; with a foot and a known U there; with a foot where no U is known: new metal, its
    /// own material.
    enum State: UInt8 { case unknown, kept, found, born }
}

/// The loops over the band, compiled for both precisions.
enum BandPasses {
    /// Lists the cells with |psi| < reach in rising order of their offsets.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func list<T: Real>(_ band: inout CellList, _ psi: UnsafePointer<T>, reach: T, _ layout: Layout) {
        band.removeAll()
        for row in 0..<layout.rows {
            let o = layout.offset(row: row), psi = psi + o
            for i in 0..<layout.nx where abs(psi[i]) < reach { band.append(o &+ i) }
        }
    }

    /// U at the foot of each cell from the old U.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func find<T: Real>(_ found: UnsafeMutablePointer<BandCell>, _ band: UnsafePointer<Int32>, _ part: Range<Int>,
                              _ foot: ClosestPoint<T>,
                              _ field: DisplacementField<T>) {
        for n in part {
            let cell = foot.box.cell(at: Int(band[n]))
            var result = BandCell()
            if field.valid[Int(band[n])] == 1 { result.state = .kept }
            if let p = foot(cell) {
                let way = p - SIMD3(Double(cell.x), Double(cell.y), Double(cell.z))
                result.way = SIMD3<Float>(way)
                let u = field(p)
                result.state = u == nil ? .born : .found
                result.displacement = way + (u ?? SIMD3())
            }
            found[n] = result
        }
    }

    /// dA0/dA at each cell of the band.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func measureArea<T: Real>(_ ratio: UnsafeMutablePointer<T>, _ band: UnsafePointer<Int32>, _ part: Range<Int>,
                                     _ foot: ClosestPoint<T>,
                                     _ field: DisplacementField<T>) {
        for n in part {
            let offset = Int(band[n]), cell = foot.box.cell(at: offset)
            var normal = foot.gradient(SIMD3(Double(cell.x), Double(cell.y), Double(cell.z)))
            let size = (normal * normal).sum().squareRoot()
            normal = size > 0 ? normal / size : SIMD3(0, 1, 0)
            ratio[offset] = T(field.areaRatio(cell, offset, normal: normal) ?? 1)
        }
    }

    /// dA0/dA at the foot, linear between cells: off the surface it carries the factor 1 + psi K.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func carryToFoot<T: Real>(_ found: UnsafeMutablePointer<BandCell>, _ ratio: UnsafePointer<T>, _ band: UnsafePointer<Int32>,
                                     _ part: Range<Int>, _ box: CellBox) {
        for n in part {
            let offset = Int(band[n])
            guard found[n].state == .found || found[n].state == .born else { found[n].areaRatio = Float(ratio[offset]); continue }
            let cell = box.cell(at: offset), way = SIMD3<Double>(found[n].way)
            let p = SIMD3(Double(cell.x), Double(cell.y), Double(cell.z)) + way
            var sum = 0.0, share = 0.0
            let i = floorIndex(p.x), j = floorIndex(p.y), k = box.isSolid ? floorIndex(p.z) : 0
            let s = p.x - Double(i), t = p.y - Double(j), u = box.isSolid ? p.z - Double(k) : 0
            for c in 0...(box.isSolid ? 1 : 0) { for b in 0...1 { for a in 0...1 {
                let o = box.x.locate(i &+ a).offset &+ box.y.locate(j &+ b).offset &+ (box.isSolid ? box.z.locate(k &+ c).offset : 0)
                // Cells outside the band have none.
                guard ratio[o] > 0 else { continue }
                let weight = (a == 0 ? 1 - s : s) * (b == 0 ? 1 - t : t) * (c == 0 ? 1 - u : u)
                sum += weight * Double(ratio[o])
                share += weight
            } } }
            found[n].areaRatio = Float(share > 1e-6 ? sum / share : Double(ratio[offset]))
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    static func place<T: Real>(_ ratio: UnsafeMutablePointer<T>, _ found: UnsafePointer<BandCell>, _ band: UnsafePointer<Int32>,
                               _ count: Int) {
        for n in 0..<count { ratio[Int(band[n])] = T(found[n].areaRatio) }
    }

    /// Puts U where it was found, then into every other cell of the band and four layers around it.
    /// - Parameter valid: all 0.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func settle<T: Real>(_ valid: UnsafeMutablePointer<UInt8>, _ band: inout CellList, _ found: UnsafePointer<BandCell>,
                                _ count: Int,
                                _ field: DisplacementField<T>) {
        for n in 0..<count where found[n].state == .found || found[n].state == .born {
            field[band[n]] = found[n].displacement
            valid[band[n]] = 1
        }
        dilate(valid, &band, field)
        // Where fronts merge, and far from any known cell: what was there before, or new material.
        for n in 0..<count where valid[band[n]] == 0 {
            if found[n].state == .unknown { field[band[n]] = SIMD3() }
            valid[band[n]] = 1
        }
    }

    /// Four layers of cells around those known, each from the X0 of its known neighbours; the list grows by them.
    @inline(__always)
    private static func dilate<T: Real>(_ valid: UnsafeMutablePointer<UInt8>, _ list: inout CellList, _ field: DisplacementField<T>) {
        let box = field.box
        var first = 0, last = list.count
        for _ in 0..<4 {
            for n in first..<last where valid[list[n]] == 1 {
                let offset = list[n]
                box.eachNeighbour(box.cell(at: offset), offset) { other, _ in
                    guard valid[other] == 0 else { return }
                    valid[other] = 2
                    list.append(other)
                }
            }
            for n in last..<list.count {
                let offset = list[n]
                var sum = SIMD3<Double>(), known = 0.0
                box.eachNeighbour(box.cell(at: offset), offset) { other, step in
                    guard valid[other] == 1 else { return }
                    sum += field[other] + step
                    known += 1
                }
                field[offset] = sum / known
            }
            for n in last..<list.count { valid[list[n]] = 1 }
            (first, last) = (last, list.count)
        }
    }
}
