import Glibc

/// Files that survive: whoever reads one while it is replaced, or after the power failed, sees the old or the new content, never a
/// part of it.
public enum DiskFile {
    /// Suffix of files that are being written; leftovers of a killed run carry it.
    public static let temporarySuffix = ".tmp"

    /// Creates or replaces a file: temporary name, write, fsync, rename, fsync of the folder. On an error the old file stays.
    public static func replace(_ path: String, with bytes: [UInt8]) throws(RunFileError) {
        let temporary = path + temporarySuffix
        let file = Glibc.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw .system(errno, "write", path) }
        do throws(RunFileError) {
            defer { close(file) }
            try write(bytes, to: file, path: path)
        } catch {
            unlink(temporary)
            throw error
        }
        try commit(temporary, as: path)
    }

    public static func replace(_ path: String, with text: String) throws(RunFileError) {
        try replace(path, with: Array(text.utf8))
    }

    /// Makes a finished temporary file durable under its final name; removes it when that fails.
    public static func commit(_ temporary: String, as path: String) throws(RunFileError) {
        do throws(RunFileError) {
            try synchronise(temporary, reportedAs: path)
            guard rename(temporary, path) == 0 else { throw .system(errno, "replace", path) }
        } catch {
            unlink(temporary)
            throw error
        }
        try synchroniseFolder(of: path)
    }

    /// All bytes of a file.
    public static func read(_ path: String) throws(RunFileError) -> [UInt8] {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system(errno, "read", path) }
        defer { close(file) }
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let n = Glibc.read(file, &buffer, buffer.count)
            if n < 0 && errno == EINTR { continue }
            guard n >= 0 else { throw .system(errno, "read", path) }
            if n == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<n])
        }
    }

    /// A text file; bytes that are not UTF-8 become replacement characters.
    public static func text(_ path: String) throws(RunFileError) -> String { String(decoding: try read(path), as: UTF8.self) }

    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Bytes of a file, nil when there is none.
    public static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Names in a folder, sorted; empty when there is no such folder.
    public static func names(in folder: String) throws(RunFileError) -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw .system(errno, "list", folder)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(cString: $0.bindMemory(to: CChar.self).baseAddress!) }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes a folder and those above it; one that is already there is fine.
    public static func makeFolder(_ path: String) throws(RunFileError) {
        if mkdir(path, 0o777) == 0 { return try synchroniseFolder(of: path) }
        let reason = errno
        var status = stat()
        if reason == EEXIST, stat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { return }
            throw RunFileError(.notWritable, "cannot make the folder \(path): a file of that name is in the way")
        }
        let parent = folder(of: path)
        guard reason == ENOENT, parent != path, !path.isEmpty else { throw .system(reason, "make the folder", path) }
        try makeFolder(parent)
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .system(errno, "make the folder", path) }
        try synchroniseFolder(of: path)
    }

    /// Removes a file; one that is not there is fine.
    public static func remove(_ path: String) throws(RunFileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw .system(errno, "remove", path) }
    }

    /// Bytes that an ordinary user may still write to the disk that holds `path` or, when that does not exist yet, the nearest
    /// folder above it.
    public static func freeSpace(at path: String) throws(RunFileError) -> Int {
        var status = statvfs(), place = path.isEmpty ? "." : path
        while statvfs(place, &status) != 0 {
            let above = folder(of: place)
            guard errno == ENOENT, above != place else { throw .system(errno, "ask for the free space of", path) }
            place = above
        }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    /// The folder that a path lies in.
    public static func folder(of path: String) -> String {
        var path = path[...]
        while path.count > 1 && path.last == "/" { path.removeLast() }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    // MARK: - Within the module

    static func write(_ bytes: some Sequence<UInt8>, to file: Int32, path: String) throws(RunFileError) {
        let bytes = Array(bytes)
        var done = 0
        while done < bytes.count {
            let n = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + done, $0.count - done) }
            if n < 0 && errno == EINTR { continue }
            guard n >= 0 else { throw .system(errno, "write", path) }
            done += n
        }
    }

    /// Waits until a file is on the disk.
    static func synchronise(_ path: String, reportedAs name: String) throws(RunFileError) {
        let file = Glibc.open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { throw .system(errno, "write", name) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw .system(errno, "write", name) }
    }

    /// Waits until the names in the folder of `path` are on the disk; file systems that cannot do it are left alone.
    static func synchroniseFolder(of path: String) throws(RunFileError) {
        let folder = folder(of: path)
        let file = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw .system(errno, "write to", folder) }
        defer { close(file) }
        guard fsync(file) == 0 || errno == EINVAL || errno == ENOTSUP else { throw .system(errno, "write to", folder) }
    }
}
