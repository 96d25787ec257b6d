import Glibc
import Grids

/// An HDF5 file in which the change of any byte is seen before the HDF5 library, which may crash on damaged files, gets hold of it.
///
/// The first 512 bytes, an HDF5 user block, are the seal: one line of text, then spaces, then a line feed.
///
///     dendrite KIND 1 LENGTH DIGEST
///
/// LENGTH is the size of the file in bytes and DIGEST the SHA-256 of the concatenated SHA-256 digests (32 bytes each) of the pieces
/// of 1 MiB that follow the seal, the last one shorter: pieces are hashed in parallel. A reader rebuilds the seal from the rest of the
/// file and compares all of its bytes.
enum SealedFile {
    enum Kind: String { case checkpoint, snapshot }

    private static let size = 512, version = 1, piece = 1 << 20

    /// Writes a file under a temporary name, complete and on the disk; the caller renames it to `path`.
    /// - Returns: the temporary name; when anything fails there is no such file.
    static func write(_ path: String, _ kind: Kind, pool: ThreadPool?,
                      _ body: (HDF5File) throws(RunFileError) -> Void) throws(RunFileError) -> String {
        let temporary = path + DiskFile.temporarySuffix
        do throws(RunFileError) {
            let file = try HDF5File.create(temporary, userBlock: size)
            try body(file)
            try file.close()
            let descriptor = open(temporary, O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { throw .system(errno, "write", path) }
            defer { close(descriptor) }
            let seal = try seal(of: descriptor, kind, path, pool)
            guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .system(errno, "write", path) }
            try DiskFile.write(seal, to: descriptor, path: path)
            guard fsync(descriptor) == 0 else { throw .system(errno, "write", path) }
        } catch {
            unlink(temporary)
            throw RunFileError(error.kind, error.message.replacing(temporary, with: path))
        }
        return temporary
    }

    /// Checks every byte of a file, then opens it.
    static func read(_ path: String, _ kind: Kind, pool: ThreadPool?) throws(RunFileError) -> HDF5File {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system(errno, "read", path) }
        defer { close(file) }
        var head = [UInt8](repeating: 0, count: size)
        let n = pread(file, &head, size, 0)
        guard n >= 0 else { throw .system(errno, "read", path) }
        let words = String(decoding: head, as: UTF8.self).split(separator: " ")
        guard n == size, words.count > 2, words[0] == "dendrite", words[1] == kind.rawValue else {
            throw RunFileError(.damaged, "\(path) is damaged or not a \(kind) of this program")
        }
        guard words[2] == "\(version)" else {
            throw RunFileError(.otherFormat, "\(path) has \(kind) format \(words[2].prefix(20)); this program reads format \(version)")
        }
        guard try head == seal(of: file, kind, path, pool) else {
            throw RunFileError(.damaged, "\(path) is damaged: its content does not match its checksum")
        }
        return try HDF5File.open(path)
    }

    private static func seal(of file: Int32, _ kind: Kind, _ path: String, _ pool: ThreadPool?) throws(RunFileError) -> [UInt8] {
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
        let line = Array("dendrite \(kind) \(version) \(length + size) \(digest) ".utf8)
        return line + [UInt8](repeating: 0x20, count: size - 1 - line.count) + [0x0a]
    }

    private static func readFully(_ file: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int, at start: Int,
                                  _ failure: inout Int32) -> Bool {
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
