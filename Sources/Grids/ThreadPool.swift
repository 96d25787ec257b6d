import CPlatform
import Glibc
import Synchronization

/// Persistent threads that run one piece of work in parts, the caller taking part 0.
///
/// A worker spins for a few microseconds after each piece, then sleeps: the loops of a time step follow each other quickly, and
/// waking a thread costs as much as 10 000 cells of a stencil. Running a piece allocates nothing.
public final class ThreadPool: Sendable {
    public let count: Int
    private let shared: Shared
    private let threads: [pthread_t]

    /// - Parameter count: threads in all, the caller's included; at least 1.
    public init(count: Int) {
        let count = max(1, count), shared = Shared(parts: count)
        self.count = count
        self.shared = shared
        threads = (1..<max(1, count)).map { part in
            let worker = Unmanaged.passRetained(Worker(shared: shared, part: part))
            var thread = pthread_t()
            pthread_create(&thread, nil, { raw in
                Unmanaged<Worker>.fromOpaque(raw!).takeRetainedValue().loop()
                return nil
            }, worker.toOpaque())
            return thread
        }
    }

    deinit {
        shared.announce { shared.stopping.store(true, ordering: .releasing) }
        for thread in threads { pthread_join(thread, nil) }
    }

    /// Runs `body(part, count)` for every part and returns when all are done. Not reentrant: a body may not call `run`.
    public func run(_ body: (_ part: Int, _ parts: Int) -> Void) {
        guard count > 1 else { return body(0, 1) }
        (shared.function, shared.context) = words(of: body)
        shared.remaining.store(count - 1, ordering: .relaxed)
        shared.announce { shared.generation.wrappingAdd(1, ordering: .releasing) }
        body(0, count)
        while shared.remaining.load(ordering: .acquiring) != 0 { pf_pause() }
    }

    /// The rows of one part when `rows` rows are split evenly.
    public static func share(of rows: Int, part: Int, parts: Int) -> Range<Int> {
        rows * part / parts ..< rows * (part + 1) / parts
    }

    /// What the caller and the workers share; it outlives the pool until the last worker has left.
    private final class Shared: @unchecked Sendable {
        let parts: Int
        let generation = Atomic<Int>(0)
        let remaining = Atomic<Int>(0)
        let stopping = Atomic<Bool>(false)
        let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        /// The closure of the piece that runs, as its two words.
        var function: UnsafeRawPointer?, context: UnsafeRawPointer?

        init(parts: Int) {
            self.parts = parts
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
    }

    private final class Worker {
        let shared: Shared
        let part: Int
        init(shared: Shared, part: Int) { (self.shared, self.part) = (shared, part) }

        func loop() {
            var seen = 0
            while true {
                var spins = 0
                while shared.generation.load(ordering: .acquiring) == seen && spins < 20_000 { pf_pause(); spins += 1 }
                if shared.generation.load(ordering: .acquiring) == seen {
                    pthread_mutex_lock(shared.mutex)
                    while shared.generation.load(ordering: .acquiring) == seen && !shared.stopping.load(ordering: .acquiring) {
                        pthread_cond_wait(shared.wake, shared.mutex)
                    }
                    pthread_mutex_unlock(shared.mutex)
                }
                if shared.stopping.load(ordering: .acquiring) { return }
                seen &+= 1
                pf_closure_call(shared.function, shared.context, part, shared.parts)
                shared.remaining.wrappingSubtract(1, ordering: .acquiringAndReleasing)
            }
        }
    }
}

/// The two words (code, captured variables) of a closure that lives on the caller's stack. Swift stores a closure for other threads only
/// after copying its captures to the heap, at every call; here the caller waits for the workers, so its stack is safe to share.
@_silgen_name("pf_closure_words")
private func words(of body: (Int, Int) -> Void) -> (UnsafeRawPointer?, UnsafeRawPointer?)
