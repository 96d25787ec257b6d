/// The benchmark problems of the phase-field community (PFHub, hosted by NIST and CHiMaD) on this engine's grids, transforms and kernels.
public enum StandardProblems {
    /// Every case in the order of the table.
    public static let all: [any ValidationCase] = [
        SpinodalCase.periodic, SpinodalCase.walled, SolidificationCase(), SpinodalCase.charged,
        ManufacturedCase.a, ManufacturedCase.b, ManufacturedCase.c,
    ]
}
