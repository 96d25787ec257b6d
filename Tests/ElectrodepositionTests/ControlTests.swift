import Electrodeposition
import Glibc
import Testing

@Suite("Protocol")
struct ControlTests {
    static func step(_ kind: ProtocolStep.Kind, current: Double = 100, duration: Double? = nil, capacity: Double? = nil, volts: Double? = nil,
                     final: Double? = nil, hold: Double = -0.1) -> ProtocolStep {
        var s = ProtocolStep()
        (s.kind, s.currentDensity, s.duration, s.capacity, s.voltageLimit, s.finalCurrentDensity, s.potential) = (
            kind, current, duration, capacity, volts, final, hold
        )
        return s
    }

    struct Mark { var stage: Int, time: Double, charge: Double, volts: Double, current: Double }

    /// State at the end of each stage.
    static func run(_ steps: [ProtocolStep], repeats: Int = 1, _ change: (inout SimulationSettings) -> Void = { _ in },
                    each: (Simulation<Double>) -> Void = { _ in }) throws -> [Mark] {
        let sim = try start(box(4, 40) {
            $0.counterElectrode.kind = .lithium
            $0.control.mode = .protocol
            $0.control.steps = steps
            $0.control.repeats = repeats
            change(&$0)
        })
        var marks: [Mark] = []
        while !sim.control.isFinished {
            let stage = sim.control.stage
            try sim.step(until: .greatestFiniteMagnitude)
            each(sim)
            if sim.control.stage != stage {
                marks.append(Mark(stage: stage, time: sim.time, charge: sim.control.charge, volts: sim.metalPotential, current: sim.currentDensity))
            }
        }
        return marks
    }

    @Test("stages end at their times and capacities, charge adds up, repeats repeat")
    func stages() throws {
        let steps = [Self.step(.plate, current: 100, duration: 30), Self.step(.rest, duration: 7.5), Self.step(.strip, current: 50, capacity: 1000)]
        let marks = try Self.run(steps, repeats: 2)
        #expect(marks.count == 6)
        var time = 0.0, charge = 0.0
        for (n, m) in marks.enumerated() {
            switch n % 3 {
            case 0: (time, charge) = (time + 30, charge + 3000)
            case 1: time += 7.5
            default: (time, charge) = (time + 20, charge - 1000)
            }
            #expect(abs(m.time / time - 1) < 1e-9, "stage \(n) ended at \(m.time) s")
            #expect(abs(m.charge / charge - 1) < 1e-8, "stage \(n): \(m.charge) C/m^2")
        }
    }

    @Test("a cycle is a repeat, or begins where plating begins again after plating and stripping")
    func cycles() throws {
        func ends(_ steps: [ProtocolStep], repeats: Int = 1) throws -> [Int] {
            var passed: [Int] = [], stage = 0
            _ = try Self.run(steps, repeats: repeats, each: { sim in
                if sim.control.stage != stage { passed.append(sim.control.cycle) }
                stage = sim.control.stage
            })
            return passed
        }
        let plate = Self.step(.plate, duration: 2), strip = Self.step(.strip, current: 50, duration: 2), rest = Self.step(.rest, duration: 1)
        #expect(try ends([plate, strip], repeats: 3) == [0, 1, 1, 2, 2, 3])
        #expect(try ends([strip, plate], repeats: 2) == [0, 1, 1, 2])
        #expect(try ends([rest, plate, plate, rest, strip, rest, plate, strip, rest]) == [0, 0, 0, 0, 0, 1, 1, 1, 2])
        #expect(try ends([plate, strip, plate, strip], repeats: 2) == [0, 1, 1, 2, 2, 3, 3, 4])
    }

    @Test("a rest of a symmetric cell returns to zero volts and passes no charge")
    func rest() throws {
        let marks = try Self.run([Self.step(.plate, current: 200, duration: 10), Self.step(.rest, duration: 60)])
        #expect(marks[0].volts < -0.02)
        #expect(abs(marks[1].volts) < 1e-4)
        #expect(abs(marks[1].charge - marks[0].charge) < 1e-6)
    }

    @Test("a ramp passes the mean of its ends")
    func ramp() throws {
        let marks = try Self.run([Self.step(.ramp, current: 20, duration: 40, final: 180)]) {
            $0.time.largestStep = 1
        }
        #expect(abs(marks[0].time - 40) < 1e-9)
        // The first step is a backward Euler one of a hundredth: what it takes too much of the rise is first order in it.
        #expect(abs(marks[0].charge / 4000 - 1) < 1e-4, "\(marks[0].charge)")
        #expect(abs(marks[0].current / 180 - 1) < 1e-6)
    }

    @Test("a hold keeps its potential and ends at its capacity")
    func hold() throws {
        var volts: [Double] = []
        let marks = try Self.run([Self.step(.hold, capacity: 2000, hold: -0.08)]) { _ in } each: { volts.append($0.metalPotential) }
        #expect(volts.allSatisfy { $0 == -0.08 })
        #expect(abs(marks[0].charge / 2000 - 1) < 1e-3, "\(marks[0].charge)")
    }

    @Test("a voltage limit ends its stage within a millivolt")
    func voltage() throws {
        let marks = try Self.run([Self.step(.ramp, current: 0, duration: 20, volts: 0.12, final: 2000), Self.step(.rest, duration: 1)])
        #expect(marks[0].volts <= -0.12 && marks[0].volts >= -0.1211, "\(marks[0].volts) V")
        #expect(marks[0].time < 20)
        #expect(abs(marks[1].time - marks[0].time - 1) < 1e-9)
    }

    @Test("where the salt is used up the potential runs past any limit, and the stage ends there")
    func runaway() throws {
        let marks = try Self.run([Self.step(.plate, current: 8000, duration: 1000, volts: 0.4), Self.step(.rest, duration: 1)])
        #expect(marks[0].volts <= -0.4)
        #expect(marks[0].time < 10)
    }

    @Test("the control asks for each stage's current from its first step on")
    func currents() throws {
        var seen: [(Int, Double)] = []
        _ = try Self.run([Self.step(.plate, current: 100, duration: 10), Self.step(.strip, current: 60, duration: 5)]) { _ in } each: {
            seen.append(($0.control.stage, $0.currentDensity))
        }
        // The last step of a stage is seen after the stage has moved on.
        let plating = seen.filter { $0.1 > 0 }, stripping = seen.filter { $0.1 < 0 }
        #expect(plating.allSatisfy { abs($0.1 / 100 - 1) < 1e-6 })
        #expect(stripping.allSatisfy { abs($0.1 / -60 - 1) < 1e-6 })
        #expect(plating.count + stripping.count == seen.count && !stripping.isEmpty)
    }
}
