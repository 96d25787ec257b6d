public import Grids

/// What a function does at the two ends of an axis, and so which transform diagonalises its second derivative.
///
/// All kinds but `oddFaces` hold values at cell centres, x_j = (j + 1/2) h, L = n h; mode q has the wavenumber k (rad/m) given here.
public enum Boundary: String, Sendable, CaseIterable {
    /// exp(i k x), k = 2 pi q / L: r2c (half-complex when x is bounded).
    case periodic
    /// Zero slope at both ends: cos(k x), k = pi q / L (REDFT10, inverse REDFT01).
    case neumann
    /// Zero value at both ends: sin(k x), k = pi (q + 1) / L (RODFT10, inverse RODFT01).
    case dirichlet
    /// Zero slope at the low end, zero value at the high end: cos(k x), k = pi (q + 1/2) / L (REDFT11).
    case neumannDirichlet
    /// Zero value at the low end, zero slope at the high end: sin(k x), k = pi (q + 1/2) / L (RODFT11).
    case dirichletNeumann
    /// Zero at both ends with values on the lower faces, x_j = j h: sin(k x), k = pi q / L, on the same scale per q as `neumann`
    /// (RODFT00 of the n - 1 interior faces). Face 0 is ignored by the forward transform and set to 0 by the inverse; mode 0 is 0.
    case oddFaces

    /// Logical size of the transform: forward then inverse multiplies by it.
    func logicalSize(_ n: Int) -> Int { self == .periodic ? n : 2 * n }

    /// How often scalar q of a real axis counts in a sum of squares (Parseval), on the scale of `logicalSize`.
    func weight(_ q: Int, of n: Int) -> Double {
        switch self {
        case .periodic: q == 0 || 2 * q == n ? 1 : 2
        case .neumann: q == 0 ? 0.5 : 1
        case .dirichlet: q == n - 1 ? 0.5 : 1
        case .neumannDirichlet, .dirichletNeumann, .oddFaces: 1
        }
    }

    /// Wavenumber of mode q in units of pi / L.
    func modeNumber(_ q: Int, of n: Int) -> Double {
        switch self {
        case .periodic: 2 * Double(min(q, n - q))
        case .neumann, .oddFaces: Double(q)
        case .dirichlet: Double(q + 1)
        case .neumannDirichlet, .dirichletNeumann: Double(q) + 0.5
        }
    }
}

/// The boundary kind of each axis.
public struct Boundaries: Sendable, Hashable {
    public var x: Boundary, y: Boundary, z: Boundary

    public init(x: Boundary = .periodic, y: Boundary = .neumann, z: Boundary = .periodic) {
        (self.x, self.y, self.z) = (x, y, z)
    }

    /// Periodic where the grid is, zero slope at its walls.
    public init(_ grid: Grid) {
        self.init(x: grid.x == .periodic ? .periodic : .neumann,
                  y: grid.y == .periodic ? .periodic : .neumann,
                  z: grid.z == .periodic ? .periodic : .neumann)
    }
}
