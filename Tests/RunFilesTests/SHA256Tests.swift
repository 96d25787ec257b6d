import RunFiles
import Testing

// FIPS 180-4 examples and NIST's long-message test.
@Test("SHA-256 gives the published digests", arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
])
func digest(message: String, expected: String) {
    #expect(SHA256.hexadecimal(of: Array(message.utf8)) == expected)
}

@Test("SHA-256 does not depend on how the message is cut")
func pieces() {
    let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    for cut in 1...130 {
        var hash = SHA256()
        for start in stride(from: 0, to: message.count, by: cut) { hash.update(Array(message[start..<min(message.count, start + cut)])) }
        var whole = SHA256()
        whole.update(message)
        #expect(hash.finish() == whole.finish())
    }
}
