import Campaigns
import Glibc
import Kernels
import Parameters
import RunFiles
import Spectral

/// What a case found: figures in the order to show them.
struct Measurement {
    let name: String
    var precision = "double"
    var threads = 1
    private(set) var figures: [JSON5.Member] = []

    init(_ name: String, precision: String = "double", threads: Int = 1) {
        (self.name, self.precision, self.threads) = (name, precision, threads)
    }

    mutating func add(_ name: String, _ value: Double) { figures.append(.init(name, Measurement.short(value))) }
    mutating func add(_ name: String, _ value: Int) { figures.append(.init(name, JSON5(value))) }
    mutating func add(_ name: String, _ values: [(String, Double)]) {
        figures.append(.init(name, JSON5(.object(values.map { JSON5.Member($0.0, Measurement.short($0.1)) }))))
    }

    subscript(name: String) -> Double? { figures.first { $0.key == name }?.value.number }

    /// Four significant digits: more is noise.
    private static func short(_ x: Double) -> JSON5 {
        guard x != 0, x.isFinite else { return JSON5(x) }
        let scale = pow(10, 3 - floor(log10(abs(x))))
        return JSON5((x * scale).rounded() / scale)
    }

    var json: JSON5 {
        let head: [JSON5.Member] = [.init("case", JSON5(name)), .init("precision", JSON5(precision)), .init("threads", JSON5(threads))]
        return JSON5(.object(head + figures + [.init("machine", Measurement.machine)]))
    }

    private static var machine: JSON5 {
        var load = [0.0]
        getloadavg(&load, 1)
        return JSON5(.object([
            .init("processor", JSON5(Machine.processor)), .init("cores", JSON5(Machine.cores)),
            .init("instructionSet", JSON5(InstructionSet.best.rawValue)), .init("fftw", JSON5(Wisdom.libraryVersion)),
            .init("compiler", JSON5(Program.compiler)), .init("load", short(load[0])), .init("date", JSON5(Machine.utc)),
        ]))
    }
}

/// The readable form.
enum Table {
    private static let columns = [("pairs", 9), ("nsPerCell", 11)]

    static func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }

    static var heading: String { padded("case", 20) + padded("threads", 9) + columns.map { padded($0.0, $0.1) }.joined() + "more" }

    static func row(_ m: Measurement) -> String {
        let named = columns.map { column in padded(m[column.0].map { "\($0)" } ?? "-", column.1) }
        let rest = m.figures.filter { figure in !columns.contains { $0.0 == figure.key } }.map { figure in
            let several = figure.value.members?.map { "\($0.key) \($0.value.text(.line))" }.joined(separator: " ")
            return figure.key + " " + (several ?? figure.value.text(.line))
        }
        return padded(m.name, 20) + padded("\(m.threads)", 9) + named.joined() + rest.joined(separator: ", ")
    }
}
