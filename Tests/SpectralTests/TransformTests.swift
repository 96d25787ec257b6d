import Foundation
import Grids
import Kernels
import Spectral
import Testing

/// The eigenfunction of mode q on an axis of n cells: value at cell (or face) j.
private func eigenfunction(_ kind: Boundary, _ q: Int, _ j: Int, _ n: Int) -> Double {
    let t = Double.pi * (Double(j) + 0.5) / Double(n)
    return switch kind {
    case .periodic: cos(2 * Double(q) * t)
    case .neumann: cos(Double(q) * t)
    case .dirichlet: sin(Double(q + 1) * t)
    case .neumannDirichlet: cos((Double(q) + 0.5) * t)
    case .dirichletNeumann: sin((Double(q) + 0.5) * t)
    case .oddFaces: sin(Double(q) * .pi * Double(j) / Double(n))
    }
}

/// Wavenumber of mode q in units of 1/h.
private func wavenumber(_ kind: Boundary, _ q: Int, _ n: Int) -> Double {
    switch kind {
    case .periodic: 2 * .pi * Double(q) / Double(n)
    case .neumann, .oddFaces: .pi * Double(q) / Double(n)
    case .dirichlet: .pi * Double(q + 1) / Double(n)
    case .neumannDirichlet, .dirichletNeumann: .pi * (Double(q) + 0.5) / Double(n)
    }
}

private struct Case: Sendable, CustomStringConvertible {
    let nx: Int, ny: Int, nz: Int, x: Boundary, y: Boundary, z: Boundary
    var description: String { "\(nx)x\(ny)x\(nz) \(x) \(y) \(z)" }
    var boundaries: Boundaries { Boundaries(x: x, y: y, z: z) }
    func grid(_ h: Double) -> Grid {
        func topology(_ b: Boundary) -> Grid.Topology { b == .periodic ? .periodic : .bounded }
        return Grid(nx: nx, ny: ny, nz: nz, spacing: h, x: topology(x), y: topology(y), z: topology(z))
    }
}

/// Every boundary combination on a 2D and a 3D grid whose sizes have the factors 2, 3, 5, 7, 11.
private let cases: [Case] = Boundary.allCases.flatMap { x in
    Boundary.allCases.flatMap { y in
        [Case(nx: 14, ny: 15, nz: 1, x: x, y: y, z: .periodic)]
            + Boundary.allCases.map { Case(nx: 9, ny: 8, nz: 11, x: x, y: y, z: $0) }
    }
}

private let device = Device()

@Test("every boundary combination inverts -lap on its eigenfunctions, spectral and finite-difference")
func eigenfunctions() throws {
    let h = 0.3
    for c in cases {
        let grid = c.grid(h), u = Field<Double>(grid)
        let transform = try Transform<Double>(grid, c.boundaries, device: device, effort: .estimate)
        // A mode that is neither the first nor the last of any axis.
        let q = (3, 2, c.nz > 1 ? 4 : 0)
        func value(_ i: Int, _ j: Int, _ k: Int) -> Double {
            eigenfunction(c.x, q.0, i, c.nx) * eigenfunction(c.y, q.1, j, c.ny) * (c.nz > 1 ? eigenfunction(c.z, q.2, k, c.nz) : 1)
        }
        let k = [wavenumber(c.x, q.0, c.nx), wavenumber(c.y, q.1, c.ny), c.nz > 1 ? wavenumber(c.z, q.2, c.nz) : 0].map { $0 / h }
        for laplacian in Laplacian.allCases {
            let s = k.reduce(0) { sum, k in sum + (laplacian == .spectral ? k * k : (2 - 2 * cos(k * h)) / (h * h)) }
            let solver = HelmholtzSolver(transform, laplacian)
            for z in 0..<c.nz { for y in 0..<c.ny { for x in 0..<c.nx { u[x, y, z] = (0.7 + 1.3 * s) * value(x, y, z) } } }
            solver.solve(u, a: 0.7, b: 1.3)
            var error = 0.0
            for z in 0..<c.nz { for y in 0..<c.ny { for x in 0..<c.nx { error = max(error, abs(u[x, y, z] - value(x, y, z))) } } }
            #expect(error < 2e-14, "\(c) \(laplacian)")
        }
        #expect(transform.planningTime > 0)
    }
}

@Test("forward then inverse is the identity", arguments: [(64, 30, 1), (35, 27, 1), (97, 14, 1), (20, 18, 21)])
func roundTrip(nx: Int, ny: Int, nz: Int) throws {
    for x in Boundary.allCases where x != .oddFaces {
        for y in Boundary.allCases {
            let c = Case(nx: nx, ny: ny, nz: nz, x: x, y: y, z: .periodic)
            #expect(try roundTripError(Double.self, c) < 1e-14, "\(c)")
            #expect(try roundTripError(Float.self, c) < 2e-6, "\(c)")
        }
    }
}

private func roundTripError<T: FFTReal>(_: T.Type, _ c: Case) throws -> Double {
    let grid = c.grid(1), u = Field<T>(grid), transform = try Transform<T>(grid, c.boundaries, device: device, effort: .estimate)
    let stream = RandomStream(seed: 3, purpose: "round trip")
    u.set { x, y, z in 2 * stream.uniform(UInt64(x), UInt64(y) << 20 | UInt64(z)) - 1 }
    if c.y == .oddFaces { for k in 0..<c.nz { for i in 0..<c.nx { u[i, 0, k] = 0 } } }
    let before = u.values()
    transform.forward(u)
    #expect(u.values() == before, "the forward transform keeps its input")
    let symbols = Symbols(transform, .spectral)
    let squares = device.sumOfSquares(transform.spectrum, Quadratic(1), symbols, normalisation: transform.normalisation,
                                      RowSums(transform.modes))
    let exact = before.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(squares / exact - 1) < (T.self == Double.self ? 1e-13 : 1e-5), "Parseval \(c)")
    device.filter(transform.spectrum, Quadratic(transform.normalisation), over: Quadratic(1), symbols)
    transform.inverse(into: u)
    return zip(u.values(), before).reduce(0) { max($0, abs(Double($1.0 - $1.1))) }
}

@Test("known coefficients: a mode is one coefficient of the documented place and size")
func places() throws {
    let grid = Grid(nx: 12, ny: 10, spacing: 1), u = Field<Double>(grid)
    let transform = try Transform<Double>(grid, Boundaries(grid), device: device, effort: .estimate)
    u.set { x, y, _ in 1 + sin(2 * .pi * 3 * (x - 0.5) / 12) * cos(.pi * 4 * y / 10) }
    transform.forward(u)
    for j in 0..<10 {
        for i in 0..<14 {
            // The mean has 2 ny nx; sin gives -i/2 nx, cos 2 ny / 2.
            let expected = (i, j) == (0, 0) ? 240.0 : (i, j) == (7, 4) ? -60.0 : 0
            #expect(abs(transform.spectrum[i, j] - expected) < 1e-12)
        }
    }
}

@Test("Poisson with zero-slope walls drops the mean; the finite-difference answer satisfies the difference equation to round-off")
func poisson() throws {
    let n = 48, h = 1.0 / 48, grid = Grid(nx: n, ny: n, spacing: h)
    let u = Field<Double>(grid), stream = RandomStream(seed: 1, purpose: "poisson")
    var f = [Double](repeating: 0, count: n * n)
    for i in 0..<n * n { f[i] = stream.uniform(UInt64(i)) - 0.5 }
    let mean = f.reduce(0, +) / Double(n * n)
    u.setValues(f)
    let transform = try Transform<Double>(grid, Boundaries(grid), device: device)
    HelmholtzSolver(transform, .finiteDifference).solve(u, a: 0, b: 1)
    var worst = 0.0, sum = 0.0
    for j in 0..<n {
        for i in 0..<n {
            let c = u[i, j], w = u[(i + n - 1) % n, j], e = u[(i + 1) % n, j], s = u[i, max(j - 1, 0)], t = u[i, min(j + 1, n - 1)]
            worst = max(worst, abs((4 * c - w - e - s - t) / (h * h) - (f[i + n * j] - mean)))
            sum += c
        }
    }
    #expect(worst < 1e-11)
    #expect(abs(sum) / Double(n * n) < 1e-15)
}

@Test("a smooth Helmholtz problem converges spectrally, and with order 2 by differences")
func helmholtzConvergence() throws {
    // u = exp(cos 2 pi x) cos(pi y) on the unit square, periodic in x.
    func error(_ n: Int, _ laplacian: Laplacian) throws -> Double {
        let grid = Grid(nx: n, ny: n, spacing: 1 / Double(n)), u = Field<Double>(grid)
        func exact(_ x: Double, _ y: Double) -> Double { exp(cos(2 * .pi * x)) * cos(.pi * y) }
        u.set { x, y, _ in
            let s = sin(2 * .pi * x), c = cos(2 * .pi * x)
            return exact(x, y) * (2 + 4 * .pi * .pi * (c - s * s) + .pi * .pi)
        }
        let transform = try Transform<Double>(grid, Boundaries(grid), device: device, effort: .estimate)
        HelmholtzSolver(transform, laplacian).solve(u, a: 2, b: 1)
        let e = Field<Double>(grid)
        e.set { x, y, _ in exact(x, y) }
        return zip(u.values(), e.values()).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    #expect(try error(32, .spectral) < 1e-13)
    let coarse = try error(32, .finiteDifference), fine = try error(64, .finiteDifference)
    #expect(abs(log2(coarse / fine) - 2) < 0.05)
}

@Test("two threads and every instruction set give the same answer to round-off")
func threads() throws {
    for (nz, effort) in [(1, PlannerEffort.estimate), (12, .measure)] {
        let grid = Grid(nx: 160, ny: nz == 1 ? 200 : 20, nz: nz, spacing: 0.1)
        var results: [[Double]] = []
        for device in [Device(), Device(threads: 2)] + InstructionSet.allCases.filter(\.isAvailable).map({ Device(instructionSet: $0) }) {
            let u = Field<Double>(grid)
            u.set { x, y, z in sin(1.7 * x + 0.3 * z) * exp(-y) }
            HelmholtzSolver(try Transform<Double>(grid, Boundaries(grid), device: device, effort: effort), .spectral).solve(u, a: 1, b: 1)
            results.append(u.values())
        }
        for other in results.dropFirst() {
            #expect(zip(other, results[0]).allSatisfy { abs($0 - $1) < 1e-15 })
        }
    }
}

@Test("the general filters: one and two operands, multipliers")
func filters() throws {
    let grid = Grid(nx: 10, ny: 9, spacing: 1, x: .bounded)
    let transform = try Transform<Double>(grid, Boundaries(grid), device: device, effort: .estimate)
    let symbols = Symbols(transform, .spectral)
    let u = symbols.map { 1 / (1 + $0) }, v = symbols.map { cos($0) }, w = Field<Double>(transform.modes)
    device.filter(w, u, Quadratic(1, 2, 3), v, Quadratic(4, 5), over: Quadratic(0, 6, 7), symbols)
    device.multiply(u, symbols.map { $0 })
    for r in 0..<9 {
        for i in 0..<10 {
            let s = symbols.x[i] + symbols.rows[r]
            let expected = s == 0 ? 0 : ((1 + 2 * s + 3 * s * s) / (1 + s) + (4 + 5 * s) * cos(s)) / (6 * s + 7 * s * s)
            #expect(abs(w[i, r] - expected) < 1e-13 * max(1, abs(expected)))
            #expect(abs(u[i, r] - s / (1 + s)) < 1e-15)
        }
    }
}

@Test("wisdom written to a file is read back and makes planning immediate; a bad file is named")
func wisdom() throws {
    let path = NSTemporaryDirectory() + "wisdom-\(UInt32.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let grid = Grid(nx: 270, ny: 250, spacing: 1)
    func plan() throws -> Double {
        let double = try Transform<Double>(grid, Boundaries(grid), device: device)
        return try double.planningTime + Transform<Float>(grid, Boundaries(grid), device: device).planningTime
    }
    let first = try plan()
    try Wisdom.write(to: path)
    Wisdom.forget()
    try Wisdom.read(from: path)
    #expect(try plan() < 0.5 * first)
    var damaged = try Data(contentsOf: URL(fileURLWithPath: path))
    damaged[damaged.count / 2] ^= 4
    try damaged.write(to: URL(fileURLWithPath: path))
    #expect(throws: SpectralError.unreadableWisdom(path: path, reason: "it is damaged")) { try Wisdom.read(from: path) }
    try Data("(fftw-0.0 fftw_wisdom #x0 #x0 #x0 #x0)".utf8).write(to: URL(fileURLWithPath: path))
    let refused = SpectralError.unreadableWisdom(path: path, reason: "it was written by another FFTW version")
    #expect(throws: refused) { try Wisdom.read(from: path) }
    #expect(throws: SpectralError.self) { try Wisdom.read(from: path + ".none") }
}
