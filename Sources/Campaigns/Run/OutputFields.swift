import Electrodeposition
import RunFiles
import Spectral

extension Simulation {
    /// What stands in the snapshots for a name.
    func outputFields(_ name: OutputSettings.FieldName) -> [OutputField] {
        switch name {
        case .xi: return [OutputField("xi", unit: "1", longName: "metal fraction", field: phase)]
        case .c: return [OutputField("c", unit: "mol/m^3", longName: "salt concentration", field: concentration)]
        case .phi: return [OutputField("phi", unit: "V", longName: "electrolyte potential phi_l", field: potential)]
        case .current:
            let axes: [(String, Axis)] = [("x", .x), ("y", .y), ("z", .z)]
            return axes.prefix(grid.dimensions).map { name, axis in
                OutputField("i_" + name, unit: "A/m^2", longName: "ionic current density along \(name)") {
                    self.ionicCurrent(axis, row: $0, into: $1)
                }
            }
        case .pressure:
            guard let stress = hydrostaticStress else { return [] }
            return [OutputField("pressure", unit: "Pa", longName: "pressure -tr sigma/3", field: stress, scale: -1)]
        case .vonMises:
            guard let stress = misesStress else { return [] }
            return [OutputField("von_mises", unit: "Pa", longName: "von Mises stress", field: stress)]
        case .magneticField:
            return zip(["x", "y", "z"], magneticField).map {
                OutputField("B_" + $0, unit: "T", longName: "magnetic flux density along \($0)", field: $1)
            }
        case .velocity:
            guard hasFlow else { return [] }
            let axes: [(String, Axis)] = [("x", .x), ("y", .y), ("z", .z)]
            return axes.map { name, axis in
                OutputField("u_" + name, unit: "m/s", longName: "flow velocity along \(name)") { self.flowVelocity(axis, row: $0, into: $1) }
            }
        case .filmResistance:
            guard let film = filmResistance() else { return [] }
            return [OutputField("film_resistance", unit: "ohm m^2", longName: "areal resistance of the film at the surface", field: film)]
        case .filmThickness:
            guard let film = filmThickness() else { return [] }
            return [OutputField("film_thickness", unit: "m", longName: "thickness of the coating at the surface", field: film)]
        case .live:
            let nx = grid.nx, live = connectivity.live
            return [OutputField("live", unit: "1", longName: "1 where the metal surface may react", element: .byte) { row, values in
                for i in 0..<nx { values[i] = Double(live[row * nx + i]) }
            }]
        }
    }
}
