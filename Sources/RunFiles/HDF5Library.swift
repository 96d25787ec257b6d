import CHDF5
import Glibc
import Grids

/// The one lock around the HDF5 library, which is not thread-safe.
enum HDF5Library {
    /// Recursive: a layer may hold it around several calls that take it again. Never destroyed.
    private nonisolated(unsafe) static let mutex: UnsafeMutablePointer<pthread_mutex_t> = {
        let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        var kind = pthread_mutexattr_t()
        pthread_mutexattr_init(&kind)
        pthread_mutexattr_settype(&kind, Int32(PTHREAD_MUTEX_RECURSIVE))
        pthread_mutex_init(mutex, &kind)
        return mutex
    }()

    static func lock() {
        pthread_mutex_lock(mutex)
        // Errors are ours to report. Some builds of the library keep this setting per thread, so it is made anew each time.
        H5Eset_auto2(pf_H5E_DEFAULT(), nil, nil)
    }

    static func unlock() { pthread_mutex_unlock(mutex) }

    /// As in "1.10.8".
    static let version: String = {
        var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
        lock()
        defer { unlock() }
        H5get_libversion(&major, &minor, &release)
        return "\(major).\(minor).\(release)"
    }()

    /// The innermost message of the failed call.
    static var lastMessage: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 200) { text in
            pf_H5E_message(text.baseAddress!, text.count)
            return text[0] == 0 ? "HDF5 gives no reason" : String(cString: text.baseAddress!)
        }
    }
}

extension StateItem.Element {
    /// The type in memory.
    var memoryType: hid_t {
        switch self {
        case .double: pf_H5T_NATIVE_DOUBLE()
        case .float: pf_H5T_NATIVE_FLOAT()
        case .byte: pf_H5T_NATIVE_UINT8()
        case .int64: pf_H5T_NATIVE_INT64()
        }
    }

    /// The type in the file, little-endian on every machine.
    var fileType: hid_t {
        switch self {
        case .double: pf_H5T_IEEE_F64LE()
        case .float: pf_H5T_IEEE_F32LE()
        case .byte: pf_H5T_STD_U8LE()
        case .int64: pf_H5T_STD_I64LE()
        }
    }
}
