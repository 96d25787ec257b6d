import Coatings
import Electrodeposition
import Glibc
import Testing

/// The screening functions against numbers known in closed form or printed in their sources.
struct ScreeningTests {
    func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { abs(a / b - 1) <= tolerance }

    @Test func entropy() {
        let elements = ["Al", "Zn", "Co", "Ni", "Fe"]
        let equiatomic = ConfigurationalEntropy(Dictionary(uniqueKeysWithValues: elements.map { ($0, 0.2) }))
        #expect(isClose(equiatomic.overR, log(5), 1e-14) && equiatomic.entropyClass == .high)
        var coating = CoatingSettings()
        coating.measuredAtomicPercent = ["Al": 0.89, "Zn": 0.22, "Co": 0.47, "Ni": 0.38, "Fe": 0.69]
        let measured = ConfigurationalEntropy(coating.measuredComposition)
        #expect(abs(measured.overR - 1.509) < 5e-4 && measured.entropyClass == .high)
        #expect(CompositionRule(coating.measuredComposition).isMet)
        #expect(ConfigurationalEntropy(["A": 1]).overR == 0 && ConfigurationalEntropy(["A": 0.5, "B": 0.5]).entropyClass == .low)
        #expect(ConfigurationalEntropy(["A": 0.25, "B": 0.25, "C": 0.25, "D": 0.25]).entropyClass == .medium)
        // Two sublattices add: ln 2 + ln 3.
        let third = 1.0 / 3
        #expect(isClose(ConfigurationalEntropy(["A": 0.5, "B": 0.5], ["x": third, "y": third, "z": third]).overR, log(6), 1e-14))
        #expect(CompositionRule(["A": 0.4, "B": 0.2, "C": 0.2, "D": 0.1, "E": 0.1]).outside == ["A"])
        #expect(!CompositionRule(["A": 0.25, "B": 0.25, "C": 0.25, "D": 0.25]).isMet)
    }

    @Test func siteFactor() throws {
        var coating = CoatingSettings()
        (coating.activationEnergy, coating.referenceActivationEnergy) = (27_820, 29_310)
        #expect(abs(try #require(coating.siteFactor(temperature: 298.15)) - 1.824) < 5e-4)
    }

    @Test func transportLimit() {
        let limit = TransportLimit(diffusivity: 2e-15, maximumConcentration: 5e4)
        #expect(isClose(limit.currentDensity(thickness: 1e-7), 96_485.33212331 * 2e-15 * 5e4 / 1e-7, 1e-14))
        #expect(isClose(limit.thickness(currentDensity: limit.currentDensity(thickness: 3e-8)), 3e-8, 1e-14))
    }

    /// The six values of an alloy slab of 5 um: diffusivity (cm^2/s), current density (mA/cm^2), utilisation.
    static let slabs: [(Double, Double, Double)] = [
        (6e-11, 1, 0.5887), (6e-11, 0.5, 0.7932), (6e-11, 0.1, 0.9586), (1e-11, 1, 0.1055), (1e-10, 1, 0.7518), (1e-9, 1, 0.9752),
    ]

    @Test(arguments: slabs) func slab(_ diffusivity: Double, _ current: Double, _ utilisation: Double) {
        let slab = SlabSaturation(currentDensity: current * 10, thickness: 5e-6, diffusivity: diffusivity * 1e-4, maximumConcentration: 69_600)
        #expect(isClose(slab.utilisation, utilisation, 1e-3), "\(slab)")
        if current == 1 && diffusivity == 6e-11 { #expect(isClose(slab.time, 1976.6, 1e-3)) }
        // The metal taken up is what has flowed in.
        #expect(isClose(slab.utilisation, current * 10 * slab.time / (Constants.faraday * 5e-6 * 69_600), 1e-12))

        // A finite-volume solution of the same slab, implicit midpoint in time.
        let converged = Self.finiteVolumes(current * 10, diffusivity * 1e-4)
        #expect(isClose(converged.time, slab.time, 1e-3) && isClose(converged.utilisation, slab.utilisation, 1e-3), "\(converged)")

        // The modes of a run, stepped as a run steps.
        let modes = AlloySlab(thickness: 5e-6, diffusivity: diffusivity * 1e-4, maximumConcentration: 69_600), flux = current * 10 / Constants.faraday
        var column = [Double](repeating: 0, count: AlloySlab.numbersPerColumn), time = 0.0, step = AlloySlab.Step()
        modes.prepare(&step, length: slab.time / 1000)
        while modes.limits(column, step).most >= flux {
            modes.advance(&column, flux: flux, step)
            time += step.length
        }
        #expect(isClose(time, slab.time, 2e-3) && isClose(column[0] / 69_600, slab.utilisation, 2e-3))
        // Saturated: the surface stays there and takes less and less.
        let first = modes.limits(column, step).most
        modes.advance(&column, flux: first, step)
        #expect(isClose(modes.surface(column), 69_600, 1e-9))
        let second = modes.limits(column, step).most
        #expect(first < flux && second < first && second > 0)
    }

    static func finiteVolumes(_ current: Double, _ diffusivity: Double) -> (time: Double, utilisation: Double) {
        let n = 400, length = 5e-6, h = length / Double(n), most = 69_600.0, flux = current / Constants.faraday
        let guess = SlabSaturation(currentDensity: current, thickness: length, diffusivity: diffusivity, maximumConcentration: most).time
        let dt = guess / 4000, r = diffusivity * dt / (h * h) / 2
        var c = [Double](repeating: 0, count: n), time = 0.0, last = 0.0
        while true {
            // (1 + r A) c' = (1 - r A) c + source, Thomas algorithm.
            var b = [Double](repeating: 0, count: n), diagonal = b
            for i in 0..<n {
                let left = i > 0 ? c[i - 1] - c[i] : 0, right = i < n - 1 ? c[i + 1] - c[i] : 0
                b[i] = c[i] + r * (left + right) + (i == n - 1 ? flux * dt / h : 0)
                diagonal[i] = 1 + r * ((i > 0 ? 1 : 0) + (i < n - 1 ? 1 : 0))
            }
            for i in 1..<n {
                let factor = -r / diagonal[i - 1]
                diagonal[i] += r * factor
                b[i] -= factor * b[i - 1]
            }
            c[n - 1] = b[n - 1] / diagonal[n - 1]
            for i in (0..<(n - 1)).reversed() { c[i] = (b[i] + r * c[i + 1]) / diagonal[i] }
            let surface = c[n - 1] + flux * h / (2 * diffusivity)
            if surface >= most {
                time += dt * (most - last) / (surface - last)
                return (time, flux * time / (length * most))
            }
            (time, last) = (time + dt, surface)
        }
    }

    /// Both forms of the surface's rise agree where they meet, and obey its limits.
    @Test func surfaceOfTheSlab() {
        #expect(isClose(SlabSaturation.surface(0.1), SlabSaturation.surface(0.1.nextUp), 1e-12))
        #expect(isClose(SlabSaturation.surface(1e-6), 2 * (1e-6 / Double.pi).squareRoot(), 1e-9))
        #expect(isClose(SlabSaturation.surface(3), 3 + 1.0 / 3, 1e-9))
    }

    @Test func wetting() throws {
        func film(_ ab: Double, _ bg: Double, _ dG: Double?, _ xi: Double? = 1e-9) -> Wetting {
            Wetting(metalCoating: ab, coatingElectrolyte: bg, metalElectrolyte: 0.5, decayLength: xi, bulkFreeEnergy: dG)
        }
        #expect(film(0.2, 0.4, 1e6).verdict == .dewetting && film(0.2, 0.2, -1e6).verdict == .wetting && film(0.2, 0.2, nil).verdict == nil)
        let stable = film(0.2, 0.2, 1e7), h = try #require(stable.equilibriumThickness)
        #expect(isClose(h, 1e-9 * log(10), 1e-12))
        // The minimum of Phi(h) = dgamma (1 - exp(-h/xi)) + dG h.
        func phi(_ h: Double) -> Double { -0.1 * (1 - exp(-h / 1e-9)) + 1e7 * h }
        #expect(phi(h) < phi(1.01 * h) && phi(h) < phi(0.99 * h) && phi(h) < 0)
        #expect(film(0.2, 0.2, 2e8).verdict == .tooCostly && film(0.2, 0.2, 2e8).equilibriumThickness == nil)
    }

    @Test func otherNumbers() {
        let bare = CorrosionPenalty(corrosionCurrentDensity: 1.62, currentDensity: 10),
            coated = CorrosionPenalty(corrosionCurrentDensity: 1.27, currentDensity: 10)
        #expect(isClose(bare.loss, 0.055 * 0.162 * 2, 1e-12) && isClose(coated.loss / bare.loss, 0.127 / 0.162, 1e-12))
        let stiff = StabilityNumber(youngModulus: 60e9, poissonRatio: 0.25), soft = StabilityNumber(youngModulus: 1e9, poissonRatio: 0.25)
        #expect(isClose(stiff.shearModulus, 24e9, 1e-14) && stiff.verdict == .stable && soft.verdict == .unstable)
        #expect(abs(StrayField(magnetisation: 1.45e5).saturation - 0.182) < 5e-4)
        #expect(isClose(StrayField.decay(distance: 1e-6 / (2 * .pi), period: 1e-6), exp(-1), 1e-12))
    }
}
