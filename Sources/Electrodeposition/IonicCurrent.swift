import Glibc
import Grids

extension Charge {
    /// Ionic current density from cell a to its neighbour b, A/m^2: -eps kappa (grad phi_l - (w/f) grad ln c).
    func current(from a: (xi: T, c: T, phi: T), to b: (xi: T, c: T, phi: T), spacing: Double) -> Double {
        let c = (max(Double(a.c), concentrationFloor), max(Double(b.c), concentrationFloor))
        let eps = max(0, 1 - 0.5 * (Double(a.xi) + Double(b.xi))), kappa = 0.5 * (law(c.0) + law(c.1))
        let diffusion = junction == 0 ? 0 : junction * log(c.1 / c.0)
        return -eps * kappa * (Double(b.phi) - Double(a.phi) - diffusion) / spacing
    }
}

extension Simulation {
    public enum Axis: Sendable { case x, y, z }

    /// Ionic current density along an axis at the centres of the cells of a row (j + ny k): the mean of both faces, A/m^2. Nothing passes y = 0; what passes y = L is
    /// the current of the counter electrode.
    public func ionicCurrent(_ axis: Axis, row: Int, into values: UnsafeMutablePointer<Double>) {
        let nx = grid.nx, ny = grid.ny, nz = grid.nz, j = row % ny, k = row / ny
        let xi = phase, c = concentration, phi = potential
        func cell(_ i: Int, _ row: Int) -> (xi: T, c: T, phi: T) { (xi.row(row)[i], c.row(row)[i], phi.row(row)[i]) }
        for i in 0..<nx {
            var below = row, above = row, left = i, right = i
            switch axis {
            case .x: (left, right) = ((i + nx - 1) % nx, (i + 1) % nx)
            case .y: (below, above) = (row - (j > 0 ? 1 : 0), row + (j < ny - 1 ? 1 : 0))
            case .z: (below, above) = (j + ny * ((k + nz - 1) % nz), j + ny * ((k + 1) % nz))
            }
            let here = cell(i, row)
            let lower = axis == .y && j == 0 ? 0 : charge.current(from: cell(left, below), to: here, spacing: grid.spacing)
            let upper =
                axis == .y && j == ny - 1 ? -Double(far.current.row(k)[i]) : charge.current(from: here, to: cell(right, above), spacing: grid.spacing)
            values[i] = 0.5 * (lower + upper)
        }
    }
}
