import Grids
import Kernels

/// Solves (a - b lap) u = f exactly by one transform pair; the boundary kinds are those of the transform.
///
/// Inhomogeneous boundary values: subtract a function that has them (a linear lift) first.
public final class HelmholtzSolver<T: FFTReal>: Sendable {
    public let transform: Transform<T>
    public let symbols: Symbols<T>

    /// - Parameter laplacian: `.finiteDifference` inverts the compact difference operator to round-off, `.spectral` the derivative itself.
    public init(_ transform: Transform<T>, _ laplacian: Laplacian) {
        self.transform = transform
        symbols = Symbols(transform, laplacian)
    }

    /// Replaces f by u. With a = 0 and no wall that fixes a value, the mean of f is dropped and u has mean 0.
    public func solve(_ f: Field<T>, a: Double, b: Double) {
        transform.filter(f, Quadratic(transform.normalisation), over: Quadratic(a, b), symbols)
    }
}
