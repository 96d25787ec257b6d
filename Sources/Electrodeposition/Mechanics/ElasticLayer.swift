import Parameters

/// Thickness (m), Young's modulus (Pa) and Poisson's ratio of a layer on the metal.
public struct ElasticLayer: Sendable {
    public let thickness: Double, youngModulus: Double, poissonRatio: Double

    /// What is not given is the coating's; nil where neither knows thickness or modulus.
    init?(thickness: Double?, youngModulus: Double?, poissonRatio: Double?, of coating: CoatingSettings?) {
        guard let d = thickness ?? coating?.thickness, let e = youngModulus ?? coating?.youngModulus else { return nil }
        (self.thickness, self.youngModulus, self.poissonRatio) = (d, e, poissonRatio ?? coating?.poissonRatio ?? 0.3)
    }
}

extension SimulationSettings {
    /// The coating that the grid resolves.
    public var elasticCoating: ElasticLayer? {
        mechanics?.coating.flatMap {
            ElasticLayer(thickness: $0.thickness, youngModulus: $0.youngModulus, poissonRatio: $0.poissonRatio, of: coating)
        }
    }

    /// The film that the grid does not resolve.
    public var elasticFilm: ElasticLayer? {
        mechanics?.film.flatMap { ElasticLayer(thickness: $0.thickness, youngModulus: $0.youngModulus, poissonRatio: $0.poissonRatio, of: coating) }
    }

    func validateElasticLayers(_ report: inout Report) {
        guard let mechanics else { return }
        func need(_ value: Double?, _ known: Double?, _ path: String, _ name: String) {
            guard value == nil && known == nil else { return }
            let reason =
                coating.map { "the coating\($0.name.isEmpty ? "" : " \($0.name)") has none (coating.\(name)); give it in either place" }
                ?? "the run names no coating to take it from"
            report.error("is needed: \(reason)", at: "\(path).\(name)")
        }
        if let c = mechanics.coating {
            need(c.thickness, coating?.thickness, "mechanics.coating", "thickness")
            need(c.youngModulus, coating?.youngModulus, "mechanics.coating", "youngModulus")
        }
        if let f = mechanics.film {
            need(f.thickness, coating?.thickness, "mechanics.film", "thickness")
            need(f.youngModulus, coating?.youngModulus, "mechanics.film", "youngModulus")
        }
        guard let thickness = elasticCoating?.thickness else { return }
        if thickness > 4 * interface.halfWidth * (1 + 1e-9) {
            report.error(
                "is \(micrometres(thickness)), more than 4 interface half-widths, beyond which the distance to the surface is not known",
                at: "mechanics.coating.thickness")
        } else if thickness < grid.spacing * (1 - 1e-9) {
            report.warning(
                "is \(micrometres(thickness)), less than a cell: the grid does not resolve it; mechanics.film is for films of nanometres",
                at: "mechanics.coating.thickness")
        }
    }
}
