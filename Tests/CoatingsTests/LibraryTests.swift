import Coatings
import Electrodeposition
import Foundation
import Parameters
import Testing

/// The files that ship: every one is read, every value says what it rests on, the cards give the known numbers.
struct LibraryTests {
    static let inputs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Inputs").path

    static func files(_ shelf: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: inputs + "/" + shelf)) ?? []).filter { $0.hasSuffix(".json5") }.sorted().map {
            "\(inputs)/\(shelf)/\($0)"
        }
    }

    static func coating(_ name: String, _ overrides: [String] = []) throws -> CoatingFile {
        try CoatingFile("\(inputs)/coatings/\(name).json5", overrides: overrides)
    }

    @Test func coatingsSayWhatTheyRestOn() throws {
        #expect(Self.files("coatings").count >= 20)
        for path in Self.files("coatings") {
            let coating = try CoatingFile(path).coating
            #expect(!coating.name.isEmpty, "\(path)")
            // Names and notes need no evidence.
            for entry in coating.values where entry.unit != nil && entry.display != "none" && entry.display != "[]" {
                #expect(entry.basis != nil && !entry.source.isEmpty, "\(path): \(entry.path)")
            }
        }
    }

    @Test(arguments: ["cells", "electrolytes"]) func cellsSayWhatTheyRestOn(_ shelf: String) throws {
        #expect(Self.files(shelf).count >= 4)
        for path in Self.files(shelf) {
            let file = try InputFile(path: path)
            #expect(file.diagnostics.isEmpty)
            var tree = try #require(file.tree.members)
            tree.append(.init("end", ["time": "1 s"]))
            let settings = try SimulationSettings.decode(JSON5(.object(tree))).settings
            #expect(settings.electrolyte.conductivity != Electrolyte().conductivity || settings.electrolyte.kind == .liquid, "\(path)")
            for quantity in Self.quantities(file.tree) {
                #expect(
                    Evidence.Basis(rawValue: quantity["basis"]?.text ?? "") != nil && quantity["source"]?.text?.isEmpty == false,
                    "\(path): \(quantity.text(.line))")
            }
        }
    }

    /// The numbers of a tree, with what is stated about them; words such as kinds need no evidence.
    static func quantities(_ tree: JSON5) -> [JSON5] {
        if tree["value"] != nil { return [tree] }
        if let members = tree.members { return members.flatMap { quantities($0.value) } }
        return tree.number != nil || tree.text?.first?.isNumber == true ? [tree] : []
    }

    @Test func cardOfTheAlloyFilm() throws {
        let card = ScreeningCard(try Self.coating("azcnf-28nm").coating).json
        func number(_ key: String) -> Double { card[key]?.number ?? .nan }
        #expect(abs(number("configurationalEntropyOverR") - 1.609) < 5e-4 && abs(number("configurationalEntropyOverRMeasured") - 1.509) < 5e-4)
        #expect(card["entropyClass"]?.text == "high" && card["compositionRule"]?["met"]?.boolean == true)
        #expect(abs(number("siteFactor") - 1.824) < 5e-4 && abs(number("arealResistance_ohm_cm2") - 34) < 0.01)
        #expect(abs(number("coverage") - 0.95) < 2e-3 && abs(number("saturationField_T") - 0.182) < 5e-4)
        // Nobody measured how lithium diffuses in it.
        #expect(card["maximumCurrentDensity_mA_cm2"] == .null && card["utilisation"] == .null && card["equilibriumThickness_nm"] == .null)
        let missing = card["missing"]?.elements?.map { $0["what"]?.text ?? "" } ?? []
        #expect(missing.contains("use of an alloy layer") && missing.contains("wetting"))
        #expect(card["notes"]?.elements?.contains { $0.text?.contains("normalised") == true } == true)
    }

    @Test func cardOfAnAlloyLayer() throws {
        let card = ScreeningCard(try Self.coating("li-mg").coating).json
        #expect(abs((card["utilisation"]?.number ?? 0) / 0.5887 - 1) < 1e-3 && abs((card["saturationTime_s"]?.number ?? 0) / 1976.6 - 1) < 1e-3)
        let expected = Constants.faraday * 6e-15 * 69_600 / 5e-6 / 10
        #expect(abs((card["maximumCurrentDensity_mA_cm2"]?.number ?? 0) / expected - 1) < 1e-3)
        // A range of diffusivities gives a range, and a thinner film carries more.
        let wide = ScreeningCard(try Self.coating("li-mg", ["coating.diffusivity=[\"1e-11 cm^2/s\", \"1e-8 cm^2/s\"]"]).coating).json
        let range = wide["maximumCurrentDensity_mA_cm2"]?.elements?.compactMap(\.number) ?? []
        #expect(range.count == 2 && abs(range[1] / range[0] - 1000) < 1e-6)
        let sweep = wide["maximumCurrentDensitySweep"]?.elements ?? []
        #expect(sweep.count == 5 && sweep[0]["thickness_nm"]?.number == 1250)
        #expect(abs((sweep[0]["maximumCurrentDensity_mA_cm2"]?.elements?[0].number ?? 0) / range[0] - 4) < 1e-9)
        // The magnesium of a bilayer takes lithium, the tungsten does not.
        #expect(try Self.coating("mg-w-cu").coating.slabThickness == 140e-9)
    }

    @Test(arguments: [
        ("composition: { Al: 0.5, Zn: 0.4 }", "coating.composition sums to 0.9, not to 1"),
        ("thickness: \"-28 nm\"", "coating.thickness must be above 0"),
        ("thickness: \"28 nm\", resistance: \"1 ohm cm^2\", ionicConductivity: \"1 S/m\"", "coating.ionicConductivity is given beside resistance"),
        ("ionicConductivity: \"1 S/m\"", "coating.ionicConductivity needs thickness"),
        ("activationEnergy: \"27 kJ/mol\"", "referenceActivationEnergy belong together"),
        ("diffusivity: [\"2e-8 cm^2/s\", \"1e-8 cm^2/s\"]", "the lowest and then the highest"), ("thicknes: 1e-9", "did you mean \"thickness\""),
        ("thickness: \"30 nm\", layers: [{ material: \"Mg\", thickness: \"28 nm\" }]", "the layers sum to 28 nm"),
        ("layers: [{ material: \"Mg\" }]", "coating.layers.0.thickness is missing"),
    ]) func mistakes(_ text: String, _ message: String) throws {
        let path = NSTemporaryDirectory() + UUID().uuidString + ".json5"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try "{ coating: { \(text) } }".write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: Diagnostics.self) { try CoatingFile(path) }
        #expect(error?.errors.count == 1 && error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func unknownNames() {
        let error = #expect(throws: Diagnostics.self) { try CoatingFile("azcnf-29nm") }
        #expect(error?.description.contains("azcnf-28nm") == true, "\(error?.description ?? "")")
    }
}
