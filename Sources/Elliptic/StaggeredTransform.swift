import Glibc
import Grids
import Spectral

/// The modes of a staggered vector: periodic along x and z; along y cosines for the lateral components (at centres) and sines for the component
/// across the walls (on faces), so that each difference between them is a product with one number per mode. Spacing 1.
final class StaggeredTransform<T: FFTReal>: @unchecked Sendable {
    private let lateral: Transform<T>, across: Transform<T>
    private let spectra: [Field<T>]
    private let symbols: Symbols<T>
    private let tables: UnsafeMutablePointer<T>
    private let staggered: StaggeredSymbols<T>
    private let device: Device

    init(_ grid: Grid, device: Device, effort: PlannerEffort) throws {
        precondition(
            grid.x == .periodic && grid.y == .bounded && (grid.nz == 1 || grid.z == .periodic), "staggered solvers need periodic lateral axes")
        self.device = device
        lateral = try Transform<T>(grid, Boundaries(x: .periodic, y: .neumann, z: .periodic), device: device, effort: effort)
        across = try Transform<T>(grid, Boundaries(x: .periodic, y: .oddFaces, z: .periodic), device: device, effort: effort)
        spectra = [lateral.spectrum, across.spectrum] + (grid.dimensions == 3 ? [Field<T>(lateral.modes)] : [])
        symbols = Symbols(lateral, .finiteDifference)
        let modes = lateral.modes, width = T.Pack.scalarCount, padded = (modes.nx + width - 1) / width * width
        tables = .allocate(capacity: 2 * padded + grid.ny + 2 * grid.nz)
        tables.initialize(repeating: 0, count: 2 * padded + grid.ny + 2 * grid.nz)
        let x = tables, xi = x + padded, y = xi + padded, z = y + grid.ny, zi = z + grid.nz, h = grid.spacing
        for m in 0...grid.nx / 2 {
            let a = 2 * Double.pi * Double(m) / Double(grid.nx)
            x[2 * m] = T((cos(a) - 1) / h)
            x[2 * m + 1] = x[2 * m]
            xi[2 * m] = T(sin(a) / h)
            xi[2 * m + 1] = -xi[2 * m]
        }
        for j in 0..<grid.ny { y[j] = T(2 * sin(Double.pi * Double(j) / Double(2 * grid.ny)) / h) }
        for k in 0..<grid.nz where grid.nz > 1 {
            let a = 2 * Double.pi * Double(k) / Double(grid.nz)
            z[k] = T((cos(a) - 1) / h)
            zi[k] = T(-sin(a) / h)
        }
        staggered = StaggeredSymbols(xReal: x, xImaginary: xi, y: y, zReal: z, zImaginary: zi, sx: symbols.x, rows: symbols.rows)
    }

    deinit { tables.deallocate() }

    /// z = (scale / |v|^2)(r - coupling v v^H r / |v|^2), mode by mode.
    func green(_ z: VectorField<T>, _ r: VectorField<T>, scale: Double, coupling: Double) {
        transforms(r) { $0.forward($1, into: $2) }
        let cells = VectorCells(x: spectra[0].cells, y: spectra[1].cells, z: spectra.count > 2 ? spectra[2].cells : nil)
        device.forRows(spectra[0].layout) {
            device.kernels.staggeredGreen(cells, staggered, scale: T(scale * lateral.normalisation), coupling: T(coupling), spectra[0].layout, $0)
        }
        transforms(z) { $0.inverse(into: $1, from: $2) }
    }

    private func transforms(_ v: VectorField<T>, _ body: (Transform<T>, Field<T>, Field<T>) -> Void) {
        body(lateral, v.x, spectra[0])
        body(across, v.y, spectra[1])
        if let z = v.z { body(lateral, z, spectra[2]) }
    }
}
