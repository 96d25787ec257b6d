/// Offsets of cells, in storage that doubles when it is full: after the first steps nothing is allocated any more.
struct CellList {
    private(set) var offsets: UnsafeMutablePointer<Int32>
    private(set) var count = 0
    private var capacity: Int

    init() {
        capacity = 1024
        offsets = .allocate(capacity: capacity)
    }

    func deallocate() { offsets.deallocate() }

    mutating func removeAll() { count = 0 }

    @inline(__always)
    mutating func append(_ offset: Int) {
        if count == capacity { grow() }
        offsets[count] = Int32(truncatingIfNeeded: offset)
        count &+= 1
    }

    @inline(__always)
    subscript(n: Int) -> Int { Int(offsets[n]) }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutablePointer<Int32>.allocate(capacity: 2 * capacity)
        larger.update(from: offsets, count: count)
        offsets.deallocate()
        (offsets, capacity) = (larger, 2 * capacity)
    }
}

/// Values beside a list of cells, with room for at least as many.
struct CellValues<Value> {
    private(set) var values: UnsafeMutablePointer<Value>
    private var capacity = 1

    init() { values = .allocate(capacity: 1) }

    func deallocate() { values.deallocate() }

    /// Makes room; what was there is lost when it has to grow.
    mutating func reserve(_ count: Int) {
        guard count > capacity else { return }
        values.deallocate()
        capacity = 2 * count
        values = .allocate(capacity: capacity)
    }
}
