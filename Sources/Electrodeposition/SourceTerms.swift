import Grids
import Spectral

/// Terms added to the three balances, for manufactured solutions:
///
///     d xi/dt = ... + phase,    d(eps c)/dt = ... + salt,    div i_l = ... + charge          (1/s, mol/(m^3 s), A/m^3)
///
/// d xi/dt, this term included, is what salt and charge see of the metal's growth.
final class SourceTerms<T: FFTReal> {
    let phase: Field<T>, salt: Field<T>, charge: Field<T>
    private let value: (Double, Double, Double, Double) -> (phase: Double, salt: Double, charge: Double)

    init(_ grid: Grid, _ value: @escaping (Double, Double, Double, Double) -> (phase: Double, salt: Double, charge: Double)) {
        (phase, salt, charge) = (Field(grid), Field(grid), Field(grid))
        self.value = value
    }

    /// Fills the fields at the centres of the cells.
    func evaluate(at time: Double) {
        let grid = phase.grid, h = grid.spacing
        for r in 0..<grid.rows {
            let y = (Double(r % grid.ny) + 0.5) * h, z = (Double(r / grid.ny) + 0.5) * h
            for i in 0..<grid.nx {
                let v = value((Double(i) + 0.5) * h, y, z, time)
                (phase.row(r)[i], salt.row(r)[i], charge.row(r)[i]) = (T(v.phase), T(v.salt), T(v.charge))
            }
        }
    }
}
