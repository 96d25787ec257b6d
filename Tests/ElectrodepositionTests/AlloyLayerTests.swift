import Electrodeposition
import Testing

/// The alloy slab in a run: fills by diffusion, then metal plates on top.
struct AlloyLayerTests {
    /// Utilisation when metal begins to plate on top, and then metal plates on top.
    @Test(arguments: AlloyFilling.theory.indices) func fillsAsTheTheorySays(_ n: Int) throws {
        let (diffusivity, current, utilisation, time) = AlloyFilling.theory[n]
        // The onset lies within the last step; until then no metal has grown.
        let (run, onset, used) = try AlloyFilling.fill(current: current, diffusivity: diffusivity, time: time)
        #expect(abs(onset / time - 1) < 1e-3 && abs(used / utilisation - 1) < 1e-3, "\(used) at \(onset) s")
        let before = run.metalThickness
        #expect(before - run.settings.slabThickness < time / 1500 * current * molarVolume / faraday)
        for _ in 0..<150 { try run.step(until: 1e9) }
        #expect(run.metalThickness > before && run.alloy?.saturatedShare == 1)
    }

    /// Charge = metal grown + metal dissolved, to round-off, before, at and after the onset, and back.
    @Test func chargeCloses() throws {
        let run = try start(AlloyFilling.settings(diffusivity: 1e-14, step: 20) { s in
            s.control.mode = .protocol
            s.control.steps = [.init(.plate, 3600), .init(.rest, 600), .init(.strip, 3000)]
            s.time.fixedStep = nil
        }), initial = run.metalThickness, perVolume = faraday / molarVolume
        var highest = 0.0, atRest = 0.0
        while !run.control.isFinished {
            try run.step(until: 1e9)
            let grown = run.metalThickness - initial, dissolved = run.dissolvedThickness
            #expect(abs(run.control.charge - perVolume * (grown + dissolved)) <= 1e-9 * run.control.plated, "t \(run.time)")
            #expect(abs(run.balance.discrepancy) <= 1e-9 * run.control.plated)
            highest = max(highest, grown)
            if run.control.stage == 1 { atRest = grown }
        }
        // 2524 s fill the slab, the rest plates on top while the slab goes on filling, and at rest the metal on top dissolves.
        let filled = molarVolume * AlloyFilling.maximum * AlloyFilling.thickness
        #expect(highest > 0 && highest < 10 * 3600 / perVolume - 0.7518 * filled && atRest < highest)
        #expect(abs(run.control.charge) - 10 * 600 < 1e-6 && (run.alloy?.utilisation ?? 1) > 0)
    }

    /// A curve with a kink, V.
    @Sendable static func curve(_ s: inout SimulationSettings) {
        (s.coating!.openCircuitFractions, s.coating!.openCircuitPotentials) = ([0, 0.3, 1], [0.35, 0.2, 0])
    }

    /// At rest the cell shows U of the alloy against the counter electrode's metal.
    @Test(arguments: [(0.1, 0.3), (0.3, 0.2), (0.65, 0.1)]) func restPotential(_ filling: Double, _ volts: Double) throws {
        let run = try start(AlloyFilling.settings(step: 1) { s in
            Self.curve(&s)
            s.coating?.initialConcentration = filling * AlloyFilling.maximum
            s.control.currentDensity = 0
            s.counterElectrode.kind = .lithium
        })
        for _ in 0..<5 { try run.step(until: 1e9) }
        #expect(abs(run.metalPotential - volts) < 1e-9, "\(run.metalPotential)")
        #expect(abs((run.alloy?.utilisation ?? 0) / filling - 1) < 1e-12)
    }

    /// While the slab fills, phi_s lies above that of plating by U of the concentration at the surface, which diffusion makes; then it is
    /// that of plating.
    @Test(arguments: [2.0, 20]) func followsTheSurface(_ step: Double) throws {
        let with = try start(AlloyFilling.settings(step: step) { Self.curve(&$0) }), curve = with.settings.coating!
        let without = try start(AlloyFilling.settings(step: step))
        let slab = AlloySlab(thickness: AlloyFilling.thickness, diffusivity: 6e-15, maximumConcentration: AlloyFilling.maximum)
        var column = [Double](repeating: 0, count: AlloySlab.numbersPerColumn), one = AlloySlab.Step()
        slab.prepare(&one, length: step)
        var largest = 0.0, taken = [0.0, 0.0]
        while with.alloy?.saturatedShare == 0 {
            try with.step(until: 1e9)
            try without.step(until: 1e9)
            guard with.alloy?.saturatedShare == 0 else { break }
            // The flux of the step, by the formula of the first step and of those after it.
            let now = with.dissolvedThickness / molarVolume, isFirst = taken.count == 2
            slab.advance(&column, flux: (isFirst ? now : 1.5 * now - 2 * taken[taken.count - 1] + 0.5 * taken[taken.count - 2]) / step, one)
            column[0] = now / AlloyFilling.thickness
            taken.append(now)
            let volts = try #require(curve.openCircuitPotential(at: slab.surface(column) / AlloyFilling.maximum))
            largest = max(largest, abs(with.metalPotential - without.metalPotential - volts))
            if with.time > 200 { #expect(abs(with.metalPotential - without.metalPotential - volts) < 1e-4, "\(with.time) s") }
        }
        #expect(largest < 2e-3, "\(largest) V")
        #expect(abs(with.time / 1976.6 - 1) < 0.02)
        for _ in 0..<5 { try with.step(until: 1e9); try without.step(until: 1e9) }
        #expect(abs(with.metalPotential - without.metalPotential) < 1e-5)
    }

    /// Columns that filled unevenly even out at rest: current flows between them while none flows through the cell.
    @Test func evensOut() throws {
        let run = try start(AlloyFilling.settings(diffusivity: 1e-12, step: 20) { s in
            Self.curve(&s)
            s.grid.size = [32 * l, 40 * l]
            s.heterogeneity.variation = 0.5
            s.heterogeneity.correlationLength = 8 * l
            s.kinetics.exchangeCurrentDensity = 1
            s.time.fixedStep = nil
            s.control.mode = .protocol
            s.control.steps = [.init(.plate, 900), .init(.rest, 20_000)]
        })
        while run.control.stage == 0 { try run.step(until: 1e9) }
        func spread() throws -> Double { try #require(run.alloyRange.map { $0.most - $0.least }) }
        let before = try spread(), filling = run.alloy?.utilisation ?? 0
        while !run.control.isFinished { try run.step(until: 1e9) }
        let after = try spread()
        #expect(before > 0.01 && after < 0.1 * before, "\(before) \(after)")
        // What had not sunk in yet when the current stopped does so at rest.
        #expect(abs((run.alloy?.utilisation ?? 0) / filling - 1) < 5e-3)
    }

    /// A run that goes on from its state has the same bits.
    @Test(arguments: [false, true]) func restarts(_ hasCurve: Bool) throws {
        let s = AlloyFilling.settings(diffusivity: 1e-15, step: 10) { if hasCurve { Self.curve(&$0) } }
        let straight = try start(s), first = try start(s), second = try start(s)
        try straight.run(until: 600)
        try first.run(until: 300)
        #expect(transfer(first, second))
        try second.run(until: 600)
        #expect(straight.metalThickness == second.metalThickness && straight.alloy?.utilisation == second.alloy?.utilisation)
        #expect(straight.metalPotential == second.metalPotential)
    }

    @Test func sayWhatIsMissing() {
        var s = AlloyFilling.settings()
        s.coating?.maximumConcentration = nil
        #expect(s.diagnostics.description.contains("coating.maximumConcentration is not given; alloyLayer needs it"))
        s.coating?.openCircuitFractions = [0, 0.5, 1]
        #expect(s.diagnostics.description.contains("has 0 values for 3 openCircuitFractions"))
        s.coating?.openCircuitPotentials = [0.3, 0.1, 0.05]
        #expect(s.diagnostics.description.contains("must fall from each value to the next, to 0"))
        s.coating?.openCircuitFractions = [0, 0.5, 0.9]
        #expect(s.diagnostics.description.contains("must rise from each value to the next, to 1"))
        s.coating = nil
        #expect(s.diagnostics.description.contains("there is no coating"))
        s = AlloyFilling.settings { $0.alloyLayer.enabled = false }
        #expect(s.diagnostics.description.contains("neither resistance nor ionicConductivity"))
    }
}

extension ProtocolStep {
    fileprivate init(_ kind: Kind, _ duration: Double) {
        self.init()
        (self.kind, self.duration, currentDensity) = (kind, duration, 10)
    }
}
