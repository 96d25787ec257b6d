internal import Electrodeposition
import Glibc
internal import Grids
internal import StandardProblems

/// The `sharp` scheme with cells of two half-widths against itself with cells of one: a study of each kind of term, same physics, same half-width.
///
/// It holds (3 %) where the structure along the surface is ten half-widths or more, five of the coarse cells. With a film or an exchange current
/// that varies over five half-widths the roughness of half an hour's growth is 4 % (in the plane) to 9 % (in space) off. Stress wants cells of 1.5
/// (3.4 % at 2), a contact angle of 30 degrees cells of one (2.3 degrees at 2). The settings warn of all three.
package struct CoarseGrid: Sendable {
    let name: String
    /// The cell at a spacing in half-widths, and when it ends, s.
    let settings: @Sendable (Double) -> SimulationSettings, end: Double
    /// The coarse cell in half-widths.
    var spacing = 2.0
    var place: (@Sendable (Simulation<Double>) -> Void)?
    /// What is compared, with its unit in the name.
    var answers: @Sendable (Simulation<Double>) -> [(String, Double)] = { [("roughness in m", $0.roughness), ("phi_s in V", $0.metalPotential)] }

    private static func cell(_ x: Double, _ y: Double, _ z: Double? = nil, dx: Double,
                             _ change: (inout SimulationSettings) -> Void) -> SimulationSettings {
        box(x, y, z, dx: dx) {
            $0.interface.scheme = .sharp
            $0.interface.mobilityRatio = 1.5
            $0.heterogeneity.correlationLength = 10 * l
            $0.initial.thickness = 12 * l
            change(&$0)
        }
    }

    static let studies: [CoarseGrid] = [
        CoarseGrid(name: "exchange current that varies", settings: { cell(192, 96, dx: $0) { $0.heterogeneity.variation = 0.3 } }, end: 1800),
        CoarseGrid(name: "film", settings: { cell(192, 96, dx: $0) { $0.interphase.native = FilmOnMetal.native(49e-4, variation: 0.4, length: 10 * l) } },
                   end: 1500),
        CoarseGrid(name: "stress of a solid electrolyte", settings: { dx in
            cell(72, 72, dx: dx) {
                var m = MechanicsSettings()
                m.growthStrain = SIMD3(0.01, 0.01, 0.01)
                m.ends = .platen
                m.electrolyte.state = .solid
                m.electrolyte.youngModulus = 1e9
                $0.mechanics = m
                $0.initial.thickness = 24 * l
                $0.initial.amplitude = l
            }
        }, end: 1200, spacing: 1.5),
        CoarseGrid(name: "flow in a magnetic field", settings: { dx in
            cell(192, 192, dx: dx) {
                var film = MagneticFilm(), magnetics = MagneticsSettings()
                (film.thickness, film.pattern, film.period) = (28e-9, .stripes, 48 * l)
                (magnetics.film, magnetics.appliedField) = (film, SIMD3(1, 0, 0))
                ($0.magnetics, $0.flow) = (magnetics, FlowSettings())
                $0.heterogeneity.variation = 0.3
                $0.control.currentDensity = 100
            }
        }, end: 200, answers: { [("roughness in m", $0.roughness), ("largest speed in m/s", $0.couplings.speed ?? 0)] }),
        CoarseGrid(name: "anisotropic capillarity", settings: { dx in
            var s = FreeInterface.still(56, 28, dx: dx, .sharp, .allenCahn)
            s.interface.anisotropy.strength = 0.03
            return s
        }, end: 16 * l / FreeInterface.mobility, place: { disc($0, 20) }, answers: { sim in
            [("metal in m", sim.metalThickness), ("height of the crest in m", sim.heights.max() ?? 0)]
        }),
        CoarseGrid(name: "merging discs", settings: { cell(96, 64, dx: $0) { _ in } }, end: 1500, place: { sim in
            sim.place(metal: { x, y, _ in
                let first = hypot(x - 32 * l, y - 8 * l), second = hypot(x - 64 * l, y - 8 * l)
                return 0.5 * (1 - tanh(min(y - 8 * l, first - 10 * l, second - 10 * l) / (2 * l)))
            })
        }),
        CoarseGrid(name: "stripping", settings: { dx in
            cell(128, 64, dx: dx) {
                $0.initial.thickness = 30 * l
                $0.initial.amplitude = 4 * l
                $0.control.currentDensity = -10
            }
        }, end: 1200),
        CoarseGrid(name: "3D, exchange current that varies", settings: { cell(96, 48, 96, dx: $0) { $0.heterogeneity.variation = 0.3 } }, end: 1800),
        CoarseGrid(name: "3D, film", settings: { dx in
            cell(96, 48, 96, dx: dx) { $0.interphase.native = FilmOnMetal.native(49e-4, variation: 0.4, length: 10 * l) }
        }, end: 1500),
    ]

    @Sendable private static func disc(_ sim: Simulation<Double>, _ radius: Double) {
        let middle = 0.5 * Double(sim.grid.nx) * sim.grid.spacing
        sim.place(metal: { x, y, _ in 0.5 * (1 - tanh((hypot(x - middle, y) - radius * l) / (2 * l))) })
    }

    /// The answers at a spacing, and the seconds they took.
    private func run(dx: Double) throws -> (answers: [(String, Double)], seconds: Double) {
        let sim = try start(settings(dx))
        place?(sim)
        let watch = Stopwatch()
        try sim.run(until: end)
        return (answers(sim), watch.threadSeconds)
    }

    static let asCase = ExactCase("coarse-grid", "The sharp scheme with cells of two half-widths, over the same with cells of one",
                                  source: "Finel et al., Phys. Rev. Lett. 121, 025501 (2018)", isFast: false) { _, _ in
        ValidationResult(try studies.flatMap { study -> [Check] in
            let fine = try study.run(dx: 1), coarse = try study.run(dx: study.spacing)
            var checks = zip(fine.answers, coarse.answers).map {
                Check.relative("\(study.name), \(study.spacing) l: \($0.0)", expected: $0.1, got: $1.1, tolerance: 0.03)
            }
            if study.settings(1).grid.size.count == 3 {
                checks.append(.atMost("\(study.name): time over that of the fine cells", 1.0 / 6, got: coarse.seconds / fine.seconds))
            }
            return checks
        } + [60.0, 90, 120].map { degrees in
            .absolute("contact angle in degrees", expected: try ContactAngle.settle(degrees, .sharp).angle,
                      got: try ContactAngle.settle(degrees, .sharp, dx: 2).angle, tolerance: 2)
        })
    }
}
