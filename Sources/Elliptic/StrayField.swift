public import Grids
public import Spectral

/// The magnetic field H (A/m) of a magnetisation M in a laterally periodic cell with free space above and below.
///
/// Lateral Fourier modes; along y the exact field of layers of constant M, phi_k(y) = -(1/2k) int e^{-k|y-y'|} (i k . M + dM_y/dy') dy', by two
/// recurrences: no padding, no transform along y. Values are means over the layer; in x and z at the centre of the cell, or means over the cell
/// (which makes the field self-adjoint: use it for energies). div (H + M) = 0 and a uniform film has H_y = -M_y inside, 0 outside.
public final class StrayField<T: FFTReal>: Sendable {
    public enum Sampling: String, Sendable, CaseIterable { case centre, cell }

    private let transform: LateralTransform<T>
    private let spectra: [Field<T>], work: Field<T>

    /// - Throws: `SpectralError.noPlan`.
    public init(_ grid: Grid, device: Device, effort: PlannerEffort = .measure) throws {
        transform = try LateralTransform(grid, device: device, effort: effort)
        spectra = (0..<grid.dimensions).map { [modes = transform.modes] _ in Field<T>(modes) }
        work = Field(transform.modes)
    }

    /// h = H of the magnetisation m, all at cell centres (components x, y and, in 3D, z; in 2D M_z makes no field). h may be m.
    public func evaluate(_ h: [Field<T>], from m: [Field<T>], sampling: Sampling = .centre) {
        precondition(h.count == spectra.count && m.count == spectra.count, "one field per axis")
        for a in 0..<m.count { transform.forward(m[a], into: spectra[a]) }
        let cells = VectorCells(x: spectra[0].cells, y: spectra[1].cells, z: spectra.count > 2 ? spectra[2].cells : nil)
        transform.forModes { columns, planes in
            transform.device.kernels.strayField(cells, work.cells, transform.symbols, averaged: sampling == .cell,
                                                scale: T(transform.normalisation), work.layout, columns: columns, planes: planes)
        }
        for a in 0..<h.count { transform.inverse(into: h[a], from: spectra[a]) }
    }
}
