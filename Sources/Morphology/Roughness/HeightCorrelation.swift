import Glibc

/// The height-height correlation G(r) = mean of (h(x + r) - h(x))^2 along x and z (m2), which grows as r^2H on a self-affine surface up to its
/// correlation length and then stays at twice the mean square height.
public struct HeightCorrelation: Sendable {
    /// Distances (m), about logarithmic, from one column to half the box; and G there.
    public let distances: [Double], values: [Double]

    public init(_ map: HeightMap) {
        let longest = max(map.nx, map.nz) / 2
        var lags: [Int] = [], next = 1.0
        while Int(next) <= longest { if lags.last != Int(next) { lags.append(Int(next)) }; next = max(next * 1.25, next + 1) }
        var distances: [Double] = [], values: [Double] = []
        for lag in lags {
            var sum = 0.0, count = 0
            func add(along n: Int, across m: Int, stepAlong: Int, stepAcross: Int) {
                guard lag <= n / 2 else { return }
                for c in 0..<m {
                    for a in 0..<(map.isPeriodic ? n : n - lag) {
                        let d = map.heights[(a + lag) % n * stepAlong + c * stepAcross] - map.heights[a * stepAlong + c * stepAcross]
                        sum += d * d
                        count += 1
                    }
                }
            }
            add(along: map.nx, across: map.nz, stepAlong: 1, stepAcross: map.nx)
            if map.nz > 1 { add(along: map.nz, across: map.nx, stepAlong: map.nx, stepAcross: 1) }
            if count > 0 { distances.append(Double(lag) * map.dx); values.append(sum / Double(count)) }
        }
        (self.distances, self.values) = (distances, values)
    }

    /// Hurst exponent H from log G = 2 H log r + const over a range of distances (m).
    public func hurst(over range: ClosedRange<Double>) -> Hurst? {
        let points = zip(distances, values).filter { range.contains($0.0) && $0.1 > 0 }.map { (x: log($0.0), y: log($0.1)) }
        return LineFit(points).map {
            Hurst(exponent: $0.slope / 2, error: $0.slopeError / 2, range: exp($0.range.lowerBound)...exp($0.range.upperBound))
        }
    }
}

/// A Hurst exponent with its standard error and the range of distances or wavenumbers it was fitted over.
public struct Hurst: Sendable, Equatable {
    public let exponent: Double, error: Double, range: ClosedRange<Double>
}
