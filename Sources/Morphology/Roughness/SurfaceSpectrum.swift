import Glibc
import Grids
import Spectral

/// Power spectrum and autocorrelation of a height map.
///
/// Normalised so that the integral of C over all wavevectors is the mean square height: profiles C1D = (L / 2 pi) |h_q|^2 (m3, two-sided), areas
/// C2D = (A / 4 pi^2) |h_q|^2 (m4), radially averaged; h_q = mean of h exp(-iqx); conventions of Jacobs, Junge, Pastewka, Surf. Topogr. Metrol. Prop. 5, 013001
/// (2017). Maps that end at their edges are levelled by their plane and tapered by a Hann window that keeps the mean square. The
/// autocorrelation is the cosine transform of the power, so it is periodic.
public struct SurfaceSpectrum: Sendable {
    public let isProfile: Bool
    /// Wavenumbers (rad/m) and the density there; bins without a mode are left out.
    public let wavenumbers: [Double], density: [Double]
    /// Autocorrelation over its value at distance 0, entry i + nx k for a shift by (i, k) columns.
    public let autocorrelation: [Double]
    /// Fourier coefficients averaged into each density.
    private let modes: [Double]
    private let nx: Int, nz: Int, dx: Double

    /// - Throws: `SpectralError` when FFTW has no plan for this size.
    public init(_ map: HeightMap) throws {
        let nx = map.nx, nz = map.nz, level = map.levelled(map.isPeriodic ? .mean : .plane)
        var h = level.heights
        if !map.isPeriodic {
            func window(_ i: Int, _ n: Int) -> Double { n > 1 ? (1 - cos(2 * .pi * (Double(i) + 0.5) / Double(n))) * (2.0 / 3).squareRoot() : 1 }
            for n in h.indices { h[n] *= window(n % nx, nx) * window(n / nx, nz) }
        }
        let grid = Grid(nx: nx, ny: nz, nz: 1, spacing: map.dx, x: .periodic, y: .periodic)
        let field = Field<Double>(grid), cells = Double(nx * nz)
        let transform = try Transform<Double>(grid, Boundaries(grid), device: Device(threads: 1), effort: .estimate)
        field.setValues(h)
        transform.forward(field)

        let stepX = 2 * Double.pi / map.width, stepZ = 2 * Double.pi / map.depth
        let bin = nz == 1 ? stepX : (nx == 1 ? stepZ : min(stepX, stepZ))
        let cellOfModes = nz == 1 ? stepX : (nx == 1 ? stepZ : stepX * stepZ)
        let highest = Double.pi / map.dx
        var sums = [Double](repeating: 0, count: max(nx, nz) / 2 + 1), weights = sums, sumsOfQ = sums
        for k in 0..<nz {
            let row = transform.spectrum.row(k), kz = Double(min(k, nz - k)) * stepZ
            for i in 0...(nx / 2) {
                let re = row[2 * i] / cells, im = row[2 * i + 1] / cells, power = re * re + im * im
                let copies = i == 0 || 2 * i == nx ? 1.0 : 2.0
                let q = hypot(Double(i) * stepX, kz), n = Int((q / bin).rounded())
                if n > 0 && n < sums.count && q <= highest * 1.0001 {
                    sums[n] += copies * power
                    weights[n] += copies
                    sumsOfQ[n] += copies * q
                }
                // The power is the spectrum of the autocorrelation.
                (row[2 * i], row[2 * i + 1]) = (power, 0)
            }
        }
        transform.inverse(into: field)
        let correlation = field.values(), whole = correlation[0]
        autocorrelation = whole > 0 ? correlation.map { $0 / whole } : correlation.map { _ in 1 }
        let used = sums.indices.filter { weights[$0] > 0 }
        wavenumbers = used.map { sumsOfQ[$0] / weights[$0] }
        modes = used.map { weights[$0] }
        density = used.map { sums[$0] / weights[$0] / cellOfModes }
        (isProfile, self.nx, self.nz, dx) = (nz == 1 || nx == 1, nx, nz, map.dx)
    }

    /// The density alone, without the autocorrelation: what a chart needs.
    public struct Curve: Sendable {
        public let isProfile: Bool, wavenumbers: [Double], density: [Double]
    }
    public var curve: Curve { Curve(isProfile: isProfile, wavenumbers: wavenumbers, density: density) }

    /// Hurst exponent from the slope of the density, -(1 + 2H) for profiles and -(2 + 2H) for areas, over a range of wavenumbers (rad/m); by
    /// default from twice the smallest to a quarter of the largest. The density is averaged in bins of ratio 1.2. The logarithm of the mean of n modes
    /// with random phases is low by 1/(2n) + 1/(12n^2) on average, which is added, and scatters by 1/n; a bin weighs 1 / (1/n + 0.05), where 0.05 stands for
    /// the 20 % by which no surface is a power law, so that the many short waves do not outvote the long.
    public func hurst(over range: ClosedRange<Double>? = nil) -> Hurst? {
        guard let low = wavenumbers.first, let high = wavenumbers.last, range != nil || high > 16 * low else { return nil }
        let used = range ?? (2 * low)...(high / 4)
        var bins: [Int: (q: Double, c: Double, n: Double)] = [:]
        for (n, q) in wavenumbers.enumerated() where used.contains(q) && density[n] > 0 {
            let bin = Int((log(q) / log(1.2)).rounded(.down)), old = bins[bin] ?? (0, 0, 0), weight = modes[n] / 2
            bins[bin] = (old.q + weight * log(q), old.c + weight * density[n], old.n + weight)
        }
        let sorted = bins.values.sorted { $0.q / $0.n < $1.q / $1.n }
        let fit = LineFit(
            sorted.map { (x: $0.q / $0.n, y: log($0.c / $0.n) + 1 / (2 * $0.n) + 1 / (12 * $0.n * $0.n)) },
            weights: sorted.map { 1 / (1 / $0.n + 0.05) })
        return fit.map { Hurst(exponent: (-$0.slope - (isProfile ? 1 : 2)) / 2, error: $0.slopeError / 2, range: used) }
    }

    /// Distance (m) at which the autocorrelation first falls to a level, in the direction in which that is soonest and latest (Sal and, with their ratio,
    /// Str of ISO 25178-2 at level 0.2). `slowest` is nil when it does not happen everywhere within half the box.
    public func decay(to level: Double = 0.2) -> (fastest: Double?, slowest: Double?) {
        var fastest: Double?, slowest = 0.0, always = true
        let directions = isProfile ? 1 : 180
        for n in 0..<directions {
            // Directions from 0 to 180 degrees; a profile has one.
            let angle = Double.pi * Double(n) / Double(directions) + (nx == 1 ? .pi / 2 : 0)
            if let r = decay(along: SIMD2(cos(angle), sin(angle)), to: level) {
                fastest = min(fastest ?? .infinity, r)
                slowest = max(slowest, r)
            } else {
                always = false
            }
        }
        return (fastest, always && fastest != nil ? slowest : nil)
    }

    /// Ratio of the fastest to the slowest decay to 0.2 (Str): 1 on an isotropic surface; 0 when a direction never decays within the box (a ridge).
    public var textureAspect: Double? {
        let (fastest, slowest) = decay()
        return isProfile ? nil : fastest.map { f in slowest.map { f / $0 } ?? 0 }
    }

    /// Where the autocorrelation, averaged over directions, falls to 1/e (m); nil when it stays above within half the box.
    public var correlationLength: Double? {
        let limit = (isProfile ? max(nx, nz) : min(nx, nz)) / 2
        var sums = [Double](repeating: 0, count: limit + 1), counts = sums
        for k in 0..<nz {
            for i in 0..<nx {
                let r = hypot(Double(min(i, nx - i)), Double(min(k, nz - k))), n = Int(r)
                // Shared linearly between the two rings around it.
                for (ring, share) in [(n, 1 - (r - Double(n))), (n + 1, r - Double(n))] where ring <= limit && share > 0 {
                    sums[ring] += share * autocorrelation[i + nx * k]
                    counts[ring] += share
                }
            }
        }
        let level = exp(-1.0)
        for n in 1..<max(sums.count, 1) where counts[n] > 0 && counts[n - 1] > 0 {
            let a = sums[n - 1] / counts[n - 1], b = sums[n] / counts[n]
            if b <= level { return (Double(n - 1) + (a > b ? (a - level) / (a - b) : 0)) * dx }
        }
        return nil
    }

    private func decay(along direction: SIMD2<Double>, to level: Double) -> Double? {
        // A quarter of a column at a time, no further than half the box either way.
        let step = 0.25, limitX = Double(nx) / 2, limitZ = Double(nz) / 2
        var r = 0.0, before = 1.0
        while true {
            r += step
            let x = r * direction.x, z = r * direction.y
            if abs(x) > limitX + 1e-9 || abs(z) > limitZ + 1e-9 { return nil }
            let here = value(x, z)
            if here <= level { return (r - step + step * (before - level) / (before - here)) * dx }
            before = here
        }
    }

    private func value(_ x: Double, _ z: Double) -> Double {
        let i = Int(x.rounded(.down)), k = Int(z.rounded(.down)), u = x - Double(i), w = z - Double(k)
        func at(_ i: Int, _ k: Int) -> Double { autocorrelation[((i % nx) + nx) % nx + nx * (((k % nz) + nz) % nz)] }
        return (at(i, k) * (1 - u) + at(i + 1, k) * u) * (1 - w) + (at(i, k + 1) * (1 - u) + at(i + 1, k + 1) * u) * w
    }
}
