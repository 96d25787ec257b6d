import Glibc
public import Grids

/// A multigrid cycle in single precision as preconditioner for an `EllipticOperator`.
///
/// Red-black Gauss-Seidel before the coarse correction, black-red after it (so that the cycle is symmetric), piecewise-constant transfer over
/// aggregates of two cells per axis (the last one holds a single cell on odd sizes, an axis of one cell is left alone), coarse conductance =
/// half the sum of the fine conductances on the coarse face: the plain average of the coefficient, not Galerkin's, not the series average, and more where
/// an odd size leaves a shorter last cell. At most `directLimit` unknowns are solved by Cholesky.
public final class Multigrid: @unchecked Sendable {
    /// One grid of the hierarchy, in the extensive form of `MultigridKernels`.
    private final class Level {
        let grid: Grid
        let layout: Layout
        let u: Field<Float>, f: Field<Float>, inverseDiagonal: Field<Float>, s: Field<Float>
        let gx: Field<Float>, gy: Field<Float>, gz: Field<Float>?
        /// Length of the last cell along x, y and z over that of the others.
        let lastLength: SIMD3<Float>
        /// Whether some periodic axis is odd, so that cells of one colour are neighbours across its seam.
        let hasSeam: Bool
        /// The rows in groups without such neighbours in y and z.
        let independentParts: [RowGroup]

        init(_ grid: Grid, lastLength: SIMD3<Float>) {
            (self.grid, self.lastLength) = (grid, lastLength)
            u = Field(grid); f = Field(grid); inverseDiagonal = Field(grid); s = Field(grid)
            gx = Field(grid); gy = Field(grid); gz = grid.dimensions == 3 ? Field(grid) : nil
            layout = u.layout
            func isOdd(_ count: Int, _ kind: Grid.Topology) -> Bool { kind == .periodic && count % 2 == 1 && count > 1 }
            let y = isOdd(grid.ny, grid.y), z = isOdd(grid.nz, grid.z)
            hasSeam = isOdd(grid.nx, grid.x) || y || z
            let rows = y ? [0..<grid.ny - 1, grid.ny - 1..<grid.ny] : [0..<grid.ny]
            let planes = z ? [0..<grid.nz - 1, grid.nz - 1..<grid.nz] : [0..<grid.nz]
            independentParts = planes.flatMap { k in rows.map { RowGroup(y: $0, z: k) } }
        }

        var g: FaceCoefficients<Float> { FaceCoefficients(x: gx.cells, y: gy.cells, z: gz.map { UnsafePointer($0.cells) }) }
    }

    public let device: Device
    private let levels: [Level]
    private let direct: DenseCholesky
    private static let directLimit = 32
    /// Levels that get two cycles for each of the level above, where aggregates of constants lose most: 13 instead of 19 iterations to 1e-8 at 512^2
    /// cells, 16 instead of 26 at 128^3, for cycles 1.3 and 1.1 times as dear. On all levels (a W-cycle) 12 and 15, at 1.8 times the price in 2D.
    /// Two are positive where one overshoots no component twofold.
    private static let twice = 1...2

    public init(_ grid: Grid, on device: Device) {
        self.device = device
        var levels = [Level(grid, lastLength: SIMD3(1, 1, 1))]
        while let level = levels.last, level.grid.cells > Multigrid.directLimit {
            let fine = level.grid
            func half(_ count: Int) -> Float { count % 2 == 0 ? 0.5 : 0 }
            levels.append(Level(Grid(nx: (fine.nx + 1) / 2, ny: (fine.ny + 1) / 2, nz: (fine.nz + 1) / 2, spacing: 2 * fine.spacing,
                                     x: fine.x, y: fine.y, z: fine.z),
                                lastLength: 0.5 * level.lastLength + SIMD3(half(fine.nx), half(fine.ny), half(fine.nz))))
        }
        self.levels = levels
        wall = Field(grid.lateral)
        direct = DenseCholesky(count: levels.last!.grid.cells)
    }

    /// The right-hand side of the next cycle and its result, both on the finest level.
    public var rightHandSide: Field<Float> { levels[0].f }
    public var solution: Field<Float> { levels[0].u }
    public var levelCount: Int { levels.count }
    /// The operator as the cycle knows it, times `scale`.
    var coefficients: FaceCoefficients<Float> { levels[0].g }
    var diagonal: Field<Float> { levels[0].s }
    let wall: Field<Float>
    private(set) var scale = 1.0

    /// Takes over an operator, times `scale`: by default its conductances are brought to order one, which leaves conjugate gradients unchanged and
    /// keeps Float in range.
    /// - Parameter reusesFaces: the faces are those of the last operator, and so is the scale: only the diagonal is new.
    public func setUp<T: Real>(_ a: EllipticOperator<T>, scale: Double? = nil, reusesFaces: Bool = false) {
        let fine = levels[0], kernels = device.kernels
        if !reusesFaces { self.scale = scale ?? 1 / max(a.largestDiagonalEstimate(), .leastNormalMagnitude) }
        let scale = T(self.scale)
        func take(_ from: Field<T>, _ to: Field<Float>) {
            device.forRows(to.layout) { kernels.toSingle(to.cells, from.cells, scale, to.layout, from.layout, $0) }
        }
        take(a.s, fine.s)
        kernels.toSingle(wall.cells, a.wall.cells, scale, wall.layout, a.wall.layout, 0..<wall.layout.rows)
        if !reusesFaces {
            take(a.x, fine.gx)
            take(a.y, fine.gy)
            if let from = a.z, let to = fine.gz { take(from, to) }
            fine.gx.wrapGhosts()
        }
        for (fine, coarse) in zip(levels, levels.dropFirst()) { coarsen(fine, coarse, faces: !reusesFaces) }
        for level in levels {
            device.forRows(level.layout) {
                kernels.invertDiagonal(level.inverseDiagonal.cells, level.s.cells, level.g, level.layout, $0)
            }
            clearPadding(level)
        }
        factorCoarsest()
    }

    private func coarsen(_ fine: Level, _ coarse: Level, faces: Bool) {
        let kernels = device.kernels
        // Conductances go as one over the distance of centres, in units of the fine cell: 1 and 2, but for the last cell. The first face of a periodic
        // axis joins it too.
        let short = 0.5 * (1 + fine.lastLength), long = 1 + coarse.lastLength
        device.forRows(coarse.layout) { rows in
            kernels.coarsenCells(coarse.s.cells, fine.s.cells, coarse.layout, fine.layout, rows)
            guard faces else { return }
            func coarsen(_ coarseFaces: Field<Float>, _ fineFaces: Field<Float>, axis: Int, count: Int) {
                kernels.coarsenFaces(coarseFaces.cells, fineFaces.cells, axis: axis, first: short[axis] / long[axis],
                                     last: (count % 2 == 1 ? short[axis] : 1) / long[axis], coarse.layout, fine.layout, rows)
            }
            coarsen(coarse.gx, fine.gx, axis: 0, count: fine.grid.nx)
            coarsen(coarse.gy, fine.gy, axis: 1, count: fine.grid.ny)
            if let gz = coarse.gz, let fz = fine.gz { coarsen(gz, fz, axis: 2, count: fine.grid.nz) }
        }
        if faces { coarse.gx.wrapGhosts() }
    }

    /// Lanes past the last cell are stored with whole packs; a zero inverse diagonal keeps them finite.
    private func clearPadding(_ level: Level) {
        let padded = level.layout.rowStride - level.layout.lead
        guard padded > level.layout.nx else { return }
        for row in 0..<level.layout.rows {
            let p = level.inverseDiagonal.row(row)
            for i in level.layout.nx..<padded { p[i] = 0 }
        }
    }

    /// solution = M^-1 rightHandSide: one cycle from zero.
    public func cycle() { cycle(0) }

    /// z = M^-1 (scale r); the ghosts of z are filled.
    func cycle<T: Real>(_ z: Field<T>, from r: Field<T>, scale: T = 1) {
        let f = rightHandSide, u = solution, kernels = device.kernels
        device.forRows(r.layout) { kernels.toSingle(f.cells, r.cells, scale, f.layout, r.layout, $0) }
        cycle()
        device.forRows(z.layout) { kernels.updateDirection(z.cells, u.cells, 0, u.layout, z.layout, $0) }
    }

    /// - Parameter improves: goes on from what the level holds instead of from zero.
    private func cycle(_ l: Int, improves: Bool = false) {
        guard l + 1 < levels.count else { return solveCoarsest() }
        let level = levels[l], coarse = levels[l + 1]
        if level.hasSeam {
            let layout = level.layout, kernels = device.kernels
            if !improves { level.u.fill(0) }
            relax(level, colour: 0)
            relax(level, colour: 1)
            device.forRows(coarse.layout) {
                kernels.restrictResidual(coarse.f.cells, level.u.cells, level.f.cells, level.s.cells, level.g, coarse.layout, layout, $0)
            }
            correct(l + 1)
            device.forRows(layout) { kernels.prolong(level.u.cells, coarse.u.cells, coarse.layout, layout, $0) }
            relax(level, colour: 1, reversed: true)
            relax(level, colour: 0, reversed: true)
        } else {
            descend(level, coarse, improves: improves)
            correct(l + 1)
            ascend(level, coarse)
        }
    }

    private func correct(_ l: Int) {
        cycle(l)
        if Multigrid.twice.contains(l) && l + 1 < levels.count { cycle(l, improves: true) }
    }

    /// Red, black, then the residual to the coarse level.
    private func descend(_ level: Level, _ coarse: Level, improves: Bool) {
        let kernels = device.kernels, layout = level.layout, u = level.u.cells, f = level.f.cells, d = level.inverseDiagonal.cells, g = level.g
        Wavefront(layout, passes: 3, starts: SIMD4(0, 1, 4, 0)).run(on: device) { pass, rows in
            switch pass {
            case 0 where improves: kernels.relax(u, f, g, d, colour: 0, layout, rows)
            case 0: kernels.relaxRedFromZero(u, f, d, layout, rows)
            case 1: kernels.relax(u, f, g, d, colour: 1, layout, rows)
            default:
                // A coarse row is due when the last of its fine rows is; the first one lies up to three reaches back.
                let due =
                    coarse.layout.rows(endingBefore: rows.lowerBound, of: layout)..<coarse.layout.rows(endingBefore: rows.upperBound, of: layout)
                if improves {
                    kernels.restrictResidual(coarse.f.cells, u, f, level.s.cells, g, coarse.layout, layout, due)
                } else {
                    kernels.restrictRedResidual(coarse.f.cells, u, g, coarse.layout, layout, due)
                }
            }
        }
    }

    /// The correction from the coarse level, then black, red.
    private func ascend(_ level: Level, _ coarse: Level) {
        let kernels = device.kernels, layout = level.layout, u = level.u.cells, f = level.f.cells, d = level.inverseDiagonal.cells, g = level.g
        Wavefront(layout, passes: 3).run(on: device) { pass, rows in
            switch pass {
            case 0: kernels.prolong(u, coarse.u.cells, coarse.layout, layout, rows)
            case 1: kernels.relax(u, f, g, d, colour: 1, layout, rows)
            default: kernels.relax(u, f, g, d, colour: 0, layout, rows)
            }
        }
    }

    /// One half sweep. On an odd periodic axis the two ends are neighbours of one colour. Along x both are relaxed from the old values; along y and z the
    /// last row or plane is relaxed after the others (before them when reversed), so that a sweep and its reverse are adjoint and no result
    /// depends on the number of threads.
    private func relax(_ level: Level, colour: Int, reversed: Bool = false) {
        let parts = level.independentParts
        for part in reversed ? parts.reversed() : parts {
            device.forRows(level.layout) { rows in
                part.forRuns(in: rows, level.layout) {
                    device.kernels.relax(level.u.cells, level.f.cells, level.g, level.inverseDiagonal.cells, colour: colour, level.layout, $0)
                }
            }
        }
    }

    // MARK: - The coarsest level

    private func factorCoarsest() {
        let level = levels.last!, grid = level.grid
        direct.clear()
        func index(_ i: Int, _ j: Int, _ k: Int) -> Int { i + grid.nx * (j + grid.ny * k) }
        for k in 0..<grid.nz {
            for j in 0..<grid.ny {
                for i in 0..<grid.nx {
                    let me = index(i, j, k)
                    direct[me, me] += Double(level.s[i, j, k])
                    couple(me, index((i + grid.nx - 1) % grid.nx, j, k), Double(level.gx[i, j, k]))
                    couple(me, index(i, (j + grid.ny - 1) % grid.ny, k), Double(level.gy[i, j, k]))
                    if let gz = level.gz { couple(me, index(i, j, (k + grid.nz - 1) % grid.nz), Double(gz[i, j, k])) }
                }
            }
        }
        direct.factor()
    }

    private func couple(_ a: Int, _ b: Int, _ g: Double) {
        guard a != b else { return }
        direct[a, a] += g
        direct[b, b] += g
        direct[a, b] -= g
        direct[b, a] -= g
    }

    private func solveCoarsest() {
        let level = levels.last!, nx = level.layout.nx
        for row in 0..<level.layout.rows { for i in 0..<nx { direct.right[row * nx + i] = Double(level.f.row(row)[i]) } }
        direct.solve()
        for row in 0..<level.layout.rows { for i in 0..<nx { level.u.row(row)[i] = Float(direct.right[row * nx + i]) } }
        level.u.fillGhosts()
    }
}

/// The rows of a block of the (y, z) plane.
private struct RowGroup {
    let y: Range<Int>, z: Range<Int>

    /// Hands out those among `rows`, run by run.
    func forRuns(in rows: Range<Int>, _ layout: Layout, _ body: (Range<Int>) -> Void) {
        if y.count == layout.ny { return run(rows, z.lowerBound * layout.ny..<z.upperBound * layout.ny, body) }
        for k in z { run(rows, k * layout.ny + y.lowerBound..<k * layout.ny + y.upperBound, body) }
    }

    private func run(_ rows: Range<Int>, _ mine: Range<Int>, _ body: (Range<Int>) -> Void) {
        let common = rows.clamped(to: mine)
        if !common.isEmpty { body(common) }
    }
}

extension Layout {
    /// Number of rows of this coarse layout whose last fine row comes before `row` of the fine one.
    fileprivate func rows(endingBefore row: Int, of fine: Layout) -> Int {
        let k = row / fine.ny, j = row % fine.ny, childrenY = fine.ny > 1 ? 2 : 1, childrenZ = fine.nz > 1 ? 2 : 1
        let endsHere = (k + 1) % childrenZ == 0 || k == fine.nz - 1
        return k == fine.nz ? rows : k / childrenZ * ny + (endsHere ? j / childrenY : 0)
    }
}

extension EllipticOperator {
    /// Order of magnitude of the largest diagonal entry, from one cell in 61.
    fileprivate func largestDiagonalEstimate() -> Double {
        var largest = 0.0, first = 0
        for row in 0..<s.layout.rows {
            largest = max(largest, DiagonalLoops.largest(x.row(row), y.row(row), s.row(row), first: &first, stride: 61, count: grid.nx))
        }
        return largest
    }
}

private enum DiagonalLoops {
    /// The largest x + y + s of every so many cells from `first`, which is left where the next row goes on.
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func largest<T: Real>(_ x: UnsafePointer<T>, _ y: UnsafePointer<T>, _ s: UnsafePointer<T>, first: inout Int, stride: Int,
                                 count: Int) -> Double {
        var largest = 0.0
        while first < count {
            largest = max(largest, Double(x[first] + y[first] + s[first]))
            first += stride
        }
        first -= count
        return largest
    }
}
