import Campaigns
import Foundation
import Morphology
import RunFiles
import Testing

/// Sweeps from the plan to the table, under the schedulers that are here, with runs that are killed on the way.
@Suite(.serialized)
struct SweepRunTests {
    @Test func fromPlanToTable() throws {
        let program = try Program()
        // The third current is one that the fixed step cannot follow.
        let sweep = """
            { title: "Steps", base: "base.json5", plan: "list", objectives: [ { metric: "tip height" }, { metric: "nonsense" } ], points: [
                { "control.currentDensity": "10 mA/cm^2", "output.compression": 1 }, { "control.currentDensity": "20 mA/cm^2", "output.compression": 1 },
                { "control.currentDensity": "10 mA/cm^2", "output.compression": 2 }, { "control.currentDensity": "20 mA/cm^2", "output.compression": 2 },
                { "time.fixedStep": "40 s", "time.largestPasses": 2, "time.passTolerance": 1e-12, "end.time": "400 s" } ] }
            """
        #expect(try program.plan(sweep).code == 0)
        #expect(try program("sweep", "status", "sweep").output.contains("pending  5"))
        #expect(try program("sweep", "collect", "sweep").code == 3, "nothing is done yet")
        let submitted = try program("sweep", "submit", "sweep", "--with", "shell", "--jobs", "2")
        #expect(
            submitted.code == 1 && submitted.output.contains("5 of 5 runs are missing") && submitted.output.contains("sh shell.sh 2"),
            "\(submitted.errors)")
        let status = try program("sweep", "status", "sweep").output
        #expect(status.contains("done     4") && status.contains("failed   1") && status.contains("stopped at t ="), "\(status)")

        let collected = try program("sweep", "collect", "sweep")
        #expect(collected.code == 1 && collected.errors.contains("no run has the column nonsense"), "\(collected.errors)")
        let rows = try program.results(), header = rows[0]
        #expect(rows.count == 6 && rows.allSatisfy { $0.count == header.count } && header.contains("control.currentDensity [mA/cm^2]"))
        let state = try #require(header.firstIndex(of: "state")), charge = try #require(header.firstIndex(of: "capacity [C/m^2]"))
        #expect(rows.dropFirst().map { $0[state] } == ["done", "done", "done", "done", "failed"])
        #expect(rows[5][state + 1].contains("stopped at t ="))
        // Charge is current times time: 100 A/m^2 and 200 A/m^2 for 4 s.
        for (row, charge) in zip(rows.dropFirst().prefix(4), rows.dropFirst().map { Double($0[charge]) ?? 0 }) {
            #expect(abs(charge - (Double(row[2]) ?? 0) * 40) < 1e-6, "\(row)")
        }
        // Compression changes no result; the current explains all of it.
        #expect(try program.text("sweep/sensitivity.csv").contains("tip height,m,control.currentDensity,4,1.0,1.0,"))
        #expect(program.exists("sweep/figures/heat-tip.height-control.currentDensity-output.compression.png"))
        // What is done is not done again, the failed one is tried again.
        let series = program.path("sweep/\(rows[1][1])/series.csv"),
            before = try FileManager.default.attributesOfItem(atPath: series)[.modificationDate] as? Date
        #expect(try program("sweep", "submit", "sweep", "--with", "shell", "--dry-run").output.contains("1 of 5 runs are missing"))
        #expect(try program("sweep", "submit", "sweep", "--with", "shell").code == 1)
        #expect(try FileManager.default.attributesOfItem(atPath: series)[.modificationDate] as? Date == before)
    }

    /// Bookkeeping: the plan, the row of the manifest, status and collect together, per run.
    @Test func thousandRuns() throws {
        let program = try Program()
        func measured(_ arguments: String..., expecting words: String) throws -> (wall: Double, processor: Double) {
            func used() -> Double {
                var usage = rusage()
                getrusage(__rusage_who_t(Int32(RUSAGE_CHILDREN.rawValue)), &usage)
                return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1e-6 * Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
            }
            let (wall, processor) = (Machine.clock, used())
            let result = try program.run(arguments)
            #expect(result.code == 0 && (words.isEmpty || result.output.contains(words)), "\(result.output)\(result.errors)")
            return (Machine.clock - wall, used() - processor)
        }
        _ = try program.input(Program.sweepBase(), name: "base.json5")
        _ = try program.input(Program.sweep(currents: 100, seeds: 10), name: "sweep.json5")
        let planning = try measured("sweep", "plan", "sweep.json5", "-o", "sweep", expecting: "1000 runs")
        // As after the runs: a folder each, with what a run of some output times leaves.
        let model = try program("run", "--manifest", "sweep/manifest.csv", "--index", "0", "-q")
        #expect(model.code == 0, "\(model.errors)")
        let manifest = try SweepManifest(reading: program.path("sweep")), first = program.path("sweep/" + manifest.rows[0].directory)
        for row in manifest.rows.dropFirst() {
            let folder = program.path("sweep/" + row.directory)
            mkdir(folder, 0o777)
            for name in ["status.json", "series.csv", "run.json", "progress.jsonl"] { link("\(first)/\(name)", "\(folder)/\(name)") }
        }
        let status = try measured("sweep", "status", "sweep", expecting: "done     1000")
        let collecting = try measured("sweep", "collect", "sweep", expecting: "results.csv")
        // A row that is done already: the program starts, reads the manifest, finds the run, ends.
        try FileManager.default.removeItem(atPath: program.path("sweep/" + manifest.rows[999].directory))
        #expect(try program("run", "--manifest", "sweep/manifest.csv", "--index", "999", "--resume", "-q").code == 0)
        let row = try measured("run", "--manifest", "sweep/manifest.csv", "--index", "999", "--resume", "-q", expecting: "")
        let perRun = (planning.processor + collecting.processor + status.processor) / 1000 + row.processor
        print("1000 runs: status \(status.wall) s; plan \(planning.wall) s, collect \(collecting.wall) s, a row that is done \(1000 * row.wall) ms; "
            + "bookkeeping \(1000 * perRun) ms of processor time per run")
        #expect(status.wall < 1 || Program.isBusy && status.processor < 1)
        // Processor time: other work on the machine does not count.
        #expect(perRun < 0.05)
    }

    // MARK: - Kills

    static let schedulers = ["shell", "parallel"]

    @Test(arguments: schedulers)
    func killedRunsGoOn(_ scheduler: String) throws {
        if scheduler == "parallel" && !Program.isInstalled("parallel") { return }
        let program = try Program(), (currents, seeds, steps, kills) = Program.isFull ? (16, 4, 300, 10) : (3, 2, 160, 2)
        for folder in ["straight", "killed"] {
            #expect(try program.plan(Program.sweep(currents: currents, seeds: seeds), base: Program.sweepBase(steps: steps), into: folder).code == 0)
        }
        let straight = try program("sweep", "submit", "straight", "--with", "shell")
        #expect(straight.code == 0, "\(straight.errors)")

        var killed: Set<String> = []
        for _ in 0..<10 where killed.count < kills {
            let submission = try program.start(["sweep", "submit", "killed", "--with", scheduler, "--jobs", "2"])
            while submission.isRunning && killed.count < kills {
                guard let victim = program.running("killed").first(where: { !killed.contains($0.name) }) else { usleep(2000); continue }
                // Mostly after a checkpoint, now and then before the first.
                let checkpoint = "killed/runs/\(victim.name)/checkpoint.h5"
                if killed.count % 4 < 3 { while submission.isRunning && !program.exists(checkpoint) && kill(victim.process, 0) == 0 { usleep(2000) } }
                if kill(victim.process, killed.count % 3 == 1 ? SIGTERM : SIGKILL) == 0 { killed.insert(victim.name) }
            }
            // The whole submission is told to end as well.
            submission.send(SIGTERM)
            let result = try submission.finish()
            #expect(!result.wasKilled || scheduler == "parallel", "\(result.errors)")
            try program.wait { program.running("killed").isEmpty }
        }
        #expect(killed.count == kills)
        for _ in 0..<5 where try program("sweep", "submit", "killed", "--with", scheduler).code != 0 {}
        #expect(try program("sweep", "submit", "killed", "--with", scheduler).output.contains("nothing to submit"))
        try expectSameTables(program, killed: "killed")
    }

    /// Under a real Slurm on this machine, with a node that goes away and tasks that are cancelled, killed and out of time.
    @Test(.enabled(if: LocalSlurm.isPossible))
    func slurm() throws {
        let slurm = try LocalSlurm(), program = try Program()
        let (currents, seeds, steps, kills) = Program.isFull ? (16, 4, 900, 10) : (2, 2, 700, 1)
        let jobs = "runsPerTask: 2, hours: '0.2 h'"
        for folder in ["straight", "killed"] {
            #expect(
                try program.plan(Program.sweep(currents: currents, seeds: seeds, jobs: jobs), base: Program.sweepBase(steps: steps), into: folder)
                    .code == 0)
        }
        #expect(try program("sweep", "submit", "straight", "--with", "shell").code == 0)

        var killed: Set<String> = [], ways: [LocalSlurm.Way: Int] = [:]
        let order: [LocalSlurm.Way] = Program.isFull ? [.cancel, .kill, .drain, .limit, .kill, .cancel, .down, .kill, .cancel, .kill] : [.kill]
        var next = 0
        for _ in 0..<60 where next < order.count || killed.count < kills {
            let job = try slurm.submit(program, "killed")
            for _ in 0..<3 where next < order.count || killed.count < kills {
                let way = next < order.count ? order[next] : .kill
                guard let names = try slurm.disturb(program, "killed", job, way, sparing: killed) else { break }
                killed.formUnion(names)
                if !names.isEmpty { (next, ways[way]) = (next + 1, (ways[way] ?? 0) + 1) }
            }
            slurm.clear()
            try program.wait { program.running("killed").isEmpty }
        }
        print("\(killed.count) runs interrupted under Slurm: \(ways)")
        #expect(killed.count >= kills)
        for way in Set(order) { #expect(ways[way] ?? 0 > 0, "\(way)") }
        // The same script again finishes all.
        for _ in 0..<5 where try program("sweep", "submit", "killed", "--dry-run").output.contains("runs are missing") {
            let job = try slurm.submit(program, "killed")
            try slurm.wait(job)
        }
        #expect(try program("sweep", "submit", "killed", "--with", "slurm").output.contains("nothing to submit"))
        try expectSameTables(program, killed: "killed")
    }

    private func expectSameTables(_ program: Program, killed: String) throws {
        for folder in ["straight", killed] {
            let result = try program("sweep", "collect", folder)
            #expect(result.code == 0, "\(result.output)\(result.errors)")
        }
        let a = try program.results("straight"), b = try program.results(killed)
        #expect(a.count > 4 && a == b)
        let resumes = try program.text(killed + "/results.csv").split(separator: "\n").dropFirst().compactMap {
            $0.split(separator: ",").last.flatMap { Int($0) }
        }
        #expect(resumes.contains { $0 > 0 }, "nothing was interrupted")
    }
}

extension Program {
    /// More work than cores: times say little.
    static var isBusy: Bool {
        var loads = [Double](repeating: 0, count: 1)
        return getloadavg(&loads, 1) == 1 && loads[0] > Double(Machine.cores) + 0.5
    }
}
