/// The connected pieces of the metal, or of what is not metal, in a box that is periodic in x and z.
///
/// Runs of equal cells along x are joined by union-find: the work grows with the cells, the memory with the runs. Cells are neighbours across
/// faces; with `diagonal` also across edges and corners, the connection that complements faces.
public struct Components: Sendable {
    public let count: Int
    /// Cells of each piece.
    public let sizes: [Int]
    /// Whether a piece has a cell in the first row above the electrode, and in the last row.
    public let touchesElectrode: [Bool], touchesTop: [Bool]

    private let nx: Int, ny: Int
    /// Runs of row j + ny k are `rowStarts[row] ..< rowStarts[row + 1]`.
    private let rowStarts: [Int32], starts: [Int32], ends: [Int32], labels: [Int32]

    public init(of field: Samples, metal: Bool = true, diagonal: Bool = false) {
        let nx = field.nx, ny = field.ny, nz = field.nz, rows = ny * nz
        var rowStarts: [Int32] = [0], starts: [Int32] = [], ends: [Int32] = []
        rowStarts.reserveCapacity(rows + 1)
        field.values.withUnsafeBufferPointer { v in
            for row in 0..<rows {
                var i = 0
                let base = row * nx
                while i < nx {
                    while i < nx && (v[base + i] >= 0.5) != metal { i += 1 }
                    if i == nx { break }
                    starts.append(Int32(i))
                    while i < nx && (v[base + i] >= 0.5) == metal { i += 1 }
                    ends.append(Int32(i))
                }
                rowStarts.append(Int32(starts.count))
            }
        }
        var sets = DisjointSets(count: starts.count)
        func runs(_ j: Int, _ k: Int) -> Range<Int> {
            let row = j + ny * ((k + nz) % nz)
            return Int(rowStarts[row])..<Int(rowStarts[row + 1])
        }
        let reach: Int32 = diagonal ? 1 : 0
        func join(_ a: Range<Int>, _ b: Range<Int>) {
            var p = a.lowerBound, q = b.lowerBound
            while p < a.upperBound && q < b.upperBound {
                if starts[p] < ends[q] + reach && starts[q] < ends[p] + reach { sets.union(p, q) }
                if ends[p] < ends[q] { p += 1 } else { q += 1 }
            }
            // The end of one row meets the start of the other across the periodic border.
            if diagonal, let p0 = a.first, let p1 = a.last, let q0 = b.first, let q1 = b.last {
                if starts[p0] == 0 && ends[q1] == nx { sets.union(p0, q1) }
                if starts[q0] == 0 && ends[p1] == nx { sets.union(q0, p1) }
            }
        }
        for k in 0..<nz {
            for j in 0..<ny {
                let here = runs(j, k)
                if let a = here.first, let b = here.last, a != b, starts[a] == 0, ends[b] == nx { sets.union(a, b) }
                if j > 0 { join(here, runs(j - 1, k)) }
                if nz > 1 {
                    join(here, runs(j, k - 1))
                    if diagonal {
                        if j > 0 { join(here, runs(j - 1, k - 1)) }
                        if j + 1 < ny { join(here, runs(j + 1, k - 1)) }
                    }
                }
            }
        }

        var labelOfRoot = [Int: Int32](), labels = [Int32](repeating: 0, count: starts.count)
        var sizes: [Int] = [], electrode: [Bool] = [], top: [Bool] = []
        for row in 0..<rows {
            for n in Int(rowStarts[row])..<Int(rowStarts[row + 1]) {
                let root = sets.root(n)
                let label =
                    labelOfRoot[root]
                    ?? {
                        sizes.append(0); electrode.append(false); top.append(false)
                        labelOfRoot[root] = Int32(sizes.count - 1)
                        return Int32(sizes.count - 1)
                    }()
                labels[n] = label
                sizes[Int(label)] += Int(ends[n] - starts[n])
                if row % ny == 0 { electrode[Int(label)] = true }
                if row % ny == ny - 1 { top[Int(label)] = true }
            }
        }
        (count, self.sizes, touchesElectrode, touchesTop) = (sizes.count, sizes, electrode, top)
        (self.nx, self.ny, self.rowStarts, self.starts, self.ends, self.labels) = (nx, ny, rowStarts, starts, ends, labels)
    }

    /// The piece cell (i, j, k) belongs to; nil for cells of the other kind.
    public func label(_ i: Int, _ j: Int, _ k: Int) -> Int? {
        let row = j + ny * k
        var low = Int(rowStarts[row]), high = Int(rowStarts[row + 1])
        while low < high {
            let middle = (low + high) / 2
            if Int(ends[middle]) <= i { low = middle + 1 } else { high = middle }
        }
        return low < Int(rowStarts[row + 1]) && Int(starts[low]) <= i ? Int(labels[low]) : nil
    }

    /// Whether cell (i, j, k) belongs to a piece that stands on the electrode.
    public func isConnected(_ i: Int, _ j: Int, _ k: Int) -> Bool { label(i, j, k).map { touchesElectrode[$0] } ?? false }

    public var cells: Int { sizes.reduce(0, +) }
    /// Cells of pieces that do not stand on the electrode: dead lithium, when the pieces are metal.
    public var deadCells: Int { zip(sizes, touchesElectrode).reduce(0) { $0 + ($1.1 ? 0 : $1.0) } }
    public var deadCount: Int { touchesElectrode.count { !$0 } }
}

/// Union-find with path halving.
struct DisjointSets {
    private var parent: [Int32]

    init(count: Int) { parent = (0..<Int32(count)).map(\.self) }

    mutating func root(_ n: Int) -> Int {
        var at = Int32(n)
        while parent[Int(at)] != at {
            parent[Int(at)] = parent[Int(parent[Int(at)])]
            at = parent[Int(at)]
        }
        return Int(at)
    }

    /// The smaller index becomes the root, so the result does not depend on the order of unions.
    mutating func union(_ a: Int, _ b: Int) {
        let p = root(a), q = root(b)
        if p != q { parent[max(p, q)] = Int32(min(p, q)) }
    }
}
