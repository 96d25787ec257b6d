// swift-tools-version: 6.2
import PackageDescription

// MARK: - Instruction sets
// The hot loops of Sources/Kernels/Baseline are compiled once per instruction set (the other folders are links to it)
// and one of them is chosen when the program starts. SwiftPM allows unsafeFlags in the root package and its path dependants.

func instructionSet(_ flags: String...) -> [SwiftSetting] {
    [.unsafeFlags(flags.flatMap { ["-Xcc", $0] })]
}

#if arch(x86_64)
let variants: [Target] = [
    .target(name: "KernelsAVX2", dependencies: ["KernelInterface"], path: "Sources/Kernels/AVX2",
            swiftSettings: instructionSet("-mavx2", "-mfma")),
    .target(name: "KernelsAVX512", dependencies: ["KernelInterface"], path: "Sources/Kernels/AVX512",
            swiftSettings: instructionSet("-march=skylake-avx512", "-mprefer-vector-width=512")),
]
#else
let variants: [Target] = []
#endif

// MARK: - Targets: arrows point down only

let library: [Target] = [
    .target(name: "CPlatform", linkerSettings: [.linkedLibrary("z")]),
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"])]),
    .target(name: "CHDF5", linkerSettings: [.linkedLibrary("hdf5_serial_hl"), .linkedLibrary("hdf5_serial")]),
    .target(name: "KernelInterface", dependencies: ["CPlatform"], path: "Sources/Kernels/Interface"),
    .target(name: "KernelsBaseline", dependencies: ["KernelInterface"], path: "Sources/Kernels/Baseline"),
    .target(name: "Kernels",
            dependencies: ["KernelInterface", "KernelsBaseline"] + variants.map { .byName(name: $0.name) },
            path: "Sources/Kernels/Choice"),
    .target(name: "Grids", dependencies: ["Kernels", "CPlatform"]),
    .target(name: "Spectral", dependencies: ["Grids", "CFFTW"]),
    .target(name: "Elliptic", dependencies: ["Spectral", "Grids"]),
    .target(name: "Parameters", dependencies: []),
    .target(name: "Electrodeposition", dependencies: ["Elliptic", "Spectral", "Parameters", "Grids"]),
    .target(name: "StandardProblems", dependencies: ["Elliptic", "Spectral", "Parameters", "Grids"]),
    .target(name: "RunFiles", dependencies: ["CHDF5", "CPlatform", "Grids", "Parameters"]),
    .target(name: "Morphology", dependencies: ["RunFiles", "Spectral", "Grids", "CPlatform"]),
    .target(name: "Validation", dependencies: ["Electrodeposition", "StandardProblems", "Morphology", "Elliptic", "Spectral", "Grids"]),
    .target(name: "Coatings", dependencies: ["RunFiles", "Electrodeposition", "Parameters"]),
    .target(name: "Campaigns", dependencies: ["Validation", "Coatings", "Morphology", "RunFiles", "Electrodeposition", "StandardProblems",
                                              "Parameters", "Spectral", "Grids"]),
    .executableTarget(name: "dendrite", dependencies: ["Campaigns", "Coatings", "Morphology", "RunFiles", "Electrodeposition",
                                                       "StandardProblems", "Parameters", "Grids"]),
]

// MARK: - Tests

let tests: [Target] = [
    .target(name: "AllocationCount", path: "Tests/AllocationCount"),
    .testTarget(name: "GridsTests", dependencies: ["Grids"]),
    .testTarget(name: "EllipticTests", dependencies: ["Elliptic", "Validation", "Grids"]),
    .testTarget(name: "SpectralTests", dependencies: ["Spectral", "AllocationCount"]),
    .testTarget(name: "ParametersTests", dependencies: ["Parameters"]),
    .testTarget(name: "RunFilesTests", dependencies: ["RunFiles", "Grids"]),
    .testTarget(name: "ElectrodepositionTests", dependencies: ["Electrodeposition", "Validation", "AllocationCount"]),
    .testTarget(name: "ConvergenceTests", dependencies: ["Electrodeposition", "Validation"]),
    .testTarget(name: "StandardProblemsTests", dependencies: ["StandardProblems"]),
    .testTarget(name: "MorphologyTests", dependencies: ["Morphology", "Validation", "RunFiles", "Grids", "CPlatform"]),
    .testTarget(name: "CommandLineTests", dependencies: ["dendrite", "Campaigns", "Morphology", "Electrodeposition", "Parameters", "RunFiles", "Spectral", "Grids"],
                exclude: ["bad-inputs.txt"]),
    .testTarget(name: "CoatingsTests", dependencies: ["Coatings", "Electrodeposition", "Parameters"]),
]

let package = Package(
    name: "dendrite",
    products: [
        .executable(name: "dendrite", targets: ["dendrite"]),
    ] + ["Kernels", "Grids", "Spectral", "Elliptic", "Parameters", "Electrodeposition", "StandardProblems",
         "RunFiles", "Morphology", "Validation", "Coatings", "Campaigns"].map { .library(name: $0, targets: [$0]) },
    targets: library + variants + tests,
    swiftLanguageModes: [.v6]
)
