/// The passes of a multigrid cycle on one level, in the extensive form (conductances g = a V/dx^2, s V, residuals summed over cells), in which
/// restriction is the transpose of piecewise-constant prolongation.
///
/// Colours: cell (i, j, k) is red (0) when i + j + k is even, black (1) otherwise. A relaxed colour is overwritten from the other one, so that
/// after "red, black" from zero only red cells have a residual, and it is the sum of g u over the black neighbours. Rows are those of the grid, each
/// stored as two halves.
public protocol MultigridKernels: Sendable {
    /// u = f / d on red cells; black ones are not touched. Ghosts included.
    static func relaxRedFromZero<T: Real>(_ u: UnsafeMutablePointer<T>, _ f: UnsafePointer<T>, _ inverseDiagonal: UnsafePointer<T>,
                                          _ layout: ColourLayout, _ rows: Range<Int>)
    /// u = (f + sum over faces of g u_neighbour) / d on the cells of one colour; ghosts included.
    static func relax<T: Real>(_ u: UnsafeMutablePointer<T>, _ f: UnsafePointer<T>, _ g: FaceCoefficients<T>,
                               _ inverseDiagonal: UnsafePointer<T>, colour: Int, _ layout: ColourLayout, _ rows: Range<Int>)
    /// f_coarse = sum over the red cells of each aggregate of (sum over faces of g u_neighbour). Rows are those of the coarse level.
    static func restrictRedResidual<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ u: UnsafePointer<T>, _ g: FaceCoefficients<T>,
                                             _ coarseLayout: ColourLayout, _ fineLayout: ColourLayout, _ rows: Range<Int>)
    /// f_coarse = sum over each aggregate of f - s u - (sum over faces of g (u - u_neighbour)): the whole residual, where the start was not zero
    /// or the colouring has a seam (an odd periodic axis). Rows are those of the coarse level.
    static func restrictResidual<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ u: UnsafePointer<T>, _ f: UnsafePointer<T>,
                                          _ s: UnsafePointer<T>, _ g: FaceCoefficients<T>, _ coarseLayout: ColourLayout, _ fineLayout: ColourLayout,
                                          _ rows: Range<Int>)
    /// u += u_coarse of the parent cell, on all cells or on red ones; ghosts included. Rows are those of the fine level.
    static func prolong<T: Real>(_ u: UnsafeMutablePointer<T>, _ coarse: UnsafePointer<T>, redOnly: Bool, _ coarseLayout: ColourLayout,
                                 _ fineLayout: ColourLayout, _ rows: Range<Int>)
    /// inverseDiagonal = 1 / (s + sum of the faces' g); 0 where that sum is 0.
    static func invertDiagonal<T: Real>(_ inverseDiagonal: UnsafeMutablePointer<T>, _ s: UnsafePointer<T>, _ g: FaceCoefficients<T>,
                                        _ layout: ColourLayout, _ rows: Range<Int>)
    /// s_coarse = sum of s over each aggregate. Rows are those of the coarse level.
    static func coarsenCells<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ fine: UnsafePointer<T>, _ coarseLayout: ColourLayout,
                                      _ fineLayout: ColourLayout, _ rows: Range<Int>)
    /// g_coarse = half the sum of g over the fine faces that make up the lower coarse face across `axis` (0 x, 1 y, 2 z), or `first` and `last` times it
    /// on the axis' first and last face; 0 on an axis of one coarse cell, whose faces only join the cell to itself. Ghosts of x faces included.
    static func coarsenFaces<T: Real>(_ coarse: UnsafeMutablePointer<T>, _ fine: UnsafePointer<T>, axis: Int, first: T, last: T,
                                      _ coarseLayout: ColourLayout, _ fineLayout: ColourLayout, _ rows: Range<Int>)
}
