import Glibc

/// Counter-based random numbers (Philox 4x32-10; Salmon, Moraes, Dror, Shaw, SC11, 2011): a number depends on
/// (seed, purpose, index, lane) and on nothing else, so a draw is the same for any grid, step or number of threads.
public struct RandomStream: Sendable {
    private let key: (UInt32, UInt32)

    /// - Parameters:
    ///   - seed: the run's seed.
    ///   - purpose: what the numbers are for, e.g. "exchange current map"; streams of different purposes are independent.
    public init(seed: UInt64, purpose: String) {
        // FNV-1a of the purpose, mixed with the seed by the finaliser of splitmix64.
        var h: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in purpose.utf8 { h = (h ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var z = h ^ (seed &* 0x9e37_79b9_7f4a_7c15)
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        z ^= z >> 31
        key = (UInt32(truncatingIfNeeded: z), UInt32(truncatingIfNeeded: z >> 32))
    }

    /// 128 random bits for a pair of counters.
    public func bits(_ index: UInt64, _ lane: UInt64 = 0) -> Word {
        RandomStream.philox(counter: (UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
                                      UInt32(truncatingIfNeeded: lane), UInt32(truncatingIfNeeded: lane >> 32)), key: key)
    }

    public typealias Word = (UInt32, UInt32, UInt32, UInt32)

    /// Ten rounds of Philox 4x32.
    public static func philox(counter: Word, key: (UInt32, UInt32)) -> Word {
        var c = counter, k = key
        for _ in 0..<10 {
            let a = UInt64(c.0) &* 0xD251_1F53, b = UInt64(c.2) &* 0xCD9E_8D57
            c = (UInt32(truncatingIfNeeded: b >> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: b),
                 UInt32(truncatingIfNeeded: a >> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: a))
            k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
        }
        return c
    }

    /// Uniform on (0, 1), 53 bits, never 0 or 1.
    public func uniform(_ index: UInt64, _ lane: UInt64 = 0) -> Double {
        let b = bits(index, lane)
        return RandomStream.unit(b.0, b.1)
    }

    /// Two independent standard normal numbers (Box-Muller).
    public func normalPair(_ index: UInt64, _ lane: UInt64 = 0) -> (Double, Double) {
        let b = bits(index, lane)
        let radius = sqrt(-2 * log(RandomStream.unit(b.0, b.1))), angle = 2 * Double.pi * RandomStream.unit(b.2, b.3)
        return (radius * cos(angle), radius * sin(angle))
    }

    private static func unit(_ high: UInt32, _ low: UInt32) -> Double {
        (Double((UInt64(high) << 32 | UInt64(low)) >> 11) + 0.5) * 0x1p-53
    }
}
