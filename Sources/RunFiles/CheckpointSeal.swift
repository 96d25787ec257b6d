import Glibc
import Grids

/// The first 512 bytes of a checkpoint, an HDF5 user block: one line of text, then spaces, then a line feed.
///
///     dendrite checkpoint 1 LENGTH DIGEST
///
/// LENGTH is the size of the file in bytes and DIGEST the SHA-256 of the concatenated SHA-256 digests (32 bytes each) of the pieces
/// of 1 MiB that follow the seal, the last one shorter: pieces are hashed in parallel. A reader rebuilds the seal from the rest of the
/// file and compares all of its bytes, so a change of any byte of the file is seen.
enum CheckpointSeal {
    static let size = 512
    private static let title = "dendrite checkpoint", version = 1, piece = 1 << 20

    /// Seals a finished file.
    static func close(_ path: String, pool: ThreadPool?) throws(RunFileError) {
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { throw .system(errno, "write", path) }
        defer { Glibc.close(file) }
        let seal = try seal(of: file, path, pool)
        guard lseek(file, 0, SEEK_SET) == 0 else { throw .system(errno, "write", path) }
        try DiskFile.write(seal, to: file, path: path)
    }

    static func check(_ path: String, pool: ThreadPool?) throws(RunFileError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system(errno, "read", path) }
        defer { Glibc.close(file) }
        var head = [UInt8](repeating: 0, count: size)
        let n = pread(file, &head, size, 0)
        guard n >= 0 else { throw .system(errno, "read", path) }
        let words = String(decoding: head, as: UTF8.self).split(separator: " ")
        guard n == size, words.count > 2, words[0] + " " + words[1] == title else {
            throw RunFileError(.damaged, "\(path) is damaged or not a checkpoint of this program")
        }
        guard words[2] == "\(version)" else {
            throw RunFileError(.otherFormat, "\(path) has checkpoint format \(words[2].prefix(20)); this program reads format \(version)")
        }
        guard try head == seal(of: file, path, pool) else {
            throw RunFileError(.damaged, "\(path) is damaged: its content does not match its checksum")
        }
    }

    private static func seal(of file: Int32, _ path: String, _ pool: ThreadPool?) throws(RunFileError) -> [UInt8] {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .system(errno, "read", path) }
        let length = max(0, Int(status.st_size) - size), pieces = (length + piece - 1) / piece
        let digests = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, 32 * pieces))
        defer { digests.deallocate() }
        let failures = UnsafeMutablePointer<Int32>.allocate(capacity: pool?.count ?? 1)
        failures.initialize(repeating: 0, count: pool?.count ?? 1)
        defer { failures.deallocate() }
        let work = { (part: Int, parts: Int) in
            let buffer = UnsafeMutableRawPointer.allocate(byteCount: piece, alignment: 64)
            defer { buffer.deallocate() }
            for number in ThreadPool.share(of: pieces, part: part, parts: parts) {
                let count = min(piece, length - number * piece)
                guard readFully(file, buffer, count, at: size + number * piece, &failures[part]) else { return }
                var hash = SHA256()
                hash.update(UnsafeRawBufferPointer(start: buffer, count: count))
                for (i, byte) in hash.finish().enumerated() { digests[32 * number + i] = byte }
            }
        }
        if let pool { pool.run(work) } else { work(0, 1) }
        for part in 0..<(pool?.count ?? 1) where failures[part] != 0 { throw .system(failures[part], "read", path) }
        let digest = SHA256.hexadecimal(of: Array(UnsafeBufferPointer(start: digests, count: 32 * pieces)))
        let line = Array("\(title) \(version) \(length + size) \(digest) ".utf8)
        return line + [UInt8](repeating: 0x20, count: size - 1 - line.count) + [0x0a]
    }

    private static func readFully(_ file: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int, at start: Int, _ failure: inout Int32) -> Bool {
        var done = 0
        while done < count {
            let n = pread(file, buffer + done, count - done, off_t(start + done))
            if n < 0 && errno == EINTR { continue }
            if n <= 0 { failure = n < 0 ? errno : EIO; return false }
            done += n
        }
        return true
    }
}
