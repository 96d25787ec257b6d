import Grids
import Spectral

/// What the terms of a simulation add to the Butler-Volmer kinetics, cell by cell.
///
/// Before each step the overpotential and the resistance start at zero and the factor at one; then every term puts in its part: eta gets
/// the sum of the overpotentials and of i_n times the resistances, i0 the product of the factors. A field exists only when a term asks for
/// it.
final class SurfaceConditions<T: FFTReal> {
    /// V, > 0 slows plating; ohm m^2; factor on the exchange current.
    let overpotential: Field<T>?, resistance: Field<T>?, exchangeFactor: Field<T>?
    /// Over the electrode plane, one row of cells per z: a factor on i0 that does not change, and V >= 0 that plating has to overcome.
    let planeFactor: Field<T>?, barrier: Field<T>?

    /// Speed of the fastest motion that no current makes, m/s: a bound for the step.
    var currentlessSpeed = 0.0

    init(_ grid: Grid, overpotential: Bool, resistance: Bool, exchangeFactor: Bool, planeFactor: Field<T>? = nil,
         barrier: Field<T>? = nil) {
        (self.planeFactor, self.barrier) = (planeFactor, barrier)
        self.overpotential = overpotential ? Field(grid) : nil
        self.resistance = resistance ? Field(grid) : nil
        self.exchangeFactor = exchangeFactor ? Field(grid) : nil
    }

    func clear() {
        overpotential?.fill(0)
        resistance?.fill(0)
        guard let exchangeFactor else { return }
        guard let planeFactor else { return exchangeFactor.fill(1) }
        let layout = exchangeFactor.layout
        for row in 0..<layout.rows { exchangeFactor.row(row).update(from: planeFactor.row(row / layout.ny), count: layout.nx) }
    }
}
