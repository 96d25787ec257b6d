import Glibc
public import Grids
import Spectral

/// The share of site in each cell of the electrode plane, from 0 to 1: one description is one map on every grid.
///
/// The description is sampled at 4 points per cell and lateral axis.
public struct SiteMap: Sendable {
    /// In (z, x) order.
    public let shares: [Double]
    private static let refinement = 4

    /// - Throws: `SiteMapError` when the file of the map has not been read, or a spectral error.
    public init(_ sites: SiteSettings, on grid: Grid) throws {
        let n = SiteMap.refinement, nx = n * grid.nx, nz = grid.nz > 1 ? n * grid.nz : 1, h = grid.spacing / Double(n)
        let width = Double(grid.nx) * grid.spacing, depth = grid.nz > 1 ? Double(grid.nz) * grid.spacing : nil
        var fine = [Double](repeating: 0, count: nx * nz)
        func setEach(_ value: (_ x: Double, _ z: Double) -> Double) {
            for k in 0..<nz { for i in 0..<nx { fine[i + nx * k] = value((Double(i) + 0.5) * h, (Double(k) + 0.5) * h) } }
        }
        if let patches = sites.patches {
            for (x, z) in patches.places(width, depth) { SiteMap.cover(&fine, nx, nz, h, x, z, patches.radius) }
        } else if let stripes = sites.stripes {
            setEach { x, _ in
                let phase = (x - stripes.offset) / stripes.period
                return phase - phase.rounded(.down) < stripes.share ? 1 : 0
            }
        } else if let random = sites.random {
            let map = RandomMap(.normal, mean: 1, coefficientOfVariation: 1, correlationLength: random.correlationLength,
                                periodX: width, periodZ: depth, seed: UInt64(random.seed), purpose: "sites")
            let threshold = 1 - SiteMap.normalQuantile(random.share)
            fine = try map.values(nx: nx, nz: nz).map { $0 > threshold ? 1 : 0 }
        } else if let file = sites.file {
            guard file.values.count == file.rows * file.columns, !file.values.isEmpty else {
                throw SiteMapError("sites.file has not been read")
            }
            setEach { x, z in
                let i = min(Int(x / width * Double(file.columns)), file.columns - 1)
                return file.values[i + file.columns * (depth.map { min(Int(z / $0 * Double(file.rows)), file.rows - 1) } ?? 0)]
            }
        } else {
            shares = [Double](repeating: 1, count: grid.lateralCells)
            return
        }
        let m = nz > 1 ? n : 1
        shares = (0..<grid.lateralCells).map { cell in
            let i = n * (cell % grid.nx), k = m * (cell / grid.nx)
            var sum = 0.0
            for c in 0..<m { for a in 0..<n { sum += fine[i + a + nx * (k + c)] } }
            return sum / Double(n * m)
        }
    }

    /// A value on the sites and one elsewhere, mixed by area.
    func mixed(_ onSites: Double, _ elsewhere: Double) -> [Double] { shares.map { elsewhere + $0 * (onSites - elsewhere) } }

    /// Marks the points within a radius of (x, z), round the periodic edges.
    private static func cover(_ fine: inout [Double], _ nx: Int, _ nz: Int, _ h: Double, _ x: Double, _ z: Double, _ radius: Double) {
        let reach = Int((radius / h).rounded(.up)) + 1, i0 = Int(x / h), k0 = nz > 1 ? Int(z / h) : 0
        let across = min(reach, nx / 2 + 1), along = nz > 1 ? min(reach, nz / 2 + 1) : 0
        for k in k0 - along...k0 + along {
            for i in i0 - across...i0 + across {
                let dx = (Double(i) + 0.5) * h - x, dz = nz > 1 ? (Double(k) + 0.5) * h - z : 0
                if dx * dx + dz * dz < radius * radius { fine[((i % nx) + nx) % nx + nx * (((k % nz) + nz) % nz)] = 1 }
            }
        }
    }

    /// The z at which the standard normal distribution reaches p.
    static func normalQuantile(_ p: Double) -> Double {
        var low = -10.0, high = 10.0
        for _ in 0..<100 {
            let middle = 0.5 * (low + high)
            if 0.5 * erfc(-middle / 2.0.squareRoot()) < p { low = middle } else { high = middle }
        }
        return 0.5 * (low + high)
    }
}

extension SitePatches {
    /// Centres (x, z), m.
    func places(_ width: Double, _ depth: Double?) -> [(Double, Double)] {
        guard let density, centres.isEmpty else {
            guard depth != nil else { return centres.map { ($0, 0) } }
            return stride(from: 0, to: centres.count - 1, by: 2).map { (centres[$0], centres[$0 + 1]) }
        }
        let stream = RandomStream(seed: UInt64(seed), purpose: "site patches")
        return (0..<number(density, width, depth)).map { n in
            (stream.uniform(UInt64(n), 0) * width, depth.map { stream.uniform(UInt64(n), 1) * $0 } ?? 0)
        }
    }
}
