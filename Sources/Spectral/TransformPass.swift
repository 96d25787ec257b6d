import Grids
import Kernels

/// An axis to transform: its length, kind, and strides in the field and the spectrum.
struct TransformAxis {
    let count: Int, kind: Boundary, fieldStride: Int, spectrumStride: Int

    /// The axes of a grid, x first. A z axis of one cell is no axis, nor is a periodic y axis of one cell.
    static func axes(of grid: Grid, _ kinds: Boundaries, _ field: Layout, _ spectrum: Layout) -> [TransformAxis] {
        var axes = [TransformAxis(count: grid.nx, kind: kinds.x, fieldStride: 1, spectrumStride: 1)]
        if grid.ny > 1 || kinds.y != .periodic {
            axes.append(TransformAxis(count: grid.ny, kind: kinds.y, fieldStride: field.rowStride, spectrumStride: spectrum.rowStride))
        }
        if grid.nz > 1 {
            axes.append(TransformAxis(count: grid.nz, kind: kinds.z, fieldStride: field.planeStride, spectrumStride: spectrum.planeStride))
        }
        return axes
    }

    /// Sine series of faces leave out face 0.
    var skipped: Int { kind == .oddFaces ? 1 : 0 }

    /// The one bounded axis, if it has a cosine series.
    static func folded(_ axes: [TransformAxis]) -> TransformAxis? {
        let bounded = axes.filter { $0.kind != .periodic }
        return bounded.count == 1 && bounded[0].kind == .neumann && bounded[0].count > 1 ? bounded[0] : nil
    }

    var forward: RealTransform {
        switch kind {
        case .periodic: .r2hc
        case .neumann: .redft10
        case .dirichlet: .rodft10
        case .neumannDirichlet: .redft11
        case .dirichletNeumann: .rodft11
        case .oddFaces: .rodft00
        }
    }

    var inverse: RealTransform {
        switch kind {
        case .periodic: .hc2r
        case .neumann: .redft01
        case .dirichlet: .rodft01
        case .neumannDirichlet, .dirichletNeumann, .oddFaces: forward
        }
    }
}

/// One FFTW plan of a transform, as a description.
struct TransformPass {
    enum Direction { case fromField, inPlace, toField }

    let operation: PlanOperation, direction: Direction
    /// Slowest axis first, as FFTW wants them.
    let axes: [PlanAxis], loops: [PlanAxis]
    /// Where the first transformed number is.
    let fieldOffset: Int, spectrumOffset: Int

    private static func strides(_ list: [TransformAxis], inverse: Bool) -> [PlanAxis] {
        list.reversed().map { a in
            // In complex numbers, which x holds side by side.
            let complex = a.spectrumStride == 1 ? 1 : a.spectrumStride / 2
            return inverse ? PlanAxis(a.count, complex, a.fieldStride) : PlanAxis(a.count, a.fieldStride, complex)
        }
    }

    /// x periodic and one axis with walls for a cosine series: r2c over the periodic axes, which puts that axis's even places first and the odd ones
    /// behind them, backwards, then a complex transform along it; `FoldedAxis` makes its cosine series of that. In 2D half of the time of FFTW's own
    /// REDFT10 and REDFT01, which take one column after the other.
    static func folded(_ axis: TransformAxis, _ axes: [TransformAxis], rowScalars: Int) -> (forward: [TransformPass], inverse: [TransformPass]) {
        let periodic = axes.filter { $0.kind == .periodic }, step = axis.spectrumStride / 2
        func rows(_ operation: PlanOperation, _ direction: Direction) -> [TransformPass] {
            let inverse = direction == .toField
            return [0, 1].map { first in
                let field = 2 * axis.fieldStride, spectrum = first == 0 ? step : -step, count = (axis.count + 1 - first) / 2
                return TransformPass(operation: operation, direction: direction, axes: strides(periodic, inverse: inverse),
                                     loops: [inverse ? PlanAxis(count, spectrum, field) : PlanAxis(count, field, spectrum)],
                                     fieldOffset: first * axis.fieldStride, spectrumOffset: first * (axis.count - 1) * axis.spectrumStride)
            }
        }
        func along(_ operation: PlanOperation) -> TransformPass {
            let loops = [PlanAxis(rowScalars / 2, 1, 1)] + periodic.dropFirst().map { PlanAxis($0.count, $0.spectrumStride / 2, $0.spectrumStride / 2) }
            return TransformPass(operation: operation, direction: .inPlace, axes: [PlanAxis(axis.count, step, step)], loops: loops, fieldOffset: 0,
                                 spectrumOffset: 0)
        }
        return (rows(.realToComplex, .fromField) + [along(.complexForward)], [along(.complexBackward)] + rows(.complexToReal, .toField))
    }

    /// x periodic: r2c over the periodic axes, then r2r in place over the bounded ones, real and imaginary parts as separate numbers.
    static func complex(_ axes: [TransformAxis], rowScalars: Int) -> (forward: [TransformPass], inverse: [TransformPass]) {
        let periodic = axes.filter { $0.kind == .periodic }, bounded = axes.filter { $0.kind != .periodic }
        var forward = [TransformPass(operation: .realToComplex, direction: .fromField, axes: strides(periodic, inverse: false),
                                     loops: strides(bounded, inverse: false), fieldOffset: 0, spectrumOffset: 0)]
        var inverse = [TransformPass(operation: .complexToReal, direction: .toField, axes: strides(periodic, inverse: true),
                                     loops: strides(bounded, inverse: true), fieldOffset: 0, spectrumOffset: 0)]
        // A sine series of one face has no interior face to transform.
        if !bounded.isEmpty && bounded.allSatisfy({ $0.count > $0.skipped }) {
            let loops = [PlanAxis(rowScalars, 1, 1)] + periodic.dropFirst().map { PlanAxis($0.count, $0.spectrumStride, $0.spectrumStride) }
            let inner = bounded.map { PlanAxis($0.count - $0.skipped, $0.spectrumStride, $0.spectrumStride) }
            let offset = bounded.reduce(0) { $0 + $1.skipped * $1.spectrumStride }
            func pass(_ kinds: [RealTransform]) -> TransformPass {
                TransformPass(operation: .realToReal(kinds), direction: .inPlace, axes: inner, loops: loops, fieldOffset: 0,
                              spectrumOffset: offset)
            }
            forward.append(pass(bounded.map(\.forward)))
            inverse.insert(pass(bounded.map(\.inverse)), at: 0)
        }
        return (forward, inverse)
    }

    /// x bounded: one r2r over all axes; other periodic axes are half-complex.
    static func real(_ axes: [TransformAxis]) -> (forward: [TransformPass], inverse: [TransformPass]) {
        guard axes.allSatisfy({ $0.count > $0.skipped }) else { return ([], []) }
        let ordered = Array(axes.reversed())
        let field = axes.reduce(0) { $0 + $1.skipped * $1.fieldStride }, spectrum = axes.reduce(0) { $0 + $1.skipped * $1.spectrumStride }
        return ([TransformPass(operation: .realToReal(ordered.map(\.forward)), direction: .fromField,
                               axes: ordered.map { PlanAxis($0.count - $0.skipped, $0.fieldStride, $0.spectrumStride) }, loops: [],
                               fieldOffset: field, spectrumOffset: spectrum)],
                [TransformPass(operation: .realToReal(ordered.map(\.inverse)), direction: .toField,
                               axes: ordered.map { PlanAxis($0.count - $0.skipped, $0.spectrumStride, $0.fieldStride) }, loops: [],
                               fieldOffset: field, spectrumOffset: spectrum)])
    }
}
