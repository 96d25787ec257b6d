import Electrodeposition
import Grids
import Parameters
import RunFiles
import Spectral

/// Steps a simulation from mark to mark, and writes what the settings ask for into its folder.
///
/// Whatever depends on the clock on the wall (checkpoints, progress, limits) leaves the trajectory alone: limits of steps come from the
/// state and the settings only.
final class RunDriver<Model: RunModel> {
    private let settings: RunSettings
    private let request: RunRequest
    private let folder: RunFolder
    private let device: Device
    private let simulation: Model
    private let schedule: OutputSchedule
    private let ledger = RunLedger()
    private let series: Series
    /// One row per cycle of the protocol; nil where it has none.
    private let cycles: Series?
    private let attributes: [String: AttributeValue]
    /// Of fftw.wisdom, where the run keeps its plans.
    private let plans: String?
    private let tell: (RunEvent) -> Void

    // Of this process.
    private let started: Double
    private let firstStep: Int, firstRejected: Int, firstFraction: Double
    private let planning: Double
    private var steppingSince = 0.0
    private var outputSeconds = 0.0
    private var lastProgress = 0.0, lastLog = 0.0, lastCheckpoint = 0.0
    private var checkpointStep = -1

    init(_ input: RunInput, _ request: RunRequest, _ folder: RunFolder, _ device: Device, _ started: Double,
         _ tell: @escaping (RunEvent) -> Void) throws {
        (settings, self.request, self.folder, self.device, self.started, self.tell) = (input.settings, request, folder, device, started, tell)
        schedule = OutputSchedule(settings.output, settings.simulation.end)
        attributes = Dictionary(settings.values.map { ($0.path, $0.attribute) }, uniquingKeysWith: { first, _ in first })

        let provenance = Provenance(
            command: request.command, version: Program.version, compiler: Program.compiler, libraries: Program.libraries, threads: device.pool.count,
            instructionSet: device.instructionSet.rawValue, precision: settings.simulation.precision.rawValue,
            seed: UInt64(settings.simulation.heterogeneity.seed), input: input.path, inputText: input.text)
        var found = request.opening == .resume ? try folder.newestCheckpoint(pool: device.pool) : nil
        let notes = try RunDriver.readWisdom(folder, settings.planning, continuing: found?.checkpoint, request, provenance)
        let resolved = settings.resolved.text(.json5)
        if found == nil { try folder.start(provenance, input: input.text, resolved: resolved) }
        do {
            simulation = try Model(settings, on: device)
        } catch {
            if found == nil { try folder.setStatus(RunStatus(.failed, reason: "\(error)")) }
            throw error
        }
        planning = simulation.planningTime
        if let found {
            let step = found.checkpoint.metadata["step"]?.integer ?? 0, time = found.checkpoint.metadata["time"]?.number ?? 0
            try found.checkpoint.restore(simulation.state + ledger.state, requiring: RunDriver.identity(simulation.grid))
            let doubts = RunDriver.tables.compactMap { name -> String? in
                let table = "\(folder.path)/\(name).csv"
                guard let seal = found.checkpoint.metadata[name]?.text, !Series.matches(seal, table) else { return nil }
                return "\(table) was changed since the checkpoint; rows before it are not those that the run wrote"
            }
            series = try folder.series(simulation.table(ledger).columns, continuingFrom: time)
            cycles = try simulation.cycleTable(ledger).map { try folder.cycles($0.columns, continuingFrom: time) }
            let all = try folder.continueRun(
                step: step, time: time, notes: notes + [found.passedOver].compactMap(\.self) + doubts, current: provenance, pool: device.pool)
            try DiskFile.replace(folder.path + "/resolved.json5", with: resolved)
            for note in all { tell(.note(note)) }
            tell(.note("continues from step \(step), t \(Readable.quantity(time, "s"))"))
        } else {
            series = try folder.series(simulation.table(ledger).columns)
            cycles = try simulation.cycleTable(ledger).map { try folder.cycles($0.columns) }
            for note in notes { tell(.note(note)) }
        }
        let hasOwnPlans = found != nil && notes.isEmpty
        found = nil
        if settings.planning == .measure {
            let path = folder.path + "/" + RunFolder.wisdomName
            if !hasOwnPlans { try Wisdom.write(to: path) }
            plans = try RunDriver.digest(path)
        } else {
            plans = nil
        }
        (firstStep, firstRejected) = (simulation.steps, simulation.rejected)
        firstFraction = simulation.fraction(tip: simulation.tipHeight, startTip: simulation.startTip)
    }

    // MARK: - The loop

    func go() throws -> RunOutcome {
        steppingSince = Machine.clock
        (lastProgress, lastLog, lastCheckpoint) = (steppingSince, 0, steppingSince)
        do {
            if simulation.steps == 0 && ledger.savedStep < 0 { try save() }
            try logProgress()
            while true {
                let tip = simulation.tipHeight
                if let reason = simulation.ending(tip: tip) {
                    if ledger.savedStep != simulation.steps { try save() }
                    return try close(.done, reason)
                }
                if let reason = reasonToStop() { return try close(.stopped, reason) }
                try checkpointWhenDue()
                try tellProgress(tip)
                if try step() { try save() }
            }
        } catch let stopped as StoppedStep {
            return fail("\(stopped)", keepsState: true)
        } catch {
            return fail("\(error)", keepsState: false)
        }
    }

    /// One time step; returns whether it ended on a mark.
    private func step() throws -> Bool {
        let time = simulation.time, charge = simulation.netCharge, stage = simulation.stage, passed = simulation.cyclesPassed
        let nextTime = schedule.nextTime(after: time)
        let nextCharge = schedule.nextCharge(after: charge, current: simulation.currentDensity)
        let byCharge = nextCharge.map { simulation.time(ofCharge: $0.charge) } ?? .infinity
        try simulation.step(until: min(nextTime, byCharge, simulation.endTime()))
        ledger.book(step: simulation.time - time, current: simulation.currentDensity, potential: simulation.metalPotential)
        if simulation.cyclesPassed != passed {
            try timed { try cycles?.append(simulation.cycleTable(ledger)?.values ?? []) }
            ledger.beginCycle()
        }
        let meetsCharge = nextCharge?.isReached(simulation.netCharge) ?? false
        return OutputSchedule.isReached(simulation.time, nextTime) || meetsCharge || schedule.isDue(step: simulation.steps)
            || (settings.output.stages && simulation.stage != stage)
    }

    private func reasonToStop() -> String? {
        if let signal = SignalFlags.stop { return "\(signal) came; continue with --resume" }
        if let limit = request.wallLimit, Machine.clock - started >= 0.99 * limit {
            return "--max-hours \(Readable.significant(limit / 3600, 4)) is nearly used up; continue with --resume"
        }
        return nil
    }

    // MARK: - Output

    private func save() throws {
        try timed {
            try series.append(simulation.table(ledger).values)
            let writer = settings.output.writer
            try folder.saveSnapshot(settings.output.fields.flatMap { simulation.outputFields($0) }, grid: simulation.grid, time: simulation.time, step: simulation.steps,
                                    attributes: attributes.merging(["phi_s": .number(simulation.metalPotential)]) { given, _ in given },
                                    writer: writer, keepLast: settings.output.keepLast, pool: device.pool)
            ledger.savedStep = simulation.steps
        }
        try logProgress()
    }

    private func checkpointWhenDue() throws {
        let output = settings.output
        let isDue = SignalFlags.takeCheckpointRequest() || Machine.clock - lastCheckpoint >= output.checkpointInterval
            || (output.checkpointSteps.map { simulation.steps % $0 == 0 } ?? false && simulation.steps > 0)
        if isDue && checkpointStep != simulation.steps && simulation.steps > firstStep { try writeCheckpoint() }
    }

    private func writeCheckpoint() throws {
        try timed {
            var metadata = RunDriver.identity(simulation.grid)
            metadata["step"] = .integer(simulation.steps)
            metadata["time"] = .number(simulation.time)
            metadata["threads"] = .integer(device.pool.count)
            metadata["instruction_set"] = .text(device.instructionSet.rawValue)
            for (name, table) in zip(RunDriver.tables, [series, cycles]) { metadata[name] = try table.map { .text(try $0.seal()) } }
            if let plans { metadata["plans"] = .text(plans) }
            try folder.writeCheckpoint(simulation.state + ledger.state, metadata: metadata, pool: device.pool)
        }
        (checkpointStep, lastCheckpoint) = (simulation.steps, Machine.clock)
    }

    /// Names of the tables whose rows a checkpoint seals.
    private static var tables: [String] { ["series", "cycles"] }

    private static func identity(_ grid: Grid) -> [String: AttributeValue] {
        ["grid": .text("\(grid.nx) x \(grid.ny) x \(grid.nz)"), "spacing": .number(grid.spacing), "precision": .text(Model.precision)]
    }

    private func timed(_ body: () throws -> Void) rethrows {
        let start = Machine.clock
        defer { outputSeconds += Machine.clock - start }
        try body()
    }

    // MARK: - Progress

    private var progress: RunProgress {
        let tip = simulation.tipHeight, elapsed = Machine.clock - steppingSince, steps = max(1, simulation.steps - firstStep)
        return RunProgress(fraction: simulation.fraction(tip: tip, startTip: simulation.startTip), startFraction: firstFraction,
                           time: simulation.time, dt: ledger.lastStep, step: simulation.steps, tip: tip,
                           nanosecondsPerCellStep: 1e9 * (elapsed - outputSeconds) / Double(steps) / Double(simulation.grid.cells), elapsed: elapsed)
    }

    private func tellProgress(_ tip: Double) throws {
        let now = Machine.clock
        guard now - lastProgress >= 2 else { return }
        lastProgress = now
        tell(.progress(progress))
        if now - lastLog >= 5 { try logProgress() }
    }

    private func logProgress() throws {
        try timed {
            let progress = progress
            try folder.log(progress)
            try folder.setStatus(RunStatus(.running, step: simulation.steps, time: simulation.time, fraction: progress.fraction))
        }
        lastLog = Machine.clock
    }

    // MARK: - The end

    private func close(_ state: RunStatus.State, _ reason: String) throws -> RunOutcome {
        if checkpointStep != simulation.steps && simulation.steps > 0 { try writeCheckpoint() }
        let progress = progress
        try folder.log(progress)
        if state == .done { try folder.finish() }
        try folder.setStatus(RunStatus(state, reason: reason, step: simulation.steps, time: simulation.time,
                                       fraction: state == .done ? 1 : progress.fraction))
        return outcome(state, reason)
    }

    /// A failed run keeps what it can: the last accepted state when stepping failed, and its status where the disk allows it.
    private func fail(_ reason: String, keepsState: Bool) -> RunOutcome {
        if keepsState {
            if ledger.savedStep != simulation.steps { try? save() }
            if checkpointStep != simulation.steps && simulation.steps > 0 { try? writeCheckpoint() }
        }
        try? folder.setStatus(RunStatus(.failed, reason: reason, step: simulation.steps, time: simulation.time, fraction: progress.fraction))
        return outcome(.failed, reason)
    }

    private func outcome(_ state: RunStatus.State, _ reason: String) -> RunOutcome {
        let closing = ClosingBlock(
            state: state, reason: reason, steps: simulation.steps - firstStep, rejected: simulation.rejected - firstRejected, time: simulation.time,
            elapsed: Machine.clock - steppingSince, planning: planning, sections: simulation.sections.list + [("output", outputSeconds)],
            cells: simulation.grid.cells, folder: folder.path, notes: simulation.couplingNotes)
        return RunOutcome(state: state, reason: reason, folder: folder.path, closing: closing)
    }

    // MARK: - Plans

    private static func digest(_ path: String) throws(RunFileError) -> String { SHA256.hexadecimal(of: try DiskFile.read(path)) }

    /// Takes the plans that the folder keeps; the same bits need the same plans, threads, instructions and program.
    private static func readWisdom(_ folder: RunFolder, _ planning: PlannerEffort, continuing checkpoint: Checkpoint?, _ request: RunRequest,
                                   _ current: Provenance) throws -> [String] {
        var changes: [String] = []
        if checkpoint != nil, let before = folder.provenance {
            if before.threads != current.threads { changes.append("with \(before.threads) threads, not \(current.threads)") }
            if before.instructionSet != current.instructionSet {
                changes.append("with the \(before.instructionSet) instruction set, not \(current.instructionSet)")
            }
            if before.version != current.version { changes.append("with version \(before.version) of this program, not \(current.version)") }
            if let fftw = before.libraries["FFTW"], let now = current.libraries["FFTW"], fftw != now { changes.append("with \(fftw), not \(now)") }
            if let last = changes.popLast() { changes.append(last + " (so says its run.json)") }
        }
        if planning == .measure {
            let path = folder.path + "/" + RunFolder.wisdomName
            do {
                if DiskFile.exists(path) || checkpoint != nil { try Wisdom.read(from: path) }
                if let plans = checkpoint?.metadata["plans"]?.text, plans != (try digest(path)) {
                    changes.append("with other FFTW plans (\(path) was changed since)")
                }
            } catch {
                changes.append("with other FFTW plans (\(error))")
            }
        }
        guard checkpoint != nil, !changes.isEmpty else { return [] }
        let what = "the run began " + changes.joined(separator: " and ")
        guard request.allowsDifferentBits else {
            throw RunRefusal(
                "\(what); its numbers would differ in the last digits from an uninterrupted run: use the same, or allow it with --allow-different-bits"
            )
        }
        return [what]
    }
}

extension ParameterEntry {
    /// Quantities in SI, everything else as the user would write it.
    fileprivate var attribute: AttributeValue {
        if let integer = value.integer, unit == nil { return .integer(integer) }
        return value.number.map { .number($0) } ?? .text(display)
    }
}
