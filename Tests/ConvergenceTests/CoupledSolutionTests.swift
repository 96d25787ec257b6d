import Testing
import Validation

@Suite("Manufactured solution of the coupled system")
struct CoupledSolutionTests {
    @Test("plane: space 2.0 +- 0.1, time at least 1.9")
    func plane() throws {
        let solution = CoupledSolution(width: 16, height: 34, isSolid: false)
        let (space, errors) = try solution.spatialOrders(coarse: 3, fine: 6, step: 0.004, until: 1)
        #expect(space.allSatisfy { abs($0 - 2) < 0.1 }, "orders \(space), errors \(errors)")
        let time = try solution.temporalOrders(cells: 1, step: 0.05, until: 0.8)
        #expect(time.allSatisfy { $0 >= 1.9 }, "orders \(time)")
    }

    @Test("space: space 2.0 +- 0.1, time at least 1.9")
    func solid() throws {
        let solution = CoupledSolution(width: 8, height: 34, isSolid: true)
        let (space, errors) = try solution.spatialOrders(coarse: 1.5, fine: 3, step: 0.01, until: 0.5)
        #expect(space.allSatisfy { abs($0 - 2) < 0.1 }, "orders \(space), errors \(errors)")
        let time = try solution.temporalOrders(cells: 1, step: 0.05, until: 0.8)
        #expect(time.allSatisfy { $0 >= 1.9 }, "orders \(time)")
    }
}
