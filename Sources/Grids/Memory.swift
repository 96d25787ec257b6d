import Glibc
import Synchronization

/// Zeroed memory for the kernels: on cache lines, in pages of 2 MiB where it is large.
///
/// Small pages cost a kernel that walks ten fields at once its time in page tables, twice so in a virtual machine. Neighbouring blocks start at
/// different lines of a page: fields of one layout would otherwise compete for the same few places of the first cache.
enum Memory {
    private static let hugePage = 2 << 20
    private static let count = Atomic(0)

    /// - Returns: what to free, and where the bytes start; nil without memory.
    static func allocate(_ bytes: Int) -> (storage: UnsafeMutableRawPointer, start: UnsafeMutableRawPointer)? {
        let isLarge = bytes >= hugePage
        let offset = isLarge ? count.add(1, ordering: .relaxed).oldValue % 16 * 5 * 64 : 0
        let size = (bytes + offset + 63) / 64 * 64
        guard let block = aligned_alloc(isLarge ? hugePage : 64, size) else { return nil }
        // Advice only: without large pages the small ones serve.
        if isLarge { madvise(block, size, MADV_HUGEPAGE) }
        memset(block, 0, size)
        return (block, block + offset)
    }
}
