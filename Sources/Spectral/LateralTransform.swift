import Glibc
public import Grids

/// Forward and inverse Fourier transform along the lateral axes x and z alone; the layers of constant y stay apart.
///
/// A spectrum is a field on `modes`: row (j, r) holds the nx/2 + 1 complex coefficients along x of layer j and mode r along z (r > nz/2 stands for
/// r - nz), real and imaginary part side by side. Both axes must be periodic. Nothing is allocated by forward and inverse; not normalised.
public final class LateralTransform<T: FFTReal>: @unchecked Sendable {
    public let grid: Grid
    public let device: Device
    public let modes: Grid
    /// What the inverse of the forward transform must be multiplied by.
    public let normalisation: Double
    /// Tables of the modes for a spacing of 1.
    public let symbols: LateralSymbols<T>

    private let forwardPlan: Plan<T>, inversePlan: Plan<T>
    private let tables: UnsafeMutablePointer<T>

    /// - Throws: `SpectralError.noPlan`.
    public init(_ grid: Grid, device: Device, effort: PlannerEffort = .measure) throws {
        precondition(grid.x == .periodic && (grid.nz == 1 || grid.z == .periodic), "a lateral transform needs periodic lateral axes")
        (self.grid, self.device) = (grid, device)
        modes = Grid(nx: 2 * (grid.nx / 2 + 1), ny: grid.ny, nz: grid.nz, spacing: 1, x: .bounded, y: grid.y, z: grid.z)
        normalisation = 1 / Double(grid.lateralCells)
        let field = Field<T>(grid), spectrum = Field<T>(modes), f = field.layout, s = spectrum.layout
        let threads = grid.cells >= 16_384 ? device.pool.count : 1
        func axes(inverse: Bool) -> [PlanAxis] {
            let x = PlanAxis(grid.nx, 1, 1)
            guard grid.nz > 1 else { return [x] }
            let (a, b) = (f.planeStride, s.planeStride / 2)
            return [inverse ? PlanAxis(grid.nz, b, a) : PlanAxis(grid.nz, a, b), x]
        }
        guard let forward = Plan<T>(.realToComplex, axes: axes(inverse: false), loops: [PlanAxis(grid.ny, f.rowStride, s.rowStride / 2)],
                                    input: field.cells, output: spectrum.cells, pool: device.pool, threads: threads, effort: effort),
              let inverse = Plan<T>(.complexToReal, axes: axes(inverse: true), loops: [PlanAxis(grid.ny, s.rowStride / 2, f.rowStride)],
                                    input: spectrum.cells, output: field.cells, pool: device.pool, threads: threads, effort: effort) else {
            throw SpectralError.noPlan(nx: grid.nx, ny: grid.ny, nz: grid.nz)
        }
        (forwardPlan, inversePlan) = (forward, inverse)

        let width = T.Pack.scalarCount, padded = (modes.nx + width - 1) / width * width, count = 6 * (padded + grid.nz)
        let tables = UnsafeMutablePointer<T>.allocate(capacity: count)
        tables.initialize(repeating: 0, count: count)
        func wave(_ m: Int, _ n: Int) -> (k: Double, derivative: Double) {
            let k = 2 * Double.pi * Double(2 * m > n ? m - n : m) / Double(n)
            return (k, 2 * m == n ? 0 : k)
        }
        func cell(_ k: Double) -> Double { k == 0 ? 1 : sin(k / 2) / (k / 2) }
        func x(_ table: Int) -> UnsafeMutablePointer<T> { tables + table * padded }
        func z(_ table: Int) -> UnsafeMutablePointer<T> { tables + 6 * padded + table * grid.nz }
        for i in 0..<modes.nx {
            let (k, d) = wave(i / 2, grid.nx), size = 2 * sin(k / 2)
            x(0)[i] = T(k * k)
            x(1)[i] = T(d)
            x(2)[i] = T(cell(k))
            x(3)[i] = T(cos(k) - 1)
            x(4)[i] = T(i % 2 == 0 ? sin(k) : -sin(k))
            x(5)[i] = T(size * size)
        }
        for i in 0..<grid.nz {
            let (k, d) = wave(i, grid.nz), size = 2 * sin(k / 2)
            z(0)[i] = T(k * k)
            z(1)[i] = T(d)
            z(2)[i] = T(cell(k))
            z(3)[i] = T(cos(k) - 1)
            z(4)[i] = T(-sin(k))
            z(5)[i] = T(size * size)
        }
        self.tables = tables
        symbols = LateralSymbols(square: x(0), derivative: x(1), cell: x(2), squareZ: z(0), derivativeZ: z(1), cellZ: z(2),
                                 real: x(3), imaginary: x(4), size: x(5), realZ: z(3), imaginaryZ: z(4), sizeZ: z(5))
    }

    deinit { tables.deallocate() }

    /// The modes of u. Ghosts of u are not read.
    public func forward(_ u: Field<T>, into target: Field<T>) {
        precondition(u.grid == grid && target.grid == modes, "fields of another transform")
        forwardPlan.execute(u.cells, target.cells)
    }

    /// u = sum over the modes, not normalised, ghosts filled; destroys the spectrum.
    public func inverse(into u: Field<T>, from source: Field<T>) {
        precondition(u.grid == grid && source.grid == modes, "fields of another transform")
        inversePlan.execute(source.cells, u.cells)
        u.fillGhosts()
    }

    /// Runs `body` over all lateral modes, split over the threads by planes of z (3D) or packs of columns (2D).
    public func forModes(_ body: (_ columns: Range<Int>, _ planes: Range<Int>) -> Void) {
        guard device.pool.count > 1, grid.cells >= 16_384 else { return body(0..<modes.nx, 0..<modes.nz) }
        let width = T.Pack.scalarCount, packs = (modes.nx + width - 1) / width
        device.pool.run { part, parts in
            if modes.nz > 1 {
                body(0..<modes.nx, ThreadPool.share(of: modes.nz, part: part, parts: parts))
            } else {
                let share = ThreadPool.share(of: packs, part: part, parts: parts)
                if !share.isEmpty { body(share.lowerBound * width..<min(modes.nx, share.upperBound * width), 0..<1) }
            }
        }
    }
}
