package import Electrodeposition
import Glibc
internal import Grids

/// Motion of the interface without reaction: d xi/dt = M l [lap xi + C - w].
package enum FreeInterface {
    package static let mobility = 1e-8

    package static func still(_ x: Double, _ y: Double, _ z: Double? = nil, dx: Double, _ scheme: InterfaceSettings.Scheme,
                      _ capillarity: InterfaceSettings.Capillarity) -> SimulationSettings {
        box(x, y, z, dx: dx) {
            $0.kinetics.model = .none
            $0.interface.mobility = mobility
            $0.interface.scheme = scheme
            $0.interface.capillarity = capillarity
            $0.interface.allowCoarse = true
            $0.time.frontStep = 0.1
        }
    }

    /// A profile that was 1.6 times too wide, after it has settled: its largest distance from the tanh and its energy over l/3 (W = 1,
    /// kappa = 2 l^2, so that gamma = sqrt(2 kappa W)/6 = l/3), minus 1.
    package static func settledProfile(_ scheme: InterfaceSettings.Scheme) throws -> (distance: Double, energy: Double) {
        let dx = 0.25
        let sim = try start(still(1, 20, dx: dx, scheme, .physical)), width = 1.6 * l
        sim.place(metal: { 0.5 * (1 - tanh(($1 - 10.1 * l) / (2 * width))) + 0 * ($0 + $2) })
        try sim.run(until: 60 * l / mobility)
        let middle = sim.metalThickness, h = sim.grid.spacing
        var largest = 0.0, energy = 0.0
        for j in 3..<sim.grid.ny - 3 {
            let xi = Double(sim.phase[0, j]), y = (Double(j) + 0.5) * h
            largest = max(largest, abs(xi - 0.5 * (1 - tanh((y - middle) / (2 * l)))))
            // Sixth-order slope; W = 1, kappa = 2 l^2.
            func d(_ n: Int) -> Double { Double(sim.phase[0, j + n] - sim.phase[0, j - n]) }
            let slope = (45 * d(1) - 9 * d(2) + d(3)) / (60 * h)
            energy += (l * l * slope * slope + xi * xi * (1 - xi) * (1 - xi)) * h
        }
        return (largest, energy / (l / 3) - 1)
    }

    /// Radius of a half disc (half sphere) on the wall y = 0 from the metal in the box, with the share that the diffuse profile adds.
    package static func radius(_ sim: Simulation<Double>) -> Double {
        let h = sim.grid.spacing, volume = sim.metalThickness * Double(sim.grid.lateralCells) * (sim.grid.nz > 1 ? h * h : h)
        let spread = Double.pi * Double.pi * l * l
        guard sim.grid.nz > 1 else { return (2 * volume / Double.pi - spread / 3).squareRoot() }
        var r = cbrt(3 * volume / (2 * Double.pi))
        for _ in 0..<30 { r = cbrt(3 * volume / (2 * Double.pi) - spread * r) }
        return r
    }

    /// d(R^2)/dt in units of 2 M l from radius R1 until R2 or until `time`, both in half-widths.
    package static func rate(_ scheme: InterfaceSettings.Scheme, _ capillarity: InterfaceSettings.Capillarity, dx: Double, from r1: Double,
                             to r2: Double, solid: Bool) throws -> Double {
        let half = r1 + 6, sim = try start(still(2 * half, half, solid ? 2 * half : nil, dx: dx, scheme, capillarity))
        sim.place(metal: { x, y, z in
            0.5 * (1 - tanh((hypot(hypot(x - half * l, solid ? z - half * l : 0), y) - r1 * l) / (2 * l)))
        })
        try sim.run(until: 4 * l / mobility)
        let begin = (time: sim.time, square: pow(radius(sim), 2))
        let dimensions = solid ? 2.0 : 1.0
        try sim.run(until: sim.time + (begin.square - r2 * r2 * l * l) / (2 * dimensions * mobility * l))
        return (pow(radius(sim), 2) - begin.square) / (sim.time - begin.time) / (2 * mobility * l)
    }

    /// Largest departure of a sphere at rest (radius in half-widths, curvature compensated) from its mean radius after `time`, in half-widths:
    /// along the rays through the cells at its surface.
    package static func departureOfRestingSphere(_ scheme: InterfaceSettings.Scheme, dx: Double, radius r: Double, time: Double) throws -> Double {
        let half = r + 6, sim = try start(still(2 * half, half, 2 * half, dx: dx, scheme, .physical))
        func distance(_ i: Int, _ j: Int, _ k: Int) -> Double {
            hypot(hypot((Double(i) + 0.5) * dx - half, (Double(k) + 0.5) * dx - half), (Double(j) + 0.5) * dx)
        }
        sim.place(metal: { x, y, z in 0.5 * (1 - tanh((hypot(hypot(x - half * l, z - half * l), y) - r * l) / (2 * l))) })
        try sim.run(until: time * l / mobility)
        var radii: [Double] = []
        for k in 0..<sim.grid.nz {
            for j in 0..<sim.grid.ny {
                for i in 0..<sim.grid.nx {
                    let xi = Double(sim.phase[i, j, k])
                    if xi > 0.2 && xi < 0.8 { radii.append(distance(i, j, k) - log((1 - xi) / xi)) }
                }
            }
        }
        let mean = radii.reduce(0, +) / Double(radii.count)
        return radii.map { abs($0 - mean) }.max() ?? .infinity
    }
}
