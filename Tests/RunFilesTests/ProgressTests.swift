import Glibc
import RunFiles
import Testing

@Test("numbers read as a person would write them")
func numbers() {
    let quantities: [(Double, String, String)] = [
        (1.2345e-5, "m", "12.3 um"), (9.9996e-4, "m", "1.00 mm"), (0, "m", "0 m"), (758.4, "s", "758 s"), (12345, "s", "12345 s"),
        (1.5e-3, "s", "1.50 ms"), (-2.5e-9, "m", "-2.50 nm"), (.nan, "m", "nan m"), (1e-20, "m", "1.00e-05 fm"), (1000, "m", "1.00 km"),
    ]
    for (value, unit, text) in quantities { #expect(Readable.quantity(value, unit) == text) }
    #expect([0, 59.6, 3723, 172_799, 200_000].map(Readable.duration) == ["0:00:00", "0:01:00", "1:02:03", "47:59:59", "2 d 7 h"])
    #expect(Readable.duration(.infinity) == "-" && Readable.duration(.nan) == "-")
    #expect([0, 1023, 1024, 1_342_177_280].map(Readable.bytes) == ["0 B", "1023 B", "1.00 KiB", "1.25 GiB"])
}

@Test("the progress line and the closing block")
func lines() {
    let progress = RunProgress(fraction: 0.421, time: 758, dt: 1.21, step: 700, tip: 1.23e-5, nanosecondsPerCellStep: 81.4, elapsed: 25.4)
    #expect(progress.line == " 42.1 %  t 758 s  dt 1.21 s  tip 12.3 um  81.4 ns/cell/step  ETA 0:00:35")
    let resumed = RunProgress(fraction: 0.75, startFraction: 0.5, time: 758, dt: 1.21, step: 700, tip: 0, nanosecondsPerCellStep: 81.4,
                              elapsed: 100)
    #expect(resumed.remaining == 100)
    let start = RunProgress(fraction: 0, time: 0, dt: 1, step: 0, tip: 0, nanosecondsPerCellStep: 0, elapsed: 0)
    #expect(start.line.hasSuffix("ETA -"))
    let block = ClosingBlock(state: .done, reason: "end time reached", steps: 1000, rejected: 3, time: 1800, elapsed: 40, planning: 1.5,
                             sections: [("transforms", 20), ("salt", 10), ("flow", 0)], cells: 40_000, peakMemory: 64 << 20,
                             folder: "Outputs/a")
    #expect(block.text == """
        done: end time reached
          1000 steps to t 1800 s, 3 rejected, in 0:00:40 (1000 ns/cell/step), planning 1.50 s apart
          transforms      20.00 s   50.0 %
          salt            10.00 s   25.0 %
          other           10.00 s   25.0 %
          peak memory 64.0 MiB
          results in Outputs/a
        """)
}

@Test("signals set flags and nothing else")
func signals() throws {
    // Handlers of this process: only signals that nothing else here uses.
    try SignalFlags.watch()
    defer { SignalFlags.forget(); for number in [SIGTERM, SIGINT, SIGUSR1, SIGUSR2] { signal(number, SIG_DFL) } }
    #expect(SignalFlags.stop == nil && !SignalFlags.takeCheckpointRequest())
    kill(getpid(), SIGUSR2)
    for _ in 0..<1000 where SignalFlags.stop == nil { usleep(1000); if SignalFlags.takeCheckpointRequest() { kill(getpid(), SIGUSR1) } }
    #expect(SignalFlags.stop == "SIGUSR1")
    #expect(!SignalFlags.takeCheckpointRequest())
    kill(getpid(), SIGTERM)
    for _ in 0..<1000 where SignalFlags.stop != "SIGTERM" { usleep(1000) }
    #expect(SignalFlags.stop == "SIGTERM")
    SignalFlags.forget()
    #expect(SignalFlags.stop == nil)
}

@Test("the machine answers")
func machine() {
    #expect(Machine.cores >= 1 && Machine.memory > 1 << 20 && !Machine.host.isEmpty && !Machine.processor.isEmpty)
    let block = (0..<8 << 20).map { Int64($0) }
    #expect(Machine.peakMemory >= 64 << 20 && block.last == (8 << 20) - 1)
    let clock = Machine.clock
    usleep(2000)
    #expect(Machine.clock - clock >= 0.002)
    #expect(Machine.utc.count == 20 && Machine.utc.hasSuffix("Z"))
}
