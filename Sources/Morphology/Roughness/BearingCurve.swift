/// The material ratio curve (Abbott-Firestone) and the numbers of its core, ISO 25178-2 after ISO 13565-2.
///
/// The core line is the secant over 40 % of the material ratio with the smallest fall. Sk is its height from 0 to 100 %; Spk and Svk are the
/// heights of triangles with the area of the peaks above and the pits below the core.
public struct BearingCurve: Sendable {
    /// Heights above the mean, highest first: height n is exceeded by the material ratio (n + 1/2) / count.
    public let heights: [Double]
    /// Core height, reduced peak height, reduced pit depth (Sk, Spk, Svk), m.
    public let core: Double, peaks: Double, pits: Double
    /// Material ratio at which the core begins and ends (Smr1, Smr2), 0 to 1.
    public let coreBegin: Double, coreEnd: Double

    public init(_ map: HeightMap, levelling: HeightMap.Levelling = .mean) {
        let h = map.levelled(levelling).heights.sorted(by: >), n = h.count
        // Of equally flat secants the first one counts (ISO 13565-2).
        let span = max(1, Int((0.4 * Double(n)).rounded()))
        var flattest = Double.infinity, start = 0
        for first in 0..<max(1, n - span) {
            let fall = h[first] - h[min(first + span, n - 1)]
            if fall < flattest * (1 - 1e-9) { (flattest, start) = (fall, first) }
        }
        let end = min(start + span, n - 1)
        func ratio(_ i: Int) -> Double { (Double(i) + 0.5) / Double(n) }
        let slope = end > start ? (h[end] - h[start]) / (ratio(end) - ratio(start)) : 0
        let top = h[start] - slope * ratio(start), bottom = top + slope
        let above = h.count { $0 > top }, below = h.count { $0 < bottom }
        let begin = Double(above) / Double(n), finish = 1 - Double(below) / Double(n)
        let peakArea = h[..<above].reduce(0) { $0 + $1 - top } / Double(n)
        let pitArea = h[(n - below)...].reduce(0) { $0 + bottom - $1 } / Double(n)
        heights = h
        (core, coreBegin, coreEnd) = (top - bottom, begin, finish)
        peaks = begin > 0 ? 2 * peakArea / begin : 0
        pits = finish < 1 ? 2 * pitArea / (1 - finish) : 0
    }
}
