import Elliptic
import Glibc
public import Grids

/// How far a lagging field is extrapolated, in units of its last change; not at all after a start.
func extrapolationRatio(_ travel: Double, _ last: Double, solves: Int) -> Double {
    solves > 1 && last > 0 && travel.isFinite && last.isFinite ? min(travel / last, 2) : 0
}

/// What stress, magnetic field and flow amount to; SI units.
public struct CouplingNumbers: Sendable, Equatable {
    /// Least and largest eta_mech on the surface, V; and sigma_h in the cell, Pa. nil without mechanics.
    public var mechanicalOverpotential: (low: Double, high: Double)?, hydrostaticStress: (low: Double, high: Double)?
    /// Change of eta_mech with the height of the surface, V/m, in the cell and for flat layers with the longest wave along x (`LayerStability`). Below 0 crests
    /// plate faster by stress. nil without kinetic coupling.
    public var stressSlope: Double?, layerStressSlope: Double?
    /// Largest |B|, T; Hartmann number B L sqrt(kappa/mu). nil without magnetics (without flow).
    public var magneticField: Double?, hartmann: Double?
    /// Largest |u|, m/s, and Peclet number u L/D, L the gap between the mean surface and the counter electrode. nil without flow.
    public var speed: Double?, peclet: Double?
    /// Solver iterations since the start.
    public var mechanicsIterations = 0, flowIterations = 0

    public static func == (a: CouplingNumbers, b: CouplingNumbers) -> Bool { "\(a)" == "\(b)" }
}

extension Simulation {
    public var hasMechanics: Bool { mechanics != nil }
    public var hasMagnetics: Bool { magnetics != nil }
    public var hasFlow: Bool { flow != nil }

    /// Hydrostatic stress tr sigma/3 (tension positive) and von Mises stress of the last solve, Pa; nil without mechanics.
    public var hydrostaticStress: Field<T>? { mechanics?.hydrostatic }
    public var misesStress: Field<T>? { mechanics?.mises }
    /// What the terms add to the overpotential of the surface in the present step, V; nil when none does.
    public var addedOverpotential: Field<T>? { conditions.overpotential }
    /// B along x, y and z at cell centres, T; empty without magnetics.
    public var magneticField: [Field<T>] { magnetics?.field ?? [] }
    /// Displacements of the last solve on faces, in units of the spacing; nil without mechanics.
    public var displacement: VectorField<T>? { mechanics?.body.displacement }
    /// Magnetic force density on the electrolyte at cell centres along x, y and z in the last solve for the flow, N/m^3; empty without flow.
    public var magneticForce: [Field<Double>] { flow?.forceDensity ?? [] }
    /// Flow velocity on faces, m/s; nil without flow.
    public var flowVelocity: VectorField<Double>? { flow?.velocity }

    /// Flow velocity along an axis at the centres of the cells of a row (j + ny k), m/s; along z also in a 2D cell.
    public func flowVelocity(_ axis: Axis, row: Int, into values: UnsafeMutablePointer<Double>) {
        guard let flow else { return }
        let ny = grid.ny, nz = grid.nz, j = row % ny, k = row / ny, u = flow.velocity
        for i in 0..<grid.nx {
            switch axis {
            case .x: values[i] = 0.5 * (u.x.row(row)[i] + u.x.row(row)[(i + 1) % grid.nx])
            case .y: values[i] = 0.5 * (u.y.row(row)[i] + (j < ny - 1 ? u.y.row(row + 1)[i] : 0))
            case .z:
                if let z = u.z { values[i] = 0.5 * (z.row(row)[i] + z.row(j + ny * ((k + 1) % nz))[i]) }
                else { values[i] = flow.outOfPlaneVelocity?.row(row)[i] ?? 0 }
            }
        }
    }

    public var couplings: CouplingNumbers {
        var n = CouplingNumbers()
        if let mechanics {
            if mechanics.settings.kinetic {
                let k = 2 * Double.pi / (Double(grid.nx) * grid.spacing)
                n.mechanicalOverpotential = mechanics.overpotentialRange
                n.stressSlope = mechanics.overpotentialSlope(phase)
                n.layerStressSlope = layers.map { -$0.hydrostaticStress(wavenumber: k) / settings.metal.chargePerVolume }
            }
            n.hydrostaticStress = mechanics.stressRange
            n.mechanicsIterations = mechanics.iterations
        }
        n.magneticField = magnetics?.largest
        if let flow {
            let gap = Double(grid.ny) * grid.spacing - metalThickness, e = settings.electrolyte
            n.hartmann = (n.magneticField ?? 0) * gap * (e.conductivity / flow.settings.viscosity).squareRoot()
            n.speed = flow.fastest
            n.peclet = flow.fastest * gap / e.diffusivity
            n.flowIterations = flow.iterations
        }
        return n
    }

    /// The cell as flat layers of its present thickness; nil without mechanics.
    public var layers: LayerStability? {
        guard let mechanics else { return nil }
        let m = mechanics.settings, mixture = mechanics.mixture, metal = metalThickness,
            rest = Double(grid.ny) * grid.spacing - metal - mixture.thickness
        func layer(_ moduli: ElasticMixture.Moduli, _ height: Double) -> LayerStability.Layer {
            .init(lambda: moduli.lambda, shear: moduli.mu, height: height)
        }
        guard metal > 0, rest > 0 else { return nil }
        return LayerStability(metal: layer(mixture.metal, metal), coating: mixture.coating.map { layer($0, mixture.thickness) },
                              electrolyte: layer(mixture.electrolyte, rest), growthStrain: m.growthStrain,
                              stackPressure: m.ends == .platen ? m.stackPressure : nil)
    }

    /// Relative error of a growth rate that the grid itself makes: 2.5 % at dx = l, second order (measured on single modes of 64 l).
    public var discretisationError: Double {
        let ratio = grid.spacing / settings.interface.halfWidth
        return 0.025 * ratio * ratio
    }

    /// What the couplings amount to, in sentences; empty when all are off.
    public var couplingNotes: [String] {
        let n = couplings, error = discretisationError, percent = "\(short(100 * error)) %"
        var notes: [String] = []
        if let mechanics, let stress = n.hydrostaticStress {
            var note =
                "mechanics: hydrostatic stress \(short(stress.low * 1e-6)) to \(short(stress.high * 1e-6)) MPa, solved by \(mechanics.solver) at contrast \(short(mechanics.contrast))"
            if let eta = n.mechanicalOverpotential {
                // The rate follows eta by alpha f.
                let metal = settings.metal.thermalFactor(temperature: settings.kinetics.temperature),
                    smallest = error / (settings.kinetics.transferCoefficient * metal)
                note += "; mechanical overpotential \(short(eta.low * 1e3)) to \(short(eta.high * 1e3)) mV"
                note += eta.high - eta.low < smallest
                    ? "; its variation over the surface is below the discretisation error (\(short(smallest * 1e3)) mV move a rate by \(percent))"
                    : ""
            }
            notes.append(note)
        }
        if let b = n.magneticField {
            var note = "magnetics: largest |B| \(short(b)) T"
            if let ha = n.hartmann, let u = n.speed, let pe = n.peclet, let flow {
                note += ", Hartmann \(short(ha)), largest |u| \(short(u * 1e6)) um/s, Peclet \(short(pe)), flow solved by \(flow.solver)"
                note += pe < error ? "; the flow moves the salt by less than the discretisation error (Peclet below \(short(error)))" : ""
            }
            notes.append(note)
        }
        return notes
    }
}

/// Three significant digits.
private func short(_ x: Double) -> String {
    guard x != 0, x.isFinite else { return "\(x)" }
    let scale = pow(10, 2 - floor(log10(abs(x)))), rounded = (x * scale).rounded() / scale
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : "\(rounded)"
}
