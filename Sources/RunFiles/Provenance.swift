import FoundationEssentials
import Glibc

/// Where a result comes from (run.json): enough to make it again.
public struct Provenance: Codable, Equatable, Sendable {
    /// One continuation of the run.
    public struct Resume: Codable, Equatable, Sendable {
        public var utc: String, host: String, command: [String]
        public var step: Int
        /// Simulated, s.
        public var time: Double
        /// What was repaired or passed over.
        public var notes: [String]
    }

    public var command: [String]
    public var folder: String
    public var version: String
    /// Commit of the program's sources, nil when it was not run from a checkout.
    public var commit: String?
    /// Whether the sources differ from that commit.
    public var modified: Bool?
    public var compiler: String
    /// Name and version, as in "FFTW": "3.3.10".
    public var libraries: [String: String]
    public var host: String, processor: String, cores: Int, threads: Int
    public var instructionSet: String
    public var precision: String
    public var seed: UInt64
    public var input: String
    /// SHA-256 of input.json5.
    public var inputDigest: String
    public var started: String
    public var ended: String?
    public var resumes: [Resume]

    /// The parts that the machine knows are filled in.
    /// - Parameters:
    ///   - input: path of the input as given.
    ///   - libraries: besides HDF5.
    ///   - inputText: its content, as it goes into input.json5.
    public init(command: [String], version: String, compiler: String, libraries: [String: String], threads: Int, instructionSet: String,
                precision: String, seed: UInt64, input: String, inputText: String) {
        (self.command, self.version, self.compiler) = (command, version, compiler)
        self.libraries = libraries.merging(["HDF5": HDF5Library.version]) { given, _ in given }
        (self.threads, self.instructionSet, self.precision, self.seed) = (threads, instructionSet, precision, seed)
        self.input = input
        inputDigest = SHA256.hexadecimal(of: Array(inputText.utf8))
        (host, processor, cores) = (Machine.host, Machine.processor, Machine.cores)
        started = Machine.utc
        resumes = []
        folder = FileManager.default.currentDirectoryPath
        if let (commit, modified) = SourceRevision.ofProgram() { (self.commit, self.modified) = (commit, modified) }
    }

    /// The same as attributes of snapshots.
    public var attributes: [String: AttributeValue] {
        var values: [String: AttributeValue] = [
            "version": .text(version), "command": .text(command.joined(separator: " ")), "host": .text(host), "seed": .text("\(seed)"),
            "input_sha256": .text(inputDigest), "started": .text(started),
        ]
        if let commit { values["commit"] = .text(commit + (modified == true ? " (modified)" : "")) }
        return values
    }
}
