import Glibc
public import Grids
public import Spectral

/// Carries the material of the surface: from where on the initial surface each of its points came, and how much area it had there.
///
/// State is the displacement to the reference position, U = X0 - x, constant along normals, in a band of cells around the surface xi = 1/2.
/// X0 of a point that moves along its normal does not change, so there is no advection: U is taken anew from the new surface when the front
/// has moved by a quarter of a cell, U(x) = U_old(p) + p - x with p the point of the surface closest to x. That holds for every motion
/// (plating, stripping, capillarity). Whatever belongs to the material is a function of X0 and never smears; a film of thickness d0 has d =
/// d0 dA0/dA, whose volume is conserved because it is geometry.
///
/// Film on metal that merges with other metal is buried: its material is no longer on the surface, and stripping does not bring it back.
public final class SurfaceCarrier<T: FFTReal>: Stateful {
    public let grid: Grid
    /// U in cells, one field per axis.
    let displacement: [Field<T>]
    /// dA0/dA at the foot of each cell of the band (clipped to 3), 0 elsewhere.
    public let areaRatio: Field<T>
    private let distance: Field<T>
    private let device: Device
    private let box: CellBox
    private let halfWidth: Double
    /// |psi| of the band, m: wide enough for the reaction and for the next interpolation.
    let reach: Double
    /// 1 where U is known; offsets as in a field.
    private let valid: UnsafeMutablePointer<UInt8>
    private let validCount: Int
    /// The cells with |psi| < reach, and what each of them gets.
    private var band = CellList(), found = CellValues<BandCell>()
    /// All known cells in rising order; see `list`.
    private(set) var cells = CellList()
    private var isListed = false
    /// Front travel since the last extension, m.
    private var travel = 0.0

    /// - Parameters:
    ///   - foot: xi at which the reaction begins; the band goes that far.
    ///   - distance: scratch for the signed distance; nil for one of its own.
    public init(_ grid: Grid, halfWidth: Double, foot: Double = 0.01, on device: Device, distance: Field<T>? = nil) {
        (self.grid, self.halfWidth, self.device) = (grid, halfWidth, device)
        displacement = (0..<grid.dimensions).map { _ in Field(grid) }
        areaRatio = Field(grid)
        self.distance = distance ?? Field(grid)
        box = CellBox(grid, areaRatio.layout)
        reach = max((log(1 / max(foot, 1e-5)) + 0.4) * halfWidth, 4 * grid.spacing)
        validCount = areaRatio.layout.planeStride * grid.nz
        valid = .allocate(capacity: validCount)
        valid.initialize(repeating: 0, count: validCount)
    }

    deinit {
        valid.deallocate()
        band.deallocate()
        found.deallocate()
        cells.deallocate()
    }

    // MARK: - Motion

    /// The surface as it is: every point of it is its own material.
    public func start(_ xi: Field<T>) {
        for axis in displacement { axis.fill(0) }
        for n in 0..<validCount { valid[n] = 1 }
        extend(xi)
    }

    /// Books a front's travel (m) and extends when it adds up to a quarter of a cell, or at once; returns whether it did.
    public func accept(_ xi: Field<T>, travel step: Double, atOnce: Bool = false) -> Bool {
        travel += step
        guard atOnce || travel > 0.25 * grid.spacing else { return false }
        extend(xi)
        return true
    }

    /// Takes U anew from the surface of xi.
    public func extend(_ xi: Field<T>) {
        travel = 0
        let layout = areaRatio.layout, kernels = device.kernels
        let psi = distance, valid = valid
        device.forRows(layout) { kernels.signedDistance(psi.cells, xi.cells, halfWidth: T(halfWidth), layout, $0) }
        BandPasses.list(&self.band, psi.cells, reach: T(reach), layout)
        let count = self.band.count
        self.found.reserve(count)
        let found = self.found.values, band = self.band.offsets
        let field = field, foot = ClosestPoint(box: box, distance: UnsafePointer(psi.cells), perSpacing: 1 / grid.spacing,
                                               reach: reach / grid.spacing + 1)
        each(count) { BandPasses.find(found, band, $0, foot, field) }

        memset(valid, 0, validCount)
        BandPasses.settle(valid, &self.band, found, count, field)

        areaRatio.fill(0)
        let ratio = areaRatio.cells, cells = self.band.offsets, box = box
        each(count) { BandPasses.measureArea(ratio, cells, $0, foot, field) }
        each(count) { BandPasses.carryToFoot(found, UnsafePointer(ratio), cells, $0, box) }
        BandPasses.place(ratio, found, cells, count)
        isListed = false
    }

    /// U and where it is known, for loops over `cells`.
    var field: DisplacementField<T> {
        DisplacementField(box: box, x: displacement[0].cells, y: displacement[1].cells, z: displacement[displacement.count - 1].cells,
                          valid: valid)
    }

    /// Splits the band over the threads when there is enough of it.
    private func each(_ count: Int, _ body: (Range<Int>) -> Void) {
        let pool = device.pool
        guard pool.count > 1, count >= 2048 else { return body(0..<count) }
        pool.run { part, parts in body(ThreadPool.share(of: count, part: part, parts: parts)) }
    }

    // MARK: - What can be read

    /// Lists the known cells; to be called before `cells` is read after an extension or a restart.
    func list() {
        guard !isListed else { return }
        isListed = true
        cells.removeAll()
        let layout = areaRatio.layout
        for row in 0..<layout.rows {
            let o = layout.offset(row: row)
            for i in 0..<layout.nx where valid[o + i] == 1 { cells.append(o + i) }
        }
    }

    /// X0 of a cell, m; nil away from the surface.
    public func reference(_ i: Int, _ j: Int, _ k: Int = 0) -> SIMD3<Double>? {
        let layout = areaRatio.layout, offset = i + layout.rowStride * j + layout.planeStride * k
        guard valid[offset] == 1 else { return nil }
        return (field.reference(at: offset) + SIMD3(repeating: 0.5)) * grid.spacing
    }

    public var state: [StateItem] {
        displacement.enumerated().map { .field("interphase.displacement.\($0)", $1) } + [
            .field("interphase.areaRatio", areaRatio),
            .array(name: "interphase.known", element: .byte, count: validCount, memory: valid, owner: self),
            .number(name: "interphase.travel", get: { self.travel }, set: { self.travel = $0; self.isListed = false }),
        ]
    }
}
