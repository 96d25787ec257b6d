/// The foremost point of the surface.
public struct Tip: Sendable, Equatable {
    /// Place and height above the electrode, m.
    public let x: Double, z: Double, height: Double
    /// Radius of curvature, m: 1/K in two dimensions, 2/K in three; infinite where the tip is flat or hollow, or flatter than the box is wide.
    public let radius: Double

    public init(_ xi: Samples, map: HeightMap) {
        let n = map.heights.indices.max { map.heights[$0] < map.heights[$1] } ?? 0
        x = (Double(n % map.nx) + 0.5) * map.dx
        z = (Double(n / map.nx) + 0.5) * map.dx
        height = map.heights[n]
        let curvature = Curvature(xi)(x: x, y: height, z: z), radius = (xi.isFlat ? 1 : 2) / curvature
        self.radius = curvature > 0 && radius < max(xi.width, xi.isFlat ? 0 : xi.depth) ? radius : .infinity
    }
}
