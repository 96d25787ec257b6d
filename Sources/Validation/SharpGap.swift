/// Salt between flat fronts that sweep it up as they move: c_t = D c_yy + v c_y in the frame of the front, D c_y = v ((1-t+)/V_m - c) at
/// it.
/// Conservative finite volumes on a moving, equally divided gap, backward differences of second order.
package struct SharpGap {
    let diffusivity: Double, source: Double
    package var gap: Double
    package private(set) var c: [Double]
    private var old: [Double]
    private var oldGap: Double
    private var isFirst = true

    package init(diffusivity: Double, transference: Double, gap: Double, concentration: Double, cells: Int) {
        (self.diffusivity, self.gap, oldGap) = (diffusivity, gap, gap)
        source = (1 - transference) / molarVolume
        c = [Double](repeating: concentration, count: cells)
        old = c
    }

    /// One step at the front speed v; salt enters at the far end at the rate `source` v (lithium), or the end is closed (far away).
    package mutating func step(_ dt: Double, speed v: Double, feeds: Bool) {
        let n = c.count, newGap = gap - v * dt, h = newGap / Double(n)
        let (a0, a1, a2) = isFirst ? (1 / dt, 1 / dt, 0) : (1.5 / dt, 2 / dt, -0.5 / dt)
        // Nodes move with s = y/gap: the lower face stays with the front, the face at s moves at -v (1 - s) against the laboratory.
        var lower = [Double](repeating: 0, count: n), main = lower, upper = lower, b = lower
        for i in 0..<n {
            main[i] = a0 * h
            b[i] = a1 * c[i] * gap / Double(n) + a2 * old[i] * oldGap / Double(n)
        }
        for face in 1..<n {
            // Flux in +y across the moving face: -D dc/dy - w c with w the speed of the face, v (1 - s).
            let w = v * (1 - Double(face) / Double(n)), d = diffusivity / h
            main[face - 1] += d - w / 2
            upper[face - 1] -= d + w / 2
            main[face] += d + w / 2
            lower[face] -= d - w / 2
        }
        b[0] -= v * source
        if feeds { b[n - 1] += v * source }
        var new = b
        for i in 1..<n {
            let m = lower[i] / main[i - 1]
            main[i] -= m * upper[i - 1]
            new[i] -= m * new[i - 1]
        }
        new[n - 1] /= main[n - 1]
        for i in stride(from: n - 2, through: 0, by: -1) { new[i] = (new[i] - upper[i] * new[i + 1]) / main[i] }
        (old, oldGap, c, gap, isFirst) = (c, gap, new, newGap, false)
    }

    /// c at the front: from the first two cells and the slope there.
    package func surface(speed v: Double) -> Double {
        // c = a + b y + e y^2 with cell means c0, c1 and D b = v (source - a).
        let h = gap / Double(c.count), k = v / diffusivity
        // c0 = a + b h/2 + e h^2/3, c1 = a + 3 b h/2 + 7 e h^2/3, b = k (source - a).
        let r = (7 * c[0] - c[1]) / 6
        return (r - k * source * h / 3) / (1 - k * h / 3)
    }
}
