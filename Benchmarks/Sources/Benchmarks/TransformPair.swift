internal import Grids
import Spectral

/// The yardstick: one FFTW transform there and back over a grid; by default r2c and c2r, periodic in all axes.
final class TransformPair<T: FFTReal> {
    private let transform: Transform<T>
    private let input: Field<T>, output: Field<T>

    /// - Throws: `WrongAnswer` when there and back is not the identity.
    init(_ grid: Grid, on device: Device, ownKind: Bool = false) throws {
        let grid = ownKind ? grid : Grid(nx: grid.nx, ny: grid.ny, nz: grid.nz, spacing: 1, y: .periodic)
        transform = try Transform(grid, Boundaries(grid), device: device)
        input = Field(grid)
        output = Field(grid)
        let stream = RandomStream(seed: 1, purpose: "benchmark")
        for row in 0..<grid.rows { for i in 0..<grid.nx { input.row(row)[i] = T(stream.normalPair(UInt64(i), UInt64(row)).0) } }
        run()
        let scale = transform.normalisation
        var worst = 0.0
        for row in 0..<grid.rows {
            for i in 0..<grid.nx { worst = max(worst, abs(Double(output.row(row)[i]) * scale - Double(input.row(row)[i]))) }
        }
        try WrongAnswer.unless(worst, is: 0, within: T.self == Float.self ? 1e-4 : 1e-12, "the error of FFTW's transform there and back")
    }

    func run() {
        transform.forward(input)
        transform.inverse(into: output)
    }
}
