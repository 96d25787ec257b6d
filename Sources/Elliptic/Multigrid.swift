import Glibc
public import Grids

/// A multigrid cycle in single precision as preconditioner for an `EllipticOperator`.
///
/// Red-black Gauss-Seidel before the coarse correction, black-red after it (so that the cycle is symmetric), piecewise-constant transfer over
/// aggregates of two cells per axis (the last one holds a single cell on odd sizes, an axis of one cell is left alone), coarse conductance =
/// half the sum of the fine conductances on the coarse face: the plain average of the coefficient, not Galerkin's, not the series average, and more where
/// an odd size leaves a shorter last cell. At most `directLimit` unknowns are solved by Cholesky.
public final class Multigrid: @unchecked Sendable {
    /// One grid of the hierarchy, in the extensive form of `MultigridKernels`, its fields stored by colour.
    private final class Level {
        let grid: Grid
        /// The rows as the grid has them, and as the fields are stored.
        let layout: Layout, colours: ColourLayout
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
            func field() -> Field<Float> { Field(byColour: grid) }
            (u, f, inverseDiagonal, s, gx, gy, gz) = (field(), field(), field(), field(), field(), field(), grid.dimensions == 3 ? field() : nil)
            layout = grid.layout(Float.self)
            colours = ColourLayout(layout)
            func isOdd(_ count: Int, _ kind: Grid.Topology) -> Bool { kind == .periodic && count % 2 == 1 && count > 1 }
            let y = isOdd(grid.ny, grid.y), z = isOdd(grid.nz, grid.z)
            hasSeam = isOdd(grid.nx, grid.x) || y || z
            let rows = y ? [0..<grid.ny - 1, grid.ny - 1..<grid.ny] : [0..<grid.ny]
            let planes = z ? [0..<grid.nz - 1, grid.nz - 1..<grid.nz] : [0..<grid.nz]
            independentParts = planes.flatMap { k in rows.map { RowGroup(y: $0, z: k) } }
        }

        var g: FaceCoefficients<Float> { FaceCoefficients(x: gx.cells, y: gy.cells, z: gz.map { UnsafePointer($0.cells) }) }

        /// Where cell (i, j, k) of a field is.
        func place(_ i: Int, _ j: Int, _ k: Int) -> Int { colours.offset(row: j + grid.ny * k, half: i & 1) + i / 2 }

        /// Three passes of which the last deals with rows of the coarse level: their first fine row lies up to three reaches back.
        var towardsCoarse: Wavefront { Wavefront(layout, passes: 3, starts: SIMD4(0, 1, 4, 0)) }

        func fillGhosts<T: Real>(_ field: Field<T>, _ rows: Range<Int>) {
            colours.forEach(rows) { _, j, k in for half in 0..<2 { colours.fillGhosts(field.cells, colours.place(j, k, half: half)) } }
        }
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
        wall = Field(byColour: grid.lateral)
        direct = DenseCholesky(count: levels.last!.grid.cells)
    }

    public var levelCount: Int { levels.count }
    /// The right-hand side of the next cycle and its result, both on the finest level and stored by colour.
    var rightHandSide: Field<Float> { levels[0].f }
    var solution: Field<Float> { levels[0].u }
    var colours: ColourLayout { levels[0].colours }
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
        func take(_ from: Field<T>, _ to: Field<Float>, _ rows: Range<Int>) {
            kernels.split(to.cells, from.cells, scale, fine.colours, from.layout, rows)
        }
        kernels.split(wall.cells, a.wall.cells, scale, ColourLayout(fine.grid.lateral.layout(Float.self)), a.wall.layout, 0..<a.wall.layout.rows)
        for (n, level) in levels.enumerated() {
            let coarse = n + 1 < levels.count ? levels[n + 1] : nil
            level.towardsCoarse.run(on: device) { pass, rows in
                switch pass {
                case 0 where n == 0:
                    take(a.s, fine.s, rows)
                    guard !reusesFaces else { return }
                    take(a.x, fine.gx, rows)
                    fine.fillGhosts(fine.gx, rows)
                    take(a.y, fine.gy, rows)
                    if let from = a.z, let to = fine.gz { take(from, to, rows) }
                case 0: break
                case 1: kernels.invertDiagonal(level.inverseDiagonal.cells, level.s.cells, level.g, level.colours, rows)
                default: if let coarse { coarsen(level, coarse, faces: !reusesFaces, coarse.layout.rows(of: rows, level.layout)) }
                }
            }
        }
        factorCoarsest()
    }

    private func coarsen(_ fine: Level, _ coarse: Level, faces: Bool, _ rows: Range<Int>) {
        let kernels = device.kernels
        kernels.coarsenCells(coarse.s.cells, fine.s.cells, coarse.colours, fine.colours, rows)
        guard faces else { return }
        // Conductances go as one over the distance of centres, in units of the fine cell: 1 and 2, but for the last cell. The first face of a periodic
        // axis joins it too.
        let short = 0.5 * (1 + fine.lastLength), long = 1 + coarse.lastLength
        func coarsen(_ coarseFaces: Field<Float>, _ fineFaces: Field<Float>, axis: Int, count: Int) {
            kernels.coarsenFaces(coarseFaces.cells, fineFaces.cells, axis: axis, first: short[axis] / long[axis],
                                 last: (count % 2 == 1 ? short[axis] : 1) / long[axis], coarse.colours, fine.colours, rows)
        }
        coarsen(coarse.gx, fine.gx, axis: 0, count: fine.grid.nx)
        coarsen(coarse.gy, fine.gy, axis: 1, count: fine.grid.ny)
        if let gz = coarse.gz, let fz = fine.gz { coarsen(gz, fz, axis: 2, count: fine.grid.nz) }
    }

    /// solution = M^-1 rightHandSide: one cycle from zero.
    /// - Parameter use: what to do with rows of the solution as soon as they are there, while they are in the cache.
    public func cycle(_ use: (Range<Int>) -> Void = { _ in }) { cycle(0, use: use) }

    /// z = M^-1 (scale r); the ghosts of z are filled.
    public func cycle<T: Real>(_ z: Field<T>, from r: Field<T>, scale: T = 1) {
        let f = rightHandSide, u = solution, kernels = device.kernels
        device.forRows(r.layout) { kernels.split(f.cells, r.cells, scale, colours, r.layout, $0) }
        cycle()
        device.forRows(z.layout) { kernels.join(z.cells, u.cells, 1, nil, 0, adds: false, colours, z.layout, $0) }
    }

    /// The cells around a periodic x axis, of a field stored like the finest level's.
    func fillGhosts<T: Real>(_ field: Field<T>, _ rows: Range<Int>) { levels[0].fillGhosts(field, rows) }

    /// - Parameter improves: goes on from what the level holds instead of from zero.
    private func cycle(_ l: Int, improves: Bool = false, use: (Range<Int>) -> Void = { _ in }) {
        guard l + 1 < levels.count else {
            solveCoarsest()
            use(0..<levels[l].layout.rows)
            return
        }
        let level = levels[l], coarse = levels[l + 1]
        if level.hasSeam {
            let kernels = device.kernels
            if !improves { level.u.fill(0) }
            relax(level, colour: 0)
            relax(level, colour: 1)
            device.forRows(coarse.layout) {
                kernels.restrictResidual(coarse.f.cells, level.u.cells, level.f.cells, level.s.cells, level.g, coarse.colours, level.colours, $0)
            }
            correct(l + 1)
            device.forRows(level.layout) { kernels.prolong(level.u.cells, coarse.u.cells, redOnly: false, coarse.colours, level.colours, $0) }
            relax(level, colour: 1, reversed: true)
            relax(level, colour: 0, reversed: true)
            device.forRows(level.layout, use)
        } else {
            descend(level, coarse, improves: improves)
            correct(l + 1)
            ascend(level, coarse, use)
        }
    }

    private func correct(_ l: Int) {
        cycle(l)
        if Multigrid.twice.contains(l) && l + 1 < levels.count { cycle(l, improves: true) }
    }

    /// Red, black, then the residual to the coarse level.
    private func descend(_ level: Level, _ coarse: Level, improves: Bool) {
        let kernels = device.kernels, layout = level.layout, colours = level.colours
        let u = level.u.cells, f = level.f.cells, d = level.inverseDiagonal.cells, g = level.g
        level.towardsCoarse.run(on: device) { pass, rows in
            switch pass {
            case 0 where improves: kernels.relax(u, f, g, d, colour: 0, colours, rows)
            case 0: kernels.relaxRedFromZero(u, f, d, colours, rows)
            case 1: kernels.relax(u, f, g, d, colour: 1, colours, rows)
            default:
                let due = coarse.layout.rows(of: rows, layout)
                if improves {
                    kernels.restrictResidual(coarse.f.cells, u, f, level.s.cells, g, coarse.colours, colours, due)
                } else {
                    kernels.restrictRedResidual(coarse.f.cells, u, g, coarse.colours, colours, due)
                }
            }
        }
    }

    /// The correction from the coarse level, on red cells alone because black ones are found from them, then black, red.
    private func ascend(_ level: Level, _ coarse: Level, _ use: (Range<Int>) -> Void) {
        let kernels = device.kernels, colours = level.colours, u = level.u.cells, f = level.f.cells, d = level.inverseDiagonal.cells, g = level.g
        Wavefront(level.layout, passes: 3).run(on: device) { pass, rows in
            switch pass {
            case 0: kernels.prolong(u, coarse.u.cells, redOnly: true, coarse.colours, colours, rows)
            case 1: kernels.relax(u, f, g, d, colour: 1, colours, rows)
            default:
                kernels.relax(u, f, g, d, colour: 0, colours, rows)
                use(rows)
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
                    device.kernels.relax(level.u.cells, level.f.cells, level.g, level.inverseDiagonal.cells, colour: colour, level.colours, $0)
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
                    let me = index(i, j, k), place = level.place(i, j, k)
                    direct[me, me] += Double(level.s.cells[place])
                    couple(me, index((i + grid.nx - 1) % grid.nx, j, k), Double(level.gx.cells[place]))
                    couple(me, index(i, (j + grid.ny - 1) % grid.ny, k), Double(level.gy.cells[place]))
                    if let gz = level.gz { couple(me, index(i, j, (k + grid.nz - 1) % grid.nz), Double(gz.cells[place])) }
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
        let level = levels.last!, nx = level.grid.nx, ny = level.grid.ny
        func forCells(_ body: (_ unknown: Int, _ place: Int) -> Void) {
            for row in 0..<level.layout.rows { for i in 0..<nx { body(row * nx + i, level.place(i, row % ny, row / ny)) } }
        }
        forCells { direct.right[$0] = Double(level.f.cells[$1]) }
        direct.solve()
        forCells { level.u.cells[$1] = Float(direct.right[$0]) }
        level.fillGhosts(level.u, 0..<level.layout.rows)
    }
}

extension Field {
    /// A field on a grid, stored as `ColourLayout` says: each row as two.
    convenience init(byColour grid: Grid) {
        let layout = ColourLayout(grid.layout(T.self)).halves
        self.init(Grid(nx: layout.nx, ny: layout.ny, nz: layout.nz, spacing: grid.spacing, x: grid.x, y: grid.y, z: grid.z), layout: layout)
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
    /// The rows of this coarse layout that are due when some fine ones have been dealt with: those of which the last fine row is among them.
    fileprivate func rows(of rows: Range<Int>, _ fine: Layout) -> Range<Int> {
        self.rows(endingBefore: rows.lowerBound, of: fine)..<self.rows(endingBefore: rows.upperBound, of: fine)
    }

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
