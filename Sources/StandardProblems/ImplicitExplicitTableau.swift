/// The coefficients of an additive Runge-Kutta pair u' = f(u) + L u, f explicit, L implicit with one diagonal coefficient.
///
/// Stage i: u_i = u + dt sum_j<i (explicit[i][j] f_j + implicit[i][j] L u_j) + dt gamma L u_i at time t + c_i dt; the step is
/// u + dt sum_j b_j (f_j + L u_j), its error estimate dt sum_j (b_j - embedded_j)(f_j + L u_j).
public struct ImplicitExplicitTableau: Sendable {
    public let name: String
    public let order: Int, embeddedOrder: Int
    public let explicit: [[Double]], implicit: [[Double]]
    public let gamma: Double
    public let b: [Double], embedded: [Double], c: [Double]
    public var stages: Int { b.count }

    /// ARK3(2)4L[2]SA of Kennedy and Carpenter, Appl. Numer. Math. 44, 139 (2003): order 3, four stages, L-stable.
    public static let ark3 = ImplicitExplicitTableau(
        name: "ARK3(2)4L[2]SA", order: 3, embeddedOrder: 2,
        explicit: [[],
                   [1767732205903 / 2027836641118],
                   [5535828885825 / 10492691773637, 788022342437 / 10882634858940],
                   [6485989280629 / 16251701735622, -4246266847089 / 9704473918619, 10755448449292 / 10357097424841]],
        implicit: [[],
                   [1767732205903 / 4055673282236],
                   [2746238789719 / 10658868560708, -640167445237 / 6845629431997],
                   [1471266399579 / 7840856788654, -4482444167858 / 7529755066697, 11266239266428 / 11593286722821]],
        gamma: 1767732205903 / 4055673282236,
        b: [1471266399579 / 7840856788654, -4482444167858 / 7529755066697, 11266239266428 / 11593286722821,
            1767732205903 / 4055673282236],
        embedded: [2756255671327 / 12835298489170, -10771552573575 / 22201958757719, 9247589265047 / 10645013368117,
                   2193209047091 / 5459859503100],
        c: [0, 1767732205903 / 2027836641118, 3 / 5, 1])

    /// ARK4(3)6L[2]SA of the same paper: order 4, six stages, L-stable.
    public static let ark4 = ImplicitExplicitTableau(
        name: "ARK4(3)6L[2]SA", order: 4, embeddedOrder: 3,
        explicit: [[],
                   [1 / 2],
                   [13861 / 62500, 6889 / 62500],
                   [-116923316275 / 2393684061468, -2731218467317 / 15368042101831, 9408046702089 / 11113171139209],
                   [-451086348788 / 2902428689909, -2682348792572 / 7519795681897, 12662868775082 / 11960479115383,
                    3355817975965 / 11060851509271],
                   [647845179188 / 3216320057751, 73281519250 / 8382639484533, 552539513391 / 3454668386233,
                    3354512671639 / 8306763924573, 4040 / 17871]],
        implicit: [[],
                   [1 / 4],
                   [8611 / 62500, -1743 / 31250],
                   [5012029 / 34652500, -654441 / 2922500, 174375 / 388108],
                   [15267082809 / 155376265600, -71443401 / 120774400, 730878875 / 902184768, 2285395 / 8070912],
                   [82889 / 524892, 0, 15625 / 83664, 69875 / 102672, -2260 / 8211]],
        gamma: 1 / 4,
        b: [82889 / 524892, 0, 15625 / 83664, 69875 / 102672, -2260 / 8211, 1 / 4],
        embedded: [4586570599 / 29645900160, 0, 178811875 / 945068544, 814220225 / 1159782912, -3700637 / 11593932, 61727 / 225920],
        c: [0, 1 / 2, 83 / 250, 31 / 50, 17 / 20, 1])

    public static let all = [ark3, ark4]
}
