import CHDF5
import Glibc
public import Grids

/// An HDF5 file. Every failure is an error that names the file and the dataset; calls from several threads take turns.
///
/// The library itself may crash on files that were damaged on purpose or by a fault of the disk: files of this program are sealed and
/// checked first (`SealedFile`). Writing never fails half-way inside the library: a write error (disk full) is kept and thrown by `close()`.
public final class HDF5File {
    public let path: String
    private var id: hid_t = -1
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

    // MARK: - Writing

    public func makeGroup(_ name: String) throws(RunFileError) {
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let links = linkCreation()
        defer { H5Pclose(links) }
        let group = H5Gcreate2(id, name, links, pf_H5P_DEFAULT(), pf_H5P_DEFAULT())
        guard group >= 0 else { throw error("write", name) }
        H5Gclose(group)
    }

    /// Writes one dataset from contiguous memory, uncompressed. Groups in the name are made.
    public func write(_ name: String, element: StateItem.Element, shape: [Int], from memory: UnsafeRawPointer) throws(RunFileError) {
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let dataset = try makeDataset(name, element, shape, chunk: nil, level: 0)
        defer { H5Dclose(dataset) }
        guard H5Dwrite(dataset, element.memoryType, pf_H5S_ALL(), pf_H5S_ALL(), pf_H5P_DEFAULT(), memory) >= 0 else {
            throw error("write", name)
        }
    }

    public func write(_ name: String, _ values: [Double]) throws(RunFileError) {
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let dataset = try makeDataset(name, .double, [values.count], chunk: nil, level: 0)
        defer { H5Dclose(dataset) }
        let result = values.withUnsafeBytes {
            H5Dwrite(dataset, StateItem.Element.double.memoryType, pf_H5S_ALL(), pf_H5S_ALL(), pf_H5P_DEFAULT(), $0.baseAddress)
        }
        guard result >= 0 else { throw error("write", name) }
    }

    /// Writes a three-dimensional dataset row by row, converting each value to `element`; memory for one chunk (about 2^18 values).
    /// - Parameters:
    ///   - shape: planes, rows of a plane, values of a row.
    ///   - level: of gzip, with shuffle; 0 stores uncompressed.
    ///   - rows: puts one row (number = row + rows x plane) into the memory it is given.
    public func writeRows(_ name: String, element: StateItem.Element, shape: (Int, Int, Int), level: Int,
                          rows: (Int, UnsafeMutablePointer<Double>) -> Void) throws(RunFileError) {
        let (planes, height, width) = shape
        let tall = min(height, max(1, (1 << 18) / width))
        let deep = tall == height ? min(planes, max(1, (1 << 18) / (width * height))) : 1
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: deep * tall * width * element.size, alignment: 64)
        let row = UnsafeMutablePointer<Double>.allocate(capacity: width)
        defer { buffer.deallocate(); row.deallocate() }
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let dataset = try makeDataset(name, element, [planes, height, width], chunk: level > 0 ? [deep, tall, width] : nil, level: level)
        defer { H5Dclose(dataset) }
        for plane in stride(from: 0, to: planes, by: deep) {
            for first in stride(from: 0, to: height, by: tall) {
                let count = [min(deep, planes - plane), min(tall, height - first), width]
                for r in 0..<count[0] * count[1] {
                    rows((plane + r / count[1]) * height + first + r % count[1], row)
                    element.store(row, count: width, to: buffer + r * width * element.size)
                }
                let target = H5Dget_space(dataset), source = space(count)
                defer { H5Sclose(target); H5Sclose(source) }
                guard select(target, [plane, first, 0], count) >= 0,
                      H5Dwrite(dataset, element.memoryType, source, target, pf_H5P_DEFAULT(), buffer) >= 0 else {
                    throw error("write", name)
                }
            }
        }
    }

    /// Attaches a value to a dataset or, for "/", to the file.
    public func setAttribute(_ name: String, _ value: AttributeValue, of object: String = "/") throws(RunFileError) {
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let type: hid_t, what = "attribute \(name) of \(object)"
        switch value {
        case .text:
            type = H5Tcopy(pf_H5T_C_S1())
            H5Tset_size(type, pf_H5T_VARIABLE())
            H5Tset_cset(type, H5T_CSET_UTF8)
        case .number: type = H5Tcopy(StateItem.Element.double.fileType)
        case .integer: type = H5Tcopy(StateItem.Element.int64.fileType)
        }
        let scalar = H5Screate(H5S_SCALAR), target = H5Oopen(id, object, pf_H5P_DEFAULT())
        let attribute = H5Acreate2(target, name, type, scalar, pf_H5P_DEFAULT(), pf_H5P_DEFAULT())
        defer { H5Aclose(attribute); H5Oclose(target); H5Sclose(scalar); H5Tclose(type) }
        guard attribute >= 0 else { throw error("write", what) }
        let result = switch value {
        case .text(let text): text.withCString { withUnsafePointer(to: $0) { H5Awrite(attribute, type, $0) } }
        case .number(let number): withUnsafePointer(to: number) { H5Awrite(attribute, StateItem.Element.double.memoryType, $0) }
        case .integer(let number): withUnsafePointer(to: Int64(number)) { H5Awrite(attribute, StateItem.Element.int64.memoryType, $0) }
        }
        guard result >= 0 else { throw error("write", what) }
    }

    /// Makes a one-dimensional dataset the coordinates of an axis of others.
    public func makeScale(_ name: String) throws(RunFileError) {
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let dataset = try openDataset(name)
        defer { H5Dclose(dataset) }
        guard H5DSset_scale(dataset, name) >= 0 else { throw error("write", name) }
    }

    public func attachScale(_ scale: String, to name: String, axis: Int) throws(RunFileError) {
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let dataset = try openDataset(name)
        defer { H5Dclose(dataset) }
        let coordinates = try openDataset(scale)
        defer { H5Dclose(coordinates) }
        guard H5DSattach_scale(dataset, coordinates, UInt32(axis)) >= 0 else { throw error("write", name) }
    }

    // MARK: - Reading

    /// What a dataset holds; `element` is nil for types that this program never writes.
    public struct Dataset: Equatable, Sendable {
        public let shape: [Int]
        public let element: StateItem.Element?
        public var count: Int { shape.reduce(1, *) }
    }

    /// Names of the datasets below a group, each with its path from there, sorted.
    public func datasets(in group: String = "/") throws(RunFileError) -> [String] {
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        return try datasets(in: group, depth: 0).sorted()
    }

    public func describe(_ name: String) throws(RunFileError) -> Dataset {
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let dataset = try openDataset(name)
        defer { H5Dclose(dataset) }
        return try describe(dataset, name)
    }

    /// Reads a whole dataset in (z, y, x) order, converted to Double.
    public func read(_ name: String) throws(RunFileError) -> [Double] {
        let count = try describe(name).count
        var values = [Double](repeating: 0, count: count)
        try read(name, as: .double, count: count, into: &values)
        return values
    }

    /// Reads a whole dataset of `count` values into contiguous memory.
    public func read(_ name: String, as element: StateItem.Element, count: Int, into memory: UnsafeMutableRawPointer) throws(RunFileError) {
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let dataset = try openDataset(name)
        defer { H5Dclose(dataset) }
        let found = try describe(dataset, name).count
        guard found == count else { throw RunFileError(.mismatch, "\(path): \(name) holds \(found) values, not \(count)") }
        guard H5Dread(dataset, element.memoryType, pf_H5S_ALL(), pf_H5S_ALL(), pf_H5P_DEFAULT(), memory) >= 0 else {
            throw error("read", name)
        }
    }

    /// Reads a block of a dataset into memory of shape `memoryShape`, whose leading corner the block fills.
    public func read(_ name: String, as element: StateItem.Element, start: [Int], count: [Int], into memory: UnsafeMutableRawPointer,
                     memoryShape: [Int]) throws(RunFileError) {
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let dataset = try openDataset(name)
        defer { H5Dclose(dataset) }
        let shape = try describe(dataset, name).shape
        guard start.count == shape.count, count.count == shape.count, memoryShape.count == shape.count,
              shape.indices.allSatisfy({ start[$0] >= 0 && count[$0] > 0 && start[$0] <= shape[$0] - count[$0] && count[$0] <= memoryShape[$0] })
        else { throw RunFileError(.mismatch, "\(path): \(name) has the shape \(shape), which holds no block \(count) at \(start)") }
        let source = H5Dget_space(dataset), target = space(memoryShape)
        defer { H5Sclose(source); H5Sclose(target) }
        guard select(source, start, count) >= 0, select(target, count.map { _ in 0 }, count) >= 0,
              H5Dread(dataset, element.memoryType, target, source, pf_H5P_DEFAULT(), memory) >= 0 else { throw error("read", name) }
    }

    /// All scalar attributes of a dataset or, for "/", of the file.
    public func attributes(of object: String = "/") throws(RunFileError) -> [String: AttributeValue] {
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        let target = H5Oopen(id, object, pf_H5P_DEFAULT())
        guard target >= 0 else { throw error("read", object) }
        defer { H5Oclose(target) }
        var names: [String] = []
        let result = withUnsafeMutablePointer(to: &names) { names in
            H5Aiterate2(target, H5_INDEX_NAME, H5_ITER_NATIVE, nil, { _, name, _, data in
                data!.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name!))
                return 0
            }, names)
        }
        guard result >= 0 else { throw error("read", "the attributes of \(object)") }
        var values: [String: AttributeValue] = [:]
        for name in names {
            let attribute = H5Aopen(target, name, pf_H5P_DEFAULT())
            guard attribute >= 0 else { throw error("read", "attribute \(name) of \(object)") }
            defer { H5Aclose(attribute) }
            values[name] = try value(of: attribute, "attribute \(name) of \(object)")
        }
        return values
    }

    // MARK: - Parts

    private func error(_ action: String, _ object: String?) -> RunFileError {
        if failure.pointee != 0 { return .system(failure.pointee, action, path) }
        let message = HDF5Library.lastMessage
        let what = object.map { "\($0) of \(path)" } ?? path
        return RunFileError(action == "read" ? .damaged : .system, "cannot \(action) \(what): \(message.isEmpty ? "HDF5 error" : message)")
    }

    private func linkCreation() -> hid_t {
        let list = H5Pcreate(pf_H5P_LINK_CREATE())
        H5Pset_create_intermediate_group(list, 1)
        return list
    }

    private func space(_ shape: [Int]) -> hid_t { H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil) }

    private func select(_ space: hid_t, _ start: [Int], _ count: [Int]) -> herr_t {
        H5Sselect_hyperslab(space, H5S_SELECT_SET, start.map { hsize_t($0) }, nil, count.map { hsize_t($0) }, nil)
    }

    private func makeDataset(_ name: String, _ element: StateItem.Element, _ shape: [Int], chunk: [Int]?, level: Int) throws(RunFileError) -> hid_t {
        let creation = H5Pcreate(pf_H5P_DATASET_CREATE()), links = linkCreation(), space = space(shape)
        defer { H5Pclose(creation); H5Pclose(links); H5Sclose(space) }
        H5Pset_obj_track_times(creation, false) // equal content, equal bytes
        if let chunk {
            H5Pset_chunk(creation, Int32(chunk.count), chunk.map { hsize_t($0) })
            H5Pset_shuffle(creation)
            H5Pset_deflate(creation, UInt32(level))
        }
        let dataset = H5Dcreate2(id, name, element.fileType, space, links, creation, pf_H5P_DEFAULT())
        guard dataset >= 0 else { throw error("write", name) }
        return dataset
    }

    private func openDataset(_ name: String) throws(RunFileError) -> hid_t {
        let dataset = H5Dopen2(id, name, pf_H5P_DEFAULT())
        guard dataset >= 0 else { throw error("read", name) }
        return dataset
    }

    private func describe(_ dataset: hid_t, _ name: String) throws(RunFileError) -> Dataset {
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
        return Dataset(shape: extents.map { Int($0) }, element: StateItem.Element.allCases.first { H5Tequal(type, $0.fileType) > 0 })
    }

    private func datasets(in group: String, depth: Int) throws(RunFileError) -> [String] {
        let folder = H5Gopen2(id, group, pf_H5P_DEFAULT())
        guard folder >= 0 else { throw error("read", group) }
        defer { H5Gclose(folder) }
        var info = H5G_info_t(), found: [String] = []
        guard H5Gget_info(folder, &info) >= 0 else { throw error("read", group) }
        for index in 0..<info.nlinks {
            var name = [CChar](repeating: 0, count: 256)
            guard H5Lget_name_by_idx(folder, ".", H5_INDEX_NAME, H5_ITER_INC, index, &name, name.count, pf_H5P_DEFAULT()) >= 0 else {
                throw error("read", group)
            }
            let link = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let object = H5Oopen(folder, link, pf_H5P_DEFAULT())
            guard object >= 0 else { throw error("read", link) }
            defer { H5Oclose(object) }
            switch H5Iget_type(object) {
            case H5I_DATASET: found.append(link)
            case H5I_GROUP where depth < 8: // deeper only if a group contains itself
                found += try datasets(in: group + "/" + link, depth: depth + 1).map { link + "/" + $0 }
            default: break
            }
        }
        return found
    }

    private func value(of attribute: hid_t, _ what: String) throws(RunFileError) -> AttributeValue? {
        let type = H5Aget_type(attribute), space = H5Aget_space(attribute)
        defer { H5Tclose(type); H5Sclose(space) }
        guard H5Sget_simple_extent_npoints(space) == 1 else { return nil }
        switch H5Tget_class(type) {
        case H5T_STRING: return .text(try text(of: attribute, type, what))
        case H5T_INTEGER:
            var number: Int64 = 0
            guard H5Aread(attribute, StateItem.Element.int64.memoryType, &number) >= 0 else { throw error("read", what) }
            return .integer(Int(number))
        case H5T_FLOAT:
            var number = 0.0
            guard H5Aread(attribute, StateItem.Element.double.memoryType, &number) >= 0 else { throw error("read", what) }
            return .number(number)
        default: return nil
        }
    }

    private func text(of attribute: hid_t, _ type: hid_t, _ what: String) throws(RunFileError) -> String {
        if H5Tis_variable_str(type) > 0 {
            var text: UnsafeMutablePointer<CChar>?
            guard H5Aread(attribute, type, &text) >= 0 else { throw error("read", what) }
            defer { free(text) }
            return text.map { String(cString: $0) } ?? ""
        }
        let size = H5Tget_size(type)
        guard size > 0, size <= 1 << 20 else { throw error("read", what) }
        var text = [CChar](repeating: 0, count: size + 1)
        guard H5Aread(attribute, type, &text) >= 0 else { throw error("read", what) }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension StateItem.Element {
    /// Converts values of a row; out of the range of an integer type they are clamped, NaN becomes 0 there.
    func store(_ values: UnsafePointer<Double>, count: Int, to memory: UnsafeMutableRawPointer) {
        switch self {
        case .double: memory.copyMemory(from: values, byteCount: count * 8)
        case .float:
            let to = memory.assumingMemoryBound(to: Float.self)
            for i in 0..<count { to[i] = Float(values[i]) }
        case .byte:
            let to = memory.assumingMemoryBound(to: UInt8.self)
            for i in 0..<count { to[i] = values[i].isNaN ? 0 : UInt8(min(max(values[i], 0), 255)) }
        case .int64:
            let to = memory.assumingMemoryBound(to: Int64.self)
            for i in 0..<count { to[i] = values[i].isNaN ? 0 : Int64(exactly: values[i].rounded(.towardZero)) ?? (values[i] > 0 ? .max : .min) }
        }
    }
}
