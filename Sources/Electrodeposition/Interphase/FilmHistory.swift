import Grids

/// What has happened to the coating, on the material plane: it never smears, because it never moves.
final class FilmHistory {
    static let cracked: UInt8 = 1, onTop: UInt8 = 2
    let count: Int
    /// Sum of the above, 0 where the coating is as it was made.
    let flags: UnsafeMutablePointer<UInt8>
    /// s; -1 where there is no break.
    let crackTime: UnsafeMutablePointer<Double>
    /// Way that the surface had moved outwards when metal began to plate on top of the coating, cells.
    let coveredAt: UnsafeMutablePointer<Double>

    init(_ count: Int) {
        self.count = count
        flags = .allocate(capacity: count)
        crackTime = .allocate(capacity: count)
        coveredAt = .allocate(capacity: count)
        clear()
    }

    deinit {
        flags.deallocate()
        crackTime.deallocate()
        coveredAt.deallocate()
    }

    func clear() {
        flags.update(repeating: 0, count: count)
        crackTime.update(repeating: -1, count: count)
        coveredAt.update(repeating: 0, count: count)
    }

    /// Share of the nodes with a flag among those that were coated.
    func share(of flag: UInt8, covered: [UInt8]) -> Double {
        var marked = 0, all = 0
        for n in 0..<count where covered[n] == 1 {
            all += 1
            if flags[n] & flag != 0 { marked += 1 }
        }
        return all > 0 ? Double(marked) / Double(all) : 0
    }

    var state: [StateItem] {
        [
            .array(name: "interphase.history", element: .byte, count: count, memory: flags, owner: self),
            .array(name: "interphase.crackTime", element: .double, count: count, memory: crackTime, owner: self),
            .array(name: "interphase.coveredAt", element: .double, count: count, memory: coveredAt, owner: self),
        ]
    }
}
