import Foundation

/// Tests/FaultInjection/faults.c, compiled once; nil where there is no C compiler.
enum FaultLibrary {
    static let path: String? = {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("FaultInjection/faults.c").path
        guard let compiler = ["cc", "clang", "gcc"].first(where: Program.isInstalled) else { return nil }
        let library = NSTemporaryDirectory() + "dendrite-faults-\(getuid()).so", fresh = library + "-\(getpid())"
        guard let result = try? Running(["-shared", "-fPIC", "-O1", "-o", fresh, source, "-ldl"], in: "/tmp", executable: compiler).finish(),
            result.code == 0,
              rename(fresh, library) == 0 else { return nil }
        return library
    }()
}
