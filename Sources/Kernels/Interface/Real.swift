public import CPlatform

/// A floating-point type that fields may hold, with the SIMD pack the kernels work in (512 bits; the compiler splits it on
/// narrower machines) and the elementary functions on packs.
///
/// Everything here is emitted into the calling kernel, so it is compiled for that kernel's instruction set.
public protocol Real: BinaryFloatingPoint, Codable, SIMDScalar, Sendable where SIMDMaskScalar: Sendable {
    associatedtype Pack: RealPack where Pack.Scalar == Self
    /// a b + c, fused where the instruction set has it.
    static func muladd(_ a: Pack, _ b: Pack, _ c: Pack) -> Pack
    static func squareRoot(_ x: Pack) -> Pack
    /// e^x: 1.5 ulp (Double), 1.1 ulp (Float); below exp(-708) / exp(-86.9) the result is 0, above the range infinity.
    static func exp(_ x: Pack) -> Pack
    /// x kept within -bound and bound; a NaN stays one.
    static func limited(_ x: Pack, to bound: Pack) -> Pack
    /// Natural logarithm of a positive, normal x; 2 ulp.
    static func log(_ x: Pack) -> Pack
    /// s + x y in Double, folded to eight lanes: the step of every reduction.
    static func sumOfProducts(_ x: Pack, _ y: Pack, _ s: SIMD8<Double>) -> SIMD8<Double>
    /// Packs to and from single precision, for a Float preconditioner inside a Double solve.
    static func loadSingle(_ p: UnsafePointer<Float>, _ i: Int) -> Pack
    static func storeSingle(_ p: UnsafeMutablePointer<Float>, _ i: Int, _ v: Pack)
    /// Lanes 0, 2, 4, ... and 1, 3, 5, ... of two packs in a row, and the way back: a0, b0, a1, b1, ... as two packs.
    static func evens(_ a: Pack, _ b: Pack) -> Pack
    static func odds(_ a: Pack, _ b: Pack) -> Pack
    static func interleaveLow(_ a: Pack, _ b: Pack) -> Pack
    static func interleaveHigh(_ a: Pack, _ b: Pack) -> Pack
    /// Each lane of the lower (upper) half twice: one pack of coarse cells to two of fine cells.
    static func spreadLow(_ a: Pack) -> Pack
    static func spreadHigh(_ a: Pack) -> Pack
    /// Lanes 1, 0, 3, 2, ...: real and imaginary parts exchanged.
    static func swapPairs(_ a: Pack) -> Pack
    /// Index of a lane, 0 ..< scalarCount.
    static var laneNumbers: Pack { get }
}

/// What a pack must do in one instruction. Comparisons are named here although every `SIMD` has them: in generic code the standard library's go lane by
/// lane through memory (a maximum of |x - y| took 4 ns per cell, a whole step of 512^2 cells 1.4 times as long), those of a conformance do not.
public protocol RealPack: SIMD where Scalar: Real {
    /// From and to any place, also unaligned.
    init(at p: UnsafePointer<Scalar>)
    func store(at p: UnsafeMutablePointer<Scalar>)
    static func .< (a: Self, b: Self) -> SIMDMask<MaskStorage>
    static func .<= (a: Self, b: Self) -> SIMDMask<MaskStorage>
    static func .> (a: Self, b: Self) -> SIMDMask<MaskStorage>
    static func .>= (a: Self, b: Self) -> SIMDMask<MaskStorage>
    static func .== (a: Self, b: Self) -> SIMDMask<MaskStorage>
    static func .!= (a: Self, b: Self) -> SIMDMask<MaskStorage>
    func replacing(with other: Self, where mask: SIMDMask<MaskStorage>) -> Self
    mutating func replace(with other: Self, where mask: SIMDMask<MaskStorage>)
}

extension SIMD8: RealPack where Scalar == Double {
    @_alwaysEmitIntoClient @inline(__always)
    public init(at p: UnsafePointer<Double>) { self = pf_load_d8(p) }

    @_alwaysEmitIntoClient @inline(__always)
    public func store(at p: UnsafeMutablePointer<Double>) { pf_store_d8(p, self) }
}

extension SIMD16: RealPack where Scalar == Float {
    @_alwaysEmitIntoClient @inline(__always)
    public init(at p: UnsafePointer<Float>) { self = pf_load_f16(p) }

    @_alwaysEmitIntoClient @inline(__always)
    public func store(at p: UnsafeMutablePointer<Float>) { pf_store_f16(p, self) }
}

extension Double: Real {
    public typealias Pack = SIMD8<Double>

    @_alwaysEmitIntoClient @inline(__always)
    public static func muladd(_ a: Pack, _ b: Pack, _ c: Pack) -> Pack { pf_fma_d8(a, b, c) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func limited(_ x: Pack, to bound: Pack) -> Pack {
        x.replacing(with: bound, where: x .> bound).replacing(with: -bound, where: x .< -bound)
    }

    @_alwaysEmitIntoClient @inline(__always)
    public static func squareRoot(_ x: Pack) -> Pack { pf_sqrt_d8(x) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func sumOfProducts(_ x: Pack, _ y: Pack, _ s: SIMD8<Double>) -> SIMD8<Double> { pf_fma_d8(x, y, s) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func loadSingle(_ p: UnsafePointer<Float>, _ i: Int) -> Pack {
        pf_widen_f8(pf_load_f8(p + i))
    }

    @_alwaysEmitIntoClient @inline(__always)
    public static func storeSingle(_ p: UnsafeMutablePointer<Float>, _ i: Int, _ v: Pack) {
        pf_store_f8(p + i, pf_narrow_d8(v))
    }

    @_alwaysEmitIntoClient @inline(__always)
    public static func evens(_ a: Pack, _ b: Pack) -> Pack { pf_evens_d8(a, b) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func odds(_ a: Pack, _ b: Pack) -> Pack { pf_odds_d8(a, b) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func interleaveLow(_ a: Pack, _ b: Pack) -> Pack { pf_interleave_low_d8(a, b) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func interleaveHigh(_ a: Pack, _ b: Pack) -> Pack { pf_interleave_high_d8(a, b) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func spreadLow(_ a: Pack) -> Pack { pf_spread_low_d8(a) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func spreadHigh(_ a: Pack) -> Pack { pf_spread_high_d8(a) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func swapPairs(_ a: Pack) -> Pack { pf_swap_pairs_d8(a) }

    @_alwaysEmitIntoClient @inline(__always)
    public static var laneNumbers: Pack { Pack(0, 1, 2, 3, 4, 5, 6, 7) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func exp(_ x: Pack) -> Pack {
        // x = n ln2 + r; the rounding constant 1.5 * 2^52 leaves n in the low bits of k.
        let k = pf_fma_d8(x, Pack(repeating: 1.4426950408889634), Pack(repeating: 6755399441055744.0))
        let n = k - 6755399441055744.0
        var r = pf_fma_d8(n, Pack(repeating: -0x1.62e42fee00000p-1), x)
        r = pf_fma_d8(n, Pack(repeating: -0x1.a39ef35793c76p-33), r)
        var q = Pack(repeating: 2.5100472505694996e-08)                    // (e^r - 1 - r) / r^2
        q = pf_fma_d8(q, r, Pack(repeating: 2.7620201591031547e-07))
        q = pf_fma_d8(q, r, Pack(repeating: 2.7557268276905696e-06))
        q = pf_fma_d8(q, r, Pack(repeating: 2.4801521057868204e-05))
        q = pf_fma_d8(q, r, Pack(repeating: 0.00019841269863171557))
        q = pf_fma_d8(q, r, Pack(repeating: 0.0013888888917367081))
        q = pf_fma_d8(q, r, Pack(repeating: 0.008333333333330039))
        q = pf_fma_d8(q, r, Pack(repeating: 0.041666666666623824))
        q = pf_fma_d8(q, r, Pack(repeating: 0.16666666666666669))
        q = pf_fma_d8(q, r, Pack(repeating: 0.5))
        let p = pf_fma_d8(q * r, r, r) + 1
        let half = (unsafeBitCast(k, to: SIMD8<Int64>.self) &+ SIMD8<Int64>(repeating: 1022)) &<< SIMD8<Int64>(repeating: 52)
        var y = (p * unsafeBitCast(half, to: Pack.self)) * 2               // 2^(n-1) then 2: no overflow at n = 1024
        y.replace(with: .infinity, where: x .> 709.782712893384)
        y.replace(with: 0, where: x .< -708.0)
        return y
    }

    @_alwaysEmitIntoClient @inline(__always)
    public static func log(_ x: Pack) -> Pack {
        // x = 2^e m with m in [sqrt(1/2), sqrt 2); log m = 2 artanh s, s = (m-1)/(m+1).
        typealias Bits = SIMD8<Int64>
        let bits = unsafeBitCast(x, to: Bits.self)
        let e = (bits &- Bits(repeating: 0x3fe6a09e667f3bcd)) &>> Bits(repeating: 52)
        let m = unsafeBitCast(bits &- (e &<< Bits(repeating: 52)), to: Pack.self)
        // The same rounding constant turns the small integer e into a Double without a conversion instruction.
        let n = unsafeBitCast(e &+ Bits(repeating: 0x4338000000000000), to: Pack.self) - 6755399441055744.0
        let s = (m - 1) / (m + 1), z = s * s
        var q = Pack(repeating: 2.0 / 23)
        q = pf_fma_d8(q, z, Pack(repeating: 2.0 / 21))
        q = pf_fma_d8(q, z, Pack(repeating: 2.0 / 19))
        q = pf_fma_d8(q, z, Pack(repeating: 2.0 / 17))
        q = pf_fma_d8(q, z, Pack(repeating: 2.0 / 15))
        q = pf_fma_d8(q, z, Pack(repeating: 2.0 / 13))
        q = pf_fma_d8(q, z, Pack(repeating: 2.0 / 11))
        q = pf_fma_d8(q, z, Pack(repeating: 2.0 / 9))
        q = pf_fma_d8(q, z, Pack(repeating: 2.0 / 7))
        q = pf_fma_d8(q, z, Pack(repeating: 2.0 / 5))
        q = pf_fma_d8(q, z, Pack(repeating: 2.0 / 3))
        let r = pf_fma_d8(q * z, s, s + s)
        return pf_fma_d8(n, Pack(repeating: 0x1.62e42fee00000p-1),
                         pf_fma_d8(n, Pack(repeating: 0x1.a39ef35793c76p-33), r))
    }
}

extension Float: Real {
    public typealias Pack = SIMD16<Float>

    @_alwaysEmitIntoClient @inline(__always)
    public static func muladd(_ a: Pack, _ b: Pack, _ c: Pack) -> Pack { pf_fma_f16(a, b, c) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func limited(_ x: Pack, to bound: Pack) -> Pack {
        x.replacing(with: bound, where: x .> bound).replacing(with: -bound, where: x .< -bound)
    }

    @_alwaysEmitIntoClient @inline(__always)
    public static func squareRoot(_ x: Pack) -> Pack { pf_sqrt_f16(x) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func sumOfProducts(_ x: Pack, _ y: Pack, _ s: SIMD8<Double>) -> SIMD8<Double> {
        let low = pf_fma_d8(pf_widen_low_f16(x), pf_widen_low_f16(y), s)
        return pf_fma_d8(pf_widen_high_f16(x), pf_widen_high_f16(y), low)
    }

    @_alwaysEmitIntoClient @inline(__always)
    public static func loadSingle(_ p: UnsafePointer<Float>, _ i: Int) -> Pack { load(p, i) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func storeSingle(_ p: UnsafeMutablePointer<Float>, _ i: Int, _ v: Pack) { store(p, i, v) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func evens(_ a: Pack, _ b: Pack) -> Pack { pf_evens_f16(a, b) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func odds(_ a: Pack, _ b: Pack) -> Pack { pf_odds_f16(a, b) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func interleaveLow(_ a: Pack, _ b: Pack) -> Pack { pf_interleave_low_f16(a, b) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func interleaveHigh(_ a: Pack, _ b: Pack) -> Pack { pf_interleave_high_f16(a, b) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func spreadLow(_ a: Pack) -> Pack { pf_spread_low_f16(a) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func spreadHigh(_ a: Pack) -> Pack { pf_spread_high_f16(a) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func swapPairs(_ a: Pack) -> Pack { pf_swap_pairs_f16(a) }

    @_alwaysEmitIntoClient @inline(__always)
    public static var laneNumbers: Pack { Pack(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) }

    @_alwaysEmitIntoClient @inline(__always)
    public static func exp(_ x: Pack) -> Pack {
        let k = pf_fma_f16(x, Pack(repeating: 1.44269504), Pack(repeating: 12582912))
        let n = k - 12582912
        var r = pf_fma_f16(n, Pack(repeating: -0.693359375), x)
        r = pf_fma_f16(n, Pack(repeating: 2.12194440e-4), r)
        var q = Pack(repeating: 0.0013926250831497611)
        q = pf_fma_f16(q, r, Pack(repeating: 0.008363232883682618))
        q = pf_fma_f16(q, r, Pack(repeating: 0.04166655421298415))
        q = pf_fma_f16(q, r, Pack(repeating: 0.16666576666119928))
        q = pf_fma_f16(q, r, Pack(repeating: 0.5))
        let p = pf_fma_f16(q * r, r, r) + 1
        let half = (unsafeBitCast(k, to: SIMD16<Int32>.self) &+ SIMD16<Int32>(repeating: 126)) &<< SIMD16<Int32>(repeating: 23)
        var y = (p * unsafeBitCast(half, to: Pack.self)) * 2
        y.replace(with: .infinity, where: x .> 88.72284)
        y.replace(with: 0, where: x .< -86.9)
        return y
    }

    @_alwaysEmitIntoClient @inline(__always)
    public static func log(_ x: Pack) -> Pack {
        typealias Bits = SIMD16<Int32>
        let bits = unsafeBitCast(x, to: Bits.self)
        let e = (bits &- Bits(repeating: 0x3f3504f3)) &>> Bits(repeating: 23)
        let m = unsafeBitCast(bits &- (e &<< Bits(repeating: 23)), to: Pack.self)
        let n = unsafeBitCast(e &+ Bits(repeating: 0x4b400000), to: Pack.self) - 12582912
        let s = (m - 1) / (m + 1), z = s * s
        var q = Pack(repeating: 2.0 / 9)
        q = pf_fma_f16(q, z, Pack(repeating: 2.0 / 7))
        q = pf_fma_f16(q, z, Pack(repeating: 2.0 / 5))
        q = pf_fma_f16(q, z, Pack(repeating: 2.0 / 3))
        let r = pf_fma_f16(q * z, s, s + s)
        return pf_fma_f16(n, Pack(repeating: 0.693359375), pf_fma_f16(n, Pack(repeating: -2.12194440e-4), r))
    }
}

extension Real {
    /// Sums of neighbouring lanes, those of a first: two packs of fine cells to one of coarse cells.
    @_alwaysEmitIntoClient @inline(__always)
    public static func pairSums(_ a: Pack, _ b: Pack) -> Pack { evens(a, b) + odds(a, b) }
}

@_alwaysEmitIntoClient @inline(__always)
public func load<T: Real>(_ p: UnsafePointer<T>, _ i: Int) -> T.Pack { T.Pack(at: p + i) }

@_alwaysEmitIntoClient @inline(__always)
public func load<T: Real>(_ p: UnsafeMutablePointer<T>, _ i: Int) -> T.Pack { T.Pack(at: UnsafePointer(p + i)) }

@_alwaysEmitIntoClient @inline(__always)
public func store<T: Real>(_ p: UnsafeMutablePointer<T>, _ i: Int, _ v: T.Pack) { v.store(at: p + i) }
