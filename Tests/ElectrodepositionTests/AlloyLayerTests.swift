import Electrodeposition
import Testing

/// The alloy slab in a run: fills by diffusion, then metal plates on top.
struct AlloyLayerTests {
    static let thickness = 5e-6, maximum = 69_600.0

    /// A flat surface at a uniform current, A/m^2.
    static func settings(current: Double = 10, diffusivity: Double = 6e-15, step: Double = 4, _ change: (inout SimulationSettings) -> Void = { _ in }) -> SimulationSettings {
        box(4, 60) { s in
            s.electrolyte.kind = .singleIon
            var coating = CoatingSettings()
            (coating.thickness, coating.diffusivity, coating.maximumConcentration) = (thickness, [diffusivity], maximum)
            s.coating = coating
            s.alloyLayer.enabled = true
            s.control.currentDensity = current
            s.end.time = 1
            s.time.fixedStep = step
            change(&s)
        }
    }

    /// The six values of materials: utilisation when metal begins to plate on top, at diffusivity (m^2/s) and current density (A/m^2).
    @Test(arguments: [
        (6e-15, 10, 0.5887, 1976.6), (6e-15, 5, 0.7932, 5326.4), (6e-15, 1, 0.9586, 32_185), (1e-15, 10, 0.1055, 354.2), (1e-14, 10, 0.7518, 2524.2), (1e-13, 10, 0.9752, 3274.2),
    ] as [(Double, Double, Double, Double)]) func fillsAsTheTheorySays(_ diffusivity: Double, _ current: Double, _ utilisation: Double, _ time: Double) throws {
        let run = try start(Self.settings(current: current, diffusivity: diffusivity, step: time / 1500)), initial = run.metalThickness
        while run.alloy?.saturatedShare == 0 { try run.step(until: 1e9) }
        // The onset lies within the last step; until then no metal has grown.
        let onset = run.time - 0.5 * time / 1500, used = (run.alloy?.utilisation ?? 0) * onset / run.time
        #expect(abs(onset / time - 1) < 1e-3 && abs(used / utilisation - 1) < 1e-3, "\(used) at \(onset) s")
        #expect(run.metalThickness - initial < time / 1500 * current * molarVolume / faraday)
        let before = run.metalThickness
        for _ in 0..<150 { try run.step(until: 1e9) }
        #expect(run.metalThickness > before && run.alloy?.saturatedShare == 1)
    }

    /// Charge = metal grown + metal dissolved, to round-off, before, at and after the onset, and back.
    @Test func chargeCloses() throws {
        let run = try start(Self.settings(diffusivity: 1e-14, step: 20) { s in
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
        let filled = molarVolume * Self.maximum * Self.thickness
        #expect(highest > 0 && highest < 10 * 3600 / perVolume - 0.7518 * filled && atRest < highest)
        #expect(abs(run.control.charge) - 10 * 600 < 1e-6 && (run.alloy?.utilisation ?? 1) > 0)
    }

    /// A run that goes on from its state has the same bits.
    @Test func restarts() throws {
        let s = Self.settings(diffusivity: 1e-15, step: 10), straight = try start(s), first = try start(s), second = try start(s)
        try straight.run(until: 600)
        try first.run(until: 300)
        #expect(transfer(first, second))
        try second.run(until: 600)
        #expect(straight.metalThickness == second.metalThickness && straight.alloy?.utilisation == second.alloy?.utilisation && straight.metalPotential == second.metalPotential)
    }

    @Test func sayWhatIsMissing() {
        var s = Self.settings()
        s.coating?.maximumConcentration = nil
        #expect(s.diagnostics.description.contains("coating.maximumConcentration is not given; alloyLayer needs it"))
        s.coating = nil
        #expect(s.diagnostics.description.contains("there is no coating"))
        s = Self.settings { $0.alloyLayer.enabled = false }
        #expect(s.diagnostics.description.contains("neither resistance nor ionicConductivity"))
    }
}

extension ProtocolStep {
    fileprivate init(_ kind: Kind, _ duration: Double) {
        self.init()
        (self.kind, self.duration, currentDensity) = (kind, duration, 10)
    }
}
