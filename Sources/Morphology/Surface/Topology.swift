/// How the deposit hangs together: Betti numbers of the metal as a union of closed cells joined across faces, in a box periodic in x and z.
///
/// b0 counts pieces; b2 (3D) or b1 (2D) counts the regions of electrolyte (joined also across edges and corners) less one, by Alexander duality,
/// with the half spaces below the electrode and above the box as electrolyte; the remaining number follows from the Euler characteristic
/// chi = cells - faces + edges - corners of the adjacency complex. A dense film across the whole box thus has b0 = 1 and b2 = 1 (it parts below
/// from above) and b1 = 2, the two ways around the period.
public struct Topology: Sendable, Equatable {
    public let pieces: Int
    /// Independent loops through the metal (handles), those around the period included.
    public let loops: Int
    /// Electrolyte regions shut off by the metal, and films that part the box (3D; 0 in 2D, where enclosed regions are loops).
    public let voids: Int
    public let eulerCharacteristic: Int

    public init(of xi: Samples, pieces components: Components? = nil) {
        let nx = xi.nx, ny = xi.ny, nz = xi.nz
        pieces = (components ?? Components(of: xi)).count
        var chi = 0
        xi.values.withUnsafeBufferPointer { v in
            for k in 0..<nz {
                for j in 0..<ny {
                    let here = nx * (j + ny * k), up = j + 1 < ny ? here + nx : -1
                    let back = nz > 1 ? nx * (j + ny * ((k + 1) % nz)) : -1
                    let backUp = nz > 1 && j + 1 < ny ? back + nx : -1
                    func metal(_ row: Int, _ i: Int) -> Bool { row >= 0 && v[row + i] >= 0.5 }
                    for i in 0..<nx where metal(here, i) {
                        // The cell, its joints towards +x, +y, +z, the full squares of four and the full cube of eight that start here.
                        let e = nx > 1 ? (i + 1 == nx ? 0 : i + 1) : -1
                        let x = e >= 0 && metal(here, e), y = metal(up, i), z = metal(back, i)
                        let xy = x && y && metal(up, e), xz = x && z && metal(back, e), yz = y && z && metal(backUp, i)
                        chi += 1 - (x ? 1 : 0) - (y ? 1 : 0) - (z ? 1 : 0) + (xy ? 1 : 0) + (xz ? 1 : 0) + (yz ? 1 : 0)
                        if xy && xz && yz && metal(backUp, e) { chi -= 1 }
                    }
                }
            }
        }
        eulerCharacteristic = chi
        let outside = Components(of: xi, metal: false, diagonal: true)
        // Everything that touches the bottom is one region with the half space below it, everything at the top one with that above.
        let enclosed = (0..<outside.count).count { !outside.touchesElectrode[$0] && !outside.touchesTop[$0] }
        let through = (0..<outside.count).contains { outside.touchesElectrode[$0] && outside.touchesTop[$0] }
        let parted = enclosed + (through ? 1 : 2) - 1
        voids = nz > 1 ? parted : 0
        loops = nz > 1 ? pieces + voids - chi : parted
    }
}
