import CPlatform

/// Writes PNG files (W3C Recommendation, second edition): 8-bit RGBA or, when every pixel is opaque, RGB.
public enum PNG {
    /// - Parameter pixelsPerInch: stored in the file, so that printed figures have the size they were designed for.
    public static func encode(_ raster: Raster, pixelsPerInch: Double = 192) -> [UInt8] {
        var out: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let opaque = stride(from: 3, to: raster.bytes.count, by: 4).allSatisfy { raster.bytes[$0] == 255 }
        chunk("IHDR", bigEndian(raster.width) + bigEndian(raster.height) + [8, opaque ? 2 : 6, 0, 0, 0], to: &out)
        chunk("sRGB", [0], to: &out)
        let perMetre = bigEndian(Int((pixelsPerInch / 0.0254).rounded()))
        chunk("pHYs", perMetre + perMetre + [1], to: &out)
        chunk("IDAT", compress(filtered(raster, channels: opaque ? 3 : 4)), to: &out)
        chunk("IEND", [], to: &out)
        return out
    }

    /// Each row with the one of the five predictors that leaves the smallest differences.
    private static func filtered(_ raster: Raster, channels: Int) -> [UInt8] {
        let row = raster.width * channels
        var out = [UInt8](), above = [UInt8](repeating: 0, count: row), line = above, trial = above, best = above
        out.reserveCapacity((row + 1) * raster.height)
        for y in 0..<raster.height {
            for x in 0..<raster.width {
                for c in 0..<channels { line[x * channels + c] = raster.bytes[4 * (y * raster.width + x) + c] }
            }
            var bestCost = Int.max, bestKind = 0
            for kind in 0..<5 {
                var cost = 0
                for i in 0..<row {
                    let left = i < channels ? 0 : Int(line[i - channels]), up = Int(above[i])
                    let corner = i < channels ? 0 : Int(above[i - channels])
                    let guess: Int =
                        switch kind {
                        case 0: 0
                        case 1: left
                        case 2: up
                        case 3: (left + up) / 2
                        default: paeth(left, up, corner)
                        }
                    let difference = UInt8(truncatingIfNeeded: Int(line[i]) - guess)
                    trial[i] = difference
                    cost += abs(Int(Int8(bitPattern: difference)))
                }
                if cost < bestCost { (bestCost, bestKind) = (cost, kind); swap(&best, &trial) }
            }
            out.append(UInt8(bestKind))
            out.append(contentsOf: best)
            swap(&above, &line)
        }
        return out
    }

    private static func paeth(_ a: Int, _ b: Int, _ c: Int) -> Int {
        let p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c)
        return pa <= pb && pa <= pc ? a : (pb <= pc ? b : c)
    }

    private static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        var out = [UInt8](repeating: 0, count: Int(length))
        let status = compress2(&out, &length, bytes, uLong(bytes.count), 6)
        precondition(status == Z_OK, "zlib needs no more than compressBound bytes")
        return Array(out[..<Int(length)])
    }

    private static func chunk(_ kind: String, _ body: [UInt8], to out: inout [UInt8]) {
        let tagged = Array(kind.utf8) + body
        out += bigEndian(body.count) + tagged
        out += bigEndian(Int(crc32(0, tagged, uInt(tagged.count))))
    }

    private static func bigEndian(_ n: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: n >> $0) }
    }
}
