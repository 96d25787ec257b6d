import Grids
import Spectral

/// The part of a staggered vector without divergence, v - G (G^T G)^-1 G^T v, by one lateral transform pair and a tridiagonal system along y for each mode;
/// the lateral mean is kept, or taken out where no net flow is allowed. Spacing 1.
final class SolenoidalProjection: @unchecked Sendable {
    private let device: Device
    private let transform: LateralTransform<Double>
    private let p: Field<Double>, spectrum: Field<Double>, pivots: Field<Double>
    private let sums: RowSums
    private let isClosed: Bool
    /// The uniform mode along y.
    private var uniform: [Double]

    init(_ transform: LateralTransform<Double>, isClosed: Bool) {
        let grid = transform.grid, device = transform.device
        (self.transform, self.device, self.isClosed) = (transform, device, isClosed)
        p = Field(grid)
        uniform = [Double](repeating: 0, count: grid.ny)
        sums = RowSums(grid)
        (spectrum, pivots) = (Field(transform.modes), Field(transform.modes))
        // T + s^2 with no slope of the pressure across a wall: pivots 1/d of its factors. The uniform mode is singular, and solved apart.
        for k in 0..<grid.nz {
            for j in 0..<grid.ny {
                let row = pivots.row(j + grid.ny * k), before = pivots.row(max(j - 1, 0) + grid.ny * k),
                    walls: Double = (j == 0 ? 1 : 0) + (j == grid.ny - 1 ? 1 : 0)
                for i in 0..<transform.modes.nx {
                    let s = transform.symbols.size[i] + transform.symbols.sizeZ[k]
                    row[i] = 1 / ((s > 0 ? s : 1) + 2 - walls - (j > 0 ? before[i] : 0))
                }
            }
        }
    }

    /// Replaces v, whose ghosts and wall faces are set on the way.
    func project(_ v: VectorField<Double>) {
        v.clearWall()
        v.wrap()
        device.forRows(p.layout) { device.kernels.staggeredSources(p.cells, v.cells, nil, p.layout, $0) }
        transform.forward(p, into: spectrum)
        solveUniformMode()
        transform.forModes { columns, planes in
            device.kernels.solveLayers(
                spectrum.cells, pivots: pivots.cells, scale: transform.normalisation, spectrum.layout, columns: columns, planes: planes)
        }
        for j in 0..<uniform.count { spectrum[0, j] = uniform[j] }
        transform.inverse(into: p, from: spectrum)
        device.forRows(p.layout) { device.kernels.subtractGradient(v.cells, p.cells, nil, p.layout, $0) }
        guard isClosed else { return }
        for c in v.lateral {
            let mean = device.sum(c, sums) / Double(c.grid.cells)
            device.forRows(c.layout) { device.kernels.shift(c.cells, -mean, c.layout, $0) }
            c.wrapGhosts()
        }
    }

    /// The mean pressure of each layer: its steps take the mean flow across the walls away, p_j = p_{j-1} - (sum of the sources below).
    private func solveUniformMode() {
        var inflow = 0.0, pressure = 0.0
        for j in 0..<uniform.count {
            if j > 0 { pressure -= inflow }
            uniform[j] = transform.normalisation * pressure
            inflow += spectrum[0, j]
        }
    }
}
