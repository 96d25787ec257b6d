@_exported public import Kernels

/// What the work runs on: a kernel set and a thread pool.
public final class Device: Sendable {
    public let instructionSet: InstructionSet
    public let kernels: any KernelSet.Type
    public let pool: ThreadPool

    public init(instructionSet: InstructionSet = .best, threads: Int = 1) {
        self.instructionSet = instructionSet
        kernels = instructionSet.kernels
        pool = ThreadPool(count: threads)
    }

    /// Runs `body` over all rows of a layout, split over the threads when there are enough cells to pay for waking them
    /// (about 10 us, 16 000 cells of a light stencil).
    public func forRows(_ layout: Layout, _ body: (Range<Int>) -> Void) { forLines(layout.rows, cells: layout.cells, body) }

    /// The same over another number of pieces of the work.
    public func forLines(_ count: Int, cells: Int, _ body: (Range<Int>) -> Void) {
        guard pool.count > 1, cells >= 16_384, count >= pool.count else { return body(0..<count) }
        pool.run { part, parts in body(ThreadPool.share(of: count, part: part, parts: parts)) }
    }
}

extension Device {
    /// z = a x + b y over all cells; with b = 0 y is not read.
    public func combine<T: Real>(_ z: Field<T>, _ a: T, _ x: Field<T>, _ b: T, _ y: Field<T>) {
        forRows(z.layout) { kernels.combine(z.cells, a, x.cells, b, y.cells, z.layout, $0) }
    }
}
