import Glibc
import Grids
import Parameters
import RunFiles

/// The numbers between two ends, in the unit that the ends are written in.
struct SweepRange {
    let from: Double, to: Double
    private let unit: Unit?
    private let spacing: SweepParameter.Spacing
    private let location: Location

    /// Nil when the ends are no numbers of the same kind.
    init?(_ from: JSON5, _ to: JSON5, _ spacing: SweepParameter.Spacing) {
        (self.spacing, location) = (spacing, from.location)
        if let a = from.number, let b = to.number {
            (self.from, self.to, unit) = (a, b, nil)
        } else {
            guard let a = from.text.flatMap({ try? Quantity(parsing: $0) }), let b = to.text.flatMap({ try? Quantity(parsing: $0) }),
                  let unit = b.unit, a.dimension == b.dimension else { return nil }
            (self.from, self.to, self.unit) = (unit.fromSI(a.value), unit.fromSI(b.value), unit)
        }
        guard self.from.isFinite, self.to.isFinite, self.from != self.to else { return nil }
    }

    /// The value at a place between 0 and 1, rounded to six digits: names and tables stay readable.
    func value(_ place: Double, isInteger: Bool) -> JSON5 {
        let exact = switch spacing {
        case .linear: from + (to - from) * place
        case .logarithmic: exp(log(from) + (log(to) - log(from)) * place)
        }
        let number = isInteger ? exact.rounded() : Double(Readable.significant(exact, 6)) ?? exact
        let whole = Int(exactly: number)
        guard let unit, unit.description != "1" else { return JSON5(whole.map { .integer($0) } ?? .number(number), at: location) }
        return JSON5(.text("\(whole.map { "\($0)" } ?? "\(number)") \(unit)"), at: location)
    }
}

/// A parameter set to a value.
struct SweepSetting: Sendable {
    let path: String
    let value: JSON5
}

extension SweepSettings {
    /// The points of the plan, each with every seed.
    /// - Parameter isInteger: whether a parameter takes whole numbers only.
    func expanded(seedPaths: [String], isInteger: (String) -> Bool) -> [[SweepSetting]] {
        let designs = designs(isInteger)
        guard !seeds.isEmpty else { return designs }
        return designs.flatMap { design in
            seeds.map { seed in design + seedPaths.map { SweepSetting(path: $0, value: JSON5(seed)) } }
        }
    }

    private func designs(_ isInteger: (String) -> Bool) -> [[SweepSetting]] {
        func settings(_ parameter: SweepParameter) -> [SweepSetting] {
            values(of: parameter, isInteger(parameter.path)).map { SweepSetting(path: parameter.path, value: $0) }
        }
        switch plan {
        case .grid:
            // The last parameter changes fastest.
            return parameters.reduce([[]]) { points, parameter in
                let values = settings(parameter)
                return points.flatMap { point in values.map { point + [$0] } }
            }
        case .zip:
            let columns = parameters.map(settings)
            return (0..<(columns.first?.count ?? 1)).map { row in columns.map { $0[row] } }
        case .list:
            return points.map { point in (point.members ?? []).map { SweepSetting(path: $0.key, value: $0.value) } }
        case .latinHypercube:
            let count = samples ?? 1
            let columns = parameters.map { parameter in
                latinHypercube(count, parameter.path).map { place in
                    if let range = parameter.range { return range.value(place, isInteger: isInteger(parameter.path)) }
                    return parameter.values[min(Int(place * Double(parameter.values.count)), parameter.values.count - 1)]
                }
            }
            return (0..<count).map { row in zip(parameters, columns).map { SweepSetting(path: $0.path, value: $1[row]) } }
        }
    }

    private func values(of parameter: SweepParameter, _ isInteger: Bool) -> [JSON5] {
        guard let range = parameter.range, let from = parameter.from, let to = parameter.to else { return parameter.values }
        let last = parameter.length - 1
        return (0...last).map { i in
            // The ends as they are written.
            i == 0 ? from : i == last ? to : range.value(Double(i) / Double(last), isInteger: isInteger)
        }
    }

    /// One place in each of `count` equal strata of (0, 1), in random order. (McKay, Beckman, Conover, Technometrics 21 (1979) 239.)
    private func latinHypercube(_ count: Int, _ path: String) -> [Double] {
        let stream = RandomStream(seed: UInt64(seed), purpose: "Latin hypercube " + path)
        var strata = Array(0..<count)
        for i in stride(from: count - 1, to: 0, by: -1) { strata.swapAt(i, min(i, Int(stream.uniform(UInt64(i)) * Double(i + 1)))) }
        return strata.enumerated().map { row, stratum in (Double(stratum) + stream.uniform(UInt64(row), 1)) / Double(count) }
    }
}
