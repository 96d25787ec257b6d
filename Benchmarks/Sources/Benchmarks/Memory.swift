import CPlatform
import Electrodeposition
import Glibc
internal import Grids
import RunFiles

/// Peak resident memory that making and stepping a simulation adds to the process, planning included.
enum Memory {
    static func measure(_ name: String, cells: Int, dimensions: Int) throws -> Measurement {
        // What earlier cases gave back would be used again unseen.
        malloc_trim(0)
        // Writing 5 sets the peak back to what is resident now (proc(5)).
        guard let file = fopen("/proc/self/clear_refs", "w"), fputs("5", file) >= 0, fclose(file) == 0 else {
            throw WrongAnswer(description: "the peak of the resident memory cannot be reset here (/proc/self/clear_refs)")
        }
        let before = Machine.peakMemory
        let simulation = try Simulation<Double>(Steps.settings(cells: cells, dimensions: dimensions), on: Device())
        for _ in 0..<3 { try simulation.step(until: 1e9) }
        let bytes = Double(Machine.peakMemory - before) / Double(simulation.grid.cells)
        try Steps.verify(simulation)
        var m = Measurement(name)
        m.add("bytesPerCell", bytes)
        m.add("cells", simulation.grid.cells)
        return m
    }
}
