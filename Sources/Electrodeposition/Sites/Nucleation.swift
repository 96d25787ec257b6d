import Glibc
import Grids
import Spectral

/// Nuclei on the bare substrate: a Poisson process of rate J0 exp(-B/eta^2) per area, eta the distance of phi_s - phi_l at y = 0 to its
/// Nernst value.
///
/// In the time that the total rate, integrated, measures, nuclei come at unit rate: nucleus n appears when the integral reaches the sum
/// of n + 1 exponential numbers, and its place is drawn from the rates at that moment, along z and then along x. All numbers come from
/// counters (seed, n), so that neither grid nor step enters; a step ends where the next nucleus is foreseen. A place is bare by 1 -
/// deposit/2l. A nucleus is a half disc (hemisphere) of metal from one moment to the next; its metal, and the salt that it displaces, are
/// booked apart from what the current brings.
final class Nucleation<T: FFTReal> {
    private let settings: SiteNucleation
    private let grid: Grid
    private let halfWidth: Double
    let radius: Double
    /// J0 per cell (1/s) and B (V^2) over the electrode plane.
    private let rates: [Double], barriers: [Double]
    private let columns: Columns<T>
    private let stream: RandomStream
    /// Present rate of each cell, 1/s.
    private let weights: UnsafeMutablePointer<Double>
    /// Total rate, 1/s; its integral; where the next nucleus lies on it.
    private(set) var intensity = 0.0
    private(set) var exposure = 0.0
    private var next: Double
    private(set) var count = 0
    /// Sums over cells of xi and eps c that nuclei have added.
    private(set) var metal = 0.0, salt = 0.0
    private let reference: Double, thermal: Double, followsConcentration: Bool

    init(_ nucleation: SiteNucleation, _ map: SiteMap, _ settings: SimulationSettings, _ work: Workspace<T>, _ columns: Columns<T>) {
        (self.settings, self.columns) = (nucleation, columns)
        grid = work.grid
        halfWidth = settings.interface.halfWidth
        radius = nucleation.radius ?? 3 * halfWidth
        // In two dimensions the box is a slice as deep as a nucleus is wide.
        let area = grid.nz > 1 ? grid.faceArea : grid.spacing * 2 * radius
        rates = map.mixed(nucleation.rate * area, (nucleation.rateElsewhere ?? 0) * area)
        barriers = map.mixed(nucleation.barrier, nucleation.barrierElsewhere ?? nucleation.barrier)
        stream = RandomStream(seed: UInt64(nucleation.seed), purpose: "nucleation")
        weights = .allocate(capacity: grid.lateralCells)
        weights.initialize(repeating: 0, count: grid.lateralCells)
        next = -log(stream.uniform(0, 0))
        reference = settings.electrolyte.concentration
        thermal = settings.metal.thermalFactor(temperature: settings.kinetics.temperature)
        followsConcentration = settings.electrolyte.potential == .electrostatic
    }

    deinit { weights.deallocate() }

    /// The step after which the next nucleus is due, s, at the present rate; a rate that falls on the way leaves at most a thousandth of
    /// a nucleus per step.
    var longestStep: Double { intensity > 0 ? max(next - exposure, 1e-3) / intensity : .infinity }

    /// The rates as things are; the columns hold the present metal.
    func measure(_ concentration: Field<T>, _ potential: Field<T>, metalPotential: Double) {
        var total = 0.0
        let rates = rates, barriers = barriers
        for k in 0..<grid.nz {
            let c = concentration.row(grid.ny * k), phi = potential.row(grid.ny * k)
            for i in 0..<grid.nx {
                let n = i + grid.nx * k
                let bare = 1 - min(max(columns.heights[n] / (2 * halfWidth), 0), 1)
                let nernst = followsConcentration ? log(max(Double(c[i]), 1e-9 * reference) / reference) / thermal : 0
                let drive = nernst - (metalPotential - Double(phi[i]))
                weights[n] = bare > 0 && drive > 0 ? bare * rates[n] * exp(-barriers[n] / (drive * drive)) : 0
                total += weights[n]
            }
        }
        intensity = total
    }

    /// Books an accepted step.
    func pass(_ step: Double, _ concentration: Field<T>, _ potential: Field<T>, metalPotential: Double) {
        let before = intensity
        measure(concentration, potential, metalPotential: metalPotential)
        exposure += 0.5 * step * (before + intensity)
    }

    /// The place (x, z) of a nucleus that is due, m; nil when none is.
    func takeDue() -> (x: Double, z: Double)? {
        guard exposure >= next * (1 - 1e-12), intensity > 0 else { return nil }
        let n = UInt64(count)
        func rowSum(_ k: Int) -> Double {
            var sum = 0.0
            for i in 0..<grid.nx { sum += weights[i + grid.nx * k] }
            return sum
        }
        let (k, z) = draw(stream.uniform(n, 1) * intensity, grid.nz, rowSum)
        let (_, x) = draw(stream.uniform(n, 2) * rowSum(k), grid.nx) { weights[$0 + grid.nx * k] }
        count += 1
        next -= log(stream.uniform(n + 1, 0))
        return (x * grid.spacing, z * grid.spacing)
    }

    /// The entry in which the sum passes a value, and the place within all of them.
    private func draw(_ value: Double, _ count: Int, _ weight: (Int) -> Double) -> (index: Int, place: Double) {
        var left = value, last = 0
        for n in 0..<count {
            let w = weight(n)
            guard w > 0 else { continue }
            last = n
            if left < w { return (n, Double(n) + left / w) }
            left -= w
        }
        return (last, Double(last) + 1)
    }

    /// Puts a nucleus on the substrate. The metal and the salt of both past times change alike: a nucleus is no growth.
    func plant(_ place: (x: Double, z: Double), _ xi: History<T>, concentration: Field<T>, content: History<T>, floor: Double) {
        let h = grid.spacing, reach = radius + 20 * halfWidth, width = Double(grid.nx) * h, depth = Double(grid.nz) * h
        func distance(_ a: Double, _ b: Double, _ period: Double) -> Double {
            let d = abs(a - b)
            return min(d, period - d)
        }
        for k in 0..<grid.nz {
            let dz = grid.nz > 1 ? distance((Double(k) + 0.5) * h, place.z, depth) : 0
            guard dz < reach else { continue }
            for j in 0..<min(grid.ny, Int(reach / h) + 1) {
                let row = j + grid.ny * k, now = xi.past[0].row(row), before = xi.past[1].row(row), c = concentration.row(row)
                let amount = content.past[0].row(row), amountBefore = content.past[1].row(row), y = (Double(j) + 0.5) * h
                for i in 0..<grid.nx {
                    let dx = distance((Double(i) + 0.5) * h, place.x, width), r = (dx * dx + y * y + dz * dz).squareRoot()
                    guard r < reach else { continue }
                    let old = now[i], new = max(old, T(0.5 * (1 - tanh((r - radius) / (2 * halfWidth)))))
                    guard new > old else { continue }
                    let displaced = T((max(1 - Double(new), floor) - max(1 - Double(old), floor)) * Double(c[i]))
                    now[i] = new
                    before[i] += new - old
                    metal += Double(new) - Double(old)
                    amount[i] += displaced
                    amountBefore[i] += displaced
                    salt += Double(displaced)
                }
            }
        }
        for level in xi.past { level.fillGhosts() }
    }

    var state: [StateItem] {
        [
            .number(name: "nuclei", get: { Double(self.count) }, set: { self.count = Int($0) }),
            .number(name: "nuclei.exposure", get: { self.exposure }, set: { self.exposure = $0 }),
            .number(name: "nuclei.next", get: { self.next }, set: { self.next = $0 }),
            .number(name: "nuclei.intensity", get: { self.intensity }, set: { self.intensity = $0 }),
            .number(name: "nuclei.metal", get: { self.metal }, set: { self.metal = $0 }),
            .number(name: "nuclei.salt", get: { self.salt }, set: { self.salt = $0 }),
        ]
    }
}
