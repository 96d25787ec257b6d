import Glibc
import Grids
import Spectral

/// The plane (x0, z0) of the initial surface on which what belongs to the material is kept, with nodes at half the spacing of the grid.
///
/// A point of the surface finds its values by its reference position X0. Maps are drawn mode by mode (`RandomMap`): one seed is one map on
/// every grid.
struct MaterialPlane: Sendable {
    let nx: Int, nz: Int
    private let isPeriodicX: Bool, isPeriodicZ: Bool
    let lengthX: Double, lengthZ: Double?
    /// Nodes per cell of the grid.
    static let refinement = 2

    init(_ grid: Grid) {
        nx = grid.nx * MaterialPlane.refinement
        nz = grid.nz > 1 ? grid.nz * MaterialPlane.refinement : 1
        (isPeriodicX, isPeriodicZ) = (grid.x == .periodic, grid.z == .periodic)
        lengthX = Double(grid.nx) * grid.spacing
        lengthZ = grid.nz > 1 ? Double(grid.nz) * grid.spacing : nil
    }

    var count: Int { nx * nz }

    /// The nodes around a point and their shares in it; (z, x) order. The first is the nearest. In 2D the last two have none.
    struct Place {
        var node = SIMD4<Int32>(), share = SIMD4<Float>()
    }

    /// - Parameter reference: X0 in cells of the grid.
    @inline(__always)
    func place(_ reference: SIMD3<Double>) -> Place {
        func axis(_ r: Double, _ count: Int, _ periodic: Bool) -> (near: Int, far: Int, share: Double) {
            let u = (r + 0.5) * Double(MaterialPlane.refinement) - 0.5, n = floorIndex(u), t = u - Double(n)
            @inline(__always) func wrapped(_ n: Int) -> Int {
                if n >= 0 && n < count { return n }
                if periodic { let m = n % count; return m < 0 ? m + count : m }
                return n < 0 ? 0 : count - 1
            }
            return t < 0.5 ? (wrapped(n), wrapped(n + 1), t) : (wrapped(n + 1), wrapped(n), 1 - t)
        }
        let x = axis(reference.x, nx, isPeriodicX)
        var place = Place()
        if nz == 1 {
            place.node = SIMD4(Int32(x.near), Int32(x.far), Int32(x.near), Int32(x.near))
            place.share = SIMD4(Float(1 - x.share), Float(x.share), 0, 0)
        } else {
            let z = axis(reference.z, nz, isPeriodicZ)
            place.node = SIMD4(Int32(x.near + nx * z.near), Int32(x.far + nx * z.near), Int32(x.near + nx * z.far),
                               Int32(x.far + nx * z.far))
            place.share = SIMD4(Float((1 - x.share) * (1 - z.share)), Float(x.share * (1 - z.share)), Float((1 - x.share) * z.share),
                                Float(x.share * z.share))
        }
        return place
    }

    /// A log-normal map at the nodes; uniform when it does not vary.
    func logNormal(mean: Double, variation: Double, correlationLength: Double, seed: Int, purpose: String) throws -> [Double] {
        guard variation > 0, mean > 0 else { return [Double](repeating: mean, count: count) }
        return try map(.logNormal, mean, variation, correlationLength, seed, purpose).values(nx: nx, nz: nz)
    }

    /// Patches (1) and the holes between them (0): where a normal map lies below its quantile. The quantile is taken on a mesh of a tenth
    /// of the size, so that the share is met for each seed and the same on every grid; the holes of a film lie within those of a thinner
    /// one.
    func patches(share: Double, size: Double, seed: Int, purpose: String) throws -> [UInt8] {
        guard share < 1 else { return [UInt8](repeating: 1, count: count) }
        // 1 + g
        let map = map(.normal, 1, 1, size, seed, purpose)
        func mesh(_ length: Double) -> Int { max(8, Int((10 * length / size).rounded(.up))) }
        let sample = try map.values(nx: mesh(lengthX), nz: lengthZ.map(mesh) ?? 1).sorted()
        let threshold = sample[min(sample.count - 1, Int((share * Double(sample.count)).rounded(.down)))]
        return try map.values(nx: nx, nz: nz).map { $0 < threshold ? 1 : 0 }
    }

    private func map(_ distribution: RandomMap.Distribution, _ mean: Double, _ variation: Double, _ length: Double, _ seed: Int,
                     _ purpose: String) -> RandomMap {
        RandomMap(distribution, mean: mean, coefficientOfVariation: variation, correlationLength: length, periodX: lengthX,
                  periodZ: lengthZ,
                  seed: UInt64(seed), purpose: purpose)
    }
}
