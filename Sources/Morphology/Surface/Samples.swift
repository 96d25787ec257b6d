public import Grids

/// Cell-centred values of one quantity in (z, y, x) order: value (i, j, k) at `i + nx (j + ny k)` belongs to the point
/// ((i + 1/2) dx, (j + 1/2) dx, (k + 1/2) dx).
///
/// y is the growth axis, with the electrode at y = 0; x and z are lateral and periodic. One layer (nz = 1) is two-dimensional.
/// Values are stored as Float, as in the snapshots: analysis of a running simulation and of its files gives the same numbers.
public struct Samples: Sendable, Equatable {
    public let nx: Int, ny: Int, nz: Int
    /// Cell size, m.
    public let dx: Double
    public var values: [Float]

    public init(nx: Int, ny: Int, nz: Int = 1, dx: Double, values: [Float]) {
        precondition(nx > 0 && ny > 0 && nz > 0 && dx > 0 && values.count == nx * ny * nz)
        (self.nx, self.ny, self.nz, self.dx, self.values) = (nx, ny, nz, dx, values)
    }

    /// Samples a function of the cell centre (m).
    public init(nx: Int, ny: Int, nz: Int = 1, dx: Double, _ function: (_ x: Double, _ y: Double, _ z: Double) -> Double) {
        var values = [Float]()
        values.reserveCapacity(nx * ny * nz)
        for k in 0..<nz {
            for j in 0..<ny {
                for i in 0..<nx { values.append(Float(function((Double(i) + 0.5) * dx, (Double(j) + 0.5) * dx, (Double(k) + 0.5) * dx))) }
            }
        }
        self.init(nx: nx, ny: ny, nz: nz, dx: dx, values: values)
    }

    /// The cells of a field, in Float.
    public init<T: Real>(_ field: Field<T>) {
        let grid = field.grid
        self.init(nx: grid.nx, ny: grid.ny, nz: grid.nz, dx: grid.spacing, values: field.values().map { Float($0) })
    }

    public var isFlat: Bool { nz == 1 }
    /// Extent in x, y, z (m); a two-dimensional run counts as one cell thick.
    public var width: Double { Double(nx) * dx }
    public var height: Double { Double(ny) * dx }
    public var depth: Double { Double(nz) * dx }
    /// Footprint of the electrode: a length (m) in two dimensions, an area (m2) in three.
    public var footprint: Double { isFlat ? width : width * depth }
    /// Measure of one cell: area (m2) in two dimensions, volume (m3) in three.
    public var cellMeasure: Double { isFlat ? dx * dx : dx * dx * dx }

    public func index(_ i: Int, _ j: Int, _ k: Int) -> Int { i + nx * (j + ny * k) }
    public subscript(_ i: Int, _ j: Int, _ k: Int) -> Float { values[i + nx * (j + ny * k)] }

    /// The cut z = constant through layer k.
    public func slice(z k: Int) -> Samples {
        Samples(nx: nx, ny: ny, dx: dx, values: Array(values[(k * nx * ny)..<((k + 1) * nx * ny)]))
    }

    /// The cut x = constant through column i: z runs across, y up.
    public func slice(x i: Int) -> Samples {
        var out = [Float]()
        out.reserveCapacity(nz * ny)
        for j in 0..<ny { for k in 0..<nz { out.append(self[i, j, k]) } }
        return Samples(nx: nz, ny: ny, dx: dx, values: out)
    }

    /// The cut y = constant through row j, seen from above: x runs across, z up.
    public func slice(y j: Int) -> Samples {
        var out = [Float]()
        out.reserveCapacity(nx * nz)
        for k in 0..<nz { for i in 0..<nx { out.append(self[i, j, k]) } }
        return Samples(nx: nx, ny: nz, dx: dx, values: out)
    }
}
