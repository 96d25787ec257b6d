import Electrodeposition
import Glibc
internal import Grids

/// The Butler-Volmer rate with its slopes in c and phi, every cell active, in the second-level cache; two exponentials per cell.
enum RateKernel {
    static func measure() throws -> Measurement {
        let grid = Grid(nx: 128, ny: 64, spacing: 1), device = Device(), maxima = RowSums(grid), metal = Metal()
        func field(_ value: @escaping (Double, Double) -> Double) -> Field<Double> {
            let u = Field<Double>(grid)
            u.set { x, y, _ in value(x, y) }
            return u
        }
        let f = metal.thermalFactor(temperature: 298.15), alpha = 0.4, exchange = 300 / metal.chargePerVolume, volts = -0.05
        let rate = field { _, _ in 0 }, byC = field { _, _ in 0 }, byPhi = field { _, _ in 0 }, xi = field { _, _ in 0.5 }
        let weight = field { x, y in 1 + 0.01 * x }, c = field { x, y in 500 + 7 * x + 3 * y }
        let phi = field { x, y in 0.05 * sin(0.1 * x) * cos(0.2 * y) }
        let numbers = ReactionNumbers<Double>(
            exchangeRate: exchange, inverseReference: 1e-3, cathodic: alpha * f, anodic: (1 - alpha) * f, metalPotential: volts,
            curvatureFactor: 0, usesReferencePotential: false, chargePerVolume: metal.chargePerVolume)
        let kernels = device.kernels, layout = rate.layout
        let evaluate = {
            kernels.reactionRates(rate: rate.cells, byConcentration: byC.cells, byPotential: byPhi.cells, weight: weight.cells,
                                  xi: xi.cells, concentration: c.cells, potential: phi.cells, ReactionFields<Double>(), numbers,
                                  floor: 1e-6, rowMaxima: maxima.values, layout, 0..<layout.rows)
        }
        evaluate()
        var worst = 0.0
        for j in 0..<grid.ny {
            for i in 0..<grid.nx {
                let eta = volts - phi[i, j], forward = exp(-alpha * f * eta), backward = exp((1 - alpha) * f * eta), ratio = c[i, j] / 1000
                let scale = exchange * weight[i, j]
                worst = max(worst, abs(rate[i, j] / scale - (ratio * forward - backward)) / (ratio * forward + backward))
                worst = max(worst, abs(byC[i, j] / scale * 1000 / forward - 1))
                worst = max(worst, abs(byPhi[i, j] / (scale * f * (alpha * ratio * forward + (1 - alpha) * backward)) - 1))
            }
        }
        try WrongAnswer.unless(worst, is: 0, within: 1e-13, "relative error of the rate and its slopes")

        // The same number of exponentials from the C library, one after the other.
        let plain = { for row in 0..<grid.rows { for i in 0..<grid.nx {
            let eta = volts - phi.row(row)[i]
            rate.row(row)[i] = exp(-alpha * f * eta) - exp((1 - alpha) * f * eta)
        } } }
        let result = Comparison.repeated(evaluate, against: plain), cells = Double(grid.cells)
        var m = Measurement("rate-kernel")
        m.add("nsPerCell", 1e9 * result.subject / cells)
        m.add("exponentials", 2)
        m.add("libmNsPerCell", 1e9 * result.reference / cells)
        return m
    }
}
