import Electrodeposition
import Glibc
import Grids
import Testing

@Suite("Dead lithium")
struct DeadLithiumTests {
    /// Flood fill from the electrode through faces, x and z periodic: which cells of metal are reached.
    static func connected(_ metal: [Bool], _ g: Grid) -> [Bool] {
        var reached = [Bool](repeating: false, count: g.cells), stack: [(Int, Int, Int)] = []
        func index(_ i: Int, _ j: Int, _ k: Int) -> Int { i + g.nx * (j + g.ny * k) }
        func visit(_ i: Int, _ j: Int, _ k: Int) {
            let i = (i + g.nx) % g.nx, k = (k + g.nz) % g.nz
            guard j >= 0, j < g.ny, metal[index(i, j, k)], !reached[index(i, j, k)] else { return }
            reached[index(i, j, k)] = true
            stack.append((i, j, k))
        }
        for k in 0..<g.nz { for i in 0..<g.nx { visit(i, 0, k) } }
        while let (i, j, k) = stack.popLast() {
            visit(i - 1, j, k); visit(i + 1, j, k); visit(i, j - 1, k); visit(i, j + 1, k)
            visit(i, j, k - 1); visit(i, j, k + 1)
        }
        return reached
    }

    /// Cells within `reach` of a set along each axis (a cube of cells), x and z periodic.
    static func near(_ set: [Bool], _ reach: Int, _ g: Grid) -> [Bool] {
        var out = [Bool](repeating: false, count: g.cells)
        for k in 0..<g.nz { for j in 0..<g.ny { for i in 0..<g.nx where set[i + g.nx * (j + g.ny * k)] {
            for dk in g.nz > 1 ? -reach...reach : 0...0 { for dj in -reach...reach where j + dj >= 0 && j + dj < g.ny { for di in -reach...reach {
                let x = ((i + di) % g.nx + g.nx) % g.nx, z = ((k + dk) % g.nz + g.nz) % g.nz
                out[x + g.nx * (j + dj + g.ny * z)] = true
            } } }
        } } }
        return out
    }

    @Test("labels and the mask of the reaction against a flood fill on random metal, periodic across the sides",
          arguments: [(17, 23, 1), (32, 9, 1), (5, 40, 1), (11, 13, 9), (4, 6, 16), (8, 8, 8)])
    func randomMetal(_ nx: Int, _ ny: Int, _ nz: Int) throws {
        let sim = try start(
            box(Double(nx), Double(ny), nz > 1 ? Double(nz) : nil) {
                $0.kinetics.model = .none; $0.interface.mobility = 1e-9; $0.initial.thickness = l
            })
        let g = sim.grid
        var sawDead = false, sawWrap = false
        for seed in 1...8 {
            let stream = RandomStream(seed: UInt64(seed), purpose: "test metal"), share = 0.35 + 0.05 * Double(seed)
            let metal = (0..<g.cells).map { stream.uniform(UInt64($0)) < share }
            sim.place(metal: { x, y, z in
                let n = Int(x / g.spacing) + g.nx * (Int(y / g.spacing) + g.ny * (g.nz > 1 ? Int(z / g.spacing) : 0))
                return metal[n] ? 0.9 : 0.1
            })
            let alive = Self.connected(metal, g), dead = zip(metal, alive).map { $0 && !$1 }
            let deadCells = dead.filter(\.self).count
            #expect(sim.connectivity.deadCells == deadCells)
            // Within 6 cells of live metal, not within 3 of dead metal, except right beside live metal.
            let reach = Self.near(alive, 6, g), shadow = Self.near(dead, 3, g), beside = Self.near(alive, 1, g)
            let expected = (0..<g.cells).map { beside[$0] || (reach[$0] && !shadow[$0]) }
            let wrong = (0..<g.cells).filter { (sim.connectivity.live[$0] == 1) != expected[$0] }
            #expect(wrong.isEmpty, "\(wrong.count) cells of the mask differ, seed \(seed)")
            // What is in cells that may not react, metal and haze.
            let lost = (0..<g.cells).reduce(0.0) { $0 + (expected[$1] ? 0 : metal[$1] ? 0.9 : 0.1) }
            #expect(abs(sim.deadVolume - lost * g.cellVolume) < 1e-9 * g.cellVolume)
            sawDead = sawDead || deadCells > 0
            sawWrap = sawWrap || g.nz > 1 || alive != Self.connectedWithoutWrap(metal, g)
        }
        #expect(sawDead && sawWrap)
    }

    static func connectedWithoutWrap(_ metal: [Bool], _ g: Grid) -> [Bool] {
        // A column of electrolyte beside the box cuts the way round.
        let wide = Grid(nx: g.nx + 1, ny: g.ny, spacing: g.spacing)
        let padded = (0..<g.ny).flatMap { j in Array(metal[j * g.nx..<(j + 1) * g.nx]) + [false] }
        let reached = connected(padded, wide)
        return (0..<g.ny).flatMap { j in Array(reached[j * wide.nx..<j * wide.nx + g.nx]) }
    }

    @Test("porous metal that grows and is stripped bit by bit: the labels follow a flood fill at every stage",
          arguments: [(40, 30, 1), (14, 18, 10)] + (runsFull ? [(512, 512, 1), (96, 96, 96)] : []))
    func porous(_ nx: Int, _ ny: Int, _ nz: Int) throws {
        let sim = try start(
            box(Double(nx), Double(ny), nz > 1 ? Double(nz) : nil) {
                $0.kinetics.model = .none; $0.interface.mobility = 1e-9; $0.initial.thickness = l
            })
        let g = sim.grid, stream = RandomStream(seed: 11, purpose: "porous metal")
        // A porous body by a threshold that goes up and down on one random number per cell: cells join one by one and are cut off one by one.
        let number = (0..<g.cells).map { stream.uniform(UInt64($0)) }
        // Sites percolate at 0.593 of the square lattice and 0.312 of the cubic one.
        let middle = nz > 1 ? 0.31 : 0.59, stages = g.cells > 100_000 ? 3 : 15
        var dead: [Int] = []
        for stage in (0...stages).map({ Double($0) }) + (0..<stages).reversed().map({ Double($0) }) {
            let share = middle + 0.2 * (stage / Double(stages) - 0.5), metal = number.map { $0 < share }
            sim.place(metal: { x, y, z in
                let n = Int(x / g.spacing) + g.nx * (Int(y / g.spacing) + g.ny * (g.nz > 1 ? Int(z / g.spacing) : 0))
                return metal[n] ? 0.9 : 0.1
            })
            let expected = zip(metal, Self.connected(metal, g)).filter { $0 && !$1 }.count
            #expect(sim.connectivity.deadCells == expected, "share \(share)")
            dead.append(expected)
        }
        // Most of it is cut off below the threshold, little above; down is the way up again.
        #expect(dead[0] > 3 * dead[stages] && dead.first == dead.last)
    }

    @Test("a detached body does not grow while the electrode does, in either direction", arguments: InterfaceSettings.Scheme.allCases, [-0.1, 0.05])
    func detached(_ scheme: InterfaceSettings.Scheme, _ volts: Double) throws {
        let sim = try start(box(40, 56, dx: 0.5) {
            $0.interface.scheme = scheme
            $0.control.mode = .potentiostatic
            $0.control.potential = volts
        })
        sim.place(metal: { x, y, _ in
            0.5 * (1 - tanh(min(y - 10 * l, hypot(x - 20 * l, y - 34 * l) - 8 * l) / (2 * l)))
        })
        let dead = sim.deadVolume, thickness = sim.metalThickness
        #expect(dead > 0)
        while abs(sim.metalThickness - thickness) < 3 * l { try sim.step(until: .greatestFiniteMagnitude) }
        #expect(abs(sim.deadVolume / dead - 1) < 1e-3, "dead metal \(sim.deadVolume / dead)")
    }

    @Test("metal cut off while stripping is no longer counted as live, and rejoined metal reacts again")
    func rejoined() throws {
        let sim = try start(box(24, 40) { $0.control.currentDensity = 400 })
        sim.place(metal: { x, y, _ in 0.5 * (1 - tanh(min(y - 10 * l, hypot(x - 12 * l, y - 20 * l) - 6 * l) / (2 * l))) })
        #expect(sim.connectivity.deadCells > 0)
        while sim.metalThickness - sim.initialThickness < 6 * l { try sim.step(until: .greatestFiniteMagnitude) }
        #expect(sim.connectivity.deadCells == 0)
    }
}
