public import Grids

/// A u at the nodes of bilinear elements in 2D: nine points, symmetric, x wraps. Each field holds the coupling of node (i, r) with its neighbour.
public final class NinePointOperator {
    public let grid: Grid
    /// With itself, (i+1, r), (i, r+1) and (i+1, r+1); `northWest` that of (i+1, r) with (i, r+1).
    public let centre: Field<Double>, east: Field<Double>, north: Field<Double>, northEast: Field<Double>, northWest: Field<Double>

    public init(_ grid: Grid) {
        self.grid = grid
        (centre, east, north) = (Field(grid), Field(grid), Field(grid))
        (northEast, northWest) = (Field(grid), Field(grid))
    }

    public func clear() { for part in [centre, east, north, northEast, northWest] { part.fill(0) } }

    /// To be called after the couplings have been written.
    public func close() { for part in [east, northEast, northWest] { part.wrapGhosts() } }

    /// y = A x. x must have its ghosts filled.
    public func apply(_ y: Field<Double>, _ x: Field<Double>) {
        for r in 0..<grid.ny {
            let y = y.row(r), x0 = x.row(r), c = centre.row(r), e = east.row(r)
            for i in 0..<grid.nx { y[i] = c[i] * x0[i] + e[i] * x0[i + 1] + e[i - 1] * x0[i - 1] }
            if r + 1 < grid.ny {
                let x1 = x.row(r + 1), n = north.row(r), ne = northEast.row(r), nw = northWest.row(r)
                for i in 0..<grid.nx { y[i] += n[i] * x1[i] + ne[i] * x1[i + 1] + nw[i - 1] * x1[i - 1] }
            }
            if r > 0 {
                let x1 = x.row(r - 1), n = north.row(r - 1), ne = northEast.row(r - 1), nw = northWest.row(r - 1)
                for i in 0..<grid.nx { y[i] += n[i] * x1[i] + ne[i - 1] * x1[i - 1] + nw[i] * x1[i + 1] }
            }
        }
    }

    /// The five-point operator that acts alike on what is linear over a cell: half of each diagonal coupling joins those along x and y on either side
    /// of it.
    func collapse(into a: EllipticOperator<Double>) {
        let ny = grid.ny
        for r in 0..<ny {
            let x = a.x.row(r), y = a.y.row(r), s = a.s.row(r), low = max(r - 1, 0), isFirst = r == 0, isLast = r + 1 == ny
            let c = centre.row(r), e = east.row(r), n = north.row(r), ne = northEast.row(r), nw = northWest.row(r)
            let nLow = north.row(low), neLow = northEast.row(low), nwLow = northWest.row(low)
            for i in 0..<grid.nx {
                var along = e[i - 1], across = 0.0, sum = c[i] + e[i] + e[i - 1]
                if !isLast {
                    along += 0.5 * (ne[i - 1] + nw[i - 1])
                    sum += n[i] + ne[i] + nw[i - 1]
                }
                if !isFirst {
                    along += 0.5 * (neLow[i - 1] + nwLow[i - 1])
                    across = nLow[i] + 0.5 * (neLow[i] + nwLow[i] + neLow[i - 1] + nwLow[i - 1])
                    sum += nLow[i] + neLow[i - 1] + nwLow[i]
                }
                // Mass may outweigh conductance where there is next to none of either.
                x[i] = max(-along, 0)
                y[i] = max(-across, 0)
                s[i] = max(sum, 0)
            }
        }
        a.closeFaces()
    }
}

/// Conjugate gradients for `NinePointOperator`, preconditioned with a multigrid cycle on its five-point likeness, or with its diagonal.
public final class NinePointSolver {
    private let device: Device
    private let multigrid: Multigrid, likeness: EllipticOperator<Double>
    private let z: Field<Double>, p: Field<Double>, q: Field<Double>
    private let sums: RowSums

    public init(_ grid: Grid, on device: Device) {
        self.device = device
        multigrid = Multigrid(grid, on: device)
        likeness = EllipticOperator(grid)
        (z, p, q) = (Field(grid), Field(grid), Field(grid))
        sums = RowSums(grid)
    }

    /// Adds A^-1 r to x until what is left in r is below tolerance |A x + r|, as both were. On return the ghosts of x are filled.
    public func correct(_ x: Field<Double>, _ a: NinePointOperator, residual r: Field<Double>, tolerance: Double, usesMultigrid: Bool,
                        maximumIterations: Int = 200) -> SolveReport {
        x.fillGhosts()
        a.apply(q, x)
        device.combine(q, 1, q, 1, r)
        let size = device.dot(q, q, sums).squareRoot()
        var report = SolveReport(iterations: 0, residual: .infinity, converged: false), before = 1.0
        if usesMultigrid {
            a.collapse(into: likeness)
            multigrid.setUp(likeness)
        }
        while true {
            let norm = device.dot(r, r, sums).squareRoot()
            report.residual = size > 0 ? norm / size : 0
            report.converged = norm <= tolerance * size
            if report.converged || !norm.isFinite || report.iterations >= maximumIterations { break }
            report.iterations += 1
            precondition(a, r, scale: usesMultigrid ? norm : nil)
            let rz = device.dot(r, z, sums)
            device.combine(p, 1, z, report.iterations == 1 ? 0 : rz / before, p)
            before = rz
            p.fillGhosts()
            a.apply(q, p)
            let step = rz / device.dot(p, q, sums)
            device.combine(x, step, p, 1, x)
            device.combine(r, -step, q, 1, r)
        }
        x.fillGhosts()
        return report
    }

    /// z = M^-1 r; the cycle is in Float and sees r in units of its norm.
    private func precondition(_ a: NinePointOperator, _ r: Field<Double>, scale: Double?) {
        guard let scale else {
            for row in 0..<a.grid.ny {
                let z = z.row(row), r = r.row(row), c = a.centre.row(row)
                for i in 0..<a.grid.nx { z[i] = r[i] / c[i] }
            }
            return
        }
        multigrid.cycle(z, from: r, scale: 1 / scale)
    }
}
