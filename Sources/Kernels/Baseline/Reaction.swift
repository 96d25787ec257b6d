import KernelInterface

extension Library {
    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func reactionRates<T: Real>(rate: UnsafeMutablePointer<T>, byConcentration: UnsafeMutablePointer<T>,
                                              byPotential: UnsafeMutablePointer<T>, weight: UnsafePointer<T>, xi: UnsafePointer<T>,
                                              concentration: UnsafePointer<T>, potential: UnsafePointer<T>, _ fields: ReactionFields<T>,
                                              _ numbers: ReactionNumbers<T>, floor: T, rowMaxima: UnsafeMutablePointer<Double>,
                                              _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, zero = T.Pack(), one = T.Pack(repeating: 1)
        let a = T.Pack(repeating: -numbers.cathodic), b = T.Pack(repeating: numbers.anodic)
        let total = T.Pack(repeating: numbers.cathodic + numbers.anodic)
        let limit = T.Pack(repeating: T.self == Float.self ? 80 : 600)
        for row in rows {
            let o = layout.offset(row: row)
            let lateral = row / layout.ny &* layout.rowStride
            let site = fields.site.map { $0 + (fields.siteIsLateral ? lateral : o) }
            var fastest = Largest<T>(), i = 0
            while i < layout.nx {
                let w = load(weight + o, i)
                if all(w .== zero) {
                    store(rate + o, i, zero)
                    store(byConcentration + o, i, zero)
                    store(byPotential + o, i, zero)
                    i &+= width
                    continue
                }
                var c = load(concentration + o, i)
                c.replace(with: T.Pack(repeating: floor), where: c .< T.Pack(repeating: floor))
                let ratio = c * T.Pack(repeating: numbers.inverseReference)
                var exchange = T.Pack(repeating: numbers.exchangeRate)
                if let site { exchange *= load(site, i) }
                var eta = T.Pack(repeating: numbers.metalPotential) - load(potential + o, i)
                if let k = fields.curvature { eta = T.muladd(T.Pack(repeating: numbers.curvatureFactor), load(k + o, i), eta) }
                if let extra = fields.overpotential { eta += load(extra + o, i) }
                // Cathodic and anodic factors of c and their derivatives with respect to c.
                var plates = ratio, platesSlope = T.Pack(repeating: numbers.inverseReference), strips = one, stripsSlope = zero
                if numbers.usesReferencePotential {
                    let order = numbers.anodic / (numbers.cathodic + numbers.anodic)
                    let power = T.exp(T.Pack(repeating: order) * T.log(ratio))
                    plates = power
                    strips = power
                    platesSlope = T.Pack(repeating: order) * power / c
                    stripsSlope = platesSlope
                }
                var softening = one
                if let barrier = fields.barrier {
                    // What the barrier stops keeps a millionth of its drive, so that the slope still says which way plating lies.
                    let leakage = T.Pack(repeating: 1e-6), nernst = T.log(plates / strips) / total, drive = nernst - eta
                    var left = drive - load(barrier + lateral, i)
                    let stopped = (drive .> zero) .& (left .< leakage * drive)
                    left.replace(with: leakage * drive, where: stopped)
                    softening.replace(with: leakage, where: stopped)
                    left.replace(with: drive, where: drive .<= zero)
                    eta = nernst - left
                }
                if let film = fields.resistance {
                    let r = load(film + o, i) * T.Pack(repeating: numbers.chargePerVolume)
                    eta = implicitOverpotential(eta, r, exchange, plates, strips, a, b, total, limit, T.self)
                    let slope = exchange * (strips * b * T.exp(b * eta) - plates * a * T.exp(a * eta))
                    softening = softening / T.muladd(r, slope, one)
                }
                let forward = T.exp(T.limited(a * eta, to: limit)), backward = T.exp(T.limited(b * eta, to: limit))
                var v = exchange * (plates * forward - strips * backward)
                let bySalt = softening * exchange * (platesSlope * forward - stripsSlope * backward)
                let byVolt = softening * exchange * (strips * b * backward - plates * a * forward)
                var scaled = w
                if let distance = fields.distance {
                    // v at the surface: v_s = v - d (v_c c' + v_phi phi'), gradients in proportion to v_s. Deep inside the metal this has no solution.
                    let slope = T.muladd(bySalt, T.Pack(repeating: numbers.saltGradient), byVolt * T.Pack(repeating: numbers.potentialGradient))
                    var s = load(distance + o, i) * slope
                    s.replace(with: T.Pack(repeating: -0.5), where: s .< T.Pack(repeating: -0.5))
                    let factor = one / (one + s)
                    v *= factor
                    scaled *= factor
                }
                store(rate + o, i, w * v)
                store(byConcentration + o, i, scaled * bySalt)
                store(byPotential + o, i, scaled * byVolt)
                // The front's speed where the profile is well inside the interface.
                let x = load(xi + o, i), inside = T.laneNumbers .< T.Pack(repeating: T(layout.nx &- i))
                let counts = inside .& (x .> T.Pack(repeating: 0.1)) .& (x .< T.Pack(repeating: 0.9)) .& (w .> zero)
                fastest.takeSize(zero.replacing(with: v, where: counts))
                i &+= width
            }
            rowMaxima[row] = fastest.value
        }
    }

    /// Root of eta - E - r v(eta) = 0. The left side rises with slope >= 1, so the root lies between E and the Nernst value where v = 0;
    /// Newton's step is halved back into that bracket when it leaves it.
    @inline(__always)
    private static func implicitOverpotential<T: Real>(_ start: T.Pack, _ r: T.Pack, _ exchange: T.Pack, _ plates: T.Pack, _ strips: T.Pack,
                                                       _ a: T.Pack, _ b: T.Pack, _ total: T.Pack, _ limit: T.Pack, _: T.Type) -> T.Pack {
        let one = T.Pack(repeating: 1), half = T.Pack(repeating: 0.5)
        let nernst = T.log(plates / strips) / total
        var low = start, high = nernst
        low.replace(with: nernst, where: nernst .< start)
        high.replace(with: start, where: nernst .< start)
        // Closed form for equal branches: the smaller of the ohmic and the kinetic current, turned into an overpotential by artanh-free sinh^-1.
        var drive = nernst - start
        let sign = T.Pack(repeating: 1).replacing(with: T.Pack(repeating: -1), where: drive .< T.Pack())
        drive *= sign
        let symmetric = exchange * T.squareRoot(plates * strips)
        let kinetic = symmetric * T.exp(T.limited(half * total * drive, to: limit))
        var current = drive / (r + T.Pack(repeating: .leastNormalMagnitude * 1e6))
        current.replace(with: kinetic, where: kinetic .< current)
        let u = current * half / symmetric
        var eta = nernst - sign * (one + one) / total * T.log(u + T.squareRoot(T.muladd(u, u, one)))
        for _ in 0..<40 {
            eta.replace(with: low, where: eta .< low)
            eta.replace(with: high, where: eta .> high)
            let forward = T.exp(T.limited(a * eta, to: limit)), backward = T.exp(T.limited(b * eta, to: limit))
            let v = exchange * (plates * forward - strips * backward)
            let slope = exchange * (plates * a * forward - strips * b * backward)
            let value = eta - start - r * v
            let below = value .< T.Pack()
            low.replace(with: eta, where: below)
            high.replace(with: eta, where: .!below)
            var next = eta - value / (one - r * slope)
            let outside = (next .< low) .| (next .> high)
            next.replace(with: half * (low + high), where: outside)
            var change = next - eta
            change.replace(with: -change, where: change .< T.Pack())
            eta = next
            if all(.!(change .> T.Pack(repeating: T.self == Float.self ? 1e-7 : 1e-14))) { break }
        }
        return eta
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func updateRates<T: Real>(rate: UnsafeMutablePointer<T>, growth: UnsafeMutablePointer<T>, xi: UnsafeMutablePointer<T>, _ a0: T,
                                            slope: UnsafePointer<T>, _ new: UnsafePointer<T>, _ old: UnsafePointer<T>, shift: T,
                                            rowMaxima: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>) {
        let width = T.Pack.scalarCount, shift = T.Pack(repeating: shift), inverse = T.Pack(repeating: 1 / a0)
        for row in rows {
            let o = layout.offset(row: row)
            var largest = Largest<T>(), i = 0
            while i < layout.nx {
                let d = load(slope + o, i)
                if !all(d .== T.Pack()) {
                    let change = d * (load(new + o, i) - load(old + o, i) - shift)
                    store(rate + o, i, load(rate + o, i) + change)
                    store(growth + o, i, load(growth + o, i) + change)
                    store(xi + o, i, T.muladd(inverse, change, load(xi + o, i)))
                    largest.takeSize(masked(change, remaining: layout.nx &- i, T.self))
                }
                i &+= width
            }
            rowMaxima[row] = largest.value
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func mask<T: Real>(_ x: UnsafeMutablePointer<T>, _ mask: UnsafePointer<UInt8>, _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let x = x + layout.offset(row: row), mask = mask + row &* layout.nx
            for i in 0..<layout.nx where mask[i] == 0 { x[i] = 0 }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func modulate<T: Real>(_ rate: UnsafeMutablePointer<T>, _ g: UnsafePointer<T>, mean: T, amplitude: T, _ layout: Layout,
                                         _ rows: Range<Int>) {
        let mean = T.Pack(repeating: mean), amplitude = T.Pack(repeating: amplitude)
        for row in rows {
            let o = layout.offset(row: row)
            var i = 0
            while i < layout.nx {
                let r = load(rate + o, i)
                store(rate + o, i, T.muladd(amplitude * r, load(g + o, i) - mean, r))
                i &+= T.Pack.scalarCount
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func growth<T: Real>(_ growth: UnsafeMutablePointer<T>, _ xi: UnsafePointer<T>, _ a0: T, _ last: UnsafePointer<T>, _ a1: T,
                                       _ before: UnsafePointer<T>, _ a2: T, loss: UnsafePointer<T>?, rate: UnsafePointer<T>,
                                       concentration c: UnsafePointer<T>, depleted: T, _ rowSums: UnsafeMutablePointer<Double>,
                                       rowChanges: UnsafeMutablePointer<Double>, _ layout: Layout, _ rows: Range<Int>) {
        let inverse = T.Pack(repeating: 1 / depleted), one = T.Pack(repeating: 1)
        let a0 = T.Pack(repeating: a0), a1 = T.Pack(repeating: -a1), a2 = T.Pack(repeating: -a2)
        for row in rows {
            let o = layout.offset(row: row)
            var excess = SIMD8<Double>(), change = Largest<T>(), i = 0
            while i < layout.nx {
                let new = load(xi + o, i), old = load(last + o, i)
                change.takeSize(masked(new - old, remaining: layout.nx &- i, T.self))
                var g = T.muladd(a2, load(before + o, i), T.muladd(a1, old, a0 * new))
                if let loss { g += load(loss + o, i) }
                let share = inverse * load(c + o, i)
                // Where there is salt enough, nothing is rounded.
                if all(share .>= one) {
                    store(growth + o, i, g)
                } else {
                    let r = load(rate + o, i), within = share.replacing(with: T.Pack(), where: share .< T.Pack())
                    let kept = T.muladd(within, g - r, r).replacing(with: g, where: share .>= one)
                    excess = T.sumOfProducts(masked(g - kept, remaining: layout.nx &- i, T.self), one, excess)
                    store(growth + o, i, kept)
                }
                i &+= T.Pack.scalarCount
            }
            rowSums[row] = excess.sum()
            rowChanges[row] = change.value
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func share<T: Real>(_ growth: UnsafeMutablePointer<T>, _ weight: UnsafePointer<T>, _ c: UnsafePointer<T>?, factor: T,
                                      _ layout: Layout, _ rows: Range<Int>) {
        let factor = T.Pack(repeating: factor)
        for row in rows {
            let o = layout.offset(row: row)
            var i = 0
            while i < layout.nx {
                var w = factor * load(weight + o, i)
                if let c {
                    let v = load(c + o, i)
                    w *= v.replacing(with: T.Pack(), where: v .< T.Pack())
                }
                store(growth + o, i, load(growth + o, i) + w)
                i &+= T.Pack.scalarCount
            }
        }
    }

    @specialized(where T == Double)
    @specialized(where T == Float)
    public static func dotPositive<T: Real>(_ x: UnsafePointer<T>, _ y: UnsafePointer<T>, _ rowSums: UnsafeMutablePointer<Double>,
                                            _ layout: Layout, _ rows: Range<Int>) {
        for row in rows {
            let o = layout.offset(row: row)
            var sum = SIMD8<Double>(), i = 0
            while i < layout.nx {
                let v = load(y + o, i)
                let positive = masked(v.replacing(with: T.Pack(), where: v .< T.Pack()), remaining: layout.nx &- i, T.self)
                sum = T.sumOfProducts(masked(load(x + o, i), remaining: layout.nx &- i, T.self), positive, sum)
                i &+= T.Pack.scalarCount
            }
            rowSums[row] = sum.sum()
        }
    }
}
