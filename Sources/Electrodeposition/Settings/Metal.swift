public import Parameters

/// Physical constants, SI.
public enum Constants {
    /// F, C/mol (CODATA 2018, exact).
    public static let faraday = 96485.33212331
    /// R, J/(mol K) (CODATA 2018, exact).
    public static let gas = 8.31446261815324
}

/// The metal that is plated.
public struct Metal: ParameterGroup {
    public enum Preset: String, CaseIterable, Sendable { case lithium, zinc, custom }

    public var preset = Preset.lithium
    public var customValence = 1
    public var customMolarVolume = 1.30e-5

    public init() {}

    public static let summary = "The metal that is plated"
    public static let parameters: [Parameter<Self>] = [
        .choice("preset", \.preset, "lithium (z 1, V_m 13.0 cm^3/mol), zinc (z 2, V_m 9.16 cm^3/mol), or custom"),
        .integer("valence", \.customValence, .between(1, 3), "Charge number z of the ion; used with preset custom"),
        .quantity("molarVolume", \.customMolarVolume, "cm^3/mol", .above(0), "V_m of the metal; used with preset custom"),
    ]

    /// z
    public var valence: Double {
        switch preset {
        case .lithium: 1
        case .zinc: 2
        case .custom: Double(customValence)
        }
    }

    /// V_m, m^3/mol
    public var molarVolume: Double {
        switch preset {
        case .lithium: 1.30e-5
        case .zinc: 9.16e-6
        case .custom: customMolarVolume
        }
    }

    /// zF/V_m, C per m^3 of metal.
    public var chargePerVolume: Double { valence * Constants.faraday / molarVolume }

    /// f = zF/RT, 1/V
    public func thermalFactor(temperature: Double) -> Double { valence * Constants.faraday / (Constants.gas * temperature) }
}
