import AllocationCount
import Electrodeposition
import Grids
import Synchronization
import Testing

/// An accepted step takes nothing from the heap.
@Suite("Allocations", .serialized)
struct AllocationTests {
    static func allocations(_ s: SimulationSettings, threads: Int) throws -> Int {
        let device = Device(threads: threads), sim = try Simulation<Double>(s, on: device, effort: .estimate)
        for _ in 0..<12 { try sim.step(until: 1e9) }
        let steps = sim.steps, rejected = sim.rejected
        watch(device, true)
        allocation_count_reset()
        for _ in 0..<5 { try sim.step(until: 1e9) }
        let count = allocation_count()
        watch(device, false)
        #expect(sim.steps == steps + 5 && sim.rejected == rejected)
        return count
    }

    /// Counting is per thread, since other tests run at the same time: every thread of the pool turns it on, having waited for all the others.
    static func watch(_ device: Device, _ on: Bool) {
        let arrived = Atomic<Int>(0)
        guard device.pool.count > 1 else { return allocation_count_watch(on) }
        device.pool.run { part, _ in
            guard part < device.pool.count else { return }
            allocation_count_watch(on)
            arrived.wrappingAdd(1, ordering: .acquiringAndReleasing)
            while arrived.load(ordering: .acquiring) < device.pool.count { allocation_count_pause() }
        }
    }

    @Test("the count sees an allocation")
    func control() {
        allocation_count_watch(true)
        allocation_count_reset()
        let field = Field<Double>(Grid(nx: 8, ny: 8, spacing: 1))
        let seen = allocation_count()
        allocation_count_watch(false)
        #expect(seen > 0 && field[0, 0] == 0)
    }

    @Test("none in an accepted step", arguments: [1, 2], RestartTests.options.map(\.0))
    func none(_ threads: Int, _ name: String) throws {
        var s = Balances.busy(.lithium, .galvanostatic, nx: threads > 1 ? 160 : 16, ny: threads > 1 ? 110 : 40)
        RestartTests.options.first { $0.0 == name }!.1(&s)
        // Where a coating gives way the concentration jumps; the step that is then rejected throws its reason, which takes memory.
        if name == "coating" { s.time.concentrationTolerance = 0.1 }
        if s.control.mode == .protocol { s.control.steps = [ControlTests.step(.plate, current: 300, duration: 1e6)] }
        let count = try Self.allocations(s, threads: threads)
        #expect(count == 0, "\(count) allocations in 5 steps")
    }

    @Test(
        "none in space, without and with stress, magnetic field and flow",
        arguments: [nil, "mechanics", "plastic metal in a liquid", "variational mechanics", "flow"])
    func solid(_ name: String?) throws {
        var s = Balances.busy(.lithium, .galvanostatic, nx: 10, ny: 30, nz: 8)
        if let name { RestartTests.options.first { $0.0 == name }!.1(&s) }
        let count = try Self.allocations(s, threads: 1)
        #expect(count == 0, "\(count) allocations in 5 steps")
    }
}
