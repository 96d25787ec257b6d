import Glibc
import Grids
import Kernels
import Spectral

/// c_t = div(M grad(f' - kappa lap c)), f = rho (c - ca)^2 (cb - c)^2, in a square box; with `wallPotential` also + k Phi in the bracket.
///
/// Spectral in space. The linear part is -M s (kappa s + S), s = k^2; f' - S c is the explicit rest.
final class CahnHilliard: SplitEquation {
    let transform: Transform<Double>
    let symbols: Symbols<Double>
    let p: Quadratic<Double>
    let q: Quadratic<Double>
    let wallPotential: WallPotential?
    /// Free energy at each accepted time; and with a potential also F + int k c Phi_b / 2, which only falls.
    private(set) var energies: [(time: Double, free: Double, falling: Double)] = []

    private static let rho = 5.0, mobility = 5.0, kappa = 2.0, middle = 0.5, halfGap = 0.2
    /// S: half the curvature of the wells, the least for which steps of any size are stable; more costs accuracy at the interfaces.
    private static let stabilisation = 4 * rho * halfGap * halfGap
    private let cells: Field<Double>
    private let sums: RowSums, modeSums: RowSums

    /// - Parameter n: cells per edge.
    init(n: Int, edge: Double, topology: Grid.Topology, withWallPotential: Bool = false, device: Device) throws {
        let grid = Grid(nx: n, ny: n, spacing: edge / Double(n), x: topology, y: topology)
        transform = try Transform(grid, Boundaries(grid), device: device)
        symbols = Symbols(transform, .spectral)
        let m = CahnHilliard.mobility
        p = Quadratic(0, -m)
        q = Quadratic(0, -m * CahnHilliard.stabilisation, -m * CahnHilliard.kappa)
        wallPotential = withWallPotential ? WallPotential(transform, symbols) : nil
        cells = Field(grid)
        sums = RowSums(grid)
        modeSums = RowSums(transform.modes)
    }

    func evaluate(_ modes: Field<Double>, time: Double, stage: Int, into f: Field<Double>) {
        let device = transform.device, kernels = device.kernels, cells = cells, sums = sums
        transform.spectrum.copy(from: modes)
        transform.inverse(into: cells)
        device.forRows(cells.layout) {
            kernels.doubleWell(cells.cells, r: CahnHilliard.rho, m: CahnHilliard.middle, a: CahnHilliard.halfGap,
                               s: CahnHilliard.stabilisation, sums.values, cells.layout, $0)
        }
        transform.forward(cells, into: f)
        let electric = wallPotential?.add(to: f, concentration: modes) ?? (0, 0)
        if stage == 0 {
            let area = transform.grid.cellVolume
            let gradient = device.sumOfSquares(modes, Quadratic(0, CahnHilliard.kappa / 2), symbols,
                                               normalisation: 1 / transform.normalisation, modeSums)
            let free = area * (sums.total() + gradient) + electric.0
            energies.append((time, free, free + electric.1))
        }
    }

    /// The initial field of benchmark 1: .5 + .01 (...), or 6: amplitude .04 and other wave numbers.
    static func initialConcentration(amplitude: Double, k: Double) -> (Double, Double) -> Double {
        { x, y in
            let square = cos(0.13 * x) * cos(0.087 * y)
            return 0.5 + amplitude * (cos(k * x) * cos(0.11 * y) + square * square + cos(0.025 * x - 0.15 * y) * cos(0.07 * x - 0.02 * y))
        }
    }
}
