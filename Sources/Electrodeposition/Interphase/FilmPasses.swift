import Glibc
import Grids
import Kernels

/// A cell's part of the film: its place on the material plane and the map values there.
struct FilmCell {
    var place = MaterialPlane.Place()
    /// ohm m^2
    var native = 0.0, fresh = 0.0, coating = 0.0
}

/// What a cell with a coating, and one without, contributes.
struct FilmNumbers {
    var siteFactor = 1.0
    /// Speed at which corrosion takes metal away, m/s.
    var nativeCorrosion = 0.0, coatingCorrosion = 0.0
}

/// The loops of the film over the cells of the surface, compiled for both precisions.
enum FilmPasses {
    /// Map values at X0 of each cell.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func sample<T: Real>(_ cells: CellList, _ out: UnsafeMutablePointer<FilmCell>, _ plane: MaterialPlane,
                                native: UnsafePointer<Double>,
                                fresh: UnsafePointer<Double>, coating: UnsafePointer<Double>, _ field: DisplacementField<T>) {
        for n in 0..<cells.count {
            let place = plane.place(field.reference(at: cells[n]))
            var cell = FilmCell(place: place)
            for a in 0..<4 {
                let node = Int(place.node[a]), share = Double(place.share[a])
                cell.native += share * native[node]
                cell.fresh += share * fresh[node]
                cell.coating += share * coating[node]
            }
            out[n] = cell
        }
    }

    /// Adds to the resistance, multiplies the exchange factor, and sets the corrosion per |grad xi|, each where it is wanted.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func contribute<T: Real>(_ cells: CellList, _ film: UnsafePointer<FilmCell>, covered: UnsafePointer<UInt8>,
                                    flags: UnsafePointer<UInt8>,
                                    factor: UnsafePointer<Double>?, _ numbers: FilmNumbers, resistance: UnsafeMutablePointer<T>?,
                                    exchange: UnsafeMutablePointer<T>?, corrosion: UnsafeMutablePointer<T>?) {
        for n in 0..<cells.count {
            let offset = cells[n], cell = film[n], node = Int(cell.place.node[0])
            let coated = covered[node] == 1 && flags[node] == 0
            if let resistance {
                let r = coated ? cell.coating : covered[node] == 1 ? cell.fresh : cell.native
                resistance[offset] += T(factor == nil ? r : r * factor![node])
            }
            if let exchange, coated { exchange[offset] *= T(numbers.siteFactor) }
            if let corrosion { corrosion[offset] = T(coated ? numbers.coatingCorrosion : numbers.nativeCorrosion) }
        }
    }

    /// corrosion *= weight
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func weigh<T: Real>(_ cells: CellList, _ corrosion: UnsafeMutablePointer<T>, _ weight: UnsafePointer<T>) {
        for n in 0..<cells.count { corrosion[cells[n]] *= weight[cells[n]] }
    }

    /// Calls `body` for each cell at the heart of the interface, 0.3 < xi < 0.7.
    @inline(__always)
    static func eachCore<T: Real>(_ cells: CellList, _ xi: UnsafePointer<T>, _ body: (_ n: Int, _ offset: Int) -> Void) {
        for n in 0..<cells.count {
            let offset = cells[n], v = xi[offset]
            if v > 0.3 && v < 0.7 { body(n, offset) }
        }
    }

    /// Area that the film on the surface had on the initial one, in cells times half-widths: the sum of dA0/dA xi (1 - xi).
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func initialArea<T: Real>(_ cells: CellList, xi: UnsafePointer<T>, areaRatio: UnsafePointer<T>) -> Double {
        var sum = 0.0
        for n in 0..<cells.count {
            let v = Double(xi[cells[n]])
            if v > 0 && v < 1 { sum += Double(areaRatio[cells[n]]) * v * (1 - v) }
        }
        return sum
    }

    /// Gives `add` the place of each cell of the surface, its dA0/dA and its share of the material.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func eachMaterial<T: Real>(_ cells: CellList, _ film: UnsafePointer<FilmCell>, xi: UnsafePointer<T>, areaRatio: UnsafePointer<T>,
                                      _ add: (_ place: MaterialPlane.Place, _ ratio: Double, _ material: Double) -> Void) {
        for n in 0..<cells.count {
            let v = Double(xi[cells[n]]), q = Double(areaRatio[cells[n]])
            if v > 0.01 && v < 0.99 && q > 0 { add(film[n].place, q, q * v * (1 - v)) }
        }
    }

    /// Limits of the coating; see `Interphase.accept`.
    struct Limits {
        /// Area stretch at which it breaks; infinity for never.
        var stretch = Double.infinity
        /// zF D c_max/d0, A/m^2, of the film as it was made; infinity for no limit.
        var current = Double.infinity
        var chargePerVolume = 0.0
        /// Half-width of the interface, cells.
        var halfWidth = 1.0
        var time = 0.0
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    static func judge<T: Real>(_ cells: CellList, _ film: UnsafePointer<FilmCell>, covered: UnsafePointer<UInt8>, _ history: FilmHistory,
                               xi: UnsafePointer<T>,
                               areaRatio: UnsafePointer<T>, rate: UnsafePointer<T>, weight: UnsafePointer<T>, _ limits: Limits, _ field: DisplacementField<T>) {
        let box = field.box, flags = history.flags, coveredAt = history.coveredAt, crackTime = history.crackTime
        eachCore(cells, xi) { n, offset in
            let place = film[n].place, node = Int(place.node[0])
            guard covered[node] == 1 else { return }
            let ratio = Double(areaRatio[offset])
            if ratio > 0 && 1 / ratio > 1 + limits.stretch {
                // The nodes around X0: what a cell sees of the material.
                for a in 0..<4 where place.share[a] > 0 {
                    let node = Int(place.node[a])
                    guard covered[node] == 1, flags[node] & FilmHistory.cracked == 0 else { continue }
                    flags[node] |= FilmHistory.cracked
                    crackTime[node] = limits.time
                }
            }
            guard limits.current.isFinite, ratio > 0 else { return }
            func outward() -> Double {
                // (x - X0) n of the surface below the cell, n = -grad xi/|grad xi|.
                let cell = box.cell(at: offset)
                @inline(__always) func slope(_ axis: CellAxis, _ index: Int) -> Double {
                    let here = offset &- index &* axis.stride
                    return Double(xi[here &+ axis.locate(index &- 1).offset]) - Double(xi[here &+ axis.locate(index &+ 1).offset])
                }
                let normal = SIMD3(slope(box.x, cell.x), slope(box.y, cell.y), box.isSolid ? slope(box.z, cell.z) : 0)
                let size = (normal * normal).sum().squareRoot()
                let v = Double(xi[offset]), above = limits.halfWidth * log((1 - v) / v)
                return size > 0 ? -(field[offset] * normal).sum() / size - above : 0
            }
            if flags[node] & FilmHistory.onTop != 0 {
                let way = outward()
                for a in 0..<4 where place.share[a] > 0 && way < coveredAt[Int(place.node[a])] {
                    flags[Int(place.node[a])] &= ~FilmHistory.onTop
                }
            } else if flags[node] == 0 && weight[offset] > 0 && Double(rate[offset] / weight[offset]) * limits.chargePerVolume > limits.current / ratio {
                let way = outward()
                for a in 0..<4 where place.share[a] > 0 {
                    let node = Int(place.node[a])
                    guard covered[node] == 1, flags[node] == 0 else { continue }
                    flags[node] |= FilmHistory.onTop
                    coveredAt[node] = way
                }
            }
        }
    }
}
