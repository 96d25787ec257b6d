public import Grids
public import StandardProblems

/// A problem of the engine with an exact answer.
public struct ExactCase: ValidationCase {
    public let name: String, title: String, source: String
    public let isFast: Bool
    private let solve: @Sendable (ValidationExtent, Device) throws -> ValidationResult

    init(_ name: String, _ title: String, source: String, isFast: Bool = true,
         _ solve: @escaping @Sendable (ValidationExtent, Device) throws -> ValidationResult) {
        (self.name, self.title, self.source, self.isFast, self.solve) = (name, title, source, isFast, solve)
    }

    public func run(_ extent: ValidationExtent, device: Device) throws -> ValidationResult { try solve(extent, device) }
}

/// A case that cannot be judged, and why.
struct ValidationFailure: Error, CustomStringConvertible {
    let description: String
    init(_ sentence: String) { description = sentence }
}

extension ValidationResult {
    init(_ checks: [Check]) {
        self.init()
        self.checks = checks
    }
}
