import Glibc

/// What went wrong with a file of a run, as one sentence for the user: what, where, and what to do.
public struct RunFileError: Error, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable, CaseIterable {
        /// No space, quota or file size left.
        case diskFull
        /// No permission, or a read-only file system.
        case notWritable
        /// The file or folder is not there.
        case missing
        /// A folder that should be fresh holds files.
        case notEmpty
        /// Another process writes to the folder.
        case locked
        /// The content is not what was written: truncated, overwritten, or of another kind.
        case damaged
        /// Written in another format version.
        case otherFormat
        /// Sound, but of another grid, precision or model.
        case mismatch
        /// State that holds NaN or infinity.
        case notFinite
        /// Asked for something impossible, such as two fields of the same name.
        case misuse
        /// Any other error of the operating system.
        case system
    }

    public let kind: Kind
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }

    /// The error of a system call.
    /// - Parameter action: what failed, e.g. "write"; the sentence begins "cannot write PATH: ".
    static func system(_ number: Int32, _ action: String, _ path: String) -> RunFileError {
        let what = "cannot \(action) \(path)"
        switch number {
        case ENOSPC:
            return .init(.diskFull, "\(what): the disk is full; free some space and run again with --resume")
        case EDQUOT:
            return .init(.diskFull, "\(what): the disk quota is used up; free some space and run again with --resume")
        case EFBIG:
            return .init(.diskFull, "\(what): the file would exceed the file size limit (ulimit -f); raise it and run again with --resume")
        case EROFS:
            return .init(.notWritable, "\(what): the file system is read-only; choose another folder with -o")
        case EACCES, EPERM:
            return .init(.notWritable, "\(what): permission denied; choose another folder with -o or change its permissions")
        case ENOENT:
            return .init(.missing, "\(what): no such file or folder")
        default:
            return .init(.system, "\(what): \(String(cString: strerror(number)))")
        }
    }
}
