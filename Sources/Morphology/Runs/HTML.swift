/// A self-contained page: everything it shows is inside the file.
public struct HTML {
    private let title: String
    private var body = ""

    public init(title: String) { self.title = title }

    public mutating func heading(_ text: String, level: Int = 2) { body += "<h\(level)>\(HTML.escaped(text))</h\(level)>\n" }
    public mutating func paragraph(_ text: String, kind: String = "") {
        body += "<p\(kind.isEmpty ? "" : " class=\"\(kind)\"")>\(HTML.escaped(text))</p>\n"
    }

    /// - Parameter rowHeads: the first cell of each row names it.
    public mutating func table(head: [String], _ rows: [[String]], rowHeads: Bool = true) {
        guard !rows.isEmpty else { return }
        body += "<div class=\"scroll\"><table>"
        if !head.isEmpty { body += "<thead><tr>" + head.map { "<th>\(HTML.escaped($0))</th>" }.joined() + "</tr></thead>" }
        body += "<tbody>\n"
        for row in rows {
            body +=
                "<tr>"
                + row.enumerated().map { n, cell in
                    n == 0 && rowHeads ? "<th scope=\"row\">\(HTML.escaped(cell))</th>" : "<td>\(HTML.escaped(cell))</td>"
                }.joined() + "</tr>\n"
        }
        body += "</tbody></table></div>\n"
    }

    /// Large numbers with their names below.
    public mutating func cards(_ cards: [(value: String, name: String)]) {
        guard !cards.isEmpty else { return }
        body +=
            "<div class=\"cards\">" + cards.map { "<div><b>\(HTML.escaped($0.value))</b><span>\(HTML.escaped($0.name))</span></div>" }.joined()
            + "</div>\n"
    }

    public mutating func list(_ items: [String], kind: String = "") {
        guard !items.isEmpty else { return }
        body += "<ul\(kind.isEmpty ? "" : " class=\"\(kind)\"")>" + items.map { "<li>\(HTML.escaped($0))</li>" }.joined() + "</ul>\n"
    }

    public mutating func folded(_ summary: String, text: String) {
        body += "<details><summary>\(HTML.escaped(summary))</summary><pre>\(HTML.escaped(text))</pre></details>\n"
    }

    public mutating func figure(svg: String) { body += "<figure>\(svg)</figure>\n" }
    public mutating func figure(png: [UInt8], alternative: String) {
        body += "<figure class=\"wide\"><img alt=\"\(HTML.escaped(alternative))\" src=\"data:image/png;base64,\(Base64.encode(png))\"></figure>\n"
    }
    public mutating func beginFigures() { body += "<div class=\"figures\">\n" }
    public mutating func endFigures() { body += "</div>\n" }

    static func escaped(_ text: String) -> String { Drawing.escaped(text) }

    /// The finished page.
    public var text: String {
        func colours(_ dark: Bool) -> String {
            ([("ink", .ink), ("muted", .muted), ("line", .grid), ("paper", .paper), ("panel", .panel), ("link", .series(0)), ("warn", .series(1))]
                as [(String, Paint)]).map { "--\($0.0):\(Theme.colour($0.1, dark: dark).hex)" }.joined(separator: ";")
        }
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <link rel="icon" href="data:,"><title>\(HTML.escaped(title))</title>
            <style>
            :root{\(colours(false));color-scheme:light dark}
            @media(prefers-color-scheme:dark){:root{\(colours(true))}}
            body{margin:0 auto;max-width:1080px;padding:28px 20px 60px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
            h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:38px 0 10px;border-bottom:1px solid var(--line);padding-bottom:5px}
            p{margin:6px 0}.muted{color:var(--muted)}.warn{border-left:4px solid var(--warn);padding:4px 12px 4px 30px;background:var(--panel)}
            .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:10px;margin:16px 0}
            .cards div{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:10px 12px}
            .cards b{display:block;font-size:17px;font-weight:600}.cards span{color:var(--muted);font-size:13px}
            .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:16px}
            figure{margin:0;border:1px solid var(--line);border-radius:8px;overflow:hidden;display:flex;justify-content:center;background:var(--paper)}
            figure.wide{grid-column:1/-1;background:#fff}figure svg,figure img{width:100%;height:auto;max-width:100%}figure.wide img{max-height:720px;object-fit:contain}
            .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
            th,td{text-align:left;padding:4px 14px 4px 0;border-bottom:1px solid var(--line);font-weight:400;vertical-align:top}
            thead th{color:var(--muted);font-size:13px}tbody th{color:var(--muted)}
            pre{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:12px;overflow-x:auto;font-size:13px}summary{cursor:pointer;margin:8px 0}
            </style></head><body>
            \(body)</body></html>

            """
    }
}
