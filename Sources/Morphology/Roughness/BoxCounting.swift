import Glibc

/// Box-counting dimension: the number N of cubic boxes of edge s that hold a part of the surface falls as s^-D.
public struct BoxCounting: Sendable {
    /// Edges of the boxes in cells (powers of two) and the number of boxes that hold surface.
    public let edges: [Int], counts: [Int]

    /// Over the surface cells of a phase field: metal cells with a neighbour across a face that is not metal (x and z periodic).
    public init(surfaceOf xi: Samples) {
        let nx = xi.nx, ny = xi.ny, nz = xi.nz
        var cells: [SIMD3<Int32>] = []
        xi.values.withUnsafeBufferPointer { v in
            for k in 0..<nz {
                for j in 0..<ny {
                    let row = nx * (j + ny * k)
                    for i in 0..<nx where v[row + i] >= 0.5 {
                        func open(_ i: Int, _ j: Int, _ k: Int) -> Bool { v[i + nx * (j + ny * k)] < 0.5 }
                        if open(i == 0 ? nx - 1 : i - 1, j, k) || open(i + 1 == nx ? 0 : i + 1, j, k) || (j > 0 && open(i, j - 1, k))
                            || (j + 1 < ny && open(i, j + 1, k)) || (nz > 1 && (open(i, j, (k + 1) % nz) || open(i, j, (k + nz - 1) % nz)))
                        {
                            cells.append(SIMD3(Int32(i), Int32(j), Int32(k)))
                        }
                    }
                }
            }
        }
        self.init(cells: cells, largest: nz > 1 ? min(nx, ny, nz) : min(nx, ny))
    }

    /// - Parameter largest: boxes grow up to this edge.
    public init(cells: [SIMD3<Int32>], largest: Int) {
        var keys = cells.map { Int64($0.x) | Int64($0.y) << 21 | Int64($0.z) << 42 }
        let lowBits: Int64 = 1 | 1 << 21 | 1 << 42
        var edges: [Int] = [], counts: [Int] = [], edge = 1
        while edge <= max(largest, 1) {
            keys.sort()
            var unique = 0
            for n in keys.indices where n == 0 || keys[n] != keys[n - 1] { keys[unique] = keys[n]; unique += 1 }
            keys.removeLast(keys.count - unique)
            edges.append(edge)
            counts.append(unique)
            // Halve all three coordinates: drop the lowest bit of each.
            for n in keys.indices { keys[n] = (keys[n] & ~lowBits) >> 1 }
            edge *= 2
        }
        (self.edges, self.counts) = (edges, counts)
    }

    /// D and its standard error, fitted over box edges (cells); by default from 2 cells to an eighth of the largest.
    public func dimension(over range: ClosedRange<Int>? = nil) -> (value: Double, error: Double, range: ClosedRange<Int>)? {
        let used = range ?? 2...max(4, (edges.last ?? 1) / 8)
        let points = zip(edges, counts).filter { used.contains($0.0) && $0.1 > 0 }.map { (x: log(Double($0.0)), y: log(Double($0.1))) }
        return LineFit(points).map { (-$0.slope, $0.slopeError, used) }
    }
}
