public import StandardProblems
public enum LiteratureCases { public static let all: [any ValidationCase] = [] }
