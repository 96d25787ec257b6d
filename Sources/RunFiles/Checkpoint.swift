import Glibc
public import Grids
import Kernels

/// The full state of a run in a file from which it continues with the same bits.
///
/// The file is HDF5 behind a seal, a checksum over every byte (`SealedFile`): datasets /arrays/NAME hold memory as it is,
/// /numbers/NAME one double each, attributes the metadata. A folder keeps two: checkpoint.h5 and, one older, checkpoint.previous.h5.
public struct Checkpoint {
    public static let fileName = "checkpoint.h5", previousFileName = "checkpoint.previous.h5"

    public let path: String
    /// What was given at the time of writing.
    public let metadata: [String: AttributeValue]

    // MARK: - Writing

    /// Writes the state into `folder`; the last checkpoint becomes the previous one. At every moment, also when this fails or the power
    /// does, the folder holds the newest complete checkpoint under one of the two names.
    /// - Parameter pool: threads that share the work of the seal.
    /// - Throws: `notFinite` for state that is not worth keeping; disk errors. Then the earlier checkpoints stay.
    public static func write(_ items: [StateItem], metadata: [String: AttributeValue], to folder: String,
                             pool: ThreadPool? = nil) throws(RunFileError) {
        for item in items { try item.requireFinite() }
        let path = folder + "/" + fileName
        let temporary = try SealedFile.write(path, .checkpoint, pool: pool) { file throws(RunFileError) in
            for (name, value) in metadata.sorted(by: { $0.key < $1.key }) { try file.setAttribute(name, value) }
            try file.makeGroup("arrays")
            try file.makeGroup("numbers")
            for item in items {
                switch item {
                case .array(let name, let element, let count, let memory, _):
                    try file.write("arrays/" + name, element: element, shape: [count], from: memory)
                case .number(let name, let get, _):
                    try file.write("numbers/" + name, [get()])
                }
            }
        }
        // The finished temporary file guards the moment between the two renames: the previous one is then the last one.
        guard rename(path, folder + "/" + previousFileName) == 0 || errno == ENOENT else { throw .system(errno, "rename", path) }
        guard rename(temporary, path) == 0 else { throw .system(errno, "write", path) }
        try DiskFile.synchroniseFolder(of: path)
    }

    // MARK: - Reading

    /// Opens a checkpoint and checks every byte of it.
    public init(_ path: String, pool: ThreadPool? = nil) throws(RunFileError) {
        metadata = try SealedFile.read(path, .checkpoint, pool: pool).attributes()
        self.path = path
    }

    /// The newest checkpoint of a folder whose every byte is sound, nil when the folder holds none at all.
    public struct Found {
        public let checkpoint: Checkpoint
        /// Why the newest file is not the one, for the log.
        public let passedOver: String?
    }

    /// - Throws: `damaged` when there are checkpoints but none can be used: starting again is then the user's decision.
    public static func newestValid(in folder: String, pool: ThreadPool? = nil) throws(RunFileError) -> Found? {
        var reasons: [RunFileError] = []
        for name in [fileName, previousFileName] {
            let path = folder + "/" + name
            guard DiskFile.exists(path) else {
                if name == fileName { reasons.append(RunFileError(.missing, "\(path) is missing")) }
                continue
            }
            do throws(RunFileError) {
                return Found(checkpoint: try Checkpoint(path, pool: pool), passedOver: reasons.first?.message)
            } catch {
                reasons.append(error)
            }
        }
        let faults = reasons.filter { $0.kind != .missing }
        guard let first = faults.first else { return nil }
        throw RunFileError(first.kind, faults.map(\.message).joined(separator: "; ")
            + "; no checkpoint of this run can be used: restore one from a copy, or start again with --overwrite")
    }

    /// Puts the state back into the same items it was written from. Nothing is touched unless everything fits.
    /// - Parameter requirements: metadata that has to be equal, such as the grid.
    public func restore(_ items: [StateItem], requiring requirements: [String: AttributeValue] = [:]) throws(RunFileError) {
        for (name, value) in requirements.sorted(by: { $0.key < $1.key }) where metadata[name] != value {
            let found = metadata[name].map { "\($0)" } ?? "nothing"
            throw RunFileError(.mismatch, "\(path) cannot continue this run: its \(name) is \(found), the run's \(value)")
        }
        let file = try HDF5File.open(path)
        let stored = Set(try file.datasets()), wanted = Set(items.map(\.dataset))
        guard wanted.count == items.count else { throw RunFileError(.misuse, "two items of the state have the same name") }
        try refuse(wanted.subtracting(stored), "lacks")
        try refuse(stored.subtracting(wanted), "holds, unlike the run,")
        for item in items {
            guard case .array(let name, let element, let count, _, _) = item else { continue }
            let dataset = try file.describe(item.dataset)
            guard dataset.element == element else {
                let found = dataset.element?.rawValue ?? "another type"
                throw RunFileError(.mismatch, "\(path) cannot continue this run: it holds \(name) as \(found), "
                    + "the run as \(element.rawValue); run with the precision it was written in")
            }
            guard dataset.count == count else {
                throw RunFileError(.mismatch, "\(path) cannot continue this run: it holds \(dataset.count) values of \(name), "
                    + "the run \(count); was it written on another grid?")
            }
        }
        var numbers: [Double] = []
        for item in items {
            if case .number = item { numbers.append(try file.read(item.dataset).first ?? 0) }
        }
        for item in items {
            guard case .array(_, let element, let count, let memory, _) = item else { continue }
            try file.read(item.dataset, as: element, count: count, into: memory)
        }
        var next = numbers.makeIterator()
        for item in items {
            if case .number(_, _, let set) = item, let value = next.next() { set(value) }
        }
    }

    private func refuse(_ names: Set<String>, _ what: String) throws(RunFileError) {
        guard !names.isEmpty else { return }
        let list = names.sorted().prefix(3).map { $0.drop { $0 != "/" }.dropFirst() }.joined(separator: ", ")
        throw RunFileError(.mismatch, "\(path) cannot continue this run: it \(what) \(list)\(names.count > 3 ? ", ..." : ""); "
            + "was the input or the program changed since it was written?")
    }
}

extension StateItem {
    fileprivate var dataset: String {
        switch self {
        case .array: "arrays/" + name
        case .number: "numbers/" + name
        }
    }

    /// Fields must be finite in every cell (their padding may hold anything), other arrays and numbers must not be NaN.
    fileprivate func requireFinite() throws(RunFileError) {
        switch self {
        case .number(let name, let get, _):
            if get().isNaN { throw StateItem.refusal("\(name) is NaN") }
        case .array(let name, let element, let count, let memory, let owner):
            if let field = owner as? Field<Double>, memory == UnsafeMutableRawPointer(field.cells - field.layout.lead) {
                try StateItem.requireFinite(field, name)
            } else if let field = owner as? Field<Float>, memory == UnsafeMutableRawPointer(field.cells - field.layout.lead) {
                try StateItem.requireFinite(field, name)
            } else if element == .double {
                if let i = firstNaN(memory.assumingMemoryBound(to: Double.self), count) { throw StateItem.refusal("\(name)[\(i)] is NaN") }
            } else if element == .float {
                if let i = firstNaN(memory.assumingMemoryBound(to: Float.self), count) { throw StateItem.refusal("\(name)[\(i)] is NaN") }
            }
        }
    }

    private static func requireFinite<T: Real>(_ field: Field<T>, _ name: String) throws(RunFileError) {
        let layout = field.layout
        for r in 0..<layout.rows {
            let row = field.row(r)
            guard !allFinite(row, layout.nx) else { continue }
            let i = (0..<layout.nx).first { !row[$0].isFinite } ?? 0
            throw refusal("\(name) is \(row[i]) in cell (\(i), \(r % layout.ny), \(r / layout.ny))")
        }
    }

    private static func refusal(_ what: String) -> RunFileError {
        RunFileError(.notFinite, "no checkpoint was written: \(what); the last one stays")
    }
}

/// 0 x is 0 for finite x and NaN for all others.
@specialized(where T == Double) @specialized(where T == Float)
private func allFinite<T: Real>(_ values: UnsafePointer<T>, _ count: Int) -> Bool {
    let width = T.Pack.scalarCount
    var sum = T.Pack(repeating: 0), i = 0, tail: T = 0
    while i + width <= count {
        sum += load(values, i) * 0
        i += width
    }
    while i < count { tail += values[i] * 0; i += 1 }
    for lane in 0..<width { tail += sum[lane] }
    return tail == 0
}

@specialized(where T == Double) @specialized(where T == Float)
private func firstNaN<T: Real>(_ values: UnsafePointer<T>, _ count: Int) -> Int? {
    for i in 0..<count where values[i] != values[i] { return i }
    return nil
}
