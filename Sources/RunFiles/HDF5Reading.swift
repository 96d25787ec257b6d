import CHDF5
import Glibc
public import Grids

extension HDF5File {
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
              shape.indices.allSatisfy({
                  start[$0] >= 0 && count[$0] > 0 && start[$0] <= shape[$0] - count[$0] && count[$0] <= memoryShape[$0]
              }) else {
            throw RunFileError(.mismatch, "\(path): \(name) has the shape \(shape), which holds no block \(count) at \(start)")
        }
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
