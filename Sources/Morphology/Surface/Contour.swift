import Glibc

/// The line xi = 1/2 of a two-dimensional field, by marching squares.
///
/// Periodic in x; the field is continued unchanged from the outermost cell centres to the walls y = 0 and y = L (zero slope), so a pillar on a
/// bare electrode is outlined down to its foot. Metal lies on the left of every line. Coordinates run on across the periodic border.
public struct Contour: Sendable {
    /// Chains of points (m); a closed loop repeats its first point, an open one wraps around the box or ends at a wall.
    public let lines: [[Point]]
    /// Whether the n-th chain is a loop or wraps around the period.
    public let isClosed: [Bool]

    /// Total length, m.
    public let length: Double
    /// Length of the parts that face the electrode (more than 0.6 degrees beyond vertical, so that rounding on upright walls does not count), m.
    public let downwardLength: Double

    /// Area of metal per unit depth (m2), by Green's theorem; exact for the polygon.
    public let area: Double

    /// - Parameters:
    ///   - level: another value of the field than 1/2 is interpolated linearly (maps of other quantities).
    ///   - periodicX: false cuts the lines at the sides of the box, where the field is the mean of its first and last column.
    public init(_ field: Samples, level: Float? = nil, periodicX: Bool = true) {
        precondition(field.isFlat, "a contour needs a two-dimensional field")
        let nx = field.nx, rows = field.ny + 2, dx = field.dx, top = field.height
        let columns = periodicX ? nx : nx + 2
        func value(_ i: Int, _ r: Int) -> Float {
            let row = nx * min(max(r - 1, 0), field.ny - 1)
            if periodicX { return field.values[row + (i >= nx ? i - nx : i)] }
            return i == 0 || i > nx ? (field.values[row] + field.values[row + nx - 1]) / 2 : field.values[row + i - 1]
        }
        func y(_ r: Int) -> Double { min(max((Double(r) - 0.5) * dx, 0), top) }
        func x(_ i: Int) -> Double { periodicX ? (Double(i) + 0.5) * dx : min(max((Double(i) - 0.5) * dx, 0), field.width) }
        func inside(_ v: Float) -> Bool { v >= (level ?? 0.5) }
        func cut(_ a: Float, _ b: Float) -> Double { level.map { Double(($0 - a) / (b - a)) } ?? Level.crossing(a, b) }

        // An edge is known by its lower left node: 2 node + 0 along x, + 1 along y. Each crossed edge starts exactly one piece.
        var next: [Int: Int] = [:], place: [Int: Point] = [:], starts: [Int] = [], ends: Set<Int> = []
        // Metal on the left: the area under the line counts where it runs towards -x.
        var length = 0.0, downward = 0.0, area = 0.0
        let cells = periodicX ? nx : columns - 1
        for r in 0..<(rows - 1) {
            for i in 0..<cells {
                let v = [value(i, r), value(i + 1, r), value(i + 1, r + 1), value(i, r + 1)]
                let code = (inside(v[0]) ? 1 : 0) | (inside(v[1]) ? 2 : 0) | (inside(v[2]) ? 4 : 0) | (inside(v[3]) ? 8 : 0)
                guard code != 0 && code != 15 else { continue }
                let right = periodicX ? (i + 1) % nx : i + 1
                let edges = [2 * (r * columns + i), 2 * (r * columns + right) + 1, 2 * ((r + 1) * columns + i), 2 * (r * columns + i) + 1]
                func point(_ e: Int) -> Point {
                    switch e {
                    case 0: Point(x(i) + (x(i + 1) - x(i)) * cut(v[0], v[1]), y(r))
                    case 1: Point(x(i + 1), y(r) + (y(r + 1) - y(r)) * cut(v[1], v[2]))
                    case 2: Point(x(i) + (x(i + 1) - x(i)) * cut(v[3], v[2]), y(r + 1))
                    default: Point(x(i), y(r) + (y(r + 1) - y(r)) * cut(v[0], v[3]))
                    }
                }
                // A saddle joins what the mean of its corners says.
                let joined = inside((v[0] + v[1] + v[2] + v[3]) / 4)
                for (from, to) in Contour.pieces(code, joined: joined) {
                    let a = point(from), b = point(to)
                    let size = Contour.distance(a, b)
                    length += size
                    if b.x - a.x > 0.01 * size { downward += size }
                    area -= (b.x - a.x) * (a.y + b.y) / 2
                    next[edges[from]] = edges[to]
                    place[edges[from]] = a
                    if place[edges[to]] == nil { place[edges[to]] = b }
                    starts.append(edges[from])
                    ends.insert(edges[to])
                }
            }
        }

        // Chains: open ones begin where nothing leads to, the rest are loops or wrap around.
        var lines: [[Point]] = [], closed: [Bool] = [], used: Set<Int> = []
        let period = field.width
        for start in starts.filter({ !ends.contains($0) }) + starts where !used.contains(start) {
            var line: [Point] = [place[start] ?? .zero], edge = start, isLoop = false
            while let following = next[edge], used.insert(edge).inserted {
                var p = place[following] ?? .zero
                if periodicX, let last = line.last { p.x += ((last.x - p.x) / period).rounded() * period }
                line.append(p)
                edge = following
                isLoop = edge == start
            }
            lines.append(line)
            closed.append(isLoop)
        }
        // Metal that reaches the far wall is not bounded there by a line.
        for i in 0..<cells {
            let a = value(i, rows - 1), b = value(i + 1, rows - 1), span = x(i + 1) - x(i)
            switch (inside(a), inside(b)) {
            case (true, true): area += span * top
            case (true, false): area += span * top * cut(a, b)
            case (false, true): area += span * top * (1 - cut(a, b))
            default: break
            }
        }
        (self.lines, isClosed, self.length, downwardLength, self.area) = (lines, closed, length, downward, area)
    }

    /// The metal of a two-dimensional field as polygons, one or none per square of nodes, out to the walls.
    static func filled(_ field: Samples) -> [[Point]] {
        func value(_ i: Int, _ r: Int) -> Float { field.values[min(max(i - 1, 0), field.nx - 1) + field.nx * min(max(r - 1, 0), field.ny - 1)] }
        func node(_ i: Int, _ r: Int) -> Point {
            Point(min(max(Double(i) - 0.5, 0), Double(field.nx)), min(max(Double(r) - 0.5, 0), Double(field.ny))) * field.dx
        }
        var out: [[Point]] = []
        for r in 0...field.ny {
            for i in 0...field.nx {
                let corners = [(i, r), (i + 1, r), (i + 1, r + 1), (i, r + 1)]
                var polygon: [Point] = []
                for n in 0..<4 {
                    let a = corners[n], b = corners[(n + 1) % 4], u = value(a.0, a.1), v = value(b.0, b.1)
                    if Level.isMetal(u) { polygon.append(node(a.0, a.1)) }
                    if Level.isMetal(u) != Level.isMetal(v) {
                        polygon.append(node(a.0, a.1) + (node(b.0, b.1) - node(a.0, a.1)) * Level.crossing(u, v))
                    }
                }
                if polygon.count > 2 { out.append(polygon) }
            }
        }
        return out
    }

    /// Pieces of line in a square with corners 0 to 3 counter-clockwise from the lower left (edge e joins corners e and e + 1), metal on the left.
    private static func pieces(_ code: Int, joined: Bool) -> [(Int, Int)] {
        switch code {
        case 1: [(0, 3)]
        case 2: [(1, 0)]
        case 3: [(1, 3)]
        case 4: [(2, 1)]
        case 6: [(2, 0)]
        case 7: [(2, 3)]
        case 8: [(3, 2)]
        case 9: [(0, 2)]
        case 11: [(1, 2)]
        case 12: [(3, 1)]
        case 13: [(0, 1)]
        case 14: [(3, 0)]
        case 5: joined ? [(0, 1), (2, 3)] : [(0, 3), (2, 1)]
        case 10: joined ? [(3, 0), (1, 2)] : [(1, 0), (3, 2)]
        default: []
        }
    }

    static func distance(_ a: Point, _ b: Point) -> Double { ((b - a) * (b - a)).sum().squareRoot() }
}
