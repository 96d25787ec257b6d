import Glibc
import Grids

/// Which metal is connected to the electrode, and where the surface may react.
///
/// Metal is xi > 1/2, joined through cell faces, periodic laterally; the electrode y = 0 is one root. Cells react within `reach` cells of
/// connected metal, but not within 3 cells of disconnected ("dead") metal unless a connected cell is next to them. Labels come from
/// union-find with path halving.
public final class Connectivity {
    private let grid: Grid
    private let reach: Int
    private let metal: UnsafeMutablePointer<UInt8>
    /// One per cell and one for the electrode; somebody else's memory, overwritten by an update.
    private let label: UnsafeMutablePointer<Int32>, owner: AnyObject
    private let scratch: UnsafeMutablePointer<UInt8>
    private let counter: UnsafeMutablePointer<UInt8>
    /// 1 where the surface may react; without padding.
    public let live: UnsafeMutablePointer<UInt8>
    /// Cells of disconnected metal.
    public private(set) var deadCells = 0
    /// Front travel since the last update, m.
    private var travel = 0.0

    /// - Parameter scratch: a field whose values nobody needs across an `update`.
    init<T: Real>(_ grid: Grid, reach: Int, scratch field: Field<T>) {
        self.grid = grid
        precondition(field.layout.storage * MemoryLayout<T>.size > 4 * grid.cells)
        (label, owner) = (UnsafeMutableRawPointer(field.cells).assumingMemoryBound(to: Int32.self), field)
        self.reach = min(reach, 250)
        func bytes(_ count: Int, _ value: UInt8) -> UnsafeMutablePointer<UInt8> {
            let p = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
            p.initialize(repeating: value, count: count)
            return p
        }
        metal = bytes(grid.cells, 0)
        live = bytes(grid.cells, 1)
        scratch = bytes(grid.cells, 0)
        counter = bytes(max(grid.nx * grid.ny, grid.nx), 0)
    }

    deinit {
        metal.deallocate(); live.deallocate(); scratch.deallocate(); counter.deallocate()
    }

    /// Books front travel; updates, labels and all, when it adds up to half a cell: 0.8 % of the wall time of half an hour of plating on
    /// 500 x 125 cells.
    func accept<T: Real>(_ xi: Field<T>, travel step: Double) {
        travel += step
        if travel >= 0.5 * grid.spacing { update(xi) }
    }

    func update<T: Real>(_ xi: Field<T>) {
        travel = 0
        for row in 0..<grid.rows { markMetal(xi.row(row), row) }
        joinCells()
        // Rays of connected and disconnected metal, grown by their reaches.
        grow(into: live, by: reach) { $0 == 1 }
        guard deadCells > 0 else { return }
        grow(into: scratch, by: 3) { $0 == 2 }
        for n in 0..<grid.cells where scratch[n] == 1 { live[n] = 0 }
        grow(into: scratch, by: 1) { $0 == 1 }
        for n in 0..<grid.cells where scratch[n] == 1 { live[n] = 1 }
    }

    /// Volume of metal (the integral of xi) that no longer reacts, m^3 (m^2 in 2D): that of every cell that may not react and holds more
    /// than `haze`. So the rim of a dead body counts, and the haze below 1/2 that a thin stem leaves; the foot of the live profile does
    /// not.
    func deadVolume<T: Real>(_ xi: Field<T>, above haze: Double) -> Double {
        var total = 0.0
        for row in 0..<grid.rows { total += deadMetal(xi.row(row), row, haze: T(haze)) }
        return total * grid.cellVolume
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    private func deadMetal<T: Real>(_ xi: UnsafeMutablePointer<T>, _ row: Int, haze: T) -> Double {
        let live = live + row * grid.nx
        var sum = 0.0
        for i in 0..<grid.nx where live[i] == 0 && xi[i] > haze { sum += Double(xi[i]) }
        return sum
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    private func markMetal<T: Real>(_ xi: UnsafeMutablePointer<T>, _ row: Int) {
        let out = metal + row * grid.nx, half: T = 0.5
        for i in 0..<grid.nx { out[i] = xi[i] > half ? 1 : 0 }
    }

    // MARK: - Labels

    private func root(_ n: Int32) -> Int32 {
        var n = n
        while label[Int(n)] != n {
            label[Int(n)] = label[Int(label[Int(n)])]
            n = label[Int(n)]
        }
        return n
    }

    private func join(_ a: Int, _ b: Int) {
        let a = root(Int32(a)), b = root(Int32(b))
        if a < b { label[Int(b)] = a } else if b < a { label[Int(a)] = b }
    }

    /// metal: 1 connected, 2 disconnected. Label 0 is the electrode, cell n has label n + 1.
    private func joinCells() {
        let nx = grid.nx, ny = grid.ny, nz = grid.nz
        label[0] = 0
        for n in 0..<grid.cells where metal[n] != 0 { label[n + 1] = Int32(n + 1) }
        for k in 0..<nz {
            for j in 0..<ny {
                let start = nx * (j + ny * k)
                for i in 0..<nx where metal[start + i] != 0 {
                    let n = start + i
                    if i > 0 && metal[n - 1] != 0 { join(n + 1, n) }
                    if j == 0 { join(0, n + 1) } else if metal[n - nx] != 0 { join(n + 1, n - nx + 1) }
                    if k > 0 && metal[n - nx * ny] != 0 { join(n + 1, n - nx * ny + 1) }
                    if i == nx - 1 && grid.x == .periodic && metal[start] != 0 { join(n + 1, start + 1) }
                    if k == nz - 1 && nz > 1 && grid.z == .periodic && metal[n - nx * ny * (nz - 1)] != 0 {
                        join(n + 1, n - nx * ny * (nz - 1) + 1)
                    }
                }
            }
        }
        deadCells = 0
        for n in 0..<grid.cells where metal[n] != 0 && root(Int32(n + 1)) != 0 {
            metal[n] = 2
            deadCells += 1
        }
    }

    // MARK: - Growth of a set by a reach along each axis

    private func grow(into out: UnsafeMutablePointer<UInt8>, by reach: Int, _ belongs: (UInt8) -> Bool) {
        let nx = grid.nx, ny = grid.ny, nz = grid.nz, plane = nx * ny
        for n in 0..<grid.cells { out[n] = belongs(metal[n]) ? 1 : 0 }
        for row in 0..<grid.rows {
            // Nothing to grow in a row without marks, nor in a full one: most rows, of the sweep that goes cell by cell.
            let line = out + row * nx
            guard memchr(line, 1, nx) != nil && memchr(line, 0, nx) != nil else { continue }
            sweep(line, count: nx, stride: 1, lanes: 1, reach, wraps: grid.x == .periodic)
        }
        for k in 0..<nz { sweep(out + k * plane, count: ny, stride: nx, lanes: nx, reach, wraps: grid.y == .periodic) }
        if nz > 1 { sweep(out, count: nz, stride: plane, lanes: plane, reach, wraps: grid.z == .periodic) }
    }

    /// Marks every cell within `reach` of a marked one along one axis, for `lanes` neighbouring lines at once: a counter that restarts at
    /// each mark runs up and down the axis (twice round a periodic one).
    private func sweep(_ cells: UnsafeMutablePointer<UInt8>, count: Int, stride: Int, lanes: Int, _ reach: Int, wraps: Bool) {
        let start = UInt8(reach + 1)
        for forward in [true, false] {
            for lane in 0..<lanes { counter[lane] = 0 }
            for turn in 0..<(wraps ? 2 : 1) * count {
                let n = forward ? turn % count : count - 1 - turn % count
                let line = cells + n * stride
                for lane in 0..<lanes {
                    // Marks of the original set are 1, those added on this axis 2, so that they do not grow further.
                    let c: UInt8 = line[lane] == 1 ? start : (counter[lane] > 0 ? counter[lane] - 1 : 0)
                    counter[lane] = c
                    if c > 0 && line[lane] == 0 { line[lane] = 2 }
                }
            }
        }
        for n in 0..<count { for lane in 0..<lanes where cells[n * stride + lane] == 2 { cells[n * stride + lane] = 1 } }
    }

    var state: [StateItem] {
        [
            .array(name: "live", element: .byte, count: grid.cells, memory: live, owner: self),
            .array(name: "metalLabels", element: .byte, count: grid.cells, memory: metal, owner: self),
            .number(name: "deadCells", get: { Double(self.deadCells) }, set: { self.deadCells = Int($0) }),
            .number(name: "travelSinceLabels", get: { self.travel }, set: { self.travel = $0 }),
        ]
    }
}
