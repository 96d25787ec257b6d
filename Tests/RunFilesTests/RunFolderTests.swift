import Glibc
import Grids
import RunFiles
import Testing

private let grid = Grid(nx: 6, ny: 5, spacing: 1e-7)

private func save(_ folder: RunFolder, step: Int, keepLast: Int? = nil) throws {
    let field = Field<Double>(grid)
    field.fill(Double(step))
    try folder.saveSnapshot([OutputField("xi", unit: "1", longName: "phase", field: field)], grid: grid, time: Double(step), step: step,
                            keepLast: keepLast)
}

@Test("a run folder holds the input, where it comes from, and an index of its snapshots")
func lifeOfARun() throws {
    let scratch = Scratch(), path = scratch("deep/er/run")
    do {
        let folder = try RunFolder(path, opening: .fresh)
        #expect(folder.provenance == nil)
        #expect(try folder.newestCheckpoint()?.checkpoint.path == nil)
        try folder.start(provenance(), input: "{}", resolved: "{a: 1}")
        #expect(try RunFolder.status(of: path).state == .pending)
        for step in 0..<4 { try save(folder, step: step) }
        try folder.setStatus(RunStatus(.done, reason: "end time", step: 3, time: 3, fraction: 1))
        try folder.finish()
        folder.close()
    }
    #expect(try DiskFile.names(in: path) == ["input.json5", "resolved.json5", "run.json", "run.xdmf", "snapshots", "status.json"])
    #expect(try DiskFile.names(in: path + "/snapshots") == ["000000.h5", "000001.h5", "000002.h5", "000003.h5"])
    #expect(try DiskFile.text(path + "/input.json5") == "{}")
    let found = try RunFolder.provenance(of: path)
    #expect(found.inputDigest == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a") // SHA-256 of "{}"
    #expect(found.host == Machine.host && found.cores >= 1 && found.ended != nil && found.command == ["dendrite", "run"])
    #expect(try RunFolder.status(of: path).state == .done)
    #expect(try DiskFile.text(path + "/run.xdmf").contains("snapshots/000003.h5:/xi"))
    let snapshot = try Snapshot(path + "/snapshots/000002.h5")
    #expect(try snapshot.values("xi") == [Double](repeating: 2, count: 30))
    #expect(snapshot.attributes["seed"] == "7" && snapshot.attributes["input_sha256"] == .text(found.inputDigest))
}

@Test("a folder that holds a run, or other files, is never written into by mistake")
func occupied() throws {
    let scratch = Scratch(), path = scratch("run")
    let folder = try RunFolder(path, opening: .fresh)
    try folder.start(provenance(), input: "1", resolved: "")
    try save(folder, step: 0)
    folder.close()
    #expect(kind { _ = try RunFolder(path, opening: .fresh) } == .notEmpty)
    try DiskFile.replace(path + "/notes.txt", with: "mine")
    try RunFolder(path, opening: .overwrite).close()
    #expect(try DiskFile.names(in: path) == ["notes.txt", "snapshots"])
    #expect(try DiskFile.names(in: path + "/snapshots") == [])
    for opening in [RunFolder.Opening.fresh, .resume, .overwrite] {
        #expect(kind { _ = try RunFolder(path, opening: opening) } == .notEmpty)
    }
    #expect(try DiskFile.text(path + "/notes.txt") == "mine")
    #expect(kind { _ = try RunFolder(path + "/notes.txt", opening: .fresh) } == .notWritable)
}

@Test("what a run leaves that was killed while it began is an empty folder to the next one", arguments: [RunFolder.Opening.fresh, .resume])
func killedAtTheStart(opening: RunFolder.Opening) throws {
    let scratch = Scratch(), path = scratch("run")
    try DiskFile.makeFolder(path + "/snapshots")
    let folder = try RunFolder(path, opening: opening)
    #expect(folder.provenance == nil)
    try folder.start(provenance(), input: "{}", resolved: "")
    folder.close()
    #expect(try DiskFile.names(in: path).contains("run.json"))
}

@Test("resuming removes the snapshots newer than the checkpoint and keeps the numbering")
func reconciliation() throws {
    let scratch = Scratch(), path = scratch("run")
    let first = try RunFolder(path, opening: .fresh)
    try first.start(provenance(), input: "{}", resolved: "")
    for step in 0..<6 { try save(first, step: step) }
    let straight = try DiskFile.text(path + "/run.xdmf")
    first.close()
    try DiskFile.replace(path + "/snapshots/000006.h5.tmp", with: "half")
    let second = try RunFolder(path, opening: .resume)
    #expect(second.provenance?.command == ["dendrite", "run"])
    #expect(try second.continueRun(step: 3, time: 3, notes: ["a note"], current: provenance("resume")) == ["a note"])
    #expect(second.index.entries.map(\.time) == [0, 1, 2, 3])
    #expect(try DiskFile.names(in: path + "/snapshots") == ["000000.h5", "000001.h5", "000002.h5", "000003.h5"])
    for step in 4..<6 { try save(second, step: step) }
    #expect(try DiskFile.text(path + "/run.xdmf") == straight)
    let resumes = try RunFolder.provenance(of: path).resumes
    #expect(resumes.count == 1 && resumes[0].step == 3 && resumes[0].command == ["dendrite", "resume"] && resumes[0].notes == ["a note"])
    second.close()
    // A snapshot damaged on the disk is named and left alone; new ones do not overwrite it.
    try DiskFile.replace(path + "/snapshots/000005.h5", with: "damaged")
    try DiskFile.replace(path + "/run.json", with: "{")
    let third = try RunFolder(path, opening: .resume)
    let notes = try third.continueRun(step: 4, time: 4, current: provenance())
    #expect(notes.count == 2 && notes[0].contains("000005.h5") && notes[1].hasPrefix("run.json was damaged"))
    try save(third, step: 5)
    #expect(third.index.entries.last?.file == "snapshots/000006.h5")
    #expect(try DiskFile.text(path + "/snapshots/000005.h5") == "damaged")
}

@Test("only the last snapshots stay when asked for")
func keepLast() throws {
    let scratch = Scratch(), folder = try RunFolder(scratch("run"), opening: .fresh)
    try folder.start(provenance(), input: "{}", resolved: "")
    for step in 0..<7 { try save(folder, step: step, keepLast: 3) }
    #expect(try RunFolder.snapshots(of: folder.path).map { String($0.suffix(9)) } == ["000004.h5", "000005.h5", "000006.h5"])
    #expect(try DiskFile.text(scratch("run/run.xdmf")).contains("000003") == false)
}

@Test("progress and status are machine-readable, and a dead process does not run")
func records() throws {
    let scratch = Scratch(), folder = try RunFolder(scratch("run"), opening: .fresh)
    try folder.start(provenance(), input: "{}", resolved: "")
    let progress = RunProgress(fraction: 0.25, time: 3, dt: 0.1, step: 9, tip: .nan, nanosecondsPerCellStep: 50, elapsed: 30)
    #expect(progress.remaining == 90)
    for _ in 0..<3 { try folder.log(progress) }
    let lines = try DiskFile.text(scratch("run/progress.jsonl")).split(separator: "\n")
    #expect(lines.count == 3 && lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") && $0.contains("\"fraction\":0.25") })
    try folder.setStatus(RunStatus(.running, step: 4))
    #expect(try RunFolder.status(of: folder.path).state == .running)
    folder.close()
    #expect(try RunFolder.status(of: folder.path).state == .stopped)
    try DiskFile.replace(scratch("run/status.json"), with: "{]")
    #expect(kind { _ = try RunFolder.status(of: folder.path) } == .damaged)
}
