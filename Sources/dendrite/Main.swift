import Glibc

@main
struct Main {
    static func main() {
        // Output into a closed pipe (as with head) ends in an error of write, not in a signal.
        signal(SIGPIPE, SIG_IGN)
        exit(CommandLineProgram.run(CommandLine.arguments))
    }
}
