public import Grids

/// div(u c) of cell averages carried by a flow on their faces, with the plain mean of the two cells on each face: second order, and conservative, since what leaves a
/// cell enters its neighbour. For a flow without divergence it is antisymmetric. Nothing passes the walls.
public final class Advection<T: Real>: @unchecked Sendable {
    /// u/(2 dx) on lower faces, 1/s; ghosts wrapped.
    private let faces: VectorField<T>
    private let device: Device
    /// |u|/dx of the largest speed that was given, 1/s.
    public private(set) var rate = 0.0

    public init(_ grid: Grid, device: Device) {
        faces = VectorField(grid)
        self.device = device
    }

    /// Takes over a flow (m/s, on faces) whose largest speed is given.
    public func set(_ velocity: VectorField<Double>, fastest: Double) {
        rate = fastest / faces.grid.spacing
        let factor = 0.5 / faces.grid.spacing
        for n in 0..<faces.components.count {
            let a = faces.components[n], u = velocity.components[n]
            device.forRows(a.layout) { AdvectionLoops.convert(a.cells, a.layout, u.cells, u.layout, factor, $0) }
            a.wrapGhosts()
        }
        faces.clearWall()
    }

    /// y += factor div(u c); ghosts of c filled.
    public func add(to y: Field<T>, _ c: Field<T>, factor: Double) {
        device.forRows(y.layout) { AdvectionLoops.add(y.cells, c.cells, faces.cells, T(factor), y.layout, $0) }
    }
}

private enum AdvectionLoops {
    @specialized(where T == Double)
    @specialized(where T == Float)
    static func convert<T: Real>(_ a: UnsafeMutablePointer<T>, _ layout: Layout, _ u: UnsafePointer<Double>, _ from: Layout, _ factor: Double,
                                 _ rows: Range<Int>) {
        for row in rows {
            let to = a + layout.offset(row: row), u = u + from.offset(row: row)
            for i in 0..<layout.nx { to[i] = T(factor * u[i]) }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    static func add<T: Real>(
        _ y: UnsafeMutablePointer<T>, _ c: UnsafePointer<T>, _ a: VectorCells<T>, _ factor: T, _ layout: Layout, _ rows: Range<Int>
    ) {
        let nx = layout.nx, ny = layout.ny, nz = layout.nz
        for row in rows {
            let j = row % ny, plane = row / ny, o = layout.offset(row: row)
            let y = y + o, here = c + o, ax = a.x + o
            let below = c + layout.offset(row: row - (j > 0 ? 1 : 0)), above = c + layout.offset(row: row + (j < ny - 1 ? 1 : 0))
            let low = a.y + o, high = a.y + layout.offset(row: j < ny - 1 ? row + 1 : row), open: T = j < ny - 1 ? 1 : 0
            var i = 0
            while i < nx {
                let x = ax[i &+ 1] * (here[i] + here[i &+ 1]) - ax[i] * (here[i &- 1] + here[i])
                let v = open * high[i] * (here[i] + above[i]) - low[i] * (below[i] + here[i])
                y[i] += factor * (x + v)
                i &+= 1
            }
            guard let z = a.z else { continue }
            let frontRow = j + ny * ((plane + 1) % nz), backRow = j + ny * ((plane + nz - 1) % nz)
            let near = z + o, far = z + layout.offset(row: frontRow), front = c + layout.offset(row: frontRow), back = c + layout.offset(row: backRow)
            i = 0
            while i < nx {
                y[i] += factor * (far[i] * (here[i] + front[i]) - near[i] * (back[i] + here[i]))
                i &+= 1
            }
        }
    }
}
