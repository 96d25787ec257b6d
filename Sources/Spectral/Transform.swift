public import Grids

/// The forward and inverse transform of a field into the modes of its boundary kinds (FFTW), in 2D and 3D.
///
///     let transform = try Transform<Double>(grid, Boundaries(grid), device: device)
///     transform.forward(u)                       // u is kept; the modes are in transform.spectrum
///     ... multiply transform.spectrum by a symbol, times transform.normalisation ...
///     transform.inverse(into: u)                 // destroys the spectrum; not normalised
///
/// A spectrum is a field on `modes`, a grid of scalars. With x periodic, row (q, r) holds the nx/2 + 1 complex coefficients of the wavenumbers
/// 2 pi m / Lx, real and imaginary part side by side (2 (nx/2 + 1) scalars), of mode q in y and r in z; bounded axes are r2r,
/// other periodic axes complex with the usual order (q > n/2 stands for q - n). With x bounded the spectrum is real, nx scalars per row, and
/// other periodic axes hold FFTW's half-complex order. Either way scalar i of row r has the symbol x[i] + rows[r] of `Symbols`.
///
/// Coefficients are FFTW's unnormalised sums. Nothing is allocated by forward and inverse. One transform is used by one thread at a time.
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

    private let forwardPlans: [Step], inversePlans: [Step]
    private let oddY: Bool, oddZ: Bool, oddX: Bool

    /// One plan of a sequence: from the field or in place, at an offset into the spectrum (and the field, for whole r2r).
    private struct Step {
        let plan: Plan<T>
        let inPlace: Bool
        let fieldOffset: Int, spectrumOffset: Int
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

        let f = grid.layout(T.self), s = spectrum.layout
        // A z axis of one cell is no axis, nor is a periodic y axis of one cell.
        var axes = [Axis(count: grid.nx, kind: boundaries.x, field: 1, spectrum: 1)]
        if grid.ny > 1 || boundaries.y != .periodic { axes.append(Axis(count: grid.ny, kind: boundaries.y, field: f.rowStride, spectrum: s.rowStride)) }
        if grid.nz > 1 { axes.append(Axis(count: grid.nz, kind: boundaries.z, field: f.planeStride, spectrum: s.planeStride)) }
        normalisation = 1 / axes.reduce(1.0) { $0 * Double($1.kind.logicalSize($1.count)) }

        let scratch = Field<T>(grid), start = ContinuousClock.now
        let threads = grid.cells >= 16_384 ? device.pool.count : 1
        func step(_ operation: PlanOperation, _ axes: [PlanAxis], _ loops: [PlanAxis], from input: Field<T>, to output: Field<T>,
                  inputOffset: Int = 0, outputOffset: Int = 0) throws -> Step? {
            guard axes.allSatisfy({ $0.count > 0 }) && loops.allSatisfy({ $0.count > 0 }) else { return nil }
            guard let plan = Plan<T>(operation, axes: axes, loops: loops, input: input.cells + inputOffset, output: output.cells + outputOffset,
                                     pool: device.pool, threads: threads, effort: effort) else {
                throw SpectralError.noPlan(nx: grid.nx, ny: grid.ny, nz: grid.nz)
            }
            let fromField = input === scratch
            return Step(plan: plan, inPlace: input === output, fieldOffset: fromField ? inputOffset : outputOffset,
                        spectrumOffset: fromField ? outputOffset : inputOffset)
        }

        var forward: [Step?] = [], inverse: [Step?] = []
        if complex {
            // r2c over the periodic axes, z to x; then r2r in place over the bounded ones, real and imaginary parts as separate numbers.
            let periodic = axes.filter { $0.kind == .periodic }, bounded = axes.filter { $0.kind != .periodic }
            func strides(_ list: [Axis], inverse: Bool) -> [PlanAxis] {
                list.reversed().map { a in
                    let complexStride = a.spectrum == 1 ? 1 : a.spectrum / 2
                    return inverse ? PlanAxis(a.count, complexStride, a.field) : PlanAxis(a.count, a.field, complexStride)
                }
            }
            forward.append(try step(.realToComplex, strides(periodic, inverse: false), strides(bounded, inverse: false), from: scratch, to: spectrum))
            inverse.append(try step(.complexToReal, strides(periodic, inverse: true), strides(bounded, inverse: true), from: spectrum, to: scratch))
            if !bounded.isEmpty {
                let loops = [PlanAxis(modes.nx, 1, 1)] + periodic.dropFirst().map { PlanAxis($0.count, $0.spectrum, $0.spectrum) }
                let inner = bounded.map { PlanAxis($0.planCount, $0.spectrum, $0.spectrum) }
                let offset = bounded.reduce(0) { $0 + $1.skipped * $1.spectrum }
                forward.append(try step(.realToReal(bounded.map(\.forward)), inner, loops, from: spectrum, to: spectrum,
                                        inputOffset: offset, outputOffset: offset))
                inverse.insert(try step(.realToReal(bounded.map(\.inverse)), inner, loops, from: spectrum, to: spectrum,
                                        inputOffset: offset, outputOffset: offset), at: 0)
            }
        } else {
            let ordered = Array(axes.reversed())
            let fieldOffset = axes.reduce(0) { $0 + $1.skipped * $1.field }, offset = axes.reduce(0) { $0 + $1.skipped * $1.spectrum }
            forward.append(try step(.realToReal(ordered.map(\.forward)), ordered.map { PlanAxis($0.planCount, $0.field, $0.spectrum) }, [],
                                    from: scratch, to: spectrum, inputOffset: fieldOffset, outputOffset: offset))
            inverse.append(try step(.realToReal(ordered.map(\.inverse)), ordered.map { PlanAxis($0.planCount, $0.spectrum, $0.field) }, [],
                                    from: spectrum, to: scratch, inputOffset: offset, outputOffset: fieldOffset))
        }
        forwardPlans = forward.compactMap(\.self)
        inversePlans = inverse.compactMap(\.self)
        let elapsed = (ContinuousClock.now - start).components
        planningTime = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        spectrum.fill(0)
    }

    /// The modes of u, into the transform's own spectrum or the given one. Ghosts of u are not read.
    public func forward(_ u: Field<T>, into target: Field<T>? = nil) {
        let target = target ?? spectrum
        precondition(u.grid == grid && target.grid == modes, "fields of another transform")
        for step in forwardPlans {
            let out = target.cells + step.spectrumOffset
            step.plan.execute(step.inPlace ? out : u.cells + step.fieldOffset, out)
        }
        clearOddModes(of: target)
    }

    /// u = sum over the modes, not normalised, ghosts filled; destroys the spectrum.
    public func inverse(into u: Field<T>, from source: Field<T>? = nil) {
        let source = source ?? spectrum
        precondition(u.grid == grid && source.grid == modes, "fields of another transform")
        clearOddModes(of: source)
        for step in inversePlans {
            let input = source.cells + step.spectrumOffset
            step.plan.execute(input, step.inPlace ? input : u.cells + step.fieldOffset)
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

/// An axis to transform: its length, kind, and strides in the field and the spectrum.
private struct Axis {
    let count: Int, kind: Boundary, field: Int, spectrum: Int

    /// Sine series of faces leave out face 0.
    var skipped: Int { kind == .oddFaces ? 1 : 0 }
    var planCount: Int { count - skipped }

    var forward: RealTransform {
        switch kind {
        case .periodic: .r2hc
        case .neumann: .redft10
        case .dirichlet: .rodft10
        case .neumannDirichlet: .redft11
        case .dirichletNeumann: .rodft11
        case .oddFaces: .rodft00
        }
    }

    var inverse: RealTransform {
        switch kind {
        case .periodic: .hc2r
        case .neumann: .redft01
        case .dirichlet: .rodft01
        case .neumannDirichlet, .dirichletNeumann, .oddFaces: forward
        }
    }
}
