package import Electrodeposition
import Glibc
internal import Grids
internal import Morphology
package import Spectral

/// Half-width of the interface in these problems, m. Lengths of the helpers below are counted in it.
package let l = 0.2e-6
package let faraday = Constants.faraday
package let molarVolume = 1.30e-5
/// f = F/RT at 298.15 K, 1/V, and RT ln 10 / F.
package let thermalFactor = faraday / (Constants.gas * 298.15)
package let decade = log(10) / thermalFactor

/// A box of the given size in half-widths, with cells of `dx` half-widths.
package func box(_ x: Double, _ y: Double, _ z: Double? = nil, dx: Double = 1,
                 _ change: (inout SimulationSettings) -> Void) -> SimulationSettings {
    var s = SimulationSettings()
    s.grid.spacing = dx * l
    s.grid.size = [x * l, y * l] + (z.map { [$0 * l] } ?? [])
    s.interface.halfWidth = l
    change(&s)
    return s
}

package func start<T: FFTReal>(_ s: SimulationSettings, _: T.Type = Double.self, threads: Int = 1) throws -> Simulation<T> {
    try Simulation<T>(s, on: Device(threads: threads), effort: .estimate)
}

extension Simulation {
    package func run(until end: Double) throws {
        while time < end * (1 - 1e-12) { try step(until: end) }
    }

    /// Steps until the metal has grown (or shrunk) by the last of `travels` (m, in order), and the times at which it passed each,
    /// interpolated.
    package func times(at travels: [Double], _ each: () -> Void = {}) throws -> [Double] {
        let start = metalThickness
        var result: [Double] = []
        while result.count < travels.count {
            let before = (time: time, thickness: metalThickness)
            try step(until: .greatestFiniteMagnitude)
            each()
            while result.count < travels.count, abs(metalThickness - start) >= abs(travels[result.count]) {
                let share = (start + travels[result.count] - before.thickness) / (metalThickness - before.thickness)
                result.append(before.time + (time - before.time) * share)
            }
        }
        return result
    }

    /// Height of the metal over each cell of the electrode plane, m, in (z, x) order.
    package var heights: [Double] {
        (0..<grid.nz).flatMap { k in
            (0..<grid.nx).map { i in (0..<grid.ny).reduce(0.0) { $0 + Double(phase[i, $1, k]) } * grid.spacing }
        }
    }

    /// Root mean square of the heights about their mean, m.
    package var roughness: Double {
        Roughness(HeightMap(nx: grid.nx, nz: grid.nz, dx: grid.spacing, heights: heights)).rootMeanSquare
    }

    /// Amplitude of the cosine with one wave in the box along x, m.
    package var firstMode: Double { mode(1) }

    /// Amplitude of the wave along x with `waves` of its lengths in the box, m.
    package func mode(_ waves: Int) -> Double {
        let h = heights, n = grid.nx
        var c = 0.0, s = 0.0
        for (i, value) in h.enumerated() {
            let angle = 2 * Double.pi * Double(waves) * (Double(i % n) + 0.5) / Double(n)
            c += value * cos(angle)
            s += value * sin(angle)
        }
        return 2 * hypot(c, s) / Double(h.count)
    }

    /// c at height y above the electrode in the first column, linear between cell centres, mol/m^3.
    package func concentration(at y: Double) -> Double {
        let p = y / grid.spacing - 0.5, j = min(max(Int(p), 0), grid.ny - 2), t = p - Double(j)
        return Double(concentration[0, j]) * (1 - t) + Double(concentration[0, j + 1]) * t
    }
}

