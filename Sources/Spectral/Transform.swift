public import Grids

/// The forward and inverse transform of a field into the modes of its boundary kinds (FFTW), in 2D and 3D.
///
///     let transform = try Transform<Double>(grid, Boundaries(grid), device: device)
///     transform.forward(u)                       // u is kept; the modes are in transform.spectrum
///     ... multiply transform.spectrum by a symbol, times transform.normalisation ...
///     transform.inverse(into: u)                 // destroys the spectrum; not normalised
///
/// A spectrum is a field on `modes`, a grid of scalars. With x periodic, row (q, r) holds the nx/2 + 1 complex coefficients of the
/// wavenumbers 2 pi m / Lx, real and imaginary part side by side (2 (nx/2 + 1) scalars), of mode q in y and r in z; bounded axes are
/// real modes, other periodic axes complex with the usual order (q > n/2 stands for q - n). With x bounded the spectrum is real, nx scalars
/// per row, and other periodic axes hold FFTW's half-complex order. Either way scalar i of row r has the symbol x[i] + rows[r] of
/// `Symbols`.
///
/// Coefficients are FFTW's unnormalised sums. Forward and inverse allocate nothing, but for work space of a line at a time that FFTW takes for r2r.
/// One transform is used by one thread at a time.
public final class Transform<T: FFTReal>: @unchecked Sendable {
    public let grid: Grid
    public let boundaries: Boundaries
    public let device: Device
    /// The grid of a spectrum's scalars; its spacing has no meaning.
    public let modes: Grid
    /// The transform's own buffer, used where no other is given.
    public let spectrum: Field<T>
    /// What the inverse of the forward transform must be multiplied by.
    public let normalisation: Double
    /// Time spent planning, s.
    public let planningTime: Double

    private let forwardSteps: [Step], inverseSteps: [Step]
    private let cosineAxis: CosineAxis<T>?
    private let oddX: Bool, oddY: Bool, oddZ: Bool

    private struct Step {
        let plan: Plan<T>, pass: TransformPass
    }

    /// - Parameters:
    ///   - boundaries: kind per axis; `.periodic` belongs to periodic axes of the grid, the others to bounded ones.
    ///   - spectrum: a buffer on the same `modes` to share with another transform; by default the transform makes its own.
    /// - Throws: `SpectralError.noPlan`.
    public init(_ grid: Grid, _ boundaries: Boundaries, device: Device, effort: PlannerEffort = .measure,
                spectrum shared: Field<T>? = nil) throws {
        for (kind, topology) in [(boundaries.x, grid.x), (boundaries.y, grid.y), (boundaries.z, grid.z)] {
            precondition((kind == .periodic) == (topology == .periodic), "boundary kind \(kind) on a \(topology) axis")
        }
        let complex = boundaries.x == .periodic
        let modes = Grid(nx: complex ? 2 * (grid.nx / 2 + 1) : grid.nx, ny: grid.ny, nz: grid.nz, spacing: 1,
                         x: .bounded, y: grid.y, z: grid.z)
        let spectrum = shared ?? Field<T>(modes)
        precondition(spectrum.grid == modes, "a spectrum of another transform")
        (self.grid, self.boundaries, self.device, self.modes, self.spectrum) = (grid, boundaries, device, modes, spectrum)
        (oddX, oddY, oddZ) = (boundaries.x == .oddFaces, boundaries.y == .oddFaces, boundaries.z == .oddFaces && grid.nz > 1)

        let axes = TransformAxis.axes(of: grid, boundaries, grid.layout(T.self), spectrum.layout)
        normalisation = 1 / axes.reduce(1.0) { $0 * Double($1.kind.logicalSize($1.count)) }
        let scratch = Field<T>(grid), threads = grid.cells >= 16_384 ? device.pool.count : 1, start = ContinuousClock.now
        func steps(_ passes: [TransformPass]) throws -> [Step] {
            try passes.map { pass in
                let field = scratch.cells + pass.fieldOffset, modes = spectrum.cells + pass.spectrumOffset
                let (input, output) = switch pass.direction {
                case .fromField: (field, modes)
                case .inPlace: (modes, modes)
                case .toField: (modes, field)
                }
                guard let plan = Plan<T>(pass.operation, axes: pass.axes, loops: pass.loops, input: input, output: output,
                                         pool: device.pool, threads: threads, effort: effort) else {
                    throw SpectralError.noPlan(nx: grid.nx, ny: grid.ny, nz: grid.nz)
                }
                return Step(plan: plan, pass: pass)
            }
        }
        let folded = complex ? TransformAxis.folded(axes) : nil
        let passes = if let folded { TransformPass.folded(folded, axes, rowScalars: modes.nx) }
            else if complex { TransformPass.complex(axes, rowScalars: modes.nx) }
            else { TransformPass.real(axes) }
        cosineAxis = folded.map { axis in
            CosineAxis(axis, beside: axes.dropFirst().first { $0.spectrumStride != axis.spectrumStride }, rowStride: spectrum.layout.rowStride)
        }
        forwardSteps = try steps(passes.forward)
        inverseSteps = try steps(passes.inverse)
        let elapsed = (ContinuousClock.now - start).components
        planningTime = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        spectrum.fill(0)
    }

    /// The modes of u, into the transform's own spectrum or the given one. Ghosts of u are not read.
    public func forward(_ u: Field<T>, into target: Field<T>? = nil) {
        let target = target ?? spectrum
        runForward(u, target)
        cosineAxis?.unfold(target, device)
        clearOddModes(of: target)
    }

    /// u = sum over the modes, not normalised, ghosts filled; destroys the spectrum.
    public func inverse(into u: Field<T>, from source: Field<T>? = nil) {
        let source = source ?? spectrum
        clearOddModes(of: source)
        cosineAxis?.fold(source, device)
        runInverse(u, source)
    }

    /// u = p(-lap) / q(-lap) u by its modes, 0 where q = 0; not normalised, ghosts filled; destroys the spectrum.
    public func filter(_ u: Field<T>, _ p: Quadratic<T>, over q: Quadratic<T>, _ symbols: Symbols<T>) {
        precondition(symbols.modes == modes, "symbols of another transform")
        if let cosineAxis {
            runForward(u, spectrum)
            cosineAxis.filter(spectrum, p, over: q, symbols, device)
            runInverse(u, spectrum)
        } else {
            forward(u)
            device.filter(spectrum, p, over: q, symbols)
            inverse(into: u)
        }
    }

    private func runForward(_ u: Field<T>, _ target: Field<T>) {
        precondition(u.grid == grid && target.grid == modes, "fields of another transform")
        for step in forwardSteps {
            let modes = target.cells + step.pass.spectrumOffset
            step.plan.execute(step.pass.direction == .inPlace ? modes : u.cells + step.pass.fieldOffset, modes)
        }
    }

    private func runInverse(_ u: Field<T>, _ source: Field<T>) {
        precondition(u.grid == grid && source.grid == modes, "fields of another transform")
        for step in inverseSteps {
            let modes = source.cells + step.pass.spectrumOffset
            step.plan.execute(modes, step.pass.direction == .inPlace ? modes : u.cells + step.pass.fieldOffset)
        }
        if boundaries.x != .periodic { clearOddModes(of: u) }
        u.fillGhosts()
    }

    /// Mode (or face) 0 of a sine series is 0.
    private func clearOddModes(of s: Field<T>) {
        guard oddX || oddY || oddZ else { return }
        let count = s.layout.nx
        for k in 0..<s.grid.nz {
            for j in 0..<s.grid.ny {
                let row = s.row(j + s.grid.ny * k)
                if (oddY && j == 0) || (oddZ && k == 0) { row.update(repeating: 0, count: count) }
                if oddX { row[0] = 0 }
            }
        }
    }
}
