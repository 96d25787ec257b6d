import Glibc
import Grids
import Kernels

/// What makes the cosine series of a folded axis of its complex transform, and back: twiddles, and a pass over the rows of a spectrum.
final class CosineAxis<T: FFTReal>: @unchecked Sendable {
    private let axis: FoldedAxis<T>, lines: Int

    /// - Parameters:
    ///   - other: the third axis of the spectrum, where there is one.
    ///   - rowStride: scalars from one row of the spectrum to the next.
    init(_ folded: TransformAxis, beside other: TransformAxis?, rowStride: Int) {
        let twiddles: [Double] = (0...folded.count / 2).flatMap { q in
            let angle = Double.pi * Double(q) / Double(2 * folded.count)
            return [cos(angle), -sin(angle)]
        }
        axis = FoldedAxis(count: folded.count, step: folded.spectrumStride / rowStride, otherStep: (other?.spectrumStride ?? 0) / rowStride,
                          twiddles: constant(twiddles))
        lines = axis.pairs * (other?.count ?? 1)
    }

    deinit { axis.twiddles.deallocate() }

    /// Complex transform to cosine series.
    func unfold(_ s: Field<T>, _ device: Device) {
        device.forLines(lines, cells: s.layout.cells) { device.kernels.unfold(s.cells, axis, s.layout, $0) }
    }

    /// Cosine series to complex transform.
    func fold(_ s: Field<T>, _ device: Device) {
        device.forLines(lines, cells: s.layout.cells) { device.kernels.fold(s.cells, axis, s.layout, $0) }
    }

    /// Complex transform to cosine series, times p(s) / q(s), and back.
    func filter(_ u: Field<T>, _ p: Quadratic<T>, over q: Quadratic<T>, _ s: Symbols<T>, _ device: Device) {
        device.forLines(lines, cells: u.layout.cells) { device.kernels.filter(u.cells, axis, p, q, s.x, s.rows, u.layout, $0) }
    }
}
