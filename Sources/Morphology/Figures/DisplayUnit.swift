import Glibc

/// The unit a quantity is shown in: a symbol and what one SI unit is in it.
public struct DisplayUnit: Sendable, Equatable {
    public let symbol: String, perSI: Double

    public init(_ symbol: String, perSI: Double) { (self.symbol, self.perSI) = (symbol, perSI) }

    /// The unit of an SI quantity whose largest size is given: 3e-6 of "m" is shown in µm. Unknown units stay as they are.
    public static func fitting(_ unit: String, largest: Double) -> DisplayUnit {
        // "mol/m^3" and "mol/m3" are the same; "1" is a pure number.
        let unit = unit == "1" ? "" : String(unit.filter { $0 != "^" })
        guard let choices = table[unit] else { return DisplayUnit(unit, perSI: 1) }
        guard largest != 0 else { return choices.first { $0.symbol == unit } ?? choices[0] }
        // The first unit in which the largest value is at least 1 (salt 0.1, times 2: 90 s are no minutes); the last one when none is.
        let least = unit == "mol/m3" ? 0.1 : (unit == "s" && abs(largest) > 2 ? 1.9999 : 0.9999)
        return choices.first { abs(largest) * $0.perSI >= least } ?? choices[choices.count - 1]
    }

    private static let table: [String: [DisplayUnit]] = [
        "m": [.init("mm", perSI: 1e3), .init("µm", perSI: 1e6), .init("nm", perSI: 1e9)],
        "s": [.init("h", perSI: 1 / 3600.0), .init("min", perSI: 1 / 60.0), .init("s", perSI: 1), .init("ms", perSI: 1e3), .init("µs", perSI: 1e6)],
        "V": [.init("V", perSI: 1), .init("mV", perSI: 1e3), .init("µV", perSI: 1e6)],
        "Pa": [.init("GPa", perSI: 1e-9), .init("MPa", perSI: 1e-6), .init("kPa", perSI: 1e-3), .init("Pa", perSI: 1)],
        "T": [.init("T", perSI: 1), .init("mT", perSI: 1e3), .init("µT", perSI: 1e6)],
        "J": [.init("J", perSI: 1), .init("mJ", perSI: 1e3), .init("µJ", perSI: 1e6), .init("nJ", perSI: 1e9), .init("pJ", perSI: 1e12)],
        "mol/m3": [.init("mol/L", perSI: 1e-3), .init("mmol/L", perSI: 1)],
        "A/m2": [.init("mA/cm²", perSI: 0.1), .init("µA/cm²", perSI: 100)],
        "C/m2": [.init("mAh/cm²", perSI: 1 / 36000.0), .init("µAh/cm²", perSI: 1 / 36.0)],
        "m/s": [.init("µm/s", perSI: 1e6), .init("nm/s", perSI: 1e9)],
        "1/m": [.init("1/nm", perSI: 1e-9), .init("1/µm", perSI: 1e-6), .init("1/mm", perSI: 1e-3)],
        "m2": [.init("mm²", perSI: 1e6), .init("µm²", perSI: 1e12)],
        "m3": [.init("mm³", perSI: 1e9), .init("µm³", perSI: 1e18)],
        "m4": [.init("µm⁴", perSI: 1e24), .init("nm⁴", perSI: 1e36)],
        "ohm m2": [.init("Ω cm²", perSI: 1e4)],
        "J/m2": [.init("J/m²", perSI: 1)],
    ]
}
