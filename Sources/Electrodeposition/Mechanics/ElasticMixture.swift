import Elliptic
import Glibc
import Grids
import Spectral

/// Moduli and eigenstress of metal, electrolyte and coating, mixed by their fractions: C = h C1 + (1 - h)(w C3 + (1 - w) C2), s* = h C1 e*.
///
/// h = xi^3 (6 xi^2 - 15 xi + 10); w = 1/2 (1 - tanh(2 (psi - d)/l)) is the coating's share of what is not metal, psi the distance to the surface.
/// The coating's outer side is a quarter as wide as the surface, about a cell: as wide as that, the two would overlap and make it thicker than d.
/// C(h) e - h C1 e*, not C(h)(e - h e*), which is 20 to 200 % wrong inside stiff inclusions.
struct ElasticMixture: Sendable {
    typealias Moduli = (lambda: Double, mu: Double)

    let metal: Moduli, electrolyte: Moduli
    let coating: Moduli?
    /// Of the coating, m.
    let thickness: Double
    let growthStrain: SIMD3<Double>
    let halfWidth: Double

    init(_ m: MechanicsSettings, coating layer: ElasticLayer?, halfWidth: Double) {
        metal = Stiffness<Double>.lame(young: m.metal.youngModulus, poisson: m.metal.poissonRatio)
        switch m.electrolyte.state {
        case .solid: electrolyte = Stiffness<Double>.lame(young: m.electrolyte.youngModulus, poisson: m.electrolyte.poissonRatio)
        case .liquid:
            let mu = m.electrolyte.shearRatio * metal.mu
            electrolyte = (max(m.electrolyte.bulkModulus - 2 * mu / 3, 0), mu)
        }
        coating = layer.map { Stiffness<Double>.lame(young: $0.youngModulus, poisson: $0.poissonRatio) }
        thickness = layer?.thickness ?? 0
        growthStrain = m.growthStrain
        self.halfWidth = halfWidth
    }

    /// h(xi)
    @inline(__always)
    static func share(_ xi: Double) -> Double {
        let x = min(max(xi, 0), 1)
        return x * x * x * (x * (6 * x - 15) + 10)
    }

    /// h'(xi)
    @inline(__always)
    static func slope(_ xi: Double) -> Double {
        let x = min(max(xi, 0), 1)
        return 30 * x * x * (1 - x) * (1 - x)
    }

    /// Moduli of what is not metal.
    @inline(__always)
    func rest(_ xi: Double) -> Moduli {
        guard let coating else { return electrolyte }
        let x = min(max(xi, 1e-7), 1 - 1e-7), psi = halfWidth * log((1 - x) / x)
        let w = 0.5 * (1 - tanh(2 * (psi - thickness) / halfWidth))
        return (electrolyte.lambda + w * (coating.lambda - electrolyte.lambda), electrolyte.mu + w * (coating.mu - electrolyte.mu))
    }

    /// C1 e*, Pa.
    var eigenstress: SIMD3<Double> {
        SIMD3(repeating: metal.lambda * growthStrain.sum()) + 2 * metal.mu * growthStrain
    }

    func fill<T: FFTReal>(_ body: Elasticity<T>, _ xi: Field<T>, _ work: Workspace<T>) {
        let s = eigenstress
        work.forRows {
            Self.fill(lambda: body.stiffness.lambda.cells, mu: body.stiffness.mu.cells, body.eigenstress.cells, xi.cells, self, s, xi.layout, $0)
        }
        body.eigenstress.xx.fillGhosts()
        body.eigenstress.yy.fillGhosts()
        body.eigenstress.zz.fillGhosts()
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    private static func fill<T: Real>(lambda: UnsafeMutablePointer<T>, mu: UnsafeMutablePointer<T>, _ s: TensorCells<T>, _ xi: UnsafePointer<T>,
                                      _ m: ElasticMixture, _ eigenstress: SIMD3<Double>, _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let o = layout.offset(row: row)
            for i in o..<o + layout.nx {
                let x = Double(xi[i]), h = share(x), rest = m.rest(x)
                lambda[i] = T(h * m.metal.lambda + (1 - h) * rest.lambda)
                mu[i] = T(h * m.metal.mu + (1 - h) * rest.mu)
                s.xx[i] = T(h * eigenstress.x)
                s.yy[i] = T(h * eigenstress.y)
                s.zz[i] = T(h * eigenstress.z)
            }
        }
    }
}
