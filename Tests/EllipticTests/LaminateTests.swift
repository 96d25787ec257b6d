import Testing
import Validation

/// Layers of two materials between walls at 0 and 1: 8 cells of conductivity 1, 8 of 1/contrast, and so on.
@Suite("Laminates between Dirichlet walls")
struct LaminateTests {
    static let contrasts = [10.0, 1e4, 1e7]

    @Test("layers across the current: the series average", arguments: [0, 1, 2], contrasts)
    func series(axis: Int, contrast: Double) throws {
        #expect(try ConductionProblems.series(axis: axis, contrast: contrast) < 1e-8)
    }

    @Test("layers along the current: the plain average, a linear potential", arguments: [0, 1, 2], contrasts)
    func parallel(axis: Int, contrast: Double) throws {
        let (current, potential) = try ConductionProblems.parallel(axis: axis, contrast: contrast)
        #expect(abs(current) < 1e-8)
        #expect(potential < 1e-8)
    }
}
