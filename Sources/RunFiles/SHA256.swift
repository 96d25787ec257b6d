/// SHA-256 (FIPS 180-4), for telling files apart and seeing damage.
public struct SHA256 {
    private var state = SHA256.initial
    private var pending: [UInt8] = []
    private var length = 0

    public init() { pending.reserveCapacity(64) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        length += bytes.count
        var bytes = bytes[...]
        if !pending.isEmpty {
            let head = bytes.prefix(64 - pending.count)
            pending.append(contentsOf: head)
            bytes = bytes.dropFirst(head.count)
            guard pending.count == 64 else { return }
            pending.withUnsafeBytes { compress($0.baseAddress!, blocks: 1) }
            pending.removeAll(keepingCapacity: true)
        }
        let whole = UnsafeRawBufferPointer(rebasing: bytes)
        let blocks = whole.count / 64
        if blocks > 0 { compress(whole.baseAddress!, blocks: blocks) }
        pending.append(contentsOf: whole[(64 * blocks)...])
    }

    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// The 32 bytes of the digest; the value must not be used further.
    public mutating func finish() -> [UInt8] {
        let bits = UInt64(length) << 3
        update([0x80] + [UInt8](repeating: 0, count: (119 - length % 64) % 64))
        update((0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) })
        return withUnsafeBytes(of: state) { words in
            (0..<32).map { words[$0 / 4 * 4 + 3 - $0 % 4] }
        }
    }

    /// Digest in lower-case hexadecimal.
    public static func hexadecimal(of bytes: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hexadecimal(hash.finish())
    }

    static func hexadecimal(_ digest: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    // MARK: - Compression function

    private typealias State = (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)

    private static let initial: State = (0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19)

    private static let constants: [UInt32] = [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ]

    private mutating func compress(_ data: UnsafeRawPointer, blocks: Int) {
        SHA256.constants.withUnsafeBufferPointer { constants in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 16) { schedule in
                state = SHA256.compress(state, data, blocks, constants.baseAddress!, schedule.baseAddress!)
            }
        }
    }

    @inline(__always)
    private static func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { (x &>> n) | (x &<< (32 &- n)) }

    /// Sixteen words of the message schedule at a time, eight rounds unrolled so that the working variables change roles, not places.
    private static func compress(_ start: State, _ data: UnsafeRawPointer, _ blocks: Int,
                                 _ constant: UnsafePointer<UInt32>, _ w: UnsafeMutablePointer<UInt32>) -> State {
        var s = start, p = data
        for _ in 0..<blocks {
            var (a, b, c, d, e, f, g, h) = s

            @inline(__always)
            func round(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
                       _ h: inout UInt32, _ x: UInt32) {
                let t = h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ (g ^ (e & (f ^ g))) &+ x
                d = d &+ t
                h = t &+ (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ ((a & b) | (c & (a | b)))
            }

            @inline(__always)
            func eight(_ k: UnsafePointer<UInt32>, _ w: UnsafeMutablePointer<UInt32>) {
                round(a, b, c, &d, e, f, g, &h, k[0] &+ w[0]); round(h, a, b, &c, d, e, f, &g, k[1] &+ w[1])
                round(g, h, a, &b, c, d, e, &f, k[2] &+ w[2]); round(f, g, h, &a, b, c, d, &e, k[3] &+ w[3])
                round(e, f, g, &h, a, b, c, &d, k[4] &+ w[4]); round(d, e, f, &g, h, a, b, &c, k[5] &+ w[5])
                round(c, d, e, &f, g, h, a, &b, k[6] &+ w[6]); round(b, c, d, &e, f, g, h, &a, k[7] &+ w[7])
            }

            for i in 0..<16 { w[i] = UInt32(bigEndian: (p + 4 &* i).loadUnaligned(as: UInt32.self)) }
            eight(constant, w)
            eight(constant + 8, w + 8)
            var k = 16
            while k < 64 {
                for i in 0..<16 {
                    let u = w[(i &+ 1) & 15], v = w[(i &+ 14) & 15]
                    w[i] = w[i] &+ (rotate(u, 7) ^ rotate(u, 18) ^ (u &>> 3)) &+ w[(i &+ 9) & 15]
                        &+ (rotate(v, 17) ^ rotate(v, 19) ^ (v &>> 10))
                }
                eight(constant + k, w)
                eight(constant + k + 8, w + 8)
                k &+= 16
            }
            s = (s.0 &+ a, s.1 &+ b, s.2 &+ c, s.3 &+ d, s.4 &+ e, s.5 &+ f, s.6 &+ g, s.7 &+ h)
            p += 64
        }
        return s
    }
}
