internal import Electrodeposition
import Glibc
internal import Grids
internal import StandardProblems

/// Growth of small waves on a plating front in the engine, against `PerturbedFront`. One run carries all waves, each too small to meet the
/// others; a second one with an interface twice as wide shows what the width does, and the straight line through both what a thin
/// interface would do.
package struct FrontStability: Sendable {
    let name: String, title: String
    var cell: PerturbedFront.Cell
    /// Half-widths of the interface: wavelength of wave number 1 (the width of the box) and gap.
    var width: Double, gap: Double
    /// The share of the salt at the front of a steady flat state; nil: the salt is uniform at first and runs out.
    let surface: Double?
    /// Current density over the limiting one.
    let load: Double
    /// Half-widths that the front travels before, and while, growth is measured.
    var settling = 2.0, travel: Double
    var waves = [1, 2, 3, 4, 5, 6, 7, 8, 10]
    /// Half-width of the interface, m.
    var half = l
    /// Cell in half-widths.
    let dx = 1.0

    /// The same cell with an interface twice as wide.
    var widened: FrontStability {
        var wide = self
        (wide.width, wide.gap, wide.settling, wide.travel) = (width / 2, gap / 2, settling / 2, travel / 2)
        wide.half = 2 * half
        return wide
    }

    var current: Double { load * cell.current(gap: gap * half, leaving: 0) }
    var speed: Double { current * cell.molarVolume / faraday }
    var wavenumbers: [Double] { waves.map { 2 * .pi * Double($0) / (width * half) } }

    func profile(_ share: Double) -> Double { surface.map { $0 + (1 - $0) * share } ?? 1 }

    /// Travel at which amplitudes are compared: so many times per cell that the ripple of the lattice averages out.
    private var marks: [Double] {
        (1...Int((settling + travel + dx) / dx) * FrontStability.perCell).map { Double($0) * dx / Double(FrontStability.perCell) }
    }
    private static let perCell = 16

    /// Rates (1/s) from ln amplitudes at the marks: between the means over one cell of travel.
    private func rates(_ logarithms: [[Double]]) -> [Double] {
        let n = FrontStability.perCell, first = Int(settling / dx) * n, last = Int((settling + travel) / dx) * n
        return logarithms[0].indices.map { m in
            func mean(_ start: Int) -> Double { logarithms[start..<start + n].reduce(0) { $0 + $1[m] } / Double(n) }
            return (mean(last) - mean(first)) * speed / (travel * half)
        }
    }

    /// ln of the growth of the waves by the linear theory at the marks.
    private func history(_ wavenumbers: [Double]) -> [[Double]] {
        var front = PerturbedFront(cell, k: wavenumbers, gap: gap * half, profile)
        return marks.map { _ in
            for _ in 0..<4 { front.step(dx * half / speed / Double(4 * FrontStability.perCell), speed: speed) }
            return front.logarithms
        }
    }

    /// Rates (1/s) of the waves by the linear theory, in time, over the stretch that is measured.
    func theory(_ wavenumbers: [Double]) -> [Double] { rates(history(wavenumbers)) }

    /// ln of the amplitudes of the waves in the engine at the marks.
    private func run() throws -> [[Double]] {
        let slab = 10.0, s = box(width, gap + slab, dx: dx) {
            $0.grid.spacing = dx * half
            $0.grid.size = [width * half, (gap + slab) * half]
            $0.interface.halfWidth = half
            $0.metal.preset = .custom
            $0.metal.customMolarVolume = cell.molarVolume
            $0.electrolyte.concentration = cell.c0
            $0.electrolyte.diffusivity = cell.diffusivity
            $0.electrolyte.transferenceNumber = 0.5
            $0.electrolyte.conductivityLaw = .nernstEinstein
            $0.kinetics.exchangeCurrentDensity = cell.exchange
            $0.interface.surfaceEnergy = cell.surfaceEnergy
            $0.control.currentDensity = current
            $0.time.frontStep = 0.05
            $0.time.passTolerance = 1e-7
            $0.time.solverTolerance = 1e-10
            $0.time.largestPasses = 30
            $0.time.concentrationTolerance = 2e-4
        }
        let sim = try start(s), stream = RandomStream(seed: 1, purpose: "phases of waves")
        let phases = waves.map { 2 * Double.pi * stream.uniform(UInt64($0)) }, amplitude = 0.002 * half
        sim.place(metal: { x, y, _ in
            let height = zip(wavenumbers, phases).reduce(slab * half) { $0 + amplitude * cos($1.0 * x + $1.1) }
            return 0.5 * (1 - tanh((y - height) / (2 * half)))
        }, concentration: { _, y, _ in cell.c0 * max(profile((y - slab * half) / (gap * half)), 0.1 * (surface ?? 1)) })
        let initial = sim.metalThickness
        var samples: [(travel: Double, logarithms: [Double])] = []
        while samples.last.map({ $0.travel < marks[marks.count - 1] }) ?? true {
            try sim.step(until: .greatestFiniteMagnitude)
            samples.append(((sim.metalThickness - initial) / half, waves.map { log(sim.mode($0)) }))
        }
        var n = 1
        return marks.map { mark in
            while n < samples.count - 1 && samples[n].travel < mark { n += 1 }
            let a = samples[n - 1], b = samples[n], share = (mark - a.travel) / (b.travel - a.travel)
            return zip(a.logarithms, b.logarithms).map { $0 + share * ($1 - $0) }
        }
    }

    /// Position and height of the maximum, and the zero, of a dispersion relation on rising wavenumbers: parabola and straight line in k.
    static func features(_ k: [Double], _ omega: [Double]) -> (kMax: Double, omegaMax: Double, zero: Double?) {
        let m = min(max(omega.indices.max { omega[$0] < omega[$1] } ?? 1, 1), k.count - 2)
        let (x0, x1, x2) = (k[m - 1], k[m], k[m + 1]), (y0, y1, y2) = (omega[m - 1], omega[m], omega[m + 1])
        let d0 = (y1 - y0) / (x1 - x0), d1 = (y2 - y1) / (x2 - x1), bend = (d1 - d0) / (x2 - x0)
        let top = bend < 0 ? (x0 + x1) / 2 - d0 / (2 * bend) : x1
        let height = y0 + d0 * (top - x0) + bend * (top - x0) * (top - x1)
        let n = omega.indices.dropFirst().first { $0 > m && omega[$0] <= 0 && omega[$0 - 1] > 0 }
        return (top, height, n.map { k[$0 - 1] + (k[$0] - k[$0 - 1]) * omega[$0 - 1] / (omega[$0 - 1] - omega[$0]) })
    }

    var asCase: ExactCase {
        ExactCase(
            "stability-" + name, title,
            source: "Khoo, Zhao and Bazant, J. Electrochem. Soc. 166, A2280 (2019); linearised equations of t+ = 1/2", isFast: false
        ) { _, device in
            let widths = [self, widened], runs = try device.pool.map(2) { try widths[$0].run() }
            let k = wavenumbers, linear = history(k), expected = rates(linear), got = rates(runs[0])
            // Each width against the theory in the same stretch.
            let wide = zip(widened.rates(runs[1]), widened.theory(k)).map { $0 - $1 }
            let thin = k.indices.map { expected[$0] + 2 * (got[$0] - expected[$0]) - wide[$0] }
            var result = ValidationResult()
            let largest = expected.max() ?? 0
            for (m, wave) in waves.enumerated() where abs(expected[m]) > 0.2 * largest {
                result.checks.append(.relative("growth rate in 1/s at a wavelength of \(Int((width / Double(wave)).rounded())) half-widths",
                                               expected: expected[m], got: got[m], tolerance: 0.05))
            }
            // The same sampling on both sides: the waves of the run.
            let theory = Self.features(k, expected)
            for (name, rates) in [("", got), (", thin interface", thin)] {
                let found = Self.features(k, rates)
                result.checks += [.relative("k_max in 1/m" + name, expected: theory.kMax, got: found.kMax, tolerance: 0.05),
                                  .relative("omega_max in 1/s" + name, expected: theory.omegaMax, got: found.omegaMax, tolerance: 0.05)]
                if let zero = theory.zero {
                    result.checks.append(.relative("k_c in 1/m" + name, expected: zero, got: found.zero ?? .nan, tolerance: 0.02))
                }
            }
            if surface != nil {
                result.checks.append(.atMost("linearised equations against the closed form, per omega_max", 0.02,
                                             got: distance(expected, steady(k))))
            }
            let fine = (8...110).map { Double($0) / 10 * 2 * .pi / (width * half) }, curve = self.theory(fine)
            result.curves = [
                Curve("dispersion", columns: ["wavenumber", "growth_rate", "theory", "growth_rate_thin"],
                      rows: k.indices.map { [k[$0], got[$0], expected[$0], thin[$0]] }),
                Curve("theory", columns: ["wavenumber", "growth_rate"], rows: zip(fine, curve).map { [$0, $1] }),
                Curve("growth", columns: ["travel"] + waves.map { "wave_\($0)" } + waves.map { "theory_\($0)" },
                      rows: marks.indices.map { [marks[$0]] + runs[0][$0] + linear[$0] }),
            ]
            result.figures = [Figure("dispersion", title: title, x: .init("wavenumber", unit: "1/m"), y: .init("growth rate", unit: "1/s"),
                                     series: [
                .init("linear theory", Array(zip(fine, curve))), .init("engine", Array(zip(k, got)), .points),
                .init("twice the width", zip(k, wide).enumerated().map { ($1.0, expected[$0] + $1.1) }, .points)])]
            return result
        }
    }

    /// Largest distance of two dispersion relations, per largest rate of the first.
    private func distance(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } / (a.max() ?? 0)
    }

    /// How far the linearised equations lie from the closed form at half the limiting current and at 95 % of it, per omega_max.
    package static func distancesFromClosedForm() -> [Double] {
        [below, at].map { $0.distance($0.theory($0.wavenumbers), $0.steady($0.wavenumbers)) }
    }

    /// The closed form, its mean over the stretch that is measured, in which the gap shrinks.
    private func steady(_ k: [Double]) -> [Double] {
        k.map { k in
            (0..<40).reduce(0.0) { sum, n in
                let passed = settling + dx / 2 + travel * (Double(n) + 0.5) / 40
                return sum + cell.closedForm(k: k, gap: (gap - passed) * half, leaving: 1 - load * (1 - passed / gap)).omega / 40
            }
        }
    }

    /// The cell with the surface energy that puts the fastest wave at a wavelength (half-widths), for a steady front.
    static func cell(_ base: PerturbedFront.Cell, fastest: Double, gap: Double, leaving c: Double) -> PerturbedFront.Cell {
        var cell = base, low = 1e-6, high = 1e6
        let k = 2 * .pi / (fastest * l)
        for _ in 0..<80 {
            cell.surfaceEnergy = (low * high).squareRoot()
            func omega(_ k: Double) -> Double { cell.closedForm(k: k, gap: gap * l, leaving: c).omega }
            if omega(1.001 * k) > omega(0.999 * k) { low = cell.surfaceEnergy } else { high = cell.surfaceEnergy }
        }
        return cell
    }

    /// The cell with the exchange current that gives the wave of a wavelength (half-widths) a Biot number, or comes nearest to it.
    static func cell(_ base: PerturbedFront.Cell, biot: Double, wavelength: Double, gap: Double, leaving c: Double) -> PerturbedFront.Cell {
        var cell = base, low = 1e-4, high = 1e6
        for _ in 0..<100 {
            cell.exchange = (low * high).squareRoot()
            let found = cell.closedForm(k: 2 * .pi / (wavelength * l), gap: gap * l, leaving: c).biot
            if found < biot { low = cell.exchange } else { high = cell.exchange }
        }
        return cell
    }

    static let below: FrontStability = {
        let gap = 240.0, c = 0.5, chosen = Self.cell(.init(), biot: 0.2, wavelength: 96, gap: gap, leaving: c)
        return FrontStability(name: "below", title: "Waves on a front at half the limiting current",
                              cell: Self.cell(chosen, fastest: 96, gap: gap,
                                              leaving: c), width: 288, gap: gap, surface: c, load: 1 - c, travel: 8)
    }()

    static let at: FrontStability = {
        let gap = 600.0, c = 0.05, chosen = Self.cell(.init(), biot: 0.65, wavelength: 80, gap: gap, leaving: c)
        return FrontStability(name: "at", title: "Waves on a front at 95 % of the limiting current",
                              cell: Self.cell(chosen, fastest: 80, gap: gap,
                                              leaving: c), width: 240, gap: gap, surface: c, load: 1 - c, travel: 8)
    }()

    static let above: FrontStability = {
        var base = PerturbedFront.Cell()
        (base.c0, base.molarVolume) = (1000, 5.2e-5)
        let gap = 252.0, chosen = Self.cell(base, biot: 0.3, wavelength: 112, gap: gap, leaving: 0.5)
        var cell = Self.cell(chosen, fastest: 112, gap: gap, leaving: 0.5)
        cell.surfaceEnergy *= 10
        return FrontStability(name: "above", title: "Waves on a front at 1.5 times the limiting current, while the salt runs out",
                              cell: cell,
                              width: 336, gap: gap, surface: nil, load: 1.5, travel: 8)
    }()

    static let cases: [any ValidationCase] = [below.asCase, at.asCase, above.asCase]
}
