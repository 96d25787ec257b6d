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
            let cells = field.row(row)
            for i in 0..<field.layout.nx { values[i] = scale * Double(cells[i]) }
        }
    }
}
