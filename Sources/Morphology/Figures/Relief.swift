import Glibc

/// A shaded view of the surface xi = 1/2 in space, overhangs included, on its electrode: coloured by height, with cast shadows and ambient occlusion
/// found by marching through the phase field. Two-dimensional runs are drawn as a slice with thickness.
public struct Relief: Sendable {
    public var heading: String, moment: String
    /// Degrees: around the growth axis, and above the electrode.
    public var azimuth = -32.0, elevation = 28.0
    /// Most room for the picture without its margins, points.
    public var width = 620.0, height = 440.0
    /// Heights at the ends of the colour scale, m; by default from the electrode to the tip. Set it to compare pictures.
    public var range: ClosedRange<Double>?
    /// Height of the drawn box, m; by default what the deposit needs.
    public var top: Double?
    private let xi: Samples

    public init(_ xi: Samples, heading: String = "", moment: String = "") {
        (self.xi, self.heading, self.moment) = (xi, heading, moment)
    }

    public func png(scale: Double = 2, dark: Bool = false) -> [UInt8] { drawing(scale: scale).png(scale: scale, dark: dark) }

    public func drawing(scale: Double = 2) -> Drawing {
        let body = Relief.cropped(xi, top: top)
        let plate = 0.03 * max(body.width, body.depth)
        let tip = HeightMap(body).highest, colours = range ?? 0...max(tip, body.dx)
        let camera = Camera(
            azimuth: azimuth, elevation: elevation, low: SIMD3(0, -plate, 0),
            high: SIMD3(body.width, body.height, body.depth), width: width, height: height)
        let width = camera.size.x, height = camera.size.y

        var scene = Rasteriser(width: Int(width * scale), height: Int(height * scale))
        let light = camera.right * -0.35 + SIMD3(0, 0.75, 0) + camera.toViewer * 0.8
        let shading = Shading(body, light: light / (light * light).sum().squareRoot(), viewer: camera.toViewer)
        func corner(_ p: SIMD3<Double>, _ colour: SIMD3<Float>) -> Rasteriser.Corner {
            let seen = camera.project(p)
            return .init(at: seen.at * scale, nearness: seen.nearness, colour: colour)
        }
        drawPlate(body, plate: plate, shading, corner, &scene)
        drawSurface(body, colours, shading, corner, &scene)
        drawCuts(body, shading, camera, corner, &scene)

        // Around the picture: heading, ruler on the left edge of the box, colour bar, lengths of the sides.
        let headed = !heading.isEmpty || !moment.isEmpty, left = Theme.margin + 62.0
        let topEdge = Theme.margin + (headed ? Theme.titleSize + 14 : 0)
        var out = Drawing(width: left + width + 92, height: topEdge + height + Theme.labelSize + 26)
        if headed {
            out.text(heading, at: Point(Theme.margin, Theme.margin + Theme.titleSize), size: Theme.titleSize, bold: true)
            out.text(moment, at: Point(out.width - Theme.margin, Theme.margin + Theme.titleSize), size: Theme.titleSize, .muted, anchor: .end)
        }
        out.image(scene.raster, x: left, y: topEdge, width: width, height: height)
        let place = { (p: SIMD3<Double>) in camera.project(p).at + Point(left, topEdge) }
        drawRulers(body, plate: plate, place, &out)
        drawBar(colours, x: left + width + 22, top: topEdge + height * 0.14, bottom: topEdge + height * 0.86, &out)
        return out
    }

    /// What is drawn: rows up to a little above the tip, no more than 256 cells a side; a flat run becomes a slice.
    private static func cropped(_ xi: Samples, top: Double?) -> Samples {
        var body = xi
        let highest = min(xi.ny, Int((top ?? (HeightMap(xi).highest + 4 * xi.dx)) / xi.dx) + 1)
        let layers = xi.isFlat ? max(4, xi.nx / 8) : xi.nz
        var values: [Float] = []
        values.reserveCapacity(xi.nx * highest * layers)
        for k in 0..<layers {
            let source = xi.isFlat ? 0 : k
            values += xi.values[(xi.nx * xi.ny * source)..<(xi.nx * (xi.ny * source + highest))]
        }
        body = Samples(nx: xi.nx, ny: highest, nz: layers, dx: xi.dx, values: values)
        while max(body.nx, max(body.ny, body.nz)) > 256 { body = body.halved() }
        return body
    }

    private func drawPlate(
        _ body: Samples, plate: Double, _ shading: Shading,
        _ corner: (SIMD3<Double>, SIMD3<Float>) -> Rasteriser.Corner, _ scene: inout Rasteriser
    ) {
        let w = body.width, d = body.depth, base = SIMD3<Float>(Theme.substrate.channels)
        func quad(_ p: [SIMD3<Double>], normal: SIMD3<Double>, lit: Bool) {
            let c = p.map { corner($0, shading.colour(base, at: $0, normal: normal, shadows: lit)) }
            scene.fill(c[0], c[1], c[2])
            scene.fill(c[0], c[2], c[3])
        }
        // The top in tiles, so that shadows fall on it.
        let tiles = 96
        for k in 0..<tiles {
            for i in 0..<tiles {
                let x0 = w * Double(i) / Double(tiles), x1 = w * Double(i + 1) / Double(tiles)
                let z0 = d * Double(k) / Double(tiles), z1 = d * Double(k + 1) / Double(tiles)
                quad([SIMD3(x0, 0, z0), SIMD3(x1, 0, z0), SIMD3(x1, 0, z1), SIMD3(x0, 0, z1)], normal: SIMD3(0, 1, 0), lit: true)
            }
        }
        quad([SIMD3(0, -plate, d), SIMD3(w, -plate, d), SIMD3(w, 0, d), SIMD3(0, 0, d)], normal: SIMD3(0, 0, 1), lit: false)
        quad([SIMD3(0, -plate, 0), SIMD3(0, -plate, d), SIMD3(0, 0, d), SIMD3(0, 0, 0)], normal: SIMD3(-1, 0, 0), lit: false)
        quad([SIMD3(w, -plate, 0), SIMD3(w, -plate, d), SIMD3(w, 0, d), SIMD3(w, 0, 0)], normal: SIMD3(1, 0, 0), lit: false)
    }

    private func drawSurface(
        _ body: Samples, _ range: ClosedRange<Double>, _ shading: Shading,
        _ corner: (SIMD3<Double>, SIMD3<Float>) -> Rasteriser.Corner, _ scene: inout Rasteriser
    ) {
        let mesh = TriangleSurface(body, periodic: false), normals = mesh.vertexNormals()
        let ramp = ColourMap.phase.colours.map { SIMD3<Float>($0.channels) }
        let low = range.lowerBound, span = range.upperBound - range.lowerBound
        let corners = mesh.vertices.indices.map { n in
            let p = mesh.vertices[n], base = ramp[Int(min(max((p.y - low) / span, 0), 1) * 255)]
            return corner(p, shading.colour(base, at: p, normal: normals[n], shadows: true))
        }
        for t in mesh.triangles { scene.fill(corners[Int(t.x)], corners[Int(t.y)], corners[Int(t.z)]) }
    }

    /// The cut faces of the metal at the sides that look at the viewer.
    private func drawCuts(
        _ body: Samples, _ shading: Shading, _ camera: Camera,
        _ corner: (SIMD3<Double>, SIMD3<Float>) -> Rasteriser.Corner, _ scene: inout Rasteriser
    ) {
        let x = camera.toViewer.x > 0, z = camera.toViewer.z > 0, base = SIMD3<Float>(Theme.metalCut.channels)
        for (cut, normal, place) in [
            (body.slice(x: x ? body.nx - 1 : 0), SIMD3<Double>(x ? 1 : -1, 0, 0), { (p: Point) in SIMD3(x ? body.width : 0, p.y, p.x) }),
            (body.slice(z: z ? body.nz - 1 : 0), SIMD3<Double>(0, 0, z ? 1 : -1), { (p: Point) in SIMD3(p.x, p.y, z ? body.depth : 0) }),
        ] {
            let colour = shading.colour(base, at: .zero, normal: normal, shadows: false)
            for polygon in Contour.filled(cut) {
                let c = polygon.map { corner(place($0), colour) }
                for n in 1..<(c.count - 1) { scene.fill(c[0], c[n], c[n + 1]) }
            }
        }
    }

    private func drawRulers(_ body: Samples, plate: Double, _ place: (SIMD3<Double>) -> Point, _ out: inout Drawing) {
        let w = body.width, d = body.depth, unit = DisplayUnit.fitting("m", largest: max(w, max(d, body.height)) / 2)
        // The upright edge furthest left carries the heights.
        let edge = [SIMD3(0, 0, 0), SIMD3(w, 0, 0), SIMD3(0, 0, d), SIMD3(w, 0, d)].min { place($0).x < place($1).x } ?? .zero
        let ticks = Ticks(linear: 0...(body.height * unit.perSI), count: max(2, Int(place(edge).y - place(edge + SIMD3(0, body.height, 0)).y) / 48))
        out.line(place(edge), place(edge + SIMD3(0, body.height, 0)), .rule)
        var widest = 0.0
        for (v, label) in zip(ticks.values, ticks.labels) {
            let p = place(edge + SIMD3(0, v / unit.perSI, 0))
            out.line(p, p - Point(Theme.tickLength, 0), .rule)
            out.text(label, at: p + Point(-Theme.tickLength - 4, Theme.tickSize * 0.36), size: Theme.tickSize, .muted, anchor: .end)
            widest = max(widest, Drawing.textWidth(label, size: Theme.tickSize))
        }
        let middle = place(edge + SIMD3(0, body.height / 2, 0))
        out.text("y (\(unit.symbol))", at: middle - Point(Theme.tickLength + 4 + widest + 8, 0), anchor: .middle, upward: true)
        // Lengths along the two lower edges in front.
        func length(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ metres: Double, _ name: String) {
            let p = place(a), q = place(b), m = (p + q) / 2
            let anchor: Drawing.Anchor = abs(p.y - q.y) < 12 ? .middle : ((p.y < q.y) == (p.x < q.x) ? .end : .start)
            let label = "\(name) = \(Numbers.trimmed(metres * unit.perSI, decimals: 1)) \(unit.symbol)"
            out.text(
                label, at: m + Point(anchor == .end ? -6 : (anchor == .start ? 6 : 0), Theme.labelSize + 6), size: Theme.tickSize, .muted,
                anchor: anchor)
        }
        let side = azimuth > 0 ? w : 0.0
        length(SIMD3(0, -plate, d), SIMD3(w, -plate, d), w, "x")
        if !xi.isFlat { length(SIMD3(side, -plate, 0), SIMD3(side, -plate, d), d, "z") }
    }

    private func drawBar(_ range: ClosedRange<Double>, x: Double, top: Double, bottom: Double, _ out: inout Drawing) {
        var ramp = Raster(width: 1, height: 256)
        for n in 0..<256 { ramp[0, n] = ColourMap.phase.colours[255 - n] }
        out.image(ramp, x: x, y: top, width: 12, height: bottom - top)
        let unit = DisplayUnit.fitting("m", largest: range.upperBound / 2), low = range.lowerBound * unit.perSI, high = range.upperBound * unit.perSI
        let ticks = Ticks(linear: low...high, count: 5)
        var widest = 0.0
        for (v, label) in zip(ticks.values, ticks.labels) {
            let y = bottom - (bottom - top) * (v - low) / (high - low)
            out.line(Point(x + 12, y), Point(x + 12 + Theme.tickLength, y), .rule)
            out.text(label, at: Point(x + 20, y + Theme.tickSize * 0.36), size: Theme.tickSize, .muted)
            widest = max(widest, Drawing.textWidth(label, size: Theme.tickSize))
        }
        out.text("Height (\(unit.symbol))", at: Point(x + 20 + widest + 6 + Theme.labelSize, (top + bottom) / 2), anchor: .middle, upward: true)
    }
}

/// Light on a point of the surface: sun with shadow, sky through what is open above, a faint highlight.
private struct Shading {
    private let body: Samples, light: SIMD3<Double>, half: SIMD3<Double>
    private let directions: [SIMD3<Double>]

    init(_ body: Samples, light: SIMD3<Double>, viewer: SIMD3<Double>) {
        (self.body, self.light) = (body, light)
        let h = light + viewer
        half = h / (h * h).sum().squareRoot()
        // Evenly over the sphere (golden spiral); the half facing out of the surface is used.
        directions = (0..<40).map { n in
            let y = 1 - (Double(n) + 0.5) / 20, r = (1 - y * y).squareRoot(), a = Double(n) * 2.399963
            return SIMD3(r * cos(a), y, r * sin(a))
        }
    }

    func colour(_ base: SIMD3<Float>, at p: SIMD3<Double>, normal: SIMD3<Double>, shadows: Bool) -> SIMD3<Float> {
        let facing = max((normal * light).sum(), 0)
        let sun = facing > 0 && shadows && isHidden(p + normal * (1.5 * body.dx)) ? 0.25 * facing : facing
        let sky = shadows ? openness(p, normal) : 1
        let shine = pow(max((normal * half).sum(), 0), 40) * (sun >= facing ? 0.18 : 0)
        return base * Float(0.48 * sky + 0.10 * sky * max(normal.y, 0) + 0.56 * sun) + Float(shine)
    }

    private func isMetal(_ p: SIMD3<Double>) -> Bool {
        let i = Int(p.x / body.dx), j = Int(p.y / body.dx), k = Int(p.z / body.dx)
        guard p.x >= 0, p.z >= 0, p.y >= 0, i < body.nx, j < body.ny, k < body.nz else { return false }
        return body.values[body.index(i, j, k)] >= 0.5
    }

    private func isHidden(_ from: SIMD3<Double>) -> Bool {
        var p = from
        let step = light * (1.2 * body.dx)
        while p.y < body.height && p.x >= 0 && p.x < body.width && p.z >= 0 && p.z < body.depth {
            if isMetal(p) { return true }
            p += step
        }
        return false
    }

    /// Share of the sky (weighted by the cosine) that is not blocked nearby.
    private func openness(_ p: SIMD3<Double>, _ normal: SIMD3<Double>) -> Double {
        var open = 0.0, all = 0.0
        for d in directions {
            let weight = (d * normal).sum()
            guard weight > 0.05 else { continue }
            all += weight
            var reach = 1.6 * body.dx, isOpen = d.y > -0.3
            while isOpen && reach < 26 * body.dx {
                if isMetal(p + d * reach + normal * (0.8 * body.dx)) { isOpen = false }
                reach *= 1.45
            }
            if isOpen { open += weight }
        }
        return all > 0 ? open / all : 1
    }
}

extension Samples {
    /// Means of two cells a side (of what there is at odd ends).
    fileprivate func halved() -> Samples {
        let mx = (nx + 1) / 2, my = (ny + 1) / 2, mz = (nz + 1) / 2
        var out: [Float] = []
        out.reserveCapacity(mx * my * mz)
        for k in 0..<mz {
            for j in 0..<my {
                for i in 0..<mx {
                    var sum: Float = 0
                    for c in 0..<8 { sum += self[min(2 * i + (c & 1), nx - 1), min(2 * j + (c >> 1 & 1), ny - 1), min(2 * k + (c >> 2), nz - 1)] }
                    out.append(sum / 8)
                }
            }
        }
        return Samples(nx: mx, ny: my, nz: mz, dx: 2 * dx, values: out)
    }
}
