import Glibc

/// Amplitude and slope of a surface about its level, after ISO 25178-2 (areas, S...) and ISO 21920-2 / ISO 4287 (profiles, R...).
///
/// A simulation box is taken as one section length, unfiltered: with l = 1 section, Rz is the height from the lowest to the highest point.
public struct Roughness: Sendable, Equatable {
    public let isProfile: Bool
    public let levelling: HeightMap.Levelling
    /// Mean absolute height (Sa, Ra), m.
    public let arithmeticMean: Double
    /// Root mean square height (Sq, Rq), m.
    public let rootMeanSquare: Double
    /// Third and fourth moment over the powers of the second (Ssk, Sku; Rsk, Rku); 0 and 3 for Gaussian heights. NaN on a flat surface.
    public let skewness: Double, kurtosis: Double
    /// Highest point above and depth of the lowest below the level (Sp, Sv; Rp, Rv), and their sum (Sz, Rz), m.
    public let highestPeak: Double, deepestPit: Double, maximumHeight: Double
    /// Root mean square slope (Sdq, Rdq), by the seven-point difference of ISO 25178-2.
    public let slope: Double
    /// Area (length) of the surface over its projection, less one (Sdr; Rlr - 1), from the map's own points.
    public let developed: Double

    public init(_ map: HeightMap, levelling: HeightMap.Levelling = .mean) {
        let levelled = map.levelled(levelling), h = levelled.heights, n = Double(h.count)
        var absolute = 0.0, second = 0.0, third = 0.0, fourth = 0.0, high = -Double.infinity, low = Double.infinity
        for z in h {
            absolute += abs(z)
            second += z * z
            third += z * z * z
            fourth += z * z * z * z
            high = max(high, z)
            low = min(low, z)
        }
        let q = (second / n).squareRoot()
        (isProfile, self.levelling, arithmeticMean, rootMeanSquare) = (map.isProfile, levelling, absolute / n, q)
        skewness = third / n / (q * q * q)
        kurtosis = fourth / n / (q * q * q * q)
        (highestPeak, deepestPit, maximumHeight) = (high, -low, high - low)
        slope = Roughness.slope(levelled)
        developed = Roughness.developed(map)
    }

    /// Symbol, unit and value of each number, in the order of the standards.
    public var table: [(symbol: String, unit: String, value: Double)] {
        let s = isProfile ? "R" : "S"
        return [
            (s + "a", "m", arithmeticMean), (s + "q", "m", rootMeanSquare), (s + "z", "m", maximumHeight), (s + "p", "m", highestPeak),
            (s + "v", "m", deepestPit), (s + "sk", "", skewness), (s + "ku", "", kurtosis), (s + "dq", "", slope),
            (isProfile ? "Rdr" : "Sdr", "", developed),
        ]
    }

    private static func slope(_ map: HeightMap) -> Double {
        let nx = map.nx, nz = map.nz, reach = map.isPeriodic ? 0 : 3
        // A map too small for seven points, or a row of one cell, has no slope that way.
        let alongX = nx > 1 && (map.isPeriodic || nx > 6), alongZ = nz > 1 && (map.isPeriodic || nz > 6)
        let weights = [45.0 / 60, -9.0 / 60, 1.0 / 60]
        var sum = 0.0, count = 0
        for k in (alongZ ? reach : 0)..<(alongZ ? nz - reach : nz) {
            for i in (alongX ? reach : 0)..<(alongX ? nx - reach : nx) {
                var x = 0.0, z = 0.0
                for (d, weight) in weights.enumerated() {
                    if alongX { x += weight * (map.heights[(i + d + 1) % nx + nx * k] - map.heights[(i - d - 1 + 3 * nx) % nx + nx * k]) }
                    if alongZ { z += weight * (map.heights[i + nx * ((k + d + 1) % nz)] - map.heights[i + nx * ((k - d - 1 + 3 * nz) % nz)]) }
                }
                sum += x * x + z * z
                count += 1
            }
        }
        return count > 0 ? (sum / Double(count)).squareRoot() / map.dx : 0
    }

    /// Each square of four points counts the mean of its two triangulations.
    private static func developed(_ map: HeightMap) -> Double {
        let nx = map.nx, nz = map.nz, open = map.isPeriodic ? 0 : 1
        guard nx > open else { return 0 }
        if map.isProfile {
            var length = 0.0
            for i in 0..<(nx - open) { length += hypot(map.dx, map.heights[(i + 1) % nx] - map.heights[i]) }
            return length / (Double(nx - open) * map.dx) - 1
        }
        func triangle(_ a: Double, _ b: Double, _ c: Double) -> Double {
            // Corner b with legs of one spacing to a and c.
            let u = (a - b) / map.dx, v = (c - b) / map.dx
            return (1 + u * u + v * v).squareRoot() / 2
        }
        var area = 0.0
        for k in 0..<(nz - open) {
            for i in 0..<(nx - open) {
                let e = (i + 1) % nx, n = (k + 1) % nz
                let a = map.heights[i + nx * k], b = map.heights[e + nx * k], c = map.heights[e + nx * n], d = map.heights[i + nx * n]
                area += (triangle(a, b, c) + triangle(c, d, a) + triangle(b, c, d) + triangle(d, a, b)) / 2
            }
        }
        return area / Double((nx - open) * (nz - open)) - 1
    }
}
