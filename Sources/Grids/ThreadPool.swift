import CPlatform
import Glibc
import Synchronization

/// Persistent threads that share out the chunks of one piece of work, the caller among them.
///
/// A worker spins for some microseconds after each piece, then sleeps: the loops of a time step follow each other quickly, and waking a thread
/// costs as much as 10 000 cells of a stencil. Chunks are taken, not assigned: where other programs hold a worker's core, the caller does its share (fixed
/// halves were 100 times slower on a busy machine). Running a piece allocates nothing.
public final class ThreadPool: Sendable {
    public let count: Int
    private let shared: Shared
    private let threads: [pthread_t]

    /// - Parameter count: threads in all, the caller's included; at least 1.
    public init(count: Int) {
        let count = max(1, count), shared = Shared()
        self.count = count
        self.shared = shared
        threads = (1..<max(1, count)).map { _ in
            var thread = pthread_t()
            pthread_create(&thread, nil, { raw in
                Unmanaged<Shared>.fromOpaque(raw!).takeRetainedValue().work()
                return nil
            }, Unmanaged.passRetained(shared).toOpaque())
            return thread
        }
    }

    deinit {
        shared.announce { shared.stopping.store(true, ordering: .releasing) }
        for thread in threads { pthread_join(thread, nil) }
    }

    /// Runs `body(part, parts)` for every part and returns when all are done; two parts per thread, so that a late thread costs little. Not
    /// reentrant: a body may not call `run`.
    public func run(_ body: (_ part: Int, _ parts: Int) -> Void) {
        guard count > 1 else { return body(0, 1) }
        let parts = 2 * count
        (shared.function, shared.context) = words(of: body)
        shared.done.store(0, ordering: .relaxed)
        let ticket = Ticket(generation: shared.ticket.load(ordering: .relaxed), parts: parts)
        shared.announce { shared.ticket.store(ticket.word, ordering: .releasing) }
        shared.takeParts()
        var spins = 0
        while shared.done.load(ordering: .acquiring) != parts { pause(&spins) }
    }

    /// The rows of one part when `rows` rows are split evenly.
    public static func share(of rows: Int, part: Int, parts: Int) -> Range<Int> {
        rows * part / parts ..< rows * (part + 1) / parts
    }

    /// The state of a piece of work in one word, so that taking a part is one atomic addition: generation, number of parts, next part.
    private struct Ticket {
        let word: UInt64
        init(word: UInt64) { self.word = word }
        init(generation last: UInt64, parts: Int) { word = ((last >> 32) &+ 1) << 32 | UInt64(parts) << 16 }
        var parts: Int { Int(word >> 16 & 0xffff) }
        var next: Int { Int(word & 0xffff) }
    }

    /// What the caller and the workers share; it outlives the pool until the last worker has left.
    private final class Shared: @unchecked Sendable {
        let ticket = Atomic<UInt64>(0)
        let done = Atomic<Int>(0)
        let stopping = Atomic<Bool>(false)
        let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        /// The closure of the piece that runs, as its two words.
        var function: UnsafeRawPointer?, context: UnsafeRawPointer?

        init() {
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(wake, nil)
        }

        deinit {
            pthread_cond_destroy(wake)
            pthread_mutex_destroy(mutex)
            wake.deallocate()
            mutex.deallocate()
        }

        func announce(_ change: () -> Void) {
            pthread_mutex_lock(mutex)
            change()
            pthread_cond_broadcast(wake)
            pthread_mutex_unlock(mutex)
        }

        /// Runs parts while there are any. A part that was taken belongs to the piece named by its ticket, which cannot end before it is done.
        func takeParts() {
            while true {
                // Looking first keeps idle threads from counting past the field of the next part.
                let seen = Ticket(word: ticket.load(ordering: .acquiring))
                guard seen.next < seen.parts else { return }
                let mine = Ticket(word: ticket.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue)
                guard mine.next < mine.parts else { return }
                pf_closure_call(function, context, mine.next, mine.parts)
                done.wrappingAdd(1, ordering: .acquiringAndReleasing)
            }
        }

        func work() {
            while !stopping.load(ordering: .acquiring) {
                let seen = ticket.load(ordering: .acquiring)
                takeParts()
                var spins = 0
                while !hasNews(seen) && spins < 4000 { pf_pause(); spins += 1 }
                guard !hasNews(seen) else { continue }
                pthread_mutex_lock(mutex)
                while !hasNews(seen) { pthread_cond_wait(wake, mutex) }
                pthread_mutex_unlock(mutex)
            }
        }

        private func hasNews(_ seen: UInt64) -> Bool {
            ticket.load(ordering: .acquiring) >> 32 != seen >> 32 || stopping.load(ordering: .acquiring)
        }
    }

    /// Waits a moment: a short spin, then the core goes to whoever needs it.
    private func pause(_ spins: inout Int) {
        spins += 1
        if spins < 1000 { pf_pause() } else { sched_yield() }
    }
}

/// The two words (code, captured variables) of a closure that lives on the caller's stack. Swift stores a closure for other threads only
/// after copying its captures to the heap, at every call; here the caller waits for the workers, so its stack is safe to share.
@_silgen_name("pf_closure_words")
private func words(of body: (Int, Int) -> Void) -> (UnsafeRawPointer?, UnsafeRawPointer?)
