import Testing
import Validation

@Test("checkerboard: Keller's geometric mean, extrapolated in the spacing")
func checkerboard() throws {
    let (coarse, fine, extrapolated) = try ConductionProblems.checkerboard()
    #expect(abs(extrapolated) < 0.01)
    #expect(abs(fine) < abs(coarse))
}
