package import Electrodeposition
import Glibc
internal import Grids
internal import StandardProblems

/// A manufactured solution of the whole two-potential system: phase with Butler-Volmer kinetics and Gibbs-Thomson overpotential, salt,
/// charge with the Nernst-Einstein conductivity and its diffusion potential.
///
/// xi stays between 0.05 and 0.95 so that no floor of the electrolyte fraction is met; the sources are derived in docs/derivations.
package struct CoupledSolution: Sendable {
    // The names are those of the derivation.
    let l = 0.2e-6, M = 6e-8, a = 0.5, c0 = 1000.0, D = 3.2e-10, beta = 0.9, A1 = 0.3, A2 = 0.4, P1 = 0.03, P2 = 0.5, omega = 2.0
    let metal = -0.08, rampWidth = 0.1, surfaceEnergy = 20.0, transference = 0.38, exchange = 100.0
    let H: Double, Y0: Double, V = 5e-8, A: Double, k: Double, q: Double
    let f: Double, J: Double, Q: Double, kappa: Double, v0: Double, gammaV: Double, release: Double
    private let width: Double, isSolid: Bool

    /// - Parameters: in half-widths; waves along x, and in space along z, fill the box.
    package init(width: Double, height: Double, isSolid: Bool) {
        (self.width, self.isSolid) = (width, isSolid)
        H = height * l
        Y0 = 0.48 * H
        A = width * l / 8
        k = 2 * .pi / (width * l)
        q = isSolid ? k : 0
        let metal = Metal()
        f = metal.thermalFactor(temperature: 298.15)
        Q = metal.chargePerVolume
        J = (1 - 2 * transference) / f
        kappa = faraday * f * D * c0 / (2 * transference * (1 - transference))
        v0 = exchange / Q
        gammaV = surfaceEnergy / Q
        release = (1 - transference) / metal.molarVolume
    }

    private func lateral(_ x: Double, _ z: Double) -> Double { cos(k * x) * (1 + cos(q * z)) / 2 }

    func xi(_ x: Double, _ y: Double, _ z: Double, _ t: Double) -> Double {
        let psi = y - Y0 - V * t - A * (1 + sin(omega * t) / 4) * lateral(x, z)
        return 0.5 * (1 - beta * tanh(psi / (2 * l)))
    }

    func c(_ x: Double, _ y: Double, _ z: Double, _ t: Double) -> Double {
        c0 * (1 - A1 * cos(.pi * y / (2 * H)) * (1 + A2 * lateral(x, z)) * (1 + sin(omega * t) / 5))
    }

    func phi(_ x: Double, _ y: Double, _ z: Double, _ t: Double) -> Double {
        -P1 * cos(.pi * y / (2 * H)) * (1 + P2 * lateral(x, z)) * (1 + cos(omega * t) / 5)
    }

    /// The reaction fades linearly between xi = 2 delta and delta, and likewise at the metal side.
    func ramp(_ xi: Double) -> Double { max(0, min(1, (xi - rampWidth) / rampWidth, (1 - xi - rampWidth) / rampWidth)) }

    /// The engine on this problem, with cells of l/n.
    package func simulation(cells n: Double, step: Double) throws -> Simulation<Double> {
        let s = box(width, H / l, isSolid ? width : nil, dx: 1 / n) {
            $0.interface.mobility = M
            $0.interface.ramp = rampWidth
            $0.interface.surfaceEnergy = surfaceEnergy
            $0.electrolyte.concentration = c0
            $0.electrolyte.diffusivity = D
            $0.electrolyte.transferenceNumber = transference
            $0.electrolyte.conductivityLaw = .nernstEinstein
            $0.kinetics.exchangeCurrentDensity = exchange
            $0.control.mode = .potentiostatic
            $0.control.potential = metal
            $0.time.fixedStep = step
            $0.time.solverTolerance = 1e-11
            $0.time.passTolerance = 1e-8
            $0.time.largestPasses = 60
        }
        let sim = try start(s)
        sim.place(metal: { xi($0, $1, $2, 0) }, concentration: { c($0, $1, $2, 0) })
        sim.addSources { sources($0, $1, $2, $3) }
        return sim
    }

    /// Root mean square errors of xi, c/c0 and phi_l (V) after a run. Salt and potential count in proportion to the electrolyte.
    package func errors(cells n: Double, step: Double, until end: Double) throws -> [Double] {
        let sim = try simulation(cells: n, step: step)
        try sim.run(until: end)
        let grid = sim.grid, h = grid.spacing
        var squares = [0.0, 0, 0]
        for r in 0..<grid.rows {
            let y = (Double(r % grid.ny) + 0.5) * h, z = (Double(r / grid.ny) + 0.5) * h
            for i in 0..<grid.nx {
                let x = (Double(i) + 0.5) * h, xi = xi(x, y, z, sim.time)
                squares[0] += pow(sim.phase.row(r)[i] - xi, 2)
                squares[1] += pow((1 - xi) * (sim.concentration.row(r)[i] - c(x, y, z, sim.time)) / c0, 2)
                squares[2] += pow((1 - xi) * (sim.potential.row(r)[i] - phi(x, y, z, sim.time)), 2)
            }
        }
        return squares.map { ($0 / Double(grid.cells)).squareRoot() }
    }

    static let fields = ["xi", "c", "phi_l"]

    /// Orders in dx of xi, c and phi_l from two grids.
    package func spatialOrders(coarse: Double, fine: Double, step: Double,
                               until end: Double) throws -> (orders: [Double], errors: [[Double]]) {
        let a = try errors(cells: coarse, step: step, until: end), b = try errors(cells: fine, step: step, until: end)
        return (zip(a, b).map { log($0 / $1) / log(fine / coarse) }, [a, b])
    }

    /// Orders in the step of xi, c and phi_l from three runs on one grid: log2 of the ratio of successive differences.
    package func temporalOrders(cells n: Double, step: Double, until end: Double) throws -> [Double] {
        let runs = try [1.0, 2, 4].map { part in
            let sim = try simulation(cells: n, step: step / part)
            try sim.run(until: end)
            return sim
        }
        func values(_ sim: Simulation<Double>) -> [[Double]] {
            let xi = sim.phase.values()
            return [xi, zip(xi, sim.concentration.values()).map { (1 - $0) * $1 }, zip(xi, sim.potential.values()).map { (1 - $0) * $1 }]
        }
        let (a, b, c) = (values(runs[0]), values(runs[1]), values(runs[2]))
        func distance(_ u: [Double], _ v: [Double]) -> Double { zip(u, v).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot() }
        return (0..<3).map { log2(distance(a[$0], b[$0]) / distance(b[$0], c[$0])) }
    }

    static let inPlane = ExactCase(
        "coupled-2d", "Manufactured solution of phase, salt and charge together, in the plane",
        source: "docs/derivations/coupled_solution.py"
    ) { extent, _ in
        let solution = CoupledSolution(width: 16, height: 34, isSolid: false)
        return try solution.report(coarse: extent == .full ? 4 : 3, fine: extent == .full ? 8 : 6, step: extent == .full ? 0.002 : 0.004,
                                   until: 1)
    }

    static let inSpace = ExactCase(
        "coupled-3d", "Manufactured solution of phase, salt and charge together, in space",
        source: inPlane.source
    ) { extent, _ in
        let solution = CoupledSolution(width: 8, height: 34, isSolid: true)
        return try solution.report(coarse: extent == .full ? 2 : 1.5, fine: extent == .full ? 4 : 3, step: extent == .full ? 0.005 : 0.01,
                                   until: 0.5)
    }

    private func report(coarse: Double, fine: Double, step: Double, until end: Double) throws -> ValidationResult {
        let (orders, errors) = try spatialOrders(coarse: coarse, fine: fine, step: step, until: end)
        let inTime = try temporalOrders(cells: 1, step: 0.05, until: 0.8)
        var result = ValidationResult()
        for (n, field) in CoupledSolution.fields.enumerated() {
            result.checks.append(.absolute("order of \(field) in dx", expected: 2, got: orders[n], tolerance: 0.1))
            result.checks.append(Check("order of \(field) in the step, at least 1.9", expected: 2, got: inTime[n],
                                       error: max(0, 2 - inTime[n]), tolerance: 0.1))
        }
        result.curves.append(Curve("errors", columns: ["dx_over_l"] + CoupledSolution.fields,
                                   rows: [[1 / coarse] + errors[0], [1 / fine] + errors[1]]))
        return result
    }
}
