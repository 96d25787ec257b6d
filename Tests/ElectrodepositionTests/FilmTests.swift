import Electrodeposition
import Glibc
import Grids
import Spectral
import Testing
import Validation

/// The film on the metal in the whole engine.
@Suite("Film")
struct FilmTests {
    /// A native film that varies, with feedback and corrosion.
    @Sendable static func film(_ s: inout SimulationSettings) {
        var native = NativeFilm()
        native.resistance = 5e-4
        native.corrosionCurrentDensity = 40
        s.interphase.native = native
        var feedback = ThicknessFeedbackSettings()
        feedback.smoothingLength = 4 * l
        feedback.relaxationTime = 5
        s.interphase.feedback = feedback
    }

    /// A coating with holes, that breaks and that has a transport limit, on a native film.
    @Sendable static func coating(_ s: inout SimulationSettings) {
        film(&s)
        var c = CoatingSettings()
        c.thickness = 28e-9
        c.coverageThickness = 20e-9
        c.resistance = 3.4e-4
        c.resistanceVariation = 0.2
        c.siteFactor = 1.824
        c.corrosionCurrentDensity = 30
        c.failureStrain = 0.05
        // i_max = 460 A/m^2: below the largest local current.
        c.diffusivity = [460 * 28e-9 / faraday / 1e4]
        c.maximumConcentration = 1e4
        s.coating = c
    }

    @Test("on a plane the film takes i r", arguments: InterfaceSettings.Scheme.allCases)
    func drop(_ scheme: InterfaceSettings.Scheme) throws {
        /// phi_s, and the current density where the profile is, which is the mean one as far as the front keeps its speed.
        func state(_ resistance: Double?) throws -> (potential: Double, local: Double) {
            let sim = try start(FilmOnMetal.bare(4, 24, dx: 0.5, current: 10) {
                $0.interface.scheme = scheme
                if let resistance { $0.interphase.native = FilmOnMetal.native(resistance) }
            })
            try sim.run(until: 3 * l * faraday / (10 * molarVolume))
            #expect(abs(sim.currentDensity / 10 - 1) < 1e-6)
            return (sim.metalPotential, sim.frontSpeed * faraday / molarVolume)
        }
        let without = try state(nil)
        for r in [49e-4, 3.4e-3, 1e-4] {
            let with = try state(r), drop = without.potential - with.potential
            #expect(abs(drop / (with.local * r) - 1) < 1e-6, "\(drop) V, i r = \(with.local * r) V")
            #expect(abs(with.local / 10 - 1) < 5e-3, "\(with.local) A/m^2 at the front")
        }
    }

    @Test("and i r of the mean current, where ramp and steps cost the front no speed", arguments: InterfaceSettings.Scheme.allCases)
    func meanDrop(_ scheme: InterfaceSettings.Scheme) throws {
        func potential(_ resistance: Double?) throws -> Double {
            let sim = try start(FilmOnMetal.bare(4, 24, dx: 0.5, current: 10) {
                $0.interface.scheme = scheme
                $0.interface.ramp = 0.001
                $0.time.frontStep = 0.05
                if let resistance { $0.interphase.native = FilmOnMetal.native(resistance) }
            })
            try sim.run(until: 3 * l * faraday / (10 * molarVolume))
            return sim.metalPotential
        }
        let r = 49e-4, drop = try potential(nil) - potential(r)
        #expect(abs(drop / (10 * r) - 1) < 1e-3, "\(drop) V")
    }

    @Test("a mode under a film that thins by stretch grows as cosh(v k sqrt(w G) t), or slower as the film grows back", arguments: [nil, 600.0])
    func feedback(_ relaxation: Double?) throws {
        let (ratio, theory) = try FilmOnMetal.feedback(relaxation)
        #expect(theory > 1.2)
        #expect(abs(ratio / theory - 1) < 0.01, "\(ratio), theory \(theory)")
    }

    /// Root mean square of the heights after plating 2.425 um at 1 mA/cm^2 on 38.4 um, m.
    static func roughness(_ seed: Int, variation: Double, halfWidth: Double) throws -> Double {
        var s = SimulationSettings()
        s.grid.spacing = halfWidth
        s.grid.size = [38.4e-6, 9.6e-6]
        s.interface.halfWidth = halfWidth
        s.interface.surfaceEnergy = 0
        s.initial.thickness = 2e-6
        s.interphase.native = FilmOnMetal.native(49e-4, variation: variation)
        s.interphase.seed = seed
        s.control.currentDensity = 10
        let sim = try start(s)
        try sim.run(until: 1800)
        return sim.roughness
    }

    /// w CV h with the spread that the map of this seed has on this box.
    static func linearRoughness(_ seed: Int, variation: Double) throws -> Double {
        let map = try RandomMap(.logNormal, mean: 1, coefficientOfVariation: variation, correlationLength: 1e-6, periodX: 38.4e-6, seed: UInt64(seed),
                                purpose: "native film").values(nx: 768)
        let mean = map.reduce(0, +) / Double(map.count), square = map.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(map.count)
        return FilmOnMetal.share(49e-4, current: 10, exchange: 30) * square.squareRoot() / mean * 1800 * 10 * molarVolume / faraday
    }

    @Test("a film that varies a little roughens the surface by w CV h")
    func linearRoughening() throws {
        for seed in 1...2 {
            let ratio = try Self.roughness(seed, variation: 0.02, halfWidth: 0.2e-6) / Self.linearRoughness(seed, variation: 0.02)
            #expect(abs(ratio - 1) < 0.05, "\(ratio) of w CV h")
        }
    }

    /// Columns that do not see each other roughen by 0.966 w CV h (the spread of their Butler-Volmer currents at one potential under a
    /// log-normal film); what they do to each other, growing along the normal, and the chance of 38 correlation lengths put single boxes on
    /// either side.
    @Test("a film that varies by 30 % roughens it by 0.7 to 1.1 w CV h, with the same seed the same on every grid")
    func roughening() throws {
        var found = 0.0, linear = 0.0, onCoarse = 0.0
        for seed in 1...(runsFull ? 6 : 2) {
            let coarse = try Self.roughness(seed, variation: 0.3, halfWidth: 0.4e-6),
                fine = try Self.roughness(seed, variation: 0.3, halfWidth: 0.2e-6)
            #expect(abs(coarse / fine - 1) < 0.08, "\(coarse), \(fine)")
            onCoarse += coarse
            found += fine
            linear += try Self.linearRoughness(seed, variation: 0.3)
            guard runsFull && seed <= 2 else { continue }
            let finest = try Self.roughness(seed, variation: 0.3, halfWidth: 0.1e-6)
            #expect(abs(fine / finest - 1) < 0.01 && abs(fine - finest) < abs(coarse - fine), "\(coarse), \(fine), \(finest)")
        }
        #expect(abs(onCoarse / found - 1) < 0.03)
        #expect(found / linear > 0.7 && found / linear < 1.1, "\(found / linear) of w CV h")
    }

    @Test("a half disc plated to twice its radius: the coating is half as thick")
    func disc() throws {
        let (mean, worst, buried) = try FilmOnMetal.disc()
        #expect(abs(mean - 1) < 0.02 && worst < 0.06, "mean \(mean), worst \(worst)")
        #expect(abs(buried) < 0.01)
    }

    @Test("a coating breaks where the area stretch exceeds its failure strain")
    func breaks() throws {
        let wavelength = 64.0, a = 4 * l, k = 2 * Double.pi / (wavelength * l), strain = 0.2
        let sim = try start(FilmOnMetal.bare(wavelength, 44, current: 10) {
            $0.coating = CoatingSettings()
            $0.coating!.resistance = 49e-4
            $0.coating!.failureStrain = strain
            $0.interphase.native = FilmOnMetal.native(49e-4)
            $0.initial.amplitude = a
        })
        #expect(sim.crackedCoating == 0)
        let travel = 10 * l
        try sim.run(until: travel * faraday / (10 * molarVolume))
        // J = 1 + t K0(x0) with the curvature of y = a cos kx.
        let broken = (0..<10_000).filter {
            let x = Double($0) / 10_000 * wavelength * l, s = a * k * sin(k * x)
            return travel * a * k * k * cos(k * x) / pow(1 + s * s, 1.5) > strain
        }
        #expect(abs(sim.crackedCoating - Double(broken.count) / 10_000) < 0.03, "\(sim.crackedCoating), theory \(Double(broken.count) / 10_000)")
    }

    @Test("above i_max metal plates on top of the coating, which counts again when that metal is stripped")
    func transportLimit() throws {
        func cell(_ current: Double) throws -> Simulation<Double> {
            let time = l * faraday / (current * molarVolume)
            let steps = [
                ControlTests.step(.plate, current: current, duration: 2 * time), ControlTests.step(.strip, current: current, duration: 4 * time),
            ]
            return try start(FilmOnMetal.bare(64, 40) {
                $0.coating = CoatingSettings()
                $0.coating!.thickness = 28e-9
                $0.coating!.resistance = 10e-4
                $0.coating!.diffusivity = [50 * 28e-9 / faraday / 1e4, 1]
                $0.coating!.maximumConcentration = 1e4
                $0.interphase.native = FilmOnMetal.native(40e-4, variation: 0.3, length: 4 * l)
                $0.control.mode = .protocol
                $0.control.steps = steps
            })
        }
        func resistances(_ sim: Simulation<Double>) -> [Double] {
            let r = sim.filmResistance()!, thickness = sim.metalThickness
            return (0..<sim.grid.nx).map { r[$0, Int(thickness / l)] }
        }
        let below = try cell(45)
        while below.control.stage == 0 { try below.step(until: .greatestFiniteMagnitude) }
        #expect(below.coatingBelowMetal == 0 && resistances(below).allSatisfy { abs($0 / 10e-4 - 1) < 1e-6 })

        let above = try cell(55)
        while above.control.stage == 0 { try above.step(until: .greatestFiniteMagnitude) }
        #expect(above.coatingBelowMetal == 1)
        let r = resistances(above), mean = r.reduce(0, +) / 64, deviation = (r.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 64).squareRoot()
        #expect(abs(mean / 40e-4 - 1) < 0.2 && abs(deviation / mean - 0.3) < 0.12, "native film: mean \(mean), deviation \(deviation / mean)")
        #expect(above.filmThickness()!.values().allSatisfy { $0 == 0 })
        while !above.control.isFinished { try above.step(until: .greatestFiniteMagnitude) }
        #expect(above.coatingBelowMetal < 0.02, "\(above.coatingBelowMetal) still below metal")
    }

    @Test("a coating covers 1 - exp(-d/d_c), in the same patches on every grid; thinner ones have more holes and the same ones")
    func patches() throws {
        func covered(_ thickness: Double, dx: Double) throws -> [Bool] {
            let sim = try start(FilmOnMetal.bare(256, 24, dx: dx) {
                $0.coating = CoatingSettings()
                $0.coating!.thickness = thickness
                $0.coating!.coverageThickness = 9.3e-9
                $0.coating!.resistance = 1e-4
                $0.interphase.native = FilmOnMetal.native(40e-4)
                $0.interphase.patchSize = 8 * l
            })
            let d = sim.filmThickness()!, j = Int(10 / dx)
            return (0..<sim.grid.nx).map { d[$0, j] > 0 }
        }
        for d in [7e-9, 14e-9, 28e-9] {
            let coarse = try covered(d, dx: 1), fine = try covered(d, dx: 0.5), share = 1 - exp(-d / 9.3e-9)
            let found = Double(fine.filter(\.self).count) / 512
            #expect(abs(found - share) < 0.02, "\(found) covered, \(share) wanted")
            let edges = zip(coarse, coarse.dropFirst()).filter { $0 != $1 }.count + 1
            var different = 0
            for i in 0..<256 where coarse[i] != fine[2 * i] && coarse[i] != fine[2 * i + 1] { different += 1 }
            #expect(different <= edges / 2)
        }
        let thin = try covered(7e-9, dx: 1), thick = try covered(28e-9, dx: 1)
        #expect(zip(thin, thick).allSatisfy { !$0 || $1 })
    }

    @Test("corrosion takes f i_corr from the surface, without current")
    func corrosion() throws {
        let sim = try start(FilmOnMetal.bare(4, 24, dx: 0.5, current: 0) {
            $0.interphase.native = FilmOnMetal.native(49e-4)
            $0.interphase.native!.corrosionCurrentDensity = 1.62
            $0.interphase.corrosionFactor = 0.055
            $0.end.time = 1e9
        })
        let end = l * faraday / (0.055 * 1.62 * molarVolume)
        try sim.run(until: end)
        let lost = (sim.initialThickness - sim.metalThickness) / l
        #expect(abs(lost - 1) < 5e-3, "\(lost) half-widths instead of 1")
        #expect(abs(sim.balance.corroded / (0.055 * 1.62 * end) - 1) < 5e-3)
        #expect(abs(sim.balance.discrepancy) < 1e-9 * sim.balance.corroded && abs(sim.currentDensity) < 1e-9)
    }

    @Test("plated = stripped + corroded + dead + left to 1e-9 over ten cycles, and in each")
    func ledger() throws {
        var s = Balances.busy(.lithium, .galvanostatic, nx: 24, ny: 64)
        Self.coating(&s)
        s.interphase.native!.variation = 0.5
        s.control.mode = .protocol
        s.control.steps = [ControlTests.step(.strip, current: 300, duration: 11), ControlTests.step(.plate, current: 300, duration: 12)]
        s.control.repeats = 10
        let sim = try start(s)
        // A head on a thin stem, which stripping cuts off.
        sim.place(metal: { x, y, _ in
            let stem = max(abs(x - 12 * l) - 2 * l, y - 30 * l), head = hypot(x - 12 * l, y - 30 * l) - 8 * l
            return 0.5 * (1 - tanh(min(y - 10 * l, min(stem, head)) / (2 * l)))
        })
        var cycles: [MetalBalance] = [], cycle = 0
        while !sim.control.isFinished {
            try sim.step(until: .greatestFiniteMagnitude)
            if sim.control.cycle != cycle {
                cycle = sim.control.cycle
                cycles.append(sim.lastCycle)
            }
        }
        let total = sim.balance
        #expect(cycles.count == 10)
        #expect(abs(total.discrepancy) < 1e-9 * total.plated, "\(total)")
        #expect(abs(total.plated / (10 * 300 * 12) - 1) < 1e-6 && abs(total.stripped / (10 * 300 * 11) - 1) < 1e-6)
        #expect(total.corroded > 0 && total.dead > 0)
        for c in cycles { #expect(abs(c.discrepancy) < 1e-9 * c.plated && abs(c.coulombicEfficiency! - 11.0 / 12) < 1e-6, "\(c)") }
        #expect(abs(cycles.reduce(0) { $0 + $1.corroded } / total.corroded - 1) < 1e-12)
        #expect(abs(total.reservoirEfficiency! - (total.stripped + total.left) / total.plated) < 1e-9)
    }
}
