/// Exponents of metre, kilogram, second, ampere, kelvin and mole. Angles are pure numbers.
public struct Dimension: Sendable, Hashable, CustomStringConvertible {
    public static let symbols = ["m", "kg", "s", "A", "K", "mol"]

    var exponents: [Int]

    init(_ exponents: [Int]) { self.exponents = exponents }

    public static let none = Dimension([0, 0, 0, 0, 0, 0])

    static func * (a: Dimension, b: Dimension) -> Dimension { Dimension(zip(a.exponents, b.exponents).map { $0 + $1 }) }

    func raised(to power: Int) -> Dimension { Dimension(exponents.map { $0 * power }) }

    /// In SI base units: `kg m^-1 s^-2`; `1` for a pure number.
    public var description: String {
        let factors = zip(Self.symbols, exponents).filter { $0.1 != 0 }.map { $0.1 == 1 ? $0.0 : "\($0.0)^\($0.1)" }
        return factors.isEmpty ? "1" : factors.joined(separator: " ")
    }

    /// In words: `a current density`; by its units when the dimension has no name here.
    public var words: String { Self.names[self] ?? "a quantity in \(self)" }

    private static let names: [Dimension: String] = Dictionary(
        [
            ("1", "a pure number"), ("m", "a length"), ("m^2", "an area"), ("m^3", "a volume"), ("1/m", "a wavenumber"),
            ("1/m^2", "a number per area"), ("1/m^3", "a number per volume"), ("1/(m^2 s)", "a rate per area"),
            ("s", "a time"), ("1/s", "a rate"), ("m/s", "a velocity"), ("m/s^2", "an acceleration"), ("m^2/s", "a diffusivity"),
            ("kg", "a mass"), ("kg/m^3", "a mass density"), ("kg/m^2", "a mass per area"), ("kg/mol", "a molar mass"),
            ("A", "an electric current"), ("A/m^2", "a current density"), ("A/m^3", "a current per volume"),
            ("C", "an electric charge"), ("C/m^2", "a charge per area"), ("C/m^3", "a charge per volume"), ("C/kg", "a charge per mass"),
            ("V", "a voltage"), ("V/m", "an electric field"), ("ohm", "a resistance"), ("ohm m^2", "an area resistance"),
            ("ohm m", "a resistivity"), ("S", "a conductance"), ("S/m", "a conductivity"), ("S/m^2", "a conductance per area"),
            ("F", "a capacitance"), ("F/m^2", "a capacitance per area"), ("F/m", "a permittivity"), ("m^2/(V s)", "an electric mobility"),
            ("K", "a temperature"), ("K/m", "a temperature gradient"), ("W/(m K)", "a thermal conductivity"),
            ("J/(kg K)", "a specific heat"),
            ("mol", "an amount of substance"), ("mol/m^3", "a concentration"), ("mol/m^2", "an amount per area"),
            ("mol/(m^2 s)", "a molar flux"), ("m^3/mol", "a molar volume"), ("J/mol", "a molar energy"), ("J/(mol K)", "a molar entropy"),
            ("J", "an energy"), ("J/m^2", "a surface energy"), ("J/m", "an energy per length"), ("Pa", "a pressure"),
            ("N", "a force"), ("N/m^3", "a force per volume"), ("W", "a power"), ("Pa s", "a viscosity"),
            ("m^3/(J s)", "an interface mobility"),
            ("T", "a magnetic flux density"), ("A/m", "a magnetisation"), ("A m^2", "a magnetic moment"), ("T/m", "a magnetic gradient"),
            ("Wb", "a magnetic flux"), ("H/m", "a permeability"),
        ].map { (Unit($0.0).dimension, $0.1) }, uniquingKeysWith: { first, _ in first })
}
