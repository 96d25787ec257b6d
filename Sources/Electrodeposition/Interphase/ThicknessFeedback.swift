import Glibc
import Grids
import Spectral

/// How much thinner the film's resistance is for the stretch of the surface: r = r(X0) S/J.
///
/// J is the area stretch, 1/J averaged over the material with the Gaussian exp(-(r/lambda)^2); S the stretch that the film has grown back
/// to, d ln S/dt = (ln J - ln S)/tau. A mode k of a flat surface that plates at v under a film with w = r/(r + dE/di) then grows as sigma^2
/// + sigma/tau = w v^2 k^2 exp(-k^2 lambda^2/4): without the average every wavelength, the shortest fastest.
final class ThicknessFeedback {
    private let plane: MaterialPlane
    private let relaxationTime: Double?
    private let transform: Transform<Double>
    private let sum: Field<Double>, weight: Field<Double>
    /// Factors of the modes, normalisation included.
    private let filter: Field<Double>
    /// 1/J averaged, S, and their product, the factor on the resistance; per node.
    private let thinning: UnsafeMutablePointer<Double>, regrown: UnsafeMutablePointer<Double>
    let factor: UnsafeMutablePointer<Double>

    init(_ settings: ThicknessFeedbackSettings, _ plane: MaterialPlane, spacing: Double) throws {
        self.plane = plane
        relaxationTime = settings.relaxationTime
        let grid = Grid(nx: plane.nx, ny: plane.nz, spacing: 1, y: .periodic)
        transform = try Transform(grid, Boundaries(y: .periodic), device: Device(), effort: .estimate)
        sum = Field(grid)
        weight = Field(grid)
        filter = Field(transform.modes)
        // k in radians per node.
        let length = settings.smoothingLength / spacing * Double(MaterialPlane.refinement)
        for q in 0..<plane.nz {
            let n = 2 * q > plane.nz ? q - plane.nz : q, kz = 2 * Double.pi * Double(n) / Double(plane.nz)
            for m in 0...plane.nx / 2 {
                let kx = 2 * Double.pi * Double(m) / Double(plane.nx),
                    value = transform.normalisation * exp(-(kx * kx + kz * kz) * length * length / 4)
                filter.row(q)[2 * m] = value
                filter.row(q)[2 * m + 1] = value
            }
        }
        (thinning, regrown, factor) = (.allocate(capacity: plane.count), .allocate(capacity: plane.count), .allocate(capacity: plane.count))
        restart()
    }

    deinit {
        thinning.deallocate()
        regrown.deallocate()
        factor.deallocate()
    }

    func restart() {
        for values in [thinning, regrown, factor] { values.update(repeating: 1, count: plane.count) }
    }

    /// A new average of 1/J, from the area ratios of the surface's cells weighted by the material in them.
    func average(_ each: ((_ place: MaterialPlane.Place, _ ratio: Double, _ material: Double) -> Void) -> Void) {
        sum.fill(0)
        weight.fill(0)
        let stride = sum.layout.rowStride, nx = plane.nx, sum = sum.cells, weight = weight.cells
        each { place, ratio, material in
            for a in 0..<4 {
                let node = Int(place.node[a]), o = node / nx * stride + node % nx, share = Double(place.share[a]) * material
                sum[o] += share * ratio
                weight[o] += share
            }
        }
        smooth(self.sum)
        smooth(self.weight)
        var mean = 0.0
        for row in 0..<plane.nz { for i in 0..<nx { mean += weight[row * stride + i] } }
        mean /= Double(plane.count)
        // Material that is buried keeps the thickness it had.
        for row in 0..<plane.nz {
            for i in 0..<nx where weight[row * stride + i] > 0.05 * mean {
                thinning[row * nx + i] = sum[row * stride + i] / weight[row * stride + i]
            }
        }
        combine()
    }

    /// The film grows back for `step` seconds.
    func relax(_ step: Double) {
        guard let relaxationTime else { return }
        let rest = exp(-step / relaxationTime)
        // ln S goes to ln J = -ln(1/J).
        for n in 0..<plane.count { regrown[n] = exp(rest * log(regrown[n]) - (1 - rest) * log(thinning[n])) }
        combine()
    }

    private func combine() {
        for n in 0..<plane.count { factor[n] = thinning[n] * regrown[n] }
    }

    private func smooth(_ field: Field<Double>) {
        transform.forward(field)
        let count = transform.modes.nx
        for row in 0..<plane.nz {
            let modes = transform.spectrum.row(row), filter = filter.row(row)
            for i in 0..<count { modes[i] *= filter[i] }
        }
        transform.inverse(into: field)
    }

    var state: [StateItem] {
        [("thinning", thinning), ("regrown", regrown), ("factor", factor)].map { name, memory in
            .array(name: "interphase." + name, element: .double, count: plane.count, memory: memory, owner: self)
        }
    }
}
