import Grids
import Spectral

/// z = M^-1 r, symmetric, z without divergence to round-off and without net lateral flow when the ends are closed; ghosts of z filled.
protocol StokesPreconditioner: AnyObject {
    func apply(_ z: VectorField<Double>, _ r: VectorField<Double>)
}

/// The exact flow where drag depends on y alone: lateral Fourier modes, on each one real pentadiagonal system along y for the component across the walls
/// and tridiagonal ones for the transverse flow. In Double: the pentadiagonal one is as ill-conditioned as a biharmonic operator.
///
/// w = v^H u/s the longitudinal velocity, s = |v|: s w + D u_y = 0 and the pressure are eliminated, with the drag a of layers and b of the faces between,
/// [s^2 I + 2 D^T D + b + D^T (T + a) D/s^2] u_y = f_y - D^T f_l/s, T the viscous operator along y of the lateral components.
final class StokesFourier: StokesPreconditioner, @unchecked Sendable {
    private let device: Device
    private let transform: LateralTransform<Double>
    private let spectra: [Field<Double>], factors: [Field<Double>]
    private let isClosed: Bool
    /// The least drag of each layer: what flows in it meets no more, and layers that metal fills are exact. (Means take 30 to 80 % more iterations around a
    /// column, and no fewer on a wavy surface.)
    var layers: [Double]
    /// The flow that a unit lateral force drives, by y, and its sum.
    private var channel: [Double] = [], channelSum = 0.0

    init(_ transform: LateralTransform<Double>, isClosed: Bool) {
        let grid = transform.grid
        (self.transform, device, self.isClosed) = (transform, transform.device, isClosed)
        layers = [Double](repeating: 0, count: grid.ny)
        spectra = (0..<grid.dimensions).map { _ in Field(transform.modes) }
        factors = (0..<4).map { _ in Field(transform.modes) }
    }

    private var cells: StokesFactors<Double> {
        StokesFactors(inverse: factors[0].cells, first: factors[1].cells, second: factors[2].cells, transverse: factors[3].cells)
    }

    /// Factors for the layers' drag.
    /// - Parameters:
    ///   - wall: viscous row of the lateral components at a wall, 3 (no slip) or 1 (slip).
    ///   - floor: drag of the uniform mode, which free slip leaves without any.
    func factor(wall: Double, floor: Double) {
        layers.withUnsafeBufferPointer { layers in
            // Of at least one row.
            let drag = layers.baseAddress!
            transform.forModes { columns, planes in
                device.kernels.factorStokes(
                    cells, transform.symbols, drag: drag, wall: wall, floor: floor, factors[0].layout, columns: columns, planes: planes)
            }
        }
        // The uniform mode's tridiagonal system, as the kernel solves it.
        let ny = transform.grid.ny, pivots = (0..<ny).map { factors[3][0, $0] }
        channel = [Double](repeating: 1, count: ny)
        for j in 1..<max(1, ny) { channel[j] += pivots[j - 1] * channel[j - 1] }
        for j in stride(from: ny - 1, through: 0, by: -1) { channel[j] = pivots[j] * (channel[j] + (j + 1 < ny ? channel[j + 1] : 0)) }
        channelSum = channel.reduce(0, +)
    }

    func apply(_ z: VectorField<Double>, _ r: VectorField<Double>) {
        for (r, s) in zip(r.components, spectra) { transform.forward(r, into: s) }
        let v = VectorCells(x: spectra[0].cells, y: spectra[1].cells, z: spectra.count > 2 ? spectra[2].cells : nil)
        transform.forModes { columns, planes in
            device.kernels.solveStokes(v, cells, transform.symbols, scale: transform.normalisation, spectra[0].layout, columns: columns,
                                       planes: planes)
        }
        if isClosed { for (a, s) in spectra.enumerated() where a != 1 { closeFlow(s) } }
        for (z, s) in zip(z.components, spectra) { transform.inverse(into: z, from: s) }
        z.clearWall()
    }

    /// Takes out the net lateral flow of the uniform mode by a mean pressure gradient.
    private func closeFlow(_ s: Field<Double>) {
        var net = 0.0
        for j in 0..<s.grid.ny { net += s[0, j] }
        for j in 0..<s.grid.ny { s[0, j] -= net / channelSum * channel[j] }
    }
}

/// Multigrid between weighted projections: z = P (I - W G Q G^T) V (I - G Q G^T W) P r, P the exact projection, V one multigrid cycle per component on
/// -lap + drag, Q one on -div (W grad), W = 1/(2 d + 300 drag + 100 at no-slip walls). Hardly depends on drag or grid.
final class StokesMultigrid: StokesPreconditioner, @unchecked Sendable {
    private let device: Device
    private let projection: SolenoidalProjection
    private let viscous: [(equation: EllipticOperator<Float>, multigrid: Multigrid)]
    private let pressure: (equation: EllipticOperator<Float>, multigrid: Multigrid)
    private let g: VectorField<Float>, v: VectorField<Float>, weight: VectorField<Float>
    private let sources: Field<Float>, potential: Field<Float>

    init(_ grid: Grid, projection: SolenoidalProjection, device: Device) {
        (self.device, self.projection) = (device, projection)
        let viscous = (0..<grid.dimensions).map { _ in (equation: EllipticOperator<Float>(grid), multigrid: Multigrid(grid, on: device)) }
        self.viscous = viscous
        pressure = (EllipticOperator(grid), Multigrid(grid, on: device))
        (g, v, weight) = (VectorField(grid), VectorField(grid), VectorField(grid))
        (sources, potential) = (Field(grid), Field(grid))
    }

    func setUp(drag: VectorField<Double>, isSlip: Bool) {
        let grid = drag.grid, d = Float(grid.dimensions)
        let faces = [pressure.equation.x, pressure.equation.y, pressure.equation.z]
        for (a, (part, alpha)) in zip(viscous, drag.components).enumerated() {
            let e = part.equation, w = weight.components[a]
            for field in [e.x, e.y, e.z].compactMap(\.self) { field.fill(1) }
            for row in 0..<grid.rows {
                let j = row % grid.ny, isWall = j == 0 || j == grid.ny - 1
                // A wall lies half a spacing from lateral components; row 0 of the normal one is the wall itself and stands alone.
                let extra: Float = a == 1 ? (j == 1 ? 1 : 0) + (j == grid.ny - 1 ? 1 : 0) : isSlip ? 0 : (j == 0 ? 2 : 0) + (j == grid.ny - 1 ? 2 : 0)
                let amplified: Float = a != 1 && isWall && !isSlip ? 100 : 0
                let s = e.s.row(row), alpha = alpha.row(row), w = w.row(row), face = faces[a]!.row(row)
                for i in 0..<grid.nx {
                    s[i] = Float(alpha[i]) + extra
                    w[i] = 1 / (2 * d + 300 * Float(alpha[i]) + amplified)
                    face[i] = w[i]
                }
                if a == 1 && j == 0 { for i in 0..<grid.nx { (s[i], w[i], face[i]) = (1, 0, 0) } }
                if j == 0 || (a == 1 && j == 1) { e.y.row(row).update(repeating: 0, count: grid.nx) }
                if a == 1 && j == 0 {
                    e.x.row(row).update(repeating: 0, count: grid.nx)
                    e.z?.row(row).update(repeating: 0, count: grid.nx)
                }
            }
            w.wrapGhosts()
            e.closeFaces()
            part.multigrid.setUp(e, scale: 1)
        }
        pressure.equation.closeFaces()
        pressure.multigrid.setUp(pressure.equation, scale: 1)
    }

    func apply(_ z: VectorField<Double>, _ r: VectorField<Double>) {
        let kernels = device.kernels, q = pressure.multigrid, layout = g.layout
        z.copyCells(from: r)
        projection.project(z)
        for (g, z) in zip(g.components, z.components) {
            device.forRows(layout) { kernels.toSingle(g.cells, z.cells, 1, layout, z.layout, $0) }
            g.wrapGhosts()
        }
        /// u -= w grad Q div (w' u)
        func project(_ u: VectorField<Float>, before: VectorField<Float>?, after: VectorField<Float>?) {
            device.forRows(layout) { kernels.staggeredSources(sources.cells, u.cells, before?.cells, layout, $0) }
            q.cycle(potential, from: sources)
            device.forRows(layout) { kernels.subtractGradient(u.cells, potential.cells, after?.cells, layout, $0) }
        }
        project(g, before: weight, after: nil)
        for (part, (v, g)) in zip(viscous, zip(v.components, g.components)) { part.multigrid.cycle(v, from: g) }
        project(v, before: nil, after: weight)
        for (z, v) in zip(z.components, v.components) {
            device.forRows(layout) { kernels.updateDirection(z.cells, v.cells, 0, nil, 0, adds: false, layout, z.layout, $0) }
        }
        projection.project(z)
    }
}
