import CHDF5
public import Grids

extension HDF5File {
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
        try makeDataset(name, element, shape) { dataset throws(RunFileError) in
            guard H5Dwrite(dataset, element.memoryType, pf_H5S_ALL(), pf_H5S_ALL(), pf_H5P_DEFAULT(), memory) >= 0 else {
                throw error("write", name)
            }
        }
    }

    public func write(_ name: String, _ values: [Double]) throws(RunFileError) {
        HDF5Library.lock()
        defer { HDF5Library.unlock() }
        try makeDataset(name, .double, [values.count]) { dataset throws(RunFileError) in
            guard H5Dwrite(dataset, pf_H5T_NATIVE_DOUBLE(), pf_H5S_ALL(), pf_H5S_ALL(), pf_H5P_DEFAULT(), values) >= 0 else {
                throw error("write", name)
            }
        }
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
        try makeDataset(name, element, [planes, height, width], chunk: level > 0 ? [deep, tall, width] : nil, level: level) {
            dataset throws(RunFileError) in
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

    // MARK: - Parts

    private func linkCreation() -> hid_t {
        let list = H5Pcreate(pf_H5P_LINK_CREATE())
        H5Pset_create_intermediate_group(list, 1)
        return list
    }

    /// Makes a dataset, lets `body` fill it and closes it, which may compress what is left.
    private func makeDataset(_ name: String, _ element: StateItem.Element, _ shape: [Int], chunk: [Int]? = nil, level: Int = 0,
                             _ body: (hid_t) throws(RunFileError) -> Void) throws(RunFileError) {
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
        do throws(RunFileError) {
            try body(dataset)
        } catch {
            H5Dclose(dataset)
            throw error
        }
        guard H5Dclose(dataset) >= 0 else { throw error("write", name) }
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
            for i in 0..<count {
                let whole = values[i].rounded(.towardZero)
                to[i] = whole.isNaN ? 0 : Int64(exactly: whole) ?? (whole > 0 ? .max : .min)
            }
        }
    }
}
