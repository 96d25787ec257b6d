import FoundationEssentials

/// JSON as the files of a run hold it: sorted keys, numbers that read back exactly, and words for what JSON has no number for.
package enum JSONText {
    package static func encode(_ value: some Encodable, pretty: Bool = false) throws(RunFileError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do { return Array(try encoder.encode(value)) + [0x0a] } catch { throw RunFileError(.misuse, "cannot write JSON: \(error)") }
    }

    /// Nil when the text is not that of such a value.
    package static func decode<T: Decodable>(_ type: T.Type, _ text: [UInt8]) -> T? {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try? decoder.decode(type, from: Data(text))
    }
}
