import Electrodeposition
import Glibc
import Grids
import Spectral
import Testing

/// What goes in comes out: metal, charge and salt.
@Suite("Balances")
struct BalanceTests {
    @Test(
        "Faraday's law to 1e-8 and salt to 1e-10", arguments: [CounterElectrode.Kind.reservoir, .lithium],
        [ControlSettings.Mode.galvanostatic, .potentiostatic])
    func closures(_ counter: CounterElectrode.Kind, _ mode: ControlSettings.Mode) throws {
        for scheme in InterfaceSettings.Scheme.allCases {
            var s = Balances.busy(counter, mode)
            s.interface.scheme = scheme
            let e = try Balances.errors(s, steps: 40, Double.self)
            #expect(e.faraday < 1e-8 && e.charge < 1e-8 && e.salt < 1e-10, "\(e)")
        }
    }

    @Test("the same with properties that vary with c", arguments: [Electrolyte.PropertyLaw.nernstEinstein, .table])
    func variableProperties(_ law: Electrolyte.PropertyLaw) throws {
        var s = Balances.busy(.lithium, .galvanostatic)
        s.electrolyte.conductivityLaw = law
        if law == .table {
            s.electrolyte.diffusivityLaw = .table
            s.electrolyte.tableConcentrations = [200, 1000, 2000]
            s.electrolyte.tableConductivities = [0.5, 1, 0.8]
            s.electrolyte.tableDiffusivities = [4e-10, 3e-10, 2e-10]
        }
        let e = try Balances.errors(s, steps: 30, Double.self)
        #expect(e.faraday < 1e-8 && e.charge < 1e-8 && e.salt < 1e-10, "\(e)")
    }

    @Test("in space", arguments: [CounterElectrode.Kind.reservoir, .lithium])
    func solid(_ counter: CounterElectrode.Kind) throws {
        let e = try Balances.errors(Balances.busy(counter, .galvanostatic, nx: 12, ny: 30, nz: 10), steps: 15, Double.self)
        #expect(e.faraday < 1e-8 && e.charge < 1e-8 && e.salt < 1e-10, "\(e)")
    }

    @Test("where the surface has passed nothing reacts any more")
    func behindTheFront() throws {
        let sim = try start(Balances.busy(.reservoir, .galvanostatic), Double.self), before = sim.tipHeight
        let hadReacted = (0..<sim.grid.rows).first { row in (0..<sim.grid.nx).contains { sim.reactionRate.row(row)[$0] != 0 } }
        while sim.time < 60 { try sim.step(until: 60) }
        #expect(sim.tipHeight > before + 5 * sim.grid.spacing)
        var passed = 0, reacting = 0
        for row in 0..<sim.grid.rows {
            let xi = sim.phase.row(row), rate = sim.reactionRate.row(row), cells = 0..<sim.grid.nx
            if cells.contains(where: { rate[$0] != 0 }) { reacting += 1 }
            if cells.allSatisfy({ xi[$0] > 0.997 }) {
                if row >= hadReacted ?? sim.grid.rows { passed += 1 }
                #expect(cells.allSatisfy { rate[$0] == 0 }, "row \(row)")
            }
        }
        #expect(passed >= 3 && reacting >= 3, "\(passed) rows passed, \(reacting) reacting")
    }

    @Test("on grids with factors 3, 5, 7 and primes", arguments: [(9, 45), (15, 25), (21, 49), (13, 47)])
    func oddGrids(_ nx: Double, _ ny: Double) throws {
        let e = try Balances.errors(Balances.busy(.lithium, .galvanostatic, nx: nx, ny: ny), steps: 15, Double.self)
        #expect(e.faraday < 1e-8 && e.charge < 1e-8 && e.salt < 1e-10, "\(e)")
    }

    @Test("to 1e-5 in single precision", arguments: [CounterElectrode.Kind.reservoir, .lithium])
    func single(_ counter: CounterElectrode.Kind) throws {
        let s = Balances.busy(counter, .galvanostatic), single = try start(s, Float.self), double = try start(s, Double.self)
        let salt = single.saltInventory
        var passed = 0.0
        // The current is constant, so that sums over steps of any formula are exact.
        while single.time < 30 {
            let before = single.time
            try single.step(until: 30)
            passed += single.counterCurrentDensity * (single.time - before)
        }
        let grown = (single.metalThickness - single.initialThickness) * s.metal.chargePerVolume
        #expect(abs(grown / passed - 1) < 1e-5 && abs(passed / 12000 - 1) < 1e-5, "metal \(grown) C/m^2, current \(passed) C/m^2")
        if counter == .lithium { #expect(abs(single.saltInventory / salt - 1) < 1e-5) }
        try double.run(until: 30)
        #expect(abs(single.metalPotential - double.metalPotential) < 1e-4)
        #expect(abs(single.firstMode / double.firstMode - 1) < 2e-3)
    }

    @Test("4.850 um per mAh/cm^2")
    func capacity() throws {
        for scheme in InterfaceSettings.Scheme.allCases {
            let (thickness, charge) = try Balances.capacity(scheme)
            #expect(abs(charge - 1) < 1e-9)
            #expect(abs(thickness / 4.850e-6 - 1) < 1e-3)
        }
    }

    @Test("a single-ion conductor passes the same balance")
    func singleIon() throws {
        var s = Balances.busy(.lithium, .galvanostatic)
        s.electrolyte.kind = .singleIon
        let sim = try start(s)
        for _ in 0..<20 { try sim.step(until: .greatestFiniteMagnitude) }
        #expect(abs(sim.currentDensity / sim.counterCurrentDensity - 1) < 1e-8)
        #expect(abs(sim.currentDensity / 400 - 1) < 1e-6)
        #expect(largestDifference(sim.concentration, try start(s).concentration) == 0)
    }
}
