/// The engine's hot loops, compiled once per instruction set. A set is chosen when the program starts and handed around
/// as `any KernelSet.Type`; each requirement documents its equation, and its implementation stands in `Baseline`.
///
/// Conventions: pointers point at cell (0, 0, 0) of a field of the given `Layout`; `rows` are the row numbers j + ny k to work on, so that a
/// region can be split over threads; ghosts of inputs are filled, ghosts of outputs are not. Reductions give one sum per row into
/// `rowSums[row]`: adding them in row order gives the same bits for any number of threads.
public protocol KernelSet:
    VectorKernels,
    EllipticKernels,
    MultigridKernels,
    SpectralKernels,
    InterfaceKernels,
    ReactionKernels,
    TransportKernels,
    StandardProblemKernels,
    ElasticityKernels,
    LayerKernels
{}
