import Electrodeposition
import Grids
import Kernels
import Parameters
import RunFiles
import Spectral

/// Runs simulations into run folders.
public enum Run {
    /// Runs an input from its start, or goes on with the run in its folder, until it ends, is told to stop or fails.
    /// - Throws: `RunRefusal` and `RunFileError` when there is nothing to begin with; what fails later is the outcome.
    public static func perform(_ input: RunInput, _ request: RunRequest, tell: @escaping (RunEvent) -> Void) throws -> RunOutcome {
        let started = Machine.clock
        // Far from the limit nothing has to be measured.
        if 2000 * input.settings.simulation.grid.grid.cells > Machine.memory,
           let objection = try RunEstimate(input.settings).objections(folder: request.folder ?? input.folder).first {
            throw RunRefusal("the run " + objection)
        }
        try SignalFlags.watch()
        let folder = try RunFolder(request.folder ?? input.folder, opening: request.opening, patience: request.patience)
        defer { folder.close() }
        if let done = try compare(input.settings, folder, request, tell) { return done }

        let before = folder.provenance, level = InstructionSet(rawValue: before?.instructionSet ?? "")
        let device = Device(instructionSet: request.instructionSet ?? (level?.isAvailable == true ? level! : .best),
                            threads: request.threads ?? before?.threads ?? Machine.cores)
        if input.settings.model == .singlePotential {
            return try RunDriver<SinglePotentialSimulation>(input, request, folder, device, started, tell).go()
        }
        switch input.settings.simulation.precision {
        case .double: return try RunDriver<Simulation<Double>>(input, request, folder, device, started, tell).go()
        case .float: return try RunDriver<Simulation<Float>>(input, request, folder, device, started, tell).go()
        }
    }

    /// Whether the run in the folder may go on with these settings.
    /// - Returns: the outcome when it is done already.
    private static func compare(_ settings: RunSettings, _ folder: RunFolder, _ request: RunRequest,
                                _ tell: (RunEvent) -> Void) throws -> RunOutcome? {
        guard folder.provenance != nil, request.opening == .resume else { return nil }
        let resolved = folder.path + "/resolved.json5"
        guard DiskFile.exists(resolved) else { return nil }
        let before: RunSettings
        do throws(Diagnostics) {
            before = try InputFile.load(path: resolved, as: RunSettings.self).settings
        } catch {
            throw RunRefusal("\(resolved) cannot be read as the settings of this program, so the run cannot be continued "
                + "(\(error.errors.first?.message ?? "")); start it again with --overwrite")
        }
        let differences = RunInput.differences(before, settings)
        let grave = differences.filter { !RunSettings.mayChange($0.path) && !(request.allowsDifferentBits && $0.path.hasPrefix("time.")) }
        if let first = grave.first {
            let more = grave.count > 1 ? " and \(grave.count - 1) more" : ""
            throw RunRefusal("\(folder.path) holds a run with \(first.path) \(first.was), the input says \(first.now)\(more); only title, end and output "
                + "may change when a run is continued: choose another folder with -o, or start again with --overwrite")
        }
        if differences.isEmpty, let status = try? RunFolder.status(of: folder.path), status.state == .done {
            return RunOutcome(state: .done, reason: "already done: " + status.reason, folder: folder.path, closing: nil)
        }
        for difference in differences { tell(.note("continues with \(difference.path) \(difference.now) instead of \(difference.was)")) }
        return nil
    }
}
