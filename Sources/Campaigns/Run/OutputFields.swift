import Electrodeposition
import RunFiles
import Spectral

extension Simulation {
    /// A field as it stands in the snapshots.
    func outputField(_ name: OutputSettings.FieldName) -> OutputField {
        switch name {
        case .xi: return OutputField("xi", unit: "1", longName: "metal fraction", field: phase)
        case .c: return OutputField("c", unit: "mol/m^3", longName: "salt concentration", field: concentration)
        case .phi: return OutputField("phi", unit: "V", longName: "electrolyte potential phi_l", field: potential)
        case .live:
            let nx = grid.nx, live = connectivity.live
            return OutputField("live", unit: "1", longName: "1 where the metal surface may react", element: .byte) { row, values in
                for i in 0..<nx { values[i] = Double(live[row * nx + i]) }
            }
        }
    }
}
