/// Every number that is read from one snapshot, with its name and SI unit: the columns of metrics.csv.
public struct SurfaceMetrics: Sendable {
    public struct Value: Sendable, Equatable {
        public let name: String
        /// "1" for a pure number.
        public let unit: String
        /// NaN where the surface has no such number.
        public let value: Double
        public init(_ name: String, _ unit: String, _ value: Double?) { (self.name, self.unit, self.value) = (name, unit, value ?? .nan) }
    }

    /// How much is measured: `brief` is what a run writes into its series at every saved time, `full` adds spectra, shapes, topology and surface.
    public enum Detail: Sendable { case brief, full }

    public let values: [Value]
    /// What the figures draw; nil when brief.
    public let spectrum: SurfaceSpectrum?
    public let map: HeightMap

    /// - Parameters:
    ///   - xi: the phase field. Heights are those of metal connected to the electrode.
    ///   - current: ionic current density (A/m2), for its distribution over the surface.
    /// - Throws: `SpectralError`.
    public init(_ xi: Samples, current: (x: Samples, y: Samples, z: Samples?)? = nil, detail: Detail = .full) throws {
        let metal = Components(of: xi)
        let map = HeightMap(xi, connected: metal.deadCount > 0 ? metal : nil), roughness = Roughness(map)
        let tip = Tip(xi, map: map)
        self.map = map
        var values: [Value] = [
            .init("tip height", "m", tip.height), .init("valley height", "m", map.lowest), .init("mean height", "m", map.mean),
        ]
        values += roughness.table.map { Value($0.symbol, $0.unit.isEmpty ? "1" : $0.unit, $0.value) }
        guard detail == .full else {
            let dead = metal.deadCount > 0 ? SurfaceMetrics.deadThickness(xi, metal) : 0
            (self.values, spectrum) = (values + [Value("dead thickness", "m", dead)], nil)
            return
        }
        let bearing = BearingCurve(map), s = map.isProfile ? "R" : "S"
        values += [.init(s + "k", "m", bearing.core), .init(s + "pk", "m", bearing.peaks), .init(s + "vk", "m", bearing.pits)]

        let spectrum = try SurfaceSpectrum(map), decay = spectrum.decay()
        // A spectrum that is no power law has no exponent.
        let hurst = spectrum.hurst().flatMap { $0.error < 0.2 ? $0 : nil }
        values.append(.init(s + "al", "m", decay.fastest))
        if !map.isProfile { values.append(.init("Str", "1", spectrum.textureAspect)) }
        let fractal = BoxCounting(surfaceOf: xi).dimension()
        values += [
            .init("correlation length", "m", spectrum.correlationLength), .init("Hurst exponent", "1", hurst?.exponent),
            .init("Hurst exponent error", "1", hurst?.error), .init("box dimension", "1", fractal?.value),
            .init("box dimension error", "1", fractal?.error),
        ]

        let dendrites = Dendrites(map)
        values += [
            .init("tip radius", "m", tip.radius.isFinite ? tip.radius : nil), .init("dendrites", "1", Double(dendrites.count)),
            .init("protrusions", "1", Double(dendrites.protrusions.count)),
            .init("dendrite density", map.isProfile ? "1/m" : "1/m^2", dendrites.density),
            .init("dendrite spacing", "m", dendrites.spacing), .init("dendrite width", "m", dendrites.meanWidth),
        ]

        let mesh = xi.isFlat ? nil : TriangleSurface(xi)
        let bend = Curvature(xi).overSurface(mesh)
        let surface =
            mesh.map { (whole: $0.area, downward: $0.downwardArea) }
            ?? {
                let contour = Contour(xi)
                return (whole: contour.length, downward: contour.downwardLength)
            }()
        let deposit = Deposit(xi, metal: metal, surface: surface), topology = Topology(of: xi, pieces: metal)
        values += [
            .init("deposit thickness", "m", deposit.thickness), .init("area ratio", "1", deposit.areaRatio), .init("overhang", "1", deposit.overhang),
            .init("mean curvature", "1/m", bend?.mean), .init("rms curvature", "1/m", bend?.rootMeanSquare),
            .init("overhang columns", "1", deposit.overhangColumns), .init("porosity", "1", deposit.porosity),
            .init("closed porosity", "1", deposit.closedPorosity), .init("specific surface", "1/m", deposit.specificSurface),
            .init("dead fraction", "1", deposit.deadFraction), .init("dead thickness", "m", deposit.deadThickness),
            .init("dead pieces", "1", Double(deposit.deadPieces)), .init("pieces", "1", Double(topology.pieces)),
            .init("loops", "1", Double(topology.loops)), .init("voids", "1", Double(topology.voids)),
        ]
        let distribution = current.flatMap { CurrentDistribution(xi, current: $0, surface: mesh) }
        values += [
            .init("surface current density", "A/m^2", distribution?.mean), .init("largest current density", "A/m^2", distribution?.largest),
            .init("current variation", "1", distribution?.variation), .init("hot spots", "1", distribution?.hotSpots),
        ]
        (self.values, self.spectrum) = (values, spectrum)
    }

    public subscript(name: String) -> Double? { values.first { $0.name == name }.map(\.value) }

    private static func deadThickness(_ xi: Samples, _ metal: Components) -> Double {
        var sum = 0.0
        for k in 0..<xi.nz {
            for j in 0..<xi.ny {
                for i in 0..<xi.nx where Level.isMetal(xi[i, j, k]) && !metal.isConnected(i, j, k) { sum += Double(xi[i, j, k]) }
            }
        }
        return sum * xi.dx / Double(xi.nx * xi.nz)
    }
}
