import CFFTW
public import Kernels

/// A precision that FFTW is installed for: Double (libfftw3) or Float (libfftw3f).
///
/// The requirements are FFTW's guru64 interface; only `Plan` calls them.
public protocol FFTReal: Real {
    static func makePlan(_ operation: PlanOperation, _ axes: [PlanAxis], _ loops: [PlanAxis], _ input: UnsafeMutablePointer<Self>,
                         _ output: UnsafeMutablePointer<Self>, threads: Int, flags: UInt32) -> OpaquePointer?
    static func execute(_ operation: PlanOperation, _ plan: OpaquePointer, _ input: UnsafeMutablePointer<Self>,
                        _ output: UnsafeMutablePointer<Self>)
    static func destroyPlan(_ plan: OpaquePointer)
    /// Wisdom of this precision as text, and its acceptance; nil and false when FFTW refuses.
    static func exportWisdom() -> String?
    static func importWisdom(_ text: String) -> Bool
    static func forgetWisdom()
}

/// What a plan does along its axes. Complex data are pairs of scalars.
public enum PlanOperation: Sendable {
    case realToComplex, complexToReal, complexForward, complexBackward
    case realToReal([RealTransform])
}

/// FFTW's real-to-real kinds.
public enum RealTransform: Sendable {
    case r2hc, hc2r, redft10, redft01, rodft10, rodft01, redft11, rodft11, rodft00

    var code: fftw_r2r_kind {
        switch self {
        case .r2hc: FFTW_R2HC
        case .hc2r: FFTW_HC2R
        case .redft10: FFTW_REDFT10
        case .redft01: FFTW_REDFT01
        case .rodft10: FFTW_RODFT10
        case .rodft01: FFTW_RODFT01
        case .redft11: FFTW_REDFT11
        case .rodft11: FFTW_RODFT11
        case .rodft00: FFTW_RODFT00
        }
    }
}

/// Length and strides of an axis or loop, in units of the input's and the output's elements (complex numbers count as one).
public struct PlanAxis: Sendable {
    public let count: Int, inputStride: Int, outputStride: Int

    public init(_ count: Int, _ inputStride: Int, _ outputStride: Int) {
        (self.count, self.inputStride, self.outputStride) = (count, inputStride, outputStride)
    }

    var dimension: fftw_iodim64 { fftw_iodim64(n: count, is: inputStride, os: outputStride) }
}

extension UnsafeMutablePointer {
    /// The same memory as complex numbers.
    var complex: UnsafeMutablePointer<(Pointee, Pointee)> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: (Pointee, Pointee).self)
    }
}

extension Double: FFTReal {
    public static func makePlan(_ operation: PlanOperation, _ axes: [PlanAxis], _ loops: [PlanAxis], _ input: UnsafeMutablePointer<Double>,
                                _ output: UnsafeMutablePointer<Double>, threads: Int, flags: UInt32) -> OpaquePointer? {
        fftw_plan_with_nthreads(Int32(threads))
        let d = axes.map(\.dimension), l = loops.map(\.dimension), rank = Int32(d.count), howMany = Int32(l.count)
        return switch operation {
        case .realToComplex: fftw_plan_guru64_dft_r2c(rank, d, howMany, l, input, output.complex, flags)
        case .complexToReal: fftw_plan_guru64_dft_c2r(rank, d, howMany, l, input.complex, output, flags)
        case .complexForward: fftw_plan_guru64_dft(rank, d, howMany, l, input.complex, output.complex, FFTW_FORWARD, flags)
        case .complexBackward: fftw_plan_guru64_dft(rank, d, howMany, l, input.complex, output.complex, FFTW_BACKWARD, flags)
        case .realToReal(let kinds): fftw_plan_guru64_r2r(rank, d, howMany, l, input, output, kinds.map(\.code), flags)
        }
    }

    public static func execute(_ operation: PlanOperation, _ plan: OpaquePointer, _ input: UnsafeMutablePointer<Double>,
                               _ output: UnsafeMutablePointer<Double>) {
        switch operation {
        case .realToComplex: fftw_execute_dft_r2c(plan, input, output.complex)
        case .complexToReal: fftw_execute_dft_c2r(plan, input.complex, output)
        case .complexForward, .complexBackward: fftw_execute_dft(plan, input.complex, output.complex)
        case .realToReal: fftw_execute_r2r(plan, input, output)
        }
    }

    public static func destroyPlan(_ plan: OpaquePointer) { fftw_destroy_plan(plan) }
    public static func exportWisdom() -> String? { adopted(fftw_export_wisdom_to_string(), fftw_free) }
    public static func importWisdom(_ text: String) -> Bool { fftw_import_wisdom_from_string(text) != 0 }
    public static func forgetWisdom() { fftw_forget_wisdom() }
}

extension Float: FFTReal {
    public static func makePlan(_ operation: PlanOperation, _ axes: [PlanAxis], _ loops: [PlanAxis], _ input: UnsafeMutablePointer<Float>,
                                _ output: UnsafeMutablePointer<Float>, threads: Int, flags: UInt32) -> OpaquePointer? {
        fftwf_plan_with_nthreads(Int32(threads))
        let d = axes.map(\.dimension), l = loops.map(\.dimension), rank = Int32(d.count), howMany = Int32(l.count)
        return switch operation {
        case .realToComplex: fftwf_plan_guru64_dft_r2c(rank, d, howMany, l, input, output.complex, flags)
        case .complexToReal: fftwf_plan_guru64_dft_c2r(rank, d, howMany, l, input.complex, output, flags)
        case .complexForward: fftwf_plan_guru64_dft(rank, d, howMany, l, input.complex, output.complex, FFTW_FORWARD, flags)
        case .complexBackward: fftwf_plan_guru64_dft(rank, d, howMany, l, input.complex, output.complex, FFTW_BACKWARD, flags)
        case .realToReal(let kinds): fftwf_plan_guru64_r2r(rank, d, howMany, l, input, output, kinds.map(\.code), flags)
        }
    }

    public static func execute(_ operation: PlanOperation, _ plan: OpaquePointer, _ input: UnsafeMutablePointer<Float>,
                               _ output: UnsafeMutablePointer<Float>) {
        switch operation {
        case .realToComplex: fftwf_execute_dft_r2c(plan, input, output.complex)
        case .complexToReal: fftwf_execute_dft_c2r(plan, input.complex, output)
        case .complexForward, .complexBackward: fftwf_execute_dft(plan, input.complex, output.complex)
        case .realToReal: fftwf_execute_r2r(plan, input, output)
        }
    }

    public static func destroyPlan(_ plan: OpaquePointer) { fftwf_destroy_plan(plan) }
    public static func exportWisdom() -> String? { adopted(fftwf_export_wisdom_to_string(), fftwf_free) }
    public static func importWisdom(_ text: String) -> Bool { fftwf_import_wisdom_from_string(text) != 0 }
    public static func forgetWisdom() { fftwf_forget_wisdom() }
}

/// The text of a C string that FFTW allocated, which is freed.
private func adopted(_ string: UnsafeMutablePointer<CChar>?, _ free: (UnsafeMutableRawPointer?) -> Void) -> String? {
    guard let string else { return nil }
    defer { free(string) }
    return String(cString: string)
}
