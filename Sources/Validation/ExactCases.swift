internal import Electrodeposition
import Glibc
internal import Grids
internal import Morphology
public import StandardProblems

/// The cases with exact answers, in the order of the table.
public enum ExactCases {
    public static let all: [any ValidationCase] = [
        profile, circle, sphere, nernst, concentrationCell, planarFront, faradayClosure, capacity, sand, sandMolar, limitingCurrent,
        depletion, conduction, checkerboard, elasticity, flow, magnetism, roughness, CoupledSolution.inPlane, CoupledSolution.inSpace,
        ContactAngle.asCase, CoarseGrid.asCase, AlloyFilling.asCase, FilmOnMetal.asCase, MonroeNewman.asCase,
    ] + FrontStability.cases

    private static let schemes = InterfaceSettings.Scheme.allCases

    static let profile = ExactCase(
        "static-profile", "A profile relaxes to xi = (1 - tanh(n/2l))/2 with gamma = sqrt(2 kappa W)/6",
        source: "Allen-Cahn equation"
    ) { _, _ in
        ValidationResult(try schemes.flatMap { scheme -> [Check] in
            let (distance, energy) = try FreeInterface.settledProfile(scheme)
            return [.atMost("largest distance from the tanh, \(scheme)", 1e-3, got: distance),
                    .relative("surface energy over sqrt(2 kappa W)/6, \(scheme)", expected: 1, got: 1 + energy, tolerance: 1e-3)]
        })
    }

    static let circle = ExactCase("circle", "Radius of a circle: R^2 falls at 2 M l, or stays when the curvature is compensated",
                                  source: "mean curvature flow; Sun and Beckermann, J. Comput. Phys. 220, 626 (2007)") { _, _ in
        ValidationResult(try schemes.flatMap { scheme -> [Check] in
            [.relative("d(R^2)/dt over 2 M l, \(scheme)", expected: -1,
                       got: try FreeInterface.rate(scheme, .allenCahn, dx: 0.5, from: 17, to: 11, solid: false), tolerance: 0.01),
             .absolute("the same, compensated, \(scheme)", expected: 0,
                       got: try FreeInterface.rate(scheme, .physical, dx: 0.5, from: 14, to: 10, solid: false), tolerance: 0.01)]
        })
    }

    static let sphere = ExactCase(
        "sphere", "Radius of a sphere: R^2 falls at 4 M l, or stays when the curvature is compensated",
        source: circle.source
    ) { extent, _ in
        let dx = extent == .full ? 0.5 : 0.625
        return ValidationResult(try schemes.flatMap { scheme -> [Check] in
            [.relative("d(R^2)/dt over 2 M l, \(scheme)", expected: -2,
                       got: try FreeInterface.rate(scheme, .allenCahn, dx: dx, from: 13, to: 10, solid: true), tolerance: 0.01),
             .absolute("the same, compensated, \(scheme)", expected: 0,
                       got: try FreeInterface.rate(scheme, .physical, dx: dx, from: 12, to: 10, solid: true), tolerance: 0.02)]
        })
    }

    static let nernst = ExactCase(
        "nernst", "Potential of the metal without current, phi_l fixed: 59.16 mV per decade of c at 298.15 K",
        source: "Nernst equation"
    ) { _, _ in
        ValidationResult(try schemes.flatMap { scheme in
            try [0.1, 0.5, 10].map { share -> Check in
                let volts = try RestPotential.volts(share, transference: 0.5) { $0.interface.scheme = scheme }
                return .absolute("phi_s in V at c/c0 = \(share), \(scheme)", expected: decade * log10(share), got: volts, tolerance: 0.2e-3)
            }
        })
    }

    static let concentrationCell = ExactCase(
        "concentration-cell", "Concentration cell without current: 2 (1 - t+) 59.16 mV per decade, in both potentials",
        source: "binary electrolyte, Newman and Thomas-Alyea, Electrochemical Systems, 3rd ed. (2004)"
    ) { _, _ in
        ValidationResult(try [0.5, 0.4].flatMap { t in
            try Electrolyte.Potential.allCases.map { potential -> Check in
                let volts = try RestPotential.volts(0.1, transference: t) { $0.electrolyte.potential = potential }
                return .absolute("phi_s in V at t+ = \(t), \(potential) potential", expected: -2 * (1 - t) * decade, got: volts,
                                 tolerance: 0.3e-3)
            }
        })
    }

    static let planarFront = ExactCase(
        "planar-front", "Speed of a planar reaction-limited front: i_n V_m/(zF)",
        source: "Butler-Volmer kinetics and Faraday's law"
    ) { _, _ in
        var checks: [Check] = []
        for scheme in schemes {
            for (dx, tolerance) in [(1.0, 0.01), (0.5, 0.0035)] {
                for ratio in [0.5, 1, 5] where scheme == .standard || ratio >= 0.7 || dx == 1 {
                    checks.append(.relative("v/v_n at dx = \(dx) l, M = \(ratio) v, \(scheme)", expected: 1,
                                            got: 1 + (try PlanarFront.error(scheme, dx: dx, ratio: ratio)), tolerance: tolerance))
                }
            }
            checks.append(.relative("v/v_n at dx = 0.5 l without the ramp, \(scheme)", expected: 1,
                                    got: 1 + (try PlanarFront.error(scheme, dx: 0.5, ratio: 1, ramp: 0)), tolerance: 5e-4))
        }
        return ValidationResult(checks)
    }

    static let faradayClosure = ExactCase(
        "balances", "Metal grown, charge passed and salt moved by a perturbed surface at a strong current",
        source: "Faraday's law, conservation of salt"
    ) { _, _ in
        var checks: [Check] = []
        for counter in [CounterElectrode.Kind.reservoir, .lithium] {
            let e = try Balances.errors(Balances.busy(counter, .galvanostatic), steps: 40, Double.self)
            checks += [.atMost("deposition against the current through y = L, \(counter)", 1e-8, got: e.faraday),
                       .atMost("metal grown against the charge passed, \(counter)", 1e-8, got: e.charge),
                       .atMost("salt inventory, \(counter)", 1e-10, got: e.salt)]
        }
        let single = try Balances.errors(Balances.busy(.reservoir, .galvanostatic), steps: 40, Float.self)
        checks.append(.atMost("salt inventory, single precision", 1e-5, got: single.salt))
        return ValidationResult(checks)
    }

    static let capacity = ExactCase("capacity", "Deposited thickness: 4.850 um per mAh/cm^2 of lithium", source: "Faraday's law") { _, _ in
        ValidationResult(try schemes.map { scheme in
            .relative("m per mAh/cm^2, \(scheme)", expected: 4.850e-6, got: try Balances.capacity(scheme).thickness, tolerance: 1e-3)
        })
    }

    static let sand = ExactCase(
        "sand", "Sand's time at c0 = 10 mol/m^3",
        source: "Sand, Philos. Mag. 1, 45 (1901)", isFast: false
    ) { _, _ in
        let coarse = try TransportLimits.sand(half: 0.2e-6), fine = try TransportLimits.sand(half: 0.1e-6)
        let error = (coarse.got / coarse.expected - 1, fine.got / fine.expected - 1)
        return ValidationResult([.relative("transition time in s, l = 0.1 um", expected: fine.expected, got: fine.got, tolerance: 0.01),
                                 .relative("order in l", expected: 1, got: log2(error.0 / error.1), tolerance: 0.2)])
    }

    static let sandMolar = ExactCase("sand-molar", "Transition time at 1 mol/L, where the moving front sweeps up salt",
                                     source: "sharp planar problem D c_n = v ((1-t+)/V_m - c), solved beside it", isFast: false) { _, _ in
        let (got, expected) = try TransportLimits.sandMolar()
        return ValidationResult([.relative("the sharp problem in s", expected: 236.2, got: expected, tolerance: 1e-3),
                                 .relative("transition time in s", expected: expected, got: got, tolerance: 0.01)])
    }

    static let limitingCurrent = ExactCase(
        "limiting-current", "Current between lithium electrodes near the limit at c0 = 10 mol/m^3: 2 zF D c0 (1 - c_s)/((1 - t+) g)",
        source: "steady diffusion of a binary electrolyte"
    ) { _, _ in
        ValidationResult(try schemes.map { scheme in
            let (got, expected, _) = try TransportLimits.limitingCurrent(scheme)
            return .relative("A/m^2, \(scheme)", expected: expected, got: got, tolerance: 0.005)
        })
    }

    static let depletion = ExactCase(
        "depletion", "Depletion at 1 mol/L near the limit, moving fronts on both sides",
        source: sandMolar.source
    ) { _, _ in
        let (got, expected) = try TransportLimits.depletion()
        return ValidationResult([.relative("c0 - c_s in mol/m^3", expected: 1000 - expected, got: 1000 - got, tolerance: 0.005)])
    }

    static let conduction = ExactCase(
        "conduction", "Laminates up to a contrast of 1e7, in series and in parallel",
        source: "series and parallel averages"
    ) { _, _ in
        ValidationResult(try [10.0, 1e4, 1e7].flatMap { contrast -> [Check] in
            [.atMost("series, contrast \(contrast)", 1e-8, got: try ConductionProblems.series(axis: 1, contrast: contrast)),
             .atMost("parallel, contrast \(contrast)", 1e-8,
                     got: abs(try ConductionProblems.parallel(axis: 1, contrast: contrast).current))]
        })
    }

    static let checkerboard = ExactCase(
        "checkerboard", "Conductivity of a checkerboard of contrast 10: the geometric mean",
        source: "Keller, J. Math. Phys. 5, 548 (1964)"
    ) { _, _ in
        let e = try ConductionProblems.checkerboard()
        return ValidationResult([.relative("extrapolated in dx, over sqrt(s1 s2)", expected: 1, got: 1 + e.extrapolated, tolerance: 0.01)])
    }

    static let elasticity = ExactCase(
        "elasticity", "Elastic laminates, circular inclusions, the stress-voltage slope of lithium",
        source: "composite cylinder; Larche and Cahn (1973)"
    ) { _, _ in
        var checks: [Check] = []
        for contrast in [10, 1e4] {
            let (strain, stress) = try ElasticProblems.series(contrast: contrast)
            checks += [.atMost("layers under a platen, contrast \(contrast)", 1e-8, got: max(abs(strain), stress)),
                       .atMost("layers along the load, contrast \(contrast)", 1e-8, got: try ElasticProblems.parallel(contrast: contrast))]
        }
        for contrast in [0.1, 1, 10] {
            let coarse = try ElasticProblems.inclusionError(64, contrast: contrast)
            let fine = try ElasticProblems.inclusionError(128, contrast: contrast)
            checks.append(.relative("pressure in an inclusion of contrast \(contrast), extrapolated, over the exact one", expected: 1,
                                    got: 1 + 2 * fine - coarse, tolerance: 0.01))
            if contrast > 1 { checks.append(.absolute("order in l of the stiff inclusion", expected: 1, got: log2(coarse / fine),
                                                      tolerance: 0.2)) }
        }
        checks.append(.relative("V per Pa", expected: 0.1347e-9, got: try ElasticProblems.stressVoltage(), tolerance: 1e-3))
        return ValidationResult(checks)
    }

    static let flow = ExactCase(
        "flow", "Stokes-Brinkman: open channel, closed channel, array of cylinders",
        source: "Sangani and Acrivos, Int. J. Multiphase Flow 8, 193 (1982)"
    ) { _, _ in
        let (errors, middle) = try FlowProblems.poiseuille(axis: 0)
        return ValidationResult([
            .relative("velocity in the middle of an open channel, f H^2/8 mu", expected: 0.125, got: middle, tolerance: 0.01),
            .absolute("order in h", expected: 2, got: log2(errors[1] / errors[2]), tolerance: 0.05),
            .atMost("velocity under a uniform force in a closed channel", 1e-12, got: try FlowProblems.uniformForce()),
            .relative("drag of cylinders over 51.53 mu U, R = 16 cells", expected: 1, got: 1 + (try FlowProblems.cylinders(n: 64)),
                      tolerance: 0.03),
            .relative("drag of cylinders over 51.53 mu U, R = 32 cells", expected: 1, got: 1 + (try FlowProblems.cylinders(n: 128)),
                      tolerance: 0.006),
        ])
    }

    static let magnetism = ExactCase(
        "magnetism", "Stray field of a uniform film (none outside) and of stripe domains, exp(-ky)",
        source: "magnetostatics of a plate"
    ) { _, _ in
        ValidationResult([
            .atMost("field of a uniform film, along the plane", 1e-12,
                    got: try MagneticProblems.uniform(Grid(nx: 32, ny: 24, spacing: 1), axis: 0)),
            .atMost("field of a uniform film, across it", 1e-12,
                    got: try MagneticProblems.uniform(Grid(nx: 16, ny: 20, nz: 12, spacing: 1), axis: 1)),
            .atMost("stripe domains, layer averages per amplitude", 1e-10, got: try MagneticProblems.stripes(n: 64, nz: 1)),
        ])
    }

    static let roughness = ExactCase(
        "roughness", "Roughness of a sine, Hurst exponents of synthetic self-affine surfaces",
        source: "ISO 25178-2; Voss (1985)"
    ) { _, _ in
        let amplitude = 2e-7, n = 1000
        let sine = Roughness(HeightMap(nx: n, dx: 1e-8,
                                       heights: (0..<n).map { amplitude * cos(2 * .pi * 3 * (Double($0) + 0.5) / Double(n)) }))
        var checks: [Check] = [
            .relative("Sa over A", expected: 2 / .pi, got: sine.arithmeticMean / amplitude, tolerance: 0.005),
            .relative("Sq over A", expected: 0.5.squareRoot(), got: sine.rootMeanSquare / amplitude, tolerance: 0.005),
            .absolute("Ssk", expected: 0, got: sine.skewness, tolerance: 0.005),
            .relative("Sku", expected: 1.5, got: sine.kurtosis, tolerance: 0.005),
        ]
        for hurst in [0.3, 0.5, 0.8] {
            let seeds = (11..<27).map { UInt64($0) }
            let found = try seeds.map { seed in
                try SurfaceSpectrum(SelfAffineSurface.midpointProfile(hurst: hurst, levels: 13, seed: seed)).hurst()?.exponent ?? .nan
            }
            checks.append(.absolute("Hurst exponent, mean of 16 profiles", expected: hurst, got: found.reduce(0, +) / Double(found.count),
                                    tolerance: 0.05))
        }
        return ValidationResult(checks)
    }
}
