import CFFTW
import Glibc

/// What FFTW's planner has learnt in this process, both precisions, kept in one text file: the Double part, the Float part, and a line with the checksum
/// of both, for FFTW ends the program at some kinds of damage instead of refusing them.
///
/// A run that reads the file a former run wrote uses the same plans, and so gives the same bits, without searching again.
public enum Wisdom {
    /// Version of the library, as in "fftw-3.3.10-sse2-avx".
    public static var libraryVersion: String { String(cString: pf_fftw_version()) }

    /// Adds the wisdom in a file to what the process knows.
    /// - Throws: `SpectralError.unreadableWisdom` when the file cannot be read or is damaged or not wisdom of this FFTW version.
    public static func read(from path: String) throws {
        guard let file = fopen(path, "r") else {
            throw SpectralError.unreadableWisdom(path: path, reason: String(cString: strerror(errno)))
        }
        defer { fclose(file) }
        var bytes: [UInt8] = [], block = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
        if let (body, checksum) = sealed(bytes), checksum != fingerprint(body) {
            throw SpectralError.unreadableWisdom(path: path, reason: "it is damaged")
        }
        let parts = sections(String(decoding: bytes, as: UTF8.self))
        guard !parts.isEmpty else { throw SpectralError.unreadableWisdom(path: path, reason: "it holds no wisdom") }
        for part in parts {
            let accepted = Planner.exclusively { part.contains("fftwf_wisdom") ? Float.importWisdom(part) : Double.importWisdom(part) }
            guard accepted else { throw SpectralError.unreadableWisdom(path: path, reason: "it was written by another FFTW version") }
        }
    }

    /// Writes all wisdom of the process to a file, replacing it in one step.
    public static func write(to path: String) throws {
        let text = Planner.exclusively { (Double.exportWisdom() ?? "") + (Float.exportWisdom() ?? "") }
        let sealed = text + "\n" + seal + fingerprint(Array((text + "\n").utf8)[...]) + "\n", temporary = path + ".tmp"
        func failure() -> SpectralError {
            let isFull = errno == ENOSPC || errno == EDQUOT
            return .unwritableWisdom(
                path: path, reason: isFull ? "the disk is full; free some space and run again with --resume" : String(cString: strerror(errno)))
        }
        guard let file = fopen(temporary, "w") else { throw failure() }
        let written = fputs(sealed, file) >= 0
        // On the disk before it has its name: after a power failure the file is the old one or the new one.
        let isSafe = fflush(file) == 0 && fsync(fileno(file)) == 0
        guard fclose(file) == 0, written, isSafe, rename(temporary, path) == 0 else {
            let error = failure()
            unlink(temporary)
            throw error
        }
    }

    /// Forgets all wisdom of the process.
    public static func forget() {
        Planner.exclusively {
            Double.forgetWisdom()
            Float.forgetWisdom()
        }
    }

    private static var seal: String { "checksum " }

    /// What stands before the last line, and the checksum in that line; nil without one.
    private static func sealed(_ bytes: [UInt8]) -> (body: ArraySlice<UInt8>, checksum: String)? {
        let newline = UInt8(ascii: "\n")
        guard bytes.last == newline, let end = bytes.dropLast().lastIndex(of: newline) else { return nil }
        let line = String(decoding: bytes[(end + 1)...].dropLast(), as: UTF8.self)
        return line.hasPrefix(seal) ? (bytes[...end], String(line.dropFirst(seal.count))) : nil
    }

    /// 64-bit FNV-1a.
    private static func fingerprint(_ bytes: ArraySlice<UInt8>) -> String {
        String(bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    }

    /// The top-level lists of the text, each the wisdom of one precision.
    private static func sections(_ text: String) -> [String] {
        var parts: [String] = [], depth = 0, part = ""
        for character in text {
            if character == "(" { depth += 1 }
            if depth > 0 { part.append(character) }
            if character == ")" {
                depth -= 1
                if depth == 0 { parts.append(part); part = "" }
            }
        }
        return parts
    }
}
