@_exported public import KernelInterface
import CPlatform
import KernelsBaseline
#if arch(x86_64)
import KernelsAVX2
import KernelsAVX512
#endif

/// An instruction set the kernels are compiled for. Results differ in the last bits between sets (fused multiply-add), never within one.
public enum InstructionSet: String, CaseIterable, Sendable {
    case base, avx2, avx512

    /// The best set that this processor runs.
    public static let best: InstructionSet = switch pf_cpu_level() {
    case 4...: .avx512
    case 3: .avx2
    default: .base
    }

    /// Whether this processor runs the set.
    public var isAvailable: Bool {
        switch self {
        case .base: true
        case .avx2: pf_cpu_level() >= 3
        case .avx512: pf_cpu_level() >= 4
        }
    }

    /// The kernels of this set.
    public var kernels: any KernelSet.Type {
        #if arch(x86_64)
        switch self {
        case .base: return KernelsBaseline.Library.self
        case .avx2: return KernelsAVX2.Library.self
        case .avx512: return KernelsAVX512.Library.self
        }
        #else
        return KernelsBaseline.Library.self
        #endif
    }
}
