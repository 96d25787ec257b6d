import Glibc
import Grids
import Kernels

/// What makes the cosine series of a folded axis of its complex transform, and back: twiddles, and a pass over the rows of a spectrum.
final class CosineAxis<T: FFTReal>: @unchecked Sendable {
    private let axis: FoldedAxis<T>

    /// - Parameter other: the third axis of the spectrum, where there is one.
    init(_ folded: TransformAxis, beside other: TransformAxis?) {
        let n = folded.count, pairs = n / 2 + 1, twiddles = UnsafeMutablePointer<T>.allocate(capacity: 2 * pairs)
        for q in 0..<pairs {
            let angle = Double.pi * Double(q) / Double(2 * n)
            (twiddles + 2 * q).initialize(to: T(cos(angle)))
            (twiddles + 2 * q + 1).initialize(to: T(-sin(angle)))
        }
        axis = FoldedAxis(count: n, stride: folded.spectrumStride, others: other?.count ?? 1, otherStride: other?.spectrumStride ?? 0,
                          twiddles: UnsafePointer(twiddles))
    }

    deinit { axis.twiddles.deallocate() }

    /// Complex transform to cosine series.
    func unfold(_ s: Field<T>, _ device: Device) {
        device.forLines(axis.pairs * axis.others, s.layout) { device.kernels.unfold(s.cells, axis, s.layout, $0) }
    }

    /// Cosine series to complex transform.
    func fold(_ s: Field<T>, _ device: Device) {
        device.forLines(axis.pairs * axis.others, s.layout) { device.kernels.fold(s.cells, axis, s.layout, $0) }
    }
}
