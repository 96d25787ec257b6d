import RunFiles

/// The job scripts of a sweep. Each can be run any number of times: a run that is done ends at once, one that was stopped goes on.
struct SweepScripts {
    static let slurm = "slurm.sh", parallel = "parallel.sh", shell = "shell.sh", jobLog = "parallel.log"

    /// Runs that a task of the Slurm array does one after the other.
    static func runsPerTask(_ settings: JobSettings, rows: Int) -> Int { settings.runsPerTask ?? max(1, (rows + 999) / 1000) }

    private let plan: SweepPlan, program: String
    private var jobs: JobSettings { plan.settings.jobs }
    private var rows: Int { plan.manifest.rows.count }

    init(_ plan: SweepPlan, program: String) { (self.plan, self.program) = (plan, program) }

    var files: [(name: String, text: String)] {
        [(SweepScripts.slurm, slurmText), (SweepScripts.parallel, parallelText), (SweepScripts.shell, shellText)]
    }

    /// One run; `$program` and the index are the shell's.
    private func run(_ index: String) -> String {
        "\"$program\" run --manifest manifest.csv --index \(index) --resume --threads \(jobs.threads)"
            + (jobs.instructionSet.map { " --cpu \($0)" } ?? "") + " --quiet"
    }

    private func beginning(_ folder: String) -> String {
        """
        set -u
        cd \(folder)
        [ -f manifest.csv ] || { echo "manifest.csv is not here; submit from the folder of the sweep" >&2; exit 2; }
        program=${DENDRITE:-\(quoted(program))}
        \(jobs.setup.map { $0 + "\n" }.joined())
        """
    }

    private func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

    // MARK: - Slurm

    private var slurmText: String {
        let group = SweepScripts.runsPerTask(jobs, rows: rows), tasks = (rows + group - 1) / group
        let seconds = jobs.hours ?? 3 * Double(group) * plan.longest + 600
        let minutes = Int(min((seconds / 300).rounded(.up) * 5, 525_600))
        var options = [
            "--job-name=\(SweepNames.plain(plan.settings.title).isEmpty ? "sweep" : String(SweepNames.plain(plan.settings.title).prefix(40)))",
            "--array=0-\(tasks - 1)" + (jobs.atOnce.map { "%\($0)" } ?? ""),
            "--ntasks=1", "--cpus-per-task=\(jobs.threads)",
            "--time=\(minutes / 1440)-\(two(minutes / 60 % 24)):\(two(minutes % 60)):00",
        ]
        // A third more than the estimate, and room for the libraries.
        if let memory = plan.memory { options.append("--mem=\(memory / 3 * 4 / (1 << 20) + 64)M") }
        options += ["--signal=USR1@120", "--requeue", "--open-mode=append", "--output=logs/task-%a.log"] + jobs.options
        return """
            #!/bin/sh
            \(options.map { "#SBATCH " + $0 }.joined(separator: "\n"))
            # A task does \(group) run\(group == 1 ? "" : "s, one after the other"). Two minutes before the time limit the runs that srun started get SIGUSR1 (--signal without
            # "B:" goes to them, not to this shell), write a checkpoint and stop: submit this script again and they go on.
            \(beginning("\"${SLURM_SUBMIT_DIR:-.}\""))
            index=$((SLURM_ARRAY_TASK_ID * \(group)))
            end=$((index + \(group)))
            if [ "$end" -gt \(rows) ]; then end=\(rows); fi
            worst=0
            while [ "$index" -lt "$end" ]; do
                srun --ntasks=1 --cpus-per-task=\(jobs.threads) \(run("\"$index\""))
                code=$?
                if [ "$code" -eq 3 ]; then exit 3; fi
                if [ "$code" -ne 0 ]; then worst=1; fi
                index=$((index + 1))
            done
            exit "$worst"

            """
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    // MARK: - GNU parallel

    private var parallelText: String {
        """
        #!/bin/sh
        # sh parallel.sh [runs at once] [further options of parallel, as in --sshloginfile nodes]
        # \(SweepScripts.jobLog) remembers what is done; remove it to offer every run again.
        \(beginning("\"$(dirname \"$0\")\""))
        export program
        at_once=${1:-\(jobs.atOnce.map { "\($0)" } ?? "$(($(nproc) / \(jobs.threads)))")}
        if [ "$at_once" -lt 1 ]; then at_once=1; fi
        if [ $# -gt 0 ]; then shift; fi
        seq 0 \(rows - 1) >logs/rows
        parallel --jobs "$at_once" --joblog \(SweepScripts.jobLog) --resume-failed --env program --arg-file logs/rows --termseq TERM,60000,KILL "$@" \\
            \(quoted(run("{}") + " >>logs/run-{}.log 2>&1")) &
        child=$!
        # parallel stops at the second signal; its runs then get SIGTERM, write a checkpoint and stop.
        stopped=
        trap 'stopped=1; kill -TERM "$child"; sleep 1; kill -TERM "$child"' TERM INT
        wait "$child"
        code=$?
        while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
        if [ "$stopped" ]; then exit 3; fi
        if [ "$code" -ne 0 ]; then exit 1; fi

        """
    }

    // MARK: - Shell

    private var shellText: String {
        """
        #!/bin/sh
        # sh shell.sh [runs at once]; SIGTERM or SIGINT lets the runs write a checkpoint and stop.
        \(beginning("\"$(dirname \"$0\")\""))
        at_once=${1:-\(jobs.atOnce.map { "\($0)" } ?? "$(($(nproc) / \(jobs.threads)))")}
        if [ "$at_once" -lt 1 ]; then at_once=1; fi
        claims=$(mktemp -d) || exit 1
        trap 'rm -rf "$claims"' EXIT

        # A worker takes the next run that no other has taken: whoever makes its folder has it.
        worker() {
            child=
            trap 'touch "$claims/stop"; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM
            trap '' INT
            index=0
            while [ "$index" -lt \(rows) ] && [ ! -e "$claims/stop" ]; do
                if mkdir "$claims/$index" 2>/dev/null; then
                    \(run("\"$index\"")) >>"logs/run-$index.log" 2>&1 &
                    child=$!
                    wait "$child"
                    code=$?
                    while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
                    child=
                    if [ "$code" -eq 3 ]; then touch "$claims/stopped"; elif [ "$code" -ne 0 ]; then touch "$claims/failed"; fi
                fi
                index=$((index + 1))
            done
        }

        workers=
        count=0
        while [ "$count" -lt "$at_once" ]; do
            worker &
            workers="$workers $!"
            count=$((count + 1))
        done
        trap 'touch "$claims/stop" "$claims/stopped"; kill -TERM $workers 2>/dev/null' TERM INT
        for one in $workers; do
            while kill -0 "$one" 2>/dev/null; do wait "$one"; done
        done
        if [ -e "$claims/failed" ]; then exit 1; fi
        if [ -e "$claims/stopped" ]; then exit 3; fi
        exit 0

        """
    }
}
