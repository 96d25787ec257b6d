import Foundation
import Testing

/// The report as a browser shows it: every image is there and nothing is complained about.
struct ReportInBrowserTests {
    fileprivate static let browser = ["chromium", "chromium-browser", "google-chrome"].first(where: Program.isInstalled)

    @Test(.enabled(if: Program.isFull && ReportInBrowserTests.browser != nil)) func openedInChromium() throws {
        let program = try Program(), input = try program.input(Program.sweepBase())
        #expect(try program("run", input, "-o", "run", "-q").code == 0)
        let report = try program("report", "run")
        #expect(report.code == 0, "\(report.errors)")
        // A copy that says what it sees; the second one proves that the test can fail.
        let probe = """
            <script>addEventListener('load', () => {
                const images = [...document.images], broken = images.filter(i => !i.complete || i.naturalWidth == 0)
                document.body.setAttribute('data-seen', images.length + ' images, ' + broken.length + ' broken')
            })</script>
            """
        let page = try program.text("run/report.html")
        _ = try program.input(page + probe, name: "good.html")
        _ = try program.input(page + "<img src=\"data:image/png;base64,AAAA\"><script>console.error('wrong')</script>" + probe, name: "bad.html")
        let good = try open("good.html", program), bad = try open("bad.html", program)
        let images = try #require(good.seen.split(separator: " ").first.flatMap { Int($0) })
        #expect(images > 1 && good.seen == "\(images) images, 0 broken" && good.complaints.isEmpty, "\(good)")
        #expect(bad.seen == "\(images + 1) images, 1 broken" && bad.complaints.count == 1, "\(bad)")
    }

    private func open(_ name: String, _ program: Program) throws -> (seen: String, complaints: [String]) {
        let result = try program.tool([
            "timeout", "60", Self.browser ?? "", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr",
            "--v=0",
            "--user-data-dir=\(program.path("profile"))", "--virtual-time-budget=5000", "--dump-dom", "file://" + program.path(name),
        ])
        #expect(result.code == 0, "\(result.errors)")
        let seen = result.output.components(separatedBy: "data-seen=\"").last?.components(separatedBy: "\"").first ?? ""
        return (seen, result.errors.components(separatedBy: "\n").filter { $0.contains("CONSOLE") })
    }
}
