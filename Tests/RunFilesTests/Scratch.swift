import Glibc
import Grids
import Kernels
import RunFiles

/// A folder of its own for each test, removed at the end.
final class Scratch {
    let path: String

    init() {
        var template = Array("/tmp/dendrite-tests-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
    }

    deinit { Scratch.remove(path) }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    static func remove(_ path: String) {
        chmod(path, 0o755)
        for name in (try? DiskFile.names(in: path)) ?? [] where unlink(path + "/" + name) != 0 { remove(path + "/" + name) }
        rmdir(path)
    }
}

func provenance(_ command: String = "run") -> Provenance {
    Provenance(command: ["dendrite", command], version: "1.0", compiler: "Swift 6", libraries: ["FFTW": "3.3.10"], threads: 2,
               instructionSet: "avx2", precision: "double", seed: 7, input: "a.json5", inputText: "{}")
}

/// The kind of error that `body` throws, nil when it throws none.
func kind(_ body: () throws -> Void) -> RunFileError.Kind? {
    do { try body(); return nil } catch let error as RunFileError { return error.kind } catch { return nil }
}

func message(_ body: () throws -> Void) -> String {
    do { try body(); return "" } catch { return "\(error)" }
}

/// A field of reproducible noise in all of its storage, padding included.
func noise<T: Real>(_ grid: Grid, _ purpose: String, _: T.Type = T.self) -> Field<T> {
    let field = Field<T>(grid), stream = RandomStream(seed: 3, purpose: purpose)
    for i in 0..<field.layout.storage { (field.cells - field.layout.lead)[i] = T(stream.normalPair(UInt64(i)).0) }
    return field
}

/// Every bit of a field's storage.
func bits<T: Real>(_ field: Field<T>) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: field.cells - field.layout.lead, count: field.layout.storage * MemoryLayout<T>.stride))
}
