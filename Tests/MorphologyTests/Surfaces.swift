import Foundation
import Morphology

/// Surfaces whose measures are known in closed form.
enum Surfaces {
    static func profile(_ distance: Double, _ l: Double) -> Double { 0.5 * (1 - tanh(distance / (2 * l))) }

    /// Mushroom-shaped fingers of different height on a film.
    static let fingers: Samples = {
        let dx = 0.2e-6, nx = 200, ny = 240, width = Double(nx) * dx
        return Samples(nx: nx, ny: ny, dx: dx) { x, y, _ in
            var d = y - 6e-6 - 1e-6 * sin(2 * .pi * 3 * x / width)
            for (cx, top, r) in [(8e-6, 30e-6, 2.4e-6), (19e-6, 20e-6, 2e-6), (31e-6, 37e-6, 3e-6)] {
                let away = abs(x - cx)
                let stem = max(away - 0.6 * r, y - top)
                let cap = ((away * away) + (y - top) * (y - top)).squareRoot() - 1.5 * r
                d = min(d, stem, cap)
            }
            return profile(d, dx)
        }
    }()
}
