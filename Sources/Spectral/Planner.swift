import CFFTW
import Glibc
import Grids

/// How long FFTW may search for a fast plan. Wisdom of an earlier search is used in both cases.
public enum PlannerEffort: String, Sendable, CaseIterable {
    /// Times the alternatives: milliseconds to seconds per plan.
    case measure
    /// Guesses at once; the same plan every time.
    case estimate

    var flags: UInt32 {
        switch self {
        case .measure: UInt32(FFTW_MEASURE)
        case .estimate: UInt32(FFTW_ESTIMATE)
        }
    }
}

/// FFTW's planner is one for the process and not thread-safe: everything that plans goes through here, one at a time.
enum Planner {
    nonisolated(unsafe) private static let turn: UnsafeMutablePointer<pthread_mutex_t> = {
        let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        return mutex
    }()

    /// The pool that FFTW's loops run on, per calling thread: FFTW knows one callback for the process, a process has many devices.
    /// It is nil on the pool's own threads and inside a loop, where nested loops run serially.
    private static let currentPool: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        fftw_init_threads()
        fftwf_init_threads()
        fftw_threads_set_callback(runLoop, nil)
        fftwf_threads_set_callback(runLoop, nil)
        return key
    }()

    /// Runs `body` when no other thread plans.
    static func exclusively<R>(_ body: () -> R) -> R {
        _ = currentPool
        pthread_mutex_lock(turn)
        defer { pthread_mutex_unlock(turn) }
        return body()
    }

    /// Runs `body`, in which FFTW executes plans, with FFTW's loops on the pool.
    @inline(__always)
    static func on<R>(_ pool: ThreadPool, _ body: () -> R) -> R {
        pthread_setspecific(currentPool, Unmanaged.passUnretained(pool).toOpaque())
        defer { pthread_setspecific(currentPool, nil) }
        return body()
    }

    private static let runLoop: @convention(c) ((@convention(c) (UnsafeMutablePointer<CChar>?) -> UnsafeMutableRawPointer?)?,
                                                UnsafeMutablePointer<CChar>?, Int, Int32, UnsafeMutableRawPointer?) -> Void = {
        work, jobs, size, count, _ in
        guard let work, let jobs else { return }
        let count = Int(count), pool = pthread_getspecific(currentPool)
        guard let pool else {
            for job in 0..<count { _ = work(jobs + job * size) }
            return
        }
        pthread_setspecific(currentPool, nil)
        Unmanaged<ThreadPool>.fromOpaque(pool).takeUnretainedValue().run { part, parts in
            for job in stride(from: part, to: count, by: parts) { _ = work(jobs + job * size) }
        }
        pthread_setspecific(currentPool, pool)
    }
}

/// One FFTW plan, for any arrays aligned and laid out like those it was made with.
final class Plan<T: FFTReal>: @unchecked Sendable {
    private let operation: PlanOperation
    private let plan: OpaquePointer
    private let pool: ThreadPool

    /// Plans a transform; `.measure` overwrites the arrays. Returns nil when FFTW has no such transform.
    init?(_ operation: PlanOperation, axes: [PlanAxis], loops: [PlanAxis], input: UnsafeMutablePointer<T>,
          output: UnsafeMutablePointer<T>, pool: ThreadPool, threads: Int, effort: PlannerEffort) {
        let plan = Planner.exclusively {
            Planner.on(pool) { T.makePlan(operation, axes, loops, input, output, threads: threads, flags: effort.flags) }
        }
        guard let plan else { return nil }
        (self.operation, self.plan, self.pool) = (operation, plan, pool)
    }

    deinit { Planner.exclusively { T.destroyPlan(plan) } }

    func execute(_ input: UnsafeMutablePointer<T>, _ output: UnsafeMutablePointer<T>) {
        Planner.on(pool) { T.execute(operation, plan, input, output) }
    }
}
