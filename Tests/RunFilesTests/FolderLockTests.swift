import Foundation
import RunFiles
import Testing

@Test("two writers cannot hold one folder")
func twoWriters() throws {
    let scratch = Scratch(), first = try FolderLock(scratch.path)
    #expect(FolderLock.holder(of: scratch.path)?.process == getpid())
    let words = message { _ = try FolderLock(scratch.path) }
    #expect(words == "\(scratch.path) is in use by process \(getpid()) on \(Machine.host); wait for it or stop it first")
    first.release()
    #expect(FolderLock.holder(of: scratch.path) == nil)
    #expect(try DiskFile.names(in: scratch.path) == [])
    let second = try FolderLock(scratch.path)
    second.release()
    second.release()
    #expect(kind { _ = try FolderLock(scratch("missing")) } == .missing)
}

@Test("the lock of a dead process is taken over, that of a living one is not")
func staleLock() throws {
    let scratch = Scratch(), path = scratch(FolderLock.fileName)
    func write(host: String, process: Int32, startTime: String, age: Double = 0) throws {
        try DiskFile.replace(path, with: #"{"host":"\#(host)","process":\#(process),"startTime":"\#(startTime)"}"#)
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
    }
    // Process 1 runs for as long as the machine does; field 22 of its stat is its start.
    let one = try DiskFile.text("/proc/1/stat").split(separator: ")").last!.split(separator: " ")[19]
    try write(host: Machine.host, process: 1, startTime: String(one))
    #expect(kind { _ = try FolderLock(scratch.path) } == .locked)
    #expect(FolderLock.holder(of: scratch.path)?.process == 1)
    // Same number, other process.
    try write(host: Machine.host, process: 1, startTime: "1\(one)")
    #expect(FolderLock.holder(of: scratch.path) == nil)
    try FolderLock(scratch.path).release()
    // A machine that cannot be asked: by the time of its last sign of life.
    try write(host: "elsewhere", process: 1, startTime: "1", age: 10)
    #expect(kind { _ = try FolderLock(scratch.path) } == .locked)
    #expect(message { _ = try FolderLock(scratch.path) }.contains("last sign of life 1"))
    #expect(FolderLock.holder(of: scratch.path)?.host == "elsewhere")
    try write(host: "elsewhere", process: 1, startTime: "1", age: FolderLock.staleAfter - 1)
    try FolderLock(scratch.path, patience: 5).release()
    for text in ["", "{", "[]", "\u{0}\u{0}"] {
        try DiskFile.replace(path, with: text)
        try FolderLock(scratch.path).release()
    }
}

@Test("many who want a folder at once get it one after the other")
func contention() async throws {
    let scratch = Scratch(), path = scratch.path
    final class Count: @unchecked Sendable { var inside = 0, most = 0, total = 0 } // guarded by the lock under test
    let count = Count()
    await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
            group.addTask {
                for _ in 0..<25 {
                    var taken: FolderLock?
                    while taken == nil { taken = try? FolderLock(path) }
                    guard let lock = taken else { continue }
                    count.inside += 1
                    count.most = max(count.most, count.inside)
                    count.total += 1
                    count.inside -= 1
                    lock.release()
                }
            }
        }
    }
    #expect(count.most == 1 && count.total == 100)
}
