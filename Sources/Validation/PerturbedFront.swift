import Glibc

/// The linear theory of a plating front y = h e^{ikx}, h small: t+ = 1/2 and the Nernst-Einstein conductivity, so that the salt balance is
/// c_t = D lap c and the charge balance div(c grad phi) = 0 (c in units of c0). Around the front, with the speed v_n of its normal,
///
///     D c_n = v_n (s - c),  s = (1 - t+)/(V_m c0),       kappa c phi_n = v_n,  kappa in m^2/(V s),
///     v_n = v0 (c e^{-a f eta} - e^{(1-a) f eta}),       eta = phi_s - phi + gamma V_m K/(zF),
///
/// and c = 1, phi = 0 at the far side. The flat state moves at a given speed; the waves are linearised about it and advanced with it in
/// time (backward Euler on a gap of equal parts that shrinks). Nothing is taken to be steady, so the theory holds above the limiting
/// current too, until the salt is used up. Where the flat state is steady and V_m c0 small, `Cell.closedForm` is its limit.
struct PerturbedFront {
    struct Cell: Sendable {
        /// mol/m^3, m^2/s, m^3/mol, A/m^2, J/m^2
        var c0 = 10.0, diffusivity = 3.2e-10, molarVolume = 1.3e-5, exchange = 10.0, surfaceEnergy = 0.5
        let thermal = thermalFactor, transfer = 0.5

        var v0: Double { exchange * molarVolume / faraday }
        var source: Double { 0.5 / (molarVolume * c0) }
        var capillarity: Double { surfaceEnergy * molarVolume / faraday }
        var conduction: Double { 2 * thermal * diffusivity * c0 * molarVolume }

        /// Steady current density across a gap that leaves a share c of the salt at the front, A/m^2.
        func current(gap: Double, leaving c: Double) -> Double { 2 * faraday * diffusivity * c0 / gap * (1 - c) }

        /// v_n of the flat front: its parts T1 - T2 = v0 c e^{-a f eta} - v0 e^{(1-a) f eta} at a = 1/2.
        func branches(speed v: Double, c: Double) -> (cathodic: Double, anodic: Double) {
            let y = (v + (v * v + 4 * v0 * v0 * c).squareRoot()) / (2 * v0 * c)
            return (v0 * c * y, v0 / y)
        }

        /// Growth rate (1/s) of a wave on a steady front, and its Biot number: Khoo, Zhao and Bazant, J. Electrochem. Soc. 166, A2280
        /// (2019), at t+ = 1/2:
        /// omega = (v_c G - v_g k^2)/(1 + q v_c), v_c = [(1+a) T1 + (1-a) T2]/c, v_g = f (a T1 + (1-a) T2) gamma V_m/F, q = (s - c)/(D k
        /// coth kL - v), G = v (s - c)/D.
        func closedForm(k: Double, gap: Double, leaving c: Double) -> (omega: Double, biot: Double) {
            let v = current(gap: gap, leaving: c) * molarVolume / faraday, a = transfer, load = source - c
            let (t1, t2) = branches(speed: v, c: c)
            let vc = ((1 + a) * t1 + (1 - a) * t2) / c, vg = thermal * (a * t1 + (1 - a) * t2) * capillarity
            let q = load / (diffusivity * k / tanh(k * gap) - v), g = v / diffusivity * load
            return ((vc * g - vg * k * k) / (1 + q * vc), q * vc)
        }
    }

    let cell: Cell
    /// Wavenumbers, 1/m.
    let k: [Double]
    private(set) var gap: Double
    /// Flat state at the nodes j gap/n, front first.
    private(set) var c: [Double]
    /// ln of the growth of each wave since the start.
    private(set) var logarithms: [Double]
    /// c1 of each wave per amplitude.
    private var responses: [[Double]]
    private let n: Int

    /// - Parameter profile: c as a function of the distance from the front over the gap.
    init(_ cell: Cell, k: [Double], gap: Double, parts n: Int = 400, _ profile: (Double) -> Double) {
        (self.cell, self.k, self.gap, self.n) = (cell, k, gap, n)
        c = (0...n).map { profile(Double($0) / Double(n)) }
        logarithms = k.map { _ in 0 }
        responses = k.map { _ in [Double](repeating: 0, count: n + 1) }
    }

    /// One step at the front speed v, m/s.
    mutating func step(_ dt: Double, speed v: Double) {
        gap -= v * dt
        let h = gap / Double(n), d = cell.diffusivity
        // Nodes keep their share s of the gap: c_t = D c'' + v (1 - s) c'; half a part around the front takes v (s - c) from the flux.
        var system = BandedSystem(count: n, halfWidth: 1)
        for j in 0..<n {
            let w = v * (1 - Double(j) / Double(n)) / (2 * h), e = d / (h * h)
            system.right[j] = c[j] / dt
            if j == 0 {
                // A mirror node beyond the front has the slope that the front asks for.
                system[0, 0] = 1 / dt + 2 * e - 2 * v / h + 2 * w * v * h / d
                system[0, 1] = -2 * e
                system.right[0] += (-2 * v / h + 2 * w * v * h / d) * cell.source
            } else {
                system[j, j - 1] = w - e
                system[j, j] = 1 / dt + 2 * e
                if j < n - 1 { system[j, j + 1] = -w - e } else { system.right[j] += w + e }
            }
        }
        c = system.solve() + [1]
        for m in k.indices { advance(m, dt, v, h) }
    }

    /// Unknowns: the amplitude, then c1 and phi1 node by node; the wave before the step has the amplitude 1.
    private mutating func advance(_ m: Int, _ dt: Double, _ v: Double, _ h: Double) {
        let k2 = k[m] * k[m], d = cell.diffusivity, f = cell.thermal, a = cell.transfer, cs = c[0]
        let (t1, t2) = cell.branches(speed: v, c: cs)
        let byC = t1 / cs, byEta = -f * (a * t1 + (1 - a) * t2)
        let slope = v / d * (cell.source - cs), fieldSlope = v / (cell.conduction * cs)
        // c'' of the flat state at the front: from its balance there.
        let bend = 2 * ((c[1] - cs) / h - slope) / h
        var s = BandedSystem(count: 2 * n + 1, halfWidth: 4)
        // d h/dt = v_c (c1 + h c') - v_eta (phi1 + h phi' - capillarity k^2 h)
        s[0, 0] = 1 / dt - byC * slope - byEta * (-fieldSlope + cell.capillarity * k2)
        s[0, 1] = -byC
        s[0, 2] = byEta
        s.right[0] = 1 / dt
        let e = d / (h * h)
        for j in 0..<n {
            let row = 2 * j + 1, w = v * (1 - Double(j) / Double(n)) / (2 * h)
            s.right[row] = responses[m][j] / dt
            if j == 0 {
                // c1'(0) = [h_t (s - c) - v (c1 + h c')]/D - h c'', by a mirror node as for the flat state: -2 h c1'(0) (e - w).
                let mirror = 2 * h * (e - w)
                s[row, row] = 1 / dt + 2 * e + d * k2 - mirror * v / d
                s[row, row + 2] = -2 * e
                s[row, 0] = mirror * ((cell.source - cs) / (d * dt) - v * slope / d - bend)
                s.right[row] += mirror * (cell.source - cs) / (d * dt)
            } else {
                s[row, row - 2] = w - e
                s[row, row] = 1 / dt + 2 * e + d * k2
                if j < n - 1 { s[row, row + 2] = -w - e }
            }
            // div: fluxes c phi1' + c1 phi0' at the faces, phi0' = v/(kappa c); at the front h_t/kappa.
            let p = row + 1, width = j == 0 ? h / 2 : h
            func face(_ upper: Bool, _ sign: Double) {
                let i = upper ? j : j - 1, mean = 0.5 * (c[i] + c[i + 1]), field = v / (cell.conduction * mean), lower = 2 * i + 2
                if i >= 0 {
                    s[p, lower] -= sign * mean / h / width
                    s[p, lower - 1] += sign * 0.5 * field / width
                }
                if i + 1 < n {
                    s[p, lower + 2] += sign * mean / h / width
                    s[p, lower + 1] += sign * 0.5 * field / width
                }
            }
            face(true, 1)
            if j > 0 {
                face(false, -1)
            } else {
                s[p, 0] -= 1 / (cell.conduction * dt * width)
                s.right[p] -= 1 / (cell.conduction * dt * width)
            }
            s[p, p] -= k2 * c[j]
        }
        let u = s.solve()
        logarithms[m] += log(u[0])
        for j in 0..<n { responses[m][j] = u[2 * j + 1] / u[0] }
    }
}

/// A banded linear system, by elimination without pivots.
struct BandedSystem {
    var right: [Double]
    private var rows: [Double]
    private let count: Int, half: Int

    init(count: Int, halfWidth half: Int) {
        (self.count, self.half) = (count, half)
        right = [Double](repeating: 0, count: count)
        rows = [Double](repeating: 0, count: count * (2 * half + 1))
    }

    subscript(i: Int, j: Int) -> Double {
        get { rows[i * (2 * half + 1) + j - i + half] }
        set { rows[i * (2 * half + 1) + j - i + half] = newValue }
    }

    /// Destroys the matrix.
    mutating func solve() -> [Double] {
        for i in 0..<count {
            for r in i + 1..<max(i + 1, min(count, i + half + 1)) {
                let factor = self[r, i] / self[i, i]
                guard factor != 0 else { continue }
                for j in i..<min(count, i + half + 1) { self[r, j] -= factor * self[i, j] }
                right[r] -= factor * right[i]
            }
        }
        for i in stride(from: count - 1, through: 0, by: -1) {
            for j in i + 1..<max(i + 1, min(count, i + half + 1)) { right[i] -= self[i, j] * right[j] }
            right[i] /= self[i, i]
        }
        return right
    }
}
