import Electrodeposition
import Testing

/// The Li-Mg plate between a sulphide electrolyte and tungsten (Wang et al., Adv. Mater. (2024), 10.1002/adma.202410948, Fig. 4): von Mises stress of
/// 2 GPa at the electrolyte and 0.02 GPa at the tungsten, a potential of 96 mV by stress on top of 35 mV by composition; lithium leaves the electrolyte.
@Suite("Segregation in an alloy under stress")
struct AlloyTests {
    let plate = AlloySegregation.lithiumMagnesium
    let electrolyte = AlloySegregation.compression(mises: 2e9), tungsten = AlloySegregation.compression(mises: 0.02e9)

    @Test("the mechanical potential is 96 mV within 3 %, that of the composition 35 mV")
    func size() {
        let mechanical = plate.drive(fromFraction: 0.1, stress: electrolyte, toFraction: 0.1, stress: tungsten)
        #expect(abs(mechanical / 0.096 - 1) < 0.03)
        #expect(abs(plate.drive(fromFraction: 0.17, stress: 0, toFraction: 0.06, stress: 0) - 0.035) < 1e-12)
        let both = plate.drive(fromFraction: 0.17, stress: electrolyte, toFraction: 0.06, stress: tungsten)
        #expect(abs(both / 0.131 - 1) < 0.03)
    }

    @Test("lithium moves away from the electrolyte, within the plating of an hour; tension would draw it there")
    func direction() {
        #expect(plate.drive(fromFraction: 0.1, stress: electrolyte, toFraction: 0.1, stress: tungsten) > 0)
        #expect(plate.drive(fromFraction: 0.1, stress: -electrolyte, toFraction: 0.1, stress: -tungsten) < 0)
        // More than the 0.11 between the measured points: stress segregates it fully.
        #expect(plate.equilibriumDifference(stress: electrolyte, to: tungsten) > 0.11)
        let x = 0.1, difference = plate.equilibriumDifference(stress: electrolyte, to: tungsten)
        #expect(abs(plate.drive(fromFraction: x, stress: electrolyte, toFraction: x + difference, stress: tungsten)) < 1e-12)
        #expect(plate.relaxationTime < 60)
    }

    @Test("the slope of the potential is 0.1347 mV per MPa for lithium")
    func slope() {
        var lithium = plate
        lithium.molarVolume = Metal().molarVolume
        #expect(abs(lithium.mechanicalPotential(hydrostaticStress: -1e6) / 0.1347e-3 - 1) < 5e-4)
    }
}
