import Foundation
import Morphology
import Testing
import Validation

@Suite struct RoughnessTests {
    @Test func sinusoidalProfileAndSurface() {
        let a = 0.7e-6, n = 64, dx = 1e-7, k = 2 * Double.pi * 2 / (Double(n) * dx)
        func near(_ value: Double, _ exact: Double, _ tolerance: Double = 0.005) -> Bool { abs(value / exact - 1) < tolerance }
        let profile = HeightMap(nx: n, dx: dx, heights: (0..<n).map { 3e-6 + a * sin(k * (Double($0) + 0.5) * dx) })
        let ridge = HeightMap(nx: n, nz: 32, dx: dx, heights: (0..<(n * 32)).map { 3e-6 + a * sin(k * (Double($0 % n) + 0.5) * dx) })
        for r in [Roughness(profile), Roughness(ridge)] {
            #expect(near(r.arithmeticMean, 2 * a / .pi) && near(r.rootMeanSquare, a / 2.squareRoot()))
            #expect(abs(r.skewness) < 0.005 && near(r.kurtosis, 1.5))
            #expect(near(r.maximumHeight, 2 * a) && near(r.highestPeak, a) && near(r.deepestPit, a))
            #expect(near(r.slope, a * k / 2.squareRoot()))
        }
        // Egg-box: the mean of cos^2 halves twice, slopes add.
        let m = 96, q = 2 * Double.pi * 2 / (Double(m) * dx)
        func egg(_ n: Int) -> Double { a * sin(q * Double(n % m) * dx) * sin(q * Double(n / m) * dx) }
        let box = HeightMap(nx: m, nz: m, dx: dx, heights: (0..<(m * m)).map(egg))
        let r = Roughness(box)
        #expect(near(r.arithmeticMean, 4 * a / (.pi * .pi)) && near(r.rootMeanSquare, a / 2))
        #expect(near(r.kurtosis, 2.25) && near(r.slope, a * q / 2.squareRoot()))
        // Sdr against the integral of sqrt(1 + |grad h|^2), midpoint rule on a fine lattice.
        var area = 0.0
        let f = 400
        for i in 0..<f {
            for j in 0..<f {
                let x = 2 * .pi * (Double(i) + 0.5) / Double(f), y = 2 * .pi * (Double(j) + 0.5) / Double(f)
                let u = a * q * cos(x) * sin(y), v = a * q * sin(x) * cos(y)
                area += (1 + u * u + v * v).squareRoot()
            }
        }
        #expect(near(r.developed, area / Double(f * f) - 1, 0.02))
        let length = (0..<4000).reduce(0.0) { $0 + hypot(1, a * k * cos(2 * .pi * Double($1) / 4000)) } / 4000
        #expect(near(Roughness(profile).developed, length - 1, 0.01))
    }

    @Test func rampsAndSteps() {
        let n = 50, dx = 1e-6
        func plane(_ m: Int) -> Double { (0.2 * Double(m % n) - 0.1 * Double(m / n) + 5) * dx }
        let tilted = HeightMap(nx: n, nz: 40, dx: dx, heights: (0..<(n * 40)).map(plane), isPeriodic: false)
        #expect(Roughness(tilted, levelling: .plane).maximumHeight < 1e-17)
        let raw = Roughness(tilted)
        #expect(abs(raw.slope - (0.05).squareRoot()) < 1e-9)
        #expect(abs(raw.developed - ((1.05).squareRoot() - 1)) < 1e-9)
        // Half the columns one step up: Sa = Sq = half the step, two-point heights have kurtosis 1.
        let step = HeightMap(nx: n, dx: dx, heights: (0..<n).map { $0 < n / 2 ? 0 : 2e-6 })
        let r = Roughness(step)
        #expect(abs(r.arithmeticMean / 1e-6 - 1) < 1e-12 && abs(r.rootMeanSquare / 1e-6 - 1) < 1e-12)
        #expect(abs(r.kurtosis - 1) < 1e-12 && abs(r.skewness) < 1e-12)
        #expect(abs(r.developed - (2 * (hypot(1e-6, 2e-6) - 1e-6)) / (50e-6)) < 1e-12)
        // One spike in four: moments of a Bernoulli variable with p = 1/4.
        let spikes = HeightMap(nx: 40, dx: dx, heights: (0..<40).map { $0 % 4 == 0 ? 1e-6 : 0 })
        #expect(abs(Roughness(spikes).skewness - 0.5 / (0.1875).squareRoot()) < 1e-12)
    }

    @Test func bearingCurve() {
        // Uniform heights are all core.
        let uniform = BearingCurve(HeightMap(nx: 1000, dx: 1, heights: (0..<1000).map { Double($0) }))
        #expect(abs(uniform.core / 1000 - 1) < 0.005 && uniform.peaks < 1 && uniform.pits < 1)
        // A sine is flattest at its ends; of the two the crest counts: the secant from 0 to 0.4 of h = cos(pi m).
        let sine = BearingCurve(HeightMap(nx: 2000, dx: 1, heights: (0..<2000).map { cos(2 * .pi * (Double($0) + 0.5) / 2000) }))
        #expect(abs(sine.core / ((1 - cos(0.4 * .pi)) / 0.4) - 1) < 0.01)
        // Gaussian heights: the flattest 40 % are central, from the quantiles 0.3 and 0.7 (z = 0.524401).
        let count = 20001
        let gaussian = BearingCurve(HeightMap(nx: count, dx: 1, heights: (0..<count).map { Self.quantile((Double($0) + 0.5) / Double(count)) }))
        #expect(abs(gaussian.core / (2 * 0.524401 / 0.4) - 1) < 0.005)
        // Beyond z = core / 2 = 1.3110 the tail holds 9.49 %; the triangle of its excess area is 2 (pdf - z tail) / tail high.
        let z = 0.524401 / 0.4, tail = 0.5 * erfc(z / 2.squareRoot()), pdf = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
        #expect(abs(gaussian.coreBegin / tail - 1) < 0.01 && abs((1 - gaussian.coreEnd) / tail - 1) < 0.01)
        #expect(abs(gaussian.peaks / (2 * (pdf - z * tail) / tail) - 1) < 0.02)
        #expect(abs(gaussian.pits / gaussian.peaks - 1) < 0.01)
    }

    @Test func spectrumKeepsTheMeanSquareAndFindsTheWave() throws {
        let n = 128, dx = 1e-7, a = 3e-8
        let profile = HeightMap(nx: n, dx: dx, heights: (0..<n).map { a * cos(2 * .pi * 5 * Double($0) / Double(n)) })
        let s = try SurfaceSpectrum(profile)
        let q = 2 * Double.pi / (Double(n) * dx)
        let strongest = s.density.indices.max { s.density[$0] < s.density[$1] } ?? 0
        #expect(abs(s.wavenumbers[strongest] / (5 * q) - 1) < 1e-12)
        // Two-sided: twice the sum over positive wavenumbers.
        #expect(abs(2 * s.density.reduce(0, +) * q / (a * a / 2) - 1) < 1e-9)
        #expect(abs((s.decay().fastest ?? 0) / (acos(0.2) / (5 * q)) - 1) < 0.005)
        let ridge = HeightMap(nx: n, nz: 64, dx: dx, heights: (0..<(n * 64)).map { a * cos(2 * .pi * 5 * Double($0 % n) / Double(n)) })
        #expect(try SurfaceSpectrum(ridge).textureAspect == 0)
    }

    @Test func correlationLengthOfGaussianCorrelations() throws {
        // Random phases with the spectrum exp(-q^2 T^2 / 4) have the autocorrelation exp(-r^2 / T^2): 1/e at T, 0.2 at T sqrt(ln 5).
        let n = 4096, t = 20.0
        var random = SelfAffineSurface.Generator(state: 3), h = [Double](repeating: 0, count: n)
        for m in 1..<600 {
            let q = 2 * Double.pi * Double(m) / Double(n), amplitude = exp(-q * q * t * t / 8), phase = 2 * .pi * random.uniform()
            for i in 0..<n { h[i] += amplitude * cos(q * Double(i) + phase) }
        }
        let s = try SurfaceSpectrum(HeightMap(nx: n, dx: 1, heights: h))
        #expect(abs((s.correlationLength ?? 0) / t - 1) < 0.02)
        #expect(abs((s.decay().fastest ?? 0) / (t * log(5).squareRoot()) - 1) < 0.02)
    }

    @Test(arguments: [0.3, 0.5, 0.8]) func hurstExponentOfSyntheticSurfaces(_ hurst: Double) throws {
        // Wavenumbers of the map: 3 to 64 times the smallest, out of 128.
        let lowest = 2 * Double.pi / 256e-7
        let map = try SurfaceSpectrum(Surfaces.spectralMap(hurst: hurst, count: 256, seed: 1))
        #expect(abs(try #require(map.hurst(over: (3 * lowest)...(64 * lowest))).exponent - hurst) < 0.05)
        // Mean over an ensemble: profiles scatter more than maps.
        let seeds = (11..<27).map { UInt64($0) }
        func mean(_ value: (UInt64) throws -> Double) rethrows -> Double { try seeds.map(value).reduce(0, +) / Double(seeds.count) }
        let bySpectrum = try mean {
            try #require(try SurfaceSpectrum(Surfaces.spectralProfile(hurst: hurst, count: 1024, seed: $0)).hurst()).exponent
        }
        #expect(abs(bySpectrum - hurst) < 0.05)
        let midpoint = try mean {
            try #require(try SurfaceSpectrum(SelfAffineSurface.midpointProfile(hurst: hurst, levels: 13, seed: $0)).hurst()).exponent
        }
        #expect(abs(midpoint - hurst) < 0.05)
        let byHeights = try mean {
            try #require(HeightCorrelation(SelfAffineSurface.midpointProfile(hurst: hurst, levels: 13, seed: $0)).hurst(over: 4e-7...6.4e-6)).exponent
        }
        #expect(abs(byHeights - hurst) < 0.08)
    }

    @Test func boxCountingDimension() throws {
        let flat = Samples(nx: 64, ny: 64, nz: 64, dx: 1) { _, y, _ in y < 30 ? 1 : 0 }
        #expect(abs(try #require(BoxCounting(surfaceOf: flat).dimension()).value - 2) < 1e-9)
        let line = Samples(nx: 256, ny: 64, dx: 1) { _, y, _ in y < 30 ? 1 : 0 }
        #expect(abs(try #require(BoxCounting(surfaceOf: line).dimension()).value - 1) < 1e-9)
        // Pascal's triangle modulo 2 is Sierpinski's: log 3 / log 2.
        let cells = (0..<256).flatMap { i in (0..<256).filter { i & $0 == 0 }.map { SIMD3<Int32>(Int32(i), Int32($0), 0) } }
        #expect(abs(try #require(BoxCounting(cells: cells, largest: 256).dimension()).value - log2(3)) < 1e-9)
    }

    private static func quantile(_ p: Double) -> Double {
        // Newton on the normal distribution function.
        var z = 0.0
        for _ in 0..<60 {
            let pdf = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
            z += max(-1, min(1, (p - 0.5 * erfc(-z / 2.squareRoot())) / max(pdf, 1e-300)))
        }
        return z
    }
}
