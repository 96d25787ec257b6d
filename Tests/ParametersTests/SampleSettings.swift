import Parameters

/// Settings of every form, close to those of a real input.
struct Cell: ParameterGroup, Equatable {
    var salt = Salt()
    var coating: Coating?
    var steps = [Step()]
    var seed = 1
    var noise = false
    var title = ""
    var siteMap: String?
    var cells = [200, 200]
    var magneticField = SIMD3(0.0, 0.1, 0.0)
    var voltages: [Double] = [-0.45]
    var temperature = 298.15

    static let summary = "A lithium cell"
    static let parameters: [Parameter<Self>] = [
        .group("salt", \.salt),
        .optionalGroup("coating", \.coating),
        .list("steps", \.steps, count: 1...100, "Steps of the protocol"),
        .integer("seed", \.seed, .atLeast(0), "Seed of the random numbers"),
        .flag("noise", \.noise, "Whether the front fluctuates"),
        .text("title", \.title, "Title of the figures"),
        .optionalFile("siteMap", \.siteMap, "Map of the sites"),
        .integers("cells", \.cells, .between(4, 65536), count: 2...3, "Cells along x, y and z"),
        .vector("magneticField", \.magneticField, "mT", .between(-20_000, 20_000), "Applied field"),
        .quantities("voltages", \.voltages, "V", .any, "Voltages to compare"),
        .quantity("temperature", \.temperature, "degC", .between(-60, 150), "Temperature"),
    ]
}

struct Salt: ParameterGroup, Equatable {
    var diffusivity = 1e-10
    var transferenceNumber = 0.38
    var concentration = 1000.0

    static let summary = "Salt transport"
    static let parameters: [Parameter<Self>] = [
        .quantity("diffusivity", \.diffusivity, "m^2/s", .above(0), "Diffusivity of the salt", source: "measured, 25 degC"),
        .quantity("transferenceNumber", \.transferenceNumber, "1", .between(0, 1), "Transference number of the cation"),
        .quantity("concentration", \.concentration, "mol/L", .above(0, atMost: 5), "Bulk concentration"),
    ]
}

struct Coating: ParameterGroup, Equatable {
    enum Structure: String, CaseIterable, Sendable {
        case amorphous, polycrystalline
    }

    var thickness = 28e-9
    var structure = Structure.amorphous
    var modulus: Double?
    var failureStrain = 0.05

    static let summary = "An artificial interphase"
    static let parameters: [Parameter<Self>] = [
        .quantity("thickness", \.thickness, "nm", .between(0.1, 1000), "Thickness"),
        .choice("structure", \.structure, "Structure of the film"),
        .optionalQuantity("modulus", \.modulus, "GPa", .above(0), "Young's modulus"),
        .quantity("failureStrain", \.failureStrain, "%", .above(0, below: 100), "Strain at which the film breaks"),
    ]

    func validate(_ report: inout Report) {
        if structure == .polycrystalline && modulus == nil {
            report.error("must be given when structure is \"polycrystalline\"", at: "modulus")
        }
        if thickness > 500e-9 { report.warning("is beyond the thin-film limit of 500 nm", at: "thickness") }
    }
}

struct Step: ParameterGroup, Equatable {
    enum Kind: String, CaseIterable, Sendable {
        case plate, strip, rest
    }

    var kind = Kind.plate
    var current = 10.0
    var duration: Double? = 1800

    static let summary = "A step of the protocol"
    static let parameters: [Parameter<Self>] = [
        .choice("kind", \.kind, "What the step does").required,
        .quantity("current", \.current, "mA/cm^2", .atLeast(0), "Mean current density"),
        .optionalQuantity("duration", \.duration, "min", .above(0), "Longest time"),
    ]
}
