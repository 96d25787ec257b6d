import Glibc
import Grids
import RunFiles
import Testing

/// A file system of its own that is soon full; nil where mounting is not allowed.
private final class TinyDisk {
    let path: String

    init?(kilobytes: Int) {
        var template = Array("/tmp/dendrite-disk-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else { rmdir(path); return nil }
    }

    deinit { umount2(path, 2 /* MNT_DETACH */); rmdir(path) }

    /// Fills the disk up to so many free pages of 4 KiB.
    func leave(pages: Int) {
        unlink(path + "/ballast")
        var status = statvfs()
        statvfs(path, &status)
        let file = open(path + "/ballast", O_WRONLY | O_CREAT, 0o666)
        posix_fallocate(file, 0, off_t(max(0, Int(status.f_bavail) - pages) * 4096))
        close(file)
    }
}

private let mayMount = TinyDisk(kilobytes: 64) != nil

@Test("a disk that fills up at any write leaves whole files behind and the run goes on when there is space", .enabled(if: mayMount))
func diskFull() throws {
    let disk = try #require(TinyDisk(kilobytes: 1024)), path = disk.path + "/run", grid = Grid(nx: 40, ny: 30, spacing: 1)
    let field: Field<Double> = noise(grid, "phase")
    let folder = try RunFolder(path, opening: .fresh)
    try folder.start(provenance(), input: "{}", resolved: "")
    let series = try folder.series([.init("time", unit: "s"), .init("tip", unit: "m")])
    let whole = [0.0] + [Double](repeating: 1.0 / 3, count: 1)
    for _ in 0..<180 { try series.append(whole) } // rows that come to lie across the edge of a page
    let output = OutputField("xi", unit: "1", longName: "phase", field: field)
    let progress = RunProgress(fraction: 0, time: 0, dt: 1, step: 0, tip: 0, nanosecondsPerCellStep: 1, elapsed: 1)
    let steps: [(String, (Int) throws -> Void)] = [
        ("series", { _ in for _ in 0..<100 { try series.append(whole) } }),
        ("snapshot", { try folder.saveSnapshot([output], grid: grid, time: Double($0), step: $0) }),
        ("checkpoint", { try folder.writeCheckpoint([.field("phase", field)], metadata: ["step": .integer($0)]) }),
        ("status", { try folder.setStatus(RunStatus(.running, step: $0)) }),
        ("progress", { _ in for _ in 0..<20 { try folder.log(progress) } }),
    ]
    for (name, step) in steps { do { try step(0) } catch { Issue.record("\(name): \(error)") } }
    for (name, step) in steps {
        var failures = 0
        for pages in 0..<14 {
            disk.leave(pages: pages)
            let number = 1 + pages
            let error = kind { try step(number) }
            #expect(error == nil || error == .diskFull, "\(name) with \(pages) pages")
            if error != nil { failures += 1 }
            // Everything on the disk is whole.
            #expect(try SeriesTable(path + "/series.csv").rows.allSatisfy { $0 == whole })
            for name in ["series.csv", "progress.jsonl"] { #expect(try DiskFile.read("\(path)/\(name)").last == 0x0a) }
            for entry in folder.index.entries { #expect(try Snapshot(path + "/" + entry.file).values("xi").count == grid.cells) }
            #expect(try RunFolder.snapshots(of: path).count == folder.index.entries.count)
            #expect(try DiskFile.text(path + "/run.xdmf") == folder.index.text)
            #expect(try folder.newestCheckpoint()?.passedOver == nil)
            #expect(try RunFolder.status(of: path).state != .done)
            #expect(try DiskFile.names(in: path).allSatisfy { !$0.hasSuffix(".tmp") })
            disk.leave(pages: 60)
            if error != nil { try step(number) }
        }
        // Files of many pages fail at many places.
        #expect(failures >= (name == "snapshot" || name == "checkpoint" ? 4 : 1), "\(name)")
    }
}

@Test("a folder that cannot be written to is named")
func unwritable() throws {
    #expect(kind { _ = try RunFolder("/proc/run", opening: .fresh) } != nil)
    #expect(message { _ = try RunFolder("/proc/run", opening: .fresh) }.contains("/proc/run"))
    let scratch = Scratch()
    try DiskFile.makeFolder(scratch("a"))
    chmod(scratch("a"), 0o555)
    if access(scratch("a"), W_OK) != 0 { // root may write anywhere
        #expect(kind { _ = try RunFolder(scratch("a/run"), opening: .fresh) } == .notWritable)
    }
    #expect(try DiskFile.freeSpace(at: scratch("not/there/yet")) > 0)
}
