import KernelInterface

/// One named piece of a model's state. Each term lists its state once; checkpoints, restarts and comparisons follow from the list.
public enum StateItem {
    /// Values in memory that stay where they are as long as `owner` lives.
    case array(name: String, element: Element, count: Int, memory: UnsafeMutableRawPointer, owner: AnyObject)
    /// A number read and restored through closures (integers up to 2^53 are exact).
    case number(name: String, get: () -> Double, set: (Double) -> Void)

    public enum Element: String, Sendable, CaseIterable {
        case double, float, byte, int64

        public var size: Int {
            switch self {
            case .double, .int64: 8
            case .float: 4
            case .byte: 1
            }
        }
    }

    public var name: String {
        switch self {
        case .array(let name, _, _, _, _), .number(let name, _, _): name
        }
    }

    /// A whole field, padding and ghosts included.
    public static func field<T: Real>(_ name: String, _ field: Field<T>) -> StateItem {
        .array(name: name, element: T.self == Double.self ? .double : .float, count: field.layout.storage,
               memory: UnsafeMutableRawPointer(field.cells - field.layout.lead), owner: field)
    }
}

/// Something that a checkpoint must hold to continue with the same bits.
public protocol Stateful {
    var state: [StateItem] { get }
}
