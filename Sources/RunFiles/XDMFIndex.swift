public import Grids

/// The table of contents of a run's snapshots for ParaView and VisIt (XDMF 2.0).
///
/// Always a 3DCoRectMesh, one cell deep in 2D; origin, spacing and extents in (z, y, x) order as the format wants; file names relative to
/// the folder of the index.
public struct XDMFIndex: Sendable {
    public struct Entry: Sendable, Equatable {
        /// Relative to the index, as in "snapshots/000001.h5".
        public let file: String
        public let time: Double
        public let grid: Grid
        public let fields: [(name: String, element: StateItem.Element)]

        public init(file: String, time: Double, grid: Grid, fields: [(name: String, element: StateItem.Element)]) {
            (self.file, self.time, self.grid, self.fields) = (file, time, grid, fields)
        }

        public init(_ snapshot: Snapshot, file: String) {
            self.init(file: file, time: snapshot.time, grid: snapshot.grid, fields: snapshot.fields.map { ($0.name, $0.element) })
        }

        public static func == (a: Entry, b: Entry) -> Bool {
            a.file == b.file && a.time == b.time && a.grid == b.grid && a.fields.elementsEqual(b.fields) { $0 == $1 }
        }
    }

    public var entries: [Entry]

    public init(entries: [Entry] = []) { self.entries = entries }

    public var text: String {
        """
        <?xml version="1.0" encoding="utf-8"?>
        <Xdmf Version="2.0">
          <Domain>
            <Grid Name="run" GridType="Collection" CollectionType="Temporal">
        \(entries.map(describe).joined())    </Grid>
          </Domain>
        </Xdmf>

        """
    }

    private func describe(_ entry: Entry) -> String {
        let grid = entry.grid, h = grid.spacing, cells = "\(grid.nz) \(grid.ny) \(grid.nx)"
        return """
              <Grid Name="cells" GridType="Uniform">
                <Time Value="\(entry.time)"/>
                <Topology TopologyType="3DCoRectMesh" Dimensions="\(grid.nz + 1) \(grid.ny + 1) \(grid.nx + 1)"/>
                <Geometry GeometryType="ORIGIN_DXDYDZ">
                  <DataItem Format="XML" NumberType="Float" Precision="8" Dimensions="3">0 0 0</DataItem>
                  <DataItem Format="XML" NumberType="Float" Precision="8" Dimensions="3">\(h) \(h) \(h)</DataItem>
                </Geometry>

        """ + entry.fields.map { name, element in
            """
                    <Attribute Name="\(name.xml)" AttributeType="Scalar" Center="Cell">
                      <DataItem Format="HDF" \(element.xdmf) Dimensions="\(cells)">\(entry.file.xml):/\(name.xml)</DataItem>
                    </Attribute>

            """
        }.joined() + "      </Grid>\n"
    }
}

extension StateItem.Element {
    fileprivate var xdmf: String {
        switch self {
        case .double: #"NumberType="Float" Precision="8""#
        case .float: #"NumberType="Float" Precision="4""#
        case .byte: #"NumberType="UChar" Precision="1""#
        case .int64: #"NumberType="Int" Precision="8""#
        }
    }
}

extension String {
    fileprivate var xml: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
