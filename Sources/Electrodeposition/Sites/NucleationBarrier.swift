import Grids
import Spectral

/// The nucleation overpotential of the substrate: U (1 - s), s the settled share of each place.
///
/// s follows the local deposit (metal above the surface at the start) from 0 to 2 l, never falls while there is deposit, and follows it
/// again below 0.1 l: stripped bare.
final class NucleationBarrier<T: FFTReal> {
    /// U (1 - s), V, over the electrode plane.
    let values: Field<T>
    private let grid: Grid
    private let halfWidth: Double
    private let overpotential: [Double]
    private let columns: Columns<T>
    private let settled: UnsafeMutablePointer<Double>
    private let start: UnsafeMutablePointer<Double>

    init(_ overpotential: [Double], halfWidth: Double, _ work: Workspace<T>, _ columns: Columns<T>) {
        (self.overpotential, self.halfWidth, self.columns) = (overpotential, halfWidth, columns)
        grid = work.grid
        values = work.lateralField()
        settled = .allocate(capacity: grid.lateralCells)
        settled.initialize(repeating: 0, count: grid.lateralCells)
        start = .allocate(capacity: grid.lateralCells)
        start.initialize(repeating: 0, count: grid.lateralCells)
    }

    deinit {
        settled.deallocate()
        start.deallocate()
    }

    /// The present surface is the bare one.
    func begin(_ xi: Field<T>) {
        columns.measure(xi)
        start.update(from: columns.heights, count: grid.lateralCells)
        settled.update(repeating: 0, count: grid.lateralCells)
    }

    /// U (1 - s) for the metal of a step that is being tried.
    func prepare(_ xi: Field<T>) {
        columns.measure(xi)
        let u = overpotential
        for k in 0..<grid.nz {
            let row = values.row(k)
            for i in 0..<grid.nx { row[i] = T(u[i + grid.nx * k] * (1 - share(i + grid.nx * k))) }
        }
    }

    /// Keeps what has settled; the columns are those of the accepted metal.
    func accept() {
        for n in 0..<grid.lateralCells { settled[n] = share(n) }
    }

    private func share(_ n: Int) -> Double {
        let deposit = columns.heights[n] - start[n], now = min(max(deposit / (2 * halfWidth), 0), 1)
        return deposit < 0.1 * halfWidth ? now : max(now, settled[n])
    }

    var state: [StateItem] {
        [.array(name: "sites.settled", element: .double, count: grid.lateralCells, memory: settled, owner: self),
         .array(name: "sites.start", element: .double, count: grid.lateralCells, memory: start, owner: self)]
    }
}
