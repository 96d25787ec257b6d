import Glibc

/// A parallel view of a box: lengths across the line of sight keep one scale everywhere, so a scale bar holds for the whole picture.
struct Camera {
    /// Unit vectors to the right and up in the picture, and towards the viewer.
    let right: SIMD3<Double>, up: SIMD3<Double>, toViewer: SIMD3<Double>
    private let centre: SIMD3<Double>
    private let middle: Point
    /// Points (or pixels) per metre.
    let scale: Double
    /// What the box takes up of the room it was given.
    let size: Point

    /// - Parameters:
    ///   - azimuth: degrees around the growth axis, from the z axis towards x; elevation: degrees above the electrode.
    ///   - low, high: corners of the box that must fit into width x height.
    init(azimuth: Double, elevation: Double, low: SIMD3<Double>, high: SIMD3<Double>, width: Double, height: Double) {
        let a = azimuth * .pi / 180, e = elevation * .pi / 180
        right = SIMD3(cos(a), 0, -sin(a))
        up = SIMD3(-sin(a) * sin(e), cos(e), -cos(a) * sin(e))
        toViewer = SIMD3(sin(a) * cos(e), sin(e), cos(a) * cos(e))
        centre = (low + high) / 2
        var least = Point(repeating: .infinity), most = -least
        for c in 0..<8 {
            let corner = SIMD3(c & 1 == 0 ? low.x : high.x, c & 2 == 0 ? low.y : high.y, c & 4 == 0 ? low.z : high.z) - centre
            let p = Point((corner * right).sum(), (corner * up).sum())
            least = pointwiseMin(least, p)
            most = pointwiseMax(most, p)
        }
        scale = min(width / (most.x - least.x), height / (most.y - least.y))
        size = (most - least) * scale
        middle = size / 2 + Point(-(least.x + most.x), least.y + most.y) * (scale / 2)
    }

    /// Place in the picture (y down) and nearness to the viewer (m).
    func project(_ p: SIMD3<Double>) -> (at: Point, nearness: Double) {
        let q = p - centre
        return (middle + Point((q * right).sum(), -(q * up).sum()) * scale, (q * toViewer).sum())
    }
}
