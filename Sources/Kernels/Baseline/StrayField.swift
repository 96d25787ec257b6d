import KernelInterface

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func strayField<T: Real>(_ m: VectorCells<T>, _ work: UnsafeMutablePointer<T>, _ symbols: LateralSymbols<T>, averaged: Bool,
                                           scale: T, _ layout: Layout, columns: Range<Int>, planes: Range<Int>) {
        let zero = T.Pack(), one = T.Pack(repeating: 1), half = T.Pack(repeating: 0.5), sign: T.Pack = alternatingSigns(T.self)
        let solid = m.z != nil, mz = m.z ?? m.x
        for plane in planes {
            let zSquare = T.Pack(repeating: symbols.squareZ[plane]), dz = T.Pack(repeating: solid ? symbols.derivativeZ[plane] : 0)
            let cellZ = T.Pack(repeating: symbols.cellZ[plane])
            var i = columns.lowerBound
            while i < columns.upperBound {
                let k = T.squareRoot(load(symbols.square, i) + zSquare), isUniform = k .== zero
                let decay = T.exp(-k), own: T.Pack = ownLayer(k, decay, T.self), g = one - k * own
                let dx = load(symbols.derivative, i), cell = load(symbols.cell, i) * cellZ
                let result = (averaged ? cell : one) * T.Pack(repeating: scale)
                // Charges below each layer, then above: a, b = i k . M_lat +- k M_y.
                var below = zero, j = 0
                while j < layout.ny {
                    let p = plane &* layout.planeStride &+ j &* layout.rowStride &+ i
                    let lateral = T.muladd(dx, load(m.x, p), dz * load(mz, p))
                    let b = cell * (sign * T.swapPairs(lateral) - k * load(m.y, p))
                    store(work, p, T.muladd(below, g, own * b))
                    below = T.muladd(decay, below, g * b)
                    j &+= 1
                }
                let minusHalfInverse = -half / k.replacing(with: one, where: isUniform)
                var above = zero
                j = layout.ny &- 1
                while j >= 0 {
                    let p = plane &* layout.planeStride &+ j &* layout.rowStride &+ i
                    let lateral = T.muladd(dx, load(m.x, p), dz * load(mz, p)), my = cell * load(m.y, p)
                    let a = T.muladd(cell, sign * T.swapPairs(lateral), k * my)
                    let up = T.muladd(above, g, own * a), down = load(work, p)
                    above = T.muladd(decay, above, g * a)
                    // H_lat = -i k phi.
                    let gradient = sign * T.swapPairs(minusHalfInverse * (up + down))
                    store(m.x, p, -(result * (dx * gradient)))
                    store(m.y, p, result * (half * (up - down) - my))
                    if solid { store(mz, p, -(result * (dz * gradient))) }
                    j &-= 1
                }
                i &+= T.Pack.scalarCount
            }
        }
    }

    /// (1 - (1 - e^-x)/x)/x, by its series below 1/4, where the difference would cancel.
    @inline(__always)
    private static func ownLayer<T: Real>(_ x: T.Pack, _ decay: T.Pack, _: T.Type) -> T.Pack {
        let one = T.Pack(repeating: 1), small = x .< T.Pack(repeating: 0.25)
        let safe = x.replacing(with: one, where: small)
        let direct = (one - (one - decay) / safe) / safe
        // Sum of (-x)^n / (n + 2)!.
        var series = one, n = 13
        while n >= 3 {
            series = one - x * series / T.Pack(repeating: T(n))
            n &-= 1
        }
        return direct.replacing(with: T.Pack(repeating: 0.5) * series, where: small)
    }
}
