public import Grids
public import KernelInterface

/// One quantity of a snapshot: its name in the file, its unit, and where its values come from.
public struct OutputField {
    public let name: String
    /// SI, as in "mol/m^3"; "1" when dimensionless.
    public let unit: String
    /// What it is, in words.
    public let longName: String
    /// Type in the file; nil follows the snapshot's precision.
    public let element: StateItem.Element?
    /// Puts row number j + ny k (nx values) into the memory it is given.
    public let rows: (Int, UnsafeMutablePointer<Double>) -> Void

    public init(_ name: String, unit: String, longName: String, element: StateItem.Element? = nil,
                rows: @escaping (Int, UnsafeMutablePointer<Double>) -> Void) {
        (self.name, self.unit, self.longName, self.element, self.rows) = (name, unit, longName, element, rows)
    }

    /// The cells of a field times `scale`.
    public init<T: Real>(_ name: String, unit: String, longName: String, element: StateItem.Element? = nil, field: Field<T>,
                         scale: Double = 1) {
        self.init(name, unit: unit, longName: longName, element: element) { row, values in
            OutputLoops.read(field.row(row), count: field.layout.nx, scale: scale, into: values)
        }
    }
}

private enum OutputLoops {
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func read<T: Real>(_ cells: UnsafePointer<T>, count: Int, scale: Double, into values: UnsafeMutablePointer<Double>) {
        for i in 0..<count { values[i] = scale * Double(cells[i]) }
    }
}
