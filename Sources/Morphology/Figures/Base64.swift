/// RFC 4648, with padding: pictures inside SVG and HTML files.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var out = [UInt8]()
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        for n in stride(from: 0, to: bytes.count, by: 3) {
            let b = (0..<3).map { n + $0 < bytes.count ? Int(bytes[n + $0]) : 0 }
            let word = b[0] << 16 | b[1] << 8 | b[2]
            for k in 0..<4 { out.append(n + k <= bytes.count ? letters[word >> (18 - 6 * k) & 63] : UInt8(ascii: "=")) }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
