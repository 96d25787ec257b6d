import Glibc
import Grids

/// A random, periodic map on the material plane (x, z), the same for every grid: each mode is drawn from its integer wave numbers.
///
/// g(x, z) is a normal field of mean 0 and variance 1 with the covariance exp(-(r/lc)^2), so that lc, the correlation length, is where
/// the correlation has fallen to 1/e. Modes (m, n) have the wavenumbers 2 pi m / Lx, 2 pi n / Lz and variances proportional to
/// exp(-k^2 lc^2 / 4). Wavenumbers whose variance is below 1e-12 of the largest are left out, and so is the mean (m = n = 0): every map
/// of g has the spatial mean 0. The variances are scaled to add up to 1 in theory (not in the sample). The map is then
/// mean (1 + cv g) (`normal`), or exp(mu + sigma g) with sigma^2 = ln(1 + cv^2), mu = ln mean - sigma^2 / 2 (`logNormal`):
/// mean and cv are those of the map itself, over many seeds.
public struct RandomMap: Sendable {
    public enum Distribution: String, Sendable, CaseIterable { case normal, logNormal }

    public let distribution: Distribution
    /// Unit of the map.
    public let mean: Double
    /// Standard deviation over mean.
    public let coefficientOfVariation: Double
    /// lc, in the unit of the periods.
    public let correlationLength: Double
    public let periodX: Double
    /// nil on a line (2D).
    public let periodZ: Double?
    private let stream: RandomStream
    private let largestM: Int, largestN: Int
    /// Sum of the relative variances of all modes.
    private let totalVariance: Double

    /// - Parameters:
    ///   - periodZ: nil for a map on a line (2D).
    ///   - purpose: what the map is for; maps of different purposes are independent.
    public init(_ distribution: Distribution, mean: Double, coefficientOfVariation: Double, correlationLength: Double,
                periodX: Double, periodZ: Double? = nil, seed: UInt64, purpose: String) {
        precondition(correlationLength > 0 && periodX > 0 && (periodZ ?? 1) > 0 && coefficientOfVariation >= 0)
        precondition(distribution == .normal || mean > 0, "a log-normal map needs a positive mean")
        self.distribution = distribution
        (self.mean, self.coefficientOfVariation, self.correlationLength) = (mean, coefficientOfVariation, correlationLength)
        (self.periodX, self.periodZ) = (periodX, periodZ)
        stream = RandomStream(seed: seed, purpose: purpose)
        // exp(-k^2 lc^2 / 4) > 1e-12, and at least the first harmonic.
        let largest = 2 * (12 * log(10.0)).squareRoot() / correlationLength
        func count(_ period: Double) -> Int { max(1, Int(largest * period / (2 * .pi))) }
        largestM = count(periodX)
        largestN = periodZ.map(count) ?? 0
        var total = 0.0
        for m in -largestM...largestM {
            for n in -largestN...largestN where m != 0 || n != 0 {
                total += RandomMap.variance(m, n, correlationLength, periodX, periodZ)
            }
        }
        totalVariance = total
    }

    /// The map at the cell centres ((i + 1/2) Lx/nx, (k + 1/2) Lz/nz), in (z, x) order.
    public func values(nx: Int, nz: Int = 1) throws -> [Double] {
        precondition(nx > 0 && nz > 0 && (nz == 1 || periodZ != nil))
        let plane = try Transform<Double>(Grid(nx: nx, ny: nz, spacing: 1, y: .periodic), Boundaries(y: .periodic),
                                          device: Device(), effort: .estimate)
        // Modes that differ by whole numbers of nx (nz) differ by a phase at the cell centres: add them up before the transform.
        func add(_ m: Int, _ n: Int, _ re: Double, _ im: Double) {
            let i = wrapped(m, nx), row = plane.spectrum.row(wrapped(n, nz))
            guard i <= nx / 2 else { return }
            row[2 * i] += re
            row[2 * i + 1] += im
        }
        eachMode { m, n, a, b in
            // a cos t + b sin t = (c e^{it} + conj(c) e^{-it}) / 2 with c = a - i b, t = t0 + 2 pi (m i / nx + n k / nz)
            let t0 = .pi * (Double(m) / Double(nx) + (periodZ == nil ? 0 : Double(n) / Double(nz)))
            let re = (a * cos(t0) + b * sin(t0)) / 2, im = (a * sin(t0) - b * cos(t0)) / 2
            add(m, n, re, im)
            add(-m, -n, re, -im)
        }
        let g = Field<Double>(plane.grid)
        plane.inverse(into: g)
        return g.values().map(value(of:))
    }

    /// The map at any point: a direct sum over all modes.
    public func value(x: Double, z: Double = 0) -> Double {
        var g = 0.0
        eachMode { m, n, a, b in
            let t = 2 * Double.pi * (Double(m) * x / periodX + (periodZ.map { Double(n) * z / $0 } ?? 0))
            g += a * cos(t) + b * sin(t)
        }
        return value(of: g)
    }

    /// The correlation of g between two points (x, z) apart: the Gaussian, made periodic and freed of its mean.
    public func correlation(x: Double, z: Double = 0) -> Double {
        var c = 0.0
        for m in -largestM...largestM {
            for n in -largestN...largestN where m != 0 || n != 0 {
                let t = 2 * Double.pi * (Double(m) * x / periodX + (periodZ.map { Double(n) * z / $0 } ?? 0))
                c += RandomMap.variance(m, n, correlationLength, periodX, periodZ) * cos(t)
            }
        }
        return c / totalVariance
    }

    /// The variance of a mode relative to that of m = n = 0.
    private static func variance(_ m: Int, _ n: Int, _ length: Double, _ periodX: Double, _ periodZ: Double?) -> Double {
        let kx = 2 * .pi * Double(m) / periodX, kz = periodZ.map { 2 * .pi * Double(n) / $0 } ?? 0
        return exp(-(kx * kx + kz * kz) * length * length / 4)
    }

    /// Calls `body(m, n, a, b)` for one of each pair (m, n), (-m, -n): g is the sum of a cos t + b sin t, t = 2 pi (m x / Lx + n z / Lz).
    private func eachMode(_ body: (_ m: Int, _ n: Int, _ a: Double, _ b: Double) -> Void) {
        for m in 0...largestM {
            for n in -largestN...largestN where m > 0 || n > 0 {
                let share = RandomMap.variance(m, n, correlationLength, periodX, periodZ) / totalVariance
                // The pair's variance is twice the mode's, and a cos + b sin has the variance of a.
                let amplitude = (2 * share).squareRoot()
                let (a, b) = stream.normalPair(UInt64(m), UInt64(bitPattern: Int64(n)))
                body(m, n, amplitude * a, amplitude * b)
            }
        }
    }

    private func value(of g: Double) -> Double {
        switch distribution {
        case .normal: return mean * (1 + coefficientOfVariation * g)
        case .logNormal:
            let variance = log1p(coefficientOfVariation * coefficientOfVariation)
            return mean * exp(variance.squareRoot() * g - variance / 2)
        }
    }
}

private func wrapped(_ m: Int, _ n: Int) -> Int { ((m % n) + n) % n }
