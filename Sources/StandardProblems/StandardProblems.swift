/// The benchmark problems of the phase-field community (PFHub, hosted by NIST and CHiMaD) on this engine's grids, transforms and kernels.
public enum StandardProblems {
    /// Every case in the order of the table.
    public static let all: [any ValidationCase] = [
        SpinodalCase.periodic, SpinodalCase.walled, SolidificationCase(), SpinodalCase.charged,
        ManufacturedCase.a, ManufacturedCase.b, ManufacturedCase.c,
    ]

    /// The cases of an extent: thin fronts take minutes, so they are run in full only.
    public static func cases(_ extent: ValidationExtent) -> [any ValidationCase] {
        extent == .full ? all : all.filter { !["pfhub-7b", "pfhub-7c"].contains($0.name) }
    }
}
