import CHDF5
import Glibc
import Grids

/// An HDF5 file. Every failure is an error that names the file and the dataset; calls from several threads take turns.
///
/// The library itself may crash on files that were damaged on purpose or by a fault of the disk: files of this program are sealed and
/// checked first (`SealedFile`). Writing never fails half-way inside the library: a write error (disk full) is kept and thrown by
/// `close()`.
public final class HDF5File {
    public let path: String
    var id: hid_t = -1
    private let failure: UnsafeMutablePointer<Int32>
    /// Elements that a damaged header may claim at most: nothing compresses better than 1:1032 (zlib).
    private var plausibleBytes = Int.max

    private init(path: String) {
        self.path = path
        failure = .allocate(capacity: 1)
        failure.initialize(to: 0)
    }

    deinit {
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        if id >= 0 { H5Fclose(id) }
        failure.deallocate()
    }

    // MARK: - Opening and closing

    /// Creates or empties a file.
    /// - Parameter userBlock: bytes left free at the start, 0 or a power of two of at least 512.
    public static func create(_ path: String, userBlock: Int = 0) throws(RunFileError) -> HDF5File {
        let file = HDF5File(path: path)
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let creation = H5Pcreate(pf_H5P_FILE_CREATE()), access = H5Pcreate(pf_H5P_FILE_ACCESS())
        defer { H5Pclose(creation); H5Pclose(access) }
        guard H5Pset_userblock(creation, hsize_t(userBlock)) >= 0, pf_H5P_set_driver(access, file.failure) >= 0 else {
            throw file.error("create", nil)
        }
        file.id = H5Fcreate(path, pf_H5F_ACC_TRUNC(), creation, access)
        guard file.id >= 0 else { throw file.error("create", nil) }
        return file
    }

    /// Opens a file for reading.
    public static func open(_ path: String) throws(RunFileError) -> HDF5File {
        let file = HDF5File(path: path)
        guard let size = DiskFile.size(path) else { throw .system(errno, "read", path) }
        file.plausibleBytes = size > Int.max / 1100 ? Int.max : 1100 * size
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let access = H5Pcreate(pf_H5P_FILE_ACCESS())
        defer { H5Pclose(access) }
        guard pf_H5P_set_driver(access, file.failure) >= 0 else { throw file.error("read", nil) }
        file.id = H5Fopen(path, pf_H5F_ACC_RDONLY(), access)
        guard file.id >= 0 else {
            if file.failure.pointee != 0 { throw .system(file.failure.pointee, "read", path) }
            throw RunFileError(.damaged, "cannot read \(path): it is damaged or not an HDF5 file")
        }
        return file
    }

    /// Writes what is still in memory; the first error of any write since the file was created is thrown here.
    public func close() throws(RunFileError) {
        guard id >= 0 else { return }
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let result = H5Fclose(id)
        id = -1
        if result < 0 || failure.pointee != 0 { throw error("write", nil) }
    }

    // MARK: - Parts

    func error(_ action: String, _ object: String?) -> RunFileError {
        if failure.pointee != 0 { return .system(failure.pointee, action, path) }
        let what = object.map { "\($0) of \(path)" } ?? path
        return RunFileError(action == "read" ? .damaged : .system, "cannot \(action) \(what): \(HDF5Library.lastMessage)")
    }

    func space(_ shape: [Int]) -> hid_t { H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil) }

    func select(_ space: hid_t, _ start: [Int], _ count: [Int]) -> herr_t {
        H5Sselect_hyperslab(space, H5S_SELECT_SET, start.map { hsize_t($0) }, nil, count.map { hsize_t($0) }, nil)
    }

    func openDataset(_ name: String) throws(RunFileError) -> hid_t {
        let dataset = H5Dopen2(id, name, pf_H5P_DEFAULT())
        guard dataset >= 0 else { throw error("read", name) }
        return dataset
    }

    func describe(_ dataset: hid_t, _ name: String) throws(RunFileError) -> Dataset {
        let space = H5Dget_space(dataset), type = H5Dget_type(dataset)
        defer { H5Sclose(space); H5Tclose(type) }
        let rank = H5Sget_simple_extent_ndims(space)
        guard space >= 0, type >= 0, rank >= 0 else { throw error("read", name) }
        var extents = [hsize_t](repeating: 0, count: Int(rank))
        guard H5Sget_simple_extent_dims(space, &extents, nil) >= 0 else { throw error("read", name) }
        var values = 1
        for extent in extents {
            let (product, overflow) = values.multipliedReportingOverflow(by: Int(clamping: extent))
            guard !overflow, product <= plausibleBytes else {
                throw RunFileError(.damaged, "cannot read \(name) of \(path): it claims to be larger than the file can hold")
            }
            values = product
        }
        let element = StateItem.Element.allCases.first { H5Tequal(type, $0.fileType) > 0 }
        return Dataset(shape: extents.map { Int($0) }, element: element)
    }
}
