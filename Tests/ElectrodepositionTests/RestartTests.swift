import Electrodeposition
import Glibc
import Grids
import Spectral
import Testing
import Validation

/// State copied into a fresh simulation continues with the same bits.
@Suite("Restart")
struct RestartTests {
    static func check<T: FFTReal>(_ s: SimulationSettings, before: Int = 7, after: Int = 6, _: T.Type) throws {
        let straight = try start(s, T.self), resumed = try start(s, T.self)
        for _ in 0..<before where !straight.control.isFinished { try straight.step(until: .greatestFiniteMagnitude) }
        #expect(transfer(straight, resumed))
        for n in 0..<after where !straight.control.isFinished {
            try straight.step(until: .greatestFiniteMagnitude)
            try resumed.step(until: .greatestFiniteMagnitude)
            #expect(straight.time == resumed.time, "step \(n)")
        }
        #expect(straight.phase.values() == resumed.phase.values())
        #expect(straight.concentration.values() == resumed.concentration.values())
        #expect(straight.potential.values() == resumed.potential.values())
        #expect(straight.metalPotential == resumed.metalPotential)
        #expect(straight.currentDensity == resumed.currentDensity && straight.counterCurrentDensity == resumed.counterCurrentDensity)
        #expect(straight.control.charge == resumed.control.charge && straight.control.stage == resumed.control.stage)
        #expect(straight.control.plated == resumed.control.plated && straight.control.stripped == resumed.control.stripped)
        #expect(
            straight.saltInventory == resumed.saltInventory && straight.saltInflux == resumed.saltInflux
                && straight.saltRelease == resumed.saltRelease)
        #expect(straight.steps == resumed.steps && straight.rejected == resumed.rejected)
        #expect(straight.deadVolume == resumed.deadVolume)
        #expect(straight.couplings == resumed.couplings)
        #expect(straight.hydrostaticStress?.values() == resumed.hydrostaticStress?.values())
        #expect(straight.flowVelocity?.x.values() == resumed.flowVelocity?.x.values())
        #expect(straight.initialThickness == resumed.initialThickness)
        #expect(straight.balance == resumed.balance && straight.lastCycle == resumed.lastCycle)
        #expect(straight.filmResistance()?.values() == resumed.filmResistance()?.values())
        #expect(straight.filmThickness()?.values() == resumed.filmThickness()?.values())
    }

    static let options: [(String, @Sendable (inout SimulationSettings) -> Void)] = [
        ("plain", { _ in }),
        ("noise", { $0.noise.amplitude = 0.2; $0.noise.interval = 0.7 }),
        ("sharp", { $0.interface.scheme = .sharp }),
        ("allenCahn", { $0.interface.capillarity = .allenCahn }),
        ("reservoir, potentiostatic", { $0.counterElectrode.kind = .reservoir; $0.control.mode = .potentiostatic; $0.control.potential = -0.2 }),
        ("reference potential, Nernst-Einstein", { $0.electrolyte.potential = .reference; $0.electrolyte.conductivityLaw = .nernstEinstein }),
        ("single ion", { $0.electrolyte.kind = .singleIon }),
        ("sites", {
            $0.sites.patches = SiteMapTests.patches(radius: 3 * l, centres: [5 * l])
            $0.sites.exchange = SiteExchange()
            $0.sites.exchange?.factor = 2
            $0.sites.overpotential = SiteOverpotential()
            $0.sites.overpotential?.onSites = 0.005
            $0.sites.overpotential?.elsewhere = 0.02
            $0.sites.wetting = SiteWetting()
        }),
        ("film", { FilmTests.film(&$0) }),
        ("coating", { FilmTests.coating(&$0) }),
        ("fixed step", { $0.time.fixedStep = 0.3 }),
        ("mechanics", {
            $0.mechanics = MechanicsSettings()
            $0.mechanics!.electrolyte.state = .solid
            $0.mechanics!.film = MechanicsTests.film(strain: 0)
            $0.mechanics!.coating = MechanicsTests.coating(0.4e-6, 10e9)
            $0.mechanics!.ends = .platen
        }),
        ("plastic metal in a liquid", {
            $0.mechanics = MechanicsSettings()
            $0.mechanics!.growthStrain = SIMD3(0.003, 0.003, 0.003)
            $0.mechanics!.metal.yieldStress = 20e6
        }),
        ("variational mechanics", {
            $0.mechanics = MechanicsSettings()
            ($0.mechanics!.kinetic, $0.mechanics!.variational) = (false, true)
        }),
        ("flow", {
            $0.magnetics = MagneticsSettings()
            $0.magnetics!.appliedField = SIMD3(0.1, 0, 0.5)
            $0.magnetics!.film = FlowTests.film(.stripes, SIMD3(0, 1e5, 0))
            ($0.magnetics!.kelvinForce, $0.magnetics!.molarSusceptibility) = (true, 1e-8)
            $0.flow = FlowSettings()
            $0.flow!.ends = .open
        }),
        ("everything", {
            $0.mechanics = MechanicsSettings()
            $0.magnetics = MagneticsSettings()
            $0.magnetics!.film = FlowTests.film(.stripes, SIMD3(0, 1e5, 0))
            $0.flow = FlowSettings()
        }),
        ("protocol", {
            $0.control.mode = .protocol
            $0.control.steps = [ControlTests.step(.plate, current: 300, duration: 1), ControlTests.step(.rest, duration: 0.4),
                                ControlTests.step(.ramp, current: 0, duration: 1, final: 200), ControlTests.step(.strip, current: 200, capacity: 200)]
            $0.control.repeats = 2
        }),
    ]

    @Test("same bits in the plane", arguments: options.map(\.0))
    func plane(_ name: String) throws {
        var s = Balances.busy(.lithium, .galvanostatic)
        Self.options.first { $0.0 == name }!.1(&s)
        try Self.check(s, Double.self)
        try Self.check(s, before: 23, after: 12, Double.self)
    }

    @Test("same bits in space and in single precision")
    func others() throws {
        try Self.check(Balances.busy(.lithium, .galvanostatic, nx: 10, ny: 30, nz: 8), Double.self)
        try Self.check(Balances.busy(.reservoir, .galvanostatic), Float.self)
        for type in ["everything", "mechanics"] {
            var coupled = Balances.busy(.lithium, .galvanostatic, nx: 10, ny: 30, nz: 8)
            Self.options.first { $0.0 == type }!.1(&coupled)
            try Self.check(coupled, Double.self)
            try Self.check(coupled, Float.self)
        }
        var s = Balances.busy(.lithium, .galvanostatic, nx: 10, ny: 30, nz: 8)
        s.interface.scheme = .sharp
        s.noise.amplitude = 0.1
        try Self.check(s, Float.self)
        s = Balances.busy(.lithium, .galvanostatic, nx: 10, ny: 30, nz: 8)
        FilmTests.coating(&s)
        try Self.check(s, before: 13, after: 8, Float.self)
        try Self.check(s, before: 13, after: 8, Double.self)
    }

    @Test("same bits after rejected steps and with dead metal")
    func rejections() throws {
        var s = Balances.busy(.lithium, .galvanostatic, nx: 24, ny: 40)
        s.time.initialStep = 20
        s.control.currentDensity = 2000
        let straight = try start(s), resumed = try start(s)
        straight.place(metal: { x, y, _ in 0.5 * (1 - tanh(min(y - 10 * l, hypot(x - 12 * l, y - 26 * l) - 4 * l) / (2 * l))) })
        for _ in 0..<4 { try straight.step(until: 1e9) }
        #expect(straight.rejected > 0 && straight.deadVolume > 0)
        #expect(transfer(straight, resumed))
        for _ in 0..<5 {
            try straight.step(until: 1e9)
            try resumed.step(until: 1e9)
        }
        #expect(straight.phase.values() == resumed.phase.values())
        #expect(straight.concentration.values() == resumed.concentration.values())
        #expect(straight.deadVolume == resumed.deadVolume && straight.deadVolume > 0)
    }
}
