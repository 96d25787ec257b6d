import Foundation
import Spectral
import Testing

@Test("one seed is one map on every grid, whether modes are folded or summed")
func sameMapOnEveryGrid() throws {
    for periodZ in [nil, 3.0] {
        let map = RandomMap(.logNormal, mean: 2, coefficientOfVariation: 0.4, correlationLength: 0.35, periodX: 4, periodZ: periodZ,
                            seed: 11, purpose: "test")
        let nz = periodZ == nil ? 1 : 5
        let coarse = try map.values(nx: 8, nz: nz), fine = try map.values(nx: 72, nz: nz == 1 ? 1 : 45)
        // Centres of coarse cells are centres of the middle one of 9 fine cells.
        for k in 0..<nz {
            for i in 0..<8 {
                let f = fine[(9 * i + 4) + 72 * (nz == 1 ? 0 : 9 * k + 4)]
                #expect(abs(coarse[i + 8 * k] - f) < 1e-12)
                #expect(abs(map.value(x: (Double(i) + 0.5) / 2, z: (Double(k) + 0.5) * 0.6) - f) < 1e-12 || nz == 1)
                if nz == 1 { #expect(abs(map.value(x: (Double(i) + 0.5) / 2) - f) < 1e-12) }
            }
        }
    }
    let a = RandomMap(.normal, mean: 1, coefficientOfVariation: 1, correlationLength: 1, periodX: 8, seed: 1, purpose: "a")
    let b = RandomMap(.normal, mean: 1, coefficientOfVariation: 1, correlationLength: 1, periodX: 8, seed: 1, purpose: "b")
    #expect(abs(a.value(x: 1) - b.value(x: 1)) > 1e-6)
}

@Test("mean, coefficient of variation and correlation over 400 seeds", arguments: [RandomMap.Distribution.normal, .logNormal])
func ensemble(_ distribution: RandomMap.Distribution) throws {
    let seeds = 400, n = 64, nz = 16, mean = 3.0, cv = 0.4, length = 1.0, periodX = 40.0, periodZ = 10.0
    let g = (1...seeds).map { seed in
        RandomMap(distribution, mean: mean, coefficientOfVariation: cv, correlationLength: length, periodX: periodX, periodZ: periodZ,
                  seed: UInt64(seed), purpose: "ensemble")
    }
    let lags = [1, 2, 3]
    var mapMeans: [Double] = [], mapSquares: [Double] = [], products = lags.map { _ in [Double]() }
    let sigma2 = log(1 + cv * cv)
    for map in g {
        let values = try map.values(nx: n, nz: nz), count = Double(n * nz)
        mapMeans.append(values.reduce(0, +) / count)
        mapSquares.append(values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count)
        // g itself, from the map, for the correlation.
        let normal = values.map { distribution == .normal ? ($0 / mean - 1) / cv : (log($0 / mean) + sigma2 / 2) / sigma2.squareRoot() }
        for (l, lag) in lags.enumerated() {
            var s = 0.0
            for k in 0..<nz { for i in 0..<n { s += normal[i + n * k] * normal[(i + lag) % n + n * k] } }
            products[l].append(s / count)
        }
    }
    func check(_ samples: [Double], _ expected: Double, _ what: String) {
        let m = samples.reduce(0, +) / Double(seeds)
        let variance = samples.reduce(0) { $0 + ($1 - m) * ($1 - m) } / Double(seeds - 1)
        let error = (variance / Double(seeds)).squareRoot()
        // A normal map has the exact mean on every seed: no statistical error.
        #expect(abs(m - expected) < 4 * error + 1e-12, "\(what): \(m) for \(expected), error \(error)")
        #expect(error < 0.02 * abs(expected) + 1e-12, "\(what) is too noisy to test")
    }
    check(mapMeans, mean, "mean")
    check(mapSquares, mean * mean * cv * cv, "variance")
    for (l, lag) in lags.enumerated() {
        let r = Double(lag) * periodX / Double(n), expected = g[0].correlation(x: r)
        // The stated Gaussian, less what the missing mean took: lc^2 pi / (Lx Lz).
        let share = Double.pi * length * length / (periodX * periodZ)
        #expect(abs(expected - (exp(-r * r / (length * length)) - share) / (1 - share)) < 1e-6)
        if lag == 1 { check(products[l], expected, "correlation at lag \(lag)") }
        else { #expect(abs(products[l].reduce(0, +) / Double(seeds) - expected) < 0.005) }
    }
}
