import Foundation
import Testing

/// Killed at random moments, again and again, until 200 kills have come: the bits are those of the straight run.
struct SoakTests {
    @Test(.enabled(if: Program.isFull)) func twoHundredKills() throws {
        let program = try Program()
        let input = try program.input("""
            { grid: { size: ["6.4 um", "9.6 um"] }, heterogeneity: { variation: 0.5 }, noise: { amplitude: 0.3, interval: "0.2 s" }, planning: "estimate",
              control: { mode: "potentiostatic", potential: "-0.2 V" }, end: { time: "12 s" }, time: { largestStep: "20 ms" },
              output: { interval: "2 s", checkpointSteps: 5, precision: "double", fields: ["xi", "c", "phi", "live"] } }
            """)
        let arguments = ["run", input, "--threads", "1", "--quiet"]
        let straight = try program.run(arguments + ["-o", "straight"])
        try #require(straight.code == 0, "\(straight.errors)")
        var kills = 0, rounds = 0
        while kills < 200 {
            rounds += 1
            let folder = "run\(rounds)"
            while kills < 200 {
                let running = try program.start(arguments + ["-o", folder, "--resume"])
                usleep(useconds_t.random(in: 0...200_000))
                running.send([SIGKILL, SIGKILL, SIGKILL, SIGTERM, SIGUSR1, SIGINT].randomElement()!)
                let result = try running.finish()
                try #require(result.wasKilled || [0, 3].contains(result.code), "\(result.errors)")
                if result.wasKilled || result.code == 3 { kills += 1 }
                if result.code == 0 && !result.wasKilled { break }
            }
            let last = try program.run(arguments + ["-o", folder, "--resume"])
            #expect(last.code == 0, "\(last.errors)")
            try ResumeTests().expectEqual(program.path("straight"), program.path(folder))
        }
        print("\(kills) kills in \(rounds) runs")
    }
}
