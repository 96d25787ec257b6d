import Grids
import Spectral

/// What the film was made as, on the material plane: constant in time.
struct FilmMaps {
    /// ohm m^2. The fresh native film is that of breaks and of metal on top of the coating: a draw of its own, for a film that healed to
    /// its mean would level the surface.
    let native: [Double], fresh: [Double], coating: [Double]
    /// 1 where the coating lies.
    let covered: [UInt8]

    init(_ settings: SimulationSettings, _ plane: MaterialPlane) throws {
        let film = settings.interphase.native, coat = settings.film, seed = settings.interphase.seed
        func native(_ purpose: String) throws -> [Double] {
            try plane.logNormal(mean: film?.resistance ?? 0, variation: film?.variation ?? 0,
                                correlationLength: film?.correlationLength ?? 1, seed: seed, purpose: purpose)
        }
        self.native = try native("native film")
        fresh = try native("native film after a break")
        coating = try plane.logNormal(mean: coat?.arealResistance ?? 0, variation: coat?.resistanceVariation ?? 0,
                                      correlationLength: coat?.correlationLength ?? film?.correlationLength ?? 1, seed: seed, purpose: "coating")
        covered = coat == nil ? [UInt8](repeating: 0, count: plane.count)
            : try plane.patches(share: coat?.coverage ?? 1, size: settings.interphase.patchSize, seed: seed, purpose: "coated patches")
    }
}
