import Glibc

/// Numbers as people read them.
public enum Numbers {
    /// A fixed count of decimals, with a true minus sign.
    public static func fixed(_ value: Double, decimals: Int) -> String {
        let text = plain(value, "%.\(max(0, decimals))f")
        let isZero = !text.contains { $0 >= "1" && $0 <= "9" }
        return (text.hasPrefix("-") ? (isZero ? "" : "−") : "") + text.drop { $0 == "-" }
    }

    /// At most so many decimals, without zeros at the end.
    public static func trimmed(_ value: Double, decimals: Int) -> String {
        withoutZeros(fixed(value, decimals: decimals))
    }

    /// A decimal number without zeros at its end; other texts unchanged.
    static func withoutZeros(_ text: String) -> String {
        guard text.contains("."), !text.contains("×") else { return text }
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// Significant digits; very large or small values as a power of ten: 1.25×10⁻⁷.
    public static func significant(_ value: Double, _ digits: Int = 3) -> String {
        guard value.isFinite else { return value.isNaN ? "–" : (value > 0 ? "∞" : "−∞") }
        guard value != 0 else { return "0" }
        let parts = plain(value, "%.\(max(0, digits - 1))e").split(separator: "e")
        let exponent = Int(parts[1]) ?? 0
        if exponent >= -3 && exponent < 6 { return fixed(value, decimals: max(0, digits - 1 - exponent)) }
        return (value < 0 ? "−" : "") + parts[0].drop { $0 == "-" } + "×10" + superscript(exponent)
    }

    static func superscript(_ n: Int) -> String {
        let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        return (n < 0 ? "⁻" : "") + String(String(abs(n)).map { digits[Int(String($0)) ?? 0] })
    }

    /// Shortest text with at most two decimals: coordinates.
    static func short(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let whole = abs(hundredths) / 100, rest = abs(hundredths) % 100
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func plain(_ value: Double, _ format: String) -> String {
        var buffer = [CChar](repeating: 0, count: 512)
        let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, format, $0) }
        return String(decoding: buffer[..<min(Int(count), buffer.count - 1)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
