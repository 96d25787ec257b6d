public import Grids

/// An isotropic stiffness that varies in space: Lame's moduli at cell centres (Pa) and the shear modulus on edges.
public final class Stiffness<T: Real>: @unchecked Sendable {
    public let grid: Grid
    /// Lame's moduli, Pa: lambda = E nu/((1 + nu)(1 - 2 nu)), mu = E/(2 (1 + nu)).
    public let lambda: Field<T>, mu: Field<T>
    let xy: Field<T>, yz: Field<T>?, xz: Field<T>?

    public init(_ grid: Grid) {
        self.grid = grid
        lambda = Field(grid)
        mu = Field(grid)
        xy = Field(grid)
        yz = grid.dimensions == 3 ? Field(grid) : nil
        xz = grid.dimensions == 3 ? Field(grid) : nil
    }

    /// Lame's moduli (lambda, mu) from Young's modulus E (Pa) and Poisson's ratio nu < 1/2.
    public static func lame(young e: Double, poisson nu: Double) -> (lambda: Double, mu: Double) {
        (e * nu / ((1 + nu) * (1 - 2 * nu)), e / (2 * (1 + nu)))
    }

    var cells: StiffnessCells<T> {
        StiffnessCells(
            lambda: lambda.cells, mu: mu.cells, xy: xy.cells, yz: yz.map { UnsafePointer($0.cells) }, xz: xz.map { UnsafePointer($0.cells) })
    }

    /// To be called after lambda and mu have been written: ghosts, and the shear modulus on edges (harmonic mean of the four cells).
    func close(harmonic: Bool = true, on device: Device) {
        lambda.fillGhosts()
        mu.fillGhosts()
        device.forRows(mu.layout) {
            device.kernels.edgeModuli(xy.cells, yz?.cells, xz?.cells, mu.cells, harmonic: harmonic, mu.layout, $0)
        }
    }
}
