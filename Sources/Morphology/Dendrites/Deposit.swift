/// The deposit as a body: how much metal, how much surface, how dense, how much of it dead.
public struct Deposit: Sendable {
    /// Metal per footprint: the integral of xi over height (m).
    public let thickness: Double
    /// Surface over footprint: area ratio in 3D, arc-length ratio in 2D; 1 for a flat film.
    public let areaRatio: Double
    /// Part of the surface that faces the electrode, and part of the columns in which the surface is passed more than once.
    public let overhang: Double, overhangColumns: Double
    /// Part of the space under the highest crossing of each column that is not metal: pores, and electrolyte under overhangs.
    public let porosity: Double
    /// Part of that space which has no way (across faces) to the top of the box.
    public let closedPorosity: Double
    /// Surface over metal volume, 1/m.
    public let specificSurface: Double
    /// Volume of metal without connection to the electrode over all metal, and the number of such pieces.
    public let deadFraction: Double, deadPieces: Int
    /// Dead metal per footprint, m.
    public let deadThickness: Double

    /// - Parameters:
    ///   - metal: pieces of the metal.
    ///   - surface: length or area of the surface and of its downward part (m or m2), as measured by `Contour` or `TriangleSurface`.
    public init(_ xi: Samples, metal: Components, surface: (whole: Double, downward: Double)) {
        let nx = xi.nx, ny = xi.ny
        let electrolyte = Components(of: xi, metal: false)
        var sum = 0.0, under = 0, metalCells = 0, closed = 0, folded = 0, deadSum = 0.0, wholeSum = 0.0
        let hasDead = metal.deadCount > 0
        let hasClosed = electrolyte.touchesTop.contains(false)
        xi.values.withUnsafeBufferPointer { v in
            for k in 0..<xi.nz {
                var top = [Int](repeating: -1, count: nx), changes = [Int](repeating: 0, count: nx)
                for j in 0..<ny {
                    let row = nx * (j + ny * k)
                    var rowSum = 0.0
                    for i in 0..<nx {
                        let here = v[row + i] >= 0.5
                        rowSum += Double(v[row + i])
                        if here { top[i] = j; metalCells += 1 }
                        if j > 0 && here != (v[row - nx + i] >= 0.5) { changes[i] += 1 }
                    }
                    sum += rowSum
                }
                for i in 0..<nx { under += top[i] + 1; if changes[i] > 1 { folded += 1 } }
                if hasClosed {
                    for i in 0..<nx where top[i] > 0 {
                        for j in 0..<top[i] { if let piece = electrolyte.label(i, j, k), !electrolyte.touchesTop[piece] { closed += 1 } }
                    }
                }
                if hasDead {
                    for j in 0..<ny {
                        for i in 0..<nx where v[nx * (j + ny * k) + i] >= 0.5 {
                            let value = Double(v[nx * (j + ny * k) + i])
                            wholeSum += value
                            if !metal.isConnected(i, j, k) { deadSum += value }
                        }
                    }
                }
            }
        }
        let columns = Double(nx * xi.nz), volume = sum * xi.cellMeasure
        thickness = sum * xi.dx / columns
        areaRatio = surface.whole / xi.footprint
        overhang = surface.whole > 0 ? surface.downward / surface.whole : 0
        overhangColumns = Double(folded) / columns
        porosity = under > 0 ? Double(under - metalCells) / Double(under) : 0
        closedPorosity = under > 0 ? Double(closed) / Double(under) : 0
        specificSurface = volume > 0 ? surface.whole / volume : 0
        deadFraction = wholeSum > 0 ? deadSum / wholeSum : 0
        deadPieces = metal.deadCount
        deadThickness = deadFraction * thickness
    }
}
