import Glibc
import Grids
import Kernels
import RunFiles
import Testing

/// A model with every kind of state.
private final class Model: Stateful {
    let grid: Grid
    let phase: Field<Double>, salt: Field<Float>
    var bytes: [UInt8], events: [Int64], table: [Double]
    let memory: UnsafeMutableRawPointer
    var time = 0.0, step = 0

    init(_ grid: Grid, seed: Int) {
        self.grid = grid
        phase = noise(grid, "phase \(seed)")
        salt = noise(grid, "salt \(seed)")
        bytes = (0..<37).map { UInt8(truncatingIfNeeded: $0 * seed) }
        events = [Int64.max, .min, Int64(seed)]
        table = [.infinity, Double(seed)]
        memory = .allocate(byteCount: 37 + 3 + 24 + 16, alignment: 8)
        bytes.withUnsafeBytes { memory.copyMemory(from: $0.baseAddress!, byteCount: 37) }
        events.withUnsafeBytes { (memory + 40).copyMemory(from: $0.baseAddress!, byteCount: 24) }
        table.withUnsafeBytes { (memory + 64).copyMemory(from: $0.baseAddress!, byteCount: 16) }
        time = Double(seed) / 3
        step = seed
    }

    deinit { memory.deallocate() }

    var state: [StateItem] {
        [.field("phase", phase), .field("salt/concentration", salt),
         .array(name: "connected", element: .byte, count: 37, memory: memory, owner: self),
         .array(name: "events", element: .int64, count: 3, memory: memory + 40, owner: self),
         .array(name: "none", element: .int64, count: 0, memory: memory + 40, owner: self),
         .array(name: "table", element: .double, count: 2, memory: memory + 64, owner: self),
         .number(name: "time", get: { self.time }, set: { self.time = $0 }),
         .number(name: "step", get: { Double(self.step) }, set: { self.step = Int($0) })]
    }

    var everything: [[UInt8]] {
        [bits(phase), bits(salt), Array(UnsafeRawBufferPointer(start: memory, count: 37)),
         Array(UnsafeRawBufferPointer(start: memory + 40, count: 40)), withUnsafeBytes(of: (time, step)) { Array($0) }]
    }
}

private let small = Grid(nx: 5, ny: 4, spacing: 1)

@Test("a checkpoint restores every bit, padding included", arguments: [small, Grid(nx: 31, ny: 17, nz: 6, spacing: 1)], [1, 3])
func checkpointRoundTrip(grid: Grid, threads: Int) throws {
    let scratch = Scratch(), model = Model(grid, seed: 5), other = Model(grid, seed: 6), pool = ThreadPool(count: threads)
    try Checkpoint.write(model.state, metadata: ["step": 5, "time": 1.5, "program": "1.0"], to: scratch.path, pool: pool)
    #expect(other.everything != model.everything)
    let found = try #require(try Checkpoint.newestValid(in: scratch.path, pool: pool))
    #expect(found.passedOver == nil)
    #expect(found.checkpoint.metadata == ["step": 5, "time": 1.5, "program": "1.0"])
    try found.checkpoint.restore(other.state, requiring: ["program": "1.0"])
    #expect(other.everything == model.everything)
    #expect(try DiskFile.names(in: scratch.path) == ["checkpoint.h5"])
}

@Test("every single damaged byte is seen, and every truncation")
func everyByte() throws {
    let scratch = Scratch(), path = scratch("checkpoint.h5")
    let field: Field<Float> = noise(Grid(nx: 2, ny: 2, spacing: 1), "a")
    try Checkpoint.write([.field("phase", field)], metadata: ["step": 1], to: scratch.path)
    let sound = try DiskFile.read(path)
    let file = open(path, O_RDWR)
    defer { close(file) }
    var missed: [Int] = []
    for position in sound.indices {
        for flip in position < 512 ? [UInt8(1), 2, 4, 8, 16, 32, 64, 128] : [UInt8(1) << UInt8(position % 8)] {
            var byte = sound[position] ^ flip
            pwrite(file, &byte, 1, off_t(position))
            if kind({ _ = try Checkpoint(path) }) == nil { missed.append(position) }
            byte = sound[position]
            pwrite(file, &byte, 1, off_t(position))
        }
    }
    #expect(missed == [])
    #expect(kind { _ = try Checkpoint(path) } == nil)
    for length in stride(from: sound.count - 1, through: 0, by: -61) {
        ftruncate(file, off_t(length))
        #expect(kind { _ = try Checkpoint(path) } == .damaged)
    }
}

@Test("a damaged or missing newest checkpoint is passed over with the reason, two damaged ones are an error")
func previous() throws {
    let scratch = Scratch(), model = Model(small, seed: 1)
    #expect(try Checkpoint.newestValid(in: scratch.path)?.checkpoint.path == nil)
    let first = model.everything
    try Checkpoint.write(model.state, metadata: ["step": 1], to: scratch.path)
    model.time = 7
    try Checkpoint.write(model.state, metadata: ["step": 2], to: scratch.path)
    #expect(try Checkpoint.newestValid(in: scratch.path)?.checkpoint.metadata["step"] == 2)
    var bytes = try DiskFile.read(scratch("checkpoint.h5"))
    bytes[bytes.count / 2] ^= 1
    try DiskFile.replace(scratch("checkpoint.h5"), with: bytes)
    for _ in 0..<2 {
        let found = try #require(try Checkpoint.newestValid(in: scratch.path))
        #expect(found.checkpoint.metadata["step"] == 1)
        #expect(found.passedOver?.hasPrefix(scratch("checkpoint.h5") + " is ") == true)
        try found.checkpoint.restore(model.state)
        #expect(model.everything == first)
        try DiskFile.remove(scratch("checkpoint.h5"))
    }
    try DiskFile.replace(scratch("checkpoint.previous.h5"), with: "nothing")
    #expect(kind { _ = try Checkpoint.newestValid(in: scratch.path) } == .damaged)
    try DiskFile.replace(scratch("checkpoint.previous.h5"), with: "dendrite checkpoint 2 " + String(repeating: " ", count: 600))
    #expect(kind { _ = try Checkpoint.newestValid(in: scratch.path) } == .otherFormat)
}

@Test("state with NaN is never written and the last checkpoint stays")
func notFinite() throws {
    let scratch = Scratch(), grid = Grid(nx: 11, ny: 6, nz: 2, spacing: 1)
    let faults: [(Model) -> Void] = [
        { $0.phase[10, 5, 1] = .nan }, { $0.phase[0, 0, 0] = .infinity }, { $0.salt[3, 2, 1] = -.infinity }, { $0.salt[8, 0] = .nan },
        { $0.time = .nan }, { $0.memory.storeBytes(of: .nan, toByteOffset: 72, as: Double.self) },
    ]
    for fault in faults {
        let model = Model(grid, seed: 2)
        try Checkpoint.write(model.state, metadata: ["step": 1], to: scratch.path)
        let before = try DiskFile.read(scratch("checkpoint.h5"))
        fault(model)
        #expect(kind { try Checkpoint.write(model.state, metadata: ["step": 2], to: scratch.path) } == .notFinite)
        #expect(try DiskFile.read(scratch("checkpoint.h5")) == before)
    }
    let model = Model(grid, seed: 2)
    model.phase[10, 5, 1] = .nan
    #expect(message { try Checkpoint.write(model.state, metadata: [:], to: scratch.path) }
        == "no checkpoint was written: phase is nan in cell (10, 5, 1); the last one stays")
    // Padding may hold anything.
    let padded = Model(grid, seed: 2)
    padded.phase.cells[grid.nx + 3] = .nan
    #expect(kind { try Checkpoint.write(padded.state, metadata: [:], to: scratch.path) } == nil)
}

@Test("a checkpoint of another grid, precision, model or input restores nothing")
func mismatch() throws {
    let scratch = Scratch(), model = Model(small, seed: 1)
    try Checkpoint.write(model.state, metadata: ["grid": "5 x 4"], to: scratch.path)
    let checkpoint = try Checkpoint(scratch("checkpoint.h5"))
    let other = Model(Grid(nx: 50, ny: 4, spacing: 1), seed: 2), same = Model(small, seed: 3)
    let single: Field<Float> = noise(Grid(nx: 5, ny: 4, spacing: 1), "x")
    let attempts: [(Model, [StateItem], [String: AttributeValue], String)] = [
        (other, other.state, [:], "another grid"),
        (same, [.field("phase", single)] + same.state.dropFirst(), [:], "precision"),
        (same, Array(same.state.dropLast()), [:], "holds, unlike the run, step"),
        (same, same.state + [.number(name: "charge", get: { 0 }, set: { _ in })], [:], "lacks charge"),
        (same, same.state, ["grid": "4 x 5"], "its grid is 5 x 4, the run's 4 x 5"),
        (same, same.state, ["seed": 3], "its seed is nothing, the run's 3"),
    ]
    for (target, items, requirements, words) in attempts {
        let before = target.everything
        #expect(kind { try checkpoint.restore(items, requiring: requirements) } == .mismatch)
        #expect(message { try checkpoint.restore(items, requiring: requirements) }.contains(words))
        #expect(target.everything == before)
    }
}
