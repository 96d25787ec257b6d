import Glibc
import Grids
import Spectral

/// D(c) and kappa(c) of the electrolyte.
struct TransportLaw: Sendable {
    private let law: Electrolyte.PropertyLaw
    /// Value of a constant; slope kappa/c of Nernst-Einstein.
    private let number: Double
    private let concentrations: [Double], values: [Double]

    static func diffusivity(_ e: Electrolyte) -> TransportLaw {
        TransportLaw(law: e.diffusivityLaw, number: e.diffusivity, concentrations: e.tableConcentrations, values: e.tableDiffusivities)
    }

    static func conductivity(_ e: Electrolyte, metal: Metal, temperature: Double) -> TransportLaw {
        let number = e.conductivityLaw == .nernstEinstein ? e.nernstEinstein(1, metal: metal, temperature: temperature) : e.conductivity
        return TransportLaw(law: e.conductivityLaw, number: number, concentrations: e.tableConcentrations, values: e.tableConductivities)
    }

    var isConstant: Bool { law == .constant }
    /// What to scale face coefficients with when there is no property field.
    var constant: Double { isConstant ? number : 1 }

    func callAsFunction(_ c: Double) -> Double {
        switch law {
        case .constant: return number
        case .nernstEinstein: return number * max(c, 0)
        case .table:
            // Linear between the points, constant beyond them.
            guard c > concentrations[0] else { return values[0] }
            for n in 1..<concentrations.count where c <= concentrations[n] {
                let t = (c - concentrations[n - 1]) / (concentrations[n] - concentrations[n - 1])
                return values[n - 1] + t * (values[n] - values[n - 1])
            }
            return values[values.count - 1]
        }
    }

    /// The property at every cell, or nil when it is constant; a Nernst-Einstein conductivity keeps a floor of 1e-6 of its value at c0.
    func field<T: FFTReal>(_ target: Field<T>?, concentration c: Field<T>, floor: Double, _ work: Workspace<T>) -> UnsafePointer<T>? {
        guard !isConstant, let target else { return nil }
        let layout = work.layout
        work.forRows { rows in
            for row in rows {
                let from = c.row(row), to = target.row(row)
                for i in 0..<layout.nx { to[i] = T(self(max(Double(from[i]), floor))) }
            }
        }
        target.fillGhosts()
        return UnsafePointer(target.cells)
    }
}
