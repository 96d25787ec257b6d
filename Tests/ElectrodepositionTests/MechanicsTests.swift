import Electrodeposition
import Glibc
import Grids
import Parameters
import Spectral
import Testing

/// Volts per pascal: V_m/F of lithium, 0.1347 mV/MPa.
let voltsPerPascal = molarVolume / faraday

@Suite("Mechanics in the cell")
struct MechanicsTests {
    static func cell(_ x: Double = 16, _ y: Double = 40, _ z: Double? = nil, _ change: (inout SimulationSettings, inout MechanicsSettings) -> Void)
        -> SimulationSettings
    {
        box(x, y, z) {
            var m = MechanicsSettings()
            m.electrolyte.state = .solid
            m.electrolyte.youngModulus = 20e9
            m.tolerance = 1e-8
            $0.control.currentDensity = 100
            change(&$0, &m)
            $0.mechanics = m
        }
    }

    /// AZCNF on lithium: 28 nm, 6.39 GPa.
    static func film(thickness: Double = 28e-9, youngModulus: Double = 6.39e9, strain: Double) -> FilmElasticity {
        var film = FilmElasticity()
        (film.thickness, film.youngModulus, film.poissonRatio, film.strain) = (thickness, youngModulus, 0.3, strain)
        return film
    }

    static func coating(_ thickness: Double, _ youngModulus: Double) -> ResolvedCoating {
        var coating = ResolvedCoating()
        (coating.thickness, coating.youngModulus, coating.poissonRatio) = (thickness, youngModulus, 0.3)
        return coating
    }

    @Test("0.1347 mV per MPa: a stack pressure shifts the cell's voltage by V_m sigma_h/F")
    func slope() throws {
        #expect(abs(voltsPerPascal * 1e6 / 0.1347e-3 - 1) < 5e-4)
        var voltages: [Double] = [], stress: [Double] = []
        for pressure in [0, 10e6] {
            let sim = try start(Self.cell(4, 30) { s, m in
                m.growthStrain = SIMD3()
                m.ends = .platen
                m.stackPressure = pressure
                s.time.passTolerance = 1e-9
                s.time.fixedStep = 0.01
            })
            for _ in 0..<3 { try sim.step(until: .greatestFiniteMagnitude) }
            voltages.append(sim.metalPotential)
            // The metal under the surface, uniaxial: sigma_h = -p (1 + nu)/(3 (1 - nu)).
            stress.append(Double(sim.hydrostaticStress![1, 3]))
        }
        let nu = 0.36
        #expect(abs(stress[1] / (-10e6 * (1 + nu) / (3 * (1 - nu))) - 1) < 1e-6)
        // Compression makes eta_mech > 0, which phi_s has to make up for: phi_s falls by it.
        let shift = (voltages[1] - voltages[0]) / (voltsPerPascal * stress[1])
        #expect(abs(shift - 1) < 5e-3, "\(shift)")
    }

    @Test("the platen's pressure is reproduced to 1e-6; a rigid shift along x changes nothing", arguments: [nil, 8.0])
    func platen(depth: Double?) throws {
        let s = Self.cell(16, 32, depth) { s, m in
            m.ends = .platen
            m.stackPressure = 5e6
            s.initial.amplitude = l
        }
        let sim = try start(s), other = try start(s)
        let grid = sim.grid
        // The mean of sigma_yy over any plane is -p; here by pressure and von Mises cannot show it, so by the balance of the shifted cell.
        sim.place(metal: { x, y, _ in 0.5 * (1 - tanh((y - 10 * l - l * cos(2 * .pi * x / (16 * l))) / (2 * l))) })
        other.place(metal: { x, y, _ in 0.5 * (1 - tanh((y - 10 * l - l * cos(2 * .pi * (x / (16 * l) - 0.25))) / (2 * l))) })
        let a = sim.hydrostaticStress!, b = other.hydrostaticStress!
        var worst = 0.0, size = 0.0
        for k in 0..<grid.nz { for j in 0..<grid.ny { for i in 0..<grid.nx {
            worst = max(worst, abs(a[i, j, k] - b[(i + grid.nx / 4) % grid.nx, j, k]))
            size = max(size, abs(a[i, j, k]))
        } } }
        #expect(worst < 1e-6 * size, "\(worst / size)")
        // Twice the pressure and no growth strain: twice the stress, the growth strain's part apart.
        var t = s
        t.mechanics!.growthStrain = SIMD3()
        let flat = try start(t)
        flat.place(metal: { _, _, _ in 0 })
        let nu = t.mechanics!.electrolyte.poissonRatio, expected = -5e6 * (1 + nu) / (3 * (1 - nu))
        #expect(abs(flat.hydrostaticStress![2, 5] / expected - 1) < 1e-6)
    }

    @Test("a plane cell is a solid one without changes along z")
    func extruded() throws {
        func settings(_ z: Double?) -> SimulationSettings { Self.cell(12, 30, z) { s, _ in s.initial.amplitude = l } }
        let plane = try start(settings(nil)), solid = try start(settings(8))
        for _ in 0..<3 {
            try plane.step(until: 2)
            try solid.step(until: 2)
        }
        let a = plane.hydrostaticStress!, b = solid.hydrostaticStress!
        for j in 0..<plane.grid.ny { for i in 0..<plane.grid.nx { #expect(abs(a[i, j] - b[i, j, 3]) < 1e-4 * 100e6) } }
        #expect(abs(plane.couplings.mechanicalOverpotential!.high - solid.couplings.mechanicalOverpotential!.high) < 1e-6)
    }

    @Test("plastic metal: no stress far beyond yield")
    func yields() throws {
        let s = Self.cell(16, 40) { s, m in
            m.metal.yieldStress = 20e6
            m.growthStrain = SIMD3(0.01, 0.01, 0.01)
            m.tolerance = 1e-4
            s.initial.amplitude = 2 * l
        }
        var elastic = s
        elastic.mechanics!.metal.yieldStress = nil
        let plastic = try start(s), without = try start(elastic)
        for _ in 0..<3 { try plastic.step(until: 100) }
        func most(_ sim: Simulation<Double>) -> Double {
            var most = 0.0
            for j in 1..<sim.grid.ny { for i in 0..<sim.grid.nx where sim.phase[i, j] > 0.99 { most = max(most, sim.misesStress![i, j]) } }
            return most
        }
        #expect(most(without) > 60e6)
        #expect(most(plastic) < 21e6, "\(most(plastic))")
    }

    /// Jump of f_el - s_yy e_yy across a flat front moves it by v = -M l [.]/gamma when nothing else does.
    @Test("variational coupling moves a flat front by M l/gamma times the jump of the elastic potential")
    func variational() throws {
        let mobility = 1e-9, gamma = 0.5, strain = 0.002
        let s = box(4, 60, dx: 0.5) {
            $0.kinetics.model = .none
            $0.interface.mobility = mobility
            $0.interface.surfaceEnergy = gamma
            $0.initial.thickness = 30 * l
            $0.time.fixedStep = 100
            var m = MechanicsSettings()
            (m.kinetic, m.variational) = (false, true)
            m.growthStrain = SIMD3(0, strain, 0)
            m.electrolyte.state = .solid
            m.electrolyte.youngModulus = 5e9
            m.tolerance = 1e-8
            $0.mechanics = m
        }
        let sim = try start(s), m = s.mechanics!
        func moduli(_ e: Double, _ nu: Double) -> Double { e * (1 - nu) / ((1 + nu) * (1 - 2 * nu)) }
        let m1 = moduli(m.metal.youngModulus, m.metal.poissonRatio), m2 = moduli(m.electrolyte.youngModulus, m.electrolyte.poissonRatio)
        // M1 (e1 - e*) = M2 e2 = s; H1 e1 + H2 e2 = 0 with the metal's share of the height.
        func potentialJump() -> Double {
            let h1 = sim.metalThickness / (60 * l), h2 = 1 - h1
            let sigma = -h1 * strain / (h1 / m1 + h2 / m2)
            return -0.5 * sigma * sigma * (1 / m1 - 1 / m2) - sigma * strain
        }
        let jump = potentialJump(), expected = -mobility * l / gamma * jump
        let begin = sim.metalThickness
        var theory = 0.0
        while sim.time < 0.6 * l / abs(expected) {
            let before = sim.time, now = -mobility * l / gamma * potentialJump()
            try sim.step(until: .greatestFiniteMagnitude)
            theory += now * (sim.time - before)
        }
        #expect(abs((sim.metalThickness - begin) / theory - 1) < 0.03, "\(sim.metalThickness - begin) \(theory)")
    }

    @Test("a film's pressure on a cylinder is sigma d K", arguments: [false, true])
    func film(isSolid: Bool) throws {
        let radius = 24 * l
        let s = box(96, 90, isSolid ? 8 : nil) {
            var m = MechanicsSettings()
            m.kinetic = false
            m.growthStrain = SIMD3()
            m.film = Self.film(strain: 0.02)
            $0.mechanics = m
            $0.initial.thickness = 10 * l
        }
        let sim = try start(s)
        sim.place(metal: { x, y, _ in 0.5 * (1 - tanh((hypot(x - 48 * l, y - 45 * l) - radius) / (2 * l))) })
        let e = 6.39e9, nu = 0.3, sigma = isSolid ? e * 0.02 / (1 - nu) : e * 0.02 / (1 - nu * nu)
        let i = 72, j = 45, x = (Double(i) + 0.5) * l - 48 * l, y = (Double(j) + 0.5) * l - 45 * l
        let expected = voltsPerPascal * sigma * 28e-9 / hypot(x, y)
        let got = sim.addedOverpotential![i, j, isSolid ? 3 : 0]
        #expect(abs(got / expected - 1) < 0.01, "\(got) \(expected)")
    }

    /// Bending on a wave of amplitude a: -B lap K with K = a k^2 cos, so + B a k^4 cos on its crest.
    @Test("a film's bending on a wave is B a k^4")
    func bending() throws {
        let wavelength = 64.0, amplitude = 0.4
        let s = box(wavelength, 60, dx: 0.5) {
            var m = MechanicsSettings()
            m.kinetic = false
            m.growthStrain = SIMD3()
            m.film = Self.film(thickness: 1e-6, youngModulus: 100e9, strain: 0)
            $0.mechanics = m
            $0.initial.amplitude = amplitude * l
            $0.initial.thickness = 30 * l
        }
        let sim = try start(s)
        let b = 100e9 * pow(1e-6, 3) / (12 * (1 - 0.3 * 0.3)), k = 2 * Double.pi / (wavelength * l)
        let expected = voltsPerPascal * b * amplitude * l * pow(k, 4) * cos(k * 0.25 * l)
        let got = sim.addedOverpotential![0, 60]
        #expect(abs(got / expected - 1) < 0.05, "\(got) \(expected)")
    }

    @Test("eta_mech goes on between solves: its jumps cost no second passes")
    func extrapolation() throws {
        var s = SimulationSettings()
        s.grid.spacing = 0.2e-6
        s.grid.size = Array(repeating: 32 * s.grid.spacing, count: 3)
        s.heterogeneity.variation = 0.3
        s.control.currentDensity = 10
        s.mechanics = MechanicsSettings()
        s.mechanics!.electrolyte.bulkModulus = 3e9
        s.mechanics!.electrolyte.shearRatio = 0.1
        let sim = try start(s)
        for _ in 0..<40 { try sim.step(until: 1e9) }
        let before = sim.passes
        for _ in 0..<20 { try sim.step(until: 1e9) }
        #expect(sim.passes - before <= 22, "\(sim.passes - before) passes in 20 steps; 34 when it is held")
    }

    @Test("what mechanics.coating and mechanics.film do not say is the coating's; what they say wins")
    func coatingCard() throws {
        func layers(_ mechanics: String) throws -> (ElasticLayer?, ElasticLayer?) {
            let card = "coating: { name: \"card\", thickness: \"300 nm\", youngModulus: \"22.19 GPa\", poissonRatio: 0.25 }"
            let s = try SimulationSettings.decode(
                JSON5(parsing: "{ end: { time: \"1 s\" }, \(card), mechanics: \(mechanics) }", source: "input.json5")
            ).settings
            return (s.elasticCoating, s.elasticFilm)
        }
        let (coating, film) = try layers("{ coating: {}, film: { thickness: \"28 nm\", poissonRatio: 0.4 } }")
        #expect(coating?.thickness == 300e-9 && coating?.youngModulus == 22.19e9 && coating?.poissonRatio == 0.25)
        #expect(film?.thickness == 28e-9 && film?.youngModulus == 22.19e9 && film?.poissonRatio == 0.4)
        #expect(try layers("{ film: {} }").0 == nil)
    }

    @Test("what cannot be is refused with the reason", arguments: [
            ("variational", "twice"), ("poisson", "1/2 and above"), ("negative", "must be above 0"), ("pressure", "needs ends platen"),
            ("coating", "4 interface half-widths"),
            ("no coating", "names no coating"), ("no modulus", "W-Cu has none"), ("no thickness", "651 has none"), ("film", "needs a thickness"),
            ("flow", "nothing that drives it"), ("solid", "needs a liquid"),
    ])
    func refused(_ what: String, _ reason: String) {
        let mechanics = ["variational": "{ variational: true }", "poisson": "{ metal: { poissonRatio: 0.5 } }", "negative": "{ metal: { youngModulus: -5e9 } }",
                         "pressure": "{ stackPressure: \"1 MPa\" }", "coating": "{ coating: { thickness: \"3 um\", youngModulus: 1e10 } }",
                         "no coating": "{ coating: {} }", "no modulus": "{ film: {} }", "no thickness": "{ coating: {} }"][what]
        let coating = ["no modulus": "{ name: \"W-Cu\", thickness: \"260 nm\" }", "no thickness": "{ name: \"651\", youngModulus: \"22 GPa\" }"][what]
        let magnetics = ["film": "{ film: { magnetisation: [0, 1e5, 0] } }", "solid": "{ appliedField: [0, 0, 1] }"][what]
        let flow = ["flow": "{}", "solid": "{}"][what], kind = what == "solid" ? "singleIon" : "liquid"
        let groups = [("coating", coating), ("mechanics", mechanics), ("magnetics", magnetics), ("flow", flow)].compactMap { name, text in
            text.map { "\(name): \($0)," }
        }
        let text = "{ electrolyte: { kind: \"\(kind)\" }, end: { time: \"1 s\" }, \(groups.joined(separator: " ")) }"
        #expect(refusal(text).contains(reason), "\(refusal(text))")
    }
}

/// What the settings of an input are refused with; empty when they are accepted.
func refusal(_ text: String) -> String {
    do throws(Diagnostics) {
        _ = try SimulationSettings.decode(JSON5(parsing: text, source: "input.json5"))
        return ""
    } catch {
        return "\(error)"
    }
}
