import Glibc

/// What is read before and after.
enum Clock {
    /// Processor time of the calling thread: what one thread needs, also on a machine that others use.
    case thread
    /// Processor time of all threads.
    case process
    case wall

    var now: Double {
        var t = timespec()
        clock_gettime(self == .thread ? CLOCK_THREAD_CPUTIME_ID : self == .process ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t)
        return Double(t.tv_sec) + 1e-9 * Double(t.tv_nsec)
    }

    /// Seconds per call of `body`.
    func time(repeats: Int = 1, _ body: () throws -> Void) rethrows -> Double {
        let start = now
        for _ in 0..<repeats { try body() }
        return (now - start) / Double(repeats)
    }

    /// Calls that take about 20 ms together.
    func repeats(_ body: () -> Void) -> Int { max(1, Int(0.02 / max(time(body), 1e-7))) }
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted(), middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
}

/// Times of two things that were measured by turns, so that both see the same machine.
struct Comparison {
    /// Seconds per call, medians over the rounds.
    let subject: Double, reference: Double
    /// Median over the rounds of the ratio within the round.
    let ratio: Double

    /// For subjects that can be repeated at will: caches are warm for both.
    static func repeated(rounds: Int = 15, _ subject: () -> Void, against reference: () -> Void) -> Comparison {
        let clock = Clock.thread
        subject()
        reference()
        let n = clock.repeats(subject), m = clock.repeats(reference)
        return Comparison((0..<rounds).map { _ in
            reference()
            let b = clock.time(repeats: m, reference)
            subject()
            return (clock.time(repeats: n, subject), b)
        })
    }

    init(_ rounds: [(subject: Double, reference: Double)]) {
        subject = median(rounds.map(\.subject))
        reference = median(rounds.map(\.reference))
        ratio = median(rounds.map { $0.subject / $0.reference })
    }
}
