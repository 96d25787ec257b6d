import KernelInterface

/// The kernels, compiled for this target's instruction set.
public enum Library: KernelSet {}
