// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "dendrite", path: "..")],
    targets: [
        .target(name: "AllocationCount"),
        .executableTarget(name: "Benchmarks", dependencies: ["AllocationCount"] + [
            "Campaigns", "Electrodeposition", "Elliptic", "Spectral", "Grids", "Kernels", "StandardProblems", "Morphology", "Parameters", "RunFiles",
        ].map { .product(name: $0, package: "dendrite") }),
    ],
    swiftLanguageModes: [.v6]
)
