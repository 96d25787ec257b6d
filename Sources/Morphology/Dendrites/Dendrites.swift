import Glibc

/// Peaks of a height map by topographic prominence: how far one must climb down from a peak before a higher one can be reached.
///
/// Flooding from the top with union-find over the neighbours (two in a profile, eight in a map, periodic where the map is). The highest peak's
/// prominence is the whole range of heights. A peak is a protrusion from a prominence of five columns on; it is a dendrite when it is
/// also taller than wide, prominence >= width at half prominence. Both limits can be set.
public struct Dendrites: Sendable {
    public struct Peak: Sendable, Equatable {
        /// Column of the summit.
        public let column: SIMD2<Int>
        /// Height above the electrode, m; prominence, m.
        public let height: Double, prominence: Double
        /// Extent of the region around the summit above half its prominence, m: a length in a profile, the diameter of the circle of equal area in a map.
        public let width: Double
        public var slenderness: Double { prominence / width }
    }

    /// All peaks of at least the least prominence, the highest first.
    public let protrusions: [Peak]
    public let dendrites: [Peak]
    private let map: HeightMap

    /// - Parameters:
    ///   - leastProminence: m; by default five columns.
    ///   - leastSlenderness: prominence over width from which a protrusion counts as a dendrite.
    public init(_ map: HeightMap, leastProminence: Double? = nil, leastSlenderness: Double = 1) {
        let least = leastProminence ?? 5 * map.dx
        protrusions = Dendrites.peaks(map, least: least).sorted { $0.height > $1.height }
        dendrites = protrusions.filter { $0.slenderness >= leastSlenderness }
        self.map = map
    }

    public var count: Int { dendrites.count }

    /// Mean distance from each dendrite to its nearest neighbour (m), around the period; nil below two dendrites.
    public var spacing: Double? {
        guard count > 1 else { return nil }
        let places = dendrites.map(\.column)
        func apart(_ a: Int, _ b: Int, _ n: Int) -> Double { let d = abs(a - b); return Double(map.isPeriodic ? min(d, n - d) : d) }
        let nearest = places.enumerated().map { n, p in
            places.enumerated().filter { $0.offset != n }.map { hypot(apart($0.element.x, p.x, map.nx), apart($0.element.y, p.y, map.nz)) }.min() ?? 0
        }
        return nearest.reduce(0, +) / Double(count) * map.dx
    }

    /// Dendrites per length (1/m) or area (1/m2) of electrode.
    public var density: Double { Double(count) / (map.isProfile ? map.width : map.width * map.depth) }
    public var meanWidth: Double? { count > 0 ? dendrites.reduce(0) { $0 + $1.width } / Double(count) : nil }

    private static func neighbours(_ map: HeightMap, _ n: Int) -> [Int] {
        let i = n % map.nx, k = n / map.nx
        var out: [Int] = []
        for dk in (map.isProfile ? 0...0 : -1...1) {
            for di in -1...1 where di != 0 || dk != 0 {
                var a = i + di, b = k + dk
                if map.isPeriodic { a = (a + map.nx) % map.nx; b = (b + map.nz) % map.nz }
                if a >= 0 && a < map.nx && b >= 0 && b < map.nz && a + map.nx * b != n { out.append(a + map.nx * b) }
            }
        }
        return out
    }

    private static func peaks(_ map: HeightMap, least: Double) -> [Peak] {
        let h = map.heights
        let order = h.indices.sorted { h[$0] != h[$1] ? h[$0] > h[$1] : $0 < $1 }
        var sets = DisjointSets(count: h.count), flooded = [Bool](repeating: false, count: h.count), summit = Array(h.indices)
        var prominences: [(summit: Int, prominence: Double)] = []
        for n in order {
            flooded[n] = true
            for m in neighbours(map, n) where flooded[m] {
                let a = sets.root(n), b = sets.root(m)
                guard a != b else { continue }
                let high = h[summit[a]] >= h[summit[b]] ? a : b, low = high == a ? b : a
                // The lower summit ends at this saddle.
                if h[summit[low]] - h[n] >= least { prominences.append((summit[low], h[summit[low]] - h[n])) }
                let top = summit[high]
                sets.union(a, b)
                summit[sets.root(a)] = top
            }
        }
        if let first = order.first, let last = order.last, h[first] - h[last] >= least { prominences.append((first, h[first] - h[last])) }
        return prominences.map { peak in
            let floor = h[peak.summit] - peak.prominence / 2
            var region: Set<Int> = [peak.summit], frontier = [peak.summit]
            while let n = frontier.popLast() {
                for m in neighbours(map, n) where h[m] >= floor && region.insert(m).inserted { frontier.append(m) }
            }
            let size = Double(region.count)
            let width = map.isProfile ? size * map.dx : 2 * (size / .pi).squareRoot() * map.dx
            return Peak(column: SIMD2(peak.summit % map.nx, peak.summit / map.nx), height: h[peak.summit], prominence: peak.prominence, width: width)
        }
    }
}
