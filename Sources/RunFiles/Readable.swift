import Glibc

/// Numbers for people.
public enum Readable {
    /// Three digits with a prefix, as in "12.3 um"; seconds of a minute and more stay seconds.
    public static func quantity(_ value: Double, _ unit: String) -> String {
        guard value.isFinite, value != 0 else { return "\(value == 0 ? "0" : "\(value)") \(unit)" }
        let prefixes = ["f", "p", "n", "u", "m", "", "k", "M", "G"], largest = unit == "s" ? 5 : 8
        let index = min(max(Int((Double(exponent(value, 3)) / 3).rounded(.down)) + 5, 0), largest)
        return "\(significant(value / pow(1000, Double(index - 5)), 3)) \(prefixes[index])\(unit)"
    }

    /// Rounded to so many significant digits, without an exponent in the range of ordinary numbers.
    public static func significant(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
        let exponent = exponent(value, digits)
        guard exponent > -5, exponent < 9 else { return format("%.\(digits - 1)e", value) }
        return format("%.\(max(0, digits - 1 - exponent))f", value)
    }

    public static func fixed(_ value: Double, _ decimals: Int, width: Int = 0) -> String { format("%\(width).\(decimals)f", value) }

    /// Hours, minutes, seconds, as in "1:02:03"; from two days on "2 d 3 h".
    public static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e11 else { return "-" }
        let s = Int(max(0, seconds).rounded())
        if s >= 172_800 { return "\(s / 86_400) d \(s % 86_400 / 3600) h" }
        return "\(s / 3600):\(format("%02.0f", Double(s % 3600 / 60))):\(format("%02.0f", Double(s % 60)))"
    }

    /// As in "1.25 GiB".
    public static func bytes(_ count: Int) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(count), index = 0
        while value >= 1024 && index < units.count - 1 { value /= 1024; index += 1 }
        return "\(index == 0 ? "\(count)" : significant(value, 3)) \(units[index])"
    }

    /// Power of ten of the first digit after rounding: 0 for 9.99, 1 for 9.996 to three digits.
    private static func exponent(_ value: Double, _ digits: Int) -> Int {
        let text = format("%.\(digits - 1)e", value)
        return text.split(separator: "e").last.flatMap { Int($0) } ?? 0
    }

    private static func format(_ template: String, _ value: Double) -> String {
        withVaList([value]) { arguments in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { text in
                vsnprintf(text.baseAddress!, text.count, template, arguments)
                return String(cString: text.baseAddress!)
            }
        }
    }
}
