internal import StandardProblems
enum FrontStability { static let cases: [any ValidationCase] = [] }
