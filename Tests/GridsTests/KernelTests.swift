import Kernels
import Testing

@Test("exp and log on packs agree with the C library", arguments: InstructionSet.allCases.filter(\.isAvailable))
func elementaryFunctions(_: InstructionSet) {
    for x in stride(from: -30.0, through: 30.0, by: 0.37) {
        let e = Double.exp(.init(repeating: x))[0]
        #expect(abs(Double.log(.init(repeating: e))[0] - x) <= 4e-15 * max(1, abs(x)))
    }
}
