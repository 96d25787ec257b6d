import Glibc

/// The surface as one height per column (i, k), x fastest: what a profilometer sees from above.
public struct HeightMap: Sendable, Equatable {
    public let nx: Int, nz: Int
    /// Distance between columns, m.
    public let dx: Double
    /// Heights above the electrode, m; entry i + nx k.
    public var heights: [Double]
    /// Whether the map repeats laterally (a simulation) or ends at its edges (a measured map).
    public let isPeriodic: Bool

    public init(nx: Int, nz: Int = 1, dx: Double, heights: [Double], isPeriodic: Bool = true) {
        precondition(nx > 0 && nz > 0 && dx > 0 && heights.count == nx * nz)
        (self.nx, self.nz, self.dx, self.heights, self.isPeriodic) = (nx, nz, dx, heights, isPeriodic)
    }

    /// The highest crossing of xi = 1/2 in every column, between cells by `Level`; 0 where a column holds no metal, the height of the box
    /// where its last cell is metal.
    ///
    /// - Parameter components: of the metal; when given, only metal connected to the electrode counts.
    public init(_ xi: Samples, connected components: Components? = nil) {
        let nx = xi.nx, ny = xi.ny
        var heights = [Double](repeating: 0, count: nx * xi.nz)
        xi.values.withUnsafeBufferPointer { v in
            for k in 0..<xi.nz {
                var open = nx
                var found = [Bool](repeating: false, count: nx)
                for j in stride(from: ny - 1, through: 0, by: -1) where open > 0 {
                    let row = nx * (j + ny * k)
                    for i in 0..<nx where v[row + i] >= 0.5 && !found[i] {
                        if let components, !components.isConnected(i, j, k) { continue }
                        found[i] = true
                        open -= 1
                        let isTop = j == ny - 1 || Level.isMetal(v[row + nx + i])
                        heights[i + nx * k] = (Double(j) + (isTop ? 1 : 0.5 + Level.crossing(v[row + i], v[row + nx + i]))) * xi.dx
                    }
                }
            }
        }
        self.init(nx: nx, nz: xi.nz, dx: xi.dx, heights: heights)
    }

    public var isProfile: Bool { nz == 1 }
    public var mean: Double { heights.reduce(0, +) / Double(heights.count) }
    public var highest: Double { heights.max() ?? 0 }
    public var lowest: Double { heights.min() ?? 0 }
    public var width: Double { Double(nx) * dx }
    public var depth: Double { Double(nz) * dx }

    /// Every height at which column (i, k) passes xi = 1/2, from the electrode up (m). An odd count starts in metal.
    public static func crossings(_ xi: Samples, column i: Int, _ k: Int) -> [Double] {
        (0..<max(xi.ny - 1, 0)).compactMap { j in
            let a = xi[i, j, k], b = xi[i, j + 1, k]
            return Level.isMetal(a) == Level.isMetal(b) ? nil : (Double(j) + 0.5 + Level.crossing(a, b)) * xi.dx
        }
    }

    /// What levelling is taken off before roughness is measured.
    public enum Levelling: String, Sendable, CaseIterable {
        /// The mean height: right for a periodic simulation, which cannot be tilted.
        case mean
        /// The least-squares plane (line): for measured maps.
        case plane
    }

    public func levelled(_ how: Levelling) -> HeightMap {
        var out = self
        let average = mean
        var slopeX = 0.0, slopeZ = 0.0
        if how == .plane {
            var xx = 0.0, zz = 0.0, xh = 0.0, zh = 0.0
            for (n, h) in heights.enumerated() {
                let x = centredX(n), z = centredZ(n)
                xx += x * x; zz += z * z; xh += x * h; zh += z * h
            }
            slopeX = xx > 0 ? xh / xx : 0
            slopeZ = zz > 0 ? zh / zz : 0
        }
        for n in heights.indices { out.heights[n] -= average + slopeX * centredX(n) + slopeZ * centredZ(n) }
        return out
    }

    private func centredX(_ n: Int) -> Double { Double(n % nx) - Double(nx - 1) / 2 }
    private func centredZ(_ n: Int) -> Double { Double(n / nx) - Double(nz - 1) / 2 }
}
